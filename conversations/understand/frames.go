package understand

import "sort"

// Thresholds of the calibrated confidence, chosen so that what acts wrongly stays below one in two hundred messages (see
// TestCalibration): a reading at ActAt or above may be acted upon, one at AskAt or above is worth a question, one below was
// not understood.
const (
	ActAt = 0.75
	AskAt = 0.35
)

// likely is the weight from which the rules hold that something is meant.
const likely = 0.70

// readClauses turns the clauses into frames.
func (r *reader) readClauses(out *Reading) {
	var last *Frame
	later := -1    // the sentence in which something was put off to a later day
	supposed := -1 // the sentence that a supposition opened
	for i := range r.clauses {
		c := &r.clauses[i]
		if n := len(out.Frames); n > 0 && out.Frames[n-1].Intent == Progress {
			if share := r.shareCorrected(c); share > 0 {
				out.Frames[n-1].Slots.Percent = share
				continue
			}
		}
		c.inherit = c.inherit || i > 0 && r.echoes(c)
		fr, ok := r.readClause(c, last)
		if !ok {
			r.unread(c, out)
			continue
		}
		if entry, ok := r.entryOfBefore(c, out.Frames); ok {
			out.Frames = append(out.Frames[:0:0], entry)
			continue
		}
		if fr.Intent == Done && last != nil && len(fr.Slots.Milestones) == 0 && fr.Confidence < likely {
			fr.Intent, fr.Missing = Chatter, nil // "all good on our end" beside something named
		}
		if c.joint && c.head == None && later == c.sentence && r.announcesToo(c) && fr.Stance.Acts() {
			fr.Stance = Intention // "mañana lo reviso y lo firmo"
		}
		if r.aheadAlone(c) {
			later = c.sentence
		}
		if fr.Stance == Hypothesis && c.head == None {
			supposed = c.sentence
		} else if c.joint && supposed == c.sentence && c.head == None && fr.Stance.Acts() && fr.Intent.Changes() {
			fr.Stance = Hypothesis
		}
		out.Frames = append(out.Frames, fr)
		if last == nil || len(fr.Slots.Milestones) > 0 || fr.Intent.Changes() {
			keep := fr
			last = &keep
		}
	}
	r.unreadHalves(out)
	r.mergeFrames(out)
}

// aheadAlone reports whether a clause says a day to come with a verb in the present or the future, first person.
func (r *reader) aheadAlone(c *clause) bool {
	if c.head != None || !r.announcesToo(c) {
		return false
	}
	f := r.gather(c)
	if !r.dayAhead(f) && !f.has(cSoon) || len(f.ms) > 0 && f.has(cMove, cLater, cSooner, cPass, cPut, cLeave, cChange) {
		return false
	}
	return true
}

// announcesToo reports whether the clause's verb is a first person in the present or the future.
func (r *reader) announcesToo(c *clause) bool {
	for i := c.from; i < c.to; i++ {
		for _, s := range r.items[i].senses {
			if s.m&(mP1S|mFut) != 0 && s.m&(mPast|mImp|mPart) == 0 {
				return true
			}
		}
		if it := &r.items[i]; it.kind == itUnknown && r.li == 0 && hasSuffix(r.words[it.from].norm, "o") && i > c.from && r.items[i-1].has(cIt) {
			return true // "lo reviso"
		}
	}
	return false
}

// readClause weighs the intents of a clause and builds its frame.
func (r *reader) readClause(c *clause, last *Frame) (Frame, bool) {
	f := r.gather(c)
	if c.head == reasonGiven {
		f.stance = Report
		fr := r.frame(Chatter, f, 0.9)
		fr.Slots.Text = f.text(c.from, c.to)
		return fr, true
	}
	if c.head != None {
		return r.freeFrame(f), true
	}
	f.prior = last != nil && len(last.Slots.Milestones) > 0
	f.stance = r.stanceOf(f)
	scores := r.weigh(f)
	if c.inherit && last != nil {
		if fr, ok := r.inherited(f, last); ok {
			return fr, true
		}
	}
	if len(scores) == 0 || scores[0].Confidence < 0.3 {
		if fr, ok := r.bareTopic(f, last); ok {
			return fr, true
		}
		return r.chatter(f)
	}
	fr := r.build(scores[0].Intent, f, scores[0].Confidence, last)
	if len(scores) > 1 {
		fr.Candidates = scores[1:min(len(scores), 4)]
	}
	return fr, true
}

// weigh scores every intent, best first.
func (r *reader) weigh(f *facts) []Candidate {
	var out []Candidate
	for i := range rules {
		if w := rules[i].weigh(f); w > 0 {
			out = append(out, Candidate{rules[i].intent, w})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Confidence > out[j].Confidence })
	return out
}

// inherited reads "y el 4 al lunes" with the verb of the clause before.
func (r *reader) inherited(f *facts, last *Frame) (Frame, bool) {
	switch last.Intent {
	case Move, Done, Assign, Progress, Start, Block, Unblock, Reopen, Cancel:
	default:
		return Frame{}, false
	}
	if len(f.ms) == 0 || last.Intent == Progress && len(f.percents) == 0 {
		return Frame{}, false
	}
	f.stance = last.Stance
	if r.isDenied(f) {
		f.stance = Negation
	}
	return r.build(last.Intent, f, last.Confidence*0.97, last), true
}

// bareTopic reads a clause that only names a milestone: "¿y el 4?" asks how it stands.
func (r *reader) bareTopic(f *facts, last *Frame) (Frame, bool) {
	if len(f.ms) == 0 || !f.c.question {
		return Frame{}, false
	}
	fr := r.build(Status, f, 0.6, last)
	return fr, true
}

// chatter is talk that wants nothing, unless it looks like a wish.
func (r *reader) chatter(f *facts) (Frame, bool) {
	if r.looksLikeWish(f) {
		return Frame{}, false
	}
	fr := r.frame(Chatter, f, 0.6)
	fr.Slots.Text = f.text(f.c.from, f.c.to)
	for _, m := range f.ms {
		fr.Slots.Milestones = append(fr.Slots.Milestones, r.refs[m].Ref)
	}
	return fr, true
}

// looksLikeWish reports whether a clause that was not understood should be answered with "I did not understand that".
func (r *reader) looksLikeWish(f *facts) bool {
	if f.stance == Request && f.form(acting...)&(mImp|mLets) != 0 && len(r.clauses) == 1 {
		return true
	}
	return len(f.ms) > 0 && f.stance == Request && f.has(acting...)
}

func (r *reader) unread(c *clause, out *Reading) {
	f := facts{r: r, c: c}
	if t := f.text(c.from, c.to); t != "" {
		out.Unread = append(out.Unread, t)
	}
}

// frame starts a frame with what every one has.
func (r *reader) frame(intent Intent, f *facts, confidence float64) Frame {
	fr := Frame{Intent: intent, Confidence: confidence, Stance: f.stance}
	fr.Slots.Percent, fr.Slots.Weekday = -1, -1
	if f.c.from < f.c.to {
		fr.Start = r.words[r.items[f.c.from].from].start
		fr.End = r.words[r.items[f.c.to-1].to-1].end
	}
	if f.c.endByte > 0 {
		fr.End = f.c.endByte
	}
	return fr
}

// build fills the slots of an intent and settles stance and confidence.
func (r *reader) build(intent Intent, f *facts, weight float64, last *Frame) Frame {
	fr := r.frame(intent, f, weight)
	r.why(&fr, f, weight)
	if b := builders[intent]; b != nil {
		b(r, f, &fr, last)
	}
	r.settleStance(&fr, f)
	r.guard(&fr, f)
	return fr
}

// builders fill the slots, by intent.
var builders map[Intent]func(*reader, *facts, *Frame, *Frame)

func init() {
	builders = map[Intent]func(*reader, *facts, *Frame, *Frame){
		Move: buildMove, Done: buildDone, Start: buildOnMilestone, Progress: buildProgress, Block: buildBlock, Unblock: buildOnMilestone,
		Reopen: buildOnMilestone, Cancel: buildOnMilestone, Rename: buildRename, Assign: buildAssign, Depend: buildDepend, Undepend: buildDepend,
		Add: buildAdd, Accept: buildSignOff, Reject: buildSignOff, Document: buildOnMilestone, CloseEntry: buildEntry, RuleChange: buildRuleChange,
		Meeting: buildMeeting, MoveMeeting: buildMeeting, Vote: buildVote, DigestSchedule: buildSchedule, Snooze: buildSnooze, Unmute: buildUnmute, FileWanted: buildFile,
		Picture: buildFile, WhatIf: buildWhatIf, Why: buildTopic, Who: buildTopic, Status: buildTopic, List: buildList, SetRole: buildRole, Roster: buildRoster,
		SetWarranty: buildWarranty, InvoicePaid: buildInvoice, InvoiceAdd: buildInvoice, SetLanguage: buildLanguage, CreateProject: buildProject,
		WarrantyAsked: buildTopic,
	}
}

// why keeps the words that spoke for the reading.
func (r *reader) why(fr *Frame, f *facts, weight float64) {
	fr.Why = append(fr.Why, Feature{Name: "rule:" + string(fr.Intent), Weight: weight})
	for i := f.c.from; i < f.c.to && len(fr.Why) < 8; i++ {
		it := &r.items[i]
		if it.has(acting...) {
			fr.Why = append(fr.Why, Feature{Name: "word:" + f.text(i, i+1), Weight: 0})
		}
	}
}

// acts are the intents that change something.
var acts = map[Intent]bool{
	CreateProject: true, Add: true, Move: true, Done: true, Start: true, Progress: true, Block: true, Unblock: true, Reopen: true, Cancel: true,
	Rename: true, Assign: true, Depend: true, Undepend: true, Note: true, Accept: true, Reject: true, Document: true, Risk: true, Issue: true,
	Decision: true, Action: true, CloseEntry: true, ScopeChange: true, RuleChange: true, Meeting: true, Vote: true, Minutes: true, CloseMeeting: true,
	CancelMeeting: true, MoveMeeting: true, DigestSchedule: true, Snooze: true, Unmute: true, SetRole: true, Support: true, SetWarranty: true, InvoicePaid: true,
	InvoiceAdd: true, SetLanguage: true, SetSetting: true, PauseProject: true, ResumeProject: true, CloseProject: true, Undo: true,
}

// Changes reports whether the intent changes something when it is acted upon.
func (i Intent) Changes() bool { return acts[i] }
