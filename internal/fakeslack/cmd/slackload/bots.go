package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/procfs"
)

// process is the bot under measurement.
type process struct {
	cmd     *exec.Cmd
	log     *os.File
	started time.Duration // from the start of the process to its connection
}

// prepare makes the bot's state and how it is started.
func (l *load) prepare(ctx context.Context, folder string) (*process, error) {
	log, err := os.Create(filepath.Join(folder, "bot.log"))
	if err != nil {
		return nil, err
	}
	var cmd *exec.Cmd
	switch l.bot {
	case "timonel":
		cmd, err = l.timonel(ctx, folder)
	case "bolt":
		cmd = exec.CommandContext(ctx, "node", "index.js")
		cmd.Dir = l.bolt
		cmd.Env = append(os.Environ(), "SLACK_API_URL="+l.slack.APIURL(), "SLACK_APP_TOKEN="+l.slack.AppToken(),
			"SLACK_BOT_TOKEN="+l.slack.BotToken(), "DATABASE="+filepath.Join(folder, "bolt.db"), "NODE_ENV=production")
	default:
		err = fmt.Errorf("unknown bot %q", l.bot)
	}
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	cmd.Stdout, cmd.Stderr = log, log
	return &process{cmd: cmd, log: log}, nil
}

// seed is the script of the one project that all others are copies of: it begins in a month, so that no notice falls due
// in between.
func seed(now time.Time) []byte {
	return fmt.Appendf(nil, `@tz UTC
@time %s
@chat comite platform=slack lang=es
@member ana "Ana" side=vendor role=lead
@plan fieldpro-custom start=%s key=SEED
`, now.UTC().Format("2006-01-02 15:04"), now.UTC().AddDate(0, 1, 0).Format(time.DateOnly))
}

// timonel makes a database with a project in every channel.
func (l *load) timonel(ctx context.Context, folder string) (*exec.Cmd, error) {
	file := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(file("seed.script"), seed(l.now()), 0o600); err != nil {
		return nil, err
	}
	if out, err := exec.CommandContext(ctx, l.program, "replay", "--export", file("seed.json"), file("seed.script")).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make a project: %w: %s", err, out)
	}
	if err := l.copies(file("seed.json"), file("all.json")); err != nil {
		return nil, err
	}
	if out, err := exec.CommandContext(ctx, l.program, "import", "--db", file("load.db"), file("all.json")).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("import projects: %w: %s", err, out)
	}
	conf := fmt.Sprintf("[storage]\nurl = %q\n[http]\naddr = \"\"\n[slack]\napi_url = %q\napp_token = %q\nbot_token = %q\n",
		file("load.db"), l.slack.APIURL(), l.slack.AppToken(), l.slack.BotToken())
	if err := os.WriteFile(file("timonel.toml"), []byte(conf), 0o600); err != nil {
		return nil, err
	}
	return exec.CommandContext(ctx, l.program, "serve", "--config", file("timonel.toml")), nil
}

// copies writes a state with a copy of one project for each channel.
func (l *load) copies(from, to string) error {
	raw, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var state struct {
		Format   int                          `json:"format"`
		People   []map[string]any             `json:"people"`
		Projects []map[string]json.RawMessage `json:"projects"`
		Audit    []any                        `json:"audit,omitempty"`
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		return fmt.Errorf("read a project: %w", err)
	}
	one := state.Projects[0]
	state.People, state.Projects, state.Audit = nil, nil, nil
	for i, p := range l.people {
		state.People = append(state.People, map[string]any{"id": fmt.Sprintf("ana-%02d", i), "name": p.Name, "handles": map[string]string{"slack": p.ID}})
	}
	text, err := json.Marshal(one)
	if err != nil {
		return err
	}
	for i, c := range l.channels {
		copied := strings.NewReplacer(`"SEED"`, fmt.Sprintf(`"P-%05d"`, i), `"id":"comite"`, fmt.Sprintf("%q:%q", "id", c.ID),
			`"ana"`, fmt.Sprintf(`"ana-%02d"`, i%len(l.people))).Replace(string(text))
		var p map[string]json.RawMessage
		if err := json.Unmarshal([]byte(copied), &p); err != nil {
			return fmt.Errorf("copy a project: %w", err)
		}
		state.Projects = append(state.Projects, p)
	}
	out, err := json.Marshal(state)
	if err != nil {
		return err
	}
	return os.WriteFile(to, out, 0o600)
}

// start starts the bot and waits for its connection; one that does not connect is stopped.
func (l *load) start(ctx context.Context, p *process) error {
	begun := l.now()
	if err := p.cmd.Start(); err != nil {
		return errors.Join(fmt.Errorf("start the bot: %w", err), p.log.Close())
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := l.slack.WaitConnected(ctx, 1); err != nil {
		return errors.Join(fmt.Errorf("the bot did not connect: %w", err), p.stop())
	}
	p.started = l.now().Sub(begun)
	return nil
}

func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
	return p.log.Close()
}

// usage is what a bot has taken of the machine so far.
type usage struct {
	memory, peak int           // bytes resident now, and at most
	cpu          time.Duration // processor time
}

func (p *process) usage() (usage, error) {
	proc, err := procfs.NewProc(p.cmd.Process.Pid)
	if err != nil {
		return usage{}, fmt.Errorf("see what the bot takes: %w", err)
	}
	status, err := proc.NewStatus()
	stat, err2 := proc.Stat()
	if err := errors.Join(err, err2); err != nil {
		return usage{}, fmt.Errorf("see what the bot takes: %w", err)
	}
	return usage{int(status.VmRSS), int(status.VmHWM), time.Duration(stat.CPUTime() * float64(time.Second))}, nil
}
