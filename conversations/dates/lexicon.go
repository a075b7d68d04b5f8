package dates

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// The words are data: one file a language, made to be extended by people who do not write Go.
//
//go:embed words/*.txt
var wordFiles embed.FS

// class is a kind of word or phrase; the sections of the word files name them.
type class uint8

const (
	clsMonth class = iota
	clsMonthShort
	clsWeekday
	clsWeekdayShort
	clsWeekdayOrdinal
	clsWeekdayPlural
	clsNumber
	clsOrdinal
	clsOrdinalSuffix
	clsUnit
	clsWorking
	clsWorkingDays
	clsCalendarDays
	clsHalf
	clsAndHalf
	clsAbout
	clsDay
	clsDayPart
	clsNotDay
	clsMorningBefore
	clsPartOfDay
	clsIn
	clsInSure
	clsAgoBefore
	clsAgoAfter
	clsFromNow
	clsAfter
	clsBefore
	clsNext
	clsThis
	clsNextThis
	clsLast
	clsWeekAfterNext
	clsAfterNext
	clsInEight
	clsTheOther
	clsEdge
	clsWeekend
	clsEndOfDay
	clsEndWord
	clsOf
	clsThe
	clsOn
	clsTo
	clsToSure
	clsAnd
	clsBetween
	clsFrom
	clsDayWord
	clsTarget
	clsMove
	clsShift
	clsLabel
	clsStreet
	clsCounted
	clsOrdinalNoun
	clsDoneState
	clsDoneVerb
	clsGive
	clsEvery
	clsInstead
	clsBetter
	clsNegationAfter
	clsFeast
	clsPersonBefore
	clsPast
	clsDoneParticiple
	clsAlready
	clsAuxHave
	clsFuture
	clsClause
	clsYearWords
	clsCurrentMonth
	clsDayStep
	clsTheDay
	clsDoubtfulMonth
	clsDoubtfulDay
	clsEarlier
	clsFirstPerson
	clsDayVerb
	clsObjectBefore
	clsSince
	clsCourtesy
	clsNameLike
	clsMeridiem
	clsHourMark
	clsHourBefore
	clsNamedHour
	clsHourHalf
	clsOrdinary
	clsPastSuffix
	clsPastSuffixNot
	clsPastStemO
	clsPastStemIO
	clsDoneStem
	clsFutureSuffix
	clsCount
)

var sections = map[string]class{
	"month": clsMonth, "month-short": clsMonthShort, "weekday": clsWeekday, "weekday-short": clsWeekdayShort,
	"weekday-ordinal": clsWeekdayOrdinal, "weekday-plural": clsWeekdayPlural, "number": clsNumber,
	"ordinal": clsOrdinal, "ordinal-suffix": clsOrdinalSuffix, "unit": clsUnit, "working": clsWorking,
	"working-days": clsWorkingDays, "calendar-days": clsCalendarDays, "half": clsHalf, "and-half": clsAndHalf,
	"about": clsAbout, "day": clsDay, "day-part": clsDayPart, "not-day": clsNotDay,
	"morning-before": clsMorningBefore, "part-of-day": clsPartOfDay, "in": clsIn, "in-sure": clsInSure,
	"ago-before": clsAgoBefore, "ago-after": clsAgoAfter, "from-now": clsFromNow, "after": clsAfter,
	"before": clsBefore, "next": clsNext, "this": clsThis, "next-this": clsNextThis, "last": clsLast,
	"week-after-next": clsWeekAfterNext, "after-next": clsAfterNext, "in-eight": clsInEight,
	"the-other": clsTheOther, "edge": clsEdge, "weekend": clsWeekend, "end-of-day": clsEndOfDay,
	"end-word": clsEndWord, "of": clsOf, "the": clsThe, "on": clsOn, "to": clsTo, "to-sure": clsToSure,
	"and": clsAnd, "between": clsBetween, "from": clsFrom, "day-word": clsDayWord, "target": clsTarget,
	"move": clsMove, "shift": clsShift, "label": clsLabel, "street": clsStreet, "counted": clsCounted,
	"ordinal-noun": clsOrdinalNoun, "done-state": clsDoneState, "done-verb": clsDoneVerb, "give": clsGive,
	"every": clsEvery, "instead": clsInstead, "better": clsBetter, "negation-after": clsNegationAfter,
	"feast": clsFeast, "person-before": clsPersonBefore, "past": clsPast, "done-participle": clsDoneParticiple,
	"already": clsAlready, "aux-have": clsAuxHave, "future": clsFuture, "clause": clsClause,
	"year-words": clsYearWords, "current-month": clsCurrentMonth, "day-step": clsDayStep, "the-day": clsTheDay, "doubtful-month": clsDoubtfulMonth, "doubtful-day": clsDoubtfulDay, "earlier": clsEarlier, "first-person": clsFirstPerson, "day-verb": clsDayVerb,
	"object-before": clsObjectBefore, "since": clsSince, "courtesy": clsCourtesy,
	"name-like": clsNameLike, "meridiem": clsMeridiem,
	"hour-mark": clsHourMark, "hour-before": clsHourBefore, "named-hour": clsNamedHour, "hour-half": clsHourHalf,
	"ordinary": clsOrdinary, "past-suffix": clsPastSuffix, "past-suffix-not": clsPastSuffixNot,
	"past-stem-o": clsPastStemO, "past-stem-io": clsPastStemIO, "done-stem": clsDoneStem, "future-suffix": clsFutureSuffix,
}

// Values that the word files name instead of counting.
const (
	edgeStart = iota + 1
	edgeMid
	edgeEnd
	edgeHalf1
	edgeHalf2
)

const (
	unitDay = iota + 1
	unitWeek
	unitMonth
	unitYear
	unitQuarter
	unitSemester
	unitFortnight
	unitFifteen
	unitHour

	// plural marks a unit in the plural: "las próximas semanas" is no week.
	plural = 16
)

const (
	targetBy = iota + 1
	targetTo
	targetFrom
	targetOn
)

// accented is the value of a past form that without its accent is another word ("terminé", "termine").
const accented = 2

var valueNames = map[string]int{
	"start": edgeStart, "mid": edgeMid, "end": edgeEnd, "half1": edgeHalf1, "half2": edgeHalf2,
	"day": unitDay, "week": unitWeek, "month": unitMonth, "year": unitYear, "quarter": unitQuarter,
	"semester": unitSemester, "fortnight": unitFortnight, "fifteen": unitFifteen, "hour": unitHour,
	"days": unitDay | plural, "weeks": unitWeek | plural, "months": unitMonth | plural, "years": unitYear | plural,
	"quarters": unitQuarter | plural, "semesters": unitSemester | plural, "fortnights": unitFortnight | plural,
	"fifteens": unitFifteen | plural, "hours": unitHour | plural,
	"by": targetBy, "to": targetTo, "from": targetFrom, "on": targetOn,
}

type wordID int32

// sense is one meaning of a word or phrase.
type sense struct {
	class class
	value int
}

type step struct {
	node int32
	word wordID
}

// suffix is a verb ending; with accent set it counts only when its last vowel carries one.
type suffix struct {
	text   string
	accent bool
}

// name is a full month or weekday name that is still recognised with one wrong letter.
type name struct {
	text string
	id   wordID
}

// lexicon holds the words of one language: a trie over word numbers whose nodes carry senses.
type lexicon struct {
	lang          string
	monthFirst    bool
	ids           map[string]wordID
	steps         map[step]int32
	senses        [][]sense
	names         []name
	past, future  []suffix
	pastNot       map[string]bool
	stemO, stemIO map[string]bool
	stemDone      map[string]bool
	ordinary      map[string]bool
}

// Languages lists the languages that can be read.
var Languages = []string{"es", "pt", "en"}

var lexicons = map[string]func() *lexicon{
	"es": sync.OnceValue(func() *lexicon { return mustLoad("es") }),
	"pt": sync.OnceValue(func() *lexicon { return mustLoad("pt") }),
	"en": sync.OnceValue(func() *lexicon { return mustLoad("en") }),
}

// mustLoad panics on a broken word file: they are embedded, so a test sees it before anybody else does.
func mustLoad(lang string) *lexicon {
	data, err := wordFiles.ReadFile("words/" + lang + ".txt")
	if err != nil {
		panic(err)
	}
	l, err := parseLexicon(lang, string(data))
	if err != nil {
		panic(err)
	}
	return l
}

func parseLexicon(lang, data string) (*lexicon, error) {
	l := &lexicon{
		lang: lang, monthFirst: lang == "en", ids: make(map[string]wordID, 2048),
		steps: make(map[step]int32, 4096), senses: make([][]sense, 1, 4096), pastNot: map[string]bool{},
		stemO: map[string]bool{}, stemIO: map[string]bool{}, stemDone: map[string]bool{}, ordinary: map[string]bool{},
	}
	var current class
	known := false
	for n, line := range strings.Split(data, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] == '[':
			current, known = sections[strings.Trim(line, "[]")]
			if !known {
				return nil, fmt.Errorf("words/%s.txt:%d: no such section %s", lang, n+1, line)
			}
			continue
		}
		key, words, ok := strings.Cut(line, ":")
		value, err := lexValue(key)
		if !ok || err != nil || !known {
			return nil, fmt.Errorf("words/%s.txt:%d: want \"value: word, word\", not %q", lang, n+1, line)
		}
		for i, phrase := range strings.Split(words, ",") {
			l.add(current, value, strings.TrimSpace(phrase), i == 0)
		}
	}
	return l, nil
}

func lexValue(key string) (int, error) {
	if v, ok := valueNames[key]; ok {
		return v, nil
	}
	return strconv.Atoi(key)
}

// add takes in one phrase; main tells whether it is the first of its line, the one to recognise with a letter wrong.
func (l *lexicon) add(c class, value int, phrase string, main bool) {
	var s scanner
	s.scan(phrase)
	if len(s.tokens) == 0 {
		return
	}
	first := s.text(&s.tokens[0])
	switch c {
	case clsPastSuffix:
		l.past = append(l.past, suffix{text: first, accent: s.tokens[0].accent})
		return
	case clsFutureSuffix:
		l.future = append(l.future, suffix{text: first, accent: s.tokens[0].accent})
		return
	case clsPastSuffixNot:
		l.pastNot[first] = true
		return
	case clsPastStemO:
		l.stemO[first] = true
		return
	case clsPastStemIO:
		l.stemIO[first] = true
		return
	case clsDoneStem:
		l.stemDone[first] = true
		return
	case clsOrdinary:
		l.ordinary[first] = true
		return
	}
	node := int32(0)
	for i := range s.tokens {
		node = l.child(node, l.intern(s.text(&s.tokens[i])))
	}
	if c == clsPast && s.tokens[len(s.tokens)-1].accent {
		value = accented
	}
	l.senses[node] = append(l.senses[node], sense{class: c, value: value})
	if named := c == clsMonth || c == clsWeekday || c == clsWeekdayOrdinal || c == clsDay && len(first) > minTypo; main &&
		named && len(s.tokens) == 1 && len(first) >= minTypo {
		l.names = append(l.names, name{text: first, id: l.ids[first]})
	}
}

func (l *lexicon) intern(word string) wordID {
	id, ok := l.ids[word]
	if !ok {
		id = wordID(len(l.ids) + 1)
		l.ids[word] = id
	}
	return id
}

func (l *lexicon) child(node int32, word wordID) int32 {
	next, ok := l.steps[step{node, word}]
	if !ok {
		next = int32(len(l.senses))
		l.senses = append(l.senses, nil)
		l.steps[step{node, word}] = next
	}
	return next
}
