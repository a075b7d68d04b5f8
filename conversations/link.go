package conversations

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"timonel/bot"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
	"timonel/storage"
)

// A person of two platforms becomes one by a code: asked for in a direct message on one, written in a direct message on
// the other. So both messages are the person's own.
const (
	// linkTime is how long a code is good, linkTries how often a day somebody may write a wrong one.
	linkTime  = 15 * time.Minute
	linkTries = 5
	// codes is the place of the dialogues under which codes are kept.
	codes = bot.Platform("link")
	// codeSigns has no two that look alike.
	codeSigns = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
)

var codeShape = regexp.MustCompile(`^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$`)

// pendingLink is who asked for a code.
type pendingLink struct {
	Platform bot.Platform `json:"platform"`
	User     bot.UserID   `json:"user"`
	Name     string       `json:"name"`
	Language string       `json:"language"`
}

// link answers the wish for a code, and takes one; done is false for every other message.
func (t *turn) link() (done bool, err error) {
	if t.wishesCode() {
		if !t.in.Direct {
			return true, t.reply(t.say.Text("link.directly", nil))
		}
		return true, t.giveCode()
	}
	code := strings.ToUpper(strings.TrimSpace(t.text))
	if !t.in.Direct || !codeShape.MatchString(code) {
		return false, nil
	}
	return true, t.takeCode(code)
}

// codeWishes are the ways to ask for a code, as slugs, with their language.
var codeWishes = sync.OnceValue(func() map[string]string {
	wishes := map[string]string{}
	for _, lang := range slices.Backward(locale.Languages) { // the first language has what is said alike in several
		for _, wish := range locale.For(lang).List("link.wishes") {
			wishes[slug(wish)] = lang
		}
	}
	return wishes
})

func (t *turn) wishesCode() bool {
	lang, wished := codeWishes()[slug(t.text)]
	if wished {
		t.say = locale.For(lang)
	}
	return wished
}

func (t *turn) giveCode() error {
	raw := make([]byte, 8)
	if _, err := io.ReadFull(t.opt.Random, raw); err != nil {
		return fmt.Errorf("make a code: %w", err)
	}
	var code strings.Builder
	for i, b := range raw {
		if i == 4 {
			code.WriteByte('-')
		}
		code.WriteByte(codeSigns[int(b)%len(codeSigns)])
	}
	who := pendingLink{t.in.Platform, t.in.From, t.person.Name, t.say.Lang()}
	if err := t.tx.PutDialogue(codes, bot.RoomID(code.String()), "", who, t.now.Add(linkTime)); err != nil {
		return err
	}
	return t.reply(t.say.Text("link.code", locale.Args{"code": code.String(), "n": int(linkTime / time.Minute)}))
}

// takeCode makes one person of who asked for the code and who writes it.
func (t *turn) takeCode(code string) error {
	raw, err := t.tx.Dialogue(codes, bot.RoomID(code), "")
	var who pendingLink
	switch {
	case err == nil && t.talk.WrongCodes < linkTries:
		if err := json.Unmarshal(raw, &who); err != nil {
			return fmt.Errorf("read a code: %w", err)
		}
	case err == nil, errors.Is(err, storage.ErrNotFound):
		t.talk.WrongCodes++
		if err := t.keepDialogue(); err != nil {
			return err
		}
		return t.reply(t.say.Text("link.unknown", nil))
	default:
		return err
	}
	if who.Platform == t.in.Platform {
		return t.reply(t.say.Text("link.same_place", nil))
	}
	other, err := t.asked(who)
	if err != nil {
		return err
	}
	person, gone, why, err := t.join(other, t.person)
	if err != nil {
		return err
	}
	if why != "" {
		return t.reply(why)
	}
	if err := t.unite(person, gone); err != nil {
		return err
	}
	if err := t.tx.DropDialogue(codes, bot.RoomID(code), ""); err != nil {
		return err
	}
	return t.announceLink(who, person)
}

// asked is the person who asked for a code, perhaps one of whom nothing is stored.
func (t *turn) asked(who pendingLink) (*steering.Person, error) {
	p, err := t.tx.PersonByHandle(who.Platform, who.User)
	if err == nil || !errors.Is(err, storage.ErrNotFound) {
		return p, err
	}
	id, err := t.freeID(who.Name, who.User)
	if err != nil {
		return nil, err
	}
	p = &steering.Person{ID: id, Name: who.Name, Handles: map[string]string{string(who.Platform): string(who.User)}}
	t.met = append(t.met, p)
	return p, nil
}

// join makes one record of two. gone is the one that everything is taken from, nil if it was never stored; why says what
// speaks against it, "" if nothing.
func (t *turn) join(a, b *steering.Person) (one, gone *steering.Person, why string, err error) {
	one, gone = a, b
	if slices.Contains(t.met, a) && !slices.Contains(t.met, b) {
		one, gone = b, a
	}
	if one.ID == gone.ID {
		return one, nil, t.say.Text("link.already", nil), nil
	}
	for _, platform := range slices.Sorted(maps.Keys(gone.Handles)) {
		if has := one.Handles[platform]; has != "" && has != gone.Handles[platform] {
			return one, gone, t.say.Text("link.taken", locale.Args{"platform": t.say.Text("platform."+platform, nil)}), nil
		}
	}
	project, err := t.onTwoSides(one, gone)
	if project != "" {
		why = t.say.Text("link.two_sides", locale.Args{"project": project})
	}
	return one, gone, why, err
}

// onTwoSides names a project in which two people stand on different sides: nobody can be on both.
func (t *turn) onTwoSides(a, b *steering.Person) (string, error) {
	keys, err := t.tx.ProjectsOf(a.ID)
	if err != nil {
		return "", err
	}
	for _, key := range keys {
		p, err := t.tx.Project(key)
		if err != nil {
			return "", err
		}
		if x, y := p.Member(a.ID), p.Member(b.ID); x != nil && y != nil && x.Side != "" && y.Side != "" && x.Side != y.Side {
			return p.Name, nil
		}
	}
	return "", nil
}

// unite writes the one person, and gives them what the other had.
func (t *turn) unite(one, gone *steering.Person) error {
	handles := gone.Handles
	if !slices.Contains(t.met, gone) {
		left := *gone
		left.Handles = nil
		if err := t.tx.PutPerson(&left); err != nil {
			return fmt.Errorf("let go of the ids of %s: %w", gone.ID, err)
		}
	}
	maps.Copy(one.Handles, handles)
	if one.Language == "" {
		one.Language = gone.Language
	}
	if err := t.tx.PutPerson(one); err != nil {
		return fmt.Errorf("store %s: %w", one.ID, err)
	}
	t.met = slices.DeleteFunc(t.met, func(p *steering.Person) bool { return p == one || p == gone })
	keys, err := t.tx.ProjectsOf(one.ID)
	if err != nil {
		return err
	}
	theirs, err := t.tx.ProjectsOf(gone.ID)
	if err != nil {
		return err
	}
	for _, key := range slices.Compact(slices.Sorted(slices.Values(append(keys, theirs...)))) {
		p, err := t.tx.Project(key)
		if err != nil {
			return err
		}
		p = p.Clone()
		p.ReplacePerson(gone.ID, one.ID)
		if _, err := t.tx.Save(p, steering.Actor{Person: one.ID, Via: string(t.in.Platform)}); err != nil {
			return fmt.Errorf("link %s: %w", one.ID, err)
		}
	}
	known := map[string]any{}
	for platform, handle := range one.Handles {
		known[platform] = handle
	}
	return t.tx.AppendAudit(steering.AuditEntry{
		At: t.now.UTC(), By: one.ID, Action: "person.linked", Object: "person " + string(one.ID), After: map[string]any{"handles": known},
		Via: string(t.in.Platform),
	})
}

// announceLink says it in both places: whoever did not ask for it learns of it.
func (t *turn) announceLink(who pendingLink, person *steering.Person) error {
	t.person = person
	name := markup.Strip(person.Name)
	theirs := locale.For(who.Language) // in which the code was asked for
	there := bot.Outgoing{Platform: who.Platform, Direct: who.User, Kind: bot.KindNotice, Text: theirs.Text("link.done_there", locale.Args{
		"who": name, "platform": theirs.Text("platform."+string(t.in.Platform), nil),
	})}
	if err := t.send(there); err != nil {
		return err
	}
	return t.reply(t.say.Text("link.done", locale.Args{"who": name, "platform": t.say.Text("platform."+string(who.Platform), nil)}))
}
