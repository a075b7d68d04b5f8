package fakeslack

import (
	"fmt"
	"slices"
	"time"
)

// triggerLife is how long a trigger opens a view.
const triggerLife = 3 * time.Second

// trigger is the right to open a view, given with an interaction.
type trigger struct {
	user    string
	channel string
	until   time.Time
	used    bool
}

// newTrigger is called with the lock held.
func (s *Server) newTrigger(user, channel string) string {
	s.serial++
	id := fmt.Sprintf("%d.1111111111.%08x", s.serial, s.rand.Uint32())
	s.triggers[id] = &trigger{user: user, channel: channel, until: s.opt.Now().Add(triggerLife)}
	return id
}

func (s *Server) takeTrigger(id string) (*trigger, obj) {
	t := s.triggers[id]
	switch {
	case t == nil:
		return nil, fails("invalid_trigger_id")
	case t.used:
		return nil, fails("exchanged_trigger_id")
	case s.opt.Now().After(t.until):
		return nil, fails("expired_trigger_id")
	}
	t.used = true
	return t, nil
}

func (s *Server) viewsOpen(c *call) obj {
	t, refusal := s.takeTrigger(c.get("trigger_id"))
	if refusal != nil {
		return refusal
	}
	if len(s.modals(t.user)) > 0 {
		s.closeModals(t.user)
	}
	return s.showView(c, t)
}

func (s *Server) viewsPush(c *call) obj {
	t, refusal := s.takeTrigger(c.get("trigger_id"))
	if refusal != nil {
		return refusal
	}
	if len(s.modals(t.user)) >= 3 {
		return fails("push_limit_reached")
	}
	return s.showView(c, t)
}

func (s *Server) showView(c *call, t *trigger) obj {
	v, problems := readView(c.get("view"))
	if v != nil && v.Type != string(surfaceModal) {
		problems = append(problems, "[ERROR] must be a modal [json-pointer:/view/type]")
	}
	if len(problems) > 0 {
		return failsWith("invalid_arguments", problems...)
	}
	v.ID, v.user, v.channel = s.id("V"), t.user, t.channel
	v.Hash = s.newHash()
	s.views[v.ID] = v
	s.note(&Sent{Kind: Opened, View: v, To: s.people[t.user]})
	return obj{"view": v.json(s)}
}

func (s *Server) newHash() string {
	s.serial++
	return fmt.Sprintf("%d.hash%04d", s.opt.Now().Unix(), s.serial)
}

func (s *Server) viewsUpdate(c *call) obj {
	v := s.views[c.get("view_id")]
	switch {
	case v == nil || v.closed:
		return fails("not_found")
	case c.get("hash") != "" && c.get("hash") != v.Hash:
		return fails("hash_conflict")
	}
	next, problems := readView(c.get("view"))
	if len(problems) > 0 {
		return failsWith("invalid_arguments", problems...)
	}
	v.replace(next)
	v.Hash = s.newHash()
	s.note(&Sent{Kind: Changed, View: v, To: s.people[v.user]})
	return obj{"view": v.json(s)}
}

func (v *View) replace(next *View) {
	v.CallbackID, v.PrivateMetadata, v.Blocks = next.CallbackID, next.PrivateMetadata, next.Blocks
	v.Title, v.Submit, v.Close = next.Title, next.Submit, next.Close
	v.updates++
}

func (s *Server) viewsPublish(c *call) obj {
	p := s.people[c.get("user_id")]
	if p == nil || p.deleted {
		return fails("invalid_user_id")
	}
	v, problems := readView(c.get("view"))
	if v != nil && v.Type != string(surfaceHome) {
		problems = append(problems, "[ERROR] must be a home tab [json-pointer:/view/type]")
	}
	if len(problems) > 0 {
		return failsWith("invalid_arguments", problems...)
	}
	if p.home != nil && c.get("hash") != "" && c.get("hash") != p.home.Hash {
		return fails("hash_conflict")
	}
	v.ID, v.user, v.channel, v.Hash = s.id("V"), p.ID, s.direct(p.ID).ID, s.newHash()
	p.home, s.views[v.ID] = v, v
	s.note(&Sent{Kind: Published, View: v, To: p})
	return obj{"view": v.json(s)}
}

// modals lists the open modals of a person, the newest last. Called with the lock held.
func (s *Server) modals(user string) []*View {
	var list []*View
	for _, id := range sortedKeys(s.views) {
		if v := s.views[id]; v.user == user && v.Type == string(surfaceModal) && !v.closed {
			list = append(list, v)
		}
	}
	return list
}

func (s *Server) closeModals(user string) {
	for _, v := range s.modals(user) {
		v.closed = true
	}
}

func (v *View) json(s *Server) obj {
	o := obj{
		"id": v.ID, "team_id": s.team, "type": v.Type, "blocks": v.Blocks, "private_metadata": v.PrivateMetadata,
		"callback_id": v.CallbackID, "hash": v.Hash, "app_id": s.app, "bot_id": s.botID, "root_view_id": v.ID,
		"state": obj{"values": obj{}}, "external_id": "", "app_installed_team_id": s.team,
	}
	for name, text := range map[string]string{"title": v.Title, "submit": v.Submit, "close": v.Close} {
		if text != "" {
			o[name] = obj{"type": "plain_text", "text": text, "emoji": true}
		}
	}
	return o
}

// field finds the input of a view that is called so: by its label, its block id or its action id.
func (v *View) field(name string) (block, element obj) {
	for _, b := range v.Blocks {
		for _, e := range interactive(b) {
			label, _ := b["label"].(obj)
			if slices.Contains([]any{b["block_id"], e["action_id"], label["text"]}, any(name)) {
				return b, e
			}
		}
	}
	return nil, nil
}
