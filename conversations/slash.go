package conversations

import (
	"fmt"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"timonel/conversations/phrases"
)

// slashWords are the words that make a slash in a group a command for the bot.
var slashWords = sync.OnceValues(func() (map[string]bool, error) {
	raw, err := phrases.FS.ReadFile("commands.toml")
	if err != nil {
		return nil, fmt.Errorf("read the commands: %w", err)
	}
	var file struct {
		Words string `toml:"words"`
	}
	if err := toml.Unmarshal(raw, &file); err != nil {
		return nil, fmt.Errorf("read the commands: %w", err)
	}
	words := map[string]bool{}
	for _, w := range strings.Fields(file.Words) {
		words[w] = true
	}
	return words, nil
})

// isCommand reports whether what follows a slash begins with one of the bot's commands.
func isCommand(text string) (bool, error) {
	words, err := slashWords()
	if err != nil {
		return false, err
	}
	first, _, _ := strings.Cut(strings.ToLower(text), " ")
	return words[strings.TrimRight(first, ",.:;!?\n")], nil
}
