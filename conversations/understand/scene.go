package understand

import (
	"hash/maphash"
	"strings"

	"timonel/steering"
)

// place is what a scene's milestones and people look like to the reader. It is built once for a project as it stands and
// kept for the messages that follow.
type place struct {
	milestones []Named
	known      []Known
	byKey      map[string]int
	vocab      map[string][]vocabEntry // stem of a name's word: where it occurs
	variants   []variant
	joined     map[string][]int // a whole name without spaces: its variants
	stages     map[string]bool  // whole stage names, without stop words
	stageWords map[string]bool
	people     map[string][]int // word of a name: people
	maxKey     int
	whole      map[string]bool // names and aliases with all their words
	goLive     string          // the key of the milestone that is the go-live, if one is named so
	surface    map[string]bool // words of the plan's own names, as they stand
	prefixes   []string        // stems of five letters and more, for abbreviations and misspellings
}

// vocabEntry says that a word belongs to a variant.
type vocabEntry struct {
	variant int
	at      int
}

// variant is one way to name a milestone.
type variant struct {
	milestone int
	words     []string // stems without stop words
	synonym   bool     // from the table of synonyms rather than from the plan
}

var placeSeed = maphash.MakeSeed()

// fingerprint identifies all of a scene that place depends on.
func fingerprint(s *Scene) uint64 {
	var h maphash.Hash
	h.SetSeed(placeSeed)
	for i := range s.Milestones {
		n := &s.Milestones[i]
		h.WriteString(n.Key)
		h.WriteByte(1)
		h.WriteString(n.Name)
		for _, a := range n.Aliases {
			h.WriteByte(2)
			h.WriteString(a)
		}
		h.WriteByte(3)
	}
	for i := range s.People {
		p := &s.People[i]
		h.WriteString(p.ID)
		h.WriteByte(4)
		h.WriteString(p.Name)
		h.WriteByte(5)
		h.WriteString(string(p.Side))
		for _, role := range p.Roles {
			h.WriteByte(6)
			h.WriteString(string(role))
		}
	}
	for _, st := range s.Stages {
		h.WriteByte(7)
		h.WriteString(st)
	}
	return h.Sum64()
}

// maxPlaces bounds what is remembered: far more projects than speak in a minute.
const maxPlaces = 512

func (m *Model) placeOf(s *Scene) *place {
	key := fingerprint(s)
	m.mu.RLock()
	p := m.places[key]
	m.mu.RUnlock()
	if p != nil {
		return p
	}
	p = m.buildPlace(s)
	m.mu.Lock()
	if len(m.places) >= maxPlaces {
		clear(m.places)
	}
	m.places[key] = p
	m.mu.Unlock()
	return p
}

func (m *Model) buildPlace(s *Scene) *place {
	p := &place{
		milestones: append([]Named(nil), s.Milestones...), known: append([]Known(nil), s.People...),
		byKey: map[string]int{}, vocab: map[string][]vocabEntry{}, joined: map[string][]int{},
		whole: map[string]bool{}, stages: map[string]bool{}, stageWords: map[string]bool{}, surface: map[string]bool{}, people: map[string][]int{},
	}
	for i := range p.milestones {
		n := &p.milestones[i]
		p.byKey[n.Key] = i
		p.maxKey = max(p.maxKey, smallNumber(n.Key))
		own := map[string]bool{}
		for _, name := range append([]string{n.Name}, n.Aliases...) {
			p.addVariant(i, name, false, own)
			for _, t := range tokenise(name, nil) {
				p.surface[t.norm] = true
			}
		}
		for _, g := range m.synonyms.matching(append([]string{n.Name}, n.Aliases...)) {
			for _, name := range g {
				p.addVariant(i, name, true, own)
			}
		}
	}
	for _, st := range s.Stages {
		words := contentStems(st)
		p.stages[strings.Join(words, " ")] = true
		for _, w := range words {
			p.stageWords[w] = true
		}
	}
	if vs := p.joined["golive"]; len(vs) > 0 {
		p.goLive = p.milestones[p.variants[vs[len(vs)-1]].milestone].Key
	}
	p.addPeople()
	for stem := range p.vocab {
		if len(stem) >= 4 {
			p.prefixes = append(p.prefixes, stem)
		}
	}
	sortStrings(p.prefixes)
	return p
}

func (p *place) addVariant(milestone int, name string, synonym bool, own map[string]bool) {
	words := contentStems(name)
	key := strings.Join(words, " ")
	if len(words) == 0 || own[key] {
		return
	}
	own[key] = true
	p.whole[plainWords(name)] = true
	v := len(p.variants)
	p.variants = append(p.variants, variant{milestone: milestone, words: words, synonym: synonym})
	for at, w := range words {
		p.vocab[w] = append(p.vocab[w], vocabEntry{v, at})
	}
	j := strings.Join(words, "")
	p.joined[j] = append(p.joined[j], v)
}

func (p *place) addPeople() {
	for i := range p.known {
		k := &p.known[i]
		seen := map[string]bool{}
		for _, t := range tokenise(k.Name, nil) {
			if t.kind == tokWord && len(t.norm) > 1 && !stopWords[t.norm] && !seen[t.norm] {
				seen[t.norm] = true
				p.people[t.norm] = append(p.people[t.norm], i)
			}
		}
		if _, id := fold(k.ID); !seen[id] && isPlainName(id) {
			p.people[id] = append(p.people[id], i)
		}
	}
}

// isPlainName reports whether an id looks like something people would write.
func isPlainName(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return len(s) >= 2 && len(s) <= 20
}

// isVocabulary reports whether the word occurs in the name of a milestone.
func (p *place) isVocabulary(norm string) bool {
	_, ok := p.vocab[stem(norm)]
	return ok
}

// byKeyMissing reports whether no milestone has the key.
func (p *place) byKeyMissing(key string) bool {
	_, ok := p.byKey[key]
	return !ok
}

// sameMilestones reports whether two words of names belong to the same milestones.
func (p *place) sameMilestones(a, b string) bool {
	of := func(w string) (out []int) {
		for _, e := range p.vocab[w] {
			out = addInt(out, p.variants[e.variant].milestone)
		}
		return out
	}
	x, y := of(a), of(b)
	return len(x) == 1 && len(y) == 1 && x[0] == y[0]
}

// isOwn reports whether a word stands in the plan's own names.
func (p *place) isOwn(w string) bool {
	for _, e := range p.vocab[w] {
		if !p.variants[e.variant].synonym {
			return true
		}
	}
	return false
}

// byRole returns the people who hold the role, of one side when side is not empty.
func (p *place) byRole(role steering.Role, side steering.Side) []string {
	var ids []string
	for i := range p.known {
		k := &p.known[i]
		if side != "" && k.Side != side {
			continue
		}
		for _, r := range k.Roles {
			if r == role {
				ids = append(ids, k.ID)
			}
		}
	}
	return ids
}

// stopWords join the words of a name and tell nothing by themselves.
var stopWords = map[string]bool{
	"de": true, "del": true, "la": true, "el": true, "los": true, "las": true, "en": true, "y": true, "a": true, "al": true,
	"da": true, "do": true, "das": true, "dos": true, "o": true, "os": true, "as": true, "em": true, "no": true, "na": true, "e": true,
	"of": true, "the": true, "for": true, "and": true, "to": true, "in": true, "on": true, "para": true, "por": true, "com": true, "con": true,
}

// plainWords returns the words of a name, all of them, without accents and signs.
func plainWords(name string) string {
	var out []string
	for _, t := range tokenise(name, nil) {
		if t.kind == tokWord || t.kind == tokMixed || t.kind == tokNumber {
			out = append(out, t.norm)
		}
	}
	return strings.Join(out, " ")
}

// contentStems returns the stems of the words that tell.
func contentStems(name string) []string {
	var out []string
	for _, t := range tokenise(name, nil) {
		if (t.kind == tokWord || t.kind == tokMixed || t.kind == tokNumber) && !stopWords[t.norm] {
			out = append(out, stem(t.norm))
		}
	}
	return out
}

// stem takes the plural from a word, roughly and alike in the three languages. Gender stays: "listas" are not "listo".
func stem(w string) string {
	n := len(w)
	switch {
	case n > 5 && (w[n-3:] == "oes" || w[n-3:] == "aes"):
		w = w[:n-3] + "ao"
	case n > 5 && w[n-4:] == "ones":
		w = w[:n-2]
	case n > 4 && w[n-2:] == "es" && !isVowel(w[n-3]):
		w = w[:n-2]
	case n > 3 && w[n-1] == 's' && w[n-2] != 's':
		w = w[:n-1]
	}
	return w
}

func isVowel(c byte) bool {
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'
}
