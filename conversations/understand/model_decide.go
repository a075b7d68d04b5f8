package understand

import "strings"

// decide weighs the whole message beside what the rules read of it. A reading that acts gets its calibrated confidence, which
// may turn an act into a question or a question into an act; where the rules found no change but the model is sure of one,
// its frame is built from what the message names. Answers to an open question and slash commands are left as they are.
func (r *reader) decide(out *Reading) {
	if r.model.learned == nil || r.scene.Slash || len(r.items) == 0 {
		return
	}
	z := r.oddsOf(0, len(r.items))
	o := outcomeOf(out)
	p := 0.0
	if len(o.acted) > 0 {
		p = r.settle(out, &o, &z)
	}
	if out.namesItself() {
		return
	}
	w, intent := o.wish(&z)
	if len(o.acted) == 0 {
		r.account(intent, &z, &w, &r.model.learned.wish, wishNames[:])
	}
	if r.scene.Open != nil || hasIntent(o.acted, intent) || out.tells() || out.assents() {
		return
	}
	if q := w.chance(&r.model.learned.wish); q >= AskAt && q > p+unsure {
		if q < wishActs || hasIntent(o.later, intent) || hasIntent(o.held, intent) && q < trusted {
			q = min(q, asking) // what the rules read as supposed, intended or passed on is not done on a guess
		}
		r.wish(out, intent, q)
	}
}

// oddsOf is what the model says of the items from one to another.
func (r *reader) oddsOf(from, to int) odds {
	clues, syms := r.cluesOf(from, to)
	hashes := r.scratch.hashes[:0]
	for _, c := range clues {
		hashes = append(hashes, r.hash(c, syms))
	}
	r.scratch.hashes = hashes
	return r.model.learned.weigh(hashes)
}

// wishActs is how sure the model has to be to act on a wish that no rule found: below it too few are right (see
// TestCalibration).
const wishActs = 0.85

// unsure is by how much the model has to be surer of its own reading than of that of the rules to put it in its place.
const unsure = 0.2

// trusted is how sure the model has to be to act on what a rule would only ask about.
const trusted = 0.95

// settle gives what acts its calibrated confidence, and leaves out what is improbable beside what is likely.
func (r *reader) settle(out *Reading, o *outcome, z *odds) float64 {
	w := o.acting(z)
	p := w.chance(&r.model.learned.acting)
	if p < ActAt && !out.namesItself() {
		if alone, several := r.eachAlone(out); several && alone > p {
			p = alone
		} else if fewer, ok := o.without(z); ok && !out.losesOwn(fewer.acted) {
			w := fewer.acting(z)
			if q := w.chance(&r.model.learned.acting); q >= ActAt {
				*o, p = fewer, q
				out.keep(fewer.acted)
			}
		}
	}
	r.account(o.acted[0], z, &w, &r.model.learned.acting, actingNames[:])
	if o.least < likely && p < trusted || o.least < AskAt {
		p = min(p, asking) // what a rule holds back on purpose takes more than a guess
	}
	for i := range out.Frames {
		if fr := &out.Frames[i]; fr.Intent.Changes() && fr.Stance.Acts() && !(fr.leftToRules() && fr.Confidence > p) {
			fr.Why = append(fr.Why, Feature{Name: "rules", Weight: fr.Confidence})
			fr.Confidence = p
		}
	}
	return p
}

// eachAlone is the least confidence of several changes, each judged by the words of its own clause: a message of two orders is
// as sure as the less sure of them. The second value is false when a change has no clause of its own.
func (r *reader) eachAlone(out *Reading) (least float64, several bool) {
	least, n := 1.0, 0
	for i := range out.Frames {
		fr := &out.Frames[i]
		if !fr.Intent.Changes() || !fr.Stance.Acts() {
			continue
		}
		k := r.clauseOf(fr)
		if k < 0 || fr.inherited || fr.Confidence < likely {
			return 0, false
		}
		n++
		z := r.oddsOf(r.clauses[k].from, r.clauses[k].to)
		o := outcome{least: 1}
		o.add(fr.Intent, fr.Stance, fr.Confidence, len(fr.Ambiguous) > 0)
		w := o.acting(&z)
		least = min(least, w.chance(&r.model.learned.acting))
	}
	return least, n > 1
}

// losesOwn reports whether a change that names its own milestone for sure would be dropped with all but some intents: half of a
// wish is not done.
func (out *Reading) losesOwn(kept []Intent) bool {
	for i := range out.Frames {
		fr := &out.Frames[i]
		if fr.Intent.Changes() && fr.Stance.Acts() && !hasIntent(kept, fr.Intent) && len(fr.Slots.Milestones) > 0 && !fr.inherited && fr.Confidence >= likely {
			return true
		}
	}
	return false
}

// seldom are intents of which there are too few examples to learn from; their rules are narrow and stand as they are.
var seldom = map[Intent]bool{
	CloseMeeting: true, CancelMeeting: true, MoveMeeting: true, Minutes: true, InvoicePaid: true, InvoiceAdd: true, SetLanguage: true, SetSetting: true,
	PauseProject: true, ResumeProject: true, CloseProject: true, CreateProject: true, Vote: true, AlignmentAnswer: true, Unmute: true,
	Support: true, RuleChange: true, Document: true, SetWarranty: true, DigestSchedule: true, CloseEntry: true, Rename: true,
}

// explicit is the confidence of rules for what names itself: "decision: …", "convene the committee".
const explicit = 0.95

// leftToRules reports whether what a frame does is settled elsewhere than by its words: seldom said, or a word of assent that names
// nothing, of which the state tells what it can be about.
func (fr *Frame) leftToRules() bool {
	labelled := len(fr.Why) > 0 && strings.HasPrefix(fr.Why[0].Name, "head:") || fr.Intent == Meeting
	return seldom[fr.Intent] || labelled && fr.Confidence >= explicit || (fr.Intent == Accept || fr.Intent == Reject) && len(fr.Slots.Milestones) == 0
}

// namesItself reports whether something acts that the model has no say in.
func (out *Reading) namesItself() bool {
	for i := range out.Frames {
		if fr := &out.Frames[i]; fr.Intent.Changes() && fr.Stance.Acts() && fr.leftToRules() {
			return true
		}
	}
	return false
}

// tells reports whether the rules are sure of something to tell or to show.
func (out *Reading) tells() bool {
	for i := range out.Frames {
		if fr := &out.Frames[i]; !fr.Intent.Changes() && !fr.Intent.isTalk() && fr.Confidence >= 0.85 {
			return true
		}
	}
	return false
}

// assents reports whether the rules read a bare yes or no: what it is about, the state tells.
func (out *Reading) assents() bool {
	return len(out.Frames) > 0 && (out.Frames[0].Intent == Yes || out.Frames[0].Intent == No)
}

// keep drops the frames that would change something else than the intents.
func (out *Reading) keep(acted []Intent) {
	kept := out.Frames[:0:0]
	for i := range out.Frames {
		if fr := &out.Frames[i]; !fr.Intent.Changes() || !fr.Stance.Acts() || hasIntent(acted, fr.Intent) {
			kept = append(kept, *fr)
		}
	}
	out.Frames = kept
}

// wish replaces what the rules read by the frames of a wish that the model found.
func (r *reader) wish(out *Reading, intent Intent, p float64) {
	frames := r.framesOf(intent, p)
	if len(frames) == 0 {
		return
	}
	r.reasonsOfTalk(frames)
	if r.leavesOut(out, frames) {
		for i := range frames {
			frames[i].Confidence = min(frames[i].Confidence, asking)
		}
	}
	out.Frames, out.Unread = frames, nil
}

// leavesOut reports whether the rules read a change of a milestone that the frames in their place are not about: half of a wish
// is not done.
func (r *reader) leavesOut(out *Reading, frames []Frame) bool {
	for i := range out.Frames {
		fr := &out.Frames[i]
		if !fr.Intent.Changes() || !fr.Stance.Acts() {
			continue
		}
		for _, ref := range fr.Slots.Milestones {
			said := false
			for k := range frames {
				for _, have := range frames[k].Slots.Milestones {
					said = said || have.Key == ref.Key
				}
			}
			if !said {
				return true
			}
		}
	}
	return false
}

// framesOf builds the frames of an intent from the clauses that hold all that it needs, or from the whole message.
func (r *reader) framesOf(intent Intent, p float64) []Frame {
	var whole []Frame
	for i := range r.clauses {
		c := r.clauses[i]
		c.head = None
		if fr, ok := r.wished(intent, &c, p); ok && fr.complete() {
			whole = append(whole, fr)
		}
	}
	if len(whole) == 1 || len(whole) > 1 && intent == Move {
		return whole
	}
	all := clause{from: 0, to: len(r.items)}
	for all.to > all.from && r.items[all.to-1].kind == itPunct {
		all.to--
	}
	fr, ok := r.wished(intent, &all, p)
	if !ok {
		return nil
	}
	if !fr.complete() || len(fr.Slots.Milestones) > 1 {
		fr.Confidence = min(fr.Confidence, asking)
	}
	if len(fr.Slots.Milestones) == 0 && len(r.refs) == 0 && p < ActAt {
		return nil // a guess without an object is no question worth asking
	}
	return []Frame{fr}
}

// buildable reports whether a clause holds what the frame of an intent cannot be built without. Free texts are never built: nobody
// marked where they begin.
func (f *facts) buildable(intent Intent) bool {
	switch intent {
	case Done, Start, Block, Unblock, Reopen, Cancel, Accept, Reject, Depend, Undepend, Undo:
		return true
	case Move:
		return f.dated()
	case Progress:
		return len(f.percents) > 0
	case Assign, SetRole:
		return len(f.people) > 0
	case CloseEntry:
		return len(f.entries) > 0
	}
	return false
}

// wished builds the frame of an intent from a clause whose grammar does not tell.
func (r *reader) wished(intent Intent, c *clause, p float64) (Frame, bool) {
	f := r.gather(c)
	if !f.buildable(intent) {
		return Frame{}, false
	}
	f.stance = r.stanceOf(f)
	f.stance = Report
	fr := r.frame(intent, f, p)
	fr.Why = []Feature{{Name: "model:" + string(intent), Weight: p}}
	if b := builders[intent]; b != nil {
		b(r, f, &fr, nil)
	}
	fr.Stance = Report
	r.settleDay(&fr, f)
	fr.Confidence = min(fr.Confidence, p)
	return fr, true
}

// complete reports whether a frame holds all that its intent needs, named for sure.
func (fr *Frame) complete() bool {
	if len(fr.Ambiguous) > 0 {
		return false
	}
	for _, m := range fr.Missing {
		if m != "reason" {
			return false
		}
	}
	s := &fr.Slots
	for _, ref := range s.Milestones {
		if ref.Key == "" {
			return false
		}
	}
	named := len(s.Milestones) > 0
	switch fr.Intent {
	case Done, Start, Block, Unblock, Reopen, Cancel:
		return named
	case Accept, Reject:
		return named || s.Entry != ""
	case Move:
		return named && (s.Date != nil || s.Shift != nil)
	case Progress:
		return named && s.Percent >= 0
	case Assign:
		return named && s.Person != ""
	case Depend, Undepend:
		return named && len(s.After) > 0
	case CloseEntry:
		return s.Number > 0
	case SetRole:
		return s.Person != "" && len(s.Roles) > 0
	case Undo:
		return true
	}
	return false
}
