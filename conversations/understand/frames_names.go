package understand

import (
	"strings"

	"timonel/steering"
)

// fillPerson sets who is spoken of: somebody named, a role that one person holds, or the speaker. With required, nobody
// clear is said as missing or ambiguous.
func (r *reader) fillPerson(f *facts, fr *Frame, required bool) {
	named := r.namedIn(f)
	switch {
	case len(named) == 1 && named[0].id != "":
		fr.Slots.Person = named[0].id
	case len(named) == 1 && len(named[0].all) > 1, len(named) > 1:
		if required {
			fr.Ambiguous = append(fr.Ambiguous, "person")
		}
	case len(named) == 1:
		if required {
			fr.Missing = append(fr.Missing, "owner")
		}
	default:
		r.fillByRole(f, fr, required)
	}
}

// namedIn returns the people that a clause names, each once, less those who are denied or stand in its reason.
func (r *reader) namedIn(f *facts) []personRef {
	limit := r.reasonAt(f)
	var named []personRef
	for _, p := range f.people {
		i := f.itemOf(itPerson, p)
		if i > f.c.from && r.items[i-1].has(cNot) {
			continue // "with Bruno, not Dana"
		}
		if limit >= 0 && i > limit && len(named) > 0 {
			continue // "pásasela a @ana que Dana está de vacaciones"
		}
		twice := false
		for _, have := range named {
			twice = twice || have.id != "" && have.id == r.people[p].id
		}
		if !twice {
			named = append(named, r.people[p])
		}
	}
	return named
}

func (r *reader) fillByRole(f *facts, fr *Frame, required bool) {
	if role, side := r.roleIn(f); role != "" {
		switch ids := r.place.byRole(role, side); len(ids) {
		case 1:
			fr.Slots.Person = ids[0]
		case 0:
			if required {
				fr.Missing = append(fr.Missing, "owner")
			}
		default:
			if required {
				fr.Ambiguous = append(fr.Ambiguous, "person")
			}
		}
		return
	}
	if f.speaksOfSelf() && r.scene.Speaker != "" {
		fr.Slots.Person = r.scene.Speaker
		return
	}
	if required {
		fr.Missing = append(fr.Missing, "owner")
	}
}

// roleIn returns the first role that the clause names, and the side said with it.
func (r *reader) roleIn(f *facts) (steering.Role, steering.Side) {
	roles := r.rolesIn(f)
	if len(roles) == 0 {
		return "", ""
	}
	return roles[0], r.sideIn(f)
}

func (r *reader) rolesIn(f *facts) []steering.Role {
	var out []steering.Role
	for i := f.c.from; i < f.c.to; i++ {
		it := &r.items[i]
		if !it.has(cRole) {
			continue
		}
		var name []string
		for k := it.from; k < it.to; k++ {
			name = append(name, r.words[k].norm)
		}
		if role, ok := r.model.tables.roles[strings.Join(name, " ")]; ok {
			out = append(out, role)
		}
	}
	return out
}

func (r *reader) sideIn(f *facts) steering.Side {
	for i := f.c.from; i < f.c.to; i++ {
		it := &r.items[i]
		if !it.has(cSideWord) {
			continue
		}
		for k := it.from; k < it.to; k++ {
			switch r.words[k].norm {
			case "cliente", "client", "customer", "clients", "clientes":
				return steering.SideClient
			case "proveedor", "fornecedor", "vendor", "supplier":
				return steering.SideVendor
			}
		}
	}
	return ""
}

func buildAssign(r *reader, f *facts, fr *Frame, last *Frame) {
	r.resolve(f, fr, last, nil)
	r.fillPerson(f, fr, true)
}

func buildRole(r *reader, f *facts, fr *Frame, last *Frame) {
	fr.Slots.Roles = r.rolesIn(f)
	fr.Slots.Side = r.sideIn(f)
	fr.Slots.DropRoles = f.has(cRemove, cNoMore) || f.has(cNot)
	if fr.Slots.DropRoles && fr.Stance == Negation {
		fr.Stance = Report
	}
	if len(fr.Slots.Roles) == 0 {
		fr.Missing = append(fr.Missing, "role")
	}
	r.fillOnlyNamed(f, fr)
}

func (r *reader) fillOnlyNamed(f *facts, fr *Frame) {
	named := r.namedIn(f)
	switch {
	case len(named) == 1 && named[0].id != "":
		fr.Slots.Person = named[0].id
	case len(f.people) == 0 && f.has(cMe):
		fr.Slots.Person = r.scene.Speaker
	case len(named) > 1:
		fr.Ambiguous = append(fr.Ambiguous, "person")
	default:
		fr.Missing = append(fr.Missing, "person")
	}
}

func buildRoster(r *reader, f *facts, fr *Frame, last *Frame) {
	fr.Slots.Roles = r.rolesIn(f)
	fr.Slots.Side = r.sideIn(f)
}

func buildRename(r *reader, f *facts, fr *Frame, last *Frame) {
	i := max(f.at(cRename), f.at(cCall), f.at(cName))
	if c := f.at(cCall); c >= 0 && i > c && len(f.ms) > 0 && !r.namesBehind(f, i) {
		i = c // "call 4 Production environment, rename it"
	}
	first := true
	skip := map[int]bool{}
	for _, m := range f.ms { // the first is renamed; what the new name holds besides is only text
		skip[m] = !first
		first = false
	}
	r.resolve(f, fr, last, skip)
	for _, q := range r.quotes {
		if q.from >= r.items[f.c.from].from && q.to <= r.items[f.c.to-1].to {
			fr.Slots.Name = strings.TrimSpace(r.text[r.words[q.from].end:r.words[q.to-1].start])
			return
		}
	}
	if len(f.ms) > 0 {
		i = max(i, f.itemOf(itMilestone, f.ms[0]))
	}
	if k := f.at(cRename); k >= 0 && i != f.at(cCall) && f.at(cCall) < 0 {
		i = max(i, k)
	}
	from := i + 1
	for from < f.c.to && (r.items[from].kind == itPunct || r.items[from].has(cTo, cAs, cNow, cFor, cBe, cOf, cName, cPlease, cAt, cCall, cMust, cThat) && r.items[from].kind == itWord) {
		from++
	}
	end := f.c.to
	for k := from; k < f.c.to; k++ {
		if k > from && (r.items[k].has(cEvery, cPlease, cBecause) || i < f.at(cRename) && k >= f.at(cRename) || i < f.at(cName) && r.items[k].kind == itPunct && k < f.at(cName)) {
			end = k
			break
		}
	}
	for end > from+1 && (r.items[end-1].kind == itPunct || r.items[end-1].kind == itWord && r.items[end-1].has(cInstead)) {
		end-- // "call 9 Soft opening instead"
	}
	fr.Slots.Name = trimName(f.text(from, end))
	if fr.Slots.Name == "" {
		fr.Missing = append(fr.Missing, "name")
	}
}

// namesBehind reports whether more than a pronoun or a courtesy stands behind item i, so that it may be a name.
func (r *reader) namesBehind(f *facts, i int) bool {
	for k := i + 1; k < f.c.to; k++ {
		if it := &r.items[k]; it.kind != itPunct && it.kind != itEmoji && !it.has(cIt, cThis, cPlease, cNoise, cThanks, cName, cDet, cNow) {
			return true
		}
	}
	return false
}

// trimName takes marks and quotes from the ends of a name, keeping its letters as written.
func trimName(s string) string {
	s = strings.Trim(s, " \t\n.,;:!¡¿?\"“”«»'‘’`-–—()[]*_")
	return strings.Join(strings.Fields(s), " ")
}

// trimReason takes marks from the ends of a reason.
func trimReason(s string) string { return strings.Trim(s, " \t\n,;:!-–—") }

func buildAdd(r *reader, f *facts, fr *Frame, last *Frame) {
	r.fillAddValues(f, fr)
	for _, q := range r.quotes {
		if q.from >= r.items[f.c.from].from && q.to <= r.items[f.c.to-1].to {
			fr.Slots.Name = strings.TrimSpace(r.text[r.words[q.from].end:r.words[q.to-1].start])
			return
		}
	}
	fr.Slots.Name = r.nameOfNew(f)
	if fr.Slots.Name == "" {
		fr.Missing = append(fr.Missing, "name")
	}
	if fr.Slots.Date == nil {
		fr.Missing = append(fr.Missing, "date")
	}
}

func (r *reader) fillAddValues(f *facts, fr *Frame) {
	if len(f.dates) > 0 {
		d := r.dates[f.dates[len(f.dates)-1]].Dated
		fr.Slots.Date = &d
	}
	switch {
	case len(f.people) >= 1:
		fr.Slots.Person = r.people[f.people[len(f.people)-1]].id
		if fr.Slots.Person == "" {
			fr.Missing = append(fr.Missing, "owner")
		}
	case f.has(cOwner, cTake, cRole):
		r.fillByRole(f, fr, false)
	}
}

// nameOfNew returns the name of a milestone to be made: behind the noun, up to its date, its owner or a courtesy.
func (r *reader) nameOfNew(f *facts) string {
	m := f.at(cMilestone)
	if as := f.at(cAs); as >= 0 && as < m { // "add Performance test as a milestone"
		if a := f.at(cAdd); a >= 0 && as > a+1 {
			return trimName(f.text(a+1, as))
		}
	}
	if name := r.nameBefore(f, m); name != "" {
		return name
	}
	from := m + 1
	if colon := r.nameColon(f, m); colon >= 0 {
		from = colon + 1
	}
	for from < f.c.to && (r.items[from].kind == itPunct || r.items[from].kind == itEmoji || r.items[from].has(cNew, cCall, cName, cMore, cNoise, cBe, cPlease, cFor, cOf) && r.items[from].kind == itWord && !r.startsName(from)) {
		from++
	}
	end := from
	for end < f.c.to && !r.endsName(f, end, from) {
		end++
	}
	for end > from && r.items[end-1].kind == itWord && r.items[end-1].has(cTo, cFor, cUntil, cAt, cWith, cAnd, cDet, cDue, cPending, cDay, cOf, cBefore, cBe, cFrom, cPut) && !r.items[end-1].has(cPlan) && !previous[r.words[r.items[end-1].from].norm] {
		end--
	}
	return trimName(f.text(from, end))
}

// previous are the adjectives among the words for "before", which may end a name.
var previous = map[string]bool{"previo": true, "previa": true, "previos": true, "previas": true, "previous": true, "prior": true}

// nameColon returns the colon behind which the name of a new milestone stands, over small words only: "un hito más para el plan:
// …"; -1 for none.
func (r *reader) nameColon(f *facts, m int) int {
	for i := m + 1; i < f.c.to && i < m+7; i++ {
		it := &r.items[i]
		if it.kind == itPunct && r.words[it.from].norm == ":" {
			return i
		}
		if it.kind != itWord || !it.has(cMore, cNew, cFor, cTo, cDet, cPlan, cAt, cOf, cOne, cNoise, cPlease, cProject, cAlso) || r.startsName(i) {
			return -1
		}
	}
	return -1
}

// nameBefore reads English "add a Security audit milestone".
func (r *reader) nameBefore(f *facts, m int) string {
	a := f.at(cAdd)
	if r.li != 2 || a < 0 || a > m {
		return ""
	}
	from := a + 1
	for from < m && r.items[from].has(cDet, cNew, cMore, cOne, cPlease, cMe, cAlso) {
		from++
	}
	return trimName(f.text(from, m))
}

// startsName keeps a word that begins with a capital as the first of a name.
func (r *reader) startsName(i int) bool {
	return startsUpper(r.words[r.items[i].from].raw) && !r.items[i].has(cCall, cName)
}

// endsName reports whether the name of a new milestone ends before item i.
func (r *reader) endsName(f *facts, i, from int) bool {
	it := &r.items[i]
	switch {
	case it.kind == itDate, it.kind == itShift && i > from:
		return true
	case it.kind == itPerson:
		return true
	case it.has(cOwner) && i > from, it.has(cBecause) && i > from:
		return true
	case it.has(cPlease) && i > from:
		return true
	case it.has(cDue, cPending) && i > from && r.valueSoon(f, i+1):
		return true
	case it.kind == itPunct && i > from:
		return r.valueSoon(f, i+1)
	case it.has(cTo, cFor, cUntil, cAt, cWith, cBefore, cDay, cAnd) && i > from:
		return !(i+1 < f.c.to && r.items[i+1].kind == itPunct) && r.valueSoon(f, i+1)
	case it.has(cTake) && i > from:
		return r.valueSoon(f, i+1)
	}
	return false
}

// valueSoon reports whether a day or an owner follows at once, over small words only.
func (r *reader) valueSoon(f *facts, i int) bool {
	for n := 0; i < f.c.to && n < 5; i, n = i+1, n+1 {
		it := &r.items[i]
		switch {
		case it.kind == itDate || it.kind == itPerson || it.has(cOwner, cRole):
			return true
		case it.kind == itPunct || it.has(cDet, cTo, cFor, cUntil, cAt, cDue, cPending, cDay, cOf, cGive, cTake, cIt, cWith, cBefore, cBe, cAnd, cFrom, cThat, cMe):
			continue
		}
		return false
	}
	return false
}

func buildProject(r *reader, f *facts, fr *Frame, last *Frame) {
	p := f.at(cProject)
	from := p + 1
	for from < f.c.to && (r.items[from].kind == itPunct || r.items[from].has(cCall, cName, cFor) && !r.startsName(from)) {
		from++
	}
	end := from
	for end < f.c.to {
		it := &r.items[end]
		if it.kind == itDate || it.kind == itPunct && r.words[it.from].norm == "," || it.has(cPlan) ||
			end > from && it.has(cWith, cFrom, cStart, cUse) {
			break
		}
		end++
	}
	for end > from && r.items[end-1].has(cDet, cWith, cFrom, cFor, cStart, cUse) {
		end--
	}
	fr.Slots.Name = trimName(f.text(from, end))
	low := strings.ToLower(f.text(f.c.from, f.c.to))
	for _, plan := range r.scene.Plans {
		if strings.Contains(low, strings.ToLower(plan)) && len(plan) > len(fr.Slots.Plan) {
			fr.Slots.Plan = plan
		}
	}
	if len(f.dates) > 0 {
		d := r.dates[f.dates[0]].Dated
		fr.Slots.Date = &d
	}
	if fr.Slots.Name == "" {
		fr.Missing = append(fr.Missing, "name")
	}
	if fr.Slots.Plan == "" {
		fr.Missing = append(fr.Missing, "plan")
	}
}

// cUse is "usando", "using".
var cUse = declare("use")
