package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// personRef is somebody the text names.
type personRef struct {
	id       string   // clear when not empty
	all      []string // everybody it may be
	from, to int      // words
	unknown  bool     // a mention of nobody we know
}

// spotPeople finds mentions and names. A name that is also a word of the language counts only with a capital.
func (r *reader) spotPeople() {
	for i := 0; i < len(r.words); i++ {
		w := &r.words[i]
		if w.kind == tokMention {
			r.addPerson(r.mentioned(w, i))
			continue
		}
		if w.kind != tokWord {
			continue
		}
		if ids, to := r.namedAt(i); ids != nil {
			ref := personRef{all: ids, from: i, to: to}
			if len(ids) == 1 {
				ref.id = ids[0]
			}
			if r.isVocative(i) {
				for k := i; k < to; k++ {
					r.words[k].senses = vocativeSense
				}
				i = to - 1
				continue
			}
			r.addPerson(ref)
			i = to - 1
		}
	}
}

// isVocative reports whether the name at word i only calls somebody: "hola Ana", "gracias, Bruno".
func (r *reader) isVocative(i int) bool {
	k := i - 1
	if k >= 0 && r.words[k].norm == "," {
		k--
	}
	if k < 0 || !r.words[k].isWord() {
		return false
	}
	if w := &r.words[k]; w.has(cHello) || calling[w.norm] {
		return true
	}
	return k > 0 && r.words[k-1].has(cHello) && r.words[k].has(cHello, cDay) // "buenos días Ana"
}

// vocativeSense lets a name that only calls somebody count as a filler.
var vocativeSense = []sense{{c: cNoise, m: mWord}}

// calling are the words that call somebody.
var calling = map[string]bool{
	"oye": true, "che": true, "hey": true, "hi": true, "hello": true, "oi": true, "ola": true, "opa": true, "ei": true, "ey": true, "gracias": true,
	"thanks": true, "obrigado": true, "obrigada": true, "valeu": true, "estimado": true, "estimada": true, "querido": true, "querida": true, "dear": true,
	"tardes": true, "dias": true, "noches": true, "noite": true, "tarde": true, "morning": true, "afternoon": true,
}

func (r *reader) addPerson(p personRef) {
	for i := p.from; i < p.to; i++ {
		r.words[i].taken = true
	}
	r.people = append(r.people, p)
}

func (r *reader) mentioned(w *word, i int) personRef {
	ref := personRef{from: i, to: i + 1}
	for _, m := range r.scene.Mentions {
		if m.Start == w.start {
			ref.id, ref.all = m.Person, []string{m.Person}
			if m.Person == "" {
				ref.unknown = true
			}
			return ref
		}
	}
	at, ok := r.place.people[w.norm]
	if !ok {
		first, _, _ := strings.Cut(strings.NewReplacer(".", " ", "_", " ", "-", " ").Replace(w.norm), " ")
		at, ok = r.place.people[first]
	}
	if !ok {
		ref.unknown = true
		return ref
	}
	for _, k := range at {
		ref.all = append(ref.all, r.place.known[k].ID)
	}
	if len(ref.all) == 1 {
		ref.id = ref.all[0]
	}
	return ref
}

// namedAt reads a name at word i: as many words of it as follow each other.
func (r *reader) namedAt(i int) (ids []string, to int) {
	w := &r.words[i]
	at, ok := r.place.people[w.norm]
	if !ok {
		if at = r.misspeltName(w); at == nil {
			if at = r.shortName(w); at == nil {
				return nil, 0
			}
		}
	}
	if len(w.senses) > 0 && !w.typo && !startsUpper(w.raw) {
		return nil, 0
	}
	if len(w.senses) > 0 && i == 0 && !w.typo && !r.aloneName(w) {
		return nil, 0
	}
	to = i + 1
	for to < len(r.words) && r.words[to].kind == tokWord {
		next := intersect(at, r.place.people[r.words[to].norm])
		if len(next) == 0 {
			break
		}
		at = next
		to++
	}
	for _, k := range at {
		ids = append(ids, r.place.known[k].ID)
	}
	return ids, to
}

// aloneName reports whether a capital at the start of a message may still be a name.
func (r *reader) aloneName(w *word) bool { return w.has(cNoise) }

// misspeltName allows one slip in a capitalised name of five letters and more.
func (r *reader) misspeltName(w *word) []int {
	if len(w.norm) < 5 || !startsUpper(w.raw) || len(w.senses) > 0 && !w.typo || r.place.isVocabulary(w.norm) {
		return nil
	}
	for k := range r.place.known {
		for _, t := range strings.Fields(r.place.known[k].Name) {
			if _, norm := fold(t); len(norm) >= 5 && norm[0] == w.norm[0] && distance(norm, w.norm, 1) <= 1 {
				return []int{k}
			}
		}
	}
	return nil
}

// shortName reads the beginning of a first name, of three letters and more with a capital: "Sofi", "Gus".
func (r *reader) shortName(w *word) []int {
	if len(w.norm) < 3 || !startsUpper(w.raw) || len(w.senses) > 0 || r.place.isVocabulary(w.norm) {
		return nil
	}
	var out []int
	for k := range r.place.known {
		first, _, _ := strings.Cut(r.place.known[k].Name, " ")
		if _, norm := fold(first); len(norm) > len(w.norm) && strings.HasPrefix(norm, w.norm) {
			out = append(out, k)
		}
	}
	return out
}

func startsUpper(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(c)
}

func intersect(a, b []int) []int {
	var out []int
	for _, x := range a {
		for _, y := range b {
			if x == y {
				out = append(out, x)
			}
		}
	}
	return out
}
