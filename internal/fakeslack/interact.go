package fakeslack

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// responseURL is the address that lets the app answer an interaction: five times in half an hour.
type responseURL struct {
	channel *Channel
	user    string
	message *Message
	uses    int
	until   time.Time
}

// newResponseURL is called with the lock held.
func (s *Server) newResponseURL(c *Channel, user string, m *Message) string {
	id := s.id("R")
	s.answers[id] = &responseURL{channel: c, user: user, message: m, uses: 5, until: s.opt.Now().Add(30 * time.Minute)}
	return s.url + "/response/" + id
}

func (s *Server) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	s.befall(w, r, "response", "", func() (int, http.Header, []byte) {
		s.mu.Lock()
		defer s.mu.Unlock()
		a := s.answers[r.PathValue("id")]
		if a == nil || a.uses == 0 || s.opt.Now().After(a.until) {
			return http.StatusNotFound, nil, encode(fails("used_url"))
		}
		a.uses--
		if refusal := s.respond(a, raw); refusal != nil {
			return http.StatusBadRequest, nil, encode(refusal)
		}
		s.wakeLocked()
		return http.StatusOK, http.Header{"Content-Type": {"text/html"}}, []byte("ok")
	})
}

func (s *Server) respond(a *responseURL, raw []byte) obj {
	var body struct {
		Text            string          `json:"text"`
		Blocks          json.RawMessage `json:"blocks"`
		ResponseType    string          `json:"response_type"`
		ThreadTS        string          `json:"thread_ts"`
		ReplaceOriginal bool            `json:"replace_original"`
		DeleteOriginal  bool            `json:"delete_original"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return fails("invalid_payload")
	}
	if body.DeleteOriginal && a.message != nil {
		a.message.deleted = true
		s.note(&Sent{Kind: Deleted, Channel: a.channel, Message: a.message})
		return nil
	}
	m, refusal := s.content(&call{params: map[string]string{"text": body.Text, "blocks": string(body.Blocks), "thread_ts": body.ThreadTS}})
	if refusal != nil {
		return refusal
	}
	if body.ReplaceOriginal && a.message != nil {
		a.message.Text, a.message.Blocks = m.Text, m.Blocks
		a.message.Edits++
		s.note(&Sent{Kind: Changed, Channel: a.channel, Message: a.message})
		return nil
	}
	if body.ResponseType == "in_channel" {
		s.post(a.channel, m)
		return nil
	}
	m.TS, m.EphemeralTo = s.ts(), a.user
	a.channel.add(m)
	s.note(&Sent{Kind: Whispered, Channel: a.channel, Message: m, To: s.people[a.user]})
	return nil
}

// Slash gives a slash command in a channel, whether or not the bot is in it.
func (p *Person) Slash(c *Channel, command, text string) (*Delivery, error) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.has(p.ID) {
		return nil, fmt.Errorf("%s commands in %s: %w", p.Name, c.Name, errNotThere)
	}
	if !s.scopes["commands"] {
		return nil, fmt.Errorf("%s is not a valid command", command)
	}
	name := c.Name
	if c.IM {
		name = "directmessage"
	}
	payload := encode(obj{
		"token": "verification", "team_id": s.team, "team_domain": "acme", "channel_id": c.ID, "channel_name": name,
		"user_id": p.ID, "user_name": strings.ToLower(strings.ReplaceAll(p.Name, " ", ".")), "command": command, "text": s.stored(text),
		"api_app_id": s.app, "is_enterprise_install": "false", "response_url": s.newResponseURL(c, p.ID, nil),
		"trigger_id": s.newTrigger(p.ID, c.ID),
	})
	return s.interactive("slash_commands", payload, nil), nil
}

// interactive sends what a person did; Slack does not offer it again. Called with the lock held.
func (s *Server) interactive(kind string, payload json.RawMessage, onAck func(json.RawMessage)) *Delivery {
	e := &envelope{kind: kind, payload: payload, response: true, onAck: onAck}
	s.emit(e)
	return &Delivery{srv: s, env: e}
}

// spot is where a person acts: an element of a message or of a view.
type spot struct {
	message        *Message
	view           *View
	block, element obj
}

// Clicks presses the button with that label or action id: in the person's open modal, or on the newest message of the
// bot's in the channel that has one. Channel nil means the home tab.
func (p *Person) Clicks(c *Channel, label string) (*Delivery, error) {
	return p.act(c, "clicks "+label, func(e obj) obj {
		text, _ := e["text"].(obj)
		if e["type"] != "button" || !(text["text"] == label || e["action_id"] == label || e["value"] == label) {
			return nil
		}
		return obj{"text": text, "value": e["value"]}
	})
}

// Picks chooses an option of a menu by its text or value.
func (p *Person) Picks(c *Channel, option string) (*Delivery, error) {
	return p.act(c, "picks "+option, func(e obj) obj {
		if e["type"] != "static_select" {
			return nil
		}
		if o := findOption(e, option); o != nil {
			return obj{"selected_option": o}
		}
		return nil
	})
}

// Chooses takes an entry of an overflow menu ("…") by its text or value.
func (p *Person) Chooses(c *Channel, option string) (*Delivery, error) {
	return p.act(c, "chooses "+option, func(e obj) obj {
		if e["type"] != "overflow" {
			return nil
		}
		if o := findOption(e, option); o != nil {
			return obj{"selected_option": o}
		}
		return nil
	})
}

// PicksDate chooses a day (YYYY-MM-DD) in a date picker.
func (p *Person) PicksDate(c *Channel, date string) (*Delivery, error) {
	return p.act(c, "picks "+date, func(e obj) obj {
		if e["type"] != "datepicker" {
			return nil
		}
		return obj{"selected_date": date}
	})
}

func findOption(e obj, name string) obj {
	lists := []any{e["options"]}
	groups, _ := e["option_groups"].([]any)
	for _, g := range groups {
		if group, ok := g.(obj); ok {
			lists = append(lists, group["options"])
		}
	}
	for _, l := range lists {
		options, _ := l.([]any)
		for _, v := range options {
			o, _ := v.(obj)
			text, _ := o["text"].(obj)
			if o["value"] == name || text["text"] == name {
				return o
			}
		}
	}
	return nil
}

// act finds where use takes an element, and sends what it adds to the action.
func (p *Person) act(c *Channel, what string, use func(element obj) obj) (*Delivery, error) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	at, with := p.find(c, use)
	if at == nil {
		return nil, fmt.Errorf("%s %s: there is no such thing", p.Name, what)
	}
	return s.interactive("interactive", encode(p.blockActions(at, with)), nil), nil
}

func (p *Person) find(c *Channel, use func(obj) obj) (*spot, obj) {
	s := p.srv
	if modals := s.modals(p.ID); len(modals) > 0 {
		v := modals[len(modals)-1]
		return findIn(&spot{view: v}, v.Blocks, use)
	}
	if c == nil {
		if p.home == nil {
			return nil, nil
		}
		return findIn(&spot{view: p.home}, p.home.Blocks, use)
	}
	for i := len(c.messages) - 1; i >= 0; i-- {
		m := c.messages[i]
		if m.deleted || m.EphemeralTo != "" && m.EphemeralTo != p.ID || !c.has(p.ID) {
			continue
		}
		if at, with := findIn(&spot{message: m}, m.Blocks, use); at != nil {
			return at, with
		}
	}
	return nil, nil
}

func findIn(at *spot, blocks []obj, use func(obj) obj) (*spot, obj) {
	for _, b := range blocks {
		for _, e := range interactive(b) {
			if with := use(e); with != nil {
				at.block, at.element = b, e
				return at, with
			}
		}
	}
	return nil, nil
}

// blockActions is the payload of an action. Called with the lock held.
func (p *Person) blockActions(at *spot, with obj) obj {
	s := p.srv
	action := obj{"type": at.element["type"], "action_id": at.element["action_id"], "block_id": at.block["block_id"], "action_ts": s.ts()}
	for k, v := range with {
		action[k] = v
	}
	o := p.envelopeOf("block_actions")
	o["actions"] = []obj{action}
	if at.view != nil {
		o["container"] = obj{"type": "view", "view_id": at.view.ID}
		o["view"] = at.view.withState(s)
		o["trigger_id"] = s.newTrigger(p.ID, at.view.channel)
		return o
	}
	m := at.message
	container := obj{"type": "message", "message_ts": m.TS, "channel_id": m.Channel.ID, "is_ephemeral": m.EphemeralTo != ""}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	o["container"], o["channel"] = container, obj{"id": m.Channel.ID, "name": orDirect(m.Channel)}
	o["trigger_id"], o["response_url"] = s.newTrigger(p.ID, m.Channel.ID), s.newResponseURL(m.Channel, p.ID, m)
	o["state"] = obj{"values": obj{}}
	if m.EphemeralTo == "" {
		o["message"] = m.json(s, true)
	}
	return o
}

func orDirect(c *Channel) string {
	if c.IM {
		return "directmessage"
	}
	return c.Name
}

func (p *Person) envelopeOf(kind string) obj {
	s := p.srv
	name := strings.ToLower(strings.ReplaceAll(p.Name, " ", "."))
	return obj{
		"type": kind, "api_app_id": s.app, "token": "verification", "enterprise": nil, "is_enterprise_install": false,
		"team": obj{"id": s.team, "domain": "acme"},
		"user": obj{"id": p.ID, "username": name, "name": name, "team_id": p.Team},
	}
}

// Modal is the modal that the person has open, nil if none.
func (p *Person) Modal() *View {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	modals := p.srv.modals(p.ID)
	if len(modals) == 0 {
		return nil
	}
	return modals[len(modals)-1]
}

// Fills gives a field of the open modal a value: a text, an option's text or value, a day. Where the field tells the app
// of changes, the app is told.
func (p *Person) Fills(v *View, field, value string) (*Delivery, error) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	block, element, err := v.fill(field, value)
	if err != nil {
		return nil, err
	}
	if tells, _ := block["dispatch_action"].(bool); !tells {
		return nil, nil
	}
	with := v.values[fieldKey(block, element)]
	return s.interactive("interactive", encode(p.blockActions(&spot{view: v, block: block, element: element}, with)), nil), nil
}

// Submits fills fields of the open modal and submits it. What the app answers shows in Problems, or in the view itself;
// an app that answers nothing closes it.
func (p *Person) Submits(v *View, values map[string]string) (*Delivery, error) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, field := range sortedKeys(values) {
		if _, _, err := v.fill(field, values[field]); err != nil {
			return nil, err
		}
	}
	if missing := v.missing(); missing != "" {
		return nil, fmt.Errorf("%s submits %s: %s is required", p.Name, v.Title, missing)
	}
	o := p.envelopeOf("view_submission")
	o["view"], o["trigger_id"], o["response_urls"] = v.withState(s), s.newTrigger(p.ID, v.channel), []obj{}
	return s.interactive("interactive", encode(o), v.answered), nil
}

// Closes closes the open modals.
func (p *Person) Closes() { p.srv.change(func() { p.srv.closeModals(p.ID) }) }
