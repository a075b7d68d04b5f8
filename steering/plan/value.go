package plan

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"timonel/steering"
)

// maxWeek bounds week numbers: ten years.
const maxWeek = 520

// want reports whether the value is of that kind, and says so if not.
func (r *reader) want(key string, n *node, k kind) bool {
	if n.kind != k {
		r.add(n.line, "%s: want %s", key, k)
	}
	return n.kind == k
}

// text reads a text on one line; "" after a problem.
func (r *reader) text(key string, n *node) string {
	if !r.want(key, n, kindText) {
		return ""
	}
	s := strings.Join(strings.Fields(n.text), " ")
	switch {
	case s == "":
		r.add(n.line, "%s: is empty", key)
	case utf8.RuneCountInString(s) > maxText:
		r.add(n.line, "%s: is longer than %d characters", key, maxText)
	case strings.ContainsFunc(s, unicode.IsControl):
		r.add(n.line, "%s: holds a control character", key)
	default:
		return s
	}
	return ""
}

// texts reads a list of texts.
func (r *reader) texts(key string, n *node) []string {
	if !r.want(key, n, kindList) {
		return nil
	}
	var out []string
	for _, item := range n.items {
		if s := r.text(key, item); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// textByLanguage reads a text, or a table of texts by language.
func (r *reader) textByLanguage(key string, n *node) Text {
	if n.kind != kindTable {
		if s := r.text(key, n); s != "" {
			return Text{"": s}
		}
		return nil
	}
	out := Text{}
	r.byLanguage(key, n, func(lang string, n *node) { out[lang] = r.text(key+"."+lang, n) })
	return out
}

// textsByLanguage reads a list of texts, or a table of such lists by language.
func (r *reader) textsByLanguage(key string, n *node) Texts {
	if n.kind != kindTable {
		if list := r.texts(key, n); len(list) > 0 {
			return Texts{"": list}
		}
		return nil
	}
	out := Texts{}
	r.byLanguage(key, n, func(lang string, n *node) { out[lang] = r.texts(key+"."+lang, n) })
	return out
}

func (r *reader) byLanguage(key string, n *node, each func(lang string, n *node)) {
	if len(n.fields) == 0 {
		r.add(n.line, "%s: is empty", key)
	}
	for _, f := range n.fields {
		if slices.Contains(Languages, f.key) {
			each(f.key, f.value)
		} else {
			r.unknown(f.line, key, "language", f.key, Languages)
		}
	}
}

// oneOf reads a text that must be one of a few.
func oneOf[S ~string](r *reader, key string, n *node, known ...S) S {
	s := S(r.text(key, n))
	if s == "" || slices.Contains(known, s) {
		return s
	}
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	r.unknown(n.line, key, "value", string(s), words)
	return ""
}

func (r *reader) truth(key string, n *node) bool {
	return r.want(key, n, kindBool) && n.text == "true"
}

// within reads a whole number between two bounds; the lower one after a problem.
func (r *reader) within(key string, n *node, low, high int) int {
	if !r.want(key, n, kindNumber) {
		return low
	}
	v, ok := n.number()
	if !ok || v < low || v > high {
		r.add(n.line, "%s: %s is not between %d and %d", key, n.text, low, high)
		return low
	}
	return v
}

// weeks reads a list of weeks, each after the one before.
func (r *reader) weeks(key string, n *node) []int {
	if !r.want(key, n, kindList) {
		return nil
	}
	if len(n.items) == 0 {
		r.add(n.line, "%s: is empty", key)
		return nil
	}
	var out []int
	for _, item := range n.items {
		out = append(out, r.within(key, item, 1, maxWeek))
	}
	if !slices.IsSorted(out) {
		r.add(n.line, "%s: the weeks must stand in order", key)
	}
	return out
}

// weekWith reads the weeks that hold when an optional milestone is taken.
func (r *reader) weekWith(key string, n *node) map[string]int {
	if !r.want(key, n, kindTable) {
		return nil
	}
	out := map[string]int{}
	for _, f := range n.fields {
		out[f.key] = r.within(key+"."+f.key, f.value, 1, maxWeek)
	}
	return out
}

// date reads a day, as a text or as TOML writes one.
func (r *reader) date(key string, n *node) steering.Date {
	if n.kind != kindText && n.kind != kindDate {
		r.add(n.line, "%s: want a date, as \"2026-03-13\"", key)
		return 0
	}
	d, err := steering.ParseDate(n.text)
	year, _, _ := d.Civil()
	if err != nil || year < 2000 || year > 2199 {
		r.add(n.line, "%s: %q is no date that can be (want YYYY-MM-DD)", key, n.text)
		return 0
	}
	return d
}

var offsetForm = regexp.MustCompile(`^([0-9]{1,4})(d|bd|w)$`)

// offset reads a distance in days, working days or weeks.
func (r *reader) offset(key string, n *node) *Offset {
	s := r.text(key, n)
	if s == "" {
		return nil
	}
	parts := offsetForm.FindStringSubmatch(s)
	if parts == nil {
		r.add(n.line, "%s: %q is no distance (want a number and d, bd or w, as \"5bd\")", key, s)
		return nil
	}
	count, err := strconv.Atoi(parts[1])
	if err != nil {
		r.add(n.line, "%s: %v", key, err)
		return nil
	}
	return &Offset{count, Unit(parts[2])}
}

// sides reads who must accept.
func (r *reader) sides(key string, n *node) []steering.Side {
	if !r.want(key, n, kindList) {
		return nil
	}
	var out []steering.Side
	for _, item := range n.items {
		side := oneOf(r, key, item, steering.SideVendor, steering.SideClient)
		if side != "" && !slices.Contains(out, side) {
			out = append(out, side)
		}
	}
	return out
}

// owners reads one owner, or several in the order in which they are looked for.
func (r *reader) owners(key string, n *node) []Owner {
	items := []*node{n}
	if n.kind == kindList {
		items = n.items
	}
	var out []Owner
	for _, item := range items {
		if o, ok := r.owner(key, item); ok {
			out = append(out, o)
		}
	}
	return out
}

func (r *reader) owner(key string, n *node) (Owner, bool) {
	s := r.text(key, n)
	if s == "" {
		return Owner{}, false
	}
	what, role, isRole := strings.Cut(s, ":")
	switch {
	case !isRole:
		return Owner{Person: steering.PersonID(s)}, true
	case what != "role":
		r.add(n.line, "%s: %q: want role:ROLE or a member's id", key, s)
	case !slices.Contains(steering.Roles, steering.Role(role)):
		known := make([]string, len(steering.Roles))
		for i, k := range steering.Roles {
			known[i] = string(k)
		}
		r.unknown(n.line, key, "role", role, known)
	default:
		return Owner{Role: steering.Role(role)}, true
	}
	return Owner{}, false
}

// tables returns the tables of a list that is written with [[…]].
func (r *reader) tables(f field) []*node {
	other := func(n *node) bool { return n.kind != kindTable }
	switch {
	case f.value.kind != kindList || slices.ContainsFunc(f.value.items, other):
		r.add(f.line, "%s: write each as [[%s]]", f.key, f.key)
	case len(f.value.items) > maxMilestones:
		r.add(f.line, "%s: more than %d of them", f.key, maxMilestones)
	default:
		return f.value.items
	}
	return nil
}
