package score_test

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"timonel/internal/score"
)

// TestAlignmentAnswer quotes the week's alignment question in every language: the words become an answer to that question of
// that week, and the same words without the quote change nothing.
func TestAlignmentAnswer(t *testing.T) {
	for lang, said := range map[string]struct{ on, answer string }{
		"es": {"activa la pregunta de alineación", "Que finanzas cambió de jefe y ahora quiere ver márgenes"},
		"pt": {"ativa a pergunta de alinhamento", "O financeiro trocou de chefe e agora quer ver as margens"},
		"en": {"turn on the alignment question", "Finance has a new head who wants to see margins"},
	} {
		for _, quotes := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/quoted=%v", lang, quotes), func(t *testing.T) {
				last := "bruno: @timonel " + said.answer
				if quotes {
					last = "bruno ^ " + said.answer
				}
				got := answersOf(t, lang, []string{"ana: @timonel " + said.on, "@time 2026-03-11 10:05", last})
				switch {
				case quotes && (got["answers.1.text"] != said.answer || got["answers.1.by"] != "bruno" || got["answers.1.week"] != "2026-W11" || got["answers.1.question"] == nil):
					t.Errorf("the answer was kept as %v", got)
				case !quotes && got["answers.1.text"] != nil:
					t.Errorf("talk became the answer %v", got["answers.1.text"])
				}
			})
		}
	}
}

// answersOf plays lines in a committee's chat and returns the project afterwards.
func answersOf(t *testing.T, lang string, lines []string) score.Flat {
	t.Helper()
	script := []string{"@tz UTC", "@time 2026-03-10 10:00", "@chat comite platform=whatsapp lang=" + lang}
	script = append(script, score.Members...)
	script = append(script, fmt.Sprintf("@plan %s start=2026-03-02 key=ALIGN", filepath.Join(plansFolder(t), "plan-"+lang+".toml")))
	export, err := player(t, io.Discard)(strings.Join(append(script, lines...), "\n") + "\n")
	if err != nil {
		t.Fatal(err)
	}
	projects, err := score.Projects(export)
	if err != nil {
		t.Fatal(err)
	}
	return projects["ALIGN"]
}
