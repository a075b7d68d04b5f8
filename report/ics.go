package report

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"

	ical "github.com/arran4/golang-ical"

	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
)

// meetingLength is how long a committee meeting takes in a calendar: people book by the hour.
const meetingLength = time.Hour

// organizer stands where the standard demands who invites. The domain is reserved, so that an acceptance sent there by a
// calendar program reaches nobody: people vote and answer in the chat.
const organizer = "timonel@timonel.invalid"

// MeetingICS writes a meeting as an invitation: its UID never changes, sequence grows with every change, a cancelled
// meeting takes the old entry out of the calendars. Title and description are words in the chat's language. Moments are in
// UTC, which every calendar program shows in its reader's own zone, whatever it believes about the project's. stamp
// is the moment of the change that the invitation tells of, so that the same invitation has the same bytes.
func MeetingICS(p *steering.Project, m *steering.Meeting, title, description string, sequence int, stamp time.Time) ([]byte, error) {
	if m.At.IsZero() {
		return nil, fmt.Errorf("write invitation: meeting %d of %s has no date yet", m.ID, p.Key)
	}
	cal := newCalendar(p)
	cal.SetMethod(ical.MethodRequest)
	event := ical.NewEvent(fmt.Sprintf("meeting-%d-%s@timonel", m.ID, strings.ToLower(p.Key)))
	event.SetSequence(sequence)
	event.SetDtStampTime(stamp)
	event.SetStartAt(m.At)
	event.SetEndAt(m.At.Add(meetingLength))
	event.SetSummary(oneLine(title))
	if description != "" {
		event.SetDescription(clean(description))
	}
	event.SetOrganizer(organizer, ical.WithCN(oneLine(p.Name)))
	event.SetStatus(ical.ObjectStatusConfirmed)
	if m.Status == steering.MeetingCancelled {
		cal.SetMethod(ical.MethodCancel)
		event.SetStatus(ical.ObjectStatusCancelled)
	}
	cal.AddVEvent(event)
	return serialize(cal)
}

// ProjectICS writes every dated milestone as an all-day event, and every meeting that has its moment, as a calendar to
// import or subscribe to. A milestone keeps its UID when it moves, so that an import again moves it.
func ProjectICS(p *steering.Project, say locale.Printer, stamp time.Time) ([]byte, error) {
	cal := newCalendar(p)
	cal.SetMethod(ical.MethodPublish)
	cal.SetName(oneLine(p.Name))
	cal.SetXWRTimezone(p.Timezone)
	for _, m := range p.Milestones {
		if m.Due.IsZero() {
			continue
		}
		cal.AddVEvent(milestoneEvent(p, m, say, stamp))
	}
	for _, m := range p.Meetings {
		if m.At.IsZero() || m.Status == steering.MeetingProposed {
			continue
		}
		event := ical.NewEvent(fmt.Sprintf("meeting-%d-%s@timonel", m.ID, strings.ToLower(p.Key)))
		event.SetDtStampTime(stamp)
		event.SetStartAt(m.At)
		event.SetEndAt(m.At.Add(meetingLength))
		event.SetSummary(oneLine(say.Text("calendar.meeting_"+string(m.Kind), locale.Args{"project": p.Name})))
		event.SetStatus(ical.ObjectStatusConfirmed)
		if m.Status == steering.MeetingCancelled {
			event.SetStatus(ical.ObjectStatusCancelled)
		}
		cal.AddVEvent(event)
	}
	return serialize(cal)
}

func milestoneEvent(p *steering.Project, m *steering.Milestone, say locale.Printer, stamp time.Time) *ical.VEvent {
	event := ical.NewEvent(fmt.Sprintf("milestone-%s-%s@timonel", m.Key, strings.ToLower(p.Key)))
	event.SetSequence(len(m.Slips))
	event.SetDtStampTime(stamp)
	event.SetAllDayStartAt(midnight(m.Due))
	event.SetAllDayEndAt(midnight(m.Due + 1)) // the end of an all-day event is the day after
	event.SetSummary(oneLine(say.Text("calendar.milestone", locale.Args{"key": m.Key, "name": m.Name, "project": p.Name})))
	event.SetDescription(clean(say.Text("calendar.status", locale.Args{
		"status": say.Text("status."+string(m.Status), nil), "progress": shareDone(m),
	})))
	event.SetTimeTransparency(ical.TransparencyTransparent) // a date of the plan keeps nobody busy
	if stage := stageName(p, m.Stage); stage != "" {
		event.AddCategory(oneLine(stage))
	}
	event.SetStatus(ical.ObjectStatusConfirmed)
	if m.Status == steering.Cancelled {
		event.SetStatus(ical.ObjectStatusCancelled)
	}
	return event
}

func newCalendar(p *steering.Project) *ical.Calendar {
	cal := ical.NewCalendar()
	cal.SetProductId("-//Timonel//" + p.Key + "//EN")
	cal.SetCalscale("GREGORIAN")
	return cal
}

func serialize(cal *ical.Calendar) ([]byte, error) {
	var out bytes.Buffer
	// The standard wants CRLF whatever system writes the file.
	if err := cal.SerializeTo(&out, ical.WithNewLineWindows); err != nil {
		return nil, fmt.Errorf("write calendar: %w", err)
	}
	return out.Bytes(), nil
}

// clean drops marks and the control characters that the library writes as they stand; lines keep their breaks.
func clean(s string) string {
	s = strings.ReplaceAll(markup.Plain(s), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// oneLine is clean for what stands in a parameter or a title; a parameter may hold no double quote.
func oneLine(s string) string { return strings.NewReplacer("\n", " ", `"`, "'").Replace(clean(s)) }

func midnight(d steering.Date) time.Time {
	y, m, day := d.Civil()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
}

func stageName(p *steering.Project, key string) string {
	for _, s := range p.Stages {
		if s.Key == key {
			return s.Name
		}
	}
	return ""
}
