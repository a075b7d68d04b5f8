package script

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"timonel/internal/nearest"
)

// problem is an error that does not know its line yet.
type problem struct{ what, remedy string }

func wrong(what, remedy string) *problem { return &problem{what, remedy} }

// Parse reads a script; name stands in the errors. It stops at the first line that is wrong.
func Parse(name string, data []byte) ([]Statement, error) {
	var list []Statement
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	number := 0
	for raw := range bytes.Lines(data) {
		number++
		a, p := parseLine(raw)
		if p != nil {
			return nil, &Error{Script: name, Line: number, What: p.what, Remedy: p.remedy}
		}
		if a != nil {
			list = append(list, Statement{Line: number, Do: a})
		}
	}
	return list, nil
}

// parseLine returns nil for a line that says nothing.
func parseLine(raw []byte) (Action, *problem) {
	if !utf8.Valid(raw) {
		return nil, wrong("the line is not UTF-8", "save the script as UTF-8")
	}
	line := strings.TrimSpace(string(raw))
	switch {
	case line == "", line[0] == '#':
		return nil, nil
	case line[0] == '@':
		return parseDirective(line)
	}
	return parseSpoken(line)
}

// directives are the statements that begin with @, each with its form for the errors.
var directives = []struct {
	name, form string
	parse      func(words []string) (Action, *problem)
}{
	{"@tz", "@tz ZONE", parseZone},
	{"@time", "@time YYYY-MM-DD HH:MM, or @time +3d", parseClock},
	{"@chat", "@chat ID [platform=slack|whatsapp|web] [lang=es|pt|en]", parseChat},
	{"@member", `@member ID "Full Name" [side=vendor|client] [role=ROLE]…`, parseMember},
	{"@plan", "@plan FILE [start=DATE] [key=KEY]", parsePlan},
	{"@import", "@import FILE", parseImport},
	{"@restart", "@restart", alone(Restart{})},
	{"@down", "@down", alone(Down{})},
	{"@up", "@up", alone(Up{})},
}

func parseDirective(line string) (Action, *problem) {
	name, rest, _ := strings.Cut(line, " ")
	var names []string
	for _, d := range directives {
		if d.name != name {
			names = append(names, d.name)
			continue
		}
		words, p := split(rest)
		if p != nil {
			return nil, p
		}
		a, p := d.parse(words)
		if p != nil && p.remedy == "" {
			p.remedy = "write: " + d.form
		}
		return a, p
	}
	if near := nearest.Of(name, names); near != "" {
		return nil, wrong("there is no statement "+name, "did you mean "+near+"?")
	}
	return nil, wrong("there is no statement "+name, "there are "+strings.Join(names, ", "))
}

func alone(a Action) func([]string) (Action, *problem) {
	return func(words []string) (Action, *problem) {
		if len(words) > 0 {
			return nil, wrong("nothing may follow here: "+words[0], "")
		}
		return a, nil
	}
}

// split cuts a line into words; a word in double quotes may hold spaces, and \" is a quote within it.
func split(s string) ([]string, *problem) {
	var words []string
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		word, rest, p := cutWord(s)
		if p != nil {
			return nil, p
		}
		words, s = append(words, word), rest
	}
	return words, nil
}

func cutWord(s string) (word, rest string, p *problem) {
	if s[0] != '"' {
		word, rest, _ = strings.Cut(s, " ")
		return word, rest, nil
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == '"':
			i++
			b.WriteByte('"')
		case s[i] == '"':
			return b.String(), s[i+1:], nil
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", wrong("a quote is not closed", `put a " at its end`)
}

// spoken is a line of a member's: who, how, and the rest.
var spoken = regexp.MustCompile(`^([a-z0-9_-]+)(:|\s+(?:->|\^|\+|!|#|file)(?:\s|$))\s*(.*)$`)

var speaker = regexp.MustCompile(`^(\S+?)\s*(:|->)`)

func parseSpoken(line string) (Action, *problem) {
	m := spoken.FindStringSubmatch(line)
	if m == nil {
		if s := speaker.FindStringSubmatch(line); s != nil && !isID(s[1]) {
			return nil, wrong(s[1]+" is no id", "ids are lower-case letters, digits, - and _")
		}
		return nil, wrong("this is no statement", "a message is written  ID: text")
	}
	who, how, rest := m[1], strings.TrimSpace(m[2]), m[3]
	if rest == "" {
		return nil, wrong("nothing follows "+how, "write what "+who+" says or does after it")
	}
	switch how {
	case "->":
		return Say{Who: who, Text: broken(rest), Direct: true}, nil
	case "^":
		return Say{Who: who, Text: broken(rest), Quote: true}, nil
	case "+":
		return React{who, rest}, nil
	case "!":
		return Press{who, rest}, nil
	case "#":
		return Vote{who, rest}, nil
	case "file":
		path, caption, p := cutWord(rest)
		if p == nil && path == "" {
			p = wrong("no file is named", "write: ID file PATH text")
		}
		return File{who, path, broken(strings.TrimSpace(caption))}, p
	}
	return Say{Who: who, Text: broken(rest)}, nil
}

// broken puts in the line breaks.
func broken(text string) string { return strings.ReplaceAll(text, `\n`, "\n") }

var id = regexp.MustCompile(`^[a-z0-9_-]+$`)

func isID(s string) bool { return id.MatchString(s) }
