package conversations

import (
	"fmt"
	"slices"
	"strings"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
	"timonel/storage"
)

// maxHistory is how many events an answer about the past names.
const maxHistory = 5

// tellWhy answers why a date moved, why something is blocked or the project is late, from what was written down.
func (t *turn) tellWhy(f understand.Frame) error {
	m := t.subject(f)
	switch {
	case m == nil && f.Slots.Topic == "changed":
		return t.tellChanges(f.Slots)
	case m == nil:
		return t.tellStatus(understand.Frame{})
	}
	var lines []string
	if m.Status == steering.Blocked {
		lines = append(lines, t.describe(m))
	}
	for _, s := range m.Slips {
		args := locale.Args{"from": t.date(s.From), "to": t.date(s.To), "by": t.plainName(s.By), "on": t.date(t.p.Today(s.At)), "reason": s.Reason}
		key := "why.moved"
		if s.Reason == "" {
			key = "why.moved_without_reason"
		}
		lines = append(lines, t.say.Text(key, args))
	}
	if len(lines) == 0 {
		return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: t.say.Text("why.never_moved", locale.Args{"milestone": locale.Marked(t.ref(m)), "due": t.date(m.Due)}), Milestones: []string{m.Key}})
	}
	if len(lines) > maxHistory {
		lines = lines[len(lines)-maxHistory:]
	}
	lines = append([]string{t.say.Text("why.head", locale.Args{"milestone": locale.Marked(t.ref(m))})}, lines...)
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: strings.Join(lines, "\n"), Milestones: []string{m.Key}})
}

// maxChanges is how many changes an answer names, and maxLooked how many entries it looks at to find them.
const (
	maxChanges = 10
	maxLooked  = 200
)

// tellChanges lists what changed about milestones today or, when no time is said, in the last seven days.
func (t *turn) tellChanges(s understand.Slots) error {
	today := t.today()
	from := today.AddDays(-7)
	switch s.Window {
	case "today":
		from = today
	case "this_week":
		from = today.Monday()
	case "date":
		if s.Date != nil && s.Date.Date <= today {
			from = s.Date.Date
		}
	}
	entries, err := t.tx.Audit(t.p.Key, storage.AuditFilter{Actions: []string{"milestone."}, Limit: maxLooked, Newest: true})
	if err != nil {
		return err
	}
	var lines []string
	more := 0
	for _, e := range entries {
		m := t.p.Milestone(e.Object)
		switch {
		case t.p.Today(e.At) < from || m == nil || !t.say.Has("audit."+strings.ReplaceAll(e.Action, ".", "_")):
			continue
		case len(lines) == maxChanges:
			more++
			continue
		}
		lines = append(lines, t.auditLine(e)+" · "+t.ref(m))
	}
	if len(lines) == 0 {
		return t.reply(t.say.Text("why.no_changes", locale.Args{"from": t.date(from)}))
	}
	if more > 0 {
		lines = append(lines, t.say.Text("reply.more", locale.Args{"n": more}))
	}
	return t.reply(strings.Join(append([]string{t.say.Text("why.changes", locale.Args{"from": t.date(from)})}, lines...), "\n"))
}

// subject is the milestone that a question about the past is about: the one named, or the go-live when it is meant.
func (t *turn) subject(f understand.Frame) *steering.Milestone {
	for _, r := range f.Slots.Milestones {
		if m := t.p.Milestone(r.Key); m != nil {
			return m
		}
	}
	if len(f.Slots.Milestones) == 0 && f.Slots.Topic == "golive" {
		return t.p.GoLive()
	}
	return nil
}

// tellWho answers who did something to a milestone, who owns it, or who holds a role.
func (t *turn) tellWho(f understand.Frame) error {
	m := t.subject(f)
	if m == nil {
		return t.tellRoster(f)
	}
	if f.Slots.Topic == "owner" || f.Slots.Topic == "" {
		return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: t.describe(m), Milestones: []string{m.Key}})
	}
	entries, err := t.tx.Audit(t.p.Key, storage.AuditFilter{Object: m.Key, Actions: topicActions(f.Slots.Topic), Limit: maxHistory, Newest: true})
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: t.say.Text("who.nobody", locale.Args{"milestone": locale.Marked(t.ref(m))}), Milestones: []string{m.Key}})
	}
	lines := []string{t.say.Text("why.head", locale.Args{"milestone": locale.Marked(t.ref(m))})}
	for _, e := range entries {
		lines = append(lines, t.auditLine(e))
	}
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: strings.Join(lines, "\n"), Milestones: []string{m.Key}})
}

func topicActions(topic string) []string {
	switch topic {
	case "approved":
		return []string{"milestone.signed", "milestone.rejected"}
	case "moved":
		return []string{"milestone.moved"}
	case "done":
		return []string{"milestone.done", "milestone.submitted", "milestone.signed"}
	case "blocked":
		return []string{"milestone.blocked", "milestone.unblocked"}
	case "added":
		return []string{"milestone.added"}
	case "cancelled":
		return []string{"milestone.cancelled"}
	}
	return nil
}

func (t *turn) auditLine(e steering.AuditEntry) string {
	by := t.say.Text("who.bot", nil)
	if e.By != "" {
		by = t.plainName(e.By)
	}
	what := t.say.Text("audit."+strings.ReplaceAll(e.Action, ".", "_"), nil)
	return t.say.Text("who.line", locale.Args{"when": t.date(t.p.Today(e.At)), "by": by, "what": what})
}

// tellRoster lists who holds the role that was asked about, or everybody.
func (t *turn) tellRoster(f understand.Frame) error {
	var lines []string
	for _, m := range t.p.Members {
		if !matches(m, f.Slots) {
			continue
		}
		line := t.plainName(m.Person) + " · " + t.roles(m.Roles)
		if m.Side != "" {
			line += " · " + t.say.Text("side."+string(m.Side), nil)
		}
		lines = append(lines, t.say.Text("list.item", locale.Args{"text": strings.Trim(line, " ·")}))
	}
	if len(lines) == 0 {
		return t.reply(t.say.Text("roster.nobody", locale.Args{"roles": t.roles(f.Slots.Roles)}))
	}
	return t.reply(strings.Join(append([]string{t.say.Text("roster.head", nil)}, lines...), "\n"))
}

func matches(m steering.Member, s understand.Slots) bool {
	if s.Person != "" && steering.PersonID(s.Person) != m.Person || s.Side != "" && s.Side != m.Side {
		return false
	}
	if len(s.Roles) == 0 {
		return true
	}
	for _, r := range s.Roles {
		if m.Has(r) {
			return true
		}
	}
	return false
}

// tellWarranty says what the warranty covers, and of a thing that was named whether it does.
func (t *turn) tellWarranty(f understand.Frame) error {
	w := t.p.Warranty
	if w == nil {
		return t.reply(t.say.Text("warranty.none", nil))
	}
	if f.Slots.Text != "" {
		switch verdict, term := coverage(w, f.Slots.Text); verdict {
		case "covered":
			return t.reply(t.say.Text("warranty.covered", locale.Args{"term": term, "until": t.date(w.Until)}))
		case "not_covered":
			return t.reply(t.say.Text("warranty.not_covered", locale.Args{"term": term}))
		}
	}
	return t.reply(t.warrantyLine())
}

// coverage holds a text against the warranty's lists by the words they share.
func coverage(w *steering.Warranty, text string) (verdict, term string) {
	for _, list := range []struct {
		verdict string
		terms   []string
	}{{"not_covered", w.NotCovered}, {"covered", w.Covered}} {
		for _, item := range list.terms {
			if sharesWord(item, text) {
				return list.verdict, item
			}
		}
	}
	return "", ""
}

// sharesWord reports a common word of five letters or more, by its first five: "tablero" meets "tableros".
func sharesWord(a, b string) bool {
	stems := map[string]bool{}
	for _, word := range strings.Fields(slugWords(a)) {
		if len(word) >= 5 {
			stems[word[:5]] = true
		}
	}
	for _, word := range strings.Fields(slugWords(b)) {
		if len(word) >= 5 && stems[word[:5]] {
			return true
		}
	}
	return false
}

func slugWords(s string) string {
	var words []string
	for _, w := range strings.Fields(s) {
		words = append(words, strings.ReplaceAll(slug(w), "-", " "))
	}
	return strings.Join(words, " ")
}

// undo takes back the speaker's last change, and says what it was.
func (t *turn) undo() error {
	undone, err := t.tx.Undo(t.p.Key, t.actor())
	if err != nil {
		return t.refuseForm(err)
	}
	t.p = undone.Project
	t.p.Refresh(t.today())
	if _, err := t.tx.Save(t.p, steering.Actor{Via: string(t.in.Platform)}); err != nil {
		return err
	}
	var lines, keys []string
	for _, e := range undone.Entries {
		if m := t.p.Milestone(e.Object); m != nil {
			lines, keys = append(lines, t.describe(m)), append(keys, m.Key)
		}
	}
	if len(lines) > maxHistory {
		lines = append(lines[:maxHistory], t.say.Text("reply.more", locale.Args{"n": len(lines) - maxHistory}))
	}
	head := t.say.Text("undo.back", nil)
	if len(lines) < len(undone.Entries) || len(lines) == 0 {
		head = t.say.Text("undo.done", locale.Args{"what": locale.Marked(t.objects(slices.Concat(undone.Entries, undone.Taken), "undo.last_change"))})
	}
	text := strings.Join(append([]string{head}, lines...), "\n")
	if err := t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: text, Milestones: keys}); err != nil {
		return err
	}
	if err := t.echoUndone(undone.Change); err != nil {
		return err
	}
	return t.keepDialogue()
}

// undoRefused says what was changed after the change that is to be taken back, and by whom.
func (t *turn) undoRefused(e *steering.Error) string {
	objects, _ := e.Args["objects"].([]string)
	var since []steering.AuditEntry
	for _, o := range objects {
		since = append(since, steering.AuditEntry{Object: strings.TrimPrefix(o, "milestone ")})
	}
	args := locale.Args{"what": locale.Marked(t.objects(since, "undo.project"))}
	by, _ := e.Args["by"].([]steering.PersonID)
	if len(by) == 0 {
		return t.say.Text(e.Key, args)
	}
	var names []string
	for _, id := range by {
		names = append(names, t.plainName(id))
	}
	args["by"] = t.say.Join(names)
	return t.say.Text(e.Key+"_by", args)
}

// objects names what entries of the audit are about, each once, and by a key of the catalogue when nothing says more.
func (t *turn) objects(entries []steering.AuditEntry, nameless string) string {
	var names []string
	for _, e := range entries {
		if name := t.objectName(e); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return t.say.Text(nameless, nil)
	}
	return t.say.JoinSome(names, maxListed)
}

// objectName names what an entry is about: a milestone or a member by name, an entry by register and number, the rest by
// what was done; "" when there is no word for it.
func (t *turn) objectName(e steering.AuditEntry) string {
	if m := t.p.Milestone(e.Object); m != nil {
		return t.ref(m)
	}
	kind, id, numbered := strings.Cut(e.Object, " ")
	if kind == "member" && numbered {
		return markup.Strip(t.plainName(steering.PersonID(id)))
	}
	if key := "kind." + kind; numbered && t.say.Has(key) {
		return fmt.Sprintf("%s %s", t.say.Text(key, nil), id)
	}
	if key := "undo." + strings.ReplaceAll(e.Action, ".", "_"); t.say.Has(key) {
		return t.say.Text(key, nil)
	}
	return ""
}
