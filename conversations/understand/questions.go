package understand

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"timonel/conversations/phrases"
	"timonel/steering"
)

// questionSure is the confidence of a question that a line of questions.toml fits: it changes nothing, so being wrong costs
// one answer that nobody asked for.
const questionSure = 0.9

// questionTable holds what people ask in one language, from questions.toml.
type questionTable struct {
	shape          *turnSet
	shortfall      *turnSet // a date that will not be kept
	mine           *turnSet
	windows        []window // the first that fits says when
	months         []*turnSet
	client, vendor *turnSet
	entries        []question
}

type window struct {
	name string
	says *turnSet
}

// question is a kind of question: what it is about and how it is put.
type question struct {
	intent    Intent
	window    string
	topic     string
	milestone bool // asks for a milestone, and is no such question without one
	firm      bool // wins over a change that lacks something: "pásame el cronograma" hands nothing over
	says      *turnSet
}

// keepReading is the intent of an entry whose questions the grammar reads better.
const keepReading Intent = "keep"

// maxQuestion is how many words a message may have and still be one question to the bot.
const maxQuestion = 24

func loadQuestions(lang string) (*questionTable, error) {
	data, err := phrases.FS.ReadFile(lang + "/questions.toml")
	if err != nil {
		return nil, fmt.Errorf("read the questions of %s: %w", lang, err)
	}
	var file struct {
		Shape     []string `toml:"shape"`
		Shortfall []string `toml:"shortfall"`
		Mine      []string `toml:"mine"`
		Today     []string `toml:"today"`
		NextWeek  []string `toml:"next_week"`
		ThisWeek  []string `toml:"this_week"`
		ThisMonth []string `toml:"this_month"`
		Months    []string `toml:"months"`
		Client    []string `toml:"client"`
		Vendor    []string `toml:"vendor"`
		Questions []struct {
			Intent    Intent   `toml:"intent"`
			Window    string   `toml:"window"`
			Topic     string   `toml:"topic"`
			Milestone bool     `toml:"milestone"`
			Firm      bool     `toml:"firm"`
			Patterns  []string `toml:"patterns"`
		} `toml:"question"`
	}
	if err := toml.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("questions of %s: %w", lang, err)
	}
	c := compiler{lang: lang}
	t := &questionTable{shape: c.any(file.Shape), shortfall: c.any(file.Shortfall), mine: c.any(file.Mine), client: c.any(file.Client), vendor: c.any(file.Vendor)}
	t.windows = []window{{"today", c.any(file.Today)}, {"next_week", c.any(file.NextWeek)}, {"this_week", c.any(file.ThisWeek)}, {"this_month", c.any(file.ThisMonth)}}
	for _, m := range file.Months {
		t.months = append(t.months, c.any([]string{m}))
	}
	if len(t.months) != 12 && c.err == nil {
		c.err = fmt.Errorf("%d months", len(t.months))
	}
	for _, q := range file.Questions {
		t.entries = append(t.entries, question{q.Intent, q.Window, q.Topic, q.Milestone, q.Firm, c.any(q.Patterns)})
	}
	if c.err != nil {
		return nil, fmt.Errorf("questions of %s: %w", lang, c.err)
	}
	return t, nil
}

// compiler makes sets of expressions and keeps the first error.
type compiler struct {
	lang string
	err  error
}

func (c *compiler) any(patterns []string) *turnSet {
	if len(patterns) == 0 && c.err == nil {
		c.err = errors.New("a list without expressions")
	}
	set, err := newTurnSet(patterns)
	if err != nil && c.err == nil {
		c.err = err
	}
	return set
}

// readQuestion reads a message that changes nothing once more, as a question about the project. The grammar of clauses is
// made to tell changes apart; what people only want to know they put in ways that are better listed.
func (r *reader) readQuestion(out *Reading) {
	t, err := r.model.questions[r.li]()
	if err != nil {
		return // a test loads every language
	}
	text := r.questionText()
	if text == "" || !t.shape.fits(text) {
		return
	}
	settled := slices.ContainsFunc(out.Frames, func(fr Frame) bool {
		return fr.Intent.Changes() && fr.Stance.Acts() && fr.Confidence >= AskAt || fr.Stance == Hypothesis
	})
	complete := slices.ContainsFunc(out.Frames, func(fr Frame) bool { return fr.Intent.Changes() && len(fr.Missing) == 0 })
	named := r.named()
	for i := range t.entries {
		q := &t.entries[i]
		if settled && q.intent != WhatIf && (!q.firm || complete) || q.milestone && len(named) == 0 || !q.says.fits(text) {
			continue
		}
		switch q.intent {
		case keepReading:
		case WhatIf:
			if !supposeMove(out) {
				continue
			}
		default:
			out.Frames, out.Unread = []Frame{r.questionFrame(t, q, text, named)}, nil
		}
		return
	}
}

// shortfallSure is below ActAt: who will not make a date has set no other one yet, so the bot asks.
const shortfallSure = 0.5

// readShortfall reads "no llego con el 4", "I won't make 4, I need three more days": nobody asked for a change, and yet the
// bot's next word should be about a new date.
func (r *reader) readShortfall(out *Reading) {
	for i := range out.Frames {
		if fr := &out.Frames[i]; fr.Stance == Question || fr.Stance == Hypothesis || fr.Stance == Quotation || fr.Intent.Changes() && fr.Stance.Acts() && fr.Confidence >= AskAt {
			return
		}
	}
	named := r.named()
	if len(named) != 1 {
		return
	}
	t, err := r.model.questions[r.li]()
	if err != nil {
		return // a test loads every language
	}
	text := r.questionText()
	if text == "" || strings.HasSuffix(text, "?") || !t.shortfall.fits(text) {
		return
	}
	fr := Frame{Intent: Move, Confidence: shortfallSure, Stance: Request, End: len(r.text), Why: []Feature{{Name: "question:shortfall", Weight: shortfallSure}}}
	fr.Slots.Percent, fr.Slots.Weekday, fr.Slots.Milestones = -1, -1, named
	switch {
	case len(r.shifts) == 1:
		s := r.shifts[0].shift
		fr.Slots.Shift = &s
	case len(r.dates) == 1 && !r.dates[0].Past:
		fr.Slots.Date = &r.dates[0].Dated
	default:
		fr.Missing = []string{"date"}
	}
	out.Frames, out.Unread = []Frame{fr}, nil
}

// supposeMove makes a question of the movement that the message speaks of; it reports whether there is one.
func supposeMove(out *Reading) bool {
	for _, fr := range out.Frames {
		if (fr.Intent == Move || fr.Intent == WhatIf) && len(fr.Slots.Milestones) > 0 && (fr.Slots.Date != nil || fr.Slots.Shift != nil) {
			fr.Intent, fr.Stance, fr.Confidence = WhatIf, Question, questionSure
			fr.Missing, fr.Ambiguous = nil, nil
			out.Frames = []Frame{fr}
			return true
		}
	}
	return false
}

// questionText is the message in plain words, without the courtesies before it; empty when it is too long for a question.
func (r *reader) questionText() string {
	var b strings.Builder
	n, begun := 0, false
	for i := range r.words {
		w := &r.words[i]
		switch {
		case w.kind == tokPunct && w.norm == "?":
		case w.kind == tokPunct || w.kind == tokNewline || w.kind == tokEmoji:
			continue
		case !begun && (w.kind == tokMention || w.has(cNoise, cPlease, cThanks, cHello) && !w.has(interrogatives...)):
			continue
		}
		begun = true
		if n++; n > maxQuestion {
			return ""
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(apart(w))
	}
	return b.String()
}

// apart writes a word with what an apostrophe joins to it as a word of its own: "what's" is "what s".
func apart(w *word) string {
	if !strings.ContainsAny(w.raw, "'’") {
		return w.norm
	}
	_, norm := fold(strings.NewReplacer("'", " ", "’", " ").Replace(w.raw))
	return strings.TrimSpace(norm)
}

// named are the milestones that the message names, each once.
func (r *reader) named() []Ref {
	var out []Ref
	seen := map[string]bool{}
	for i := range r.refs {
		if ref := r.refs[i].Ref; ref.Key != "" && !seen[ref.Key] && !r.inPassing(&r.refs[i]) {
			seen[ref.Key] = true
			out = append(out, ref)
		}
	}
	if len(out) == 0 && r.scene.GoLive != "" && r.saysGoLive() {
		out = append(out, r.keyRef(r.scene.GoLive))
	}
	return out
}

// saysGoLive reports whether the message speaks of the go-live, whatever the plan calls it.
func (r *reader) saysGoLive() bool {
	for i := range r.words {
		w := &r.words[i]
		if w.has(cGoLive) || w.norm == "golive" || w.norm == "live" && i > 0 && (r.words[i-1].norm == "go" || i > 1 && r.words[i-2].norm == "go") {
			return true
		}
	}
	return false
}

// inPassing reports whether only words that ask were taken for a part of a name: "qué tal" where a milestone is about "the as is"
// ("tal cual").
func (r *reader) inPassing(ref *msRef) bool {
	if ref.number || ref.next {
		return false
	}
	for i := ref.from; i < ref.to; i++ {
		switch w := &r.words[i]; w.norm {
		case "tal", "cual", "cuales", "qual", "quais", "tao":
		default:
			if w.isWord() && !stopWords[w.norm] {
				return false
			}
		}
	}
	return true
}

func (r *reader) questionFrame(t *questionTable, q *question, text string, named []Ref) Frame {
	fr := Frame{Intent: q.intent, Confidence: questionSure, Stance: Question, End: len(r.text), Why: []Feature{{Name: "question:" + string(q.intent), Weight: questionSure}}}
	fr.Slots.Percent, fr.Slots.Weekday = -1, -1
	fr.Slots.Topic = q.topic
	if q.milestone || q.intent == Status && len(named) == 1 {
		fr.Slots.Milestones = named
	}
	if q.intent == Roster {
		fr.Slots.Roles = r.rolesSaid()
	}
	if q.intent == Why && q.topic == "changed" {
		r.questionTime(t, text, &fr.Slots)
	}
	if q.intent != List {
		return fr
	}
	for i := range r.people {
		if id := r.people[i].id; id != "" {
			fr.Slots.Person = id
		}
	}
	mine := t.mine.fits(text)
	if mine {
		fr.Slots.Person = r.scene.Speaker
	}
	switch {
	case t.client.fits(text):
		fr.Slots.Side = steering.SideClient
	case t.vendor.fits(text):
		fr.Slots.Side = steering.SideVendor
	}
	if fr.Slots.Window = q.window; q.window != "" && q.window != "next" {
		return fr
	}
	r.questionTime(t, text, &fr.Slots)
	switch {
	case fr.Slots.Window != "all":
	case q.window != "":
		fr.Slots.Window = q.window
	case mine:
		fr.Slots.Window = "mine"
	}
	return fr
}

// rolesSaid are the roles that the message names, one or two words each, also where a milestone bears the word.
func (r *reader) rolesSaid() []steering.Role {
	var out []steering.Role
	for i := range r.words {
		name := r.words[i].norm
		if i+1 < len(r.words) {
			if role, ok := r.model.tables.roles[name+" "+r.words[i+1].norm]; ok {
				out = append(out, role)
				continue
			}
		}
		if role, ok := r.model.tables.roles[name]; ok {
			out = append(out, role)
		}
	}
	return out
}

// questionTime settles for when a list is wanted.
func (r *reader) questionTime(t *questionTable, text string, s *Slots) {
	s.Window = "all"
	for _, w := range t.windows {
		if w.says.fits(text) {
			s.Window = w.name
			return
		}
	}
	if len(r.dates) > 0 {
		s.Window, s.Date = "date", &r.dates[0].Dated
		return
	}
	for i, m := range t.months {
		if m.fits(text) {
			s.Window, s.Number = "month", i+1
			return
		}
	}
}
