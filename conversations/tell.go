package conversations

import (
	"errors"
	"slices"
	"strings"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/locale"
	"timonel/report"
	"timonel/steering"
)

// teller answers a frame that changes nothing.
type teller func(*turn, understand.Frame) error

var tellers map[understand.Intent]teller

func init() {
	tellers = map[understand.Intent]teller{
		understand.Status: (*turn).tellStatus, understand.List: (*turn).tellList, understand.WhatIf: (*turn).tellWhatIf,
		understand.Why: (*turn).tellWhy, understand.Who: (*turn).tellWho, understand.Roster: (*turn).tellRoster,
		understand.WarrantyAsked: (*turn).tellWarranty, understand.Picture: (*turn).tellPicture,
		understand.FileWanted: (*turn).tellFile, understand.Digest: (*turn).tellDigest, understand.Help: (*turn).tellHelp,
		understand.Hello: say("smalltalk.hello"), understand.Thanks: say("smalltalk.thanks"),
	}
}

func say(key string) teller {
	return func(t *turn, _ understand.Frame) error {
		return t.reply(t.say.Text(key, locale.Args{"who": firstName(t.plainName(t.person.ID))}))
	}
}

// tell answers a message that changes nothing: the first frame that asks something, else what its stance calls for.
func (t *turn) tell(frames []understand.Frame, r understand.Reading) error {
	for _, f := range frames {
		if tell := tellers[f.Intent]; tell != nil && f.Stance.Acts() || f.Stance == understand.Question && tellers[f.Intent] != nil {
			return tellers[f.Intent](t, f)
		}
	}
	for _, f := range frames {
		if f.Intent == understand.Chatter || !changes(f.Intent) {
			continue
		}
		return t.tellStance(f)
	}
	if len(frames) > 0 && frames[0].Intent == understand.Chatter || isWordless(t.text) {
		return t.hush()
	}
	return t.notUnderstood(r)
}

// tellStance answers what was no request: a question about a milestone gets its state, the rest a word that nothing
// changed and how to say it when it is so.
func (t *turn) tellStance(f understand.Frame) error {
	var m *steering.Milestone
	if len(f.Slots.Milestones) > 0 {
		m = t.p.Milestone(f.Slots.Milestones[0].Key)
	}
	switch {
	case f.Stance == understand.Hypothesis && f.Intent == understand.Move && m != nil:
		return t.tellWhatIf(f)
	case f.Stance == understand.Question && m != nil:
		return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: t.describe(m), Milestones: []string{m.Key}})
	case f.Stance == understand.Question:
		return t.tellStatus(f)
	case m == nil:
		return t.reply(t.say.Text("stance.nothing_changed", nil))
	}
	key := "stance." + string(f.Stance)
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Milestones: []string{m.Key}, Text: t.say.Text(key, locale.Args{
		"milestone": locale.Marked(t.ref(m)), "key": m.Key, "status": t.say.Text("status."+string(m.Status), nil), "due": t.date(m.Due),
	})})
}

// maxSmallTalk is from how many words on talk may have wanted something: then the bot says that it did not understand.
const maxSmallTalk = 5

// hush is the answer to talk that wants nothing: none in a group, a short word in a direct chat.
func (t *turn) hush() error {
	if !t.in.Direct && t.in.Quote != "" {
		return nil
	}
	if len(strings.Fields(t.text)) >= maxSmallTalk {
		return t.notUnderstood(understand.Reading{})
	}
	return t.reply(t.say.Text("smalltalk.here", nil))
}

// notUnderstood offers two or three things that could have been meant.
func (t *turn) notUnderstood(r understand.Reading) error {
	if len(r.Frames) > 0 {
		f := r.Frames[0]
		if f.Confidence >= understand.AskAt && changes(f.Intent) && f.Stance.Acts() {
			return t.confirm(r.Frames[:1], 0)
		}
	}
	t.outcome = Missed
	example := "1"
	if m := t.p.Next(); m != nil {
		example = m.Key
	}
	return t.reply(t.say.Text("unclear.offer", locale.Args{"key": example}))
}

// isWordless reports a text without any letter or digit: emoji, punctuation, nothing.
func isWordless(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xC0 && r < 0x2000
	})
}

// describe says how one milestone stands.
func (t *turn) describe(m *steering.Milestone) string {
	line := t.say.Text("describe."+string(m.Status), locale.Args{
		"milestone": locale.Marked(t.ref(m)), "due": t.date(m.Due), "done": t.date(m.DoneOn), "progress": m.Progress, "reason": m.BlockedBy,
	})
	if m.Owner != "" && m.IsOpen() {
		line += " " + t.say.Text("reply.with_owner", locale.Args{"owner": t.plainName(m.Owner)})
	}
	if m.IsOpen() && m.Due < t.today() {
		line += " " + t.say.Text("describe.is_late", locale.Args{"n": t.p.Calendar.Between(m.Due, t.today())})
	}
	if m.IsOpen() && m.Forecast > m.Due {
		line += " " + t.say.Text("describe.forecast", locale.Args{"date": t.date(m.Forecast)})
	}
	return line
}

// tellStatus says how the project, or the milestone that was named, stands.
func (t *turn) tellStatus(f understand.Frame) error {
	if len(f.Slots.Milestones) > 0 {
		var lines, keys []string
		for _, r := range f.Slots.Milestones {
			if m := t.p.Milestone(r.Key); m != nil {
				lines, keys = append(lines, t.describe(m)), append(keys, m.Key)
			}
		}
		if len(lines) > 0 {
			return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: strings.Join(lines, "\n"), Milestones: keys})
		}
	}
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: t.statusText(), Card: "status:" + t.p.Key})
}

func (t *turn) statusText() string {
	today := t.today()
	if t.p.Status == steering.ProjectClosed {
		return t.closedText()
	}
	health, why := report.HealthWords(t.p, today, t.say)
	lines := []string{t.say.Text("status_card.head", locale.Args{
		"project": t.p.Name, "light": t.say.Text("health."+string(health)+".light", nil), "health": t.say.Text("health."+string(health)+".word", nil), "why": why,
	})}
	if g := t.p.GoLive(); g != nil {
		lines = append(lines, t.goLiveLine(g))
	}
	if late := t.p.Overdue(today); len(late) > 0 {
		lines = append(lines, t.say.Text("status_card.overdue", locale.Args{"n": len(late), "list": t.short(late)}))
	}
	if next := t.ahead(); next != nil {
		lines = append(lines, t.say.Text("status_card.next", locale.Args{"milestone": locale.Marked(t.ref(next)), "date": t.date(next.Due)}))
	}
	if t.p.Status == steering.ProjectPaused {
		lines = append(lines, t.say.Text("status_card.paused", nil))
	}
	return strings.Join(lines, "\n")
}

// closedText is the status of a project that is over: its health says nothing any more.
func (t *turn) closedText() string {
	text := t.say.Text("status_card.closed", locale.Args{"project": t.p.Name})
	if g := t.p.GoLive(); g != nil && g.Status == steering.Done {
		text += "\n" + t.goLiveLine(g)
	}
	return text
}

// ahead is the open milestone that is due next, today at the earliest: what is overdue has its own line.
func (t *turn) ahead() *steering.Milestone {
	for _, m := range t.p.Open() {
		if m.Due >= t.today() && m.Status != steering.Submitted {
			return m
		}
	}
	return nil
}

func (t *turn) goLiveLine(g *steering.Milestone) string {
	if g.Status == steering.Done {
		return t.say.Text("status_card.live", locale.Args{"milestone": locale.Marked(t.ref(g)), "date": t.date(g.DoneOn)})
	}
	if slip := t.p.Calendar.Between(g.Baseline, g.Forecast); slip > 0 {
		return t.say.Text("status_card.golive_late", locale.Args{"date": t.date(g.Forecast), "baseline": t.date(g.Baseline), "n": slip})
	}
	return t.say.Text("status_card.golive", locale.Args{"date": t.date(g.Forecast)})
}

// short lists milestones by name, the first few of them.
func (t *turn) short(list []*steering.Milestone) locale.Marked {
	var names []string
	for _, m := range list {
		names = append(names, t.ref(m))
	}
	return locale.Marked(t.say.JoinSome(names, maxListed))
}

// tellWhatIf says what would move, and where the go-live would come to lie.
func (t *turn) tellWhatIf(f understand.Frame) error {
	if n := t.ambiguous(f); n != nil || len(f.Slots.Milestones) == 0 {
		return t.reply(t.say.Text("what_if.which", nil))
	}
	m := t.p.Milestone(f.Slots.Milestones[0].Key)
	to := dated(f)
	if to == 0 && f.Slots.Shift != nil {
		to = f.Slots.Shift.From(m.Due, t.p.Calendar)
	}
	if to == 0 {
		return t.reply(t.say.Text("what_if.when", locale.Args{"milestone": locale.Marked(t.ref(m))}))
	}
	moves, _, goLive := t.p.WhatIf(m.Key, to, t.today())
	lines := []string{t.say.Text("what_if.head", locale.Args{"milestone": locale.Marked(t.ref(m)), "to": t.date(to)})}
	if along := slices.DeleteFunc(slices.Clone(moves), func(mv steering.Move) bool { return mv.Key == m.Key }); len(along) > 0 {
		lines = append(lines, t.say.Text("what_if.moves", locale.Args{"list": t.moves(along), "n": len(along)}))
	} else {
		lines = append(lines, t.say.Text("what_if.nothing_else", nil))
	}
	if line := t.goLiveMoved(goLive); line != "" {
		lines = append(lines, line)
	}
	lines = append(lines, t.say.Text("what_if.unchanged", nil))
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: strings.Join(lines, "\n"), Milestones: []string{m.Key}})
}

// refuseForm words a refusal of something that came from a button or a form.
func (t *turn) refuseForm(err error) error {
	var refusal *steering.Error
	if !errors.As(err, &refusal) {
		return err
	}
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: t.refusal(refusal), Ephemeral: true})
}
