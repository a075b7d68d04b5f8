package understand

// maxConcepts bounds the concepts, so that facts need no maps; a test holds that it is enough.
const maxConcepts = 320

// facts sums up a clause for the rules.
type facts struct {
	r        *reader
	c        *clause
	ms       []int // refs in the order of the text, those named as what something depends on included
	dates    []int
	shifts   []int
	people   []int
	percents []int
	entries  []int
	clocks   int
	next     bool
	stage    bool
	stageAlt string             // the milestone that the stage's name means when a day is set
	first    [maxConcepts]int16 // first item with the concept, counted from 1; 0 for none
	forms    [maxConcepts]morph
	unknown  int // words that the lexicon does not have
	words    int // words altogether
	check    bool
	prior    bool // the clause before named a milestone
	stance   Stance
	tense    tense
}

// tense is when the clause's verb puts what it says.
type tense uint8

const (
	tenseNone tense = iota
	tensePast
	tensePresent
	tenseFuture
)

func (r *reader) gather(c *clause) *facts {
	f := r.scratch.newFacts()
	f.r, f.c = r, c
	limit := r.spokenTo(c)
	for i := c.from; i < c.to; i++ {
		it := &r.items[i]
		if i > limit && (it.kind == itWord || it.kind == itUnknown || it.kind == itEmoji) {
			continue // the words of a reason say nothing of what is wanted
		}
		switch it.kind {
		case itMilestone, itNext:
			f.ms = append(f.ms, it.at)
			f.next = f.next || it.kind == itNext
		case itDate:
			if !r.dates[it.at].old {
				f.dates = append(f.dates, it.at)
			}
		case itShift:
			f.shifts = append(f.shifts, it.at)
		case itPerson:
			f.people = append(f.people, it.at)
		case itPercent:
			f.percents = append(f.percents, it.at)
		case itEntry:
			f.entries = append(f.entries, it.at)
		case itClock:
			f.clocks++
		case itStage:
			f.stage = true
			f.stageAlt = r.stages[it.at].alt
		case itUnknown:
			f.unknown++
			f.words++
		case itWord, itEmoji:
			f.words++
			f.note(i, it)
		}
	}
	if f.stageAlt != "" && len(f.ms) == 0 && f.datedAhead() && !f.has(completing...) {
		r.refs = append(r.refs, msRef{Ref: r.keyRef(f.stageAlt), from: r.items[c.from].from, to: r.items[c.from].to, explicit: true})
		f.ms = append(f.ms, len(r.refs)-1)
	}
	if f.has(cGoLive) && len(f.ms) == 0 && r.place.goLive != "" {
		r.refs = append(r.refs, msRef{Ref: r.keyRef(r.place.goLive), from: r.items[f.at(cGoLive)].from, to: r.items[f.at(cGoLive)].to, explicit: true})
		f.ms = append(f.ms, len(r.refs)-1)
	}
	return f
}

// spokenTo returns the item with which a clause's reason begins, or its end; free texts have no reason of their own.
func (r *reader) spokenTo(c *clause) int {
	if c.head != None {
		return c.to
	}
	for i := c.from + 1; i < c.to; i++ {
		if it := &r.items[i]; it.has(cBecause) && r.onlyExplains(it) && r.tellsBefore(c.from, i) {
			return i
		}
	}
	return c.to
}

// onlyExplains reports whether a word can be nothing but the beginning of a reason; "por el", "since", "como" can be more.
func (r *reader) onlyExplains(it *item) bool {
	w := &r.words[it.from]
	switch w.norm {
	case "porque", "because", "pois", "debido", "due", "owing", "ya", "ja", "dado", "dada", "puesto", "visto", "given", "seeing":
		return true
	case "por":
		n := &r.words[it.to-1]
		return it.to-it.from > 1 && !n.is("el") && !n.is("la") && !n.is("los") && !n.is("las") && !n.is("lo") && !n.is("que")
	}
	return false
}

func (f *facts) note(i int, it *item) {
	for _, s := range it.senses {
		if f.first[s.c] == 0 {
			f.first[s.c] = int16(i + 1)
		}
		f.forms[s.c] |= s.m
	}
	if it.kind == itEmoji && f.r.words[it.from].norm == ":check:" {
		f.check = true
	}
}

// has reports whether the clause holds a word of one of the concepts.
func (f *facts) has(cs ...concept) bool {
	for _, c := range cs {
		if f.first[c] != 0 {
			return true
		}
	}
	return false
}

// at returns the first item with the concept, or -1.
func (f *facts) at(c concept) int {
	return int(f.first[c]) - 1
}

// form is the union of the forms in which the concepts occur.
func (f *facts) form(cs ...concept) morph {
	var m morph
	for _, c := range cs {
		m |= f.forms[c]
	}
	return m
}

// next reports whether item i+1 has one of the concepts.
func (f *facts) follows(i int, cs ...concept) bool {
	return i >= 0 && i+1 < f.c.to && f.r.items[i+1].has(cs...)
}

// itemOf returns the item that stands for entity at of the kind, or -1.
func (f *facts) itemOf(kind itemKind, at int) int {
	for i := f.c.from; i < f.c.to; i++ {
		if k := f.r.items[i].kind; (k == kind || kind == itMilestone && k == itNext) && f.r.items[i].at == at {
			return i
		}
	}
	return -1
}

// text returns the original text of items from to to.
func (f *facts) text(from, to int) string {
	if from >= to || from >= len(f.r.items) {
		return ""
	}
	start := f.r.words[f.r.items[from].from].start
	end := f.r.words[f.r.items[to-1].to-1].end
	if start > end {
		return ""
	}
	return f.r.text[start:end]
}
