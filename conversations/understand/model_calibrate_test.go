package understand

import (
	"fmt"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// observed is what the rules read of a lesson when they had not been written for it.
type observed struct {
	batch string
	lesson
	outcome
	z odds
}

// observations joins testdata/learn with the lessons and the log odds of models that have not seen them.
func observations(all []lesson, z []odds) ([]observed, error) {
	data, err := os.ReadFile("testdata/learn/readings.tsv")
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i := range all {
		at[all[i].lang+" "+all[i].say] = i
	}
	var out []observed
	for _, line := range strings.Split(string(data), "\n") {
		part := strings.Split(line, "\t")
		if len(part) != 5 || line[0] == '#' {
			continue
		}
		i, ok := at[part[1]+" "+strings.ReplaceAll(part[4], `\n`, "\n")]
		if !ok {
			continue
		}
		o := observed{batch: part[0], lesson: all[i], z: z[i], outcome: outcome{least: 1, doubtful: part[3] != "0"}}
		for _, f := range strings.Fields(part[2]) {
			p := strings.Split(strings.TrimSuffix(f, "?"), "/")
			w, err := strconv.ParseFloat(p[2], 64)
			if err != nil {
				return nil, fmt.Errorf("weight of %q: %w", f, err)
			}
			o.add(Intent(p[0]), Stance(p[1]), w, strings.HasSuffix(f, "?"))
		}
		out = append(out, o)
	}
	return out, nil
}

func sameIntents(a, b []Intent) bool {
	for _, i := range a {
		if !hasIntent(b, i) {
			return false
		}
	}
	return len(a) == len(b)
}

// sample is a row to fit.
type sample struct {
	x      weighed
	y      float64
	weight float64
	of     *observed
}

func actingSamples(all []observed) (out []sample) {
	for i := range all {
		o := &all[i]
		if len(o.acted) > 0 && !o.doubtful {
			out = append(out, sample{o.acting(&o.z), unit(sameIntents(o.acted, o.wants)), batchWeight(o.batch), o})
		}
	}
	return out
}

func wishSamples(all []observed) (out []sample) {
	for i := range all {
		o := &all[i]
		if x, intent := o.wish(&o.z); !hasIntent(o.acted, intent) {
			out = append(out, sample{x, unit(len(o.wants) == 1 && o.wants[0] == intent), batchWeight(o.batch), o})
		}
	}
	return out
}

// batchWeight makes what newer rules read count more than what older ones did.
func batchWeight(batch string) float64 {
	switch {
	case strings.HasPrefix(batch, "fresh"):
		return 1
	case batch == "traps":
		return 0.2
	}
	return 0.4
}

// fit finds the logistic function of samples by steps along the gradient, for a fixed number of them.
func fit(samples []sample) weighed {
	var w, sum weighed
	total := 0.0
	for _, s := range samples {
		total += s.weight
	}
	for range 600 {
		var g weighed
		for k := range w {
			g[k] = float64(0.002 * w[k])
		}
		for i := range samples {
			s := &samples[i]
			d := (s.x.chance(&w) - s.y) * s.weight / total
			for k := range g {
				g[k] += float64(d * s.x[k])
			}
		}
		for k := range w {
			sum[k] += float64(g[k] * g[k])
			w[k] -= float64(0.15 * g[k] / math.Sqrt(sum[k]+1e-12))
		}
	}
	for k := range w {
		w[k] = math.Round(w[k]*1000) / 1000
	}
	return w
}

func TestCalibration(t *testing.T) {
	s := schooling()
	if s.err != nil {
		t.Fatal(s.err)
	}
	for _, part := range []struct {
		name    string
		samples []sample
		names   []string
	}{{"acting", actingSamples(s.observed), actingNames[:]}, {"wish", wishSamples(s.observed), wishNames[:]}} {
		t.Logf("%s: %d", part.name, len(part.samples))
		w := fit(part.samples)
		for k, n := range part.names {
			t.Logf("   %-32s %6.3f", n, w[k])
		}
		reliability(t, part.samples)
	}
}

// reliability prints, in bands of the crossed confidence, how many readings there are and how many are right.
func reliability(t *testing.T, samples []sample) {
	const folds = 5
	p := make([]float64, len(samples))
	for f := range folds {
		var rest []sample
		for i := range samples {
			if foldOf(&samples[i].of.lesson, folds) != f {
				rest = append(rest, samples[i])
			}
		}
		w := fit(rest)
		for i := range samples {
			if foldOf(&samples[i].of.lesson, folds) == f {
				p[i] = samples[i].x.chance(&w)
			}
		}
	}
	type band struct{ n, right, fresh, freshRight int }
	bands := map[string]*band{}
	var names []string
	for i := range samples {
		lo := math.Floor(p[i]*10) / 10
		if p[i] >= 0.9 {
			lo = math.Floor(p[i]*50) / 50
		}
		name := fmt.Sprintf("%.2f", lo)
		if *verbose && (samples[i].y == 1) != (p[i] > 0.5) && (strings.HasPrefix(samples[i].of.batch, "fresh") || p[i] > 0.9) {
			o := samples[i].of
			t.Logf("   %.3f %s %s [%s] %q wants %v rules %v %.2f", p[i], o.batch, o.lang, o.by, o.say, o.wants, o.acted, samples[i].x)
		}
		if bands[name] == nil {
			bands[name] = &band{}
			names = append(names, name)
		}
		b := bands[name]
		b.n++
		b.right += int(samples[i].y)
		if strings.HasPrefix(samples[i].of.batch, "fresh") {
			b.fresh++
			b.freshRight += int(samples[i].y)
		}
	}
	sort.Strings(names)
	for _, n := range names {
		b := bands[n]
		t.Logf("   from %s: %4d, right %5.1f %%   fresh %4d, right %5.1f %%", n, b.n, 100*float64(b.right)/float64(b.n), b.fresh, 100*float64(b.freshRight)/float64(max(1, b.fresh)))
	}
}
