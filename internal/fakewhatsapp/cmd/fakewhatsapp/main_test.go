package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"timonel/bot/whatsapp"
)

// driver runs the program and speaks its protocol.
type driver struct {
	t        *testing.T
	in       io.Writer
	out      *bufio.Scanner
	number   int
	messages []line // read while waiting for an answer
	code     chan int
}

func drive(t *testing.T) (*driver, line) {
	t.Helper()
	inReader, inWriter := io.Pipe()
	outReader, outWriter := io.Pipe()
	d := &driver{t: t, in: inWriter, out: bufio.NewScanner(outReader), code: make(chan int, 1)}
	d.out.Buffer(nil, 1<<20)
	go func() {
		d.code <- run(t.Context(), []string{"-addr", "127.0.0.1:0"}, inReader, outWriter, io.Discard)
		_ = outWriter.Close()
	}()
	return d, d.read()
}

func (d *driver) read() line {
	d.t.Helper()
	if !d.out.Scan() {
		d.t.Fatalf("the output ended: %v", d.out.Err())
	}
	var l line
	if err := json.Unmarshal(d.out.Bytes(), &l); err != nil {
		d.t.Fatalf("%s: %v", d.out.Text(), err)
	}
	return l
}

// tell sends a command and gives the answer.
func (d *driver) tell(format string, args ...any) line {
	d.t.Helper()
	d.number++
	if _, err := fmt.Fprintf(d.in, format+"\n", args...); err != nil {
		d.t.Fatal(err)
	}
	for {
		l := d.read()
		if l["event"] == "message" {
			d.messages = append(d.messages, l)
			continue
		}
		if l["line"] != float64(d.number) {
			d.t.Fatalf("the answer %v is not to line %d", l, d.number)
		}
		return l
	}
}

// do sends a command that must succeed.
func (d *driver) do(format string, args ...any) line {
	d.t.Helper()
	l := d.tell(format, args...)
	if l["event"] != "done" {
		d.t.Fatalf("%s: %v", fmt.Sprintf(format, args...), l["error"])
	}
	return l
}

// hear waits for a message to somebody, in which the fields are as given.
func (d *driver) hear(to string, fields line) line {
	d.t.Helper()
	for {
		for i, l := range d.messages {
			fits := l["to"] == to
			for key, want := range fields {
				fits = fits && fmt.Sprint(l[key]) == fmt.Sprint(want)
			}
			if fits {
				d.messages = slices.Delete(d.messages, i, i+1)
				return l
			}
		}
		l := d.read()
		if l["event"] != "message" {
			d.t.Fatalf("%v came instead of a message", l)
		}
		d.messages = append(d.messages, l)
	}
}

func (d *driver) end() {
	d.t.Helper()
	d.do("quit")
	for d.out.Scan() { // what came meanwhile, up to the end
	}
	if code := <-d.code; code != 0 {
		d.t.Errorf("the program ends with %d", code)
	}
}

func TestConversation(t *testing.T) {
	d, _ := drive(t)
	d.do(`member ana "Ana López" +573001112233`)
	d.do(`member bruno Bruno 573001112244`)
	d.do(`group comite "Comité ACME" lid ana bruno`)
	said := d.do(`say ana comite "¿Cerramos, @bruno?\nhoy"`)
	heard := d.hear("bruno", line{"id": said["id"], "kind": "text", "from": "ana", "chat": "comite"})
	if mentions := fmt.Sprint(heard["mentions"]); mentions != "[bruno]" || !strings.HasSuffix(heard["text"].(string), "?\nhoy") {
		t.Errorf("it came as %v", heard)
	}
	d.do(`quote bruno last "sí"`)
	d.hear("ana", line{"text": "sí", "target": said["id"]})
	d.do(`react bruno %s ✅`, said["id"])
	d.hear("ana", line{"kind": "reaction", "text": "✅", "target": said["id"]})
	poll := d.do(`poll ana comite "¿Va?" Sí No`)
	d.hear("bruno", line{"kind": "poll", "options": "[Sí No]"})
	d.do(`vote bruno last No`)
	d.hear("ana", line{"kind": "vote", "options": "[No]", "target": poll["id"]})
	d.do(`edit ana %s "¿Cerramos mañana?"`, said["id"])
	d.hear("bruno", line{"kind": "edit", "text": "¿Cerramos mañana?", "target": said["id"]})
	d.do(`delete ana %s`, said["id"])
	d.hear("bruno", line{"kind": "revoke", "target": said["id"]})
	d.do(`say-to ana 573001112244 directo`)
	d.hear("bruno", line{"text": "directo", "chat": "ana", "direct": true})
	d.do(`read bruno last`)
	d.do(`settle`)
	if unknown := d.do("unknown")["unknown"]; unknown != nil {
		t.Errorf("the server did not understand %v", unknown)
	}
	d.end()
}

func TestFilesOnTheLine(t *testing.T) {
	d, _ := drive(t)
	d.do(`member ana Ana 573001112233`)
	d.do(`member bruno Bruno 573001112244`)
	path := filepath.Join(t.TempDir(), "acta.txt")
	if err := os.WriteFile(path, []byte("acta de la sesión"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.do(`document ana bruno %q acta.txt "el acta"`, path)
	sent := d.hear("bruno", line{"kind": "document", "file": "acta.txt", "text": "el acta"})
	copied := filepath.Join(t.TempDir(), "copia.txt")
	if got := d.do(`open bruno %s %q`, sent["id"], copied); got["bytes"] != float64(len("acta de la sesión")) {
		t.Errorf("got %v", got)
	}
	if data, err := os.ReadFile(copied); err != nil || string(data) != "acta de la sesión" {
		t.Errorf("the copy holds %q, %v", data, err)
	}
	d.do(`image ana bruno %q "una foto"`, path)
	d.hear("bruno", line{"kind": "image", "text": "una foto"})
	d.end()
}

func TestFaultsOnTheLine(t *testing.T) {
	d, _ := drive(t)
	d.do(`member ana Ana 573001112233`)
	d.do(`member bruno Bruno 573001112244`)
	d.do(`group comite Comité pn ana bruno`)
	d.do(`undecryptable bruno 1`)
	d.do(`say ana comite ilegible`)
	d.hear("bruno", line{"kind": "undecryptable"})
	d.hear("bruno", line{"kind": "text", "text": "ilegible", "retries": 1})
	d.do(`hold bruno`)
	d.do(`say ana comite retenido`)
	d.do(`release bruno`)
	d.hear("bruno", line{"text": "retenido"})
	d.do(`offline bruno`)
	d.do(`wait-offline bruno`)
	d.do(`say ana comite "mientras no estabas"`)
	d.do(`online bruno`)
	d.do(`wait-online bruno`)
	d.hear("bruno", line{"text": "mientras no estabas"})
	d.do(`addressing comite lid`)
	d.do(`hide-numbers comite on`)
	d.do(`relink bruno`)
	d.do(`settle`)
	d.do(`account carla Carla 5491155556666`)
	d.do(`add comite carla`)
	d.do(`remove comite carla`)
	d.do(`repeat-message ana own`)
	for _, fault := range []string{
		"drop ana", "wait-online ana", "delay bruno 1ms", "delay bruno 0s", "repeat bruno 1", "reorder bruno 1",
		"lose-messages bruno 1", "lose-acks bruno 1", "refuse-message bruno 479", "lose-media on", "lose-media off",
		"direct pn", "announcements comite on", "announcements comite off", "unavailable bruno", "pardon bruno", "phone ana",
		"ban bruno 101 1h", "outdated bruno", "replace ana", "logout ana", "outage on", "outage off", "restart bruno", "help",
	} {
		d.do("%s", fault)
	}
	d.end()
}

func TestNonsenseOnTheLine(t *testing.T) {
	d, _ := drive(t)
	d.do(`member ana Ana 573001112233`)
	d.do(`group comite Comité lid ana`)
	for _, bad := range []string{
		`sing`, `say ana`, `say ana comite "no end`, `say nobody comite hola`, `say ana nowhere hola`, `say-to nobody 1 x`,
		`quote ana last x`, `vote ana last Sí`, `react ana 3EB0 x`, `member ana Otra 573001112299`, `account ana Otra 1`,
		`account bruno Bruno 12`, `group otro Otro dm ana`, `group otro Otro lid zoe`, `add comite zoe`, `add nada ana`,
		`addressing comite dm`, `hide-numbers comite maybe`, `outage maybe`, `drop zoe`, `repeat ana x`, `repeat zoe 1`, `delay ana x`,
		`ban ana x 1h`, `ban ana 101 x`, `release ana`, `scan ana x`, `scan zoe x`, `code ana X`, `code zoe x`, `direct x`,
		`image ana comite /nonexistent x`, `document ana comite /nonexistent a b`, `open ana own -`, `open zoe own -`,
		`online zoe`, `offline zoe`, `relink zoe`, `read zoe own`, `read ana own`, `hold zoe`, `wait-online zoe`, `member x y 1`,
	} {
		if l := d.tell("%s", bad); l["event"] != "failed" || l["error"] == "" {
			t.Errorf("%s gives %v", bad, l)
		}
	}
	d.end()
}

// A bot in another process has only the websocket URL and the root key.
func TestClientOfAnotherProcess(t *testing.T) {
	d, listening := drive(t)
	d.do(`member ana Ana 573001112233`)
	d.do(`account bot Timonel 573009998877`)
	db := sqlstoreIn(t)
	client := whatsmeow.NewClient(db.NewDevice(), nil)
	if err := whatsapp.Redirect(client, listening["websocket_url"].(string), listening["root_key"].(string)); err != nil {
		t.Fatal(err)
	}
	heard := make(chan any, 100)
	client.AddEventHandler(func(event any) { heard <- event })
	if err := client.Connect(); err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect()
	d.do(`scan bot %s`, (<-heard).(*events.QR).Codes[0])
	d.do(`wait-online bot`)
	jid := d.do(`group comite Comité lid ana bot`)["jid"].(string)
	group, err := types.ParseJID(jid)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = client.SendMessage(t.Context(), group, &waE2E.Message{Conversation: proto.String("aquí")}); err != nil {
		t.Fatal(err)
	}
	d.hear("ana", line{"text": "aquí", "from": "bot", "chat": "comite"})
	d.do(`say ana comite "hola @bot"`)
	for event := range heard {
		if msg, ok := event.(*events.Message); ok && msg.Message.GetExtendedTextMessage() != nil {
			if got := msg.Message.GetExtendedTextMessage().GetContextInfo().GetMentionedJID(); !slices.Equal(got, []string{client.Store.LID.ToNonAD().String()}) {
				t.Errorf("it mentions %q", got)
			}
			break
		}
	}
	d.end()
}

func FuzzSplit(f *testing.F) {
	f.Add("say ana", "hola \"tú\"\n")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, first, second string) {
		quoted := strconv.Quote(first) + " " + strconv.Quote(second)
		words, err := split(quoted)
		if err != nil || !slices.Equal(words, []string{first, second}) {
			t.Errorf("%s splits into %q, %v", quoted, words, err)
		}
		if _, err = split(first); err != nil && !strings.Contains(first, `"`) {
			t.Errorf("%q: %v", first, err)
		}
	})
}

func TestUsage(t *testing.T) {
	var errs bytes.Buffer
	if code := run(t.Context(), []string{"-nope"}, strings.NewReader(""), io.Discard, &errs); code != 2 {
		t.Errorf("a flag that does not exist gives %d", code)
	}
	if code := run(t.Context(), []string{"-addr", "nowhere"}, strings.NewReader(""), io.Discard, &errs); code != 1 || !strings.Contains(errs.String(), "nowhere") {
		t.Errorf("an address that does not exist gives %d and %q", code, errs.String())
	}
	if code := run(t.Context(), nil, strings.NewReader("# nothing\n\n"), io.Discard, &errs); code != 0 {
		t.Errorf("an input that ends gives %d", code)
	}
}

func sqlstoreIn(t *testing.T) *sqlstore.Container {
	t.Helper()
	dsn := "file:" + filepath.Join(t.TempDir(), "bot.db") +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(normal)&_pragma=foreign_keys(1)&_txlock=immediate"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	container := sqlstore.NewWithDB(db, "sqlite3", nil)
	if err = container.Upgrade(t.Context()); err != nil {
		t.Fatal(err)
	}
	return container
}
