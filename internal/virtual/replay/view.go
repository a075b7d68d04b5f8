package replay

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"timonel/bot"
	"timonel/bot/simulated"
	"timonel/internal/markup"
)

// view is an entry with the names that people read.
type view struct {
	entry simulated.Entry
	chat  string         // the chat's ID, or dm:ID
	zone  *time.Location // the project's, else the script's
	from  string         // id of who spoke, "" for the bot
	name  string         // their full name
	to    []string       // the members mentioned
	text  string         // what is read, without marks
	shown bot.Outgoing   // as the platform shows it
}

func (p *Player) see(ctx context.Context, e simulated.Entry) (view, error) {
	v := view{entry: e, zone: p.zone}
	var err error
	if v.chat, err = p.world.ChatOf(ctx, e); err != nil {
		return v, err
	}
	if e.Heard != nil {
		v.from, err = p.world.MemberOf(ctx, e.Platform, e.Heard.From)
		v.name, v.text = p.world.Name(v.from), e.Heard.Text
		return v, err
	}
	if e.Said.Project != "" {
		if v.zone, err = p.world.Zone(ctx, e.Said.Project); err != nil {
			return v, err
		}
	}
	v.shown = bot.Shown(*e.Said, simulated.CapabilitiesOf(e.Platform))
	v.text = markup.Plain(v.shown.Text)
	for _, user := range markup.Mentioned(e.Said.Text) {
		id, err := p.world.MemberOf(ctx, e.Platform, bot.UserID(user))
		if err != nil {
			return v, err
		}
		v.to = append(v.to, id)
	}
	return v, nil
}

// file is a file as it is printed: its size and its hash stand for its bytes.
type file struct {
	Name   string `json:"name"`
	MIME   string `json:"mime,omitempty"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func fileOf(f bot.File) file {
	out := file{Name: f.Name, MIME: f.MIME, Bytes: f.Bytes, SHA256: f.SHA256}
	if f.Data != nil {
		sum := sha256.Sum256(f.Data)
		out.Bytes, out.SHA256 = len(f.Data), hex.EncodeToString(sum[:])
	}
	return out
}
