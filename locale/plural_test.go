package locale

import "testing"

// TestOneAndSeveral reads what is said of one milestone and of several: verb, article and pronoun follow the number.
func TestOneAndSeveral(t *testing.T) {
	for _, c := range []struct{ lang, key, one, several string }{
		{"es", "remark.open_before", "Ojo: A sigue abierto, y este dependía de eso.", "Ojo: A y B siguen abiertos, y este dependía de ellos."},
		{"pt", "remark.open_before", "Atenção: A continua aberto, e este dependia disso.", "Atenção: A e B continuam abertos, e este dependia deles."},
		{"en", "remark.open_before", "Note: A is still open, and this one depended on it.", "Note: A and B are still open, and this one depended on them."},
		{"es", "refused.behind_gate", "No cierro M: antes tiene que cerrarse A.", "No cierro M: antes tienen que cerrarse A y B."},
		{"pt", "refused.behind_gate", "Não fecho M: antes precisa ser fechado A.", "Não fecho M: antes precisam ser fechados A e B."},
		{"en", "refused.behind_gate", "I do not close M: A has to close first.", "I do not close M: A and B have to close first."},
		{"es", "health_why.gate_overdue", "está atrasado el hito de control A", "están atrasados los hitos de control A y B"},
		{"pt", "health_why.gate_overdue", "o marco de controle A está atrasado", "os marcos de controle A e B estão atrasados"},
		{"en", "health_why.gate_overdue", "gate A is overdue", "gates A and B are overdue"},
		{"es", "reply.moved_along", "Con él se mueve: A.", "Con él se mueven: A y B."},
		{"pt", "what_if.moves", "também mudaria A.", "também mudariam A e B."},
		{"en", "what_if.moves", "this would move: A.", "these would move: A and B."},
	} {
		p := For(c.lang)
		for _, names := range [][]string{{"A"}, {"A", "B"}} {
			list := p.Join(names)
			got := p.Text(c.key, Args{"milestone": "M", "milestones": list, "list": list, "n": len(names)})
			if want := map[int]string{1: c.one, 2: c.several}[len(names)]; got != want {
				t.Errorf("%s %s of %d: %q, want %q", c.lang, c.key, len(names), got, want)
			}
		}
	}
}
