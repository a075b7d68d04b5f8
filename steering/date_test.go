package steering_test

import (
	"testing"
	"time"

	"timonel/steering"
)

func TestWeekdayIsTheCalendars(t *testing.T) {
	for d := steering.Date(-40_000); d < 60_000; d += 13 {
		if want := time.Unix(int64(d)*86400, 0).UTC().Weekday(); d.Weekday() != want {
			t.Fatalf("day %d: %s, want %s", int(d), d.Weekday(), want)
		}
	}
}
