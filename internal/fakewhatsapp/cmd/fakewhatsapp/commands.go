package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"timonel/internal/fakewhatsapp"
)

// command is one command of the script.
type command struct {
	name, shape string
	least, most int
	run         func(d *director, ctx context.Context, args []string) (line, error)
}

// many is more words than a line has.
const many = 1 << 20

// commands is filled by init, because help lists it.
var commands []command

func init() {
	commands = []command{
		{"help", "", 0, 0, help},
		{"quit", "", 0, 0, func(*director, context.Context, []string) (line, error) { return nil, nil }},
		{"member", "NAME FULL-NAME PHONE", 3, 3, letIn},
		{"account", "NAME FULL-NAME PHONE", 3, 3, openAccount},
		{"scan", "NAME QR-CODE", 2, 2, scan},
		{"code", "NAME PAIR-CODE", 2, 2, typeCode},
		{"group", "NAME SUBJECT lid|pn MEMBER…", 4, many, makeGroup},
		{"add", "GROUP NAME…", 2, many, changeGroup((*fakewhatsapp.Server).AddToGroup)},
		{"remove", "GROUP NAME…", 2, many, changeGroup((*fakewhatsapp.Server).RemoveFromGroup)},
		{"addressing", "GROUP lid|pn", 2, 2, switchAddressing},
		{"hide-numbers", "GROUP on|off", 2, 2, groupSwitch((*fakewhatsapp.Server).HideNumbers)},
		{"announcements", "GROUP on|off", 2, 2, groupSwitch((*fakewhatsapp.Server).AnnouncementsOnly)},
		{"say", "NAME CHAT TEXT", 3, 3, say},
		{"say-to", "NAME PHONE TEXT", 3, 3, sayTo},
		{"quote", "NAME MESSAGE TEXT", 3, 3, quote},
		{"react", "NAME MESSAGE EMOJI", 3, 3, react},
		{"poll", "NAME CHAT QUESTION OPTION…", 4, many, poll},
		{"vote", "NAME MESSAGE OPTION…", 2, many, vote},
		{"image", "NAME CHAT PATH CAPTION", 4, 4, sendImage},
		{"document", "NAME CHAT PATH FILE-NAME CAPTION", 5, 5, sendDocument},
		{"open", "NAME MESSAGE PATH", 3, 3, open},
		{"edit", "NAME MESSAGE TEXT", 3, 3, edit},
		{"delete", "NAME MESSAGE", 2, 2, remove},
		{"repeat-message", "NAME MESSAGE", 2, 2, repeatMessage},
		{"read", "NAME MESSAGE", 2, 2, read},
		{"offline", "NAME", 1, 1, offline},
		{"online", "NAME", 1, 1, online},
		{"relink", "NAME", 1, 1, relink},
		{"wait-online", "NAME", 1, 1, wait(true)},
		{"wait-offline", "NAME", 1, 1, wait(false)},
		{"settle", "", 0, 0, func(d *director, ctx context.Context, _ []string) (line, error) { return nil, d.server.Settle(ctx) }},
		{"unknown", "", 0, 0, func(d *director, _ context.Context, _ []string) (line, error) {
			return line{"unknown": d.server.Unknown()}, nil
		}},
		{"drop", "NAME", 1, 1, fault((*fakewhatsapp.Server).Drop)},
		{"restart", "NAME", 1, 1, fault((*fakewhatsapp.Server).Restart)},
		{"outage", "on|off", 1, 1, serverSwitch((*fakewhatsapp.Server).Outage)},
		{"lose-media", "on|off", 1, 1, serverSwitch((*fakewhatsapp.Server).LoseMedia)},
		{"hold", "NAME", 1, 1, hold},
		{"release", "NAME", 1, 1, release},
		{"delay", "NAME DURATION", 2, 2, delay},
		{"repeat", "NAME COUNT", 2, 2, counted((*fakewhatsapp.Server).Repeat)},
		{"reorder", "NAME COUNT", 2, 2, counted((*fakewhatsapp.Server).Reorder)},
		{"undecryptable", "NAME COUNT", 2, 2, counted((*fakewhatsapp.Server).UndecryptableNext)},
		{"lose-messages", "NAME COUNT", 2, 2, counted((*fakewhatsapp.Server).LoseMessages)},
		{"lose-acks", "NAME COUNT", 2, 2, counted((*fakewhatsapp.Server).LoseAcks)},
		{"refuse-message", "NAME CODE", 2, 2, counted(func(s *fakewhatsapp.Server, who fakewhatsapp.Someone, code int) {
			s.RefuseMessages(who, code)
		})},
		{"logout", "NAME", 1, 1, fault((*fakewhatsapp.Server).LogOut)},
		{"replace", "NAME", 1, 1, fault((*fakewhatsapp.Server).ReplaceStream)},
		{"ban", "NAME REASON DURATION", 3, 3, ban},
		{"outdated", "NAME", 1, 1, fault((*fakewhatsapp.Server).ClientOutdated)},
		{"unavailable", "NAME", 1, 1, fault((*fakewhatsapp.Server).Unavailable)},
		{"phone", "NAME", 1, 1, fault((*fakewhatsapp.Server).OpenPhone)},
		{"pardon", "NAME", 1, 1, fault((*fakewhatsapp.Server).Pardon)},
		{"direct", "lid|pn", 1, 1, nameDirect},
	}
}

func help(*director, context.Context, []string) (line, error) {
	var list []string
	for _, c := range commands {
		list = append(list, c.name+" "+c.shape)
	}
	return line{"commands": list}, nil
}

func letIn(d *director, ctx context.Context, args []string) (line, error) {
	if d.people[args[0]] != nil {
		return nil, fmt.Errorf("somebody is called %q already", args[0])
	}
	m, err := d.server.NewMember(ctx, args[1], args[2])
	if err != nil {
		return nil, err
	}
	d.people[args[0]], d.members[args[0]] = m.Account, m
	d.call(args[0], m.JID(), m.LID())
	d.report(args[0], m)
	return line{"phone": m.Phone, "lid": m.LID().String()}, nil
}

func openAccount(d *director, _ context.Context, args []string) (line, error) {
	if d.people[args[0]] != nil {
		return nil, fmt.Errorf("somebody is called %q already", args[0])
	}
	a, err := d.server.NewAccount(args[1], args[2])
	if err != nil {
		return nil, err
	}
	d.people[args[0]] = a
	d.call(args[0], a.JID(), a.LID())
	return line{"phone": a.Phone, "lid": a.LID().String()}, nil
}

func scan(d *director, ctx context.Context, args []string) (line, error) {
	who, err := d.someone(args[0])
	if err != nil {
		return nil, err
	}
	return nil, d.server.ScanQR(ctx, args[1], who)
}

func typeCode(d *director, ctx context.Context, args []string) (line, error) {
	who, err := d.someone(args[0])
	if err != nil {
		return nil, err
	}
	return nil, d.server.ApprovePairCode(ctx, who, args[1])
}

func addressing(word string) (types.AddressingMode, error) {
	mode := types.AddressingMode(word)
	if mode != types.AddressingModeLID && mode != types.AddressingModePN {
		return "", fmt.Errorf("%q is not lid or pn", word)
	}
	return mode, nil
}

func makeGroup(d *director, _ context.Context, args []string) (line, error) {
	mode, err := addressing(args[2])
	if err != nil {
		return nil, err
	}
	people, err := d.everyone(args[3:])
	if err != nil {
		return nil, err
	}
	create := d.server.Group
	if mode == types.AddressingModePN {
		create = d.server.NumberGroup
	}
	g, err := create(args[1], people...)
	if err != nil {
		return nil, err
	}
	d.groups[args[0]] = g
	d.call(args[0], g.JID())
	return line{"jid": g.JID().String()}, nil
}

type runner = func(*director, context.Context, []string) (line, error)

func changeGroup(change func(*fakewhatsapp.Server, *fakewhatsapp.Group, ...fakewhatsapp.Someone) error) runner {
	return func(d *director, _ context.Context, args []string) (line, error) {
		g, err := d.group(args[0])
		if err != nil {
			return nil, err
		}
		people, err := d.everyone(args[1:])
		if err != nil {
			return nil, err
		}
		return nil, change(d.server, g, people...)
	}
}

func switchAddressing(d *director, _ context.Context, args []string) (line, error) {
	g, err := d.group(args[0])
	if err != nil {
		return nil, err
	}
	mode, err := addressing(args[1])
	if err == nil {
		d.server.SwitchAddressing(g, mode)
	}
	return nil, err
}

func onOff(word string) (bool, error) {
	if word != "on" && word != "off" {
		return false, fmt.Errorf("%q is not on or off", word)
	}
	return word == "on", nil
}

func groupSwitch(change func(*fakewhatsapp.Server, *fakewhatsapp.Group, bool)) runner {
	return func(d *director, _ context.Context, args []string) (line, error) {
		g, err := d.group(args[0])
		if err != nil {
			return nil, err
		}
		on, err := onOff(args[1])
		if err == nil {
			change(d.server, g, on)
		}
		return nil, err
	}
}

func serverSwitch(change func(*fakewhatsapp.Server, bool)) runner {
	return func(d *director, _ context.Context, args []string) (line, error) {
		on, err := onOff(args[0])
		if err == nil {
			change(d.server, on)
		}
		return nil, err
	}
}

func fault(befall func(*fakewhatsapp.Server, fakewhatsapp.Someone)) runner {
	return func(d *director, _ context.Context, args []string) (line, error) {
		who, err := d.someone(args[0])
		if err == nil {
			befall(d.server, who)
		}
		return nil, err
	}
}

func counted(befall func(*fakewhatsapp.Server, fakewhatsapp.Someone, int)) runner {
	return func(d *director, _ context.Context, args []string) (line, error) {
		who, err := d.someone(args[0])
		if err != nil {
			return nil, err
		}
		n, err := strconv.Atoi(args[1])
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a count", args[1])
		}
		befall(d.server, who, n)
		return nil, nil
	}
}

func hold(d *director, _ context.Context, args []string) (line, error) {
	who, err := d.someone(args[0])
	if err != nil {
		return nil, err
	}
	if d.holds[args[0]] != nil {
		return nil, fmt.Errorf("%s is on hold already", args[0])
	}
	d.holds[args[0]] = d.server.Hold(who)
	return nil, nil
}

func release(d *director, _ context.Context, args []string) (line, error) {
	let := d.holds[args[0]]
	if let == nil {
		return nil, fmt.Errorf("%s is not on hold", args[0])
	}
	delete(d.holds, args[0])
	let()
	return nil, nil
}

func delay(d *director, _ context.Context, args []string) (line, error) {
	who, err := d.someone(args[0])
	if err != nil {
		return nil, err
	}
	by, err := time.ParseDuration(args[1])
	if err == nil {
		d.server.Delay(who, by)
	}
	return nil, err
}

func ban(d *director, _ context.Context, args []string) (line, error) {
	who, err := d.someone(args[0])
	if err != nil {
		return nil, err
	}
	reason, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, fmt.Errorf("%q is not a reason's number", args[1])
	}
	expires, err := time.ParseDuration(args[2])
	if err == nil {
		d.server.TempBan(who, events.TempBanReason(reason), expires)
	}
	return nil, err
}

func nameDirect(d *director, _ context.Context, args []string) (line, error) {
	mode, err := addressing(args[0])
	if err == nil {
		d.server.NameDirectBy(mode)
	}
	return nil, err
}

func wait(isOnline bool) runner {
	return func(d *director, ctx context.Context, args []string) (line, error) {
		who, err := d.someone(args[0])
		if err != nil {
			return nil, err
		}
		return nil, d.server.WaitOnline(ctx, who, isOnline)
	}
}

func readFile(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read what is to be sent: %w", err)
	}
	return data, nil
}
