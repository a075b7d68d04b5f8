package bot

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// However long a message is, what is stored of it has a bound, is readable, and its mentions lie within it.
func TestAMessageHasABound(t *testing.T) {
	inbox := &memoryInbox{}
	in := event("a", "1")
	in.Text = strings.Repeat("ñ¡a", 100_000)
	in.Mentions = []MentionSpan{{User: "U1", Start: 0, End: 4}, {User: "U2", Start: 399_990, End: 399_995}}
	in.Files = make([]File, 500)
	if err := NewIntake(everything{}, inbox, nil).Receive(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	got, _, err := inbox.OldestIncoming(t.Context(), in.Platform, in.Room)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Text) > maxText || len(got.Text) < maxText-4 || !utf8.ValidString(got.Text) || len(got.Files) != maxFiles {
		t.Errorf("%d bytes, %d files", len(got.Text), len(got.Files))
	}
	if len(got.Mentions) != 1 || got.Mentions[0].User != "U1" {
		t.Errorf("mentions %v", got.Mentions)
	}
}
