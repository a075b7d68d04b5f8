package conversations

// The tone of every answer: warm, short, exact. One or two lines say what changed and what followed; a weekday stands with
// every date; a question offers what can be picked; a refusal says who can. The words themselves live in locale.

import (
	"fmt"
	"slices"
	"strings"

	"timonel/bot"
	"timonel/locale"
	"timonel/steering"
	"timonel/storage"
)

// confirmAll answers a message whose changes are made: one message for all of them, and what has to be asked of others.
func (t *turn) confirmAll(results []done) error {
	var lines, keys []string
	for _, r := range results {
		lines = append(lines, t.confirmation(r.out)...)
		if k := r.out.Milestone; k != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
		for _, m := range r.out.Moves {
			if !slices.Contains(keys, m.Key) {
				keys = append(keys, m.Key)
			}
		}
	}
	out := bot.Outgoing{Kind: bot.KindReply, Text: strings.Join(lines, "\n"), Milestones: keys}
	return t.withRequests(out, results)
}

// withRequests adds to the answer what others must decide: the sign-off or the proposed date, with buttons.
func (t *turn) withRequests(out bot.Outgoing, results []done) error {
	for _, r := range results {
		switch c := r.out.Command.(type) {
		case steering.MoveMilestone:
			if r.out.Proposal != 0 {
				return t.requestDecision(out, r.out)
			}
		case steering.CompleteMilestone, steering.ReportProgress:
			if len(r.out.Waiting) > 0 {
				return t.requestSignOff(out, r.out)
			}
		case steering.BlockMilestone:
			if r.out.NeedReason {
				return t.requestReason(out, c.Key)
			}
		case steering.ProposeMeeting:
			return t.announceMeeting(out, r.out)
		case steering.VoteSlot, steering.ScheduleMeeting:
			if r.out.Scheduled {
				return t.announceMeeting(out, r.out)
			}
		case steering.RaiseChange:
			return t.requestRuling(out, r.out)
		}
	}
	return t.sendReply(out)
}

// worded is an outcome in the words of the chat that the turn is in.
func (t *turn) worded(o steering.Outcome) bot.Outgoing {
	return bot.Outgoing{Kind: bot.KindReply, Text: strings.Join(t.confirmation(o), "\n"), Milestones: milestonesOf(o)}
}

func milestonesOf(o steering.Outcome) []string {
	var keys []string
	if o.Milestone != "" {
		keys = append(keys, o.Milestone)
	}
	for _, m := range o.Moves {
		if !slices.Contains(keys, m.Key) {
			keys = append(keys, m.Key)
		}
	}
	return keys
}

// requestSignOff asks the signers; the answer to whoever reported is the same message when they share the chat.
func (t *turn) requestSignOff(out bot.Outgoing, o steering.Outcome) error {
	ask := func(out bot.Outgoing) (bot.Outgoing, error) {
		out.Kind = bot.KindSignOff
		out.Options = []bot.Option{
			{Label: t.say.Text("button.accept", nil), Action: "sign:" + t.p.Key + ":" + o.Milestone, Style: "primary"},
			{Label: t.say.Text("button.reject", nil), Action: "unsign:" + t.p.Key + ":" + o.Milestone, Style: "danger"},
		}
		return out, nil
	}
	if err := t.reminded(steering.NoticeSignOff, o.Milestone); err != nil {
		return err
	}
	return t.putTo(t.committee(), out, o, ask)
}

// reminded notes that what the next sweep would say of a milestone has just been said with the answer.
func (t *turn) reminded(kind steering.NoticeKind, key string) error {
	since := t.now.AddDate(0, -1, 0)
	for _, n := range t.p.Due(t.opt.Policy.With(t.p.Settings), since, t.now, nil) {
		if n.Kind == kind && n.Object == key {
			if _, err := t.tx.MarkSent(t.p.Key, n.Sent(t.now)); err != nil {
				return fmt.Errorf("note that %s was asked for: %w", n.Object, err)
			}
		}
	}
	return nil
}

func (t *turn) requestDecision(out bot.Outgoing, o steering.Outcome) error {
	id := itoa(o.Proposal)
	return t.putTo(t.chatsOf(o.Deciders), out, o, func(out bot.Outgoing) (bot.Outgoing, error) {
		out.Kind = bot.KindQuestion
		out.Options = []bot.Option{
			{Label: t.say.Text("button.accept", nil), Action: "agree:" + t.p.Key + ":" + id, Style: "primary"},
			{Label: t.say.Text("button.reject", nil), Action: "decline:" + t.p.Key + ":" + id, Style: "danger"},
		}
		return out, nil
	})
}

// requestReason asks for the reason of a block after it was noted.
func (t *turn) requestReason(out bot.Outgoing, key string) error {
	t.talk.Question = &question{Asks: "block_reason", Project: t.p.Key, Key: key, Asked: t.now}
	out.Text += "\n" + t.say.Text("ask.block_reason", nil) + t.howToAnswer("block_reason")
	return t.sendReply(out)
}

// requestRuling asks the lead who pays for a change.
func (t *turn) requestRuling(out bot.Outgoing, o steering.Outcome) error {
	id := t.p.Key + ":" + itoa(o.EntryID)
	ask := func(out bot.Outgoing) (bot.Outgoing, error) {
		out.Options = []bot.Option{
			{Label: t.say.Text("button.in_scope", nil), Action: "inscope:" + id},
			{Label: t.say.Text("button.billable", nil), Action: "billable:" + id},
		}
		return out, nil
	}
	if t.in.Direct {
		out, _ := ask(out)
		return t.sendReply(out)
	}
	return t.putTo(t.chatsOf(t.p.With(steering.RoleLead, "")), out, o, ask)
}

// confirmation words one outcome: what was done, what followed, what is worth knowing.
func (t *turn) confirmation(o steering.Outcome) []string {
	lines := []string{t.headline(o)}
	if len(o.Moves) > 1 {
		lines = append(lines, t.say.Text("reply.moved_along", locale.Args{"list": t.moves(o.Moves[1:]), "n": len(o.Moves) - 1}))
	}
	if line := t.goLiveMoved(o.GoLive); line != "" {
		lines = append(lines, line)
	}
	if len(o.Earlier) > 0 {
		lines = append(lines, t.say.Text("reply.earlier", locale.Args{"list": t.moves(o.Earlier)}))
	}
	for _, r := range o.Remarks {
		args := t.args(r.Args)
		if who, ok := r.Args["who"].([]steering.PersonID); ok && r.Key == steering.RemarkDateProposed {
			args["who"] = t.anyOf(who)
		}
		lines = append(lines, t.say.Text("remark."+r.Key, args))
	}
	return lines
}

// goLiveMoved says where the go-live came to lie, "" when it stayed or has been reached: then there is nothing to expect.
func (t *turn) goLiveMoved(move steering.Move) string {
	g := t.p.Milestone(move.Key)
	if g == nil || g.Status == steering.Done || move.From == move.To {
		return ""
	}
	return t.say.Text("reply.golive", locale.Args{"from": t.date(move.From), "to": t.date(move.To)})
}

// maxListed is how many moved milestones a confirmation names before it counts the rest.
const maxListed = 4

func (t *turn) moves(moves []steering.Move) locale.Marked {
	var items []string
	for _, m := range moves {
		if ms := t.p.Milestone(m.Key); ms != nil {
			items = append(items, t.say.Text("reply.move_item", locale.Args{"milestone": locale.Marked(t.ref(ms)), "to": t.say.ShortDate(m.To, t.today())}))
		}
	}
	return locale.Marked(t.say.JoinSome(items, maxListed))
}

// refusal words why something may not be done, and who may.
func (t *turn) refusal(e *steering.Error) string {
	t.outcome = Refused
	if e.Key == storage.KeyUndoChanged {
		return t.undoRefused(e)
	}
	text := t.say.Text(e.Key, t.args(e.Args))
	who, _ := e.Args["who"].([]steering.PersonID)
	if e.Code == steering.CodeForbidden && len(who) > 0 {
		var names []string
		for _, id := range who[:min(len(who), maxListed)] {
			names = append(names, t.plainName(id))
		}
		text += " " + t.say.Text("refused.who_may", locale.Args{"who": t.say.JoinAny(names)})
	}
	return text
}

// args turns the domain's arguments into words.
func (t *turn) args(in map[string]any) locale.Args {
	out := locale.Args{}
	for k, v := range in {
		switch v := v.(type) {
		case steering.Date:
			out[k] = t.date(v)
		case []string:
			out[k] = t.refs(v)
			if k == "milestones" {
				out["n"] = len(v)
			}
		case []steering.PersonID:
			out[k] = t.people(v)
		case steering.PersonID:
			out[k] = t.plainName(v)
		case []steering.Role:
			out[k] = t.roles(v)
		case steering.Role:
			out[k] = t.say.Text("role."+string(v), nil)
		case steering.Side:
			out[k] = t.say.Text("side."+string(v), nil)
		case []steering.Side:
			out[k] = t.sides(v)
		case steering.EntryKind:
			out[k] = t.say.Text("kind."+string(v), nil)
		case steering.Status:
			out[k] = t.say.Text("status."+string(v), nil)
		default:
			out[k] = v
		}
	}
	if key, ok := in["milestone"].(string); ok {
		if m := t.p.Milestone(key); m != nil {
			out["milestone"] = locale.Marked(t.ref(m))
		}
	}
	return out
}

func (t *turn) roles(roles []steering.Role) string {
	var names []string
	for _, r := range roles {
		names = append(names, t.say.Text("role."+string(r), nil))
	}
	return t.say.Join(names)
}

func (t *turn) sides(sides []steering.Side) string {
	var names []string
	for _, s := range sides {
		names = append(names, t.say.Text("side."+string(s), nil))
	}
	return t.say.Join(names)
}
