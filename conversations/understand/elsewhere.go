package understand

import "strings"

// elsewhere reports whether a report opens by saying that it is of another project: "en el proyecto de la filial de Quito ya
// cerraron …", "on the Manchester project they closed …", "no outro projeto já fizemos …".
func (r *reader) elsewhere(f *facts) bool {
	if r.ofOtherProject(f) {
		return true
	}
	first := f.firstActing()
	for i := f.c.from; i < f.c.to && i < first+1; i++ {
		it := &r.items[i]
		if it.kind != itWord && it.kind != itUnknown || !it.has(cProject) && !otherPlaces[r.words[it.from].norm] {
			continue
		}
		if !r.standsInPlace(f.c.from, i) {
			continue
		}
		if r.isOther(i-1) || r.isOther(i+1) && i+1 < f.c.to {
			return true
		}
		if it.has(cProject) && (r.ofAnother(i+1, f.c.to) || r.li == 2 && r.namedOther(i-1)) {
			return true
		}
	}
	return false
}

// otherPlaces are nouns for where else work goes on.
var otherPlaces = map[string]bool{
	"cliente": true, "client": true, "customer": true, "empresa": true, "company": true, "cuenta": true, "conta": true, "account": true, "filial": true,
	"sucursal": true, "planta": true, "subsidiary": true, "branch": true, "equipo": true, "equipe": true, "time": true, "team": true, "implantacion": true,
	"implementacion": true, "implantacao": true, "rollout": true, "engagement": true,
}

// standsInPlace reports whether a preposition of place stands up to three words before item i.
func (r *reader) standsInPlace(from, i int) bool {
	for k := i - 1; k >= from && k >= i-4; k-- {
		if it := &r.items[k]; it.has(cAt, cFrom, cWith) || it.has(cOf) && k < i-1 {
			return true
		}
		if r.items[k].kind == itPunct {
			return false
		}
	}
	return false
}

func (r *reader) isOther(i int) bool {
	if i < 0 || i >= len(r.items) {
		return false
	}
	switch r.words[r.items[i].from].norm {
	case "otro", "otra", "otros", "outro", "outra", "outros", "other", "another", "ajeno":
		return true
	}
	return false
}

// ofAnother reports whether "of" and something that is no project of ours stands at item i: "de la filial de Quito".
func (r *reader) ofAnother(i, to int) bool {
	if i+1 >= to || !r.items[i].has(cOf) && !r.items[i].has(cFor) {
		return false
	}
	i++
	for i < to && r.items[i].has(cDet) && r.items[i].kind == itWord {
		i++
	}
	return i < to && (otherPlaces[r.words[r.items[i].from].norm] && !r.words[r.items[i].from].is("cliente") && !r.words[r.items[i].from].is("client") || r.namedOther(i))
}

// namedOther reports whether item i is a name in capitals of no project of the speaker's.
func (r *reader) namedOther(i int) bool {
	if i < 0 || i >= len(r.items) || r.items[i].kind != itUnknown && !(r.items[i].kind == itWord && r.items[i].typo) {
		return false
	}
	w := &r.words[r.items[i].from]
	if !startsUpper(w.raw) {
		return false
	}
	low := strings.ToLower(w.raw)
	for _, p := range r.scene.Projects {
		if strings.Contains(strings.ToLower(p), low) {
			return false
		}
	}
	return true
}
