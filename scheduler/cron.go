package scheduler

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"timonel/steering"
)

// fields are minute, hour, day of month, month and weekday; a zone or an interval of its own ("@every") is refused, because a
// project's schedule runs by the wall clock of the project.
var fields = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

// CheckCron reports what is wrong with a cron expression.
func CheckCron(expr string) error {
	if _, err := parse(expr); err != nil {
		return fmt.Errorf("schedule %q: %w (want minute hour day month weekday, as in \"0 16 * * 5\")", expr, err)
	}
	return nil
}

func parse(expr string) (cron.Schedule, error) {
	if strings.Contains(expr, "TZ=") {
		return nil, errors.New("it names a zone of its own")
	}
	return fields.Parse(expr)
}

// NextCron returns the first moment after after at which expr fires by the wall clock of loc; zero when it never does or
// is no cron expression. The library counts on a clock that never changes, and each firing is then looked up in the zone,
// so that a weekly one fires once a week: a skipped time at the first moment that exists, a repeated one at its first.
func NextCron(expr string, after time.Time, loc *time.Location) time.Time {
	schedule, err := parse(expr)
	if err != nil {
		return time.Time{}
	}
	local := after.In(loc)
	civil := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), time.UTC)
	for {
		civil = schedule.Next(civil)
		if civil.IsZero() {
			return time.Time{}
		}
		// In an hour that repeats, the wall clock shows times whose moment has gone by.
		if at := steering.DateOf(civil).At(civil.Hour(), civil.Minute(), loc); at.After(after) {
			return at
		}
	}
}
