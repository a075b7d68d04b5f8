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
