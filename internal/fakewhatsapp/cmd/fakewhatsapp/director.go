package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types"

	"timonel/internal/fakewhatsapp"
)

// commandPatience is how long one command may take.
const commandPatience = 30 * time.Second

// line is one JSON object of the output.
type line map[string]any

// director follows the script that comes in and reports what people get.
type director struct {
	ctx    context.Context
	cancel context.CancelFunc
	server *fakewhatsapp.Server

	people  map[string]*fakewhatsapp.Account
	members map[string]*fakewhatsapp.Member
	groups  map[string]*fakewhatsapp.Group
	holds   map[string]func()
	sent    map[string][]*fakewhatsapp.Message // by member, what each has sent

	reporters sync.WaitGroup
	names     sync.Mutex // guards the names below, which reporters read
	nameOf    map[types.JID]string
	output    sync.Mutex
	encoder   *json.Encoder
}

func newDirector(ctx context.Context, server *fakewhatsapp.Server, out io.Writer) *director {
	ctx, cancel := context.WithCancel(ctx)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return &director{
		ctx: ctx, cancel: cancel, server: server, encoder: encoder,
		people:  map[string]*fakewhatsapp.Account{},
		members: map[string]*fakewhatsapp.Member{},
		groups:  map[string]*fakewhatsapp.Group{},
		holds:   map[string]func(){},
		sent:    map[string][]*fakewhatsapp.Message{},
		nameOf:  map[types.JID]string{},
	}
}

// stop ends the reports.
func (d *director) stop() {
	d.cancel()
	d.reporters.Wait()
}

// print writes one object; who reads the output having gone away ends the program.
func (d *director) print(l line) {
	d.output.Lock()
	defer d.output.Unlock()
	if err := d.encoder.Encode(l); err != nil {
		d.cancel()
	}
}

// follow does what the lines say, one after the other, until quit or the end.
func (d *director) follow(in io.Reader) error {
	lines := make(chan string)
	failed := make(chan error, 1)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(in)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-d.ctx.Done():
				return
			}
		}
		failed <- scanner.Err()
	}()
	for number := 1; ; number++ {
		select {
		case <-d.ctx.Done():
			return nil
		case text, more := <-lines:
			if !more {
				return <-failed
			}
			if quit := d.do(number, text); quit {
				return nil
			}
		}
	}
}

// do runs one line and answers it.
func (d *director) do(number int, text string) (quit bool) {
	words, err := split(text)
	if err == nil && len(words) == 0 || strings.HasPrefix(text, "#") {
		return false
	}
	answer := line{}
	if err == nil {
		ctx, cancel := context.WithTimeout(d.ctx, commandPatience)
		answer, err = d.command(ctx, words)
		cancel()
	}
	if answer == nil {
		answer = line{}
	}
	answer["line"] = number
	answer["event"] = "done"
	if err != nil {
		answer["event"], answer["error"] = "failed", err.Error()
	}
	d.print(answer)
	return err == nil && words[0] == "quit"
}

func (d *director) command(ctx context.Context, words []string) (line, error) {
	for _, c := range commands {
		if c.name != words[0] {
			continue
		}
		args := words[1:]
		if len(args) < c.least || len(args) > c.most {
			return nil, fmt.Errorf("%s has the shape: %s %s", c.name, c.name, c.shape)
		}
		return c.run(d, ctx, args)
	}
	return nil, fmt.Errorf("no command %q (help lists them)", words[0])
}

// split cuts a line into words; a word that begins with a quotation mark is a
// Go string.
func split(text string) ([]string, error) {
	var words []string
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimSpace(rest) {
		if rest[0] != '"' {
			word, after, _ := strings.Cut(rest, " ")
			words, rest = append(words, word), after
			continue
		}
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return nil, fmt.Errorf("read %q: the quotation does not end", rest)
		}
		word, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", quoted, err)
		}
		words, rest = append(words, word), rest[len(quoted):]
	}
	return words, nil
}

// report prints what a member receives until the program ends.
func (d *director) report(name string, m *fakewhatsapp.Member) {
	d.reporters.Go(func() {
		for {
			msg, err := m.Expect(d.ctx, func(*fakewhatsapp.Message) bool { return true })
			if err != nil {
				return // the program ends
			}
			l := d.describe(msg)
			l["event"], l["to"] = "message", name
			d.print(l)
		}
	})
}

// describe writes a message with the script's names instead of addresses.
func (d *director) describe(msg *fakewhatsapp.Message) line {
	l := line{"id": msg.ID, "kind": msg.Kind, "from": d.name(msg.Sender), "chat": d.name(msg.Chat), "text": msg.Text}
	if !msg.Group {
		l["direct"] = true
	}
	var mentions []string
	for _, mention := range msg.Mentions {
		jid, err := types.ParseJID(mention)
		if err != nil {
			mentions = append(mentions, mention)
			continue
		}
		mentions = append(mentions, d.name(jid))
	}
	for key, value := range map[string]any{
		"target": msg.Target, "mentions": mentions, "options": msg.Options,
		"file": msg.FileName, "mime": msg.MIME, "retries": msg.Retries,
	} {
		switch v := value.(type) {
		case string:
			if v != "" {
				l[key] = v
			}
		case []string:
			if len(v) > 0 {
				l[key] = v
			}
		case int:
			if v > 0 {
				l[key] = v
			}
		}
	}
	return l
}

// name gives the script's name of a person or a group, or the address itself.
func (d *director) name(jid types.JID) string {
	d.names.Lock()
	defer d.names.Unlock()
	if name, ok := d.nameOf[jid.ToNonAD()]; ok {
		return name
	}
	return jid.ToNonAD().String()
}

func (d *director) call(name string, addresses ...types.JID) {
	d.names.Lock()
	defer d.names.Unlock()
	for _, jid := range addresses {
		d.nameOf[jid] = name
	}
}

// someone finds a person by the script's name.
func (d *director) someone(name string) (fakewhatsapp.Someone, error) {
	if account := d.people[name]; account != nil {
		return account, nil
	}
	return nil, fmt.Errorf("nobody is called %q", name)
}

func (d *director) everyone(names []string) ([]fakewhatsapp.Someone, error) {
	var list []fakewhatsapp.Someone
	for _, name := range names {
		one, err := d.someone(name)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

// member finds a person who has a client of the script's.
func (d *director) member(name string) (*fakewhatsapp.Member, error) {
	if m := d.members[name]; m != nil {
		return m, nil
	}
	return nil, fmt.Errorf("no member is called %q", name)
}

// group finds a group by the script's name.
func (d *director) group(name string) (*fakewhatsapp.Group, error) {
	if g := d.groups[name]; g != nil {
		return g, nil
	}
	return nil, fmt.Errorf("no group is called %q", name)
}

// chat finds a group or, for a direct chat, a person.
func (d *director) chat(name string) (fakewhatsapp.Chat, error) {
	if g := d.groups[name]; g != nil {
		return g, nil
	}
	one, err := d.someone(name)
	if err != nil {
		return nil, fmt.Errorf("no group or person is called %q", name)
	}
	return one, nil
}

// message finds a message by its id, or the newest that the member received
// ("last") or sent ("own"); of a kind, unless that is empty.
func (d *director) message(name, ref string, kind fakewhatsapp.Kind) (*fakewhatsapp.Message, error) {
	m, err := d.member(name)
	if err != nil {
		return nil, err
	}
	received, sent := m.Inbox(), d.sent[name]
	switch ref {
	case "last":
		sent = nil
	case "own":
		received = nil
	}
	for _, list := range [][]*fakewhatsapp.Message{received, sent} {
		for i := len(list) - 1; i >= 0; i-- {
			msg := list[i]
			fits := msg.ID == ref || ref == "own" || ref == "last" && !msg.FromMe && msg.Kind != fakewhatsapp.Undecryptable
			if fits && (kind == "" || msg.Kind == kind) {
				return msg, nil
			}
		}
	}
	return nil, errors.New("there is no such message")
}

// mentions finds the people named in a text as @name, and writes their names as
// others see them.
func (d *director) mentions(text string) (string, []fakewhatsapp.Mention) {
	var list []fakewhatsapp.Mention
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n\t,.;:!?¿¡()", r) })
	seen := map[string]bool{}
	for _, word := range words {
		name, ok := strings.CutPrefix(word, "@")
		account := d.people[name]
		if !ok || account == nil || seen[name] {
			continue
		}
		seen[name] = true
		text = strings.ReplaceAll(text, word, "@"+account.Name)
		list = append(list, account)
	}
	return text, list
}
