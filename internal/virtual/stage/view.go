package stage

import (
	"context"
	"strconv"

	"timonel/bot"
	"timonel/bot/simulated"
	"timonel/locale"
	"timonel/report"
	"timonel/steering"
	"timonel/web"
)

// View implements web.World.
func (s *Stage) View(ctx context.Context) (web.View, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.project(ctx)
	if err != nil {
		return web.View{}, err
	}
	say := locale.For(s.lang)
	now := s.world.Now().In(p.Location())
	v := web.View{
		Now: say.ShortDate(steering.DateOf(now), nil) + " " + say.Clock(now), Language: s.lang, Version: s.version, Words: words(say),
	}
	for _, m := range p.Members {
		v.Members = append(v.Members, web.MemberView{
			ID: string(m.Person), Name: s.world.Name(string(m.Person)), Side: say.Text("side."+string(m.Side), nil), Role: roles(m, say),
		})
	}
	if v.Messages, err = s.messages(ctx, p, say); err != nil {
		return web.View{}, err
	}
	v.Project = s.projectView(p, say)
	return v, nil
}

// words are the page's own.
func words(say locale.Printer) map[string]string {
	out := map[string]string{}
	for _, key := range []string{"hour", "day", "week", "next", "group", "tab_chat", "tab_project", "placeholder_group", "placeholder_direct", "quote", "hints"} {
		out[key] = say.Text("demo."+key, nil)
	}
	return out
}

func roles(m steering.Member, say locale.Printer) string {
	var names []string
	for _, r := range m.Roles {
		names = append(names, say.Text("role."+string(r), nil))
	}
	return say.Join(names)
}

// messages are all chats' messages; presses, votes and reactions show as marks on the message they answer.
func (s *Stage) messages(ctx context.Context, p *steering.Project, say locale.Printer) ([]web.MessageView, error) {
	places := map[bot.MessageID]int{}
	var out []web.MessageView
	index := map[int]int{}
	for _, e := range s.world.Entries(0) {
		if e.Heard != nil && e.Heard.Kind != bot.TextMessage {
			if i, ok := index[places[e.Heard.Quote]]; ok {
				out[i].Marks = append(out[i].Marks, mark(e.Heard, out[i]))
			}
			continue
		}
		m, err := s.message(ctx, e, p, say, places)
		if err != nil {
			return nil, err
		}
		places[e.Message] = e.Place
		index[e.Place] = len(out)
		out = append(out, m)
	}
	return out, nil
}

// mark shows what somebody did to a message: the reaction, or what they picked.
func mark(in *bot.Incoming, m web.MessageView) string {
	if in.Kind == bot.Press {
		for _, o := range m.Options {
			if o.Action == in.Action {
				return in.FromName + ": " + o.Label
			}
		}
	}
	return in.Text
}

func (s *Stage) message(ctx context.Context, e simulated.Entry, p *steering.Project, say locale.Printer, places map[bot.MessageID]int) (web.MessageView, error) {
	at := e.At.In(p.Location())
	m := web.MessageView{ID: e.Place, Chat: "group", Day: say.Date(steering.DateOf(at), nil), Clock: say.Clock(at)}
	if e.Direct != "" {
		id, err := s.world.MemberOf(ctx, e.Platform, e.Direct)
		if err != nil {
			return m, err
		}
		m.Chat = id
	}
	if e.Heard != nil {
		id, err := s.world.MemberOf(ctx, e.Platform, e.Heard.From)
		if err != nil {
			return m, err
		}
		m.From, m.Name, m.HTML, m.Quote = id, s.world.Name(id), web.HTML(e.Heard.Text), places[e.Heard.Quote]
		m.Files = fileViews(e.Heard.Files)
		return m, nil
	}
	shown := bot.Shown(*e.Said, simulated.CapabilitiesOf(platform))
	m.HTML, m.Kind, m.Files = web.HTML(shown.Text), string(shown.Kind), fileViews(shown.Files)
	if e.Said.Thread != "" {
		m.Quote = places[e.Said.Thread]
	}
	for _, o := range shown.Options {
		m.Options = append(m.Options, web.OptionView{Label: o.Label, Action: o.Action, Style: o.Style})
	}
	return m, nil
}

func fileViews(files []bot.File) []web.FileView {
	var out []web.FileView
	for _, f := range files {
		out = append(out, web.FileView{Name: f.Name, MIME: f.MIME, SHA: f.SHA256})
	}
	return out
}

func (s *Stage) projectView(p *steering.Project, say locale.Printer) web.ProjectView {
	today := p.Today(s.world.Now())
	health, why := report.HealthWords(p, today, say)
	status := say.Text("status_card.head", locale.Args{
		"project": p.Name, "light": say.Text("health."+string(health)+".light", nil), "health": say.Text("health."+string(health)+".word", nil), "why": why,
	})
	v := web.ProjectView{Name: p.Name, Health: string(health), Status: web.HTML(status), Entries: s.entries(p, say)}
	stages := map[string]string{}
	for _, st := range p.Stages {
		stages[st.Key] = st.Name
	}
	for _, m := range p.Milestones {
		v.Milestones = append(v.Milestones, s.milestone(p, m, stages[m.Stage], today, say))
	}
	return v
}

func (s *Stage) milestone(p *steering.Project, m *steering.Milestone, stage string, today steering.Date, say locale.Printer) web.MilestoneView {
	v := web.MilestoneView{
		Key: m.Key, Name: m.Name, Stage: stage, Status: string(m.Status), Word: say.Text("status."+string(m.Status), nil),
		Due: say.ShortDate(m.Due, today), Gate: m.Gate, Progress: m.Progress, Late: m.IsOpen() && m.Due < today,
	}
	if m.Owner != "" {
		v.Owner = s.world.Name(string(m.Owner))
	}
	if m.Status == steering.Done {
		v.Due = say.ShortDate(m.DoneOn, today)
	} else if m.IsOpen() && m.Forecast > m.Due {
		v.Forecast = say.ShortDate(m.Forecast, today)
	}
	return v
}

// entries are the open register entries, one line each.
func (s *Stage) entries(p *steering.Project, say locale.Printer) []string {
	var out []string
	add := func(kind steering.EntryKind, id int, text string) {
		out = append(out, say.Text("kind."+string(kind), nil)+" "+strconv.Itoa(id)+": "+text)
	}
	for _, r := range p.Risks {
		if r.Status == steering.EntryOpen {
			add(steering.KindRisk, r.ID, r.Text)
		}
	}
	for _, r := range p.Issues {
		if r.Status == steering.EntryOpen {
			add(steering.KindIssue, r.ID, r.Text)
		}
	}
	for _, d := range p.Decisions {
		add(steering.KindDecision, d.ID, d.Text)
	}
	for _, a := range p.Actions {
		if a.Status == steering.EntryOpen {
			add(steering.KindAction, a.ID, a.Text)
		}
	}
	return out
}
