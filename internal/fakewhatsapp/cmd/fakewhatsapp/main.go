// Command fakewhatsapp is a WhatsApp server for tests with people on it, driven
// by lines on its standard input. A bot that runs elsewhere connects to it with
// the websocket URL and the root key that it prints first.
//
//	fakewhatsapp [-addr 127.0.0.1:0]
//
// Each line is a command and its words; words with spaces are quoted as in Go
// ("a \"b\"\n"). Every line is answered by one JSON object on standard output, in order:
// {"event":"done","line":N,…} or {"event":"failed","line":N,"error":"…"}. What
// people receive appears among the answers as {"event":"message","to":"ana",…}.
// The command help lists the commands; the end of the input ends the program.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"go.mau.fi/libsignal/logger"

	"timonel/internal/fakewhatsapp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	flags := flag.NewFlagSet("fakewhatsapp", flag.ContinueOnError)
	flags.SetOutput(errs)
	addr := flags.String("addr", "127.0.0.1:0", "TCP address to listen on")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	var quiet logger.Loggable = stderrLog{errs}
	logger.Setup(&quiet) // the library would write to standard output
	if err := serve(ctx, *addr, in, out); err != nil {
		fmt.Fprintf(errs, "fakewhatsapp: %v\n", err)
		return 1
	}
	return 0
}

func serve(ctx context.Context, addr string, in io.Reader, out io.Writer) (err error) {
	server, err := fakewhatsapp.New(fakewhatsapp.Options{})
	if err != nil {
		return err
	}
	if err = server.Listen(addr); err != nil {
		return err
	}
	d := newDirector(ctx, server, out)
	defer func() {
		d.stop()
		if closing := server.Close(); err == nil {
			err = closing
		}
	}()
	d.print(line{"event": "listening", "websocket_url": server.WebsocketURL(), "root_key": server.RootKey()})
	return d.follow(in)
}

// stderrLog passes on what the encryption library warns of.
type stderrLog struct{ out io.Writer }

func (l stderrLog) Debug(string, string)   {}
func (l stderrLog) Info(string, string)    {}
func (l stderrLog) Configure(string)       {}
func (l stderrLog) Warning(at, msg string) { fmt.Fprintf(l.out, "warning: %s: %s\n", at, msg) }
func (l stderrLog) Error(at, msg string)   { fmt.Fprintf(l.out, "error: %s: %s\n", at, msg) }
