package conversations

// Outcome is how a message from people ended, for whoever watches how well the bot understands.
type Outcome string

// The outcomes.
const (
	Changed Outcome = "changed" // what was said changed a project
	Told    Outcome = "told"    // it was answered and changed nothing
	Asked   Outcome = "asked"   // the bot asked back
	Refused Outcome = "refused" // it was understood and may not be
	Missed  Outcome = "missed"  // it was not understood
	Silent  Outcome = "silent"  // it wanted no answer
)

// Outcomes lists them all.
var Outcomes = []Outcome{Changed, Told, Asked, Refused, Missed, Silent}

// ended says how the turn ended. A change counts for more than what was said along with it.
func (t *turn) ended() Outcome {
	switch {
	case t.change > 0:
		return Changed
	case t.outcome != "":
		return t.outcome
	case t.sent:
		return Told
	}
	return Silent
}
