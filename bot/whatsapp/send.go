package whatsapp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"

	"timonel/bot"
)

const (
	// editWindow is how long after it was sent a message may be edited; WhatsApp allows a little more.
	editWindow = 14 * time.Minute
	// editReach is how many messages may have been said since: an edit further up would be seen by nobody.
	editReach = 8
	// onlinePatience is how long a message waits for a connection that is just being restored.
	onlinePatience = 15 * time.Second
	// ackTime bounds the wait for WhatsApp's word that it has a message.
	ackTime = 40 * time.Second
)

// Send implements bot.Adapter. A message may go out as several (a long text, files, a poll), each under an id that is the
// same in every attempt: the first one's is the message's, and what people answer to the others counts for it.
func (a *Adapter) Send(ctx context.Context, out bot.Outgoing) (bot.MessageID, error) {
	client, online := a.awaitOnline(ctx, onlinePatience)
	if !online {
		return "", bot.Temporary(errors.New("not connected to WhatsApp"), 0)
	}
	s := sending{ctx: ctx, a: a, client: client, out: out}
	var err error
	if s.to, err = s.recipient(); err != nil {
		return "", err
	}
	if out.Card != "" {
		if id, done, err := s.editCard(); done || err != nil {
			return id, err
		}
	}
	main := s.id(0)
	for i, p := range s.pieces() {
		if err := s.deliver(s.id(i), main, p); err != nil {
			return "", err
		}
	}
	if out.Card != "" {
		if err := a.store.rememberCard(ctx, s.to.String(), out.Card, main, a.cfg.Now()); err != nil {
			a.cfg.Log.Error().Err(err).Msg("remember the status message")
		}
		a.talk.stands(s.to, main)
	}
	return bot.MessageID(main), nil
}

// Sent implements bot.Reconciler: a message arrived if WhatsApp has confirmed every part of it. What is in doubt is sent
// again under the same ids, which people's apps show once.
func (a *Adapter) Sent(ctx context.Context, out bot.Outgoing) (bot.MessageID, bool, error) {
	client := a.session()
	if client == nil {
		return "", false, errors.New("not connected to WhatsApp")
	}
	s := sending{ctx: ctx, a: a, client: client, out: out}
	var err error
	if s.to, err = s.recipient(); err != nil {
		return "", false, nil //nolint:nilerr // sending it again says what is wrong
	}
	for i := range s.pieces() {
		taken, err := a.store.taken(ctx, s.id(i))
		if err != nil || !taken {
			return "", false, err
		}
	}
	return bot.MessageID(s.id(0)), true, nil
}

// sending is the way of one message.
type sending struct {
	ctx    context.Context
	a      *Adapter
	client *whatsmeow.Client
	out    bot.Outgoing
	to     types.JID
}

// recipient is the chat to write to. Among people, only who wrote first is written to: cold messages get a number banned.
func (s *sending) recipient() (types.JID, error) {
	raw := string(s.out.Direct)
	if raw == "" {
		raw = string(s.out.Room)
	}
	jid, err := types.ParseJID(raw)
	if err != nil {
		return jid, bot.Permanent(fmt.Errorf("read the chat's address %q: %w", raw, err))
	}
	switch jid.Server {
	case types.GroupServer:
		return jid, nil
	case types.DefaultUserServer, types.HiddenUserServer:
	default:
		return jid, bot.Permanent(fmt.Errorf("read the chat's address %q: it is neither a group's nor a person's", raw))
	}
	c := reader{s.ctx, s.a, s.client}
	lid, number, err := c.addresses(jid, types.EmptyJID)
	if err != nil {
		return jid, bot.Temporary(err, 0)
	}
	for _, one := range []types.JID{jid, lid, number} {
		known, err := s.a.store.hasWritten(s.ctx, one.String())
		if err != nil {
			return jid, bot.Temporary(fmt.Errorf("look up who wrote: %w", err), 0)
		}
		if known {
			return jid, nil
		}
	}
	return jid, bot.Permanent(errors.New("the person never wrote to the bot, which writes first to nobody"))
}

// id is the id of part n of the message: the same for every attempt, different for every message.
func (s *sending) id(n int) string {
	if n == 0 && s.out.PlatformID != "" {
		return string(s.out.PlatformID)
	}
	return timonelsID(fmt.Sprintf("%s|%d|%d|%s|%s", s.a.self().number.User, s.out.ID, n, s.to, s.out.At.UTC().Format(time.RFC3339Nano)))
}

// An id of ours looks like those of WhatsApp Web, and its last signs follow from the others: by that Timonels know each
// other and do not answer each other.
const (
	idPrefix = "3EB0"
	idLength = 22
	idCheck  = 8
)

func timonelsID(of string) string {
	sum := sha256.Sum256([]byte(of))
	head := idPrefix + strings.ToUpper(hex.EncodeToString(sum[:]))[:idLength-len(idPrefix)-idCheck]
	return head + checkOf(head)
}

func checkOf(head string) string {
	sum := sha256.Sum256([]byte("timonel" + head))
	return strings.ToUpper(hex.EncodeToString(sum[:idCheck/2]))
}

func isTimonels(id string) bool {
	return len(id) == idLength && strings.HasPrefix(id, idPrefix) && checkOf(id[:idLength-idCheck]) == id[idLength-idCheck:]
}

// deliver sends one part, unless WhatsApp has it from an earlier attempt.
func (s *sending) deliver(id, main string, p piece) error {
	if taken, err := s.a.store.taken(s.ctx, id); err != nil {
		return bot.Temporary(fmt.Errorf("look up a part of the message: %w", err), 0)
	} else if taken {
		return nil
	}
	if err := s.a.store.note(s.ctx, id, main, s.a.cfg.Now()); err != nil {
		return bot.Temporary(fmt.Errorf("remember a part of the message: %w", err), 0)
	}
	message, err := s.message(id, p)
	if err != nil {
		return err
	}
	if err := s.send(id, message); err != nil {
		return err
	}
	if err := s.a.store.take(s.ctx, id); err != nil {
		return bot.InDoubt(fmt.Errorf("note that WhatsApp has a part of the message: %w", err))
	}
	s.a.talk.said(s.to)
	return nil
}

// send hands one WhatsApp message over, within the limits.
func (s *sending) send(id string, message *waE2E.Message) error {
	if err := s.a.allowed(s.ctx); err != nil {
		return err
	}
	if !s.a.turn.take(s.ctx) {
		return bot.Temporary(errors.New("another message is still being sent"), 0)
	}
	defer s.a.turn.giveBack()
	_, err := s.client.SendMessage(s.ctx, s.to, message, whatsmeow.SendRequestExtra{ID: id, Timeout: ackTime})
	return s.a.classify(err)
}

// editCard changes the status message while it can be changed and seen; done is false when a new one must be sent.
func (s *sending) editCard() (bot.MessageID, bool, error) {
	now := s.a.cfg.Now()
	id, at, err := s.a.store.card(s.ctx, s.to.String(), s.out.Card)
	if err != nil {
		return "", false, bot.Temporary(fmt.Errorf("look for the status message: %w", err), 0)
	}
	if id == "" || id == s.id(0) || now.Sub(at) > editWindow || s.a.talk.since(s.to, id) > editReach {
		return "", false, nil
	}
	pieces := s.pieces()
	if len(pieces) != 1 || pieces[0].file != nil || pieces[0].poll != nil {
		return "", false, nil
	}
	edit := s.id(0)
	if taken, err := s.a.store.taken(s.ctx, edit); err != nil || taken {
		return bot.MessageID(id), taken, err
	}
	if err := s.a.store.note(s.ctx, edit, id, now); err != nil {
		return "", false, bot.Temporary(fmt.Errorf("remember an edit: %w", err), 0)
	}
	err = s.send(edit, s.client.BuildEdit(s.to, id, s.textMessage(pieces[0].text)))
	var delivery *bot.DeliveryError
	if errors.As(err, &delivery) && delivery.Permanent {
		return "", false, nil // WhatsApp takes no edit of it: it gets a new message
	}
	if err != nil {
		return "", false, err
	}
	return bot.MessageID(id), true, s.a.store.take(s.ctx, edit)
}
