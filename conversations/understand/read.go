package understand

import (
	"errors"
	"fmt"
	"sync"

	"timonel/conversations/phrases"
)

// Model reads messages. It is safe for concurrent use.
//
// A message is cut into tokens that keep their place in the original (normalise.go) and its language is guessed
// (language.go). The lexicon turns words of three languages, verbs inflected by rule, into one set of concepts with what the
// form says of mood and tense (lexicon.go, morphology.go, concepts.go), slips of the pen included. Entities come first, the
// surest before the others, each keeping its words from those that follow: people, milestones by number and name, shares,
// entries, days, lengths of time (spot_*.go). What is left folds into items (items.go), the items into clauses (clauses.go);
// a free text such as a risk or a note swallows its rest (freetext.go). Each intent weighs a clause by its grammar
// (rules*.go), the best is built with its slots (frames*.go), and whether it is asked for, told, asked about, supposed,
// denied, intended or passed on is decided apart from that (stance*.go, moods.go). Guards lower the confidence of what leaves
// words unexplained or hangs on another verb (guard*.go). Then the frames of one message are joined: reasons, repetitions,
// courtesies (merge.go). At last a linear model that learned from the phrases weighs the whole message (model*.go); with what
// the rules found it becomes a calibrated confidence (calibrate.go), below ActAt the bot asks.
//
// The rules fill the slots and say why they fired; the model knows what they do not know.
type Model struct {
	lexicons    [3]*lexicon
	synonyms    *synonymTable
	inLanguages map[string]uint8 // which languages have a word, as bits
	known       map[string]bool  // words never to be taken for a misspelling
	hollow      map[string]bool  // words that are no part of a name by themselves
	timeWords   map[string]bool  // words without which a text without digits holds no date
	tables      tables
	moods       [3]func() (*moodTable, error) // read when the first message comes
	learned     *linear
	questions   [3]func() (*questionTable, error) // read when the first question comes

	mu     sync.RWMutex
	places map[uint64]*place
}

// Load reads the embedded phrase files.
func Load() (*Model, error) {
	m := &Model{inLanguages: make(map[string]uint8, 1<<15), known: map[string]bool{}, timeWords: map[string]bool{}, hollow: map[string]bool{}, places: map[uint64]*place{}}
	if err := m.loadLanguages(); err != nil {
		return nil, err
	}
	data, err := phrases.FS.ReadFile("milestones.toml")
	if err != nil {
		return nil, fmt.Errorf("read the synonyms of milestones: %w", err)
	}
	if m.synonyms, err = loadSynonyms(data); err != nil {
		return nil, err
	}
	if err := m.loadWords(); err != nil {
		return nil, err
	}
	if m.learned, err = readLinear(learnedFile); err != nil {
		return nil, err
	}
	return m, nil
}

// loadLanguages reads the files of the languages side by side.
func (m *Model) loadLanguages() error {
	var errs [len(languages)]error
	var wait sync.WaitGroup
	for i := range languages {
		wait.Add(1)
		go func() {
			defer wait.Done()
			errs[i] = m.loadLanguage(i)
		}()
	}
	wait.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	for i, lex := range m.lexicons {
		for w := range lex.words {
			m.inLanguages[w] |= 1 << i
		}
		for w := range lex.abbrev {
			if _, norm := fold(w); len(norm) > 1 {
				m.inLanguages[norm] |= 1 << i
			}
		}
		for w := range lex.literal {
			m.inLanguages[w] |= 1 << i
			m.known[w] = true
		}
	}
	return nil
}

func (m *Model) loadLanguage(i int) error {
	lang := languages[i]
	m.moods[i] = sync.OnceValues(func() (*moodTable, error) { return loadMoods(lang) })
	m.questions[i] = sync.OnceValues(func() (*questionTable, error) { return loadQuestions(lang) })
	var files [len(lexiconFiles)][]byte
	for k, name := range lexiconFiles {
		data, err := phrases.FS.ReadFile(lang + "/" + name)
		if err != nil {
			return fmt.Errorf("read the lexicon of %s: %w", lang, err)
		}
		files[k] = data
	}
	lex, err := loadLexicon(lang, files[:]...)
	m.lexicons[i] = lex
	return err
}

// lexiconFiles are the files of a language's lexicon: its words, what they mean together, and the manners of saying things.
var lexiconFiles = [...]string{"lexicon.toml", "idioms.toml", "manners.toml"}

// reader holds the state of reading one message.
type reader struct {
	model *Model
	scene *Scene
	place *place
	text  string
	head  string // the part of the text that is read for anything but its bare words
	lang  string
	li    int
	words []word
	typos int // misspellings still allowed to be looked up, which bounds the work

	refs     []msRef
	people   []personRef
	percents []percentRef
	entries  []entryRef
	dates    []dateRef
	shifts   []shiftRef
	clocks   []clockRef
	stages   []stageRef
	quotes   []span
	bareDays []span
	skip     [][2]int
	turns    []turn

	items          []item
	clauses        []clause
	pendingInherit bool
	sentenceFrom   int
	scratch        *scratch
	weighed        *Weighed // kept when somebody wants to know why
}

// maxHead is how much of a message is read for dates and the like; what follows can only be the tail of a free text.
const maxHead = 6000

// maxTypos bounds how many unknown words of a message are looked up as misspellings.
const maxTypos = 24

// Read says what the text means in the scene.
func (m *Model) Read(text string, s Scene) Reading {
	r := m.reader(text, s)
	out := r.read()
	r.release()
	return out
}

func (m *Model) reader(text string, s Scene) *reader {
	r := &reader{model: m, scene: &s, text: text, typos: maxTypos}
	r.borrow()
	r.head = text
	if len(r.head) > maxHead {
		r.head = cutAt(text, maxHead)
	}
	return r
}

func (r *reader) read() Reading {
	toks := tokenise(r.head, r.scene.Mentions)
	r.place = r.model.placeOf(r.scene)
	lang, sure := r.model.guessLanguage(toks, r.scene.Language, r.place)
	r.lang, r.li = lang, langIndex(lang)
	out := Reading{Language: lang, LanguageSure: sure}
	if len(toks) == 0 {
		return out
	}
	r.expand(toks)
	r.settleInterrogatives()
	r.protectPhrases()
	r.spot()
	r.buildItems()
	r.splitClauses()
	r.findTurns()
	r.readClauses(&out)
	r.readQuestion(&out)
	r.decide(&out)
	r.readShortfall(&out)
	out.Answer = r.readAnswer(&out)
	return out
}

// cutAt cuts at a byte without splitting a rune.
func cutAt(s string, n int) string {
	for n > 0 && n < len(s) && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// spot finds the entities, the surest first, each keeping its words from those that follow.
func (r *reader) spot() {
	r.spotQuotes()
	r.spotPeople()
	r.spotExplicit()
	r.spotMuted()
	r.spotNames()
	r.spotNext()
	r.spotPercents()
	r.spotEntries()
	r.spotObjects()
	r.spotSpelled()
	r.spotDates()
	r.spotClocks()
	for _, c := range r.clocks {
		r.take(c.from, c.to)
	}
	for _, s := range r.shifts {
		r.take(s.from, s.to)
	}
	r.spotBare()
	r.settleDays()
	r.sortRefs()
	r.dropPartial()
}

// spotQuotes finds text between double quotes, which is a name or somebody's words.
func (r *reader) spotQuotes() {
	open := -1
	for i := range r.words {
		if r.words[i].kind != tokPunct || r.words[i].norm != `"` {
			continue
		}
		if open < 0 {
			open = i
			continue
		}
		if i > open+1 && i-open < 16 && !r.quotesName(open+1, i) {
			r.quotes = append(r.quotes, span{open, i + 1})
		}
		open = -1
	}
}

// quotesName reports whether the words between quotes are a whole name of the plan.
func (r *reader) quotesName(from, to int) bool {
	var stems []string
	for k := from; k < to; k++ {
		if r.words[k].isWord() && !stopWords[r.words[k].norm] {
			stems = append(stems, stem(r.words[k].norm))
		}
	}
	return r.fullName(stems)
}

// spotNext finds "el siguiente", "o próximo", "the next one": the open milestone with the earliest date.
func (r *reader) spotNext() {
	for i := range r.words {
		w := &r.words[i]
		if w.taken || !w.has(cNext) {
			continue
		}
		from, to := i, i+1
		if i > 0 && r.words[i-1].has(cDet) && !r.words[i-1].taken {
			from = i - 1
		} else if !(i+1 < len(r.words) && r.words[i+1].has(cMilestone)) {
			continue
		}
		if to < len(r.words) && (r.words[to].is("one") || r.words[to].has(cMilestone)) {
			to++
		} else if r.li == 2 {
			continue
		}
		if to < len(r.words) && r.words[to].isWord() && !r.nextMayPrecede(to) {
			continue
		}
		key := r.earliestOpen()
		if key == "" {
			continue
		}
		ref := msRef{from: from, to: to, next: true, explicit: true}
		ref.Key, ref.Candidates = key, []string{key}
		ref.Start, ref.End = r.words[from].start, r.words[to-1].end
		ref.Text = r.text[ref.Start:ref.End]
		r.take(from, to)
		r.refs = append(r.refs, ref)
	}
}

// nextMayPrecede reports whether the word behind "the next" leaves it a noun: a verb or a preposition, not a week.
func (r *reader) nextMayPrecede(i int) bool {
	w := &r.words[i]
	if w.has(cDecision, cRisk, cIssue, cAction, cChangeN, cNote, cMinutes) && !w.has(cMark, cClose, cFinish) || w.is("risco") {
		return false // "registro la siguiente decisión: …"
	}
	if r.model.timeWords[w.norm] || len(w.senses) == 0 || w.has(cUnit, cMeeting, cStage) {
		return w.has(cAlready, cTo, cFor) && !w.has(cUnit)
	}
	return true
}

func (r *reader) earliestOpen() string {
	key := ""
	var due = r.scene.Today
	for i := range r.scene.Milestones {
		n := &r.scene.Milestones[i]
		if n.Status == "done" || n.Status == "cancelled" || n.Due == 0 {
			continue
		}
		if key == "" || n.Due < due {
			key, due = n.Key, n.Due
		}
	}
	return key
}

func (r *reader) sortRefs() {
	for i := 1; i < len(r.refs); i++ {
		for k := i; k > 0 && r.refs[k].from < r.refs[k-1].from; k-- {
			r.refs[k], r.refs[k-1] = r.refs[k-1], r.refs[k]
		}
	}
}
