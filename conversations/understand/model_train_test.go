package understand

import (
	"flag"
	"math"
	"os"
	"sync"
	"testing"
)

// train fits one logistic regression an intent by stochastic gradient descent with steps of its own for each weight. The order
// of the lessons is fixed and products are rounded before they are added, so that every machine finds the same weights.
func train(all []lesson) *linear {
	w := make([]float64, numLearnable<<modelBits)
	g := make([]float64, numLearnable<<modelBits)
	var bias, gb, z odds
	var off []int // the intents that the weights are wrong about
	order := shuffled(len(all))
	for range trainRounds {
		for _, at := range order {
			l := &all[at]
			z = bias
			for _, h := range l.clues {
				row := w[int(h&(1<<modelBits-1))*numLearnable:][:numLearnable]
				for k := range z {
					z[k] += row[k]
				}
			}
			off = off[:0]
			for k := range z {
				d := unit(l.teaches(k)) - sigmoid(z[k])
				if math.Abs(d) < 0.01 {
					continue
				}
				z[k] = d
				off = append(off, k)
				gb[k] += float64(d * d)
				bias[k] += float64(trainStep * d / math.Sqrt(gb[k]+1))
			}
			for _, h := range l.clues {
				at := int(h&(1<<modelBits-1)) * numLearnable
				for _, k := range off {
					d := z[k]
					g[at+k] += float64(d * d)
					w[at+k] += float64(trainStep * d / math.Sqrt(g[at+k]+1))
				}
			}
		}
	}
	return quantised(w, bias[:])
}

// teaches reports whether the lesson is one of the k-th learnable intent.
func (l *lesson) teaches(k int) bool {
	return k == 0 && len(l.wants) == 0 || k > 0 && hasIntent(l.wants, learnable[k])
}

const (
	trainRounds = 8
	trainStep   = 0.25
)

func quantised(w, bias []float64) *linear {
	top := 0.0
	for _, v := range w {
		top = max(top, math.Abs(v))
	}
	l := &linear{scale: top / 127}
	copy(l.bias[:], bias)
	bytes := make([]byte, len(w))
	for i, v := range w {
		bytes[i] = byte(int8(math.Round(v / l.scale)))
	}
	l.weights = string(bytes)
	return l
}

// shuffled is a fixed order of n.
func shuffled(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	state := uint64(42)
	for i := n - 1; i > 0; i-- {
		state = state*6364136223846793005 + 1442695040888963407
		k := int((state >> 33) % uint64(i+1))
		out[i], out[k] = out[k], out[i]
	}
	return out
}

// crossed gives each lesson the log odds of a model that has not seen it.
func crossed(all []lesson, folds int) []odds {
	out := make([]odds, len(all))
	for f := range folds {
		var rest []lesson
		for i := range all {
			if foldOf(&all[i], folds) != f {
				rest = append(rest, all[i])
			}
		}
		l := train(rest)
		for i := range all {
			if foldOf(&all[i], folds) == f {
				out[i] = l.weigh(all[i].clues)
			}
		}
	}
	return out
}

func foldOf(l *lesson, folds int) int { return int(hashText(l.say)>>7) % folds }

var learn = flag.Bool("learn", false, "write the learned model")

// schooling is what the tests of the model share: the lessons, what models say of them that have not seen them, and what the
// rules read of them before they were written for them.
var schooling = sync.OnceValue(func() (s struct {
	all      []lesson
	z        []odds
	observed []observed
	err      error
}) {
	m, err := Load()
	if err != nil {
		s.err = err
		return s
	}
	m.learned = nil // what is learned must not depend on what was
	if s.all, s.err = lessons(m); s.err != nil {
		return s
	}
	s.z = crossed(s.all, 5)
	s.observed, s.err = observations(s.all, s.z)
	return s
})

// TestLearnedModel retrains: the same lessons give the same bytes. While words and rules are being edited the built-in model may lag
// behind them, as long as it says the same of ninety-nine lessons in a hundred; then it has to be learned anew.
func TestLearnedModel(t *testing.T) {
	s := schooling()
	if s.err != nil {
		t.Fatal(s.err)
	}
	l := train(s.all)
	l.acting, l.wish = fit(actingSamples(s.observed)), fit(wishSamples(s.observed))
	if *learn {
		if err := os.WriteFile("model.bin", l.bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if train(s.all).weights != l.weights {
		t.Fatal("the same lessons gave two models")
	}
	if string(l.bytes()) == learnedFile {
		return
	}
	built, err := readLinear(learnedFile)
	if err != nil {
		t.Fatal(err)
	}
	differ := 0
	for i := range s.all {
		a, b := l.weigh(s.all[i].clues), built.weigh(s.all[i].clues)
		x, _ := a.wished(nil)
		y, _ := b.wished(nil)
		if x != y && (a[x] > 0 || b[y] > 0) || a[0] > 0 != (b[0] > 0) {
			differ++
		}
	}
	t.Logf("the lessons have changed since: the built-in model says something else of %d of %d; go generate ./conversations/understand", differ, len(s.all))
	if 100*differ > len(s.all) {
		t.Error("the built-in model lags behind its lessons")
	}
}
