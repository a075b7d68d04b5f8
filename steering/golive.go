package steering

import (
	"slices"
	"strings"
)

// goLiveNames are what people call the moment of going live, folded; the first ones are the surest.
var goLiveNames = []string{
	"go live", "golive", "salida en vivo", "salida a vivo", "salida a produccion", "puesta en produccion", "paso a produccion",
	"entrada em producao", "entrada em operacao", "ida para producao", "puesta en marcha", "lanzamiento", "lancamento",
	"virada", "launch", "cutover",
}

// GoLive returns the milestone at which the client starts to use the system: the one with such a name, or else such an
// alias; without any, the last gate, else the last milestone by due date. Cancelled ones do not count; nil if none is
// left. Of several with a fitting name the one that is named just so wins over one that mentions it ("before go-live"),
// then a gate, then the latest.
func (p *Project) GoLive() *Milestone {
	var best *Milestone
	bestRank := 0
	for _, m := range p.Milestones {
		if m.Status == Cancelled {
			continue
		}
		rank := goLiveRank(m)
		if best == nil || rank > bestRank || (rank == bestRank && m.Due >= best.Due) {
			best, bestRank = m, rank
		}
	}
	return best
}

// goLiveRank says how much speaks for the milestone being the go-live.
func goLiveRank(m *Milestone) int {
	rank := 0
	if m.Gate {
		rank = 1
	}
	if !hintsAtGoLive(m.Name) && !slices.ContainsFunc(m.Aliases, hintsAtGoLive) {
		return rank
	}
	name := foldName(m.Name)
	exact, mentions := slices.Contains(goLiveNames, name), mentionsGoLive(name)
	for _, alias := range m.Aliases {
		exact = exact || slices.Contains(goLiveNames, foldName(alias))
	}
	switch {
	case slices.Contains(goLiveNames, name):
		return 6 + rank
	case exact:
		return 4 + rank
	case mentions:
		return 2 + rank
	}
	return rank
}

// goLiveHints are beginnings of words of which every one of goLiveNames has one, by their first letter. Names are folded only
// when they hold one, and are looked through without a copy: the go-live is looked for several times at every change of a
// project.
var goLiveHints = [...][]string{
	'c' - 'a': {"cutover"}, 'l' - 'a': {"live", "lanz", "lanc", "lanç", "launch"}, 'm' - 'a': {"marcha"}, 'o' - 'a': {"opera"},
	'p' - 'a': {"produ"}, 'v' - 'a': {"vivo", "virada"},
}

func hintsAtGoLive(name string) bool {
	for i := range len(name) {
		letter := int(name[i]|0x20) - 'a' // in lower case
		if letter < 0 || letter >= len(goLiveHints) {
			continue
		}
		for _, hint := range goLiveHints[letter] {
			if len(name)-i >= len(hint) && strings.EqualFold(name[i:i+len(hint)], hint) {
				return true
			}
		}
	}
	return false
}

func mentionsGoLive(name string) bool {
	return slices.ContainsFunc(goLiveNames, func(known string) bool {
		return strings.Contains(" "+name+" ", " "+known+" ")
	})
}

// foldName lowers, drops accents and turns everything but letters and digits into single spaces.
func foldName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if plain, ok := plainLetter[r]; ok {
			r = plain
		}
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			r = ' '
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

var plainLetter = map[rune]rune{
	'á': 'a', 'à': 'a', 'â': 'a', 'ã': 'a', 'é': 'e', 'ê': 'e', 'í': 'i', 'ó': 'o', 'ô': 'o', 'õ': 'o', 'ú': 'u', 'ü': 'u',
	'ç': 'c', 'ñ': 'n',
}

// goLiveDay is the day of the go-live, until then its due date; 0 if there is none.
func (p *Project) goLiveDay() Date {
	m := p.GoLive()
	switch {
	case m == nil:
		return 0
	case m.Status == Done && m.DoneOn != 0:
		return m.DoneOn
	}
	return m.Due
}

// warrantyFollows lets the warranty begin with the go-live's day, until then its due date, and keeps its length.
func (a *act) warrantyFollows() []Remark {
	w, from := a.p.Warranty, a.p.goLiveDay()
	if w == nil || w.From == 0 || from == 0 || from == w.From {
		return nil
	}
	if w.Until != 0 {
		w.Until += from - w.From
	}
	w.From = from
	a.p.Record("warranty.set", "warranty")
	var out Outcome
	out.remark(RemarkWarrantyMoved, "from", w.From, "until", w.Until)
	return out.Remarks
}
