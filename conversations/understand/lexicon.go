package understand

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// sense is one meaning of a spelling.
type sense struct {
	c   concept
	m   morph
	low string // the spelling with accents that has this meaning
}

// lexicon holds the words of one language.
type lexicon struct {
	lang    string
	words   map[string][]sense   // by spelling without accents
	phrases map[string][]phrase  // of several words, by the first word; longest first
	leading map[concept][]phrase // that begin with any word of a concept; longest first
	byShape map[shape][]spelling // candidates for a misspelt word, listed when the first one comes
	shapes  sync.Once
	bySound map[string]string // the verb that a word written by ear may be, listed when the first one comes
	sounds  sync.Once
	abbrev  map[string]string // "xq" = "porque"
	literal map[string]bool   // words of phrases
}

// phrase is a fixed expression.
type phrase struct {
	words []phraseWord
	c     concept
	m     morph
}

// phraseWord is a word, or any word of a concept ("<give> de baja").
type phraseWord struct {
	norm string
	c    concept
}

// shape groups words by first letter and length.
type shape struct {
	first byte
	size  int
}

type spelling struct {
	norm    string
	letters uint32 // which letters occur, to rule candidates out quickly
}

// section is one concept of a lexicon file. Words stand in one string, separated by spaces; verbs are lemmas that are
// inflected, the keys below verbs give irregular forms by what they are.
type section struct {
	Verbs   string   `toml:"verbs"`
	Adj     string   `toml:"adj"`
	Words   string   `toml:"words"`
	Phrases []string `toml:"phrases"`
	Inf     string   `toml:"inf"`
	Ger     string   `toml:"ger"`
	Part    string   `toml:"part"`
	Imp     string   `toml:"imp"`
	P1S     string   `toml:"p1s"`
	P2      string   `toml:"p2"`
	P3      string   `toml:"p3"`
	P1P     string   `toml:"p1p"`
	Pst1    string   `toml:"pst1"`
	Pst3    string   `toml:"pst3"`
	Impf    string   `toml:"impf"`
	Fut     string   `toml:"fut"`
	Cond    string   `toml:"cond"`
	Subj    string   `toml:"subj"`
	Lets    string   `toml:"lets"`
}

// loadLexicon reads the lexicon files of a language; what a later one says of a concept adds to the earlier.
func loadLexicon(lang string, files ...[]byte) (*lexicon, error) {
	l := &lexicon{
		lang: lang, words: make(map[string][]sense, 8192), phrases: map[string][]phrase{},
		leading: map[concept][]phrase{}, byShape: map[shape][]spelling{}, abbrev: map[string]string{}, literal: map[string]bool{},
	}
	for _, data := range files {
		if err := l.addFile(data); err != nil {
			return nil, fmt.Errorf("lexicon %s: %w", lang, err)
		}
	}
	l.finish()
	return l, nil
}

// addFile adds the words of one file.
func (l *lexicon) addFile(data []byte) error {
	var file struct {
		Abbreviations map[string]string  `toml:"abbreviations"`
		Concept       map[string]section `toml:"concept"`
	}
	if err := toml.Unmarshal(data, &file); err != nil {
		return err
	}
	for short, full := range file.Abbreviations {
		l.abbrev[short] = full
	}
	names := make([]string, 0, len(file.Concept))
	for name := range file.Concept {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		c, ok := conceptIDs[name]
		if !ok {
			return fmt.Errorf("concept %q is not known", name)
		}
		if err := l.addSection(c, file.Concept[name]); err != nil {
			return fmt.Errorf("concept %s: %w", name, err)
		}
	}
	return nil
}

func (l *lexicon) addSection(c concept, s section) error {
	for _, lemma := range strings.Fields(s.Verbs) {
		for _, f := range inflect(l.lang, lemma) {
			l.add(f.text, c, f.m)
		}
	}
	for _, w := range strings.Fields(s.Adj) {
		for _, f := range adjective(w, mAdj) {
			l.add(f.text, c, f.m)
		}
	}
	for _, w := range strings.Fields(s.Words) {
		l.add(w, c, mWord)
	}
	for _, irregular := range []struct {
		words string
		m     morph
	}{
		{s.Inf, mInf}, {s.Ger, mGer}, {s.Part, mPart}, {s.Imp, mImp}, {s.P1S, mP1S}, {s.P2, mP2}, {s.P3, mP3}, {s.P1P, mP1P},
		{s.Pst1, mPst1}, {s.Pst3, mPst3}, {s.Impf, mImpf}, {s.Fut, mFut}, {s.Cond, mCond}, {s.Subj, mSubj}, {s.Lets, mLets},
	} {
		for _, w := range strings.Fields(irregular.words) {
			l.add(w, c, irregular.m)
		}
	}
	for _, p := range s.Phrases {
		if err := l.addPhrase(p, c); err != nil {
			return err
		}
	}
	return nil
}

func (l *lexicon) add(word string, c concept, m morph) {
	if strings.ContainsAny(word, "'’") {
		if toks := tokenise(word, nil); len(toks) > 1 && toks[0].kind == tokWord {
			l.joinPhrase(toks, c, m)
			return
		}
	}
	low, norm := fold(word)
	for i, s := range l.words[norm] {
		if s.c == c && s.low == low {
			l.words[norm][i].m |= m
			return
		}
	}
	l.words[norm] = append(l.words[norm], sense{c: c, m: m, low: low})
}

func (l *lexicon) addPhrase(text string, c concept) error {
	p := phrase{c: c, m: mWord}
	if t, form, ok := strings.Cut(text, " ="); ok {
		m, known := morphNames[form]
		if !known {
			return fmt.Errorf("phrase %q: form %q is not known", text, form)
		}
		text, p.m = t, m
	}
	for _, w := range strings.Fields(text) {
		if name, ok := strings.CutPrefix(w, "<"); ok {
			id, known := conceptIDs[strings.TrimSuffix(name, ">")]
			if !known {
				return fmt.Errorf("phrase %q: concept %s is not known", text, w)
			}
			p.words = append(p.words, phraseWord{c: id})
			continue
		}
		for _, t := range tokenise(w, nil) {
			full, ok := l.abbrev[t.low]
			if !ok && len(t.norm) <= 4 {
				full, ok = l.abbrev[t.norm]
			}
			if !ok {
				full = t.norm
			}
			for _, part := range strings.Fields(full) {
				_, norm := fold(part)
				p.words = append(p.words, phraseWord{norm: norm})
			}
		}
	}
	if len(p.words) == 0 {
		return fmt.Errorf("empty phrase")
	}
	l.index(p)
	return nil
}

// joinPhrase adds a word that the tokeniser cuts in two: "client's".
func (l *lexicon) joinPhrase(toks []token, c concept, m morph) {
	p := phrase{c: c, m: m}
	for _, t := range toks {
		p.words = append(p.words, phraseWord{norm: t.norm})
	}
	l.index(p)
}

func (l *lexicon) index(p phrase) {
	for _, w := range p.words {
		if w.norm != "" {
			l.literal[w.norm] = true
		}
	}
	if first := p.words[0]; first.c != 0 {
		l.leading[first.c] = append(l.leading[first.c], p)
	} else {
		l.phrases[first.norm] = append(l.phrases[first.norm], p)
	}
}

var morphNames = map[string]morph{
	"inf": mInf, "ger": mGer, "part": mPart, "imp": mImp, "p1s": mP1S, "p2": mP2, "p3": mP3, "p1p": mP1P, "pst1": mPst1,
	"pst3": mPst3, "impf": mImpf, "fut": mFut, "cond": mCond, "subj": mSubj, "lets": mLets, "adj": mAdj,
}

// finish sorts what must be tried in order.
func (l *lexicon) finish() {
	for _, table := range l.phrases {
		sort.SliceStable(table, func(i, j int) bool { return len(table[i].words) > len(table[j].words) })
	}
	for _, table := range l.leading {
		sort.SliceStable(table, func(i, j int) bool { return len(table[i].words) > len(table[j].words) })
	}
}

// listShapes builds the index of spellings.
func (l *lexicon) listShapes() {
	for norm, senses := range l.words {
		if len(norm) >= 4 && norm[0] < 0x80 && typoWorthy(senses) {
			k := shape{norm[0], len(norm)}
			l.byShape[k] = append(l.byShape[k], spelling{norm, letterSet(norm)})
		}
	}
	for _, list := range l.byShape {
		sort.Slice(list, func(i, j int) bool { return list[i].norm < list[j].norm })
	}
}

// typoWorthy reports whether a word carries meaning enough to guess at it from a misspelling.
func typoWorthy(senses []sense) bool {
	for _, s := range senses {
		if s.c != cNoise && s.c != cDet && s.c != cOf && s.c != cTo {
			return true
		}
	}
	return false
}

func letterSet(s string) uint32 {
	var set uint32
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 'a' && c <= 'z' {
			set |= 1 << (c - 'a')
		}
	}
	return set
}

// find returns the senses of a token in this language; accents decide where the writer put them.
func (l *lexicon) find(low, norm string) []sense {
	senses := l.words[norm]
	if len(senses) < 2 {
		return senses
	}
	if low == norm {
		return unaccented(senses, low)
	}
	for _, s := range senses {
		if s.low == low {
			return accented(senses, low)
		}
	}
	return senses
}

// unaccented prefers, within a concept, the form that is written without accents: "arranco" is not "arrancó".
func unaccented(senses []sense, low string) []sense {
	var out []sense
	for i, s := range senses {
		drop := false
		if s.low != low && s.c != cBe {
			for _, o := range senses {
				drop = drop || o.low == low && (o.c == s.c || len(low) <= 3 && s.c != cYes && !isOneOf(s.c, interrogatives))
			}
		}
		switch {
		case drop && out == nil:
			out = append(make([]sense, 0, len(senses)), senses[:i]...)
		case !drop && out != nil:
			out = append(out, s)
		}
	}
	if out == nil {
		return senses
	}
	return out
}

func accented(senses []sense, low string) []sense {
	n := 0
	for _, s := range senses {
		if s.low == low {
			n++
		}
	}
	if n == len(senses) {
		return senses
	}
	out := make([]sense, 0, n)
	for _, s := range senses {
		if s.low == low {
			out = append(out, s)
		}
	}
	return out
}

var clitics = []struct {
	text string
	m    morph
}{
	{"melos", mClitic | mMe}, {"melas", mClitic | mMe}, {"melo", mClitic | mMe}, {"mela", mClitic | mMe}, {"selos", mClitic}, {"selas", mClitic},
	{"selo", mClitic}, {"sela", mClitic}, {"noslo", mClitic}, {"nosla", mClitic}, {"les", 0}, {"los", mClitic}, {"las", mClitic}, {"lo", mClitic},
	{"la", mClitic}, {"le", 0}, {"me", mMe}, {"nos", 0}, {"se", 0},
}

// findClitic reads Spanish orders and infinitives with pronouns: "muévelo", "márcala", "posponerlo".
func (l *lexicon) findClitic(norm string) []sense {
	if l.lang != "es" || len(norm) < 5 {
		return nil
	}
	for _, cl := range clitics {
		stem, ok := strings.CutSuffix(norm, cl.text)
		if !ok || len(stem) < 2 {
			continue
		}
		var out []sense
		for _, s := range l.words[stem] {
			if m := s.m & (mImp | mInf | mGer | mLets); m != 0 {
				out = append(out, sense{c: s.c, m: m | cl.m, low: norm})
			}
		}
		if out != nil {
			return out
		}
	}
	return nil
}

// findTypo returns the senses of the nearest word of the lexicon, if it is near enough and no other is as near.
func (l *lexicon) findTypo(norm string) (string, []sense) {
	if len(norm) < 4 || norm[0] >= 0x80 {
		return "", nil
	}
	l.shapes.Do(l.listShapes)
	letters, best, bestAt, tie := letterSet(norm), "", 3, false
	for size := len(norm) - 1; size <= len(norm)+1; size++ {
		for _, first := range [2]byte{norm[0], norm[1]} {
			for _, cand := range l.byShape[shape{first, size}] {
				if popcount(letters^cand.letters) > 2 {
					continue
				}
				d := distance(norm, cand.norm, 1)
				if d > 1 || first != norm[0] && (len(cand.norm) < 2 || cand.norm[1] != norm[0]) {
					continue
				}
				if len(norm) == 4 && !swapped(norm, cand.norm) {
					continue
				}
				switch {
				case d < bestAt:
					best, bestAt, tie = cand.norm, d, false
				case d == bestAt && cand.norm != best && !sameConcept(l.words[best], l.words[cand.norm]):
					tie = true
				}
			}
			if norm[0] == norm[1] {
				break
			}
		}
	}
	if best == "" || tie {
		return "", nil
	}
	return best, l.words[best]
}

func sameConcept(a, b []sense) bool {
	for _, x := range a {
		for _, y := range b {
			if x.c == y.c {
				return true
			}
		}
	}
	return false
}

// swapped reports whether b is a with two neighbours exchanged.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i+1 < len(a); i++ {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}

func popcount(x uint32) int {
	n := 0
	for ; x != 0; x &= x - 1 {
		n++
	}
	return n
}

// distance is the number of edits (insert, delete, replace, swap of neighbours) from a to b, or limit+1 when it is more.
func distance(a, b string, limit int) int {
	if len(a) > 40 || len(b) > 40 || len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var rows [3][42]int
	for j := 0; j <= len(b); j++ {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, above, above2 := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			v := min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				v = min(v, above2[j-2]+1)
			}
			row[j] = v
			least = min(least, v)
		}
		if least > limit {
			return limit + 1
		}
	}
	return rows[len(a)%3][len(b)]
}
