package conversations

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"timonel/bot"
	"timonel/locale"
	"timonel/steering"
	"timonel/storage"
)

// addsChat makes this group one more chat of a project, when its lead says so: "this is the internal channel of ACME". done
// is false for every other message.
func (t *turn) addsChat() (done bool, err error) {
	if t.in.Direct {
		return false, nil
	}
	said := spoken(t.text)
	for _, w := range chatWords() {
		if name, found := afterAny(said, w.phrases); found {
			t.say = locale.For(w.lang)
			return true, t.addChat(withoutAlso(name, w.also), w.audience)
		}
	}
	return false, nil
}

// chatWord is how people say in a language that a group is one more chat of a project, for whom.
type chatWord struct {
	lang     string
	audience steering.Audience
	phrases  []string // as spoken writes them
	also     []string // what may follow the project's name
}

var chatWords = sync.OnceValue(func() (all []chatWord) {
	for _, lang := range locale.Languages {
		for _, audience := range []steering.Audience{steering.AudienceVendor, steering.AudienceCommittee} {
			w := chatWord{lang: lang, audience: audience, phrases: locale.For(lang).List("chats." + string(audience))}
			for i, phrase := range w.phrases {
				w.phrases[i] = spoken(phrase)
			}
			for _, word := range locale.For(lang).List("chats.also") {
				w.also = append(w.also, spoken(word))
			}
			all = append(all, w)
		}
	}
	return all
})

// spoken is a text in small letters, without accents and punctuation.
func spoken(s string) string {
	var out strings.Builder
	for word := range strings.FieldsSeq(s) {
		if w := slug(word); w != "" {
			out.WriteString(w + " ")
		}
	}
	return strings.TrimSpace(out.String())
}

// withoutAlso is a project's name without the "too" after it.
func withoutAlso(name string, also []string) string {
	for _, word := range also {
		name = strings.TrimSuffix(name, " "+word)
	}
	return name
}

// otherChat tells who leads a project, in a chat that has none, how it becomes one more of theirs; "" for everybody else.
func (t *turn) otherChat() (string, error) {
	keys, err := t.tx.ProjectsOf(t.person.ID)
	if err != nil {
		return "", err
	}
	for _, key := range keys {
		p, err := t.tx.Project(key)
		if err != nil {
			return "", err
		}
		if p.Member(t.person.ID).Has(steering.RoleLead) && p.Status != steering.ProjectClosed {
			return "\n" + t.say.Text("chats.hint", locale.Args{"project": p.Name, "key": p.Key}), nil
		}
	}
	return "", nil
}

// afterAny returns what follows the longest phrase that a text begins with.
func afterAny(said string, phrases []string) (rest string, found bool) {
	for _, phrase := range phrases {
		after, ok := strings.CutPrefix(said, phrase+" ")
		if ok && (!found || len(after) < len(rest)) {
			rest, found = after, true
		}
	}
	return rest, found
}

func (t *turn) addChat(name string, audience steering.Audience) error {
	p, err := t.ledProject(name)
	if err != nil {
		return err
	}
	if p == nil {
		return t.reply(t.say.Text("chats.only_lead", nil))
	}
	if audience == steering.AudienceVendor && t.room.Shared {
		return t.reply(t.say.Text("shared.not_internal", locale.Args{"project": p.Name}))
	}
	chat := steering.Chat{Platform: string(t.in.Platform), ID: string(t.in.Room), Audience: audience}
	same := func(c steering.Chat) bool { return c.Platform == chat.Platform && c.ID == chat.ID }
	if i := slices.IndexFunc(p.Chats, same); i >= 0 && (p.Chats[i].Audience == audience || len(p.Chats) == 1) {
		return t.reply(t.say.Text("chats.already", locale.Args{"project": p.Name}))
	}
	if !locale.Known(t.room.Language) {
		t.room.Language = t.say.Lang()
		if err := t.tx.PutRoom(t.room); err != nil {
			return fmt.Errorf("note the chat's language: %w", err)
		}
	}
	p = p.Clone()
	p.Chats = append(slices.DeleteFunc(p.Chats, same), chat)
	p.Normalize()
	p.Record("chat.added", "chat "+chat.Platform)
	if err := t.keepLanguageOf(p); err != nil {
		return err
	}
	if err := t.store(p); err != nil {
		return err
	}
	return t.reply(t.say.Text("chats.now_"+string(audience), locale.Args{"project": p.Name}))
}

// ledProject finds the project of a key or name of which the speaker is a lead, nil if there is none.
func (t *turn) ledProject(name string) (*steering.Project, error) {
	keys, err := t.tx.ProjectsOf(t.person.ID)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		p, err := t.tx.Project(key)
		if err != nil {
			return nil, err
		}
		m := p.Member(t.person.ID)
		if m.Has(steering.RoleLead) && (spoken(p.Key) == name || spoken(p.Name) == name) {
			return p, nil
		}
	}
	return nil, nil
}

// keepLanguageOf gives the project's first chats the project's language, once there are several: from then on each has its own.
func (t *turn) keepLanguageOf(p *steering.Project) error {
	for _, c := range p.Chats {
		room, err := t.tx.Room(bot.Platform(c.Platform), bot.RoomID(c.ID))
		if errors.Is(err, storage.ErrNotFound) || err == nil && locale.Known(room.Language) {
			continue
		}
		if err != nil {
			return err
		}
		room.Language = p.Language
		if err := t.tx.PutRoom(room); err != nil {
			return fmt.Errorf("note the chat's language: %w", err)
		}
	}
	return nil
}
