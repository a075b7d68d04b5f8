package understand

// ofOtherProject reports whether the milestone that a clause names is said to be of another project: "los indicadores del otro
// proyecto", "the scope of the other project".
func (r *reader) ofOtherProject(f *facts) bool {
	for _, m := range f.ms {
		i := f.itemOf(itMilestone, m) + 1
		if i <= 0 || i >= f.c.to || !r.items[i].has(cOf) {
			continue
		}
		other, project := false, false
		for k := i; k < f.c.to && k < i+4; k++ {
			other = other || r.isOther(k)
			project = project || r.items[k].has(cProject) || otherPlaces[r.words[r.items[k].from].norm]
		}
		if other && project {
			return true
		}
	}
	return false
}
