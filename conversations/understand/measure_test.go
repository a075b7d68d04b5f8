package understand

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"testing"
)

// matches compares a claim with an expectation; "?" matches any change of the kind.
func matches(want, got string) bool {
	switch {
	case want == "?":
		return true
	case strings.HasPrefix(want, "?depend"):
		return strings.Contains(got, "depend")
	}
	w, g := strings.SplitN(want, " ", 2), strings.SplitN(got, " ", 2)
	if kinds := map[string]string{"risks": "risk", "issues": "issue", "decisions": "decision", "changes": "scope_change", "actions": "action"}; kinds[w[0]] != "" {
		w[0] = kinds[w[0]]
	}
	if w[0] != g[0] {
		return false
	}
	if len(w) < 2 || len(g) < 2 {
		return len(w) < 2
	}
	i := strings.Index(w[1], "~")
	if i < 0 {
		w[1] = strings.TrimSpace(w[1])
		return g[1] == w[1] || strings.HasPrefix(g[1], w[1]+" ")
	}
	fixed := strings.TrimSpace(w[1][:i])
	pattern := strings.TrimSuffix(w[1][i+1:], "$")
	re, err := regexp.Compile("(?is)" + strings.TrimPrefix(pattern, "^"))
	return err == nil && strings.HasPrefix(g[1], fixed) && re.MatchString(g[1])
}

// verdict is right, kept or wrong, as the corpora's own measure has it.
func verdict(want, got []string) string {
	if len(want) == 0 {
		if len(got) == 0 {
			return "right"
		}
		return "wrong"
	}
	if len(got) == 0 {
		return "kept"
	}
	used := make([]bool, len(got))
	for _, w := range want {
		found := false
		for i, g := range got {
			if !used[i] && matches(w, g) {
				used[i], found = true, true
				break
			}
		}
		if !found {
			return "wrong"
		}
	}
	return "right"
}

func TestTrainingCorpora(t *testing.T) {
	m := model(t)
	for _, lang := range languages {
		cases := loadCorpus(t, "../corpus/"+lang+"-train.jsonl")
		count := map[string]int{}
		acts, actsRight := 0, 0
		confusion := map[string]int{}
		for i := range cases {
			c := &cases[i]
			if c.Raw || c.At != "" {
				continue
			}
			w := newWorld(lang)
			var open *OpenQuestion
			for _, line := range c.Before {
				by, text, ok := strings.Cut(line, ": ")
				if !ok || strings.ContainsAny(by, " @") {
					continue
				}
				text = strings.TrimPrefix(text, "@timonel ")
				_, got := w.say(m, by, text, nil)
				open = openAfter(by, c.By, &got)
			}
			claims, got := w.say(m, c.By, c.Say, open)
			if open != nil && got.Answer != nil && got.Answer.Alone {
				continue // the dialogue is measured end to end
			}
			want := expected(c)
			v := verdict(want, claims)
			count[v]++
			if len(want) > 0 {
				acts++
				if v == "right" {
					actsRight++
				}
			}
			if v != "right" {
				confusion[fmt.Sprintf("%s: want %s got %s", v, kindsOf(want), kindsOf(claims))]++
				if *verbose {
					t.Logf("%s %s [%s] %q want %v got %v read %s", v, c.ID, c.By, c.Say, want, claims, brief(&got))
				}
			}
		}
		n := count["right"] + count["kept"] + count["wrong"]
		t.Logf("%s: right %d/%d, of those that change something %d/%d (%.1f%%), kept %d, wrong %d (%.2f%%)", lang, count["right"], n, actsRight, acts, 100*float64(actsRight)/float64(max(acts, 1)), count["kept"], count["wrong"], 100*float64(count["wrong"])/float64(max(n, 1)))
		if n > 0 && (100*actsRight < 95*acts || 1000*count["wrong"] > 25*n) {
			t.Errorf("%s: %d of %d changes right and %d of %d wrong: below what was reached", lang, actsRight, acts, count["wrong"], n)
		}
		logTable(t, confusion)
	}
}

func logTable(t *testing.T, table map[string]int) {
	keys := make([]string, 0, len(table))
	for k := range table {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if table[keys[i]] != table[keys[j]] {
			return table[keys[i]] > table[keys[j]]
		}
		return keys[i] < keys[j]
	})
	for _, k := range keys {
		t.Logf("    %3d %s", table[k], k)
	}
}

// openAfter is the question that the bot would have asked: here only for what was missing.
func openAfter(by, next string, got *Reading) *OpenQuestion {
	if by != next {
		return nil
	}
	for i := range got.Frames {
		fr := &got.Frames[i]
		if fr.Intent.Changes() && fr.Stance.Acts() && len(fr.Missing) > 0 {
			return &OpenQuestion{Asks: fr.Missing[0]}
		}
		if fr.Intent == Reject && fr.Slots.Reason == "" || fr.Intent == Block && fr.Slots.Reason == "" {
			return &OpenQuestion{Asks: "reason"}
		}
	}
	return nil
}

func kindsOf(claims []string) string {
	var out []string
	for _, c := range claims {
		out = append(out, strings.SplitN(c, " ", 2)[0])
	}
	return "[" + strings.Join(out, " ") + "]"
}

func brief(got *Reading) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", got.Language)
	for i := range got.Frames {
		fr := &got.Frames[i]
		fmt.Fprintf(&b, " {%s %s %.2f", fr.Intent, fr.Stance, fr.Confidence)
		for _, r := range fr.Slots.Milestones {
			fmt.Fprintf(&b, " ms:%s%v", r.Key, r.Candidates)
		}
		if d := fr.Slots.Date; d != nil {
			fmt.Fprintf(&b, " on:%s", d.Date)
		}
		if s := fr.Slots.Shift; s != nil {
			fmt.Fprintf(&b, " by:%d%s", s.N, s.Unit)
		}
		if fr.Slots.Person != "" {
			fmt.Fprintf(&b, " who:%s", fr.Slots.Person)
		}
		if fr.Slots.Percent >= 0 {
			fmt.Fprintf(&b, " %d%%", fr.Slots.Percent)
		}
		if fr.Slots.Name != "" {
			fmt.Fprintf(&b, " name:%q", fr.Slots.Name)
		}
		if len(fr.Missing)+len(fr.Ambiguous) > 0 {
			fmt.Fprintf(&b, " miss%v amb%v", fr.Missing, fr.Ambiguous)
		}
		b.WriteString("}")
	}
	if len(got.Unread) > 0 {
		fmt.Fprintf(&b, " unread%q", got.Unread)
	}
	return b.String()
}
