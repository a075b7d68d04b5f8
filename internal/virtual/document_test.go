package virtual_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"timonel/internal/virtual"
)

// TestReadmeExample: the chat that the README shows is what the bot answers.
func TestReadmeExample(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(readme), "```\nAna Ruiz: ")
	shown, _, ended := strings.Cut(after, "```")
	said, answer, answered := strings.Cut(shown, "\nTimonel:")
	if !found || !ended || !answered {
		t.Fatal("the README shows no chat that begins with Ana Ruiz and that Timonel answers")
	}
	name := filepath.Join(t.TempDir(), "readme.script")
	script := "@tz America/Bogota\n@time 2026-03-06 12:00\n@chat comite platform=whatsapp lang=es\n" +
		"@member ana \"Ana Ruiz\" side=vendor role=lead\n@plan fieldpro-custom start=2026-03-02 key=ACME\nana: " + said + "\n"
	if err := os.WriteFile(name, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	entries := play(t, virtual.OptionsForTests(t), name, false).out
	_, got, _ := strings.Cut(string(entries), "Timonel: ")
	if want := words(answer); words(got) != want {
		t.Errorf("the README shows\n%s\nand the bot says\n%s", want, words(got))
	}
}

// words are a text without the way it is broken into lines.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
