package understand

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPhrases reads our own phrases, a file per language and batch: what must change, who says it, what is said.
func TestPhrases(t *testing.T) {
	files, _ := filepath.Glob("testdata/*-*.txt")
	m := model(t)
	for _, path := range files {
		lang := filepath.Base(path)[:2]
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		right, kept, wrong, acts, actsRight := 0, 0, 0, 0, 0
		for n, line := range strings.Split(string(data), "\n") {
			if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
				continue
			}
			part := strings.SplitN(strings.ReplaceAll(line, `\|`, "\x00"), "|", 3)
			if len(part) != 3 {
				t.Fatalf("%s:%d: want three parts", path, n+1)
			}
			want := splitClaims(strings.ReplaceAll(strings.TrimSpace(part[0]), "\x00", "|"))
			by, say := strings.TrimSpace(part[1]), strings.ReplaceAll(strings.TrimSpace(part[2]), `\n`, "\n")
			w := newWorld(lang)
			w.lenient = true
			claims, got := w.say(m, by, say, nil)
			v := verdict(want, claims)
			switch v {
			case "right":
				right++
			case "kept":
				kept++
			default:
				wrong++
			}
			if len(want) > 0 {
				acts++
				if v == "right" {
					actsRight++
				}
			}
			if v != "right" && *verbose {
				t.Logf("%s %s:%d [%s] %q want %v got %v read %s", v, filepath.Base(path), n+1, by, say, want, claims, brief(&got))
			}
		}
		all := right + kept + wrong
		if 100*actsRight < 90*acts || 100*wrong > 4*all {
			t.Errorf("%s: %d of %d changes right and %d wrong: below what was reached", filepath.Base(path), actsRight, acts, wrong)
		}
		t.Logf("%s: right %d/%d, of those that change something %d/%d (%.1f%%), kept %d, wrong %d (%.2f%%)", filepath.Base(path), right, all, actsRight, acts, 100*float64(actsRight)/float64(max(acts, 1)), kept, wrong, 100*float64(wrong)/float64(max(all, 1)))
	}
}

// claimVerbs begin a claim.
var claimVerbs = map[string]bool{
	"done": true, "move": true, "propose": true, "start": true, "progress": true, "block": true, "unblock": true, "cancel": true, "reopen": true,
	"rename": true, "assign": true, "depend": true, "undepend": true, "add": true, "note": true, "risk": true, "issue": true, "decision": true,
	"action": true, "scope_change": true, "meeting": true, "minutes": true, "digest_schedule": true, "snooze": true, "set_role": true,
	"set_language": true, "support": true, "undo": true, "accept": true, "reject": true, "close": true, "rule_change": true, "set_warranty": true,
	"invoice_paid": true, "close_meeting": true, "cancel_meeting": true, "unmute": true, "create_project": true,
}

// splitClaims cuts "done 1 2026-03-10 done 2 2026-03-10" into its claims.
func splitClaims(s string) (out []string) {
	for i, f := range strings.Fields(s) {
		if i == 0 || claimVerbs[f] {
			out = append(out, f)
		} else {
			out[len(out)-1] += " " + f
		}
	}
	return out
}
