package steering

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// Everybody of the matrix: the pilot's people, a lead on the client's side and a stranger.
var everybody = []PersonID{"ana", "bruno", "carla", "dana", "gus", "hugo", "lena", "olga", "sofia", "vera", "zed"}

// active are all who may do what the whole committee may.
const active = "ana bruno carla dana gus hugo lena sofia vera"

func TestAuthority(t *testing.T) {
	later := moment("2026-03-20 10:00")
	yes := true
	for _, tc := range []struct {
		cmd            Command
		implementation string // who may; behind a slash, whose date becomes a proposal
		onboarding     string // "" when the mode makes no difference
	}{
		{MoveMilestone{Key: "4", To: day("2026-03-30")}, "ana / bruno carla dana gus hugo lena sofia vera", "bruno sofia / ana carla dana gus hugo lena vera"},
		{DecideProposal{ID: 1, Accept: true}, "ana", "bruno sofia"},
		{DecideProposal{ID: 1}, "ana dana", "bruno dana sofia"}, // dana made it and takes it back
		{AddMilestone{Name: "New", Due: day("2026-03-30")}, "ana", "bruno / ana"},
		{CancelMilestone{Key: "4"}, "ana", "ana bruno"},
		{RenameMilestone{Key: "4", Name: "New"}, "ana", "ana bruno"},
		{ReopenMilestone{Key: "1"}, "ana", "ana bruno"},
		{AssignMilestone{Key: "4", Owner: "hugo"}, "ana", "ana bruno"},
		{AddDependency{Key: "9", On: []string{"4"}}, "ana", "ana bruno"},
		{DropDependency{Key: "4", On: []string{"3"}}, "ana", "ana bruno"},
		{SetRoles{Person: "dana", Add: []Role{RoleGuardian}}, "ana", "ana bruno"},
		// 4 is the vendor's and dana's, 7 the vendor's and gus's, 2 the client's, 11 of both sides.
		{StartMilestone{Key: "4"}, "ana carla dana hugo vera", ""},
		{StartMilestone{Key: "7"}, "ana carla dana gus hugo vera", ""},
		{ReportProgress{Key: "2", Percent: 40}, "ana bruno gus lena sofia", ""},
		{CompleteMilestone{Key: "11"}, active, ""},
		{BlockMilestone{Key: "4", Reason: "x"}, "ana carla dana hugo vera", ""},
		{UnblockMilestone{Key: "12"}, "ana bruno gus lena sofia", ""},
		{AttachDocument{Key: "3", Name: "x", SHA256: strings.Repeat("0", 64)}, "ana bruno gus lena sofia", ""},
		{GiveSignOff{Key: "13"}, "bruno sofia", ""},
		{RejectSignOff{Key: "13", Reason: "x"}, "bruno sofia", ""},
		{AddNote{Key: "4", Text: "x"}, active, ""},
		{AddEntry{Kind: KindRisk, Text: "x"}, active, ""},
		{AddEntry{Kind: KindDecision, Text: "x"}, active, ""},
		{CloseEntry{KindRisk, 1}, "ana gus hugo", ""}, // the lead, its owner, who raised it
		{CloseEntry{KindChange, 1}, "ana", ""},
		{RaiseChange{Text: "x"}, active, ""},
		{RuleChange{ID: 1, Billable: &yes}, "ana", ""},
		{ProposeMeeting{Slots: []time.Time{later}}, "ana lena sofia vera", ""},
		{CancelMeeting{1}, "ana lena sofia vera", ""},
		{CloseMeeting{1}, "ana lena sofia vera", ""},
		{VoteSlot{1, 0}, active, ""},
		{ScheduleMeeting{1, later}, "ana", ""},
		{RecordMinutes{Text: "x"}, active, ""},
		{ChangeSettings{Settings{Digest: "0 9 * * 1"}}, "ana carla", ""},
		{ChangeSettings{Settings{NoticeAt: "10:00"}}, "ana", ""},
		{MuteNotices{Until: day("2026-03-20")}, active, ""},
		{MuteNotices{Until: day("2026-03-20"), Everyone: true}, "ana", ""},
		{Unmute{Everyone: true}, "ana", ""},
		{RaiseRequest{Text: "x"}, "gus", ""},
		{RuleRequest{ID: 1, Covered: true}, "ana carla", ""},
		{CloseEntry{KindRequest, 1}, "ana carla gus hugo", ""},
		{SetWarranty{Days: 90}, "ana carla", ""},
		{AddInvoice{For: "x"}, "ana carla", ""},
		{PayInvoice{ID: 1}, "ana carla", ""},
		{AnswerAlignment{QuestionChanged, "x"}, active, ""},
		{SetLanguage{"pt"}, active, ""},
		{RecordTraining{Person: "gus"}, "ana carla dana gus hugo vera", ""},
		{SetProjectStatus{ProjectPaused}, "ana", ""},
	} {
		for _, mode := range []Mode{ModeImplementation, ModeOnboarding} {
			want := tc.implementation
			if mode == ModeOnboarding && tc.onboarding != "" {
				want = tc.onboarding
			}
			if got := mayDo(t, tc.cmd, mode); got != want {
				t.Errorf("%s: %T %+v:\n got %q\nwant %q", mode, tc.cmd, tc.cmd, got, want)
			}
		}
	}
}

// mayDo tries a command as everybody and lists who may, and whose date becomes a proposal. A refusal must name those
// who may, and a stranger learns nobody.
func mayDo(t *testing.T, cmd Command, mode Mode) string {
	t.Helper()
	var may, propose []string
	refusals := map[PersonID]*Error{}
	for _, who := range everybody {
		p := matrix(t, mode)
		before := len(p.Proposals)
		out, err := p.Do(cmd, Actor{Person: who}, tuesday)
		var e *Error
		switch {
		case errors.As(err, &e):
			refusals[who] = e
		case out.NothingNew:
			t.Errorf("%s: %+v: nothing new", who, cmd)
		case len(p.Proposals) > before:
			propose = append(propose, string(who))
		default:
			may = append(may, string(who))
		}
	}
	named := slices.Sorted(slices.Values(append(slices.Clone(may), propose...)))
	for who, e := range refusals {
		if e.Code != CodeForbidden {
			t.Errorf("%s: %+v: refused with %v", who, cmd, e)
		}
		told, _ := e.Args["who"].([]PersonID)
		switch {
		case who == "zed" && (e.Key != KeyNotMember || len(e.Args) != 0):
			t.Errorf("a stranger learns %+v", e)
		case who == "olga" && e.Key != KeyObserver:
			t.Errorf("an observer is told %+v", e)
		case who == "zed" || who == "olga":
			continue
		}
		if fmt.Sprint(told) != fmt.Sprint(named) && !isWithdrawal(cmd) {
			t.Errorf("%s: %+v: the refusal names %s, those who may are %s", who, cmd, told, named)
		}
		if slices.Contains(told, who) {
			t.Errorf("%s is refused %+v and named as one who may", who, cmd)
		}
	}
	if len(propose) > 0 {
		return strings.Join(may, " ") + " / " + strings.Join(propose, " ")
	}
	return strings.Join(may, " ")
}

// isWithdrawal: whoever made a proposal may take it back, but is not one to send others to.
func isWithdrawal(cmd Command) bool {
	c, ok := cmd.(DecideProposal)
	return ok && !c.Accept
}

// matrix is the pilot with something of everything to decide on.
func matrix(t *testing.T, mode Mode) *Project {
	t.Helper()
	p := pilot()
	p.Mode = mode
	p.Members = append(p.Members, Member{"lena", SideClient, []Role{RoleLead}})
	p.sortMembers()
	p.Milestone("1").Status, p.Milestone("1").DoneOn = Done, day("2026-03-04")
	p.Milestone("7").Owner = "gus"
	p.Milestones = append(p.Milestones,
		&Milestone{Key: "11", Name: "Both", Side: SideBoth, Owner: "ana", Status: Pending, Due: day("2026-03-20"), Baseline: day("2026-03-20")},
		&Milestone{Key: "12", Name: "Held up", Side: SideClient, Owner: "bruno", Status: Blocked, BlockedBy: "x", Due: day("2026-03-20")},
		&Milestone{Key: "13", Name: "Handed in", Side: SideVendor, Status: Submitted, DoneOn: day("2026-03-09"), Due: day("2026-03-20"), SignOff: &SignOff{Sides: []Side{SideClient}}},
	)
	must(t, p, "dana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-27")})
	must(t, p, "hugo", tuesday, AddEntry{Kind: KindRisk, Text: "late", Owner: "gus"}, RaiseChange{Text: "board"})
	must(t, p, "gus", tuesday, RaiseRequest{Text: "no login"})
	must(t, p, "ana", tuesday, ProposeMeeting{Slots: []time.Time{moment("2026-03-18 10:00"), moment("2026-03-18 15:00")}},
		AddInvoice{For: "fee"}, MuteNotices{Until: day("2026-03-12"), Everyone: true})
	p.Journal = nil
	return p
}
