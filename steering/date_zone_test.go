package steering

import (
	"archive/zip"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// zoneNames lists every zone of the IANA database that comes with Go.
func zoneNames(t *testing.T) []string {
	t.Helper()
	db, err := zip.OpenReader(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skipf("no zone database beside the toolchain: %v", err)
	}
	defer db.Close()
	var names []string
	for _, f := range db.File {
		if !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	return names
}

// firstAtOrAfter is what Date.At promises, said in another way: the first moment whose wall clock shows the wanted
// time or a later one. It looks at every stretch of constant offset around the time.
func firstAtOrAfter(wall time.Time, loc *time.Location) time.Time {
	var best time.Time
	at := wall.Add(-72 * time.Hour)
	for at.Before(wall.Add(72 * time.Hour)) {
		local := at.In(loc)
		start, end := local.ZoneBounds()
		_, offset := local.Zone()
		candidate := wall.Add(-time.Duration(offset) * time.Second)
		if !start.IsZero() && candidate.Before(start) {
			candidate = start
		}
		if (end.IsZero() || candidate.Before(end)) && (best.IsZero() || candidate.Before(best)) {
			best = candidate
		}
		if end.IsZero() {
			break
		}
		at = end
	}
	return best.In(loc)
}

// TestDateAtInEveryZone tries the times around every clock change of every zone from 1970 to 2037.
func TestDateAtInEveryZone(t *testing.T) {
	changes := 0
	for _, name := range zoneNames(t) {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Errorf("load %s: %v", name, err)
			continue
		}
		at := time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)
		for {
			_, end := at.In(loc).ZoneBounds()
			if end.IsZero() || end.Year() > 2037 {
				break
			}
			changes++
			checkAround(t, name, end, loc)
			at = end
		}
	}
	if changes < 10_000 {
		t.Errorf("only %d clock changes seen", changes)
	}
}

func checkAround(t *testing.T, name string, change time.Time, loc *time.Location) {
	t.Helper()
	_, before := change.Add(-time.Second).In(loc).Zone()
	_, after := change.In(loc).Zone()
	for _, offset := range []int{before, after} {
		shown := change.UTC().Add(time.Duration(offset) * time.Second).Truncate(time.Minute)
		for _, minutes := range []int{-24 * 60, -121, -61, -60, -31, -30, -1, 0, 1, 29, 30, 59, 60, 61, 119, 24 * 60} {
			wall := shown.Add(time.Duration(minutes) * time.Minute)
			d := NewDate(wall.Year(), wall.Month(), wall.Day())
			got := d.At(wall.Hour(), wall.Minute(), loc)
			if want := firstAtOrAfter(wall, loc); !got.Equal(want) {
				t.Errorf("%s: %s at %s: got %s, want %s", name, d, wall.Format("15:04"), got, want)
			}
		}
	}
}
