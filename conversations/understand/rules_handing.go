package understand

// weighLeaving reads "I'm leaving 2 with @gus", "le estoy dejando el 4 a Bruno".
func weighLeaving(f *facts) float64 {
	if f.onMilestone() && len(f.people) == 1 && !f.dated() && f.form(cLeave, cPass, cGive, cAssign)&mGer != 0 && f.has(cBe) || f.onMilestone() && len(f.people) == 1 && f.r.li == 2 && f.form(cLeave, cPass, cGive)&mGer != 0 {
		if f.beforePerson(cTo, cWith, cFor) && !f.asked() && !f.has(cNot, cThey) {
			return 0.9
		}
	}
	return 0
}

// buildRenamed also reads the name before its noun: "al 6 ponle Carga maestra de nombre".
func buildRenamed(r *reader, f *facts, fr *Frame, last *Frame) {
	buildRename(r, f, fr, last)
	if fr.Stance == Intention && f.has(cCall) && len(f.ms) > 0 && !f.has(cIf, cMaybe, cThey) {
		fr.Stance = Report // "el 4 se va a llamar …" names it
	}
	if fr.Slots.Name != "" || len(f.ms) == 0 {
		return
	}
	n, p := f.at(cName), f.at(cPut)
	if n < 0 || p < 0 || n < p+3 || n != f.c.to-1 || !r.items[n-1].has(cOf) {
		return
	}
	from := p + 1
	if name := trimName(f.text(from, n-1)); name != "" {
		fr.Slots.Name = name
		kept := fr.Missing[:0]
		for _, m := range fr.Missing {
			if m != "name" {
				kept = append(kept, m)
			}
		}
		fr.Missing = kept
	}
}

// weighCalled reads "el 2 ahora se llama …", whatever the new name would mean by itself.
func weighCalled(f *facts) float64 {
	i := f.at(cCall)
	if i < 0 || len(f.ms) == 0 || f.asked() || f.r.items[i].to-f.r.items[i].from < 2 {
		return 0
	}
	if f.itemOf(itMilestone, f.ms[0]) < i && f.r.items[i].form(cCall)&(mP3|mFut|mImp) != 0 {
		return 0.97
	}
	return 0
}

// weighLeftBehind reads "quedó el 2", nothing more said.
func weighLeftBehind(f *facts) float64 {
	if f.r.li != 0 || len(f.ms) == 0 || f.form(cStay)&mPst3 == 0 || f.dated() || f.asked() || f.unknown > 0 || len(f.people) > 0 {
		return 0
	}
	i := f.at(cStay)
	for k := f.c.from; k < f.c.to; k++ {
		it := &f.r.items[k]
		if k != i && it.kind != itMilestone && it.kind != itPunct && it.kind != itEmoji && !it.has(cAnd, cNoise, cAlready, cPlease, cNow) {
			return 0
		}
	}
	if f.itemOf(itMilestone, f.ms[0]) > i {
		return 0.9
	}
	return 0
}

// weighLeftMade reads "el viernes dejé montado el entorno", "na sexta deixei o ambiente montado", "quedó instalado el 4".
func weighLeftMade(f *facts) float64 {
	if f.r.li == 2 || len(f.ms) != 1 || f.form(cLeave, cStay)&(mPst1|mPst3) == 0 || f.form(cLeave, cStay)&(mImp|mFut|mCond) != 0 && f.form(cLeave)&mPst1 == 0 || f.asked() || f.datedAhead() && !f.mayBePast() || f.has(cNot, cNotYet, cAlmost, cLack, cBlock, cOverdue, cPending) || len(f.people) > 0 {
		return 0
	}
	for i := f.c.from; i < f.c.to; i++ {
		it := &f.r.items[i]
		if it.kind == itUnknown && hasSuffix(f.r.words[it.from].norm, "ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas") || it.anyForm(achieving...)&mPart != 0 {
			return 0.93
		}
	}
	return 0
}

// mayBePast reports whether every day of the clause can be read as one that lies behind.
func (f *facts) mayBePast() bool {
	for _, d := range f.dates {
		if _, ok := f.r.pastReading(d); !ok {
			return false
		}
	}
	return len(f.shifts) == 0
}

// weighFirstThen reads "primero la capacitación y después el piloto".
func weighFirstThen(f *facts) float64 {
	if len(f.ms) != 2 || f.dated() || f.asked() || f.unknown > 1 || len(f.people) > 0 {
		return 0
	}
	switch f.r.words[f.r.items[f.c.from].from].norm {
	case "primero", "primeiro", "first":
	default:
		return 0
	}
	then := false
	for k := f.c.from; k < f.c.to; k++ {
		it := &f.r.items[k]
		for w := it.from; w < it.to; w++ {
			switch f.r.words[w].norm {
			case "despues", "luego", "depois", "then", "entonces":
				then = then || k > f.itemOf(itMilestone, f.ms[0]) && k < f.itemOf(itMilestone, f.ms[1])
			}
		}
		for _, s := range it.senses {
			if isActing(s.c) && s.c != cGo && s.c != cPass {
				return 0
			}
		}
	}
	if !then {
		return 0
	}
	return 0.9
}

// taking are the verbs of "que Bruno vea la migración", "que o Bruno cuide da migração".
var taking = map[string]bool{
	"vea": true, "lleve": true, "haga": true, "tome": true, "agarre": true, "maneje": true, "atienda": true, "lidere": true, "coordine": true,
	"veja": true, "cuide": true, "toque": true, "leve": true, "assuma": true, "asuma": true, "pegue": true, "faca": true, "conduza": true,
}

func weighThatOne(f *facts) float64 {
	i := f.r.firstTelling(f.c.from, f.c.to)
	if len(f.people) != 1 || !f.onMilestone() && !f.pointed() || f.dated() || f.asked() || f.has(cNot) || i >= f.c.to || !f.r.items[i].has(cThat) {
		return 0
	}
	for k := i + 1; k < f.c.to && k <= i+4; k++ {
		if taking[f.r.words[f.r.items[k].from].norm] {
			return 0.9
		}
	}
	return 0
}

// weighHandOver reads "hand the migration over to Bruno".
func weighHandOver(f *facts) float64 {
	if f.r.li == 2 && f.onMilestone() && len(f.people) == 1 && f.form(cPass, cGive)&(mImp|mInf) != 0 && f.beforePerson(cTo) && !f.dated() && !f.asked() && f.r.items[f.r.firstTelling(f.c.from, f.c.to)].has(cPass, cGive) {
		return 0.95
	}
	return 0
}

// weighHanding reads "la capacitación se la paso a Gustavo".
func weighHanding(f *facts) float64 {
	if f.r.li != 0 || !f.onMilestone() || len(f.people) != 1 || f.dated() || f.asked() || f.has(cNot, cSoon, cAfter, cIf) || f.unknown > 0 || !f.has(cRefl) {
		return 0
	}
	if f.form(cPass, cGive, cLeave, cAssign)&mP1S != 0 && f.beforePerson(cTo, cWith, cFor) {
		return 0.9
	}
	return 0
}
