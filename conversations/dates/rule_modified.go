package dates

// modifiedDate reads what starts with "próximo", "este", "último": a weekday, a day or a date.
func (p *parser) modifiedDate(i int) (hit, bool) {
	rel, j, ok := p.modifier(i)
	if !ok {
		return hit{}, false
	}
	if h, ok := p.nextWorkday(i, j, rel); ok {
		return h, true
	}
	j = max(p.skip(j, clsDayWord), j)
	if h, ok := p.absolute(j); ok {
		h.from = i
		if !h.hasYear {
			h.spec.tense = tenseOf(rel)
		}
		return h, true
	}
	if w, k, _, ok := p.weekday(j); ok {
		base := hit{spec: spec{form: formWeekly, weekday: w}, kind: KindWeekday, from: i, to: k, weight: 90}
		if h, ok := p.datedWeekday(base, k); ok {
			return h, true
		}
		base.spec = p.modified(base.spec, rel)
		if rel2, k2, ok := p.modifier(k); ok && rel2 != 0 && !p.lex.monthFirst && !p.thisUnit(k) {
			base.spec, base.to = p.modified(base.spec, rel2), k2
		}
		return p.weekdayTail(base, base.to), true
	}
	return p.modifiedDay(i, j, rel)
}

// nextWorkday reads "próximo dia útil", "next business day".
func (p *parser) nextWorkday(i, j, rel int) (hit, bool) {
	_, end, ok := p.at(j, clsWorkingDays)
	if !ok {
		unit, k, isUnit := p.at(j, clsUnit)
		_, end, ok = p.at(k, clsWorking)
		ok = ok && isUnit && unit == unitDay
	}
	if !ok || rel != 1 {
		return hit{}, false
	}
	return hit{spec: spec{date: p.o.Calendar.Add(p.today(), 1)}, kind: KindRelative, from: i, to: end, weight: 85}, true
}

// modifiedDay reads "el próximo 27", "este 20".
func (p *parser) modifiedDay(i, j, rel int) (hit, bool) {
	n, end, _, ok := p.dayNumber(j)
	if !ok || !p.isNumber(j) || p.countsThings(end) || p.labelled(i) {
		return hit{}, false
	}
	s := spec{form: formMonthly, n: n, tense: tenseOf(rel)}
	return hit{spec: s, kind: KindDay, from: i, to: end, weight: 75}, true
}
