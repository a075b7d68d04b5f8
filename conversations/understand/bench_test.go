package understand

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// BenchmarkRead reads the ordinary messages of the three languages in turn.
func BenchmarkRead(b *testing.B) {
	m := model(b)
	type said struct {
		text  string
		scene Scene
	}
	var all []said
	for lang, lines := range ordinary {
		s := corpusScene(lang, "ana")
		for _, l := range lines {
			all = append(all, said{l, s})
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		x := &all[i%len(all)]
		m.Read(x.text, x.scene)
	}
}

var ordinary = map[string][]string{
	"es": {"listo el 2", "mueve el hito 6 al viernes 3 de abril porque el cliente no entregó accesos", "la migracion va en un 40%", "¿qué está atrasado?", "gracias crack!", "listo el 2 y mueve el 4 al 25/3"},
	"pt": {"concluímos o marco 2", "adia a migração em uma semana, faltou o acesso ao banco", "o 4 tá travado, falta liberar o firewall", "o que falta pra essa semana?"},
	"en": {"2 is done", "push the data migration back one week, client access is late", "can we move go-live to May 11?", "what's overdue?", "risk: hosting vendor has not confirmed the date"},
}

func BenchmarkLoad(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestLongTextsStayFast reads 100 kB of several kinds; of some tries the best counts, to hold on a busy machine.
func TestLongTextsStayFast(t *testing.T) {
	if testing.Short() {
		t.Skip("a measure of time: it runs without -short and the race detector")
	}
	m := model(t)
	s := corpusScene("es", "ana")
	for name, text := range map[string]string{
		"words":   strings.Repeat("mueve el hito 6 al viernes porque no hay acceso y ", 2200),
		"letters": strings.Repeat("a", 100_000),
		"unknown": strings.Repeat("xqzt wvrk plmb ", 7000),
		"numbers": strings.Repeat("1 2 3 4 5 6 7 8 9 ", 6000),
		"quotes":  strings.Repeat(`"`, 100_000),
		"commas":  strings.Repeat("listo el 2, ", 8400),
		"lines":   strings.Repeat("riesgo: algo\n", 8000),
		"marks":   strings.Repeat("\u200b\u202e", 20_000),
	} {
		best := time.Hour
		for range 5 {
			start := time.Now()
			m.Read(text, s)
			best = min(best, time.Since(start))
		}
		t.Logf("%s: %v", name, best)
		if best > 50*time.Millisecond {
			t.Errorf("%s: %v for 100 kB, want at most 50 ms", name, best)
		}
	}
}

// FuzzRead holds what every reading must: no panic, spans inside the text, the same answer twice.
func FuzzRead(f *testing.F) {
	for lang, lines := range ordinary {
		for _, l := range lines {
			f.Add(l, lang)
		}
	}
	for _, l := range []string{"", "\x00", "@", "'s", "¿", "\xff\xfe", "1", "el", "a\u200b b", "hito", "- - -", "nota en el 3:", "100%", "\"", "#", "#3", "->", "\n\n"} {
		f.Add(l, "es")
	}
	m := model(f)
	f.Fuzz(func(t *testing.T, text, lang string) {
		s := corpusScene("es", "ana")
		if lang == "pt" || lang == "en" {
			s = corpusScene(lang, "ana")
		}
		s.Open = &OpenQuestion{Asks: "milestone", Options: []string{"2 · Datos", "6 · Migración"}}
		s.Mentions = []Mention{{Person: "bruno", Start: 0, End: min(3, len(text))}}
		got := m.Read(text, s)
		for i := range got.Frames {
			fr := &got.Frames[i]
			if fr.Start < 0 || fr.End > len(text) || fr.Start > fr.End {
				t.Fatalf("span %d to %d of %d", fr.Start, fr.End, len(text))
			}
			if utf8.ValidString(text) && !utf8.ValidString(fr.Slots.Text+fr.Slots.Reason+fr.Slots.Name) {
				t.Fatalf("a slot cuts a letter: %q %q %q", fr.Slots.Text, fr.Slots.Reason, fr.Slots.Name)
			}
		}
		if again := m.Read(text, s); brief(&again) != brief(&got) {
			t.Fatalf("read twice: %s and %s", brief(&got), brief(&again))
		}
	})
}
