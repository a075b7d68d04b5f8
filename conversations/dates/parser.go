package dates

import "timonel/steering"

// edge is a sense that starts at a token and ends before token end.
type edge struct {
	class class
	value int16
	end   int32
}

// parser holds one text cut into tokens, with the senses that start at each of them.
type parser struct {
	scanner
	lex     *lexicon
	o       Options
	edges   []edge
	first   []int32   // edges of token i: edges[first[i]:first[i+1]]
	starts  []classes // classes that start at token i
	ends    []classes // classes that end before token i
	blocked []bool    // tokens known to be something else
	foreign bool      // reading in a language that is not the speaker's: sure words only
	noDay   bool      // a phrase said in so many words that it names no day: "fin de semana"
	last    hit       // what base read at depth 0 at token lastAt-1
	lastAt  int
	lastOK  bool
	marks   []tense // what markAt found, plus one; nil until asked for
	depth   int     // of dates nested in dates
}

// maxPhrase is how many tokens the longest phrase of the word files has, with marks in between.
const maxPhrase = 14

func newParser(text string, lex *lexicon, o Options, foreign bool) *parser {
	p := &parser{lex: lex, o: o, foreign: foreign}
	p.scan(text)
	n := len(p.tokens)
	bits := make([]classes, 2*n+1)
	p.starts, p.ends = bits[:n], bits[n:]
	p.blocked = make([]bool, n)
	p.first = make([]int32, n+1)
	p.edges = make([]edge, 0, 2*n+8)
	for i := range p.tokens {
		lex.resolve(&p.scanner, &p.tokens[i], !foreign)
	}
	for i := range p.tokens {
		p.first[i] = int32(len(p.edges))
		p.walk(i)
	}
	p.first[n] = int32(len(p.edges))
	for _, span := range o.Skip {
		p.block(span[0], span[1])
	}
	return p
}

// walk follows the trie from token i and records every phrase that starts there.
func (p *parser) walk(i int) {
	node := int32(0)
	for j, n := i, 0; j < len(p.tokens) && n < maxPhrase; n++ {
		t := &p.tokens[j]
		if j > i && t.line && j > 0 {
			return
		}
		next, ok := p.lex.steps[step{node, t.id}]
		if !ok || t.id == 0 {
			if j > i && t.kind == kindMark && (t.mark == '-' && t.glued || t.mark == ',' && j-i >= 4 || p.isShortDot(j)) {
				j++
				continue
			}
			return
		}
		node, j = next, j+1
		for _, s := range p.lex.senses[node] {
			p.record(i, j, s)
		}
	}
}

func (p *parser) record(i, end int, s sense) {
	switch s.class {
	case clsMonthShort, clsWeekdayShort, clsNext, clsLast, clsUnit:
		if p.isShortDot(end) && end+1 < len(p.tokens) {
			end++
		}
	}
	p.edges = append(p.edges, edge{class: s.class, value: int16(s.value), end: int32(end)})
	p.starts[i][s.class>>6] |= 1 << (s.class & 63)
	p.ends[end][s.class>>6] |= 1 << (s.class & 63)
}

// isShortDot tells whether token j is the dot of an abbreviation: right behind a word of up to five letters and
// with more of the sentence behind.
func (p *parser) isShortDot(j int) bool {
	if j <= 0 || j >= len(p.tokens) || p.tokens[j].mark != '.' || !p.tokens[j].glued {
		return false
	}
	before := &p.tokens[j-1]
	if before.kind != kindWord || before.hi-before.lo > 5 {
		return false
	}
	return j+1 < len(p.tokens) && !p.tokens[j+1].line && p.tokens[j+1].caps == capsNone
}

func (p *parser) block(start, end int) {
	for i := range p.tokens {
		if t := &p.tokens[i]; t.start < end && t.end > start {
			p.blocked[i] = true
		}
	}
}

// is tells whether a phrase of class c starts at token i.
func (p *parser) is(i int, c class) bool {
	return i >= 0 && i < len(p.tokens) && p.starts[i][c>>6]&(1<<(c&63)) != 0 && !p.blocked[i]
}

// at returns the value of the longest phrase of class c at token i, and the token behind it.
func (p *parser) at(i int, c class) (value, end int, ok bool) {
	if !p.is(i, c) {
		return 0, i, false
	}
	for _, e := range p.edges[p.first[i]:p.first[i+1]] {
		if e.class == c && int(e.end) > end {
			value, end, ok = int(e.value), int(e.end), true
		}
	}
	return value, end, ok
}

// skip returns the token behind a phrase of class c at i, or i itself.
func (p *parser) skip(i int, c class) int {
	if _, end, ok := p.at(i, c); ok {
		return end
	}
	return i
}

// behind tells whether a phrase of class c ends right before token i, and where the longest such one starts.
func (p *parser) behind(i int, c class) (value, start int, ok bool) {
	if i <= 0 || i > len(p.tokens) || i < len(p.tokens) && p.tokens[i].line || p.ends[i][c>>6]&(1<<(c&63)) == 0 {
		return 0, i, false
	}
	for k := i - 1; k >= 0 && k >= i-maxPhrase; k-- {
		if !p.is(k, c) {
			continue
		}
		for _, e := range p.edges[p.first[k]:p.first[k+1]] {
			if e.class == c && int(e.end) == i {
				value, start, ok = int(e.value), k, true
			}
		}
	}
	return value, start, ok
}

func (p *parser) isBehind(i int, c class) bool {
	_, _, ok := p.behind(i, c)
	return ok
}

// mark tells whether token i is the mark r.
func (p *parser) mark(i int, r rune) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].mark == r
}

// word tells whether token i is a word.
func (p *parser) word(i int) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].kind == kindWord
}

func (p *parser) isNumber(i int) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].kind == kindNumber && !p.blocked[i]
}

// gluedTo tells whether token i follows the one before without a space.
func (p *parser) gluedTo(i int) bool { return i > 0 && i < len(p.tokens) && p.tokens[i].glued }

// atEnd tells whether a sentence or line is over before token i.
func (p *parser) atEnd(i int) bool {
	for range 3 {
		if i >= len(p.tokens) || p.tokens[i].line || p.isBreak(i) {
			return true
		}
		_, end, ok := p.at(i, clsCourtesy)
		if !ok {
			return false
		}
		i = end
	}
	return false
}

// isBreak tells whether token i is a mark that parts sentences or their pieces.
func (p *parser) isBreak(i int) bool {
	switch p.tokens[i].mark {
	case '.', '!', '?', ';', ',', ':', ')', ']', '"', '»', '”', '(', '[', '«', '“', '¿', '¡':
		return true
	}
	return p.tokens[i].kind == kindMark && p.tokens[i].mark > 0x2000
}

func (p *parser) skipComma(i int) int {
	if p.mark(i, ',') {
		return i + 1
	}
	return i
}

// glue steps over up to three of the small words that stand between a day and its week: "el martes, de la …".
func (p *parser) glue(i int) int {
	for range 3 {
		j := p.skipComma(i)
		if j == i && p.mark(i, '-') && !p.gluedTo(i+1) {
			j = i + 1
		}
		if j == i {
			j = max(p.skip(i, clsOf), p.skip(i, clsThe), p.skip(i, clsOn))
		}
		if j == i {
			return i
		}
		i = j
	}
	return i
}

func (p *parser) today() steering.Date { return p.o.Today }
