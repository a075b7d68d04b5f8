package understand

// What the rules and the model say of a message becomes one confidence: the probability that the reading is right. Two small
// logistic functions are fitted on what the rules read of messages that they had not been written for (testdata/learn): one
// weighs a reading that acts, the other a wish that the rules did not find.

// outcome is what the rules read, as the calibration sees it.
type outcome struct {
	acted    []Intent // what would be changed
	least    float64  // the least weight of those
	held     []Intent // changes that are asked about, denied, supposed, intended
	later    []Intent // those of them that are supposed, intended or passed on
	asks     bool     // something is asked
	doubtful bool     // a clause was not understood, or a slot has several values
}

func outcomeOf(out *Reading) outcome {
	o := outcome{least: 1, doubtful: len(out.Unread) > 0}
	for i := range out.Frames {
		fr := &out.Frames[i]
		o.add(fr.Intent, fr.Stance, fr.Confidence, len(fr.Ambiguous) > 0)
	}
	return o
}

func (o *outcome) add(i Intent, s Stance, weight float64, ambiguous bool) {
	switch {
	case i.Changes() && s.Acts():
		if !hasIntent(o.acted, i) {
			o.acted = append(o.acted, i)
		}
		o.least = min(o.least, weight)
		o.doubtful = o.doubtful || ambiguous
	case i.Changes():
		o.held = append(o.held, i)
		if s == Hypothesis || s == Intention || s == Quotation {
			o.later = append(o.later, i)
		}
	}
	o.asks = o.asks || s == Question
}

func hasIntent(list []Intent, i Intent) bool {
	for _, x := range list {
		if x == i {
			return true
		}
	}
	return false
}

// odds are the model's log odds of each learnable intent, the first that nothing is to be changed.
type odds [numLearnable]float64

// wished is the likeliest change and its place, and the log odds of the one after it.
func (z *odds) wished(but []Intent) (best int, second float64) {
	best, second = 0, -maxOdds
	for k := 1; k < len(z); k++ {
		switch {
		case hasIntent(but, learnable[k]):
		case best == 0 || z[k] > z[best]:
			if best > 0 {
				second = z[best]
			}
			best = k
		case z[k] > second:
			second = z[k]
		}
	}
	return best, second
}

// of is the log odds of the least likely of some intents; an intent that the model does not know counts as even.
func (z *odds) of(list []Intent) float64 {
	least := maxOdds
	for _, i := range list {
		v := 0.0
		for k := 1; k < len(z); k++ {
			if learnable[k] == i {
				v = z[k]
			}
		}
		least = min(least, v)
	}
	return least
}

// maxOdds bounds log odds, beyond which there is no evidence.
const maxOdds = 6.0

func bound(v float64) float64 { return max(-maxOdds, min(maxOdds, v)) }

func unit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Names of what the calibration weighs, for people.
var (
	actingNames = [...]string{"base", "model: what was read", "model: nothing wanted", "model: something else", "model: something else too", "rules", "several changes", "held back beside"}
	wishNames   = [...]string{"base", "model: the wish", "model: nothing wanted", "model: the next likely", "rules: the same, held back", "rules: another, held back", "rules: a question", "rules: another"}
)

type weighed [8]float64

// acting is what is weighed of a reading that acts.
func (o *outcome) acting(z *odds) weighed {
	k, _ := z.wished(o.acted)
	return weighed{1, bound(z.of(o.acted)), bound(z[0]), bound(z[k]), max(0, bound(z[k])), (o.least - 0.9) * 5, unit(len(o.acted) > 1), unit(len(o.held) > 0)}
}

// without leaves out what the model holds for improbable beside something that it finds likely.
func (o outcome) without(z *odds) (outcome, bool) {
	var kept []Intent
	for _, i := range o.acted {
		if z.of([]Intent{i}) > unlikely {
			kept = append(kept, i)
		}
	}
	if len(kept) == 0 || len(kept) == len(o.acted) || z.of(kept) < 0 {
		return o, false
	}
	o.acted = kept
	return o, true
}

// unlikely are the log odds below which a reading beside a likely one is dropped.
const unlikely = -1.5

// wish is what is weighed of a change that the rules did not find.
func (o *outcome) wish(z *odds) (weighed, Intent) {
	k, second := z.wished(nil)
	same := hasIntent(o.held, learnable[k])
	return weighed{1, bound(z[k]), bound(z[0]), bound(second), unit(same), unit(len(o.held) > 0 && !same), unit(o.asks), unit(len(o.acted) > 0)}, learnable[k]
}

// chance is the probability that the weighed evidence stands for.
func (w *weighed) chance(by *weighed) float64 {
	z := 0.0
	for i := range w {
		z += float64(w[i] * by[i])
	}
	return sigmoid(z)
}

// sigmoid is a probability from log odds, by multiplications alone, so that every machine finds the same.
func sigmoid(z float64) float64 {
	z = max(-12, min(12, z))
	e := 1 + float64(-z/4096)
	for range 12 {
		e = float64(e * e)
	}
	return 1 / (1 + e)
}
