package conversations

import (
	"fmt"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"timonel/conversations/phrases"
)

// listed are the words of commands.toml.
type listed struct {
	slash     map[string]bool // make a slash in a group a command for the bot
	done, yes map[string]bool // say by themselves that what is quoted is done; are a yes and nothing else
}

var commandWords = sync.OnceValues(func() (listed, error) {
	raw, err := phrases.FS.ReadFile("commands.toml")
	if err != nil {
		return listed{}, fmt.Errorf("read the commands: %w", err)
	}
	var file struct {
		Words string `toml:"words"`
		Done  string `toml:"done"`
		Yes   string `toml:"yes"`
	}
	if err := toml.Unmarshal(raw, &file); err != nil {
		return listed{}, fmt.Errorf("read the commands: %w", err)
	}
	return listed{setOf(strings.Fields(file.Words)), setOf(strings.Split(file.Done, "\n")), setOf(strings.Split(file.Yes, "\n"))}, nil
})

func setOf(words []string) map[string]bool {
	set := map[string]bool{}
	for _, w := range words {
		if w != "" {
			set[w] = true
		}
	}
	return set
}

// isCommand reports whether what follows a slash begins with one of the bot's commands.
func isCommand(text string) (bool, error) {
	words, err := commandWords()
	if err != nil {
		return false, err
	}
	first, _, _ := strings.Cut(strings.ToLower(text), " ")
	return words.slash[strings.TrimRight(first, ",.:;!?\n")], nil
}
