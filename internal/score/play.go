package score

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
)

// Members are the lines that put the corpus's people into a chat.
var Members = []string{
	`@member ana "Ana Ruiz" side=vendor role=lead`,
	`@member dana "Dana López" side=vendor role=member`,
	`@member bruno "Bruno Díaz" side=client role=product_owner`,
	`@member sofia "Sofía Pérez" side=client role=sponsor`,
	`@member gus "Gustavo Lima" side=client role=guardian`,
	`@member olga "Olga Mora" role=observer`,
}

// Player plays a script and returns the export.
type Player func(script string) ([]byte, error)

// Result is one case with its verdict.
type Result struct {
	Case    Case
	Verdict Verdict
	Why     string
	Changed string // the kinds of what changed
}

// Play says every case, with the plans plan-LANG.toml of a folder. Direct says them to the bot alone.
func Play(cases []Case, plans string, direct bool, play Player) ([]Result, error) {
	moments := map[string][]int{}
	for i, c := range cases {
		moments[c.At] = append(moments[c.At], i)
	}
	results := make([]Result, len(cases))
	for _, at := range sorted(moments) {
		script, control := write(cases, moments[at], at, plans, direct)
		export, err := play(script)
		if err != nil {
			return nil, fmt.Errorf("play the cases of %s: %w", at, err)
		}
		states, err := Projects(export)
		if err != nil {
			return nil, err
		}
		for _, i := range moments[at] {
			verdict, why := Judge(cases[i], states[chatName(i)], states[control[i]])
			results[i] = Result{cases[i], verdict, why, changedKinds(states[chatName(i)], states[control[i]])}
		}
	}
	return results, nil
}

func sorted(m map[string][]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func chatName(i int) string { return fmt.Sprintf("CASE%d", i) }

// write makes the script of the cases of one moment: a chat for each, and a control for each language and prelude.
func write(cases []Case, of []int, at, plans string, direct bool) (script string, control map[int]string) {
	var b strings.Builder
	fmt.Fprintf(&b, "@tz UTC\n@time %s\n", at)
	control = map[int]string{}
	controls := map[string]string{}
	for _, i := range of {
		c := cases[i]
		id := c.Lang + "\x00" + strings.Join(c.Before, "\x00")
		if controls[id] == "" {
			controls[id] = fmt.Sprintf("CTL%d", len(controls))
			chat(&b, controls[id], c, plans)
		}
		control[i] = controls[id]
		chat(&b, chatName(i), c, plans)
		text := strings.ReplaceAll(c.Say, "\n", `\n`)
		switch {
		case direct:
			fmt.Fprintf(&b, "%s -> %s: %s\n", c.By, chatName(i), text)
		case c.Raw:
			fmt.Fprintf(&b, "%s: %s\n", c.By, text)
		default:
			fmt.Fprintf(&b, "%s: @timonel %s\n", c.By, text)
		}
	}
	return b.String(), control
}

func chat(b *strings.Builder, name string, c Case, plans string) {
	fmt.Fprintf(b, "@chat %s platform=whatsapp lang=%s\n%s\n", strings.ToLower(name), c.Lang, strings.Join(Members, "\n"))
	fmt.Fprintf(b, "@plan %s start=2026-03-02 key=%s\n", filepath.Join(plans, "plan-"+c.Lang+".toml"), name)
	for _, line := range c.Before {
		fmt.Fprintln(b, line)
	}
}

// Projects returns the projects of an export, flat, by their keys.
func Projects(export []byte) (map[string]Flat, error) {
	var state struct {
		Projects []map[string]any `json:"projects"`
	}
	if err := json.Unmarshal(export, &state); err != nil {
		return nil, fmt.Errorf("read the export: %w", err)
	}
	out := map[string]Flat{}
	for _, p := range state.Projects {
		key, _ := p["key"].(string)
		out[key] = Flatten(p)
	}
	return out, nil
}

// Tally counts the verdicts of some results.
type Tally struct {
	Cases, Right, Kept, Wrong int
	Acts, ActsRight           int
}

// Count tallies results by a name that of gives each, and all of them under "".
func Count(results []Result, of func(Case) string) map[string]Tally {
	out := map[string]Tally{}
	for _, r := range results {
		for _, name := range []string{"", of(r.Case)} {
			t := out[name]
			t.Cases++
			switch r.Verdict {
			case Right:
				t.Right++
			case Kept:
				t.Kept++
			case Wrong:
				t.Wrong++
			}
			if r.Case.Acts() {
				t.Acts++
				if r.Verdict == Right {
					t.ActsRight++
				}
			}
			out[name] = t
		}
	}
	return out
}

// String shows a tally as one line.
func (t Tally) String() string {
	return fmt.Sprintf("right %d/%d (%.1f %%), of those that change something %d/%d (%.1f %%), kept %d, wrong %d (%.2f %%)",
		t.Right, t.Cases, share(t.Right, t.Cases), t.ActsRight, t.Acts, share(t.ActsRight, t.Acts), t.Kept, t.Wrong, share(t.Wrong, t.Cases))
}

// ActsShare is the share, in percent, of the cases that should change something and did so rightly.
func (t Tally) ActsShare() float64 { return share(t.ActsRight, t.Acts) }

// WrongShare is the share of wrong outcomes in percent.
func (t Tally) WrongShare() float64 { return share(t.Wrong, t.Cases) }

func share(n, of int) float64 {
	if of == 0 {
		return 100
	}
	return 100 * float64(n) / float64(of)
}
