package fakewhatsapp_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"timonel/internal/fakewhatsapp"
)

func TestGroupOfTwoHundred(t *testing.T) {
	t.Parallel()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	ana, bruno := cast.Member("Ana", anaPhone), cast.Member("Bruno", brunoPhone)
	group, err := cast.Crowd("Todos", 200, ana, bruno)
	if err != nil {
		t.Fatal(err)
	}
	info, err := ana.Client.GetGroupInfo(t.Context(), group.JID())
	if err != nil {
		t.Fatal(err)
	}
	if len(info.Participants) != 200 || info.Name != "Todos" || info.AddressingMode != types.AddressingModeLID {
		t.Errorf("%s has %d members by %s", info.Name, len(info.Participants), info.AddressingMode)
	}
	first := info.Participants[0]
	if first.LID != ana.LID() || first.PhoneNumber != ana.JID() || !first.IsSuperAdmin {
		t.Errorf("the first member is %+v, want Ana", first)
	}
	ana.Says(group, "a todos")
	bruno.ExpectText("a todos")
	cast.Quiet()
}

func TestGroupQueries(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, mode types.AddressingMode) {
		cast, ana, bruno, group := committee(t, mode)
		carla := cast.Account("Carla", carlaPhone)
		other := cast.Group("Otro", ana, carla)
		info, err := bruno.Client.GetGroupInfo(t.Context(), group.JID())
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []*fakewhatsapp.Actor{ana, bruno} {
			got := info.Participants[i]
			if got.LID != want.LID() || got.PhoneNumber != want.JID() || got.JID != map[types.AddressingMode]types.JID{
				types.AddressingModeLID: want.LID(), types.AddressingModePN: want.JID(),
			}[mode] {
				t.Errorf("member %d is %+v, want %s", i, got, want.Name)
			}
		}
		if _, err = bruno.Client.GetGroupInfo(t.Context(), other.JID()); !errors.Is(err, whatsmeow.ErrNotInGroup) {
			t.Errorf("asking for a group of others gives %v", err)
		}
		if _, err = bruno.Client.GetGroupInfo(t.Context(), types.NewJID("120363999", types.GroupServer)); !errors.Is(err, whatsmeow.ErrGroupNotFound) {
			t.Errorf("asking for no group gives %v", err)
		}
		joined, err := ana.Client.GetJoinedGroups(t.Context())
		if err != nil || len(joined) != 2 || joined[0].JID != group.JID() || joined[1].JID != other.JID() {
			t.Errorf("Ana is in %v, %v", joined, err)
		}
		cast.Quiet()
	})
}

func TestJoiningAndLeaving(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, mode types.AddressingMode) {
		cast, ana, bruno, group := committee(t, mode)
		carla := cast.Member("Carla", carlaPhone)
		address := func(a *fakewhatsapp.Actor) types.JID {
			if mode == types.AddressingModeLID {
				return a.LID()
			}
			return a.JID()
		}
		ana.Says(group, "solo dos")
		bruno.ExpectText("solo dos")
		fakewhatsapp.Sees(bruno, func(e *events.JoinedGroup) bool { return e.JID == group.JID() && e.Type == "new" })
		if err := cast.AddToGroup(group, carla); err != nil {
			t.Fatal(err)
		}
		fakewhatsapp.Sees(bruno, func(e *events.GroupInfo) bool { return slices.Equal(e.Join, []types.JID{address(carla)}) })
		fakewhatsapp.Sees(carla, func(e *events.JoinedGroup) bool { return e.JID == group.JID() && len(e.Participants) == 3 })
		cast.Settled()
		ana.Says(group, "ya tres")
		bruno.ExpectText("ya tres")
		carla.ExpectText("ya tres")
		if err := cast.RemoveFromGroup(group, bruno); err != nil {
			t.Fatal(err)
		}
		fakewhatsapp.Sees(bruno, func(e *events.GroupInfo) bool { return slices.Equal(e.Leave, []types.JID{address(bruno)}) })
		if _, err := bruno.Member.Says(t.Context(), group, "¿hola?"); err == nil {
			t.Error("somebody wrote in a group after being removed")
		}
		cast.Settled()
		ana.Says(group, "sin Bruno")
		carla.ExpectText("sin Bruno")
		if err := carla.Client.LeaveGroup(t.Context(), group.JID()); err != nil {
			t.Error(err)
		}
		fakewhatsapp.Sees(ana, func(e *events.GroupInfo) bool { return slices.Equal(e.Leave, []types.JID{address(carla)}) })
		cast.Quiet()
	})
}

func TestImpossibleMemberships(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	carla := cast.Account("Carla", carlaPhone)
	for what, err := range map[string]error{
		"adding a member":          cast.AddToGroup(group, bruno),
		"removing a stranger":      cast.RemoveFromGroup(group, carla),
		"removing everybody":       cast.RemoveFromGroup(group, ana, bruno),
		"a group of nobody":        second(cast.Server.Group("Nadie")),
		"a group with a twin":      second(cast.Server.Group("Dos veces", ana, ana)),
		"listening a second time":  cast.Listen("127.0.0.1:0"),
		"listening on no address":  cast.Listen("nowhere"),
		"scanning nothing":         cast.ScanQR(t.Context(), "", carla),
		"a code nobody waits with": cast.ApprovePairCode(t.Context(), carla, "ABCD-EFGH"),
	} {
		if err == nil {
			t.Errorf("%s is possible", what)
		}
	}
}

func second[V any](_ V, err error) error { return err }

func TestSwitchAddressing(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, types.AddressingModePN)
	ana.Says(group, "con número")
	if got := bruno.ExpectText("con número"); got.Sender != ana.JID() {
		t.Errorf("it came from %s, want %s", got.Sender, ana.JID())
	}
	cast.SwitchAddressing(group, types.AddressingModeLID)
	for _, text := range []string{"la primera tras el cambio", "la segunda"} {
		ana.Says(group, text)
		if got := bruno.ExpectText(text); got.Sender != ana.LID() || got.SenderAlt != ana.JID() {
			t.Errorf("%q came from %s (%s), want %s", text, got.Sender, got.SenderAlt, ana.LID())
		}
	}
	cast.Quiet()
}

func TestHiddenNumbers(t *testing.T) {
	t.Parallel()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	ana, bruno := cast.Member("Ana", anaPhone), cast.Member("Bruno", brunoPhone)
	group := cast.Group("Comité", ana)
	cast.HideNumbers(group, true)
	if err := cast.AddToGroup(group, bruno); err != nil {
		t.Fatal(err)
	}
	ana.Says(group, "¿quién soy?")
	if got := bruno.ExpectText("¿quién soy?"); got.Sender != ana.LID() || !got.SenderAlt.IsEmpty() {
		t.Errorf("it came from %s (%s), want only %s", got.Sender, got.SenderAlt, ana.LID())
	}
	info, err := bruno.Client.GetGroupInfo(t.Context(), group.JID())
	if err != nil || !info.Participants[0].PhoneNumber.IsEmpty() {
		t.Errorf("the group shows %+v, %v", info, err)
	}
	cast.Quiet()
}

func TestRenameAndAnnouncements(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	cast.Rename(group, "Comité ACME", ana)
	fakewhatsapp.Sees(bruno, func(e *events.GroupInfo) bool { return e.Name != nil && e.Name.Name == "Comité ACME" })
	if err := bruno.Client.SetGroupName(t.Context(), group.JID(), "Comité"); err != nil || group.Name() != "Comité" {
		t.Errorf("renaming gives %v and the name %q", err, group.Name())
	}
	cast.AnnouncementsOnly(group, true)
	fakewhatsapp.Sees(bruno, func(e *events.GroupInfo) bool { return e.Announce != nil && e.Announce.IsAnnounce })
	if _, err := bruno.Member.Says(t.Context(), group, "no debo"); err == nil {
		t.Error("somebody who may not wrote in a group for announcements")
	}
	ana.Says(group, "yo sí")
	bruno.ExpectText("yo sí")
	cast.AnnouncementsOnly(group, false)
	bruno.Says(group, "yo también")
	ana.ExpectText("yo también")
	cast.Quiet()
}

// A sender that runs a client long enough uses up the reader's one-time keys;
// the server asks the reader for more before they are gone.
func TestOneTimeKeysAreRefilled(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, _ := committee(t, lid)
	device := bruno.LID()
	device.Device = bruno.Client.Store.LID.Device
	var asked []types.JID
	for range 812 {
		asked = append(asked, device)
	}
	if _, err := ana.Client.DangerousInternals().FetchPreKeys(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := cast.OneTimeKeys(ctx, bruno.Account, 50); err != nil {
		t.Fatal(err)
	}
	ana.Says(bruno, "sigue habiendo claves")
	bruno.ExpectText("sigue habiendo claves")
	cast.Quiet()
}
