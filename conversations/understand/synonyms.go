package understand

import (
	"fmt"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// synonymTable holds groups of names that mean the same milestone, across languages.
type synonymTable struct {
	groups []synonymGroup
}

type synonymGroup struct {
	names []string
	keys  []string // content stems joined: what a plan's name must hold for the group to apply
}

func loadSynonyms(data []byte) (*synonymTable, error) {
	var file struct {
		Group []struct {
			Names []string `toml:"names"`
		} `toml:"group"`
	}
	if err := toml.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("synonyms: %w", err)
	}
	t := &synonymTable{}
	for _, g := range file.Group {
		sg := synonymGroup{names: g.Names}
		for _, n := range g.Names {
			sg.keys = append(sg.keys, strings.Join(contentStems(n), " "))
		}
		t.groups = append(t.groups, sg)
	}
	return t, nil
}

// matching returns the names of every group that one of the given names belongs to: the name holds all words of one of
// the group's names.
func (t *synonymTable) matching(names []string) [][]string {
	var out [][]string
	for gi := range t.groups {
		for _, name := range names {
			if t.groups[gi].has(contentStems(name)) {
				out = append(out, t.groups[gi].names)
				break
			}
		}
	}
	return out
}

func (g *synonymGroup) has(words []string) bool {
	text := " " + strings.Join(words, " ") + " "
	for _, k := range g.keys {
		if k != "" && strings.Contains(text, " "+k+" ") {
			return true
		}
	}
	return false
}

func sortStrings(s []string) { sort.Strings(s) }
