package steering

import (
	"reflect"
	"slices"
)

// ReplacePerson makes everything in a project that is old's the other one's, where two records turn out to be one person.
// It reports whether anything was. The caller must see that the two are not on different sides.
func (p *Project) ReplacePerson(old, by PersonID) bool {
	if old == by || old == "" || by == "" {
		return false
	}
	was, is := p.Member(old), p.Member(by)
	if was != nil && is != nil {
		if is.Side == "" {
			is.Side = was.Side
		}
		for _, r := range was.Roles {
			if !slices.Contains(is.Roles, r) {
				is.Roles = append(slices.Clip(is.Roles), r)
			}
		}
		p.Members = slices.DeleteFunc(p.Members, func(m Member) bool { return m.Person == old })
	}
	changed := replaceIDs(reflect.ValueOf(p).Elem(), old, by) || was != nil
	for _, m := range p.Meetings {
		for i := range m.Slots {
			m.Slots[i].Votes = once(m.Slots[i].Votes)
		}
	}
	if changed {
		p.Normalize()
	}
	return changed
}

// once keeps the first of each.
func once(ids []PersonID) []PersonID {
	var out []PersonID
	for _, id := range ids {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// replaceIDs looks at every field, so that none is forgotten when one is added.
func replaceIDs(v reflect.Value, old, by PersonID) (changed bool) {
	switch v.Kind() {
	case reflect.Pointer:
		return !v.IsNil() && replaceIDs(v.Elem(), old, by)
	case reflect.Slice:
		for i := range v.Len() {
			changed = replaceIDs(v.Index(i), old, by) || changed
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				changed = replaceIDs(v.Field(i), old, by) || changed
			}
		}
	case reflect.String:
		if id, ok := v.Interface().(PersonID); ok && id == old {
			v.SetString(string(by))
			return true
		}
	}
	return changed
}
