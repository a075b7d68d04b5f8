package understand

import (
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"timonel/conversations/phrases"
	"timonel/steering"
)

// tables are small closed lists from words.toml: weekdays, levels, roles, formats.
type tables struct {
	weekdays map[string]int
	levels   map[string]steering.Level
	roles    map[string]steering.Role
	formats  map[string]string
	langs    map[string]string
}

// loadWords reads the closed lists.
func (m *Model) loadWords() error {
	data, err := phrases.FS.ReadFile("words.toml")
	if err != nil {
		return fmt.Errorf("read the lists of words: %w", err)
	}
	var file struct {
		Known    string              `toml:"known"`
		Time     string              `toml:"time"`
		Hollow   string              `toml:"hollow"`
		Weekdays map[string]string   `toml:"weekdays"`
		Levels   map[string]string   `toml:"levels"`
		Roles    map[string][]string `toml:"roles"`
		Formats  map[string]string   `toml:"formats"`
		Langs    map[string]string   `toml:"languages"`
	}
	if err := toml.Unmarshal(data, &file); err != nil {
		return fmt.Errorf("lists of words: %w", err)
	}
	if err := m.loadCommon(); err != nil {
		return err
	}
	for _, table := range []map[string]int{numberWords, quarters, thirds, ordinals} {
		for w := range table {
			m.known[w] = true
		}
	}
	for _, w := range strings.Fields(file.Known) {
		_, norm := fold(w)
		m.known[norm] = true
	}
	m.loadSmallWords(file.Hollow, file.Time)
	m.tables = tables{weekdays: map[string]int{}, levels: map[string]steering.Level{}, roles: map[string]steering.Role{}, formats: map[string]string{}, langs: map[string]string{}}
	for day, words := range file.Weekdays {
		for _, w := range strings.Fields(words) {
			_, norm := fold(w)
			m.tables.weekdays[norm] = smallNumber(day)
			m.timeWords[norm] = true
			m.known[norm] = true
		}
	}
	for level, words := range file.Levels {
		for _, w := range strings.Fields(words) {
			_, norm := fold(w)
			m.tables.levels[norm] = steering.Level(level)
		}
	}
	for role, names := range file.Roles {
		for _, n := range names {
			_, norm := fold(n)
			m.tables.roles[norm] = steering.Role(role)
		}
	}
	for format, words := range file.Formats {
		for _, w := range strings.Fields(words) {
			m.tables.formats[w] = format
		}
	}
	for lang, words := range file.Langs {
		for _, w := range strings.Fields(words) {
			_, norm := fold(w)
			m.tables.langs[norm] = lang
		}
	}
	return nil
}

// loadCommon reads the words that are never taken for misspellings.
func (m *Model) loadCommon() error {
	for _, lang := range languages {
		data, err := phrases.FS.ReadFile(lang + "/common.txt")
		if err != nil {
			return fmt.Errorf("read the common words of %s: %w", lang, err)
		}
		for _, line := range strings.Split(string(data), "\n") {
			if strings.HasPrefix(line, "#") {
				continue
			}
			for _, w := range strings.Fields(line) {
				m.known[w] = true
			}
		}
	}
	return nil
}

// loadSmallWords keeps the words that name nothing by themselves, and those that dates are made of.
func (m *Model) loadSmallWords(hollow, times string) {
	for _, w := range strings.Fields(hollow) {
		m.hollow[w] = true
	}
	for _, w := range strings.Fields(times) {
		_, norm := fold(w)
		m.timeWords[norm] = true
		m.known[norm] = true
	}
}
