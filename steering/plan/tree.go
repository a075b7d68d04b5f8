package plan

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// node is one value of a TOML document with the line that it stands on, so that whatever is wrong with it can be found.
// Its kind says which of text, items and fields is in use.
type node struct {
	line   int
	kind   kind
	text   string // a scalar as it was written, a string as it reads
	items  []*node
	fields []field // in the order of the document
}

type field struct {
	key   string
	line  int
	value *node
}

type kind string

const (
	kindText   kind = "a text"
	kindNumber kind = "a whole number"
	kindBool   kind = "true or false"
	kindDate   kind = "a date"
	kindList   kind = "a list"
	kindTable  kind = "a table"
	kindOther  kind = "something else"
)

// get returns the value of a field, or nil.
func (n *node) get(key string) *node {
	for _, f := range n.fields {
		if f.key == key {
			return f.value
		}
	}
	return nil
}

func (n *node) put(key string, line int, value *node) {
	n.fields = append(n.fields, field{key, line, value})
}

// number returns the value of a number; ok is false for what fits no int.
func (n *node) number() (v int, ok bool) {
	wide, err := strconv.ParseInt(n.text, 0, 32)
	return int(wide), err == nil
}

// parse reads a TOML document. go-toml says what is no TOML at all; its parser then gives the lines, which its decoder
// would lose.
func parse(data []byte) (*node, *Problem) {
	var discard map[string]any
	if err := toml.Unmarshal(data, &discard); err != nil {
		p := &Problem{Line: 1, What: strings.TrimPrefix(err.Error(), "toml: ")}
		var at *toml.DecodeError
		if errors.As(err, &at) {
			p.Line, _ = at.Position()
		}
		return nil, p
	}
	doc := &document{lines: lineStarts(data)}
	doc.parser.Reset(data)
	root := &node{kind: kindTable, line: 1}
	table := root
	for doc.parser.NextExpression() {
		switch e := doc.parser.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = doc.header(root, e)
		case unstable.KeyValue:
			doc.keyValue(table, e)
		default: // a comment
		}
	}
	return root, nil
}

// document is a TOML document while it is read.
type document struct {
	parser unstable.Parser
	lines  []int // the offset at which each line starts
}

func lineStarts(data []byte) []int {
	starts := []int{0}
	for at := 0; ; {
		next := bytes.IndexByte(data[at:], '\n')
		if next < 0 {
			return starts
		}
		at += next + 1
		starts = append(starts, at)
	}
}

// line returns the line, from 1, of an offset.
func (d *document) line(offset uint32) int {
	low, high := 0, len(d.lines)
	for high-low > 1 {
		if middle := (low + high) / 2; d.lines[middle] <= int(offset) {
			low = middle
		} else {
			high = middle
		}
	}
	return low + 1
}

// header returns the table that [a.b] or [[a.b]] opens, made where it is not there yet.
func (d *document) header(root *node, e *unstable.Node) *node {
	at := root
	for it := e.Key(); it.Next(); {
		key, line := string(it.Node().Data), d.line(it.Node().Raw.Offset)
		if e.Kind == unstable.ArrayTable && it.IsLast() {
			list := at.get(key)
			if list == nil {
				list = &node{kind: kindList, line: line}
				at.put(key, line, list)
			}
			element := &node{kind: kindTable, line: line}
			list.items = append(list.items, element)
			return element
		}
		at = at.enter(key, line)
	}
	return at
}

// enter returns the table under key, the newest where the key holds a list of them.
func (n *node) enter(key string, line int) *node {
	child := n.get(key)
	if child == nil {
		child = &node{kind: kindTable, line: line}
		n.put(key, line, child)
	}
	if child.kind == kindList && len(child.items) > 0 {
		return child.items[len(child.items)-1]
	}
	return child
}

// keyValue puts a value under its key, which may be dotted.
func (d *document) keyValue(table *node, e *unstable.Node) {
	for it := e.Key(); it.Next(); {
		key, line := string(it.Node().Data), d.line(it.Node().Raw.Offset)
		if it.IsLast() {
			table.put(key, line, d.value(e.Value(), line))
			return
		}
		table = table.enter(key, line)
	}
}

// value reads a value; one whose place the parser does not tell stands on its key's line.
func (d *document) value(e *unstable.Node, line int) *node {
	if e.Raw.Length > 0 {
		line = d.line(e.Raw.Offset)
	}
	n := &node{line: line, kind: kindOther, text: string(e.Data)}
	switch e.Kind {
	case unstable.String:
		n.kind = kindText
	case unstable.Integer:
		n.kind = kindNumber
	case unstable.Bool:
		n.kind = kindBool
	case unstable.LocalDate:
		n.kind = kindDate
	case unstable.Array:
		n.kind = kindList
		for it := e.Children(); it.Next(); {
			n.items = append(n.items, d.value(it.Node(), line))
		}
	case unstable.InlineTable:
		n.kind = kindTable
		for it := e.Children(); it.Next(); {
			d.keyValue(n, it.Node())
		}
	default: // floats, times: no plan holds one
	}
	return n
}
