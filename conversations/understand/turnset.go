package understand

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// turnSet searches many expressions at once. Most messages hold none of the words that an expression needs, so those words
// are looked for first, in one pass over the text, and only the expressions whose words are there are run.
type turnSet struct {
	list   []func() *regexp.Regexp // compiled when first needed
	also   [][][]string            // for each of them sets of texts of which every match holds at least one
	always []int                   // expressions that need no word in particular
	long   map[uint32][]need       // by the first four bytes
	short  map[uint16][]need       // of needs of two and three bytes, by the first two
	pairs  [64]uint64              // which needs can begin with two bytes, as a mark of their sum
}

// need is a stretch of text without which an expression cannot match, or, of = literal, which is the whole of it.
type need struct {
	text string
	of   int
}

const literal = -1

// alternatives cuts "(a|b c|d) e" into "(?:a) e", "(?:b c) e" and "(?:d) e", so that each is looked for by its own words.
func alternatives(p string) []string {
	if !strings.HasPrefix(p, "(") || strings.HasPrefix(p, "(?") || strings.HasPrefix(p, "(^") {
		return []string{p}
	}
	end := closing(p)
	if end < 0 {
		return []string{p}
	}
	rest := p[end+1:]
	if rest != "" && strings.ContainsRune("?*+{", rune(rest[0])) {
		return []string{p}
	}
	var out []string
	for _, a := range splitTop(p[1:end]) {
		if rest == "" {
			out = append(out, a)
			continue
		}
		out = append(out, "(?:"+a+")"+rest)
	}
	return out
}

// closing is the place of the parenthesis that closes the first one, or -1.
func closing(p string) int {
	depth := 0
	for i := 0; i < len(p); i++ {
		switch p[i] {
		case '\\':
			i++
		case '[':
			if k := strings.IndexByte(p[i:], ']'); k > 0 {
				i += k
			}
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// splitTop cuts at the bars that stand in no parentheses.
func splitTop(s string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			if k := strings.IndexByte(s[i:], ']'); k > 0 {
				i += k
			}
		case '(':
			depth++
		case ')':
			depth--
		case '|':
			if depth == 0 {
				out = append(out, s[start:i])
				start = i + 1
			}
		}
	}
	return append(out, s[start:])
}

// isPlain reports whether an expression is only words.
func isPlain(p string) bool {
	if len(p) < 2 {
		return false
	}
	for i := 0; i < len(p); i++ {
		if c := p[i]; !(c >= 'a' && c <= 'z' || c == ' ' || c >= '0' && c <= '9') {
			return false
		}
	}
	return p[0] != ' '
}

// newTurnSet compiles the expressions; each matches whole words only.
func newTurnSet(list []string) (*turnSet, error) {
	t := &turnSet{long: map[uint32][]need{}, short: map[uint16][]need{}}
	var parts []string
	for _, p := range list {
		parts = append(parts, alternatives(strings.TrimRight(p, " "))...) // a word ends with every expression
	}
	for _, p := range parts {
		if isPlain(p) {
			t.index(literal, []string{p})
			continue
		}
		i := len(t.list)
		full := "(?:(?:^| )(?:" + p + "))(?:$| )"
		if strings.HasPrefix(p, "^") || strings.HasPrefix(p, "(^") || strings.HasPrefix(p, "[") {
			full = "(?:" + p + ")(?:$| )"
		}
		tree, err := syntax.Parse(full, syntax.Perl)
		if err != nil {
			return nil, err
		}
		t.list = append(t.list, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(full) }))
		tree = tree.Simplify()
		t.index(i, required(tree))
		t.also = append(t.also, requiredEach(tree, nil))
	}
	return t, nil
}

// requiredEach collects, part by part, texts of which every match holds at least one.
func requiredEach(re *syntax.Regexp, into [][]string) [][]string {
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return requiredEach(re.Sub[0], into)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			into = requiredEach(sub, into)
		}
		return into
	}
	if r := required(re); shortest(r) > 1 && len(r) <= maxRequired {
		into = append(into, r)
	}
	return into
}

// maxRequired bounds how many texts are looked for before an expression is run; beyond that running it is as cheap.
const maxRequired = 24

// mayFit reports whether the text holds what expression of needs.
func (t *turnSet) mayFit(of int, text string) bool {
	for _, set := range t.also[of] {
		found := false
		for _, s := range set {
			if strings.Contains(text, s) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// pairOf sums two bytes up.
func pairOf(a, b byte) uint { return (uint(a)*61 + uint(b)) & 4095 }

func (t *turnSet) index(of int, needs []string) {
	if shortest(needs) < 2 {
		t.always = append(t.always, of)
		return
	}
	for _, s := range needs {
		at := pairOf(s[0], s[1])
		t.pairs[at>>6] |= 1 << (at & 63)
		if len(s) >= 4 {
			k := uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
			t.long[k] = append(t.long[k], need{s, of})
			continue
		}
		k := uint16(s[0]) | uint16(s[1])<<8
		t.short[k] = append(t.short[k], need{s, of})
	}
}

// shortest is the length of the shortest text, 0 for none.
func shortest(list []string) int {
	if len(list) == 0 {
		return 0
	}
	n := len(list[0])
	for _, s := range list[1:] {
		n = min(n, len(s))
	}
	return n
}

// required returns texts of which every match holds at least one, or nil.
func required(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return nil
		}
		return []string{string(re.Rune)}
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			r := required(sub)
			if r == nil {
				return nil
			}
			all = append(all, r...)
		}
		return all
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if r := required(sub); shortest(r) > shortest(best) {
				best = r
			}
		}
		return best
	}
	return nil
}

// find calls yield with the span of every match, expression by expression.
func (t *turnSet) find(text string, yield func(from, to int)) {
	if t == nil {
		return
	}
	seen := t.scan(text, func(from, to int) bool {
		yield(from, to)
		return true
	})
	for of, re := range t.list {
		if seen[of>>6&15]&(1<<(of&63)) != 0 && t.mayFit(of, text) {
			findWhole(re(), text, yield)
		}
	}
}

// fits reports whether one of the expressions is in the text.
func (t *turnSet) fits(text string) bool {
	found := false
	seen := t.scan(text, func(int, int) bool {
		found = true
		return false
	})
	for of := 0; of < len(t.list) && !found; of++ {
		found = seen[of>>6&15]&(1<<(of&63)) != 0 && t.mayFit(of, text) && t.list[of]().MatchString(text)
	}
	return found
}

// scan marks the expressions whose words are in the text and calls yield with the places of plain words, until it says no.
func (t *turnSet) scan(text string, yield func(from, to int) bool) (seen [16]uint64) {
	for _, of := range t.always {
		seen[of>>6&15] |= 1 << (of & 63)
	}
	hit := func(i int, n need) bool {
		if !strings.HasPrefix(text[i:], n.text) {
			return true
		}
		if n.of != literal {
			seen[n.of>>6&15] |= 1 << (n.of & 63)
			return true
		}
		end := i + len(n.text)
		if (i == 0 || text[i-1] == ' ') && (end == len(text) || text[end] == ' ') {
			return yield(i, end)
		}
		return true
	}
	for i := 0; i+1 < len(text); i++ {
		if at := pairOf(text[i], text[i+1]); t.pairs[at>>6]&(1<<(at&63)) == 0 {
			continue
		}
		for _, n := range t.short[uint16(text[i])|uint16(text[i+1])<<8] {
			if !hit(i, n) {
				return seen
			}
		}
		if i+3 >= len(text) {
			continue
		}
		for _, n := range t.long[uint32(text[i])|uint32(text[i+1])<<8|uint32(text[i+2])<<16|uint32(text[i+3])<<24] {
			if !hit(i, n) {
				return seen
			}
		}
	}
	return seen
}

// findWhole calls yield with the matches of one expression, each without the blanks around it.
func findWhole(re *regexp.Regexp, text string, yield func(from, to int)) {
	for at := 0; at < len(text); {
		m := re.FindStringIndex(text[at:])
		if m == nil {
			return
		}
		from, to := at+m[0], at+m[1]
		for from < to && text[from] == ' ' {
			from++
		}
		for to > from && text[to-1] == ' ' {
			to--
		}
		yield(from, to)
		at = from + 1
		for at < len(text) && text[at] != ' ' {
			at++
		}
	}
}
