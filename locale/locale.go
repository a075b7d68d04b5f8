// Package locale holds the words that Timonel says, per language, and how each language writes dates, numbers and lists.
// The catalogues are TOML files in es, pt and en, one per area; every key stands in all three with the same arguments.
// In a catalogue, {name} is an argument, *text* is bold, and a key with the forms "one" and "other" is a plural by {n}.
package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"timonel/internal/markup"
)

//go:embed es/*.toml pt/*.toml en/*.toml
var files embed.FS

// Languages lists the languages, the reference first.
var Languages = []string{"es", "pt", "en"}

// Known reports whether the catalogues speak the language.
func Known(lang string) bool { return slices.Contains(Languages, lang) }

// Marked is text that is already markup (a mention, a bold name) and is inserted as it stands. Every other argument is
// taken as text that people wrote.
type Marked string

// Args are the arguments of a text, by name. Values are string, Marked, int, or anything with String().
type Args map[string]any

// Printer words texts in one language.
type Printer struct {
	lang  string
	texts map[string]string
}

var load = sync.OnceValues(func() (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for _, lang := range Languages {
		texts, err := readLanguage(lang)
		if err != nil {
			return nil, err
		}
		all[lang] = texts
	}
	return all, nil
})

// Check reads every catalogue and reports the first that is broken; programs call it once at their start.
func Check() error {
	_, err := load()
	return err
}

// For returns the printer of the first of some languages that the catalogues speak; where they speak none it speaks
// Spanish, the language of most committees.
func For(languages ...string) Printer {
	lang := "es"
	if i := slices.IndexFunc(languages, Known); i >= 0 {
		lang = languages[i]
	}
	all, err := load()
	if err != nil {
		return Printer{lang: "es", texts: map[string]string{}}
	}
	return Printer{lang: lang, texts: all[lang]}
}

func readLanguage(lang string) (map[string]string, error) {
	texts := map[string]string{}
	entries, err := fs.ReadDir(files, lang)
	if err != nil {
		return nil, fmt.Errorf("read catalogue %s: %w", lang, err)
	}
	for _, e := range entries {
		name := path.Join(lang, e.Name())
		raw, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read catalogue %s: %w", name, err)
		}
		var tree map[string]any
		if err := toml.Unmarshal(raw, &tree); err != nil {
			return nil, fmt.Errorf("read catalogue %s: %w", name, err)
		}
		if err := flatten(texts, "", tree); err != nil {
			return nil, fmt.Errorf("read catalogue %s: %w", name, err)
		}
	}
	return texts, nil
}

func flatten(into map[string]string, prefix string, tree map[string]any) error {
	for k, v := range tree {
		key := strings.TrimPrefix(prefix+"."+k, ".")
		switch v := v.(type) {
		case string:
			if _, twice := into[key]; twice {
				return fmt.Errorf("key %s stands twice", key)
			}
			into[key] = embolden(v)
		case map[string]any:
			if err := flatten(into, key, v); err != nil {
				return err
			}
		case []any:
			for i, item := range v {
				s, ok := item.(string)
				if !ok {
					return fmt.Errorf("key %s: want texts in a list", key)
				}
				into[key+"."+strconv.Itoa(i)] = embolden(s)
			}
		default:
			return fmt.Errorf("key %s: want a text", key)
		}
	}
	return nil
}

// embolden turns pairs of asterisks into bold; a single one stays.
func embolden(s string) string {
	parts := strings.Split(s, "*")
	if len(parts)%2 == 0 {
		return s
	}
	var out strings.Builder
	for i, part := range parts {
		if i%2 == 1 {
			out.WriteString(markup.Bold(part))
		} else {
			out.WriteString(part)
		}
	}
	return out.String()
}

// Lang returns the printer's language.
func (p Printer) Lang() string { return p.lang }

// Has reports whether the catalogue holds the key.
func (p Printer) Has(key string) bool {
	_, ok := p.texts[key]
	if !ok {
		_, ok = p.texts[key+".other"]
	}
	return ok
}

// List returns the texts of a list key in order, empty if there is none.
func (p Printer) List(key string) []string {
	var out []string
	for i := 0; ; i++ {
		s, ok := p.texts[key+"."+strconv.Itoa(i)]
		if !ok {
			return out
		}
		out = append(out, s)
	}
}

// Text words a key. A missing key shows itself, which the catalogue test makes impossible.
func (p Printer) Text(key string, args Args) string {
	template, ok := p.texts[key]
	if !ok {
		template, ok = p.plural(key, args)
	}
	if !ok {
		return key
	}
	return p.fill(template, args)
}

func (p Printer) plural(key string, args Args) (string, bool) {
	form := ".other"
	if n, ok := args["n"].(int); ok && n == 1 {
		form = ".one"
	}
	template, ok := p.texts[key+form]
	if !ok {
		template, ok = p.texts[key+".other"]
	}
	return template, ok
}

func (p Printer) fill(template string, args Args) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			out.WriteString("{" + rest)
			return out.String()
		}
		out.WriteString(p.value(args[name]))
		template = after
	}
}

func (p Printer) value(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case Marked:
		return string(v)
	case string:
		return markup.Strip(v)
	case int:
		return strconv.Itoa(v)
	case fmt.Stringer:
		return markup.Strip(v.String())
	}
	return markup.Strip(fmt.Sprint(v))
}

// Join joins items as the language lists them: "a, b y c".
func (p Printer) Join(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + p.and(items[last]) + items[last]
}

// JoinSome joins the first items and counts the rest, "a, b y 3 más"; one item too many is named all the same.
func (p Printer) JoinSome(items []string, keep int) string {
	if len(items) <= keep+1 {
		return p.Join(items)
	}
	return strings.Join(items[:keep], ", ") + " " + p.Text("reply.more", Args{"n": len(items) - keep})
}

// JoinAny joins items of which one is enough: "a, b o c".
func (p Printer) JoinAny(items []string) string {
	last := len(items) - 1
	if last < 1 {
		return p.Join(items)
	}
	return strings.Join(items[:last], ", ") + p.or(items[last]) + items[last]
}

// or is the disjunction before next; Spanish "o" becomes "u" before the sound of o.
func (p Printer) or(next string) string {
	switch p.lang {
	case "pt":
		return " ou "
	case "en":
		return " or "
	}
	first := strings.ToLower(markup.Plain(next))
	if strings.HasPrefix(first, "o") || strings.HasPrefix(first, "ho") || strings.HasPrefix(first, "ó") {
		return " u "
	}
	return " o "
}

// and is the conjunction before next; Spanish "y" becomes "e" before the sound of i.
func (p Printer) and(next string) string {
	switch p.lang {
	case "pt":
		return " e "
	case "en":
		return " and "
	}
	first := strings.ToLower(markup.Plain(next))
	if (strings.HasPrefix(first, "i") || strings.HasPrefix(first, "hi")) && !strings.HasPrefix(first, "hie") {
		return " e "
	}
	return " y "
}

// Keys returns every key of the language, sorted, for tests.
func (p Printer) Keys() []string {
	keys := make([]string, 0, len(p.texts))
	for k := range p.texts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Raw returns the template of a key, for tests.
func (p Printer) Raw(key string) string { return p.texts[key] }
