package markup

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParts(t *testing.T) {
	at := time.Unix(1700000000, 0)
	s := "a " + Bold("b "+Mention("U1", "Ana")) + " c" + Moment(at, "then") + "\n" + string(boldOn) + "open"
	want := []Part{
		{Text: "a "}, {Text: "b ", Bold: true}, {Text: "Ana", User: "U1", Bold: true}, {Text: " c"},
		{Text: "then", Moment: true, Unix: 1700000000}, {Text: "\n"}, {Text: "open", Bold: true},
	}
	got := Parts(s)
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("part %d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}

// TestPartsReadAsPlain holds Parts against Plain on any text, marks out of place included.
func TestPartsReadAsPlain(t *testing.T) {
	alphabet := []rune{'a', ' ', '\n', boldOn, boldOff, mentionOn, mentionOff, momentOn, momentOff, sep, '7', '😀'}
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.SampledFrom(alphabet)).Draw(t, "text"))
		read := ""
		for _, p := range Parts(s) {
			read += p.Text
		}
		if want := Plain(s); read != want {
			t.Fatalf("%q reads %q, want %q", s, read, want)
		}
	})
}
