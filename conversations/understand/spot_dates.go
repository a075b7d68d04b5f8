package understand

import (
	"timonel/conversations/dates"
	"timonel/steering"
)

// dateRef is a day as said.
type dateRef struct {
	Dated
	from, to int  // words
	weak     bool // a bare day of the month
	old      bool // the day that something moves away from: "del 13 al 17"
	toward   bool // said as where something is put: "al", "para", "to"
	relative bool // counted from today: "en 3 días"
	far      bool // counted from today without doubt: "dentro de 3 semanas", "daqui a", "from now"
	since    bool // "desde hoy", "from today on"
	conflict bool // contradicts itself: "viernes 4 de abril" of a year in which that is a Saturday
	ahead    bool // says by itself that it lies ahead: "mañana", "el próximo lunes"
}

// shiftRef is a length of time said as a movement.
type shiftRef struct {
	shift    dates.Shift
	from, to int
}

// clockRef marks a time of day.
type clockRef struct{ from, to int }

// dateOptions are those of the package dates for this message.
func (r *reader) dateOptions(past bool) dates.Options {
	return dates.Options{Lang: r.lang, Today: r.scene.Today, Calendar: r.scene.Calendar, Past: past, Skip: r.skip}
}

// dateOptionsPlain are those for a part of the message, where no span needs to be skipped.
func (r *reader) dateOptionsPlain() dates.Options {
	return dates.Options{Lang: r.lang, Today: r.scene.Today, Calendar: r.scene.Calendar}
}

// spotDates finds days and lengths of time outside of what is already known to be something else.
func (r *reader) spotDates() {
	r.skip = r.skip[:0]
	for i := range r.words {
		if r.words[i].taken || r.noDay(&r.words[i]) {
			r.skip = append(r.skip, [2]int{r.words[i].start, r.words[i].end})
		}
	}
	if !r.mayHoldDates() {
		return
	}
	found, shifts := dates.FindAll(r.head, r.dateOptions(false))
	if r.skipLoosePeriods(found) {
		found, shifts = dates.FindAll(r.head, r.dateOptions(false))
	}
	for _, f := range found {
		from, to := r.wordsOf(f.Start, f.End)
		if from >= to {
			continue
		}
		ref := dateRef{Dated: Dated{Date: f.Date, Past: f.Past, Start: f.Start, End: f.End}, from: from, to: to, weak: f.Kind == dates.KindDay && r.isBareDay(from, to) && !r.saysDay(f.Outer, f.Start)}
		ref.toward = f.Role == dates.RoleTo || f.Role == dates.RoleBy
		ref.old, ref.conflict = f.Rejected, f.Conflict
		ref.since = f.Role == dates.RoleFrom
		ref.relative = f.Kind == dates.KindRelative
		if ref.relative {
			ref.far = r.saysFar(from, to)
			ref.ahead = f.Date > r.scene.Today
		}
		if !ref.weak {
			r.take(from, to)
		}
		r.dates = append(r.dates, ref)
	}
	for _, s := range shifts {
		from, to := r.wordsOf(s.Start, s.End)
		if from >= to {
			continue
		}
		r.shifts = append(r.shifts, shiftRef{s, from, to})
	}
	r.spotOneMore()
}

// skipLoosePeriods reports whether a period was read into bare numbers alone ("entre el 8 y el 7", "el viernes al 2"), and
// keeps those numbers from being read as days again: what they are depends on their places.
func (r *reader) skipLoosePeriods(found []dates.Found) bool {
	loose := false
	for _, f := range found {
		from, to := r.wordsOf(f.Start, f.End)
		if f.From == 0 && !r.joinedInside(from, to) || r.saysMonth(from, to) {
			continue
		}
		for i := from; i < to; i++ {
			if w := &r.words[i]; w.kind == tokNumber && !w.taken {
				r.skip = append(r.skip, [2]int{w.start, w.end})
				loose = true
			}
		}
	}
	return loose
}

// joinedInside reports whether a joining word stands inside a span of words.
func (r *reader) joinedInside(from, to int) bool {
	for i := from + 1; i+1 < to; i++ {
		if r.words[i].has(cAnd, cTo, cUntil) || r.words[i].is("al") {
			return true
		}
	}
	return false
}

// saysMonth reports whether words hold more than days of the week, numbers and what joins them.
func (r *reader) saysMonth(from, to int) bool {
	for i := from; i < to; i++ {
		w := &r.words[i]
		if w.kind == tokMixed || w.norm == "/" || w.norm == "-" {
			return true
		}
		if _, isWeekday := r.model.tables.weekdays[w.norm]; isWeekday || w.kind != tokWord {
			continue
		}
		if !w.has(cDet, cTo, cUntil, cOf, cFrom, cAnd, cWith, cFor, cAt, cDay) {
			return true
		}
	}
	return false
}

// spotOneMore reads "another week", "one more week", "otra semana", "mais uma semana" where nothing else was found.
func (r *reader) spotOneMore() {
	for i := 0; i+1 < len(r.words); i++ {
		w := &r.words[i]
		if w.norm == "+" && i+2 < len(r.words) && r.words[i+1].num > 0 && !r.words[i+1].taken {
			if unit, ok := shiftUnits[stem(r.words[i+2].norm)]; ok {
				r.addShift(dates.Shift{N: r.words[i+1].num, Unit: unit}, i, i+3) // "+1 semana"
			}
			continue
		}
		if w.taken || !(w.has(cNew) && (w.is("another") || w.is("otra") || w.is("otro") || w.is("outra") || w.is("outro")) || w.has(cMore)) {
			continue
		}
		k := i + 1
		if w.has(cMore) && k+1 < len(r.words) && numberWord(r.words[k].norm) == 1 {
			k++
		}
		n := 1
		if w.has(cMore) && i > 0 && !r.words[i-1].taken && k == i+1 {
			if v := r.numberValue(i - 1); v > 1 && v < 100 {
				n = v // "two more weeks"
			}
		}
		working := false
		if k+1 < len(r.words) && (r.words[k].is("business") || r.words[k].is("working") || r.words[k].is("work")) {
			working = true
			k++
		}
		unit, ok := shiftUnits[stem(r.words[k].norm)]
		if !ok || r.words[k].taken || r.inShift(k) {
			continue
		}
		from := i
		if n > 1 || i > 0 && (r.words[i-1].is("one") || r.words[i-1].is("a") || r.words[i-1].is("an")) {
			from = i - 1
		}
		r.shifts = append(r.shifts, shiftRef{dates.Shift{N: n, Unit: unit, Working: working, Start: r.words[from].start, End: r.words[k].end}, from, k + 1})
	}
}

func (r *reader) addShift(s dates.Shift, from, to int) {
	s.Start, s.End = r.words[from].start, r.words[to-1].end
	for i := range r.shifts {
		if r.shifts[i].from < to && from < r.shifts[i].to {
			return
		}
	}
	r.shifts = append(r.shifts, shiftRef{s, from, to})
}

func (r *reader) inShift(word int) bool {
	for i := range r.shifts {
		if word >= r.shifts[i].from && word < r.shifts[i].to {
			return true
		}
	}
	return r.insideDate(word)
}

var shiftUnits = map[string]dates.Unit{
	"semana": dates.Weeks, "week": dates.Weeks, "semanita": dates.Weeks, "semaninha": dates.Weeks, "dia": dates.Days, "day": dates.Days,
	"mes": dates.Months, "month": dates.Months,
}

// noDay reports whether a word is a verb, or "agora", that a slip could make a day or a month of ("teria", "9 agora").
func (r *reader) noDay(w *word) bool {
	if w.kind != tokWord || w.typo || len(w.senses) == 0 || r.model.timeWords[w.norm] || int(w.lang) != r.li || r.li == 2 {
		return false
	}
	for _, s := range w.senses {
		if s.c == cNow && (w.is("agora") || w.is("ahora")) || s.m&(mCond|mImpf|mFut) != 0 && s.m&mWord == 0 && (s.c == cHave || s.c == cBe || s.c == cGo) {
			return true
		}
	}
	return false
}

// mayHoldDates is a cheap look for anything a date needs: a digit, or a word that is neither known as something else
// nor short.
func (r *reader) mayHoldDates() bool {
	for i := range r.words {
		w := &r.words[i]
		if w.taken {
			continue
		}
		if w.num >= 0 || w.kind == tokMixed || r.model.timeWords[w.norm] {
			return true
		}
	}
	return false
}

// saysDay reports whether the words between two bytes hold "día", "dia", "day".
func (r *reader) saysDay(from, to int) bool {
	a, b := r.wordsOf(from, to)
	for i := a; i < b; i++ {
		if r.words[i].has(cDay) {
			return true
		}
	}
	return false
}

// isBareDay reports whether the span is only a number with its article.
func (r *reader) isBareDay(from, to int) bool {
	number := false
	for i := from; i < to; i++ {
		w := &r.words[i]
		switch {
		case w.kind == tokNumber:
			if number {
				return false
			}
			number = true
		case w.has(cDay), w.kind == tokMixed:
			return false
		case w.kind == tokWord && !w.has(cDet, cTo, cUntil, cFor, cOf, cFrom, cAt, cBefore):
			return false
		case w.norm == "/" || w.norm == "-":
			return false
		}
	}
	return number
}

// settleDays keeps the bare days that the numbers' places confirmed and forgets the others.
func (r *reader) settleDays() {
	kept := r.dates[:0]
	for _, d := range r.dates {
		if !d.weak || r.confirmedDay(d) {
			kept = append(kept, d)
		}
	}
	r.dates = kept
	for _, b := range r.bareDays {
		known := false
		for _, d := range r.dates {
			known = known || d.from < b.to && b.from < d.to
		}
		if known {
			continue
		}
		start, end := r.words[b.from].start, r.words[b.to-1].end
		r.dates = append(r.dates, dateRef{Dated: Dated{Date: dayOfMonth(r.scene.Today, r.words[b.to-1].num, false), Start: start, End: end}, from: b.from, to: b.to, weak: true})
	}
	for i := range r.dates {
		d := &r.dates[i]
		r.take(d.from, d.to)
		d.old = d.old || d.from > 0 && (r.words[d.from-1].has(cNot) || d.from > 1 && r.words[d.from-1].has(cDet) && r.words[d.from-2].has(cNot)) && len(r.dates) > 1 || r.wasDue(d.from) && r.anyOther(i) || d.from > 0 && (r.words[d.from-1].is("del") || r.words[d.from-1].is("de") || r.words[d.from-1].is("from") || r.words[d.from].is("del") || r.words[d.from].is("from")) && r.anotherFollows(i)
	}
	sortDates(r.dates)
}

// wasDue reports whether a day is only the one that something had: "el setup que estaba para el 20".
func (r *reader) wasDue(from int) bool {
	for i := from - 1; i > 0 && i >= from-6; i-- {
		if r.words[i].form(cBe)&(mImpf|mPst3) != 0 && r.words[i-1].has(cThat) {
			return true
		}
		if r.words[i].kind == tokPunct {
			return false
		}
	}
	return false
}

func (r *reader) anyOther(i int) bool { return len(r.dates) > 1 && i < len(r.dates)-1 }

// anotherFollows reports whether a later day is right behind: "del 13 al 17".
func (r *reader) anotherFollows(i int) bool {
	for k := range r.dates {
		if gap := r.dates[k].from - r.dates[i].to; k != i && gap >= 0 && gap <= 4 {
			return true
		}
	}
	return false
}

func (r *reader) confirmedDay(d dateRef) bool {
	for _, b := range r.bareDays {
		if b.to == d.to || b.from < d.to && d.from < b.to {
			return true
		}
	}
	return false
}

// wordsOf returns the words that lie within a span of bytes.
func (r *reader) wordsOf(start, end int) (from, to int) {
	from = -1
	for i := range r.words {
		w := &r.words[i]
		if w.start >= end {
			break
		}
		if w.end > start {
			if from < 0 {
				from = i
			}
			to = i + 1
		}
	}
	if from < 0 {
		return 0, 0
	}
	return from, to
}

// spotClocks marks times of day, so that "a las 10" is no milestone.
func (r *reader) spotClocks() {
	for i := range r.words {
		w := &r.words[i]
		if w.taken || w.num < 0 || w.num > 24 {
			continue
		}
		from, to := i, i+1
		if to+1 < len(r.words) && r.words[to].norm == ":" && r.words[to].glued && r.words[to+1].num >= 0 && r.words[to+1].glued {
			to += 2
		}
		suffix := to < len(r.words) && isClockSuffix(r.words[to].norm)
		prefix := i > 0 && (r.words[i-1].is("las") && i > 1 && (r.words[i-2].is("a") || r.words[i-2].is("para")) || r.words[i-1].low == "às" || r.words[i-1].is("as") && r.li == 1 || r.words[i-1].is("at") && !r.percentAfter(to))
		if !suffix && !prefix && to == i+1 {
			continue
		}
		if suffix {
			to++
		}
		r.clocks = append(r.clocks, clockRef{from, to})
	}
}

func (r *reader) percentAfter(i int) bool { return r.percentSign(i) > 0 }

func isClockSuffix(norm string) bool {
	switch norm {
	case "am", "pm", "h", "hs", "hrs", "hr", "horas", "hora", "o'clock", "oclock":
		return true
	}
	return false
}

// saysFar reports whether a relative day cannot be a movement.
func (r *reader) saysFar(from, to int) bool {
	for i := max(0, from-1); i < to+2 && i < len(r.words); i++ {
		switch r.words[i].norm {
		case "dentro", "daqui", "within", "now", "aqui", "hoy", "hoje", "today":
			return true
		}
	}
	return false
}

// readAhead reads the day in a span of bytes by itself, for what can only lie ahead.
func (r *reader) readAhead(start, end int) (steering.Date, bool) {
	if start < 0 || end > len(r.text) || start >= end {
		return 0, false
	}
	f, ok := dates.First(r.text[start:end], r.dateOptionsPlain())
	return f.Date, ok && f.Date >= r.scene.Today
}

// readPast reads the day in a span of bytes as one that lies behind.
func (r *reader) readPast(start, end int) (steering.Date, bool) {
	f, ok := dates.First(r.text[start:end], dates.Options{Lang: r.lang, Today: r.scene.Today, Calendar: r.scene.Calendar, Past: true})
	return f.Date, ok
}
