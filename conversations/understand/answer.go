package understand

import (
	"strings"

	"timonel/steering"
)

// readAnswer reads the message as an answer to the question that is open to the speaker.
func (r *reader) readAnswer(out *Reading) *Answer {
	q := r.scene.Open
	if q == nil {
		return nil
	}
	a := &Answer{Option: -1, Text: strings.TrimSpace(r.text)}
	content := r.contentItems()
	a.Yes, a.No = r.saysYes(content), r.saysNo(content)
	if a.Yes && a.No {
		a.Yes = false
	}
	a.None = r.saysNone(content)
	a.Option = r.optionOf(q, content)
	if len(r.dates) > 0 {
		a.Date = r.dates[len(r.dates)-1].Date
	} else if d := r.bareDayAnswer(q, content); d != 0 {
		a.Date = d
	}
	if len(r.shifts) > 0 {
		s := r.shifts[0].shift
		a.Shift = &s
	}
	a.Alone = r.isAlone(q, a, content, out)
	return a
}

// contentItems are the items that say something.
func (r *reader) contentItems() []int {
	var out []int
	for i := range r.items {
		it := &r.items[i]
		if it.kind == itPunct || it.kind == itBreak || it.kind == itWord && it.has(cNoise, cPlease, cThanks, cHello) && !it.has(cYes, cNo, cAccept, cAll) {
			continue
		}
		out = append(out, i)
	}
	return out
}

func (r *reader) saysYes(content []int) bool {
	if len(content) == 0 || len(content) > 6 {
		return false
	}
	first := &r.items[content[0]]
	if first.has(cNot, cNo) && !first.has(cYes) {
		return false
	}
	for _, i := range content {
		it := &r.items[i]
		if it.has(cNot, cNotYet, cNever) {
			return false
		}
	}
	return first.has(cYes, cAccept, cReady) || first.kind == itEmoji && r.words[first.from].norm == ":check:"
}

func (r *reader) saysNo(content []int) bool {
	if len(content) == 0 || len(content) > 6 {
		return false
	}
	first := &r.items[content[0]]
	return first.has(cNo, cNot, cReject) && !first.has(cYes)
}

// saysNone reads "ninguno", "nenhum", "none of these".
func (r *reader) saysNone(content []int) bool {
	if len(content) == 0 || len(content) > 5 {
		return false
	}
	for _, i := range content[:min(2, len(content))] {
		if r.items[i].has(cNobody) {
			return true
		}
	}
	return false
}

var ordinals = map[string]int{
	"primero": 1, "primera": 1, "primeiro": 1, "primeira": 1, "first": 1, "1ro": 1, "1o": 1, "1a": 1, "1era": 1, "1st": 1,
	"segundo": 2, "segunda": 2, "second": 2, "2do": 2, "2o": 2, "2a": 2, "2da": 2, "2nd": 2,
	"tercero": 3, "tercera": 3, "terceiro": 3, "terceira": 3, "third": 3, "3ro": 3, "3o": 3, "3a": 3, "3era": 3, "3rd": 3,
	"cuarto": 4, "cuarta": 4, "quarto": 4, "quarta": 4, "fourth": 4, "4to": 4, "4o": 4, "4a": 4, "4th": 4,
}

// optionOf returns which option is picked: by its number, its ordinal, or words of its label that no other has.
func (r *reader) optionOf(q *OpenQuestion, content []int) int {
	n := len(q.Options)
	if n == 0 || len(content) == 0 {
		return -1
	}
	if len(content) <= 4 {
		if k := r.numberPicked(content); k >= 1 && k <= n {
			return k - 1
		}
	}
	return r.labelPicked(q)
}

// numberPicked reads "2", "la 2", "opción 2", "la segunda", "the last one" is left to labels.
func (r *reader) numberPicked(content []int) int {
	value := 0
	for _, i := range content {
		it := &r.items[i]
		w := &r.words[it.to-1]
		switch {
		case w.num > 0 && it.kind != itDate && it.kind != itPercent:
			if value != 0 {
				return 0
			}
			value = w.num
		case ordinals[r.words[it.from].norm] > 0 && it.kind != itStage:
			if value == 0 {
				value = ordinals[r.words[it.from].norm]
			}
		case it.kind == itDate && r.dates[it.at].weak:
			value = w.num
		case it.has(cDet, cVersion, cThis, cMilestone, cIt) || r.words[it.from].norm == "opcion" || r.words[it.from].norm == "opcao" || r.words[it.from].norm == "option" || r.words[it.from].norm == "one":
		default:
			return 0
		}
	}
	return value
}

// labelPicked compares words: the option that shares the most with the message, if no other shares as much.
func (r *reader) labelPicked(q *OpenQuestion) int {
	said := map[string]bool{}
	for i := range r.words {
		w := &r.words[i]
		if (w.isWord() || w.num >= 0) && !stopWords[w.norm] {
			said[stem(w.norm)] = true
			_, raw := fold(w.raw)
			said[stem(raw)] = true
		}
	}
	best, bestShare, tie := -1, 0, false
	for k, label := range q.Options {
		share := 0
		for _, s := range contentStems(label) {
			if said[s] || r.nearSaid(said, s) {
				share += 1
			}
		}
		switch {
		case share > bestShare:
			best, bestShare, tie = k, share, false
		case share == bestShare && share > 0:
			tie = true
		}
	}
	if tie {
		return -1
	}
	return best
}

func (r *reader) nearSaid(said map[string]bool, want string) bool {
	if len(want) < 5 {
		return false
	}
	for s := range said {
		if len(s) >= 5 && s[0] == want[0] && distance(s, want, 1) <= 1 {
			return true
		}
	}
	return false
}

// bareDayAnswer reads "el 27" or "27" as a day when a date was asked for.
func (r *reader) bareDayAnswer(q *OpenQuestion, content []int) steering.Date {
	if q.Asks != "date" && q.Asks != "slot" || len(content) == 0 || len(content) > 3 {
		return 0
	}
	for _, i := range content {
		it := &r.items[i]
		if w := &r.words[it.to-1]; w.num >= 1 && w.num <= 31 && (it.kind == itMilestone || it.kind == itNumber) {
			return dayOfMonth(r.scene.Today, w.num, false)
		}
	}
	return 0
}

// isAlone reports whether the message is nothing but the answer, so that it beats any other reading.
func (r *reader) isAlone(q *OpenQuestion, a *Answer, content []int, out *Reading) bool {
	asksBack := strings.HasSuffix(strings.TrimRight(a.Text, " "), "?")
	strong := false
	for i := range out.Frames {
		fr := &out.Frames[i]
		if fr.Intent.Changes() && fr.Stance.Acts() && fr.Confidence >= ActAt && len(fr.Missing) == 0 && !fr.inherited {
			strong = true
		}
	}
	switch {
	case len(content) == 0:
		return false
	case a.Option >= 0 && len(content) <= 4:
		return true
	case (a.Yes || a.No || a.None) && len(content) <= 4 && !strong:
		return true
	case (q.Asks == "date" || q.Asks == "slot") && (a.Date != 0 || a.Shift != nil) && r.onlyMoment(content):
		return true
	case a.Option >= 0 && !strong && !asksBack:
		return true
	case q.Asks == "owner" && len(r.people) == 1 && len(content) <= 3:
		return true
	case q.Asks == "reason" || q.Asks == "alignment" || q.Asks == "text" || q.Asks == "name":
		return !strong && !asksBack && !r.talksToBot(out)
	}
	return false
}

// talksToBot reports whether the message asks the bot for something of its own.
func (r *reader) talksToBot(out *Reading) bool {
	for i := range out.Frames {
		switch out.Frames[i].Intent {
		case Undo, Help, Status, List, Picture, FileWanted, Digest:
			if out.Frames[i].Confidence >= 0.85 {
				return true
			}
		}
	}
	return false
}

// onlyMoment reports whether the content is a day, a movement, a time of day and small words.
func (r *reader) onlyMoment(content []int) bool {
	for _, i := range content {
		it := &r.items[i]
		switch it.kind {
		case itDate, itShift, itClock, itMilestone, itNumber:
			continue
		}
		if !it.has(cDet, cTo, cFor, cAt, cUntil, cYes, cBe, cPut, cBetter, cThat, cOf, cMe, cDay, cBefore, cFrom, cGo) {
			return false
		}
	}
	return true
}

// cBetter is "mejor", "melhor", "better".
var cBetter = declare("better")
