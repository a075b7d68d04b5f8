package slack

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"timonel/internal/markup"
)

func inMrkdwn(s string) string {
	var out []string
	for _, l := range lines(s) {
		out = append(out, mrkdwn(l))
	}
	return strings.Join(out, "\n")
}

func TestText(t *testing.T) {
	at := time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)
	for _, c := range []struct{ name, in, want string }{
		{"plain", "listo el 3", "listo el 3"},
		{"escaped", "1 < 2 & 3 > 2 <!channel>", "1 &lt; 2 &amp; 3 &gt; 2 &lt;!channel&gt;"},
		{"bold", markup.Bold("Salud") + ": verde", "*Salud*: verde"},
		{"bold with spaces", "a" + markup.Bold(" b ") + "c", "a *b* c"},
		{"bold in a word", "a" + markup.Bold("b"), "a\u200b*b*"},
		{"bold over lines", markup.Bold("a\nb"), "*a*\n*b*"},
		{"empty bold", "a" + markup.Bold("") + "b", "ab"},
		{"asterisks of others", "el *nuevo* plan 2*3", "el ∗nuevo* plan 2*3"},
		{"underscores", "_x_ and snake_case_name", "ˍx_ and snake_case_name"},
		{"code", "`rm`", "ˋrmˋ"},
		{"asterisk inside bold", markup.Bold("a*b"), "*a∗b*"},
		{"quotation", "> cited", "\u200b&gt; cited"},
		{"mention", markup.Mention("U123ABC", "Ana"), "<@U123ABC>"},
		{"mention of nobody", markup.Mention("nobody", "Ana <b>"), "Ana &lt;b&gt;"},
		{"mention that is an attack", markup.Mention("U1> <!channel", "x"), "x"},
		{"bold mention", markup.Bold("hi " + markup.Mention("U123", "Ana")), "*hi <@U123>*"},
		{"moment", markup.Moment(at, "jueves 10:00"), "<!date^1773327600^{date_short_pretty} {time}|jueves 10:00>"},
		{"moment with signs", markup.Moment(at, "a|b>c"), "<!date^1773327600^{date_short_pretty} {time}|a/b&gt;c>"},
		{"control characters", "a\x00b\tc\x1b[1m", "ab c[1m"},
		{"bad bytes", "a\xffb", "ab"},
	} {
		if got := inMrkdwn(c.in); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// texts draws texts of all that has ever gone wrong.
var texts = rapid.Custom(func(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
		"palabra", " ", "\n", "<", ">", "&", "*", "_", "~", "`", "😀", "👩‍👩‍👧‍👦", "🇨🇴", "é", "e\u0301", "<!channel>", "&amp;", "<@U123>", "http://x.y",
		"\x00", "1", strings.Repeat("x", 500), strings.Repeat("&", 300), "ñ", "日本",
	}), 0, 80).Draw(t, "pieces"), "")
})

var ping = regexp.MustCompile(`<[@!#]|<http|<mailto`)

// TestNobodyCanPing holds that text which people wrote never becomes Slack's own.
func TestNobodyCanPing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := texts.Draw(t, "text")
		if got := inMrkdwn(markup.Strip(s)); strings.ContainsAny(got, "<>") || ping.MatchString(got) {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

// TestWrapKeepsEverything holds that wrapped lines fit, are valid, and lose nothing.
func TestWrapKeepsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := texts.Draw(t, "text")
		if rapid.Bool().Draw(t, "bold") {
			s = markup.Bold(s)
		}
		for _, l := range lines(s) {
			read, again := "", ""
			for _, p := range l {
				read += p.Text
			}
			for _, w := range wrap(l, 200) {
				if n := size(mrkdwn(w)); n > 200 {
					t.Fatalf("a line of %d units", n)
				}
				for _, p := range w {
					again += p.Text
				}
			}
			if read != again {
				t.Fatalf("%q became %q", read, again)
			}
		}
	})
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"short", 75, "short"},
		{"una frase larga", 10, "una frase…"},
		{"😀😀😀", 4, "😀…"},
		{"ab👩‍👩‍👧‍👦", 6, "ab…"},
		{"e\u0301e\u0301e\u0301", 4, "e\u0301…"},
		{"🇨🇴🇧🇷", 6, "🇨🇴…"},
	} {
		if got := shorten(c.in, c.limit); got != c.want {
			t.Errorf("%q to %d: got %q, want %q", c.in, c.limit, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s, limit := texts.Draw(t, "text"), rapid.IntRange(3, 100).Draw(t, "limit")
		if got := shorten(s, limit); size(got) > limit || !utf8.ValidString(got) {
			t.Fatalf("%q to %d: %q", s, limit, got)
		}
	})
}
