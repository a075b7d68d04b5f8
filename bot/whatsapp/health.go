package whatsapp

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"timonel/bot"
)

// Problem names a trouble that an operator must know of.
type Problem string

// The problems. Grave ones stop the messages; with the others they go on.
const (
	NotLinked   Problem = "not_linked"   // no number yet
	LoggedOut   Problem = "logged_out"   // the phone, or WhatsApp, threw the device out
	Replaced    Problem = "replaced"     // somebody else connected with a copy of the session
	Banned      Problem = "banned"       // for a time
	Outdated    Problem = "outdated"     // WhatsApp wants a newer client
	Refused     Problem = "refused"      // for another reason
	Offline     Problem = "offline"      // no connection for a while; it is being restored
	StandingBy  Problem = "standing_by"  // another process has the session
	NotStored   Problem = "not_stored"   // what comes in cannot be written
	Unreadable  Problem = "unreadable"   // messages that could not be decrypted, nor were sent again
	PhoneSilent Problem = "phone_silent" // nothing was seen of the phone for long: WhatsApp unlinks its devices soon
	TooFast     Problem = "too_fast"     // WhatsApp asked for quiet
	CapReached  Problem = "cap_reached"  // the day's messages are used up
)

// grave are the problems with which nothing comes or goes.
var grave = []Problem{NotLinked, LoggedOut, Replaced, Banned, Outdated, Refused, Offline, StandingBy, NotStored}

// Trouble is one problem: as it begins, or, with Over, as it ends.
type Trouble struct {
	Problem Problem
	Over    bool
	// Detail is what WhatsApp said, "" if nothing.
	Detail string
	// Until is when it may be over by itself, zero if that is not known.
	Until time.Time
	// Count is how many messages it is about.
	Count int

	told  bool // it was reported
	since time.Time
}

// Grave reports whether nothing comes or goes with this trouble.
func (t Trouble) Grave() bool { return slices.Contains(grave, t.Problem) }

// Words says in English what is wrong and what to do.
func (t Trouble) Words() string {
	detail := ""
	if t.Detail != "" {
		detail = " (" + t.Detail + ")"
	}
	until := t.Until.UTC().Format("2006-01-02 15:04 MST")
	switch t.Problem {
	case NotLinked:
		return ErrNotLinked.Error()
	case LoggedOut:
		return "WhatsApp unlinked this device" + detail + ": link the number again (run: timonel whatsapp link); what waits is kept"
	case Replaced:
		return "somebody else uses this WhatsApp session: stop the other process, then restart Timonel"
	case Banned:
		return "WhatsApp has banned the number until " + until + detail + ": write nothing with it until then; what waits is kept"
	case Outdated:
		return "WhatsApp refuses this version as outdated: update Timonel"
	case Refused:
		return "WhatsApp refuses the connection" + detail + ": it is tried again at " + until
	case Offline:
		return "not connected to WhatsApp; the connection is being restored"
	case StandingBy:
		return "another Timonel has the WhatsApp session: this one stands by"
	case NotStored:
		return "what comes in cannot be stored" + detail + ": it is kept by WhatsApp and asked for again"
	case Unreadable:
		return fmt.Sprintf("%d messages could not be read: ask who wrote to write again", t.Count)
	case PhoneSilent:
		return "nothing was seen of the bot's phone since " + until + ": open WhatsApp on it, or its linked devices are logged out after 14 days"
	case TooFast:
		return "WhatsApp asked for quiet" + detail + ": nothing is sent until " + until
	case CapReached:
		return "the day's messages are used up: nothing is sent until " + until
	}
	return string(t.Problem)
}

// health is what is wrong now.
type health struct {
	clock func() time.Time

	mu       sync.Mutex
	troubles []Trouble
	since    time.Time
}

func newHealth(clock func() time.Time) health {
	now := clock()
	return health{clock: clock, troubles: []Trouble{{Problem: Offline, since: now}}, since: now}
}

// now is the state for the operator: not well while something grave is wrong; the rest is told all the same.
func (h *health) now() bot.Health {
	h.mu.Lock()
	defer h.mu.Unlock()
	state := bot.Health{OK: true, Since: h.since}
	var words []string
	others := 0 // of the grave ones
	for _, t := range h.troubles {
		state.OK = state.OK && !t.Grave()
		state.StandsBy = state.StandsBy || t.Problem == StandingBy
		state.CannotSend = state.CannotSend || t.Grave() && (t.Problem != Offline || h.clock().Sub(t.since) > onlinePatience)
		if t.Grave() && t.Problem != StandingBy && t.Problem != Offline {
			others++
		}
		if t.Problem != Offline || len(h.troubles) == 1 { // another problem says why
			words = append(words, t.Words())
		}
	}
	state.StandsBy = state.StandsBy && others == 0
	state.Problem = strings.Join(words, "; ")
	return state
}

func (h *health) has(p Problem) bool {
	_, there := h.lasts(p)
	return there
}

// add notes a trouble and reports whether it has to be told: once, and of a lost connection only when it stays lost.
func (h *health) add(t Trouble, tell bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, known := range h.troubles {
		if known.Problem == t.Problem {
			t.told, t.since = known.told || tell, known.since
			h.troubles[i] = t
			return tell && !known.told
		}
	}
	t.told, t.since = tell, h.clock()
	h.troubles, h.since = append(h.troubles, t), t.since
	return tell
}

// drop forgets a trouble and reports whether there was one, and whether it had been told.
func (h *health) drop(p Problem) (there, told bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.troubles, func(t Trouble) bool { return t.Problem == p })
	if i < 0 {
		return false, false
	}
	told = h.troubles[i].told
	h.troubles, h.since = slices.Delete(h.troubles, i, i+1), h.clock()
	return true, told
}

// lasts returns since when a problem is there.
func (h *health) lasts(p Problem) (since time.Time, there bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range h.troubles {
		if t.Problem == p {
			return t.since, true
		}
	}
	return time.Time{}, false
}

// trouble notes what is wrong and reports it once.
func (a *Adapter) trouble(t Trouble) {
	if !a.health.add(t, true) {
		return
	}
	a.cfg.Log.Warn().Str("problem", string(t.Problem)).Msg(t.Words())
	a.noteTrouble(t)
	if a.cfg.Report != nil {
		a.cfg.Report(t)
	}
}

// over notes that a problem is no more, and reports it if it was told.
func (a *Adapter) over(p Problem) {
	there, told := a.health.drop(p)
	if there {
		a.cfg.Log.Info().Str("problem", string(p)).Msg("over")
	}
	if !told {
		return
	}
	a.noteTrouble(Trouble{Problem: p, Over: true})
	if a.cfg.Report != nil {
		a.cfg.Report(Trouble{Problem: p, Over: true})
	}
}
