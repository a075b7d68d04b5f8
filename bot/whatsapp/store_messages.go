package whatsapp

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

// poll is what is kept of a poll: its options, and the secret with which the votes in it are sealed. A repeat of the
// message must carry the same secret, or the votes of those who got the repeat could not be read.
type poll struct {
	options []string
	secret  []byte
}

const optionSeparator = "\x1f"

// keepPoll stores a poll, or returns it as it was stored before.
func (s *store) keepPoll(ctx context.Context, id string, p poll, at time.Time) (poll, error) {
	_, err := s.db.ExecContext(ctx, `INSERT INTO timonel_polls (poll, options, secret, at) VALUES ($1, $2, $3, $4) ON CONFLICT (poll) DO NOTHING`,
		id, strings.Join(p.options, optionSeparator), hex.EncodeToString(p.secret), at.Unix())
	if err != nil {
		return poll{}, err
	}
	kept, _, err := s.poll(ctx, id)
	return kept, err
}

func (s *store) poll(ctx context.Context, id string) (p poll, known bool, err error) {
	var options, secret string
	err = s.db.QueryRowContext(ctx, `SELECT options, secret FROM timonel_polls WHERE poll = $1`, id).Scan(&options, &secret)
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	if err != nil {
		return p, false, err
	}
	p.options = strings.Split(options, optionSeparator)
	if p.secret, err = hex.DecodeString(secret); err != nil {
		return p, false, fmt.Errorf("read the secret of poll %s: %w", id, err)
	}
	return p, true, nil
}

func (s *store) rememberCard(ctx context.Context, chat, card, message string, at time.Time) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO timonel_cards (chat, card, message, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (chat, card) DO UPDATE SET message = excluded.message, at = excluded.at`, chat, card, message, at.Unix())
	return err
}

// card returns the message that shows a card in a chat and when it was sent, "" if there is none.
func (s *store) card(ctx context.Context, chat, card string) (string, time.Time, error) {
	var message string
	var at int64
	err := s.db.QueryRowContext(ctx, `SELECT message, at FROM timonel_cards WHERE chat = $1 AND card = $2`, chat, card).Scan(&message, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	return message, time.Unix(at, 0), err
}

// rememberWriter notes that somebody wrote to the bot directly.
func (s *store) rememberWriter(ctx context.Context, jid string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO timonel_wrote (jid) VALUES ($1) ON CONFLICT (jid) DO NOTHING`, jid)
	return err
}

func (s *store) hasWritten(ctx context.Context, jid string) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM timonel_wrote WHERE jid = $1`, jid).Scan(&n)
	return n > 0, err
}

// room is a group that the number is in.
type room struct {
	jid, name, mode string
	members         int
}

func (s *store) putRoom(ctx context.Context, r room) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO timonel_rooms (jid, name, members, mode) VALUES ($1, $2, $3, $4)
		ON CONFLICT (jid) DO UPDATE SET name = excluded.name, members = excluded.members, mode = excluded.mode`, r.jid, r.name, r.members, r.mode)
	return err
}

// putRooms replaces all that is known of groups.
func (s *store) putRooms(ctx context.Context, list []room) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, `DELETE FROM timonel_rooms`); err != nil {
		return err
	}
	for _, r := range list {
		_, err := tx.ExecContext(ctx, `INSERT INTO timonel_rooms (jid, name, members, mode) VALUES ($1, $2, $3, $4)
			ON CONFLICT (jid) DO NOTHING`, r.jid, r.name, r.members, r.mode)
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (s *store) dropRoom(ctx context.Context, jid string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM timonel_rooms WHERE jid = $1`, jid)
	return err
}

func (s *store) room(ctx context.Context, jid string) (r room, known bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT jid, name, members, mode FROM timonel_rooms WHERE jid = $1`, jid).Scan(&r.jid, &r.name, &r.members, &r.mode)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}

func (s *store) rooms(ctx context.Context) (list []room, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT jid, name, members, mode FROM timonel_rooms ORDER BY name, jid`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r room
		if err := rows.Scan(&r.jid, &r.name, &r.members, &r.mode); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}
