package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"

	"timonel/locale"
	"timonel/steering"
)

func bogota(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("America/Bogota")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestMeetingICS(t *testing.T) {
	p := &steering.Project{Key: "ACME", Name: "ACME; \"uno\", dos", Timezone: "America/Bogota"}
	m := &steering.Meeting{ID: 2, Kind: steering.MeetingSteering, Status: steering.MeetingScheduled,
		At: time.Date(2026, 3, 12, 10, 0, 0, 0, bogota(t))}
	stamp := time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)
	long := strings.Repeat("revisión del alcance, ", 12) + "\nfin"
	first, err := MeetingICS(p, m, "Comité: ACME", long, 0, stamp)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := MeetingICS(p, m, "Comité: ACME", long, 0, stamp)
	if !bytes.Equal(first, again) {
		t.Error("the same invitation has other bytes")
	}
	event := onlyEvent(t, first)
	start, err := event.GetStartAt()
	if err != nil || !start.Equal(m.At) {
		t.Errorf("starts at %v (%v), want %v", start, err, m.At)
	}
	for want, in := range map[string]bool{
		"METHOD:REQUEST\r\n": true, "DTSTART:20260312T150000Z\r\n": true, "DTEND:20260312T160000Z\r\n": true,
		"UID:meeting-2-acme@timonel\r\n": true, "SEQUENCE:0\r\n": true, "DTSTAMP:20260310T140000Z\r\n": true,
	} {
		if bytes.Contains(first, []byte(want)) != in {
			t.Errorf("%q in the file: want %v\n%s", want, in, first)
		}
	}
	checkLines(t, first)

	m.Status = steering.MeetingCancelled
	gone, err := MeetingICS(p, m, "Comité", "", 3, stamp.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:3", "UID:meeting-2-acme@timonel"} {
		if !bytes.Contains(gone, []byte(want)) {
			t.Errorf("no %s in the cancellation:\n%s", want, gone)
		}
	}
	if _, err := MeetingICS(p, &steering.Meeting{ID: 1}, "x", "", 0, stamp); err == nil {
		t.Error("a meeting without a date became an invitation")
	}
}

func TestProjectICS(t *testing.T) {
	p := &steering.Project{Key: "ACME", Name: "ACME", Timezone: "America/Bogota", Stages: []steering.Stage{{Key: "s1", Name: "Inicio"}},
		Milestones: []*steering.Milestone{
			{Key: "1", Name: "Alcance", Stage: "s1", Status: steering.Done, Progress: 60, Due: steering.NewDate(2026, 3, 31)},
			{Key: "2", Name: "Datos", Status: steering.Cancelled, Due: steering.NewDate(2026, 4, 6), Slips: make([]steering.Slip, 2)},
			{Key: "3", Name: "Sin fecha", Status: steering.Pending},
		}}
	raw, err := ProjectICS(p, locale.For("es"), time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	checkLines(t, raw)
	cal, err := ical.ParseCalendar(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(cal.Events()); n != 2 {
		t.Fatalf("%d events, want 2", n)
	}
	for _, want := range []string{
		"DTSTART;VALUE=DATE:20260331", "DTEND;VALUE=DATE:20260401", "SEQUENCE:2", "STATUS:CANCELLED", "CATEGORIES:Inicio",
		"SUMMARY:1. Alcance · ACME", "DESCRIPTION:listo (100 %)",
	} {
		if !bytes.Contains(raw, []byte(want)) {
			t.Errorf("no %s in\n%s", want, raw)
		}
	}
}

// FuzzMeetingICS: whatever people name a project, the file stays one event that reads back as it was meant.
func FuzzMeetingICS(f *testing.F) {
	f.Add("ACME", "a\r\nEND:VEVENT")
	f.Add("\"x\":;,\\n", "línea\ttab\x00")
	f.Fuzz(func(t *testing.T, name, title string) {
		p := &steering.Project{Key: "ACME", Name: name}
		m := &steering.Meeting{ID: 1, Status: steering.MeetingScheduled, At: time.Unix(1_800_000_000, 0)}
		raw, err := MeetingICS(p, m, title, name, 1, time.Unix(1_700_000_000, 0))
		if err != nil {
			t.Fatal(err)
		}
		checkLines(t, raw)
		event := onlyEvent(t, raw)
		if at, err := event.GetStartAt(); err != nil || !at.Equal(m.At) {
			t.Fatalf("start %v, %v", at, err)
		}
	})
}

func onlyEvent(t *testing.T, raw []byte) *ical.VEvent {
	t.Helper()
	cal, err := ical.ParseCalendar(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("does not read back: %v\n%s", err, raw)
	}
	if n := len(cal.Events()); n != 1 {
		t.Fatalf("%d events\n%s", n, raw)
	}
	return cal.Events()[0]
}

// checkLines holds the file to RFC 5545: lines end with CRLF and hold at most 75 bytes.
func checkLines(t *testing.T, raw []byte) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(string(raw), "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line of %d bytes: %q", len(line), line)
		}
	}
}
