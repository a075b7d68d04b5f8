package steering

// Catalogue keys of the refusals. Beside "who" and "roles" of what is forbidden, Args hold what each line names.
const (
	KeyNotMember       = "refused.not_member"        // a stranger; says nothing about the project
	KeyObserver        = "refused.observer"          // an observer may only ask
	KeyProjectClosed   = "refused.project_closed"    // the project is closed
	KeyNotYours        = "refused.not_yours"         // milestones: reports are for owner, side and lead
	KeyPlan            = "refused.plan"              // the plan is the lead's
	KeyDates           = "refused.dates"             // milestones: who decides dates
	KeySign            = "refused.sign"              // milestones, sides: who signs
	KeySignedOther     = "refused.signed_other"      // milestones: the same person never for both sides
	KeyNotSubmitted    = "refused.not_submitted"     // milestones, status: what is not submitted cannot be signed
	KeySubmitted       = "refused.submitted"         // milestones: it waits for its sign-off
	KeyDone            = "refused.done"              // milestones: it is done; reopen it first
	KeyCancelled       = "refused.cancelled"         // milestones: it is cancelled; reopen it first
	KeyGateOpenBefore  = "refused.gate_open_before"  // gate, milestones: what the gate depends on and is open
	KeyBehindGate      = "refused.behind_gate"       // milestone, milestones: the gates before it that are not done
	KeyCircle          = "refused.circle"            // path: keys from the dependent round to itself
	KeyNoSignOff       = "refused.no_signoff"        // milestones: it asks for no sign-off
	KeyNoMilestone     = "refused.no_milestone"      // key
	KeyNoEntry         = "refused.no_entry"          // kind, id
	KeyNoStage         = "refused.no_stage"          // stage
	KeyNotPlaced       = "refused.not_placed"        // person: no place in the project
	KeyFuture          = "refused.future"            // date: it has not come yet
	KeyPast            = "refused.past"              // date or moment: it is over
	KeySlotOver        = "refused.slot_over"         // a vote for a moment that is over
	KeyBadDate         = "refused.bad_date"          // date
	KeyBadValue        = "refused.bad_value"         // field, value
	KeyMissing         = "refused.missing"           // slot
	KeyProposalDecided = "refused.proposal_decided"  // id, status
	KeyEntry           = "refused.entry"             // kind, id: closed by its owner, who raised it, or the lead
	KeyChange          = "refused.change"            // scope, price and approval are the lead's
	KeyConvene         = "refused.convene"           // a wish; the caller puts it to the lead
	KeySchedule        = "refused.schedule"          // the lead picks a moment
	KeyMeetingOver     = "refused.meeting_over"      // id, status
	KeySettings        = "refused.settings"          // the project's settings
	KeyMuteAll         = "refused.mute_all"          // the lead silences everyone's
	KeyRoles           = "refused.roles"             // who places people
	KeyLastLead        = "refused.last_lead"         // a project keeps a lead
	KeyNotGuardian     = "refused.not_guardian"      // who: the guardians
	KeyWarranty        = "refused.warranty"          // lead or csm
	KeyNoGoLive        = "refused.no_golive"         // the warranty counts from a go-live with a date
	KeyInvoice         = "refused.invoice"           // lead or csm
	KeyStatus          = "refused.status"            // the lead pauses, resumes, closes
	KeyNotLive         = "refused.not_live"          // live comes with the go-live
	KeyTraining        = "refused.training"          // who writes down training
	KeyQuestion        = "refused.question"          // question: none of the five
	KeyNothingToDecide = "refused.nothing_to_decide" // scope and payer are both missing
	KeyCannotBeClosed  = "refused.cannot_be_closed"  // kind
)

// RefusalKeys lists every key that an Error can carry, for the test of the catalogues.
var RefusalKeys = []string{
	KeyNotMember, KeyObserver, KeyProjectClosed, KeyNotYours, KeyPlan, KeyDates, KeySign, KeySignedOther, KeyNotSubmitted,
	KeySubmitted, KeyDone, KeyCancelled, KeyGateOpenBefore, KeyBehindGate, KeyCircle, KeyNoSignOff, KeyNoMilestone,
	KeyNoEntry, KeyNoStage, KeyNotPlaced, KeyFuture, KeyPast, KeySlotOver, KeyBadDate, KeyBadValue, KeyMissing, KeyProposalDecided,
	KeyEntry, KeyChange, KeyConvene, KeySchedule, KeyMeetingOver, KeySettings, KeyMuteAll, KeyRoles, KeyLastLead,
	KeyNotGuardian, KeyWarranty, KeyNoGoLive, KeyInvoice, KeyStatus, KeyNotLive, KeyTraining, KeyQuestion,
	KeyNothingToDecide, KeyCannotBeClosed,
}

// Keys of the remarks, under "remark." in the catalogue.
const (
	RemarkDayOff          = "day_off"          // milestone, date: the date is no working day
	RemarkPastDate        = "past_date"        // milestone, date: the date is over already
	RemarkBeforeItsNeeds  = "before_its_needs" // milestone, milestones: due before what it depends on
	RemarkOpenBefore      = "open_before"      // milestone, milestones: closed though these are open
	RemarkClosedBehind    = "closed_behind"    // milestone, milestones: reopened though these are done
	RemarkNoSigner        = "no_signer"        // milestone, side: nobody of that side may sign
	RemarkStillBlocked    = "still_blocked"    // milestone, reason
	RemarkDateProposed    = "date_proposed"    // milestone, date, who: the new milestone's date waits for them
	RemarkMovedToNeed     = "moved_to_need"    // milestone, date: moved to what it depends on
	RemarkSignOffVoided   = "signoff_voided"   // milestone, who: the new document voids what they gave
	RemarkSignOffAsked    = "signoff_asked"    // milestone, side: the document makes the side sign
	RemarkWarrantyMoved   = "warranty_moved"   // from, until
	RemarkLive            = "live"             // the project is live
	RemarkSameName        = "same_name"        // milestone, milestones: another has that name
	RemarkProposalsAgreed = "proposals_agreed" // ids: open proposals that asked for this date
	RemarkOwnsNow         = "owns_now"         // milestones: had nobody, and are the placed person's now
)

// RemarkKeys lists every key that a Remark can carry, without its "remark." prefix.
var RemarkKeys = []string{
	RemarkDayOff, RemarkPastDate, RemarkBeforeItsNeeds, RemarkOpenBefore, RemarkClosedBehind, RemarkNoSigner,
	RemarkStillBlocked, RemarkDateProposed, RemarkMovedToNeed, RemarkSignOffVoided, RemarkSignOffAsked, RemarkWarrantyMoved,
	RemarkLive, RemarkSameName, RemarkProposalsAgreed, RemarkOwnsNow,
}

func refuse(code Code, key string, args map[string]any) *Error {
	return &Error{Code: code, Key: key, Args: args}
}

func invalid(key string, args map[string]any) *Error  { return refuse(CodeInvalid, key, args) }
func conflict(key string, args map[string]any) *Error { return refuse(CodeConflict, key, args) }
func notFound(key string, args map[string]any) *Error { return refuse(CodeNotFound, key, args) }

// missing asks for what has to be said first.
func missing(slot string) *Error {
	return refuse(CodeMissing, KeyMissing, map[string]any{"slot": slot})
}

// forbidden refuses and says who may: the persons, and the roles that give the right.
func forbidden(key string, g grant, more ...any) *Error {
	args := map[string]any{"who": g.who, "roles": g.roles}
	for i := 0; i+1 < len(more); i += 2 {
		args[more[i].(string)] = more[i+1]
	}
	return refuse(CodeForbidden, key, args)
}
