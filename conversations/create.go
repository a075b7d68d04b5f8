package conversations

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"timonel/bot"
	"timonel/conversations/dates"
	"timonel/conversations/understand"
	"timonel/locale"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/storage"
)

// membersFact is the fact of a room that holds who its members will be in a project made there.
const membersFact = "members"

// Opening is what a new project is made of.
type Opening struct {
	Plan     *plan.Plan
	Key      string // made of Name if empty
	Name     string
	Start    steering.Date
	Language string
	Timezone string
	Country  string
	Mode     steering.Mode // the plan's if empty
	Options  []string      // ids of the plan's optional milestones that are wanted
	Lead     steering.PersonID
	Chat     steering.Chat // none for a project opened in a direct chat
	Via      string
}

// createProject opens a project in this chat; the speaker becomes the vendor's lead unless already placed.
func (t *turn) createProject(f understand.Frame) error {
	if may, err := t.mayOpen(); err != nil {
		return err
	} else if !may {
		return t.reply(t.say.Text("create.not_allowed", nil))
	}
	t.fillOpening(&f)
	frames := []understand.Frame{f}
	switch {
	case f.Slots.Name == "":
		return t.ask(frames, 0, need{slot: "name"})
	case f.Slots.Plan == "":
		return t.ask(frames, 0, need{"plan", t.planChoices()})
	case f.Slots.Date == nil && f.Slots.Shift == nil:
		return t.ask(frames, 0, need{slot: "start"})
	}
	pl, err := t.opt.Plans.Find(f.Slots.Plan)
	if err != nil {
		f.Slots.Plan = ""
		return t.ask([]understand.Frame{f}, 0, need{"plan", t.planChoices()})
	}
	start := dated(f)
	if start == 0 {
		start = f.Slots.Shift.From(t.today(), steering.Calendar{})
	}
	o := Opening{Plan: pl, Name: f.Slots.Name, Start: start, Language: t.say.Lang(), Lead: t.person.ID, Via: string(t.in.Platform), Options: t.optionsSaid(pl)}
	if !t.in.Direct {
		o.Chat = steering.Chat{Platform: string(t.in.Platform), ID: string(t.in.Room), Audience: steering.AudienceCommittee}
	}
	if err := t.tx.PutPerson(t.person); err != nil {
		return fmt.Errorf("store who opens the project: %w", err)
	}
	p, err := t.OpenProject(t.tx, o)
	if err != nil {
		return t.refuseOpening(frames, err)
	}
	if err := t.enter(p.Key); err != nil {
		return err
	}
	return t.introduce(o)
}

// fillOpening takes plan and start from anywhere in the message: in "novo projeto ACME, plano cesla, início 02/03" they
// stand in clauses of their own, and nothing else in such a message can be meant by them.
func (t *turn) fillOpening(f *understand.Frame) {
	if f.Slots.Plan == "" {
		for word := range strings.FieldsFuncSeq(strings.ToLower(t.text), func(r rune) bool { return strings.ContainsRune(" ,;:.\"'«»()", r) }) {
			if slices.Contains(t.opt.Plans.Keys(), word) {
				f.Slots.Plan = word
			}
		}
	}
	if f.Slots.Date == nil && f.Slots.Shift == nil {
		today := t.today()
		if found, ok := dates.First(t.text, dates.Options{Lang: t.say.Lang(), Today: today}); ok {
			f.Slots.Date = &understand.Dated{Date: found.Date}
		}
	}
}

// without are the words that leave an optional part out.
var without = sync.OnceValue(func() []string { return inEveryLanguage("create.without") })

// leavesOut reports whether the negation in the words that open a project only leaves a part of its plan out: "sin piloto".
func (t *turn) leavesOut(f understand.Frame) bool {
	t.fillOpening(&f)
	return f.Stance == understand.Negation && f.Slots.Name != "" && f.Slots.Plan != "" && f.Slots.Date != nil
}

// optionsSaid returns the plan's optional parts that the message asks for by name: "con piloto".
func (t *turn) optionsSaid(pl *plan.Plan) []string {
	text := " " + strings.ToLower(t.text) + " "
	var ids []string
	for _, o := range pl.Options(t.say.Lang()) {
		for _, name := range []string{o.ID, o.Name} {
			before, _, said := strings.Cut(text, strings.ToLower(name))
			if said && !slices.ContainsFunc(without(), func(w string) bool { return strings.HasSuffix(before, " "+w+" ") }) {
				ids = append(ids, o.ID)
				break
			}
		}
	}
	return ids
}

func (t *turn) refuseOpening(frames []understand.Frame, err error) error {
	var refusal *steering.Error
	if !errors.As(err, &refusal) {
		return err
	}
	return t.refuse(frames, 0, err)
}

// OpenProject makes a project from a plan in a transaction of the caller's.
func (e *Engine) OpenProject(tx *storage.Tx, o Opening) (*steering.Project, error) {
	if o.Key == "" {
		o.Key = projectKey(o.Name)
	}
	if o.Timezone == "" {
		o.Timezone = e.opt.Timezone
	}
	if o.Country == "" {
		o.Country = e.opt.Country
	}
	members, err := e.roomMembers(tx, bot.Platform(o.Chat.Platform), bot.RoomID(o.Chat.ID))
	if err != nil {
		return nil, err
	}
	if o.Lead != "" && !slices.ContainsFunc(members, func(m steering.Member) bool { return m.Person == o.Lead && m.Side != "" }) {
		members = slices.DeleteFunc(members, func(m steering.Member) bool { return m.Person == o.Lead })
		members = append(members, steering.Member{Person: o.Lead, Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}})
	}
	spec := plan.Spec{
		Key: o.Key, Name: o.Name, Start: o.Start, Language: o.Language, Timezone: o.Timezone, Country: o.Country,
		Mode: o.Mode, Options: o.Options, Members: members,
	}
	if o.Chat.ID != "" {
		spec.Chats = []steering.Chat{o.Chat}
	}
	p, err := o.Plan.Instantiate(spec)
	if err != nil {
		return nil, err
	}
	p.Refresh(p.Today(tx.Now()))
	return p, tx.CreateProject(p, steering.Actor{Person: o.Lead, Via: o.Via})
}

// roomMembers returns who was declared a member of the room with a side or a role.
func (e *Engine) roomMembers(tx *storage.Tx, platform bot.Platform, id bot.RoomID) ([]steering.Member, error) {
	if id == "" {
		return nil, nil
	}
	room, err := tx.Room(platform, id)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the room's members: %w", err)
	}
	return membersOf(room)
}

func membersOf(room *storage.Room) ([]steering.Member, error) {
	var members []steering.Member
	if raw := room.Facts[membersFact]; raw != "" {
		if err := json.Unmarshal([]byte(raw), &members); err != nil {
			return nil, fmt.Errorf("read the room's members: %w", err)
		}
	}
	return members, nil
}

// Place puts a person into a room: into its project now, or into the one that will be made there.
func (e *Engine) Place(tx *storage.Tx, room *storage.Room, who *steering.Person, m steering.Member) error {
	if err := tx.PutPerson(who); err != nil {
		return fmt.Errorf("place %s: %w", who.ID, err)
	}
	members, err := membersOf(room)
	if err != nil {
		return err
	}
	members = slices.DeleteFunc(members, func(old steering.Member) bool { return old.Person == m.Person })
	if m.Side != "" || len(m.Roles) > 0 {
		members = append(members, m)
	}
	raw, err := json.Marshal(members)
	if err != nil {
		return fmt.Errorf("place %s: %w", who.ID, err)
	}
	if room.Facts == nil {
		room.Facts = map[string]string{}
	}
	room.Facts[membersFact] = string(raw)
	if err := tx.PutRoom(room); err != nil {
		return fmt.Errorf("place %s: %w", who.ID, err)
	}
	return e.placeInProject(tx, room, m)
}

func (e *Engine) placeInProject(tx *storage.Tx, room *storage.Room, m steering.Member) error {
	if m.Side == "" && len(m.Roles) == 0 {
		return nil
	}
	keys, err := tx.ProjectsByChat(room.Platform, room.ID)
	if err != nil {
		return fmt.Errorf("place %s: %w", m.Person, err)
	}
	for _, key := range keys {
		p, err := tx.Project(key)
		if err != nil {
			return err
		}
		if old := p.Member(m.Person); old != nil {
			*old = m
		} else {
			p.Members = append(p.Members, m)
		}
		p.Normalize()
		p.Record("member.placed", "member "+string(m.Person))
		p.FillOwners(m.Person)
		if _, err := tx.Save(p, steering.Actor{Via: string(room.Platform)}); err != nil {
			return fmt.Errorf("place %s: %w", m.Person, err)
		}
	}
	return nil
}

// projectKey makes a key of a name: capitals, digits and dashes, 2 to 20 of them.
func projectKey(name string) string {
	key := strings.ToUpper(slug(name))
	if len(key) > 20 {
		key = strings.Trim(key[:20], "-")
	}
	if len(key) < 2 {
		key = "P-" + key
	}
	return key
}

func (t *turn) planChoices() []choice {
	var out []choice
	for _, key := range t.opt.Plans.Keys() {
		if pl, err := t.opt.Plans.Find(key); err == nil {
			out = append(out, choice{key + " · " + pl.Title(t.say.Lang()), key})
		}
	}
	return out
}

// introduce presents a new project: what it is, its go-live, who sets dates, and the next step.
func (t *turn) introduce(o Opening) error {
	args := locale.Args{"project": t.p.Name, "key": t.p.Key, "plan": o.Plan.Title(t.say.Lang()), "start": t.date(t.p.Start), "n": len(t.p.Milestones)}
	key := "create.done"
	if t.p.Key == t.p.Name {
		key = "create.done_named_so"
	}
	lines := []string{t.say.Text(key, args)}
	if g := t.p.GoLive(); g != nil {
		lines = append(lines, t.say.Text("create.golive", locale.Args{"date": t.date(g.Due)}))
	}
	lines = append(lines, t.say.Text("create.mode_"+string(t.p.Mode), nil))
	if next := t.p.Next(); next != nil {
		lines = append(lines, t.say.Text("create.first", locale.Args{"milestone": locale.Marked(t.ref(next)), "date": t.date(next.Due)}))
	}
	if err := t.reply(strings.Join(lines, "\n")); err != nil {
		return err
	}
	return t.keepDialogue()
}
