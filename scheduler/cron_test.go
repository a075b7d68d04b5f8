package scheduler

import (
	"fmt"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"timonel/steering"
)

func zone(t testing.TB, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestNextCron(t *testing.T) {
	for _, c := range []struct{ name, zone, expr, after, want string }{
		{"friday afternoon", "America/Bogota", "0 16 * * 5", "2026-03-11T00:00:00-05:00", "2026-03-13T16:00:00-05:00"},
		{"strictly after", "America/Bogota", "0 16 * * 5", "2026-03-13T16:00:00-05:00", "2026-03-20T16:00:00-05:00"},
		{"skipped hour fires when it ends", "Europe/Madrid", "30 2 * * 0", "2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"not again after the skipped hour", "Europe/Madrid", "30 2 * * 0", "2026-03-29T03:00:00+02:00", "2026-04-05T02:30:00+02:00"},
		{"repeated hour fires at its first", "Europe/Madrid", "30 2 * * 0", "2026-10-24T12:00:00+02:00", "2026-10-25T02:30:00+02:00"},
		{"and not at its second", "Europe/Madrid", "30 2 * * 0", "2026-10-25T02:30:00+02:00", "2026-11-01T02:30:00+01:00"},
		{"asked within the repeated hour", "Europe/Madrid", "45 2 * * 0", "2026-10-25T02:10:00+01:00", "2026-11-01T02:45:00+01:00"},
		{"midnight that does not exist", "America/Santiago", "0 0 * * 0", "2026-09-05T12:00:00-04:00", "2026-09-06T01:00:00-03:00"},
		{"half an hour of summer time", "Australia/Lord_Howe", "15 2 * * 0", "2026-10-03T12:00:00+10:30", "2026-10-04T02:30:00+11:00"},
		{"a day that never comes", "UTC", "0 0 31 2 *", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
		{"no schedule", "UTC", "Fridays", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			after, err := time.Parse(time.RFC3339, c.after)
			if err != nil {
				t.Fatal(err)
			}
			got := NextCron(c.expr, after, zone(t, c.zone)).Format(time.RFC3339)
			if got != c.want {
				t.Errorf("after %s: %s, want %s", c.after, got, c.want)
			}
		})
	}
}

func TestCheckCron(t *testing.T) {
	for expr, ok := range map[string]bool{
		"0 16 * * 5": true, "*/15 8-18 * * 1-5": true, "0 9 1 * *": true,
		"@every 1h": false, "CRON_TZ=UTC 0 9 * * 1": false, "0 25 * * *": false, "": false, "0 16 * *": false,
	} {
		if err := CheckCron(expr); (err == nil) != ok {
			t.Errorf("CheckCron(%q) = %v", expr, err)
		}
	}
}

// TestWeeklyIsWeekly: in every zone, at every time of day, a weekly schedule fires once in each week of two years.
func TestWeeklyIsWeekly(t *testing.T) {
	zones := []string{"America/Bogota", "America/Santiago", "America/Mexico_City", "America/Tijuana", "America/New_York",
		"America/Sao_Paulo", "America/Asuncion", "Europe/Madrid", "Europe/Lisbon", "Atlantic/Azores", "Africa/Casablanca",
		"Australia/Lord_Howe", "Asia/Tehran", "Pacific/Apia", "America/St_Johns"}
	rapid.Check(t, func(r *rapid.T) {
		loc := zone(t, rapid.SampledFrom(zones).Draw(r, "zone"))
		hour, minute := rapid.IntRange(0, 23).Draw(r, "hour"), rapid.IntRange(0, 59).Draw(r, "minute")
		day := time.Weekday(rapid.IntRange(0, 6).Draw(r, "day"))
		expr := fmt.Sprintf("%d %d * * %d", minute, hour, day)
		monday := steering.NewDate(2025, 12, 29)
		at := monday.At(0, 0, loc).Add(-time.Second)
		for week := range 104 {
			at = NextCron(expr, at, loc)
			fired := steering.DateOf(at.In(loc))
			if fired.Weekday() != day || fired.Monday() != monday.AddDays(7*week) {
				r.Fatalf("%s in %s: week %d fires at %v", expr, loc, week, at.In(loc))
			}
		}
	})
}
