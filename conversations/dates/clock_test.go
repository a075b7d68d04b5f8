package dates

import (
	"fmt"
	"strings"
	"testing"
)

func TestFindTime(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"es", "convoca comité para el jueves a las 10", "10:00"},
		{"es", "el viernes a las 9 de la mañana", "09:00"},
		{"es", "a las 3", "03:00?"},
		{"es", "a las 3 de la tarde", "15:00"},
		{"es", "a las 3 y media", "03:30?"},
		{"es", "a las diez", "10:00"},
		{"es", "a las 10:30", "10:30"},
		{"es", "15:00", "15:00"},
		{"es", "15.30 hs", "15:30"},
		{"es", "a las 15.30", "15:30"},
		{"es", "tipo 10", "10:00"},
		{"es", "10hs", "10:00"},
		{"es", "al mediodía", "12:00"},
		{"es", "10 am", "10:00"},
		{"es", "3 p.m.", "15:00"},
		{"es", "12 am", "00:00"},
		{"es", "resumen los lunes a las 9", "09:00"},
		{"es", "entre las 10:00 y las 11:00", "10:00 11:00"},
		{"es", "va en 40%", ""},
		{"es", "el 15/3", ""},
		{"es", "versión 10.30", ""},
		{"es", "en 48 hs", ""},
		{"es", "hito 3", ""},
		{"pt", "quinta às 10h", "10:00"},
		{"pt", "na sexta 9h30", "09:30"},
		{"pt", "às 15", "15:00"},
		{"pt", "muda o resumo semanal pra quinta às 17h30", "17:30"},
		{"pt", "às 3 da tarde", "15:00"},
		{"pt", "ao meio-dia", "12:00"},
		{"pt", "as 3 etapas", ""},
		{"pt", "às dez e meia", "10:30"},
		{"en", "Thursday at 10", "10:00"},
		{"en", "3pm", "15:00"},
		{"en", "at 3", "03:00?"},
		{"en", "schedule a call tmrw 4pm", "16:00"},
		{"en", "Friday at 9:30 to talk", "09:30"},
		{"en", "11 am", "11:00"},
		{"en", "half past ten", "10:30"},
		{"en", "quarter to 3 pm", "14:45"},
		{"en", "noon", "12:00"},
		{"en", "ten o'clock", ""},
		{"en", "10 o'clock", "10:00"},
		{"en", "at 60%", ""},
		{"en", "at 5 sites", ""},
		{"en", "by 5 March", ""},
		{"en", "25:00", ""},
	} {
		var got []string
		for _, k := range FindTime(c.text, Options{Lang: c.lang}) {
			s := fmt.Sprintf("%02d:%02d", k.Hour, k.Minute)
			if k.Vague {
				s += "?"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s %q: got %q, want %q", c.lang, c.text, s, c.want)
		}
	}
}
