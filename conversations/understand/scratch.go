package understand

import "sync"

// scratch is what reading a message needs for its duration only. It is kept for the next message, so that reading many of them
// leaves little to collect; nothing of a Reading may point into it.
type scratch struct {
	words  []word
	items  []item
	syms   []symbol
	clues  []clue
	hashes []uint32
	facts  []*facts
	used   int // of facts
}

var scratches = sync.Pool{New: func() any { return &scratch{} }}

// maxScratch bounds, in words, what is kept after a long message.
const maxScratch = 2000

func (r *reader) borrow() {
	r.scratch = scratches.Get().(*scratch)
	r.words, r.items = r.scratch.words[:0], r.scratch.items[:0]
}

func (r *reader) release() {
	s := r.scratch
	if cap(r.words) > maxScratch || len(s.facts) > maxScratch/10 {
		return
	}
	clear(r.words)
	clear(r.items)
	s.words, s.items, s.used = r.words[:0], r.items[:0], 0
	r.scratch = nil
	scratches.Put(s)
}

// newFacts is an empty sum of facts.
func (s *scratch) newFacts() *facts {
	if s.used == len(s.facts) {
		s.facts = append(s.facts, &facts{})
	}
	f := s.facts[s.used]
	s.used++
	*f = facts{ms: f.ms[:0], dates: f.dates[:0], shifts: f.shifts[:0], people: f.people[:0], percents: f.percents[:0], entries: f.entries[:0]}
	return f
}
