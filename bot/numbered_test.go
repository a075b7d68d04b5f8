package bot

import "testing"

func TestShown(t *testing.T) {
	buttons := []Option{{Label: "Sí", Action: "yes"}, {Label: "No", Action: "no"}}
	poll := &Poll{Question: "¿Cuándo?", Options: []string{"jue 10:00", "vie 15:00"}, Actions: []string{"slot:0", "slot:1"}}
	for _, c := range []struct {
		name    string
		out     Outgoing
		caps    Capabilities
		text    string
		options int
		poll    bool
	}{
		{"plain", Outgoing{Text: "hola"}, Capabilities{}, "hola", 0, false},
		{"buttons stay", Outgoing{Text: "¿seguro?", Options: buttons}, Capabilities{Buttons: true}, "¿seguro?", 2, false},
		{"buttons in words", Outgoing{Text: "¿seguro?", Options: buttons}, Capabilities{}, "¿seguro?\n1. Sí\n2. No", 0, false},
		{"poll stays", Outgoing{Text: "Comité", Poll: poll}, Capabilities{Polls: true}, "Comité", 0, true},
		{"poll as buttons", Outgoing{Text: "Comité", Poll: poll}, Capabilities{Buttons: true}, "Comité\n¿Cuándo?", 2, false},
		{"poll in words", Outgoing{Text: "Comité", Poll: poll}, Capabilities{}, "Comité\n¿Cuándo?\n1. jue 10:00\n2. vie 15:00", 0, false},
		{"both in words", Outgoing{Text: "Comité", Options: buttons, Poll: poll}, Capabilities{}, "Comité\n1. Sí\n2. No\n¿Cuándo?\n3. jue 10:00\n4. vie 15:00", 0, false},
		{"a poll whose options are buttons too, as buttons", Outgoing{Text: "Comité", Options: Choices(Outgoing{Poll: poll}), Poll: poll}, Capabilities{Buttons: true}, "Comité", 2, false},
		{"a poll whose options are buttons too, in words", Outgoing{Text: "Comité", Options: Choices(Outgoing{Poll: poll}), Poll: poll}, Capabilities{}, "Comité\n1. jue 10:00\n2. vie 15:00", 0, false},
		{"buttons are the poll", Outgoing{Text: "Comité", Options: Choices(Outgoing{Poll: poll}), Poll: poll}, Capabilities{Buttons: true, Polls: true}, "Comité", 2, false},
		{"poll alone", Outgoing{Poll: poll}, Capabilities{}, "¿Cuándo?\n1. jue 10:00\n2. vie 15:00", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Shown(c.out, c.caps)
			if got.Text != c.text || len(got.Options) != c.options || (got.Poll != nil) != c.poll {
				t.Errorf("got %q, %d options, poll %v", got.Text, len(got.Options), got.Poll != nil)
			}
		})
	}
}

func TestPick(t *testing.T) {
	choices := []Option{{Label: "✅ Aceptar", Action: "accept"}, {Label: "Rechazar", Action: "reject"}, {Label: "12", Action: "twelve"}}
	for named, want := range map[string]string{
		"1": "accept", "2.": "reject", "3)": "twelve", "12": "twelve", "aceptar": "accept", "✅ Aceptar": "accept",
		"RECHAZAR": "reject", "reject": "reject", "4": "", "0": "", "": "", "✅": "", "otra": "",
	} {
		got, ok := Pick(choices, named)
		if got.Action != want || ok != (want != "") {
			t.Errorf("%q picks %q, want %q", named, got.Action, want)
		}
	}
}
