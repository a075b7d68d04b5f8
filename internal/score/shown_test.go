package score_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"timonel/internal/score"
)

// shown is an example that people are shown, in each language as it is shown there, and what saying it must do.
type shown struct {
	By     string              `json:"by"`
	Say    map[string][]string `json:"say"`
	Swap   map[string]string   `json:"swap"` // what the example's first word stands for
	At     string              `json:"at"`
	Before map[string][]string `json:"before"`
	File   string              `json:"file"`  // sent with the words
	Fresh  bool                `json:"fresh"` // said in a chat that has no project, which it opens
	Expect map[string]any      `json:"expect"`
	May    []string            `json:"may"`
	Reply  string              `json:"reply"` // what the answer, or the name of its file, must match
}

// saying is one example in one language.
type saying struct {
	shown
	lang, text string
}

// TestEveryExampleShown says everything that the help, the questions, the notices and the documentation tell people to say
// to the real bot, in a group and in a direct message: the state changes as the line says, and in no other way. An example
// that is shown and not listed in testdata/shown.json fails, and so does one that is listed and shown nowhere.
func TestEveryExampleShown(t *testing.T) {
	var list []shown
	raw, err := os.ReadFile(filepath.Join("testdata", "shown.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"es", "pt", "en"} {
		listed := map[string]saying{}
		for _, s := range list {
			for _, text := range s.Say[lang] {
				listed[text] = saying{s, lang, text}
			}
		}
		where := examplesShown(t, lang)
		for _, text := range slices.Sorted(maps.Keys(where)) {
			if _, ok := listed[text]; !ok {
				t.Errorf("%s shows %q, and testdata/shown.json does not say what it does (%s)", where[text], text, lang)
			}
		}
		for _, text := range slices.Sorted(maps.Keys(listed)) {
			if where[text] == "" {
				t.Errorf("nothing shows %q (%s) any more: take it from testdata/shown.json", text, lang)
			}
		}
		sayings := []saying{}
		for _, text := range slices.Sorted(maps.Keys(listed)) {
			sayings = append(sayings, listed[text])
		}
		t.Run(lang+"/group", func(t *testing.T) { sayShown(t, sayings, false) })
		t.Run(lang+"/direct", func(t *testing.T) { sayShown(t, sayings, true) })
	}
}

var (
	quoted      = regexp.MustCompile(`“([^”]+)”|«([^»]+)»|\\"([^"]+)\\"`)
	placeholder = regexp.MustCompile(`^\{\w+\}$`)
)

// standIns are what an example's arguments are in these tests.
var standIns = map[string]*strings.Replacer{
	"es": strings.NewReplacer("{key}", "3", "{id}", "2", "{date}", "jueves 12 mar"),
	"pt": strings.NewReplacer("{key}", "3", "{id}", "2", "{date}", "quinta 12 mar"),
	"en": strings.NewReplacer("{key}", "3", "{id}", "2", "{date}", "Thursday 12 Mar"),
}

// noSayings are what stands in quotes and is nothing to say as it is: verbs that are explained, ends left open, and the
// project's own health.
var noSayings = []string{"reabre", "reopen", "en vivo", "em produção", "live"}

// examplesShown returns the examples of a language with the place that shows them.
func examplesShown(t *testing.T, lang string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, area := range []string{"help", "answers", "questions", "refusals", "notices"} {
		name := filepath.Join("..", "..", "locale", lang, area+".toml")
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			said := m[1] + m[2] + m[3]
			if placeholder.MatchString(said) || strings.HasSuffix(said, "…") || slices.Contains(noSayings, said) {
				continue
			}
			found[standIns[lang].Replace(said)] = name
		}
	}
	if len(found) < 30 {
		t.Fatalf("only %d examples found in the catalogue of %s", len(found), lang)
	}
	if lang == "en" {
		maps.Copy(found, examplesOfDocument(t))
	}
	return found
}

// examplesOfDocument returns what the table of docs/talking.md says that people can say.
func examplesOfDocument(t *testing.T) map[string]string {
	t.Helper()
	name := filepath.Join("..", "..", "docs", "talking.md")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 4 || strings.Contains(line, "---") || strings.TrimSpace(cells[2]) == "say" {
			continue
		}
		for _, said := range strings.Split(cells[2], " · ") {
			if said = strings.TrimSpace(said); !strings.HasSuffix(said, "…") {
				found[said] = name
			}
		}
	}
	if len(found) < 15 {
		t.Fatalf("only %d examples found in %s", len(found), name)
	}
	return found
}

func sayShown(t *testing.T, sayings []saying, direct bool) {
	for _, at := range []string{"2026-02-20 10:00", "2026-03-10 10:00", "2026-03-16 10:00"} {
		var now []saying
		for _, s := range sayings {
			if s.At == "" {
				s.At = "2026-03-10 10:00"
			}
			if s.At != at {
				continue
			}
			if s.Fresh { // several of them open a project of the same name
				playShown(t, []saying{s}, direct)
				continue
			}
			now = append(now, s)
		}
		if len(now) > 0 {
			playShown(t, now, direct)
		}
	}
}

// playShown says examples at one moment, each in a chat of its own beside a chat in which it is not said.
func playShown(t *testing.T, sayings []saying, direct bool) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "@tz UTC\n@time %s\n", sayings[0].At)
	lines := map[int]int{} // of the script, where an example is said
	for i, s := range sayings {
		prepare(&b, fmt.Sprintf("CTL%d", i), s)
		prepare(&b, fmt.Sprintf("CASE%d", i), s)
		said := strings.ReplaceAll(s.text, "\n", `\n`)
		if name, rest, ok := strings.Cut(said, " "); ok && s.Swap[name] != "" {
			said = s.Swap[name] + " " + rest
		}
		switch {
		case s.File != "":
			fmt.Fprintf(&b, "%s file %s @timonel %s\n", s.By, filepath.Join(plansFolder(t), s.File), said)
		case direct && s.Fresh:
			fmt.Fprintf(&b, "%s -> %s\n", s.By, said)
		case direct:
			fmt.Fprintf(&b, "%s -> CASE%d: %s\n", s.By, i, said)
		default:
			fmt.Fprintf(&b, "%s: @timonel %s\n", s.By, said)
		}
		lines[strings.Count(b.String(), "\n")] = i
	}
	var out bytes.Buffer
	export, err := player(t, &out)(b.String())
	if err != nil {
		t.Fatal(err)
	}
	states, err := score.Projects(export)
	if err != nil {
		t.Fatal(err)
	}
	said := answers(t, &out, lines)
	for i, s := range sayings {
		judgeShown(t, s, i, states, said[i])
	}
}

func prepare(b *strings.Builder, name string, s saying) {
	fmt.Fprintf(b, "@chat %s platform=whatsapp lang=%s\n", strings.ToLower(name), s.lang)
	if s.Fresh {
		b.WriteString("@member ana \"Ana Ruiz\"\n")
		return
	}
	fmt.Fprintf(b, "%s\n@plan plan-%s.toml start=2026-03-02 key=%s\n", strings.Join(score.Members, "\n"), s.lang, name)
	for _, line := range s.Before[s.lang] {
		fmt.Fprintln(b, line)
	}
}

func judgeShown(t *testing.T, s saying, i int, states map[string]score.Flat, answer string) {
	t.Helper()
	c := score.Case{Lang: s.lang, By: s.By, Say: s.text, Expect: s.Expect, May: s.May}
	got, control := states[fmt.Sprintf("CASE%d", i)], states[fmt.Sprintf("CTL%d", i)]
	if s.Fresh {
		got, control = states["ACME"], states["ACME"]
		if got == nil {
			t.Errorf("%q (%s) opened no project", s.text, s.lang)
		}
	}
	if verdict, why := score.Judge(c, got, control); verdict != score.Right {
		t.Errorf("%s said %q (%s): %s: %s; the answer was %q", s.By, s.text, s.lang, verdict, why, answer)
	}
	if answer == "" || !regexp.MustCompile(s.Reply).MatchString(answer) {
		t.Errorf("%s said %q (%s): the answer does not match %q: %q", s.By, s.text, s.lang, s.Reply, answer)
	}
}

// answers are the texts, and names of files, that were answered to the lines of the script.
func answers(t *testing.T, out *bytes.Buffer, lines map[int]int) map[int]string {
	t.Helper()
	answered := map[int]string{}
	for line := range strings.Lines(out.String()) {
		var said struct {
			Text  string `json:"text"`
			Files []struct {
				Name string `json:"name"`
			} `json:"files"`
			InReplyTo int `json:"in_reply_to"`
		}
		if err := json.Unmarshal([]byte(line), &said); err != nil {
			t.Fatal(err)
		}
		i, ok := lines[said.InReplyTo]
		if !ok {
			continue
		}
		answered[i] += said.Text + "\n"
		for _, f := range said.Files {
			answered[i] += f.Name + "\n"
		}
	}
	return answered
}
