package steering

import "slices"

// byGravity orders the kinds of messages, gravest first, as the contract does; a digest and a portfolio come last.
var byGravity = []NoticeKind{
	NoticeEscalation, NoticeOverdue, NoticeSignOff, NoticeInvoice, NoticeMeeting, NoticeReview, NoticeReminder, NoticeSurvey,
	NoticeWarranty, NoticeDigest, NoticePortfolio,
}

// gravity is the place in byGravity: smaller is graver.
func (k NoticeKind) gravity() int {
	if i := slices.Index(byGravity, k); i >= 0 {
		return i
	}
	return len(byGravity)
}

// Message is the kind of the message that carries the notice: a warranty has none of its own and is a "notice".
func (k NoticeKind) Message() string {
	if k == NoticeWarranty {
		return "notice"
	}
	return string(k)
}

// Parcel is all that one chat is owed at one moment, for one message.
type Parcel struct {
	To       string       // the chat, as the caller's place named it
	Kind     NoticeKind   // the gravest
	Kinds    []NoticeKind // all, gravest first, each once
	Notices  []Notice     // gravest first; To of each holds those whom it names in this chat
	Mentions []PersonID   // whom the message mentions; nobody in a direct chat
	Apart    bool         // it does not count against the messages of a day
}

// Bundle puts notices that are owed at one moment into one message per chat. place names the chats of a notice: for a
// person the direct chat, none if they cannot be reached there; with person "" the project's groups. A notice for
// persons goes to each directly; those who cannot be reached are mentioned in the group if the notice may go there.
// What finds no chat is held: it stays owed. Parcels come in the order in which their chats were first named.
func Bundle(notices []Notice, place func(n Notice, person PersonID) []string) (parcels []Parcel, held []Notice) {
	index := map[string]int{}
	put := func(chat string, n Notice, mention bool) {
		i, ok := index[chat]
		if !ok {
			i = len(parcels)
			index[chat] = i
			parcels = append(parcels, Parcel{To: chat})
		}
		parcels[i].add(n, mention)
	}
	for _, n := range notices {
		rest, some := n.hand(place, put)
		if !some {
			continue
		}
		var chats []string
		if n.Group {
			chats = place(n, "")
		}
		for _, chat := range chats {
			put(chat, rest, true)
		}
		if len(chats) == 0 {
			held = append(held, rest)
		}
	}
	for i := range parcels {
		parcels[i].seal()
	}
	return parcels, held
}

// hand gives a notice to those whom it can be written to directly, and returns what is left of it for the group, if
// something is.
func (n Notice) hand(place func(Notice, PersonID) []string, put func(string, Notice, bool)) (rest Notice, some bool) {
	rest = n
	if !n.Direct || len(n.To) == 0 {
		return rest, true
	}
	rest.To = nil
	for _, id := range n.To {
		chats := place(n, id)
		if len(chats) == 0 {
			rest.To = append(rest.To, id)
		}
		for _, chat := range chats {
			one := n
			one.To = []PersonID{id}
			put(chat, one, false)
		}
	}
	return rest, len(rest.To) > 0
}

// add puts a notice in, and mentions whom it is for where that is asked.
func (p *Parcel) add(n Notice, mention bool) {
	if mention {
		for _, id := range n.To {
			if !slices.Contains(p.Mentions, id) {
				p.Mentions = append(p.Mentions, id)
			}
		}
	}
	p.Notices = append(p.Notices, n)
}

// seal orders the parcel and names its kinds.
func (p *Parcel) seal() {
	slices.SortStableFunc(p.Notices, func(a, b Notice) int { return a.Kind.gravity() - b.Kind.gravity() })
	for _, n := range p.Notices {
		if !slices.Contains(p.Kinds, n.Kind) {
			p.Kinds = append(p.Kinds, n.Kind)
		}
		p.Apart = p.Apart || n.Kind == NoticeEscalation || n.Kind == NoticeMeeting
	}
	p.Kind = p.Kinds[0]
}

// Fits reports whether one more unasked message may go to a chat that had some on the day; escalations and meetings
// always may.
func (p Policy) Fits(parcel Parcel, sentToday int) bool {
	return parcel.Apart || p.MaxPerDay <= 0 || sentToday < p.MaxPerDay
}
