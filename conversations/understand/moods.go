package understand

import (
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"timonel/conversations/phrases"
)

// mood is a kind of turn with which a sentence no longer says or asks for what its words say.
type mood uint8

const (
	moodCondition  mood = iota // "en cuanto llegue el archivo": not yet, for the whole sentence
	moodPast                   // "tendríamos que haber movido": it was not done
	moodWish                   // "doida pra fechar"
	moodHearsay                // "word on the street is that": what others say
	moodDenial                 // "en ningún momento dije que": it is not so
	moodRetraction             // "… mentira": takes back what stands before it
	moodTag                    // "…, né?": asks
	moodLater                  // "this afternoon": a thing to come
	moods
)

// moodNames are the tables of the files moods.toml.
var moodNames = [moods]string{"condition", "past", "wish", "hearsay", "denial", "retraction", "tag", "later"}

// moodTable holds the turns of one language, one expression for each kind and one for what only looks like it.
type moodTable struct {
	patterns [moods]*turnSet
	except   [moods]*turnSet
}

// loadMoods reads the turns of a language.
func loadMoods(lang string) (*moodTable, error) {
	data, err := phrases.FS.ReadFile(lang + "/moods.toml")
	if err != nil {
		return nil, fmt.Errorf("read the moods of %s: %w", lang, err)
	}
	var file map[string]struct {
		Patterns []string `toml:"patterns"`
		Except   []string `toml:"except"`
	}
	if err := toml.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("moods of %s: %w", lang, err)
	}
	t := &moodTable{}
	for k, name := range moodNames {
		section, ok := file[name]
		if !ok || len(section.Patterns) == 0 {
			return nil, fmt.Errorf("moods of %s: no patterns of %s", lang, name)
		}
		if t.patterns[k], err = newTurnSet(section.Patterns); err != nil {
			return nil, fmt.Errorf("moods of %s, %s: %w", lang, name, err)
		}
		if len(section.Except) == 0 {
			continue
		}
		if t.except[k], err = newTurnSet(section.Except); err != nil {
			return nil, fmt.Errorf("exceptions to moods of %s, %s: %w", lang, name, err)
		}
	}
	return t, nil
}

// turn is a match: the words from which and to which it runs.
type turn struct {
	mood     mood
	from, to int // items
}

// maxTurnText bounds the text that is searched.
const maxTurnText = 4000

// findTurns searches the message once.
func (r *reader) findTurns() {
	table, err := r.model.moods[r.li]()
	if err != nil || len(r.items) == 0 {
		return // a test loads every language
	}
	text, starts := r.turnText()
	for k := mood(0); k < moods; k++ {
		var found [][2]int
		table.patterns[k].find(text, func(from, to int) { found = append(found, [2]int{from, to}) })
		if found == nil {
			continue
		}
		var ex [][]int
		table.except[k].find(text, func(from, to int) { ex = append(ex, []int{from, to}) })
		for _, m := range found {
			if !overlapsAny(ex, m[0], m[1]) {
				r.turns = append(r.turns, turn{k, itemAt(starts, m[0]), itemAt(starts, max(m[0], m[1]-1)) + 1})
			}
		}
	}
}

func overlapsAny(list [][]int, from, to int) bool {
	for _, x := range list {
		if x[0] < to && from < x[1] {
			return true
		}
	}
	return false
}

func itemAt(starts []int, at int) int {
	lo := 0
	for i, s := range starts {
		if s > at {
			break
		}
		lo = i
	}
	return lo
}

// turnText writes the items as the expressions see them, and where each begins.
func (r *reader) turnText() (string, []int) {
	var b strings.Builder
	starts := make([]int, len(r.items))
	for i := range r.items {
		if b.Len() > maxTurnText {
			starts[i] = b.Len()
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		starts[i] = b.Len()
		it := &r.items[i]
		switch it.kind {
		case itMilestone, itNext:
			b.WriteString("@m")
		case itPerson:
			b.WriteString("@p")
		case itDate:
			b.WriteString("@d")
		case itShift:
			b.WriteString("@s")
		case itPercent:
			b.WriteString("@n")
		case itClock:
			b.WriteString("@c")
		case itBreak:
			b.WriteString(";")
		case itQuote:
			b.WriteString(`"`)
		default:
			if r.words[it.from].raw == "¿" {
				b.WriteByte(',')
				continue
			}
			if it.has(cPlease) && it.to-it.from > 1 {
				b.WriteByte('_')
				continue
			}
			r.writeWords(&b, it)
		}
	}
	return b.String(), starts
}

func (r *reader) writeWords(b *strings.Builder, it *item) {
	for k := it.from; k < it.to; k++ {
		if k > it.from {
			b.WriteByte(' ')
		}
		w := &r.words[k]
		if w.low == "sí" {
			b.WriteString("sii")
			continue
		}
		norm := w.norm
		if w.typo {
			_, norm = fold(w.raw) // a turn is taken as written: "duvido" is no slip for "devido"
		}
		for _, c := range norm {
			if c != '\'' && c != '’' && c != ' ' {
				b.WriteRune(c)
			}
		}
	}
}
