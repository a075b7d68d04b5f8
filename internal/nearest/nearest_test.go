package nearest

import "testing"

func TestOf(t *testing.T) {
	fields := []string{"depends_on", "due", "gate", "signoff", "stage", "side"}
	for word, want := range map[string]string{
		"depend_on": "depends_on", "depends-on": "depends_on", "singoff": "signoff", "gates": "gate", "gaet": "gate",
		"stgae": "stage", "colour": "", "x": "", "": "", "Gate": "gate",
	} {
		if got := Of(word, fields); got != want {
			t.Errorf("Of(%q) = %q, want %q", word, got, want)
		}
	}
}
