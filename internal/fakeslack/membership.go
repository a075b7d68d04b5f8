package fakeslack

import "slices"

// Joins enters a channel.
func (p *Person) Joins(c *Channel) { p.srv.join(c, p.ID, "") }

// Leaves leaves a channel.
func (p *Person) Leaves(c *Channel) { p.srv.leaveChannel(c, p.ID) }

// Invites brings the bot into a channel.
func (p *Person) Invites(c *Channel) { p.srv.join(c, p.srv.botUser, p.ID) }

// Removes takes the bot out of a channel.
func (p *Person) Removes(c *Channel) { p.srv.leaveChannel(c, p.srv.botUser) }

// Archives closes a channel.
func (p *Person) Archives(c *Channel) {
	s := p.srv
	s.change(func() {
		kind := "channel_archive"
		if c.Private {
			kind = "group_archive"
		}
		s.tell(event{kind, c, obj{"type": kind, "channel": c.ID, "user": p.ID, "event_ts": s.ts()}})
		c.archived = true
	})
}

// Goes deactivates the person's account.
func (p *Person) Goes() { p.srv.change(func() { p.deleted = true }) }

func (s *Server) join(c *Channel, user, inviter string) {
	s.change(func() {
		if c.has(user) {
			return
		}
		c.members = append(c.members, user)
		who := s.people[user]
		c.extShared = c.extShared || who.Team != s.team
		body := obj{
			"type": "member_joined_channel", "user": user, "channel": c.ID, "channel_type": c.letter(), "team": who.Team,
			"event_ts": s.ts(),
		}
		if inviter != "" {
			body["inviter"] = inviter
		}
		s.tell(event{"member_joined_channel", c, body})
	})
}

func (s *Server) leaveChannel(c *Channel, user string) {
	s.change(func() {
		if !c.has(user) {
			return
		}
		body := obj{
			"type": "member_left_channel", "user": user, "channel": c.ID, "channel_type": c.letter(), "team": s.people[user].Team,
			"event_ts": s.ts(),
		}
		if user == s.botUser {
			kind := "channel_left"
			if c.Private {
				kind = "group_left"
			}
			s.tell(event{kind, c, obj{"type": kind, "channel": c.ID, "event_ts": s.ts()}})
		} else {
			s.tell(event{"member_left_channel", c, body})
		}
		c.members = slices.DeleteFunc(c.members, func(u string) bool { return u == user })
	})
}

func (c *Channel) letter() string {
	if c.Private {
		return "G"
	}
	return "C"
}

// OpensHome opens the home tab of the app.
func (p *Person) OpensHome() {
	s := p.srv
	s.change(func() {
		c := s.direct(p.ID)
		body := obj{"type": "app_home_opened", "user": p.ID, "channel": c.ID, "tab": "home", "event_ts": s.ts()}
		if p.home != nil {
			body["view"] = p.home.json(s)
		}
		s.tell(event{"app_home_opened", c, body})
	})
}

// Home is the home tab as the person sees it, nil if the app never published one.
func (p *Person) Home() *View {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	if p.home == nil {
		return nil
	}
	shown := *p.home
	return &shown
}
