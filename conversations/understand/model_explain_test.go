package understand

import "testing"

// TestExplain holds that what is shown of a reading is the reading that acts, and that what would have tipped it is enough to.
func TestExplain(t *testing.T) {
	m := model(t)
	for say, want := range map[string]Intent{
		"listo el 2": Done, "mueve el 6 al viernes 3 de abril": Move, "Dana toma la posta con los KPI": Assign, "gracias crack!": None,
	} {
		s := corpusScene("es", "ana")
		got, w := m.Explain(say, s)
		if again := m.Read(say, s); brief(&again) != brief(&got) {
			t.Errorf("%q: read %s, explained %s", say, brief(&again), brief(&got))
		}
		if w == nil || w.Candidates[0].Intent != want {
			t.Fatalf("%q: weighed %+v, want %q first", say, w, want)
		}
		if acts := want != None; acts != (w.Chance >= ActAt) || acts && (w.Intent != want || len(w.For) == 0) {
			t.Errorf("%q: %+v", say, w)
		}
		moved := 0.0
		for _, f := range w.Tip {
			moved += f.Weight
		}
		if len(w.Tip) > 0 && (moved > 0) != (w.Chance >= ActAt) {
			t.Errorf("%q: what would have tipped it pulls the wrong way: %+v", say, w.Tip)
		}
	}
}
