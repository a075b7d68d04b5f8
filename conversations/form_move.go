package conversations

import (
	"errors"
	"slices"
	"strings"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
	"timonel/storage"
)

// moveForm asks for a milestone's new date; object is PROJECT:KEY.
func (t *turn) moveForm(object string) (bot.Form, bool, error) {
	m, err := t.formMilestone(object)
	if m == nil || err != nil {
		return bot.Form{}, false, err
	}
	return bot.Form{
		Action: "move:" + object, Title: t.say.Text("form.move.title", nil), Submit: t.say.Text("form.move.submit", nil),
		Cancel: t.say.Text("form.cancel", nil), Preview: t.say.Text("form.pick_date", nil),
		Intro: t.say.Text("form.move.intro", locale.Args{"milestone": locale.Marked(t.ref(m)), "due": t.date(m.Due)}),
		Fields: []bot.Field{
			{Name: fieldDate, Label: t.say.Text("form.move.date", nil), Kind: bot.FieldDate, Live: true},
			{
				Name: fieldReason, Label: t.say.Text("form.move.reason", nil), Hint: t.say.Text("form.move.reason_hint", nil),
				Kind: bot.FieldLong, Optional: true,
			},
		},
	}, true, nil
}

// formMilestone opens the project of PROJECT:KEY and returns its milestone, nil when the person has no business with it.
func (t *turn) formMilestone(object string) (*steering.Milestone, error) {
	project, key, _ := strings.Cut(object, ":")
	err := t.enterFor(project)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	t.say = locale.For(t.language())
	return t.p.Milestone(key), nil
}

func (t *turn) checkMove(object string, problems map[string]string) (string, error) {
	m, err := t.formMilestone(object)
	if m == nil || err != nil {
		return "", err
	}
	to, err := steering.ParseDate(t.in.Form[fieldDate])
	if err != nil {
		problems[fieldDate] = t.say.Text("form.no_date", nil)
		return "", nil //nolint:nilerr // the form says what is wrong with it
	}
	_, err = t.p.Clone().Do(steering.MoveMilestone{Key: m.Key, To: to, Reason: t.in.Form[fieldReason]}, t.actor(), t.now)
	var refusal *steering.Error
	if errors.As(err, &refusal) {
		problems[fieldDate] = markup.Plain(t.refusal(refusal))
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return t.moveOutlook(m, to), nil
}

// moveOutlook says what a new date would move, and who has to agree.
func (t *turn) moveOutlook(m *steering.Milestone, to steering.Date) string {
	moves, _, goLive := t.p.WhatIf(m.Key, to, t.today())
	lines := []string{t.say.Text("what_if.head", locale.Args{"milestone": locale.Marked(t.ref(m)), "to": t.date(to)})}
	along := slices.DeleteFunc(slices.Clone(moves), func(mv steering.Move) bool { return mv.Key == m.Key })
	if len(along) == 0 {
		lines = append(lines, t.say.Text("what_if.nothing_else", nil))
	} else {
		lines = append(lines, t.say.Text("what_if.moves", locale.Args{"list": t.moves(along), "n": len(along)}))
	}
	if line := t.goLiveMoved(goLive); line != "" {
		lines = append(lines, line)
	}
	if !t.p.MayDecideDates(t.person.ID) {
		var who []string
		for _, mb := range t.p.Members {
			if t.p.MayDecideDates(mb.Person) {
				who = append(who, t.plainName(mb.Person))
			}
		}
		lines = append(lines, t.say.Text("form.proposal", locale.Args{"who": t.say.JoinAny(who)}))
	}
	return strings.Join(lines, "\n")
}

// movedByForm moves a milestone of the open project as the form says.
func (t *turn) movedByForm(key string) error {
	to, err := steering.ParseDate(t.in.Form[fieldDate])
	if err != nil {
		return t.reply(t.say.Text("form.no_date", nil))
	}
	f := understand.Frame{Intent: understand.Move, Stance: understand.Request, Confidence: 1}
	f.Slots.Milestones, f.Slots.Date = []understand.Ref{{Key: key}}, &understand.Dated{Date: to}
	return t.run(f, steering.MoveMilestone{Key: key, To: to, Reason: t.in.Form[fieldReason]})
}
