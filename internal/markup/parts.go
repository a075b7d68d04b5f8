package markup

import (
	"strconv"
	"strings"
)

// Part is a stretch of a text with one formatting, for platforms that have to cut a text where they can.
type Part struct {
	Text string // what is read: a mention's name and a moment's wording included
	Bold bool
	User string // of a mention: the platform's user id
	// Moment says that the part stands for the point in time Unix.
	Moment bool
	Unix   int64
}

// Parts takes a text apart, in order. Neighbours of the same formatting are not joined.
func Parts(s string) []Part { return parts(nil, s, false) }

func parts(list []Part, s string, bold bool) []Part {
	for s != "" {
		i := strings.IndexFunc(s, func(c rune) bool { return c >= firstMark && c <= lastMark })
		if i < 0 {
			return append(list, Part{Text: s, Bold: bold})
		}
		if i > 0 {
			list = append(list, Part{Text: s[:i], Bold: bold})
		}
		mark, rest := splitRune(s[i:])
		list, s = marked(list, mark, rest, bold)
	}
	return list
}

// marked takes what a mark opens and returns what follows its end.
func marked(list []Part, mark rune, rest string, bold bool) ([]Part, string) {
	switch mark {
	case boldOn:
		inner, after := cut(rest, boldOff)
		return parts(list, inner, true), after
	case mentionOn:
		inner, after := cut(rest, mentionOff)
		user, name := cut(inner, sep)
		return append(list, Part{Text: name, User: user, Bold: bold}), after
	case momentOn:
		inner, after := cut(rest, momentOff)
		unix, fallback := cut(inner, sep)
		n, err := strconv.ParseInt(unix, 10, 64)
		return append(list, Part{Text: fallback, Moment: err == nil, Unix: n, Bold: bold}), after
	}
	return list, rest
}
