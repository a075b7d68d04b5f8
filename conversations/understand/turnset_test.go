package understand

import "testing"

// TestTurnSetFindsWhatItsExpressionsMatch holds the search by needed words against running every expression.
func TestTurnSetFindsWhatItsExpressionsMatch(t *testing.T) {
	list := []string{`(en cuanto|apenas|cuando)`, `(dice|dicen|dijo)( @p)? que`, `no (se|sabemos)`, `[.,] (no|mentira)`, `(tenia|habia) que \w+(ar|er)`, `si (@p|el|la) `}
	set, err := newTurnSet(list)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"en cuanto llegue": 1, "apenas @n": 1, "dicen que si": 1, "dijo @p que @m esta": 1, "no se": 1, "nose": 0, "listo @m , mentira": 1,
		"habia que cerrar": 1, "si el cliente": 1, "casi el": 0, "encuanto": 0, "": 0, "cuando cuando": 2, "no , no se": 2,
	} {
		n := 0
		set.find(text, func(from, to int) {
			n++
			if from < 0 || to > len(text) || from >= to {
				t.Errorf("%q: span %d to %d", text, from, to)
			}
		})
		if n != want {
			t.Errorf("%q: %d turns, want %d", text, n, want)
		}
	}
	for _, lang := range languages {
		table, err := loadMoods(lang)
		if err != nil {
			t.Fatal(err)
		}
		for k, p := range table.patterns {
			if len(p.list) > 16*64 {
				t.Errorf("%s %s: %d expressions are more than can be marked", lang, moodNames[k], len(p.list))
			}
		}
	}
}
