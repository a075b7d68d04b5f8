package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"

	"timonel/internal/fakewhatsapp"
)

// told keeps what a member has sent, so that later commands can refer to it.
func (d *director) told(name string, msg *fakewhatsapp.Message, err error) (line, error) {
	if err != nil {
		return nil, err
	}
	d.sent[name] = append(d.sent[name], msg)
	return line{"id": msg.ID}, nil
}

// inChat runs do for a member and a chat, the first two words of a command.
func (d *director) inChat(args []string, do func(*fakewhatsapp.Member, fakewhatsapp.Chat) (*fakewhatsapp.Message, error)) (line, error) {
	m, err := d.member(args[0])
	if err != nil {
		return nil, err
	}
	chat, err := d.chat(args[1])
	if err != nil {
		return nil, err
	}
	msg, err := do(m, chat)
	return d.told(args[0], msg, err)
}

// onMessage runs do for a member and a message, the first two words of a command.
func (d *director) onMessage(args []string, kind fakewhatsapp.Kind, do func(*fakewhatsapp.Member, *fakewhatsapp.Message) (*fakewhatsapp.Message, error)) (line, error) {
	m, err := d.member(args[0])
	if err != nil {
		return nil, err
	}
	about, err := d.message(args[0], args[1], kind)
	if err != nil {
		return nil, err
	}
	msg, err := do(m, about)
	return d.told(args[0], msg, err)
}

func say(d *director, ctx context.Context, args []string) (line, error) {
	return d.inChat(args, func(m *fakewhatsapp.Member, chat fakewhatsapp.Chat) (*fakewhatsapp.Message, error) {
		text, mentions := d.mentions(args[2])
		return m.Says(ctx, chat, text, mentions...)
	})
}

func sayTo(d *director, ctx context.Context, args []string) (line, error) {
	m, err := d.member(args[0])
	if err != nil {
		return nil, err
	}
	msg, err := m.SaysTo(ctx, args[1], args[2])
	return d.told(args[0], msg, err)
}

func quote(d *director, ctx context.Context, args []string) (line, error) {
	return d.onMessage(args, "", func(m *fakewhatsapp.Member, about *fakewhatsapp.Message) (*fakewhatsapp.Message, error) {
		text, mentions := d.mentions(args[2])
		return m.Quotes(ctx, about, text, mentions...)
	})
}

func react(d *director, ctx context.Context, args []string) (line, error) {
	return d.onMessage(args, "", func(m *fakewhatsapp.Member, about *fakewhatsapp.Message) (*fakewhatsapp.Message, error) {
		return m.Reacts(ctx, about, args[2])
	})
}

func poll(d *director, ctx context.Context, args []string) (line, error) {
	return d.inChat(args, func(m *fakewhatsapp.Member, chat fakewhatsapp.Chat) (*fakewhatsapp.Message, error) {
		return m.Asks(ctx, chat, args[2], args[3:]...)
	})
}

func vote(d *director, ctx context.Context, args []string) (line, error) {
	return d.onMessage(args, fakewhatsapp.Poll, func(m *fakewhatsapp.Member, about *fakewhatsapp.Message) (*fakewhatsapp.Message, error) {
		return m.Votes(ctx, about, args[2:]...)
	})
}

func sendImage(d *director, ctx context.Context, args []string) (line, error) {
	data, err := readFile(args[2])
	if err != nil {
		return nil, err
	}
	return d.inChat(args, func(m *fakewhatsapp.Member, chat fakewhatsapp.Chat) (*fakewhatsapp.Message, error) {
		return m.SendsImage(ctx, chat, data, args[3])
	})
}

func sendDocument(d *director, ctx context.Context, args []string) (line, error) {
	data, err := readFile(args[2])
	if err != nil {
		return nil, err
	}
	return d.inChat(args, func(m *fakewhatsapp.Member, chat fakewhatsapp.Chat) (*fakewhatsapp.Message, error) {
		return m.SendsDocument(ctx, chat, data, args[3], args[4])
	})
}

// open downloads the file of a message and writes it to a path, if that is not "-".
func open(d *director, ctx context.Context, args []string) (line, error) {
	m, err := d.member(args[0])
	if err != nil {
		return nil, err
	}
	msg, err := d.message(args[0], args[1], "")
	if err != nil {
		return nil, err
	}
	data, err := m.Opens(ctx, msg)
	if err != nil {
		return nil, err
	}
	if args[2] != "-" {
		if err = os.WriteFile(args[2], data, 0o600); err != nil {
			return nil, fmt.Errorf("keep a file: %w", err)
		}
	}
	sum := sha256.Sum256(data)
	return line{"bytes": len(data), "sha256": hex.EncodeToString(sum[:])}, nil
}

func edit(d *director, ctx context.Context, args []string) (line, error) {
	return d.onMessage(args, "", func(m *fakewhatsapp.Member, about *fakewhatsapp.Message) (*fakewhatsapp.Message, error) {
		return m.Edits(ctx, about, args[2])
	})
}

func remove(d *director, ctx context.Context, args []string) (line, error) {
	return d.onMessage(args, "", func(m *fakewhatsapp.Member, about *fakewhatsapp.Message) (*fakewhatsapp.Message, error) {
		return m.Deletes(ctx, about)
	})
}

func repeatMessage(d *director, ctx context.Context, args []string) (line, error) {
	return d.onMessage(args, "", func(m *fakewhatsapp.Member, about *fakewhatsapp.Message) (*fakewhatsapp.Message, error) {
		return m.Repeats(ctx, about)
	})
}

func read(d *director, ctx context.Context, args []string) (line, error) {
	m, err := d.member(args[0])
	if err != nil {
		return nil, err
	}
	msg, err := d.message(args[0], args[1], "")
	if err != nil {
		return nil, err
	}
	return nil, m.Reads(ctx, msg)
}

func offline(d *director, _ context.Context, args []string) (line, error) {
	m, err := d.member(args[0])
	if err == nil {
		m.GoesOffline()
	}
	return nil, err
}

func online(d *director, ctx context.Context, args []string) (line, error) {
	m, err := d.member(args[0])
	if err != nil {
		return nil, err
	}
	return nil, m.ComesBack(ctx)
}

func relink(d *director, ctx context.Context, args []string) (line, error) {
	m, err := d.member(args[0])
	if err != nil {
		return nil, err
	}
	return nil, d.server.Relink(ctx, m)
}
