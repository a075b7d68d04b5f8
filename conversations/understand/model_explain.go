package understand

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// Weighed says why a message was read as it was, for people who want to know.
type Weighed struct {
	Intent     Intent      // what was weighed: what the message would change, or the likeliest wish
	Chance     float64     // that this is right
	For        []Feature   // evidence for acting on it, in log odds, the strongest first
	Against    []Feature   // evidence against it
	Candidates []Candidate // what the model finds likeliest, None for wanting no change, best first
	Tip        []Feature   // the fewest pieces of evidence without which it would have been decided otherwise
}

// Explain reads as Read does and says what was weighed. It is slower.
func (m *Model) Explain(text string, s Scene) (Reading, *Weighed) {
	r := m.reader(text, s)
	defer r.release()
	r.weighed = &Weighed{}
	out := r.read()
	if r.weighed.Candidates == nil {
		return out, nil
	}
	return out, r.weighed
}

// maxShown is how many pieces of evidence are shown of each kind.
const maxShown = 6

// account keeps what was weighed: the evidence of the calibration, and behind its weights for the model's say that of every clue.
func (r *reader) account(intent Intent, z *odds, evidence, weights *weighed, names []string) {
	if r.weighed == nil {
		return
	}
	r.weighed.Intent, r.weighed.Chance = intent, evidence.chance(weights)
	r.weighed.Candidates = nil
	for k, v := range z {
		r.weighed.Candidates = append(r.weighed.Candidates, Candidate{learnable[k], sigmoid(v)})
	}
	slices.SortStableFunc(r.weighed.Candidates, func(a, b Candidate) int { return cmp.Compare(b.Confidence, a.Confidence) })
	r.weighed.Candidates = r.weighed.Candidates[:4]
	var all []Feature
	for i := 3; i < len(evidence); i++ {
		all = append(all, Feature{names[i], evidence[i] * weights[i]})
	}
	all = append(all, r.clueWeights(intent, weights)...)
	slices.SortStableFunc(all, func(a, b Feature) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) })
	r.weighed.For, r.weighed.Against, r.weighed.Tip = nil, nil, nil
	for _, f := range all {
		switch {
		case f.Weight > 0.05 && len(r.weighed.For) < maxShown:
			r.weighed.For = append(r.weighed.For, f)
		case f.Weight < -0.05 && len(r.weighed.Against) < maxShown:
			r.weighed.Against = append(r.weighed.Against, f)
		}
	}
	r.weighed.Tip = tip(r.weighed)
}

// tip is what has to go for the chance to cross ActAt, nothing when more than what is shown would have to.
func tip(w *Weighed) []Feature {
	p := max(1e-6, min(1-1e-6, w.Chance))
	gap := math.Log(p/(1-p)) - math.Log(ActAt/(1-ActAt))
	list := w.For
	if gap < 0 {
		list = w.Against
	}
	for i, f := range list {
		if gap -= f.Weight; gap < 0 == (list[0].Weight > 0) {
			return list[:i+1]
		}
	}
	return nil
}

// clueWeights are what each clue adds to the log odds of acting on the intent.
func (r *reader) clueWeights(intent Intent, weights *weighed) []Feature {
	clues, syms := r.clues()
	at := slices.Index(learnable[:], intent)
	l := r.model.learned
	sums := map[string]float64{}
	var order []string
	for _, c := range clues {
		row := int(r.hash(c, syms)&(1<<modelBits-1)) * numLearnable
		v := weights[2] * float64(int8(l.weights[row])) * l.scale
		if at > 0 {
			v += weights[1] * float64(int8(l.weights[row+at])) * l.scale
		}
		name := r.clueName(c)
		if _, ok := sums[name]; !ok {
			order = append(order, name)
		}
		sums[name] += v
	}
	out := make([]Feature, 0, len(order))
	for _, name := range order {
		out = append(out, Feature{name, math.Round(sums[name]*100) / 100})
	}
	return out
}

// clueName says what a clue is.
func (r *reader) clueName(c clue) string {
	word := func(i int16) string {
		it := &r.items[i]
		if it.kind == itWord || it.kind == itUnknown || it.kind == itPunct {
			return r.text[r.words[it.from].start:r.words[it.to-1].end]
		}
		return r.symbolName(int(i))
	}
	switch c.kind {
	case clueWord, clueConcept, clueForm:
		return word(c.a)
	case clueLetters:
		return "letters of " + word(c.a)
	case cluePair, clueCore:
		return word(c.a) + " … " + word(c.b)
	case clueFirst:
		return "begins with " + word(c.a)
	case clueLast:
		return "ends with " + word(c.a)
	}
	return shapeNames[c.a] + " " + strconv.Itoa(int(c.b))
}

var shapeNames = [...]string{
	shapeLength: "length", shapeMilestones: "milestones", shapeUnknown: "words not known", shapeSpeaker: "speaker", shapeAsks: "question marks",
	shapeClauses: "clauses", shapeDated: "days", shapePeople: "people", shapeWaits: "what waits for the speaker",
}
