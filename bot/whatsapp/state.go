package whatsapp

import (
	"context"
	"strconv"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

const (
	// offlineAfter is how long a connection may be lost before somebody is told: most come back at once.
	offlineAfter = 10 * time.Minute
	// unreadAfter is how long a message that could not be decrypted may take to come again.
	unreadAfter = 15 * time.Minute
	// phoneAfter is how long nothing may be seen of the phone; WhatsApp unlinks its devices after 14 days without it.
	phoneAfter = 11 * 24 * time.Hour
	// phoneFact is when the phone was last seen.
	phoneFact = "phone_seen"
)

// hearState keeps the picture of the connection.
func (a *Adapter) hearState(ctx context.Context, client *whatsmeow.Client, event any) {
	switch e := event.(type) {
	case *events.Connected:
		a.enter(ctx, client)
	case *events.KeepAliveRestored:
		a.over(Offline)
	case *events.Disconnected, *events.KeepAliveTimeout:
		a.offlineUnless(client)
	case *events.LoggedOut:
		a.end(Trouble{Problem: LoggedOut, Detail: e.Reason.String()}, time.Time{})
	case *events.StreamReplaced:
		a.end(Trouble{Problem: Replaced}, time.Time{})
	case *events.TemporaryBan:
		until := a.cfg.Now().Add(e.Expire)
		a.end(Trouble{Problem: Banned, Detail: e.Code.String(), Until: until}, until)
	case *events.ClientOutdated:
		a.end(Trouble{Problem: Outdated}, time.Time{})
	case *events.ConnectFailure:
		until := a.cfg.Now().Add(refusedRest)
		a.end(Trouble{Problem: Refused, Detail: e.Reason.String(), Until: until}, until)
	case *events.StreamError:
		until := a.cfg.Now().Add(refusedRest)
		a.end(Trouble{Problem: Refused, Detail: "stream error " + e.Code, Until: until}, until)
	case *events.UndecryptableMessage:
		if e.DecryptFailMode != events.DecryptFailHide {
			a.awaits.lacks(e.Info.ID, a.cfg.Now())
		}
	case *events.Receipt:
		if e.IsFromMe && e.Sender.Device == 0 {
			a.seePhone(ctx)
		}
	}
}

// enter is the beginning of every connection.
func (a *Adapter) enter(ctx context.Context, client *whatsmeow.Client) {
	a.over(Offline)
	a.over(Refused)
	a.over(Banned)
	a.mu.Lock()
	a.me.lid = client.Store.GetLID().ToNonAD()
	a.mu.Unlock()
	a.connected()
	// Unavailable: it makes the bot's name known, and leaves the phone its notifications.
	a.mu.Lock()
	a.shownAt = time.Time{}
	a.mu.Unlock()
	if err := client.SendPresence(ctx, types.PresenceUnavailable); err != nil {
		a.cfg.Log.Debug().Err(err).Msg("make the bot's name known")
	}
	if seen, err := a.store.fact(ctx, phoneFact); err == nil && seen == "" {
		a.seePhone(ctx)
	}
	go a.listRooms(ctx, client)
}

// offlineUnless notes that the connection is lost, unless it is back already.
func (a *Adapter) offlineUnless(client *whatsmeow.Client) {
	if client.IsConnected() && client.IsLoggedIn() {
		return
	}
	a.offline()
	a.health.add(Trouble{Problem: Offline}, false)
}

// look finds what no event tells.
func (a *Adapter) look(ctx context.Context, client *whatsmeow.Client) {
	now := a.cfg.Now()
	if since, lost := a.health.lasts(Offline); lost && now.Sub(since) >= offlineAfter {
		a.trouble(Trouble{Problem: Offline})
	}
	if n := a.awaits.late(now.Add(-unreadAfter)); n > 0 {
		a.trouble(Trouble{Problem: Unreadable, Count: n})
	} else {
		a.over(Unreadable)
	}
	a.lookAtPhone(ctx, now)
	for _, p := range []Problem{TooFast, CapReached} {
		if a.limits.passed(p, now) {
			a.over(p)
		}
	}
	a.present(ctx, client, false)
}

func (a *Adapter) lookAtPhone(ctx context.Context, now time.Time) {
	text, err := a.store.fact(ctx, phoneFact)
	unix, bad := strconv.ParseInt(text, 10, 64)
	if err != nil || bad != nil {
		return
	}
	if seen := time.Unix(unix, 0); now.Sub(seen) >= phoneAfter {
		a.trouble(Trouble{Problem: PhoneSilent, Until: seen})
	} else {
		a.over(PhoneSilent)
	}
}

// seeEvery is how often the sight of the phone is written down.
const seeEvery = time.Hour

func (a *Adapter) seePhone(ctx context.Context) {
	now := a.cfg.Now()
	text, err := a.store.fact(ctx, phoneFact)
	if unix, bad := strconv.ParseInt(text, 10, 64); err == nil && bad == nil && now.Sub(time.Unix(unix, 0)) < seeEvery {
		return
	}
	if err := a.store.putFact(ctx, phoneFact, strconv.FormatInt(now.Unix(), 10)); err != nil && ctx.Err() == nil {
		a.cfg.Log.Error().Err(err).Msg("note that the phone was seen")
	}
}

// maxUnread bounds what is remembered of unreadable messages.
const maxUnread = 1000

// forgetUnread is when a message that never came is not waited for any more.
const forgetUnread = 24 * time.Hour

// unread are the messages that could not be decrypted and have not come again.
type unread struct {
	mu    sync.Mutex
	since map[types.MessageID]time.Time
}

func (u *unread) lacks(id types.MessageID, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.since == nil {
		u.since = map[types.MessageID]time.Time{}
	}
	if _, known := u.since[id]; !known && len(u.since) < maxUnread {
		u.since[id] = now
	}
}

func (u *unread) came(id types.MessageID) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.since, id)
}

// late counts the messages that have been missing since before a moment.
func (u *unread) late(before time.Time) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	n := 0
	for id, since := range u.since {
		switch {
		case since.Before(before.Add(-forgetUnread)):
			delete(u.since, id)
		case !since.After(before):
			n++
		}
	}
	return n
}
