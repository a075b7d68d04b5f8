package conversations

import (
	"errors"
	"maps"
	"slices"

	"timonel/conversations/understand"
	"timonel/steering"
	"timonel/storage"
)

// scene tells the reader what it must know of the moment.
func (t *turn) scene() (understand.Scene, error) {
	s := understand.Scene{
		Language: t.language(), Now: t.now, Today: t.today(), Plans: t.opt.Plans.Keys(),
		Speaker: string(t.person.ID), Focus: t.inFocus(), File: len(t.in.Files) > 0, Slash: t.slash,
	}
	if q := t.talk.Question; q != nil {
		s.Open = &understand.OpenQuestion{Asks: q.Asks}
		if q.Asks == "start" { // of a project: a date like any other
			s.Open.Asks = "date"
		}
		for _, c := range q.offered() {
			s.Open.Options = append(s.Open.Options, c.Label)
		}
	}
	if t.p == nil {
		return s, nil
	}
	s.Now = t.now.In(t.p.Location())
	s.Today, s.Calendar = t.today(), t.p.Calendar
	if err := t.sceneNames(&s); err != nil {
		return s, err
	}
	t.sceneWaiting(&s)
	quoted, err := t.quoted()
	if err != nil {
		return s, err
	}
	s.Quoted = quoted
	return s, nil
}

func (t *turn) language() string {
	switch {
	case t.p != nil && len(t.p.Chats) > 1 && !t.in.Direct && t.room.Language != "":
		return t.room.Language // where a project has several chats, each has its own
	case t.p != nil && t.p.Language != "":
		return t.p.Language
	case t.room.Language != "":
		return t.room.Language
	case t.person.Language != "":
		return t.person.Language
	}
	return t.opt.Language
}

func (t *turn) sceneNames(s *understand.Scene) error {
	hints, err := t.hints()
	if err != nil {
		return err
	}
	for _, m := range t.p.Milestones {
		s.Milestones = append(s.Milestones, understand.Named{
			Key: m.Key, Name: m.Name, Aliases: slices.Concat(m.Aliases, hints[m.Key]), Status: m.Status, Due: m.Due,
			Owner: string(m.Owner), SignOff: m.SignOff != nil && len(m.SignOff.Sides) > 0,
		})
	}
	if m := t.p.GoLive(); m != nil {
		s.GoLive = m.Key
	}
	for _, st := range t.p.Stages {
		s.Stages = append(s.Stages, st.Name)
	}
	s.Projects = []string{t.p.Key, t.p.Name}
	for _, m := range t.p.Members {
		s.People = append(s.People, understand.Known{ID: string(m.Person), Name: t.plainName(m.Person), Side: m.Side, Roles: m.Roles})
	}
	return t.sceneMentions(s)
}

// hints returns, per milestone, what this project's people call it beside its name.
func (t *turn) hints() (map[string][]string, error) {
	phrases, err := t.tx.Hints(t.p.Key)
	if err != nil {
		return nil, err
	}
	of := map[string][]string{}
	for _, phrase := range slices.Sorted(maps.Keys(phrases)) {
		of[phrases[phrase]] = append(of[phrases[phrase]], phrase)
	}
	return of, nil
}

// sceneMentions resolves the @mentions; their spans move by what was cut from the front of the text.
func (t *turn) sceneMentions(s *understand.Scene) error {
	for _, m := range t.in.Mentions {
		p, err := t.meet(m.User, m.Also, m.Name)
		if err != nil {
			return err
		}
		if m.Guest {
			t.guests = append(t.guests, p.ID)
		}
		start, end, ok := shifted(t.in.Text, t.text, m.Start, m.End)
		if !ok {
			continue
		}
		s.Mentions = append(s.Mentions, understand.Mention{Person: string(p.ID), Start: start, End: end})
		if !slices.ContainsFunc(s.People, func(k understand.Known) bool { return k.ID == string(p.ID) }) {
			s.People = append(s.People, understand.Known{ID: string(p.ID), Name: p.Name})
		}
	}
	return nil
}

// shifted finds the span of the original text again in the cut and cleaned one.
func shifted(original, cut string, start, end int) (int, int, bool) {
	if start < 0 || end > len(original) || start >= end {
		return 0, 0, false
	}
	word, tail := clean(original[start:end]), clean(original[end:])
	at := len(cut) - len(trimRight(tail)) - len(word)
	if at < 0 || cut[at:at+len(word)] != word {
		return 0, 0, false
	}
	return at, at + len(word), true
}

func trimRight(s string) string {
	for len(s) > 0 && (s[len(s)-1] == ' ' || s[len(s)-1] == '\n') {
		s = s[:len(s)-1]
	}
	return s
}

// sceneWaiting says what waits for the speaker.
func (t *turn) sceneWaiting(s *understand.Scene) {
	for _, m := range t.p.Milestones {
		if m.Status == steering.Submitted && t.p.MaySign(m, t.person.ID) {
			s.Awaiting = append(s.Awaiting, m.Key)
		}
	}
	for _, pr := range t.p.Proposals {
		if pr.Status == steering.ProposalOpen && t.p.MayDecideDates(t.person.ID) {
			s.Proposals++
		}
	}
	for _, m := range t.p.Meetings {
		s.Meeting = s.Meeting || m.Status == steering.MeetingProposed && len(m.Slots) > 0
	}
}

// quoted returns the milestones that the quoted bot message is about.
func (t *turn) quoted() ([]string, error) {
	if t.in.Quote == "" {
		return nil, nil
	}
	msg, err := t.tx.Message(t.in.Platform, t.in.Quote)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil || msg.Project != t.p.Key {
		return nil, err
	}
	return msg.Milestones, nil
}
