package storage

import (
	"context"
	"slices"
	"testing"
	"time"

	"timonel/bot"
)

// The outbox calls those kinds answers that the chat core does.
func TestAnswersAreThoseOfTheChatCore(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, _ *clock) {
		kinds := []bot.Kind{
			bot.KindReply, bot.KindQuestion, bot.KindReminder, bot.KindOverdue, bot.KindEscalation, bot.KindMeeting, bot.KindSignOff, bot.KindDigest,
			bot.KindPortfolio, bot.KindSurvey, bot.KindInvoice, bot.KindReview, bot.KindNotice, bot.KindError,
		}
		var want, got []bot.Kind
		for _, kind := range kinds {
			if kind.IsAnswer() {
				want = append(want, kind)
			}
			update(t, db, func(tx *Tx) error {
				_, err := tx.Enqueue(bot.Outgoing{Platform: bot.Slack, Room: bot.RoomID(kind), Kind: kind})
				return err
			})
		}
		list, err := db.ClaimAnswers(context.Background(), bot.Slack, len(kinds), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range list {
			got = append(got, out.Kind)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("answers are %v, want %v", got, want)
		}
	})
}
