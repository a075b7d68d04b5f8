package steering

import (
	"slices"
	"testing"
)

func TestSetRoles(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, SetRoles{Person: "zoe", Side: SideClient, Add: []Role{RoleGuardian, RoleMember}})
	if m := p.Member("zoe"); m.Side != SideClient || !slices.Equal(m.Roles, []Role{RoleGuardian, RoleMember}) {
		t.Errorf("member %+v", m)
	}
	if want := (JournalEntry{Action: "member.placed", Object: "member zoe"}); p.Journal[0] != want {
		t.Errorf("journal %v", p.Journal)
	}
	nothingNew(t, p, "ana", SetRoles{Person: "zoe", Add: []Role{RoleMember}})
	must(t, p, "ana", tuesday, SetRoles{Person: "zoe", Add: []Role{RoleObserver}})
	refused(t, p, "zoe", AddNote{Key: "1", Text: "x"}, KeyObserver)
	must(t, p, "ana", tuesday, SetRoles{Person: "zoe", Add: []Role{RoleMember}, Drop: []Role{RoleGuardian}})
	if m := p.Member("zoe"); !slices.Equal(m.Roles, []Role{RoleMember}) {
		t.Errorf("member %+v", m)
	}
	refused(t, p, "ana", SetRoles{Person: "zoe", Add: []Role{"king"}}, KeyBadValue)
	refused(t, p, "ana", SetRoles{Person: "zoe", Side: SideBoth}, KeyBadValue)
	refused(t, p, "ana", SetRoles{}, KeyMissing)
	refused(t, p, "ana", SetRoles{Person: "ana", Drop: []Role{RoleLead}}, KeyLastLead)
	refused(t, p, "ana", SetRoles{Person: "ana", Add: []Role{RoleObserver}}, KeyLastLead)
	must(t, p, "ana", tuesday, SetRoles{Person: "dana", Add: []Role{RoleLead}}, SetRoles{Person: "ana", Drop: []Role{RoleLead}})
	refused(t, p, "ana", SetRoles{Person: "zoe", Side: SideVendor}, KeyRoles)
}

func TestTheLead(t *testing.T) {
	p := pilot()
	p.Members = append(p.Members, Member{"lena", SideClient, []Role{RoleLead}})
	if got := p.Lead(); !slices.Equal(got, []PersonID{"ana"}) {
		t.Errorf("the lead is %v, want the vendor's", got)
	}
	out := must(t, p, "lena", tuesday, MoveMilestone{Key: "9", To: day("2026-04-27")})
	if out.Proposal == 0 {
		t.Error("the client's lead set a date in an implementation")
	}
	refused(t, p, "lena", CancelMilestone{Key: "9"}, KeyPlan)
	p.Members[0].Roles = nil
	if got := p.Lead(); !slices.Equal(got, []PersonID{"lena"}) {
		t.Errorf("without a lead of the vendor's the lead is %v", got)
	}
}

func TestMutes(t *testing.T) {
	p := pilot()
	must(t, p, "bruno", tuesday, MuteNotices{Milestone: "2", Until: day("2026-03-11")}, MuteNotices{Until: day("2026-03-20")},
		MuteNotices{Milestone: "2", Until: day("2026-03-12")})
	if len(p.Mutes) != 2 || *p.Mutes[0] != (Mute{"bruno", "2", day("2026-03-12")}) || *p.Mutes[1] != (Mute{"bruno", "", day("2026-03-20")}) {
		t.Errorf("mutes %+v %+v", p.Mutes[0], p.Mutes[1])
	}
	nothingNew(t, p, "bruno", MuteNotices{Milestone: "2", Until: day("2026-03-12")})
	refused(t, p, "bruno", MuteNotices{Milestone: "2", Until: day("2026-03-10")}, KeyPast)
	refused(t, p, "bruno", MuteNotices{Milestone: "2"}, KeyMissing)
	refused(t, p, "bruno", MuteNotices{Milestone: "22", Until: day("2026-03-12")}, KeyNoMilestone)
	refused(t, p, "bruno", MuteNotices{Until: day("2026-03-12"), Everyone: true}, KeyMuteAll)
	must(t, p, "ana", tuesday, MuteNotices{Until: day("2026-03-12"), Everyone: true})
	if m := p.Mutes[0]; *m != (Mute{"", "", day("2026-03-12")}) {
		t.Errorf("mute %+v", m)
	}
	nothingNew(t, p, "ana", Unmute{})
	must(t, p, "bruno", tuesday, Unmute{Milestone: "2"})
	nothingNew(t, p, "bruno", Unmute{Milestone: "2"})
	must(t, p, "bruno", tuesday, Unmute{})
	must(t, p, "ana", tuesday, Unmute{Everyone: true})
	if len(p.Mutes) != 0 {
		t.Errorf("mutes left: %v", p.Mutes)
	}
}

func TestProjectStatus(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, SetProjectStatus{ProjectPaused})
	nothingNew(t, p, "ana", SetProjectStatus{ProjectPaused})
	refused(t, p, "ana", SetProjectStatus{ProjectLive}, KeyNotLive)
	refused(t, p, "ana", SetProjectStatus{"asleep"}, KeyBadValue)
	must(t, p, "ana", tuesday, SetProjectStatus{ProjectActive}, SetProjectStatus{ProjectClosed})
	refused(t, p, "ana", AddNote{Key: "1", Text: "x"}, KeyProjectClosed)
	must(t, p, "ana", tuesday, SetProjectStatus{ProjectActive})
	goLive(t, p)
	must(t, p, "ana", tuesday, SetProjectStatus{ProjectPaused}, SetProjectStatus{ProjectActive})
	if p.Status != ProjectLive {
		t.Errorf("resumed after the go-live: %s", p.Status)
	}
}

func TestLanguage(t *testing.T) {
	p := pilot()
	must(t, p, "gus", tuesday, SetLanguage{"pt"})
	nothingNew(t, p, "gus", SetLanguage{"pt"})
	refused(t, p, "gus", SetLanguage{"xx"}, KeyBadValue)
}

func TestSettings(t *testing.T) {
	p := pilot()
	must(t, p, "carla", tuesday, ChangeSettings{Settings{Digest: "0 9 * * 1"}})
	refused(t, p, "carla", ChangeSettings{Settings{Digest: "0 9 * * 2", NoticeAt: "10:00"}}, KeySettings)
	refused(t, p, "bruno", ChangeSettings{Settings{Digest: "0 9 * * 2"}}, KeySettings)
	set := Settings{
		NoticeAt: "10:00", ReminderDays: []int{0, 5}, ClosedDays: []Date{day("2026-04-02"), day("2026-04-01")}, MaxPerDay: 2,
		MeetingHours: []string{"11:00"}, Alignment: "on", Review: "monthly", WorkUntil: "18:00",
	}
	must(t, p, "ana", tuesday, ChangeSettings{set})
	if s := p.Settings; s.Digest != "0 9 * * 1" || !slices.Equal(s.ReminderDays, []int{5, 0}) || s.ClosedDays[0] != day("2026-04-01") {
		t.Errorf("settings %+v", s)
	}
	if p.Calendar.IsWorking(day("2026-04-02")) {
		t.Error("the calendar does not know the closed day")
	}
	nothingNew(t, p, "ana", ChangeSettings{set})
	must(t, p, "ana", tuesday, ChangeSettings{Settings{Digest: "default", NoticeAt: "default"}})
	if s := p.Settings; s.Digest != "" || s.NoticeAt != "" || s.Alignment != "on" {
		t.Errorf("settings %+v", s)
	}
	for _, bad := range []Settings{
		{Digest: "often"}, {Digest: "on"}, {Alignment: "0 9 * *"}, {NoticeAt: "25:00"}, {WorkFrom: "8"}, {WorkUntil: "8:5"},
		{MeetingHours: []string{"x"}}, {Review: "daily"}, {OverdueEvery: -1}, {ReminderDays: []int{-3}}, {ClosedDays: []Date{1}},
	} {
		refused(t, p, "ana", ChangeSettings{bad}, KeyBadValue)
	}
	policy := DefaultPolicy().With(p.Settings)
	if policy.Digest != "0 16 * * 5" || policy.Alignment != "0 10 * * 3" || policy.MaxPerDay != 2 || policy.WorkUntil.String() != "18:00" {
		t.Errorf("policy %+v", policy)
	}
	if policy := DefaultPolicy().With(Settings{WorkFrom: "21:00"}); policy.WorkFrom.String() != "08:00" {
		t.Errorf("a day without working moments: %+v", policy)
	}
}
