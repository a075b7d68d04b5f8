package understand

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"

	"timonel/steering"
)

// The corpora say what must be in the export; here that is turned into what must be read, with the rules of authority in
// short, so that reading can be measured alone. The end-to-end measure is the corpora's own.

var verbose = flag.Bool("cases", false, "show every training case that is not read right")

type corpusCase struct {
	ID     string         `json:"id"`
	Lang   string         `json:"lang"`
	By     string         `json:"by"`
	Say    string         `json:"say"`
	At     string         `json:"at"`
	Raw    bool           `json:"raw"`
	Before []string       `json:"before"`
	Expect map[string]any `json:"expect"`
	May    []string       `json:"may"`
}

func loadCorpus(t *testing.T, path string) []corpusCase {
	t.Helper()
	cases, err := readCorpus(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no corpus: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

func readCorpus(path string) ([]corpusCase, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []corpusCase
	for line := range strings.Lines(string(data)) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var c corpusCase
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		out = append(out, c)
	}
	return out, nil
}

// world is as much of a project as the measure needs.
type world struct {
	scene     Scene
	status    map[string]string
	progress  map[string]int
	proposals []string // milestone keys
	raisers   map[string]string
	last      string
	lenient   bool // gates and authority of reports are not asked about
}

func newWorld(lang string) *world {
	w := &world{scene: corpusScene(lang, ""), status: map[string]string{}, progress: map[string]int{}, raisers: map[string]string{}}
	for _, m := range w.scene.Milestones {
		w.status[m.Key] = "pending"
	}
	return w
}

func (w *world) sceneFor(by string) Scene {
	s := w.scene
	s.Speaker = by
	s.Milestones = append([]Named(nil), s.Milestones...)
	for i := range s.Milestones {
		s.Milestones[i].Status = steering.Status(w.status[s.Milestones[i].Key])
		if s.Milestones[i].Status == "submitted" && (by == "bruno" || by == "sofia") {
			s.Awaiting = append(s.Awaiting, s.Milestones[i].Key)
		}
	}
	if by == "ana" {
		s.Proposals = len(w.proposals)
	}
	return s
}

// say reads a line and applies what it may do; it returns the claims that took effect.
func (w *world) say(m *Model, by, text string, open *OpenQuestion) ([]string, Reading) {
	s := w.sceneFor(by)
	s.Open = open
	s.Mentions = mentionsIn(text)
	got := m.Read(text, s)
	claims, ok := w.claims(m, by, &got)
	if !ok {
		return nil, got
	}
	for _, c := range claims {
		w.apply(c, by)
		w.last = by
	}
	return claims, got
}

var reUndo = regexp.MustCompile(`(?i)desh|desf|undo|revert|take .*back|scratch`)

var mentionRE = regexp.MustCompile(`@([a-z]+)`)

func mentionsIn(text string) []Mention {
	var out []Mention
	for _, m := range mentionRE.FindAllStringSubmatchIndex(text, -1) {
		id := text[m[2]:m[3]]
		for _, k := range committee {
			if k.ID == id {
				out = append(out, Mention{Person: id, Start: m[0], End: m[1]})
			}
		}
	}
	return out
}

func (w *world) apply(claim, by string) {
	f := strings.SplitN(claim, " ", 3)
	switch f[0] {
	case "done":
		w.status[f[1]] = "done"
		if planSign[f[1]] {
			w.status[f[1]] = "submitted"
		}
	case "accept":
		w.status[f[1]] = "done"
	case "reject":
		w.status[f[1]] = "in_progress"
	case "block":
		w.status[f[1]] = "blocked"
	case "cancel":
		w.status[f[1]] = "cancelled"
	case "progress":
		w.status[f[1]] = "in_progress"
	case "propose":
		w.proposals = append(w.proposals, f[1])
	case "risk", "action", "issue", "decision", "change":
		w.raisers[f[0]+itoa(len(w.raisers)+1)] = by
		if w.raisers[f[0]+"1"] == "" {
			w.raisers[f[0]+"1"] = by
		}
	}
}

// claims turns acting frames into what they would change; ok is false when something is missing, unsure or not allowed.
func (w *world) claims(m *Model, by string, got *Reading) (out []string, ok bool) {
	if len(got.Unread) > 0 {
		return nil, false
	}
	for i := range got.Frames {
		fr := &got.Frames[i]
		if !fr.Intent.Changes() || !fr.Stance.Acts() {
			continue
		}
		if fr.Confidence < m.sure() || len(fr.Ambiguous) > 0 || w.lacks(fr) {
			return nil, false
		}
		cs, allowed := w.claimsOf(by, fr)
		if !allowed {
			return nil, false
		}
		out = append(out, cs...)
	}
	return out, true
}

func (w *world) lacks(fr *Frame) bool {
	for _, m := range fr.Missing {
		if m != "reason" {
			return true
		}
	}
	for _, ref := range append(append([]Ref(nil), fr.Slots.Milestones...), fr.Slots.After...) {
		if ref.Key == "" {
			return true
		}
	}
	return false
}

func (w *world) claimsOf(by string, fr *Frame) ([]string, bool) {
	if w.lenient {
		cs, _ := w.allowedClaims("ana", fr)
		if by != "ana" {
			for i := range cs {
				cs[i] = strings.Replace(cs[i], "move ", "propose ", 1)
			}
		}
		return cs, true
	}
	return w.allowedClaims(by, fr)
}

// allowedClaims are the claims of a frame and whether the speaker may make them.
func (w *world) allowedClaims(by string, fr *Frame) ([]string, bool) {
	if by == "olga" {
		return nil, false
	}
	lead := by == "ana"
	s := &fr.Slots
	var out []string
	each := func(f func(key string) string) {
		for _, ref := range s.Milestones {
			out = append(out, f(ref.Key))
		}
	}
	mine := func() bool {
		for _, ref := range s.Milestones {
			k := smallNumber(ref.Key) - 1
			side := map[string]string{"ana": "vendor", "dana": "vendor", "bruno": "client", "sofia": "client", "gus": "client"}[by]
			if !lead && planOwner[k] != by && planSide[k] != side && planSide[k] != "both" {
				return false
			}
		}
		return true
	}
	switch fr.Intent {
	case Done:
		if !mine() {
			return nil, false
		}
		on := "2026-03-10"
		if s.Date != nil {
			on = s.Date.Date.String()
		}
		for _, ref := range s.Milestones {
			if !w.gateOpen(ref.Key, s.Milestones) {
				return nil, false
			}
		}
		each(func(k string) string { return "done " + k + " " + on })
	case Start:
		if !mine() {
			return nil, false
		}
		each(func(k string) string { return "start " + k })
	case Progress:
		if !mine() {
			return nil, false
		}
		for _, ref := range s.Milestones {
			if s.Percent == 100 {
				if !w.gateOpen(ref.Key, s.Milestones) {
					return nil, false
				}
				out = append(out, "done "+ref.Key+" 2026-03-10")
				continue
			}
			out = append(out, fmt.Sprintf("progress %s %d", ref.Key, s.Percent))
		}
	case Block, Unblock:
		if !mine() {
			return nil, false
		}
		each(func(k string) string { return strings.TrimSpace(string(fr.Intent) + " " + k + " " + s.Reason) })
	case Move:
		each(func(k string) string {
			due := day(planDue[smallNumber(k)-1])
			if s.Date != nil {
				due = s.Date.Date
			} else {
				due = s.Shift.From(due, steering.Calendar{})
			}
			verb := "propose "
			if lead {
				verb = "move "
			}
			return strings.TrimSpace(verb + k + " " + due.String() + " " + s.Reason)
		})
	case Reopen, Cancel:
		each(func(k string) string { return string(fr.Intent) + " " + k })
		return out, lead
	case Rename:
		each(func(k string) string { return "rename " + k + " " + s.Name })
		return out, lead
	case Assign:
		each(func(k string) string { return "assign " + k + " " + s.Person })
		return out, lead
	case Depend, Undepend:
		var on []string
		for _, a := range s.After {
			on = append(on, a.Key)
		}
		each(func(k string) string { return string(fr.Intent) + " " + k + " " + strings.Join(on, ",") })
		return out, lead
	case Add:
		d := ""
		if s.Date != nil {
			d = s.Date.Date.String()
		}
		return []string{"add " + s.Name + " | " + d + " | " + s.Person}, lead
	case Note:
		each(func(k string) string { return "note " + k + " " + s.Text })
	case Accept, Reject:
		if s.Entry == steering.KindProposal {
			verb := map[Intent]string{Accept: "proposal accepted", Reject: "proposal rejected"}[fr.Intent]
			return []string{verb}, lead && len(w.proposals) > 0
		}
		each(func(k string) string { return strings.TrimSpace(string(fr.Intent) + " " + k + " " + s.Reason) })
		for _, ref := range s.Milestones {
			if w.status[ref.Key] != "submitted" || by != "bruno" && by != "sofia" {
				return nil, false
			}
		}
	case Meeting, Snooze, DigestSchedule, SetRole, SetLanguage, Undo, SetWarranty, InvoicePaid, RuleChange:
		return []string{string(fr.Intent)}, w.lenient || w.may(by, fr.Intent)
	case Risk, Issue, Decision, Action, ScopeChange, Minutes, Support:
		d := ""
		if s.Date != nil {
			d = s.Date.Date.String()
		}
		if fr.Intent == Support && by != "gus" && !w.lenient {
			return nil, false
		}
		out = append(out, fmt.Sprintf("%s %s | %s | %s", fr.Intent, s.Text, s.Person, d))
	case CloseEntry:
		return []string{fmt.Sprintf("close %s %d", s.Entry, s.Number)}, s.Number == 1 && (lead || w.raisers[string(s.Entry)+"1"] == by || by == "bruno" && s.Entry == "action")
	default:
		out = append(out, string(fr.Intent))
	}
	return out, true
}

// may reports whether the speaker may do what only few may.
func (w *world) may(by string, intent Intent) bool {
	switch intent {
	case Meeting:
		return by == "ana" || by == "sofia"
	case Snooze:
		return by != "olga"
	case Undo:
		return by == w.last
	case InvoicePaid:
		return false
	}
	return by == "ana"
}

func (w *world) gateOpen(key string, with []Ref) bool {
	if w.lenient {
		return true
	}
	done := func(k string) bool {
		if w.status[k] == "done" || w.status[k] == "cancelled" {
			return true
		}
		for _, ref := range with {
			if ref.Key == k && k != "3" {
				return true
			}
		}
		return false
	}
	switch k := smallNumber(key); {
	case k == 3:
		return done("2")
	case k >= 4 && k <= 9:
		return done("3")
	case k == 10:
		return done("3") && done("9")
	}
	return true
}

// expected turns an expectation into claims as far as that can be done; a regular expression is kept behind "~".
func expected(c *corpusCase) (out []string) {
	str := func(v any) string {
		if m, ok := v.(map[string]any); ok {
			if p, ok := m["~"]; ok {
				return "~" + fmt.Sprint(p)
			}
			return "absent"
		}
		if n, ok := v.(float64); ok {
			return fmt.Sprint(int(n))
		}
		return fmt.Sprint(v)
	}
	e := func(path string) (string, bool) {
		v, ok := c.Expect[path]
		if !ok {
			return "", false
		}
		return str(v), true
	}
	keys := make([]string, 0, len(c.Expect))
	for k := range c.Expect {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, path := range keys {
		v, _ := e(path)
		p := strings.Split(path, ".")
		base := strings.Join(p[:min(2, len(p))], ".")
		switch {
		case p[0] == "milestones" && p[1] == "11":
			if p[2] == "name" {
				out = append(out, "add "+v)
			}
		case p[0] == "milestones" && p[2] == "status":
			done, _ := e(base + ".done_on")
			_, prog := e(base + ".progress")
			_, blocked := e(base + ".blocked_by")
			_, rejected := c.Expect[base+".signoff.rejected.1.reason"]
			switch {
			case rejected:
				out = append(out, "reject "+p[1])
			case (v == "done" || v == "submitted") && done != "":
				out = append(out, "done "+p[1]+" "+done)
			case v == "done":
				out = append(out, "accept "+p[1])
			case v == "in_progress" && !prog && !blocked && done == "":
				out = append(out, "start "+p[1])
			case v == "blocked":
				r, _ := e(base + ".blocked_by")
				out = append(out, "block "+p[1]+" "+r)
			case v == "cancelled":
				out = append(out, "cancel "+p[1])
			case blocked:
				out = append(out, "unblock "+p[1])
			case !prog:
				out = append(out, "?")
			}
		case p[0] == "milestones" && p[2] == "progress":
			out = append(out, "progress "+p[1]+" "+v)
		case p[0] == "milestones" && p[2] == "due":
			_, accepted := c.Expect["proposals.1.status"]
			_, depends := c.Expect[base+".depends_on"]
			if len(c.May) == 0 && len(keys) > 2 || accepted || depends {
				continue // what follows from it
			}
			r, _ := e(base + ".slips.1.reason")
			out = append(out, "move "+p[1]+" "+v+" "+r)
		case p[0] == "milestones" && p[2] == "name":
			out = append(out, "rename "+p[1]+" "+v)
		case p[0] == "milestones" && p[2] == "owner":
			out = append(out, "assign "+p[1]+" "+v)
		case p[0] == "milestones" && p[2] == "depends_on":
			out = append(out, "?depend "+p[1])
		case p[0] == "milestones" && p[2] == "notes":
			out = append(out, "note "+p[1]+" "+v)
		case p[0] == "proposals" && p[2] == "due":
			k, _ := e(base + ".milestone")
			r, _ := e(base + ".reason")
			out = append(out, "propose "+k+" "+v+" "+r)
		case p[0] == "proposals" && p[2] == "status" && v != "open":
			out = append(out, "proposal "+v)
		case (p[0] == "risks" || p[0] == "issues" || p[0] == "decisions" || p[0] == "changes" || p[0] == "actions") && p[2] == "text":
			out = append(out, p[0]+" "+v)
		case (p[0] == "risks" || p[0] == "issues" || p[0] == "actions") && p[2] == "status":
			out = append(out, "close "+strings.TrimSuffix(p[0], "s")+" "+p[1])
		}
	}
	if len(c.Before) > 0 && reUndo.MatchString(c.Say) {
		return []string{"?"}
	}
	if len(out) == 0 && len(c.Expect) > 0 {
		out = append(out, "?")
	}
	return out
}

// sure is the confidence from which the model acts; the rules alone have a scale of their own.
func (m *Model) sure() float64 {
	if m.learned == nil {
		return likely
	}
	return ActAt
}
