// Command slackroom is a Slack workspace in the terminal, to see what people see without an account: it serves a local
// Slack, prints the configuration with which `timonel serve` joins it, lets the people of the workspace act by what is
// typed, and shows everything that the bot sends.
//
//	go run ./internal/fakeslack/cmd/slackroom -config /tmp/room.toml
//	timonel serve --config /tmp/room.toml        (in another terminal)
//
// What can be typed: "help" lists it.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"timonel/bot/slack"
	"timonel/internal/fakeslack"
)

const usage = `Ana: text             says it in the channel          Ana dm: text       says it to the bot directly
Ana /text             gives /timonel text             Ana thread: text   answers the bot's newest message
Ana [label]           presses a button                Ana pick option    chooses from a menu
Ana date 2026-03-02   picks a day                     Ana react ✅        puts it on the bot's newest message
Ana edit: text        corrects her newest message     Ana delete         takes it back
Ana home              opens the app's page            Ana home [label]   presses or chooses there
Ana fill field=value  fills a field of the form       Ana send a=b; c=d  fills fields and submits the form
Ana file plan.pdf: caption   shares a small file      Ana joins, leaves, invites, removes, archives
#other                goes to another channel         guest Carla        lets in a guest from another workspace
`

func main() {
	addr := flag.String("addr", "127.0.0.1:8065", "where the local Slack listens")
	config := flag.String("config", "", "where the bot's configuration is written; it is printed if empty")
	people := flag.String("people", "Ana Ruiz,Bruno Díaz", "who is in the workspace")
	flag.Parse()
	if err := run(*addr, *config, strings.Split(*people, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "slackroom:", err)
		os.Exit(1)
	}
}

// room is the workspace and where it is looked at.
type room struct {
	*fakeslack.Server
	out     io.Writer
	people  map[string]*fakeslack.Person // by lower-case first name
	places  map[string]*fakeslack.Channel
	channel *fakeslack.Channel
	newest  map[*fakeslack.Person]*fakeslack.Message
}

func run(addr, config string, people []string) (err error) {
	r := &room{out: os.Stdout, people: map[string]*fakeslack.Person{}, places: map[string]*fakeslack.Channel{}, newest: map[*fakeslack.Person]*fakeslack.Message{}}
	r.Server = fakeslack.New(fakeslack.Options{Scopes: slack.Scopes, Events: slack.Events, Limits: true, Burst: 3, Sent: r.sent})
	if err := r.Listen(addr); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for _, name := range people {
		r.enter(r.Person(name))
	}
	r.place("comite")
	text := fmt.Sprintf("[slack]\napi_url = %q\napp_token = %q\nbot_token = %q\n", r.APIURL(), r.AppToken(), r.BotToken())
	if config == "" {
		fmt.Fprint(r.out, text)
	} else if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		if err := r.do(line); err != nil {
			fmt.Fprintln(r.out, "?", err)
		}
	}
	return lines.Err()
}

func (r *room) enter(p *fakeslack.Person) {
	first, _, _ := strings.Cut(strings.ToLower(p.Name), " ")
	r.people[first] = p
}

// place goes to a channel, which is made when nobody has been there: with everybody in it.
func (r *room) place(name string) {
	if r.places[name] == nil {
		var all []*fakeslack.Person
		for _, first := range slices.Sorted(maps.Keys(r.people)) {
			all = append(all, r.people[first])
		}
		r.places[name] = r.Channel(name, all...)
	}
	r.channel = r.places[name]
}

// sent shows what the bot sends.
func (r *room) sent(s *fakeslack.Sent) {
	where := ""
	if s.Channel != nil {
		if where = "#" + s.Channel.Name; s.Channel.IM {
			where = "direct"
		}
	}
	if s.To != nil {
		where = strings.TrimSpace(where + " for " + s.To.Name)
	}
	if s.Message != nil && s.Message.ThreadTS != "" {
		where += " (thread)"
	}
	fmt.Fprintf(r.out, "── %s %s\n   %s\n", s.Kind, where, strings.ReplaceAll(s.Text, "\n", "\n   "))
}

func (r *room) do(line string) error {
	if line == "help" {
		fmt.Fprint(r.out, usage)
		return nil
	}
	if name, found := strings.CutPrefix(line, "#"); found {
		r.place(name)
		return nil
	}
	if name, found := strings.CutPrefix(line, "guest "); found {
		p := r.Stranger(name)
		r.enter(p)
		p.Joins(r.channel)
		return nil
	}
	end := strings.IndexAny(line, ": ")
	if end < 0 {
		return errors.New("nobody does anything; try help")
	}
	who := r.people[strings.ToLower(line[:end])]
	if who == nil {
		return fmt.Errorf("there is no %s here", line[:end])
	}
	return r.act(who, strings.TrimSpace(line[end:]))
}

func (r *room) act(who *fakeslack.Person, what string) error {
	verb, rest, _ := strings.Cut(what, " ")
	rest = strings.TrimSpace(rest)
	switch verb {
	case "joins", "leaves", "invites", "removes", "archives":
		r.moves(who, verb)
		return nil
	case "home":
		return r.home(who, rest)
	case "pick":
		_, err := who.Picks(r.channel, rest)
		return err
	case "date":
		_, err := who.PicksDate(r.channel, rest)
		return err
	case "fill", "send":
		return r.fill(who, verb, rest)
	case "react":
		return who.Reacts(r.last(), rest)
	case "delete":
		return who.Deletes(r.newest[who])
	}
	if text, found := strings.CutPrefix(what, "/"); found {
		_, err := who.Slash(r.channel, "/timonel", text)
		return err
	}
	if strings.HasPrefix(what, "[") {
		_, err := who.Clicks(r.channel, strings.Trim(what, "[]"))
		return err
	}
	return r.writes(who, what)
}

func (r *room) moves(who *fakeslack.Person, verb string) {
	map[string]func(*fakeslack.Channel){
		"joins": who.Joins, "leaves": who.Leaves, "invites": who.Invites, "removes": who.Removes, "archives": who.Archives,
	}[verb](r.channel)
}

// writes is everything that is a text.
func (r *room) writes(who *fakeslack.Person, what string) (err error) {
	how, text, found := strings.Cut(what, ":")
	if !found {
		return errors.New("what is that? Try help")
	}
	text = strings.TrimSpace(text)
	name, isFile := strings.CutPrefix(how, "file ")
	m := r.newest[who]
	switch {
	case isFile:
		m, err = who.Shares(r.channel, name, []byte("the file "+name), text)
	case how == "dm":
		m, err = who.SaysTo(text)
	case how == "thread":
		m, err = who.Threads(r.last(), text)
	case how == "edit":
		err = who.Edits(m, text)
	default:
		m, err = who.Says(r.channel, text)
	}
	if err == nil {
		r.newest[who] = m
	}
	return err
}

func (r *room) home(who *fakeslack.Person, rest string) error {
	if rest == "" {
		who.OpensHome()
		return nil
	}
	label := strings.Trim(rest, "[]")
	if _, err := who.Clicks(nil, label); err == nil {
		return nil
	}
	_, err := who.Chooses(nil, label)
	return err
}

// fill fills fields of the open form, and submits it when that is meant.
func (r *room) fill(who *fakeslack.Person, verb, rest string) error {
	form := who.Modal()
	if form == nil {
		return fmt.Errorf("%s has no form open", who.Name)
	}
	values := map[string]string{}
	for pair := range strings.SplitSeq(rest, ";") {
		if name, value, found := strings.Cut(pair, "="); found {
			values[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	if verb == "send" {
		_, err := who.Submits(form, values)
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if _, err := who.Fills(form, name, values[name]); err != nil {
			return err
		}
	}
	return nil
}

// last is the bot's newest message in the channel.
func (r *room) last() *fakeslack.Message {
	var m *fakeslack.Message
	for _, s := range r.SentIn(r.channel) {
		if s.Message != nil {
			m = s.Message
		}
	}
	return m
}
