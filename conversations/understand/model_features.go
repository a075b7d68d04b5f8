package understand

import (
	"slices"

	"timonel/steering"
)

// clueKind is a kind of evidence that the model weighs.
type clueKind uint8

const (
	clueWord    clueKind = iota // a word as written
	clueConcept                 // what a word means, whatever the language
	clueForm                    // a concept in one of its forms: an order, a past
	cluePair                    // two neighbours by their meaning
	clueCore                    // two neighbours by their meaning, function words left out
	clueLetters                 // three letters of a word that the lexicon does not have
	clueFirst                   // what the message begins with
	clueLast                    // what it ends with
	clueShape                   // how long it is, what it names, who speaks
)

// clue is one piece of evidence: its kind and one or two items, or an item and a place in it, or two values.
type clue struct {
	kind clueKind
	a, b int16
}

// maxClued bounds how many items of a message are weighed; what a longer one wants stands at its beginning.
const maxClued = 120

// symbol is an item as the model sees it.
type symbol struct {
	meaning uint32 // its concepts, or what kind of entity it stands for
	word    uint32 // its spelling, for entities the same as meaning
}

const (
	hashSeed  uint32 = 2166136261
	hashPrime uint32 = 16777619
)

func hashText(s string) uint32 {
	h := hashSeed
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * hashPrime
	}
	return h
}

func hashAdd(h, v uint32) uint32 {
	h = (h ^ v&0xffff) * hashPrime
	return (h ^ v>>16) * hashPrime
}

// conceptHashes are the concepts by name, so that weights outlive the order of declarations.
var conceptHashes = func() (out [maxConcepts]uint32) {
	for i, name := range conceptNames {
		out[i] = hashText(name)
	}
	return out
}()

// kindNames name what stands for an entity.
var kindNames = [...]string{
	itUnknown: "<?>", itBreak: "<line>", itMilestone: "<milestone>", itDate: "<day>", itShift: "<length>", itPercent: "<percent>",
	itPerson: "<person>", itClock: "<time>", itEntry: "<entry>", itNumber: "<number>", itStage: "<stage>", itQuote: "<quote>", itNext: "<milestone>",
}

// symbolName names an item for people; its hash is the symbol.
func (r *reader) symbolName(i int) string {
	it := &r.items[i]
	switch it.kind {
	case itDate:
		if r.dates[it.at].Date > r.scene.Today {
			return "<day ahead>"
		}
		return "<day past>"
	case itEntry:
		return "<" + r.entries[it.at].c.String() + ">"
	case itWord, itPunct, itEmoji:
		if len(it.senses) > 0 {
			return it.senses[0].c.String()
		}
		return r.words[it.from].norm
	}
	return kindNames[it.kind]
}

func (r *reader) symbolOf(i int) symbol {
	it := &r.items[i]
	var s symbol
	switch it.kind {
	case itWord, itEmoji, itPunct:
		s.word = hashText(r.words[it.from].norm)
		if s.meaning = s.word; len(it.senses) > 0 {
			s.meaning = conceptHashes[it.senses[0].c]
		}
		if it.to-it.from > 1 {
			s.word = s.meaning
		}
	case itUnknown:
		s.word, s.meaning = hashText(r.words[it.from].norm), hashText(kindNames[itUnknown])
	default:
		s.meaning = hashText(r.symbolName(i))
		s.word = s.meaning
	}
	return s
}

// isFiller reports whether an item says little about what is wanted.
func (r *reader) isFiller(i int) bool {
	it := &r.items[i]
	if it.kind == itPunct {
		return r.words[it.from].norm != "?"
	}
	return it.kind == itBreak || it.kind == itWord && it.has(cNoise, cDet, cPlease, cOf, cHello, cThanks)
}

// clues lists the evidence of the message read.
func (r *reader) clues() ([]clue, []symbol) { return r.cluesOf(0, len(r.items)) }

// cluesOf lists the evidence of the items from one to another, as if they were the whole message.
func (r *reader) cluesOf(from, to int) ([]clue, []symbol) {
	to = min(to, from+maxClued)
	syms, out := slices.Grow(r.scratch.syms[:0], to)[:to], r.scratch.clues[:0]
	core := make([]int16, 0, to-from)
	for i := from; i < to; i++ {
		syms[i] = r.symbolOf(i)
		out = r.itemClues(out, i)
		if !r.isFiller(i) {
			core = append(core, int16(i))
		}
		if i > from {
			out = append(out, clue{cluePair, int16(i - 1), int16(i)})
		}
	}
	for k, at := range core {
		if k > 0 {
			out = append(out, clue{clueCore, core[k-1], at})
		}
	}
	if len(core) > 0 {
		out = append(out, clue{clueFirst, core[0], 0}, clue{clueLast, core[len(core)-1], 0})
	}
	out = r.shapeClues(out, from, to)
	r.scratch.syms, r.scratch.clues = syms, out
	return out, syms
}

func (r *reader) itemClues(out []clue, i int) []clue {
	it := &r.items[i]
	out = append(out, clue{clueWord, int16(i), 0})
	for k := range it.senses {
		out = append(out, clue{clueConcept, int16(i), int16(k)}, clue{clueForm, int16(i), int16(k)})
	}
	if it.kind == itUnknown {
		for k := 0; k+3 <= len(r.words[it.from].norm) && k < 12; k++ {
			out = append(out, clue{clueLetters, int16(i), int16(k)})
		}
	}
	return out
}

// The shapes of a message.
const (
	shapeLength = iota
	shapeMilestones
	shapeUnknown
	shapeSpeaker
	shapeAsks
	shapeClauses
	shapeDated
	shapePeople
	shapeWaits
)

func (r *reader) shapeClues(out []clue, from, to int) []clue {
	var counts [itNext + 1]int
	asks, clauses := 0, 0
	for i := from; i < to; i++ {
		it := &r.items[i]
		counts[it.kind]++
		if it.kind == itPunct && r.words[it.from].norm == "?" {
			asks = 1
		}
	}
	for k := range r.clauses {
		if c := &r.clauses[k]; from <= c.from && c.to <= to {
			clauses++
		}
	}
	for shape, v := range [...]int{
		shapeLength: bucket(to - from), shapeMilestones: min(counts[itMilestone]+counts[itNext], 3), shapeUnknown: bucket(counts[itUnknown]), shapeSpeaker: r.speakerKind(),
		shapeAsks: asks, shapeClauses: min(clauses, 4), shapeDated: min(counts[itDate], 1) + 2*min(counts[itShift], 1), shapePeople: min(counts[itPerson], 2),
		shapeWaits: min(len(r.scene.Awaiting), 1) + 2*min(r.scene.Proposals, 1),
	} {
		out = append(out, clue{clueShape, int16(shape), int16(v)})
	}
	return out
}

// bucket is the size of n in steps that grow.
func bucket(n int) int {
	switch {
	case n < 4:
		return n
	case n < 7:
		return 4
	case n < 12:
		return 5
	case n < 24:
		return 6
	}
	return 7
}

// speakerKind is what the speaker may be expected to say: 0 unknown, 1 leads, 2 vendor, 3 client, 4 only watches.
func (r *reader) speakerKind() int {
	for i := range r.scene.People {
		p := &r.scene.People[i]
		if p.ID != r.scene.Speaker {
			continue
		}
		for _, role := range p.Roles {
			switch role {
			case steering.RoleLead:
				return 1
			case steering.RoleObserver:
				return 4
			}
		}
		if p.Side == steering.SideVendor {
			return 2
		}
		return 3
	}
	return 0
}

// hash is where the weights of a clue stand.
func (r *reader) hash(c clue, syms []symbol) uint32 {
	h := (hashSeed ^ uint32(c.kind)) * hashPrime
	switch c.kind {
	case clueWord:
		h = hashAdd(h, syms[c.a].word)
	case clueConcept:
		h = hashAdd(h, conceptHashes[r.items[c.a].senses[c.b].c])
	case clueForm:
		s := &r.items[c.a].senses[c.b]
		h = hashAdd(hashAdd(h, conceptHashes[s.c]), uint32(s.m))
	case cluePair, clueCore:
		h = hashAdd(hashAdd(h, syms[c.a].meaning), syms[c.b].meaning)
	case clueLetters:
		h = hashAdd(h, hashText(r.words[r.items[c.a].from].norm[c.b:c.b+3]))
	case clueFirst, clueLast:
		h = hashAdd(h, syms[c.a].meaning)
	case clueShape:
		h = hashAdd(h, uint32(c.a)<<8|uint32(c.b))
	}
	return h ^ h>>15
}
