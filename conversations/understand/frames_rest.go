package understand

import (
	"strings"

	"timonel/conversations/dates"
	"timonel/steering"
)

func buildEntry(r *reader, f *facts, fr *Frame, last *Frame) {
	for _, e := range f.entries {
		if k, ok := entryKinds[r.entries[e].c]; ok {
			fr.Slots.Entry, fr.Slots.Number = k, r.entries[e].number
			break
		}
	}
	if len(f.entries) > 1 {
		fr.Ambiguous = append(fr.Ambiguous, "entry")
	}
}

var entryKinds = map[concept]steering.EntryKind{
	cAction: steering.KindAction, cRisk: steering.KindRisk, cIssue: steering.KindIssue, cDecision: steering.KindDecision,
	cChangeN: steering.KindChange, cRequest: steering.KindRequest, cSupport: steering.KindRequest, cInvoice: steering.KindInvoice,
	cMeeting: steering.KindMeeting, cProposal: steering.KindProposal,
}

func buildRuleChange(r *reader, f *facts, fr *Frame, last *Frame) {
	fr.Slots.Entry = steering.KindChange
	if e := f.entryOf(cChangeN); e >= 0 {
		fr.Slots.Number = r.entries[e].number
	} else {
		fr.Missing = append(fr.Missing, "entry")
	}
	low := strings.ToLower(f.text(f.c.from, f.c.to))
	if f.has(cScope) {
		fr.Slots.Scope = steering.ScopeIn
		for _, out := range []string{"fuera", "fora", "out of", "outside", "no está incluid", "não está inclu", "not in", "not part", "not within", "n't in", "no entra", "não entra", "no está en", "não está no"} {
			if strings.Contains(low, out) {
				fr.Slots.Scope = steering.ScopeOut
			}
		}
	}
	if f.has(cFree) || f.has(cCost) {
		billable := f.has(cCost) && !f.has(cFree) && !f.has(cNot)
		fr.Slots.Billable = &billable
		if f.has(cNot) && fr.Stance == Negation {
			fr.Stance = Report
		}
	}
}

func (r *reader) clocksOf(f *facts) []dates.Clock {
	start, end := r.words[r.items[f.c.from].from].start, r.words[r.items[f.c.to-1].to-1].end
	return dates.FindTime(r.text[start:end], dates.Options{Lang: r.lang, Today: r.scene.Today, Calendar: r.scene.Calendar})
}

func buildMeeting(r *reader, f *facts, fr *Frame, last *Frame) {
	if len(f.dates) > 0 {
		d := r.dates[f.dates[0]].Dated
		fr.Slots.Date = &d
		if len(f.dates) > 1 && r.dates[f.dates[1]].Date != d.Date {
			fr.Ambiguous = append(fr.Ambiguous, "date")
		}
	}
	if fr.Slots.Clocks = r.clocksOf(f); len(fr.Slots.Clocks) > 0 {
		fr.Slots.Clock = &fr.Slots.Clocks[0]
	}
	for _, m := range f.ms {
		fr.Slots.Milestones = append(fr.Slots.Milestones, r.refs[m].Ref)
	}
	fr.Slots.Reason = r.reasonIn(f)
}

func buildVote(r *reader, f *facts, fr *Frame, last *Frame) {
	for i := f.c.from; i < f.c.to; i++ {
		if r.items[i].kind == itNumber {
			fr.Slots.Number = r.words[r.items[i].from].num
		}
		if r.items[i].kind == itMilestone && r.refs[r.items[i].at].number {
			fr.Slots.Number = smallNumber(r.refs[r.items[i].at].Key)
		}
	}
	if len(f.dates) > 0 {
		d := r.dates[f.dates[0]].Dated
		fr.Slots.Date = &d
	}
	if clocks := r.clocksOf(f); len(clocks) > 0 {
		fr.Slots.Clock = &clocks[0]
	}
}

// weekdayOf returns the day of the week that a schedule names, or -1. "Segunda" is Monday in Portuguese only.
func (r *reader) weekdayOf(f *facts) int {
	for i := r.items[f.c.from].from; i < r.items[f.c.to-1].to; i++ {
		n := r.words[i].norm
		if d, ok := r.model.tables.weekdays[n]; ok && len(n) > 3 {
			if r.li != 1 && (strings.HasPrefix(n, "segunda") || strings.HasPrefix(n, "terca") || strings.HasPrefix(n, "quarta") || strings.HasPrefix(n, "quinta") || strings.HasPrefix(n, "sexta")) {
				continue
			}
			return d
		}
	}
	return -1
}

func buildSchedule(r *reader, f *facts, fr *Frame, last *Frame) {
	fr.Slots.Weekday = r.weekdayOf(f)
	if fr.Slots.Weekday < 0 {
		fr.Missing = append(fr.Missing, "weekday")
	}
	if clocks := r.clocksOf(f); len(clocks) > 0 {
		fr.Slots.Clock = &clocks[0]
		fr.Slots.Clocks = clocks
	}
}

func buildSnooze(r *reader, f *facts, fr *Frame, last *Frame) {
	for _, m := range f.ms {
		fr.Slots.Milestones = append(fr.Slots.Milestones, r.refs[m].Ref)
		if r.refs[m].Key == "" && !r.refs[m].Unknown {
			fr.Ambiguous = append(fr.Ambiguous, "milestone")
		}
	}
	fr.Slots.Everyone = f.has(cEveryone)
	fr.Slots.All = f.has(cAll) || f.has(cReminder) && len(f.ms) == 0
	if len(f.ms) == 0 {
		switch {
		case f.has(cReminder) || f.has(cAll, cNothing):
			fr.Slots.All = true
		case len(r.scene.Quoted) == 1:
			fr.Slots.Milestones = []Ref{r.keyRef(r.scene.Quoted[0])}
		case f.pointed() && len(r.scene.Focus) > 0:
			fr.Slots.Milestones = []Ref{r.keyRef(r.scene.Focus[0])}
		case r.namesSomethingElse(f):
			fr.Missing = append(fr.Missing, "milestone")
		case !f.has(cMe) && f.form(cRemind)&mMe == 0:
			fr.Slots.All = f.has(cPause, cMute) && !f.pointed()
		}
	}
	switch {
	case len(f.dates) > 0:
		d := r.dates[f.dates[len(f.dates)-1]].Dated
		fr.Slots.Date = &d
	case len(f.shifts) > 0:
		s := r.shifts[f.shifts[0]].shift
		s.Negative = false
		fr.Slots.Shift = &s
		fr.Slots.Date = &Dated{Date: s.From(r.scene.Today, r.scene.Calendar), Start: s.Start, End: s.End}
	default:
		fr.Missing = append(fr.Missing, "date")
	}
}

func buildUnmute(r *reader, f *facts, fr *Frame, last *Frame) {
	for _, m := range f.ms {
		fr.Slots.Milestones = append(fr.Slots.Milestones, r.refs[m].Ref)
	}
	fr.Slots.Everyone = f.has(cEveryone)
	fr.Slots.All = len(f.ms) == 0
}

func buildFile(r *reader, f *facts, fr *Frame, last *Frame) {
	for i := r.items[f.c.from].from; i < r.items[f.c.to-1].to; i++ {
		if format, ok := r.model.tables.formats[r.words[i].norm]; ok && (fr.Slots.Format == "" || format != "png") {
			if fr.Slots.Format == "" || format != "ics" {
				fr.Slots.Format = format
			}
		}
	}
	if fr.Intent == Picture && fr.Slots.Format == "" {
		fr.Slots.Format = "png"
	}
}

func buildWhatIf(r *reader, f *facts, fr *Frame, last *Frame) {
	for _, m := range f.ms {
		fr.Slots.Milestones = append(fr.Slots.Milestones, r.refs[m].Ref)
		if r.refs[m].Key == "" && !r.refs[m].Unknown {
			fr.Ambiguous = append(fr.Ambiguous, "milestone")
		}
	}
	if f.has(cCancel, cRemove) {
		fr.Slots.Topic = "cancelled"
	}
	r.fillMoment(f, fr, -1)
	if len(fr.Slots.Milestones) > 1 && (f.has(cSuppose, cIf)) {
		fr.Slots.Milestones = fr.Slots.Milestones[:1] // "what if training moves, does go-live move too?" supposes the first
	}
}

func buildTopic(r *reader, f *facts, fr *Frame, last *Frame) {
	for _, m := range f.ms {
		fr.Slots.Milestones = append(fr.Slots.Milestones, r.refs[m].Ref)
	}
	for _, t := range topics {
		if f.has(t.cs...) {
			fr.Slots.Topic = t.name
			break
		}
	}
	buildList(r, f, fr, last)
	r.fillPerson(f, fr, false)
	if len(f.people) == 0 {
		fr.Slots.Person = ""
	}
	fr.Slots.Roles = r.rolesIn(f)
}

var topics = []struct {
	name string
	cs   []concept
}{
	{"approved", []concept{cAccept, cSign}}, {"rejected", []concept{cReject}}, {"moved", []concept{cMove, cLater, cSooner, cPass}},
	{"blocked", []concept{cBlock}}, {"cancelled", []concept{cCancel}}, {"decided", []concept{cDecide, cDecision}},
	{"closed", []concept{cFinish, cClose, cReady}}, {"owner", []concept{cOwner, cTake, cAssign, cWith}}, {"overdue", []concept{cOverdue}},
	{"renamed", []concept{cRename}}, {"moved", []concept{cChange, cGo}},
}

func buildList(r *reader, f *facts, fr *Frame, last *Frame) {
	if len(f.entries) > 0 {
		e := r.entries[f.entries[0]]
		fr.Slots.Entry, fr.Slots.Number = entryKinds[e.c], e.number
	}
	fr.Slots.Side = r.sideIn(f)
	switch {
	case f.has(cOverdue):
		fr.Slots.Window = "overdue"
	case f.has(cAction):
		fr.Slots.Window = "actions"
	case f.has(cRisk):
		fr.Slots.Window = "risks"
	case f.has(cIssue):
		fr.Slots.Window = "issues"
	case f.has(cDecision):
		fr.Slots.Window = "decisions"
	case f.has(cChangeN):
		fr.Slots.Window = "changes"
	case f.has(cInvoice):
		fr.Slots.Window = "invoices"
	case f.has(cProposal):
		fr.Slots.Window = "proposals"
	case f.has(cMeeting):
		fr.Slots.Window = "meetings"
	case f.has(cRequest, cSupport):
		fr.Slots.Window = "requests"
	case f.has(cBlock):
		fr.Slots.Window = "blocked"
	case f.has(cWait) || f.has(cAccept, cSign) && f.has(cPending, cLack):
		fr.Slots.Window = "waiting"
	case f.has(cFinish, cReady, cClose) && f.asked() && !f.onMilestone():
		fr.Slots.Window = "done"
	default:
		fr.Slots.Window = r.windowByTime(f)
	}
}

func (r *reader) windowByTime(f *facts) string {
	low := strings.ToLower(f.text(f.c.from, f.c.to))
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(low, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("semana que viene", "próxima semana", "proxima semana", "semana que vem", "next week", "semana siguiente", "semana entrante"):
		return "next_week"
	case has("semana", "week"):
		return "this_week"
	case has(" mes", "mês", "month"):
		return "this_month"
	case f.has(cMine) || f.has(cMe) && f.has(cPending, cLack, cHave, cMust, cWait, cList):
		return "mine"
	case has("hoy", "hoje", "today"):
		return "today"
	}
	return "all"
}

func buildWarranty(r *reader, f *facts, fr *Frame, last *Frame) {
	if len(f.shifts) > 0 {
		s := r.shifts[f.shifts[0]].shift
		fr.Slots.Shift = &s
		if s.Unit == dates.Days && !s.Working {
			fr.Slots.Days = s.N
		} else {
			due := r.goLiveDue()
			fr.Slots.Days = s.From(due, r.scene.Calendar).Sub(due)
		}
	}
	if fr.Slots.Shift == nil && len(f.dates) > 0 {
		d := r.dates[f.dates[0]].Dated
		fr.Slots.Date = &d
	}
	r.fillCover(f, fr)
	if fr.Stance == Negation {
		fr.Stance = Report
	}
}

// goLiveDue is the day from which a warranty counts: that of the go-live, or today when no milestone is named so.
func (r *reader) goLiveDue() steering.Date {
	for i := range r.scene.Milestones {
		if m := &r.scene.Milestones[i]; m.Key == r.place.goLive && m.Due != 0 {
			return m.Due
		}
	}
	return r.scene.Today
}

// fillCover splits "cubre errores y ajustes; no cubre tableros nuevos" into its two lists.
func (r *reader) fillCover(f *facts, fr *Frame) {
	var target *[]string
	from := -1
	flush := func(end int) {
		if target != nil && from >= 0 && end > from {
			*target = append(*target, splitList(f.text(from, end))...)
		}
		target, from = nil, -1
	}
	for i := f.c.from; i < f.c.to; i++ {
		it := &r.items[i]
		negated := it.has(cNot) && i+2 < f.c.to && (r.items[i+1].has(cCover) || r.items[i+2].has(cCover))
		switch {
		case it.has(cCover):
			neg := false
			for k := max(f.c.from, i-2); k < i; k++ {
				neg = neg || r.items[k].has(cNot)
			}
			flush(i)
			from = i + 1
			target = &fr.Slots.Covered
			if neg {
				target = &fr.Slots.NotCovered
			}
		case negated, it.kind == itPunct && (r.words[it.from].norm == ";" || r.words[it.from].norm == "."), it.kind == itBreak:
			flush(i)
		}
	}
	flush(f.c.to)
}

// splitList cuts a list at commas and at the last "and".
func splitList(s string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ';' || c == '\n' }) {
		for _, sep := range []string{" y ", " e ", " and "} {
			if k := strings.LastIndex(part, sep); k > 0 && sep != "" {
				if a := trimName(part[:k]); a != "" {
					out = append(out, a)
				}
				part = part[k+len(sep):]
				break
			}
		}
		if p := trimName(part); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func buildInvoice(r *reader, f *facts, fr *Frame, last *Frame) {
	fr.Slots.Entry = steering.KindInvoice
	if e := f.entryOf(cInvoice); e >= 0 {
		fr.Slots.Number = r.entries[e].number
	} else if fr.Intent == InvoicePaid {
		fr.Missing = append(fr.Missing, "entry")
	}
	if len(f.dates) > 0 {
		d := r.dates[f.dates[0]].Dated
		if p, ok := r.pastReading(f.dates[0]); ok && d.Date > r.scene.Today && fr.Intent == InvoicePaid {
			d = p
		}
		fr.Slots.Date = &d
	}
	fr.Slots.Text = f.text(f.c.from, f.c.to)
}

func buildLanguage(r *reader, f *facts, fr *Frame, last *Frame) {
	for i := r.items[f.c.from].from; i < r.items[f.c.to-1].to; i++ {
		if lang, ok := r.model.tables.langs[r.words[i].norm]; ok {
			fr.Slots.Language = lang
		}
	}
	if fr.Slots.Language == "" {
		fr.Missing = append(fr.Missing, "language")
	}
}
