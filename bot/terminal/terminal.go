// Package terminal is the adapter for one person at a keyboard: each line read is a message to the bot, each message of
// the bot's is printed. It knows nothing of projects.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"timonel/bot"
	"timonel/internal/markup"
)

// Room is the only chat place of a terminal.
const Room bot.RoomID = "terminal"

// maxLine bounds one line of input, in bytes; a longer one is cut by the shell long before.
const maxLine = 1 << 20

// Options says who sits at the terminal and how it looks.
type Options struct {
	User     bot.UserID
	Name     string
	Language string
	// Now is the clock; time.Now if nil.
	Now func() time.Time
	// Prompt is printed before each line of input, "" when nobody is there to read it.
	Prompt string
	// Bold wraps what is bold, nil when the terminal cannot.
	Bold func(string) string
}

// Adapter implements bot.Adapter on a reader and a writer.
type Adapter struct {
	in  io.Reader
	out io.Writer
	opt Options

	mu      sync.Mutex
	session string // makes ids unique across runs
	heard   int
	said    int
	choices []bot.Option // of the newest message that had some
	asked   bot.MessageID
}

// New returns an adapter that reads lines from in and prints to out.
func New(in io.Reader, out io.Writer, opt Options) *Adapter {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.User == "" {
		opt.User = "me"
	}
	return &Adapter{in: in, out: out, opt: opt, session: strconv.FormatInt(opt.Now().UnixNano(), 36)}
}

// Platform implements bot.Adapter.
func (a *Adapter) Platform() bot.Platform { return bot.Terminal }

// Capabilities implements bot.Adapter.
func (a *Adapter) Capabilities() bot.Capabilities { return bot.Capabilities{} }

// Health implements bot.Adapter: a terminal is well while it is there.
func (a *Adapter) Health() bot.Health { return bot.Health{OK: true} }

// Run reads lines until the input or ctx ends; io.EOF says that the person is gone.
func (a *Adapter) Run(ctx context.Context, sink bot.Sink) error {
	lines, failed := make(chan string), make(chan error, 1)
	go a.read(ctx, lines, failed)
	a.prompt()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-failed:
			return err
		case line := <-lines:
			if err := a.hear(ctx, sink, line); err != nil {
				return err
			}
			a.prompt()
		}
	}
}

// read feeds lines; a read from a terminal cannot be interrupted, so it has a goroutine that ends with the process.
func (a *Adapter) read(ctx context.Context, lines chan<- string, failed chan<- error) {
	s := bufio.NewScanner(a.in)
	s.Buffer(make([]byte, 64<<10), maxLine)
	for s.Scan() {
		select {
		case lines <- s.Text():
		case <-ctx.Done():
			return
		}
	}
	err := s.Err()
	if err == nil {
		err = io.EOF
	}
	failed <- err
}

func (a *Adapter) prompt() {
	if a.opt.Prompt == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	fmt.Fprint(a.out, a.opt.Prompt)
}

func (a *Adapter) hear(ctx context.Context, sink bot.Sink, line string) error {
	text := strings.TrimSpace(strings.ToValidUTF8(line, ""))
	if text == "" {
		return nil
	}
	if err := sink.Receive(ctx, a.incoming(text)); err != nil && ctx.Err() == nil {
		// Nobody delivers it again: the person is told and may repeat it.
		return a.print("! " + err.Error())
	}
	return nil
}

// incoming makes an event of a line: a number picks from the newest message with options.
func (a *Adapter) incoming(text string) bot.Incoming {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.heard++
	in := bot.Incoming{
		Platform: bot.Terminal, ID: bot.MessageID(fmt.Sprintf("%s-in-%d", a.session, a.heard)), Kind: bot.TextMessage,
		Room: Room, RoomName: string(Room), From: a.opt.User, FromName: a.opt.Name, Language: a.opt.Language,
		At: a.opt.Now(), Text: text, ToBot: true,
	}
	if _, err := strconv.Atoi(text); err != nil {
		return in
	}
	if o, ok := bot.Pick(a.choices, text); ok && o.Action != "" {
		in.Kind, in.Action, in.Quote = bot.Press, o.Action, a.asked
	}
	return in
}

// Send implements bot.Adapter.
func (a *Adapter) Send(ctx context.Context, out bot.Outgoing) (bot.MessageID, error) {
	if err := ctx.Err(); err != nil {
		return "", bot.Temporary(err, 0)
	}
	shown := bot.Shown(out, a.Capabilities())
	text := markup.Renderer{Bold: a.opt.Bold, Text: printable}.Render(shown.Text)
	for _, f := range out.Files {
		text += fmt.Sprintf("\n[%s, %d bytes]", printable(f.Name), len(f.Data))
	}
	if err := a.print(text); err != nil {
		if errors.Is(err, io.ErrClosedPipe) {
			return "", bot.Permanent(err)
		}
		return "", bot.Temporary(err, 0)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.said++
	id := bot.MessageID(fmt.Sprintf("%s-out-%d", a.session, a.said))
	if c := bot.Choices(out); len(c) > 0 {
		a.choices, a.asked = c, id
	}
	return id, nil
}

// print writes one message with a bar at its left, so that it stands apart from what the person writes.
func (a *Adapter) print(text string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	var b strings.Builder
	if a.opt.Prompt != "" {
		b.WriteString("\r")
	}
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString("│ " + line + "\n")
	}
	if a.opt.Prompt != "" {
		b.WriteString(a.opt.Prompt)
	}
	_, err := io.WriteString(a.out, b.String())
	return err
}

// printable drops control characters: a name must not move the cursor.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
