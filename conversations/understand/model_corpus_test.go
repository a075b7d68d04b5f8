package understand

import (
	"os"
	"path/filepath"
	"strings"
)

// lesson is a message with what it wants, as the model learns it.
type lesson struct {
	from  string // where it stands, to tell the sources apart
	lang  string
	by    string
	say   string
	wants []Intent // empty when it wants nothing to change
	clues []uint32
	now   []Intent // what the rules of today would do, by the same names
	read  Reading
}

// lessons are all messages that the model may learn from: the training corpora and our own phrases, never what is held back.
func lessons(m *Model) ([]lesson, error) {
	var out []lesson
	for _, lang := range languages {
		paths, _ := filepath.Glob("../corpus/" + lang + "-train*.jsonl")
		for _, path := range paths {
			more, err := corpusLessons(m, lang, path)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		phrases, _ := filepath.Glob("testdata/" + lang + "-*.txt")
		for _, path := range append(phrases, "testdata/recall/"+lang+".txt", "testdata/traps/"+lang+".txt") {
			more, err := phraseLessons(m, lang, path)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
	}
	return out, nil
}

func corpusLessons(m *Model, lang, path string) ([]lesson, error) {
	cases, err := readCorpus(path)
	if err != nil {
		return nil, err
	}
	var out []lesson
	for i := range cases {
		c := &cases[i]
		if c.Raw {
			continue
		}
		w := newWorld(lang)
		var open *OpenQuestion
		for _, line := range c.Before {
			by, text, ok := strings.Cut(line, ": ")
			if !ok || strings.ContainsAny(by, " @") {
				continue
			}
			_, got := w.say(m, by, strings.TrimPrefix(text, "@timonel "), nil)
			open = openAfter(by, c.By, &got)
		}
		s := w.sceneFor(c.By)
		s.Mentions = mentionsIn(c.Say)
		wants := wantedIntents(expected(c))
		if open != nil {
			continue // the answer to a question is no wish by itself
		}
		claims, _ := w.say(m, c.By, c.Say, nil)
		if hasClaim(claims, "depend") {
			claims = nil // a circle, perhaps
		}
		if l, ok := lessonOf(m, s, c.Say, wants); ok {
			if len(wants) == 0 && len(claims) == 0 && l.refused() {
				continue // read rightly, and not allowed
			}
			l.from, l.lang, l.by = filepath.Base(path), lang, c.By
			if len(wants) > 0 && verdict(expected(c), claims) == "right" {
				l.wants = l.now // 100 % and done are the same
			}
			out = append(out, l)
		}
	}
	return out, nil
}

func phraseLessons(m *Model, lang, path string) ([]lesson, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []lesson
	state := ""
	for _, line := range strings.Split(string(data), "\n") {
		if strings.HasPrefix(line, "%") {
			state = strings.TrimSpace(line[1:])
		}
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "%") || strings.TrimSpace(line) == "" {
			continue
		}
		part := strings.SplitN(strings.ReplaceAll(line, `\|`, "\x00"), "|", 3)
		if len(part) == 2 {
			part = []string{"", part[0], part[1]}
		}
		want, by, say := strings.ReplaceAll(strings.TrimSpace(part[0]), "\x00", "|"), strings.TrimSpace(part[1]), strings.ReplaceAll(strings.TrimSpace(part[2]), `\n`, "\n")
		w := newWorld(lang)
		w.lenient = true
		if f := strings.Fields(state); len(f) == 2 {
			w.status[f[1]] = f[0]
		}
		s := w.sceneFor(by)
		s.Mentions = mentionsIn(say)
		claims := splitClaims(want)
		if l, ok := lessonOf(m, s, say, wantedIntents(claims)); ok {
			l.from, l.lang, l.by = filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), lang, by
			if got, _ := w.say(m, by, say, nil); len(claims) > 0 && verdict(claims, got) == "right" {
				l.wants = l.now
			}
			out = append(out, l)
		}
	}
	return out, nil
}

// lessonOf reads the text for its clues. An unclear want is taken from the rules, which are right on what they were written for.
func lessonOf(m *Model, s Scene, say string, wants []Intent) (lesson, bool) {
	l := lesson{say: say}
	r := m.reader(say, s)
	l.read = r.read()
	for i := range l.read.Frames {
		if fr := &l.read.Frames[i]; fr.Intent.Changes() && fr.Stance.Acts() && !hasIntent(l.now, fr.Intent) {
			l.now = append(l.now, fr.Intent)
		}
	}
	for _, w := range wants {
		if w == None {
			if len(l.now) == 0 {
				return l, false
			}
			wants = l.now
		}
	}
	l.wants = wants
	clues, syms := r.clues()
	for _, c := range clues {
		l.clues = append(l.clues, r.hash(c, syms))
	}
	return l, true
}

func hasClaim(claims []string, verb string) bool {
	for _, c := range claims {
		if strings.HasPrefix(c, verb) {
			return true
		}
	}
	return false
}

// refused reports whether the rules read a change without doubt; nothing came of it, so it was not allowed or not possible.
func (l *lesson) refused() bool {
	sure := false
	for i := range l.read.Frames {
		fr := &l.read.Frames[i]
		if fr.Intent.Changes() && fr.Stance.Acts() {
			if fr.Confidence < likely && len(fr.Ambiguous) == 0 {
				return false
			}
			sure = true
		}
	}
	return sure
}

// wantedIntents are the intents of claims; None stands for one that is not known.
func wantedIntents(claims []string) []Intent {
	var out []Intent
	for _, c := range claims {
		word, _, _ := strings.Cut(c, " ")
		i := Intent(word)
		switch word {
		case "propose":
			i = Move
		case "close":
			i = CloseEntry
		case "risks", "issues", "decisions", "actions":
			i = Intent(strings.TrimSuffix(word, "s"))
		case "changes", "change":
			i = ScopeChange
		case "?", "?depend", "proposal":
			i = None
		}
		if i != None && !i.Changes() {
			i = None
		}
		if !hasIntent(out, i) {
			out = append(out, i)
		}
	}
	return out
}
