package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"timonel/bot"
)

// The states of a message in the outbox. It is live in the first three.
const (
	outPending   = "pending"
	outSending   = "sending" // somebody holds it until its lease ends; then it is in doubt
	outRetry     = "retry"   // waits for another try, and its room with it
	outSent      = "sent"
	outFailed    = "failed"
	outCancelled = "cancelled"
)

// Enqueue stores a message to be sent, not before out.At (now if zero), in the transaction that caused it, and returns its
// id. Messages to one room leave in the order of their ids, as far as their moments allow.
func (tx *Tx) Enqueue(out bot.Outgoing) (int64, error) {
	if out.At.IsZero() {
		out.At = tx.now
	}
	lane, err := tx.lane(out.Platform, out.Room, out.Direct)
	if err != nil {
		return 0, wrap("enqueue", err)
	}
	doc, err := encode(out)
	if err != nil {
		return 0, wrap("enqueue", err)
	}
	var id int64
	_, err = tx.find([]any{&id}, `INSERT INTO outbox (platform, lane, state, live, not_before, retry_at, attempts, lease_until,
			claimed_by, platform_id, project, kind, problem, enqueued_at, finished_at, doc)
		VALUES ($1, $2, 'pending', 1, $3, '', 0, '', '', $4, $5, $6, '', $7, '', $8) RETURNING id`,
		string(out.Platform), lane, stamp(out.At), clean(string(out.PlatformID)), out.Project, string(out.Kind), stamp(tx.now), doc)
	tx.queued = true
	return id, wrap("enqueue", err)
}

// lane names the place whose order is kept: the room, or for a direct message whose room is not known the user.
func (tx *Tx) lane(platform bot.Platform, room bot.RoomID, user bot.UserID) (string, error) {
	if room == "" && user != "" {
		r, err := tx.DirectRoom(platform, user)
		if errors.Is(err, ErrNotFound) {
			return "@" + clean(string(user)), nil
		}
		if err != nil {
			return "", err
		}
		room = r.ID
	}
	return clean(string(room)), nil
}

// PendingOutgoing lists the messages about a project that nobody has begun to send, in order.
func (tx *Tx) PendingOutgoing(project string) ([]bot.Outgoing, error) {
	list, err := tx.outgoing(`live = 1 AND state = 'pending' AND project = $1 ORDER BY id`, project)
	return list, wrap("list pending messages", err)
}

// OutgoingSince lists the messages to a room, or directly to a user, that were enqueued at or after a moment and not
// cancelled, in order.
func (tx *Tx) OutgoingSince(platform bot.Platform, room bot.RoomID, user bot.UserID, since time.Time) ([]bot.Outgoing, error) {
	lane, err := tx.lane(platform, room, user)
	if err != nil {
		return nil, wrap("list messages", err)
	}
	list, err := tx.outgoing(`platform = $1 AND lane = $2 AND enqueued_at >= $3 AND state <> 'cancelled' ORDER BY id`,
		string(platform), lane, stamp(since))
	return list, wrap("list messages", err)
}

const outgoingColumns = `id, attempts, platform_id, doc`

func (tx *Tx) outgoing(where string, args ...any) ([]bot.Outgoing, error) {
	return tx.scanOutgoing(`SELECT `+outgoingColumns+` FROM outbox WHERE `+where, args...)
}

func (tx *Tx) scanOutgoing(query string, args ...any) ([]bot.Outgoing, error) {
	var list []bot.Outgoing
	return list, tx.query(func(rows *sql.Rows) error {
		var out bot.Outgoing
		var id int64
		var attempt int
		var platformID, doc string
		if err := rows.Scan(&id, &attempt, &platformID, &doc); err != nil {
			return err
		}
		err := decode(doc, &out)
		out.ID, out.Attempt, out.PlatformID = id, attempt, bot.MessageID(platformID)
		list = append(list, out)
		return err
	}, query, args...)
}

// CancelOutgoing cancels a message that nobody has begun to send; done is false if it was too late.
func (tx *Tx) CancelOutgoing(id int64) (done bool, err error) {
	n, err := tx.exec(`UPDATE outbox SET state = 'cancelled', live = 0, finished_at = $2
		WHERE id = $1 AND live = 1 AND state IN ('pending', 'retry')`, id, stamp(tx.now))
	return n > 0, wrap(fmt.Sprintf("cancel message %d", id), err)
}

// turn and dueAt are expressions over a message o, as two indexes have them: who asked is answered before anybody hears what
// nobody asked for; and the moment at which something is to be done about a message.
const (
	turn  = `CASE WHEN o.kind IN ('reply', 'question', 'error') THEN 0 ELSE 1 END`
	other = `CASE WHEN e.kind IN ('reply', 'question', 'error') THEN 0 ELSE 1 END` // turn of another message e
	dueAt = `CASE o.state WHEN 'retry' THEN o.retry_at WHEN 'sending' THEN o.lease_until ELSE o.not_before END`
)

// before is a condition that a message e stands before o in its lane. The platform is compared as no index has it, so that
// only the lane's index serves: one by platform reads all that waits there, for each message.
const before = `e.live = 1 AND e.lane = o.lane AND e.id < o.id AND e.platform || '' = o.platform`

// ClaimOutgoing takes up to limit messages of a platform that may go now, at most one of each room: in order within a room,
// but answers before notices that nobody is sending: that wait for their first attempt or another. They are this caller's until the lease ends: then whether they were sent is in doubt.
func (db *DB) ClaimOutgoing(ctx context.Context, platform bot.Platform, limit int, lease time.Duration) ([]bot.Outgoing, error) {
	return db.claimDue(ctx, platform, limit, lease, "")
}

// ClaimAnswers is ClaimOutgoing for answers alone.
func (db *DB) ClaimAnswers(ctx context.Context, platform bot.Platform, limit int, lease time.Duration) ([]bot.Outgoing, error) {
	return db.claimDue(ctx, platform, limit, lease, ` AND `+turn+` = 0`)
}

func (db *DB) claimDue(ctx context.Context, platform bot.Platform, limit int, lease time.Duration, only string) ([]bot.Outgoing, error) {
	return db.claim(ctx, `WITH due AS MATERIALIZED (
			SELECT o.id FROM outbox o
			WHERE o.live = 1 AND o.platform = $1
				AND ((o.state = 'pending' AND o.not_before <= $2) OR (o.state = 'retry' AND o.retry_at <= $2))`+only+`
				AND NOT EXISTS (SELECT 1 FROM outbox e
					WHERE `+before+` AND (e.state = 'sending' OR (e.state = 'retry' OR e.not_before <= $2) AND `+other+` <= `+turn+`))
			ORDER BY `+turn+`, o.id LIMIT 0 + $5`+db.skipTaken()+`)
		UPDATE outbox SET state = 'sending', attempts = attempts + 1, lease_until = $3, claimed_by = $4
		WHERE live = 1 AND state IN ('pending', 'retry') AND id IN (SELECT id FROM due)
		RETURNING `+outgoingColumns, platform, limit, lease)
}

// InDoubt takes up to limit messages whose sending was begun and whose lease has ended, by a crash or a connection that
// never answered: whether they arrived is not known. They are this caller's until the new lease ends.
func (db *DB) InDoubt(ctx context.Context, platform bot.Platform, limit int, lease time.Duration) ([]bot.Outgoing, error) {
	return db.claim(ctx, `WITH due AS MATERIALIZED (
			SELECT id FROM outbox WHERE live = 1 AND platform = $1 AND state = 'sending' AND lease_until <= $2
			ORDER BY id LIMIT 0 + $5`+db.skipTaken()+`)
		UPDATE outbox SET lease_until = $3, claimed_by = $4
		WHERE live = 1 AND state = 'sending' AND lease_until <= $2 AND id IN (SELECT id FROM due)
		RETURNING `+outgoingColumns, platform, limit, lease)
}

// skipTaken lets a claim pass over what another instance is claiming at this moment. SQLite has one writer.
func (db *DB) skipTaken() string {
	if db.engine == postgresEngine {
		return ` FOR UPDATE SKIP LOCKED`
	}
	return ""
}

// claim runs a claim. Its limit is a sum because SQLite plans a statement anew for each value that stands there alone.
func (db *DB) claim(ctx context.Context, query string, platform bot.Platform, limit int, lease time.Duration) (list []bot.Outgoing, err error) {
	err = db.Update(ctx, func(tx *Tx) error {
		list, err = tx.scanOutgoing(query, tx.db.planned(string(platform), stamp(tx.now), stamp(tx.now.Add(lease)), db.claimant, limit)...)
		return err
	})
	slices.SortFunc(list, func(a, b bot.Outgoing) int { return int(a.ID - b.ID) })
	return list, wrap("claim messages", err)
}

// NextOutgoingAt says when something of the platform can next be claimed, or comes into doubt; zero if nothing waits.
func (db *DB) NextOutgoingAt(ctx context.Context, platform bot.Platform) (at time.Time, err error) {
	err = db.glance(ctx, func(tx *Tx) error {
		var text string
		_, err := tx.find([]any{&text}, `SELECT `+dueAt+` FROM outbox o
			WHERE o.live = 1 AND o.platform = $1 AND NOT EXISTS (SELECT 1 FROM outbox e
				WHERE `+before+` AND (e.state = 'sending' OR e.state = 'retry' AND `+other+` <= `+turn+`))
			ORDER BY `+dueAt+` LIMIT 1`, tx.db.planned(string(platform))...)
		if err != nil {
			return err
		}
		at, err = unstamp(text)
		return err
	})
	return at, wrap("find when the next message goes", err)
}

// MarkSent notes that a message arrived, under the platform's id if it gave one, and remembers what it was about.
func (db *DB) MarkSent(ctx context.Context, id int64, platformID bot.MessageID) error {
	err := db.Update(ctx, func(tx *Tx) error {
		list, err := tx.outgoing(`id = $1 AND live = 1`, id)
		if err != nil || len(list) == 0 {
			return err // it was noted before
		}
		out := list[0]
		if platformID == "" {
			platformID = out.PlatformID
		}
		_, err = tx.exec(`UPDATE outbox SET state = 'sent', live = 0, finished_at = $2, platform_id = $3, problem = ''
			WHERE id = $1`, id, stamp(tx.now), clean(string(platformID)))
		tx.queued = true
		return errors.Join(err, tx.dropFiles(out), tx.remember(out, platformID))
	})
	return wrap(fmt.Sprintf("mark message %d as sent", id), err)
}

// dropFiles lets go what the files of a message hold: nobody sends it again.
func (tx *Tx) dropFiles(out bot.Outgoing) error {
	if !slices.ContainsFunc(out.Files, func(f bot.File) bool { return len(f.Data) > 0 }) {
		return nil
	}
	for i := range out.Files {
		out.Files[i].Data = nil
	}
	doc, err := encode(out)
	if err == nil {
		_, err = tx.exec(`UPDATE outbox SET doc = $2 WHERE id = $1`, out.ID, doc)
	}
	return err
}

// MarkRetry sets a message back, to be sent again from at on; its room waits for it.
func (db *DB) MarkRetry(ctx context.Context, id int64, at time.Time, problem string) error {
	return db.settle(ctx, id, outRetry, at, problem)
}

// MarkFailed gives a message up; its room goes on.
func (db *DB) MarkFailed(ctx context.Context, id int64, problem string) error {
	return db.settle(ctx, id, outFailed, time.Time{}, problem)
}

// MarkCancelled drops a claimed message that is not true any more; its room goes on.
func (db *DB) MarkCancelled(ctx context.Context, id int64, problem string) error {
	return db.settle(ctx, id, outCancelled, time.Time{}, problem)
}

// settle ends the sending of a message other than by its arrival.
func (db *DB) settle(ctx context.Context, id int64, state string, at time.Time, problem string) error {
	err := db.Update(ctx, func(tx *Tx) error {
		finished := stamp(tx.now)
		if state == outRetry {
			finished = ""
		}
		_, err := tx.exec(`UPDATE outbox SET state = $2, live = $3, retry_at = $4, finished_at = $5, problem = $6
			WHERE id = $1 AND live = 1`, id, state, asInt(state == outRetry), stamp(at), finished, clean(problem))
		tx.queued = true
		return err
	})
	return wrap(fmt.Sprintf("mark message %d as %s", id, state), err)
}
