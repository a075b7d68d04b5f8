package conversations

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"timonel/bot"
	"timonel/locale"
	"timonel/steering"
)

// mineItem is one line of what waits for a person.
type mineItem struct {
	due  steering.Date
	item bot.HomeItem
}

// Home is a person's page: what waits for them, their projects by health, and for a lead all that they lead.
func (e *Engine) Home(ctx context.Context, in bot.Incoming) (home bot.Home, err error) {
	err = e.look(ctx, in, func(t *turn) error {
		home, err = t.home()
		return err
	})
	return home, err
}

func (t *turn) home() (bot.Home, error) {
	say := t.say
	h := bot.Home{Title: say.Text("home.title", nil)}
	may, err := t.mayOpen()
	if err != nil {
		return h, err
	}
	if may {
		h.Options = []bot.Option{{Label: say.Text("home.new", nil), Action: actionNew, Style: "primary"}}
	}
	keys, err := t.tx.ProjectsOf(t.person.ID)
	if err != nil {
		return h, err
	}
	var milestones, actions []mineItem
	var led, others []standing
	for _, key := range keys {
		p, err := t.tx.Project(key)
		if err != nil {
			return h, err
		}
		if p.Status == steering.ProjectClosed {
			continue
		}
		t.p, t.say = p, say
		milestones, actions = append(milestones, t.homeMilestones()...), append(actions, t.homeActions()...)
		if p.Member(t.person.ID).Has(steering.RoleLead) {
			led = append(led, t.homeProject())
		} else {
			others = append(others, t.homeProject())
		}
	}
	t.p, t.say = nil, say
	h.Sections = []bot.HomeSection{
		{Title: say.Text("home.milestones", nil), Items: byDate(milestones), Empty: say.Text("home.no_milestones", nil)},
		{Title: say.Text("home.actions", nil), Items: byDate(actions), Empty: say.Text("home.no_actions", nil)},
	}
	if len(led) > 0 {
		h.Sections = append(h.Sections, bot.HomeSection{Title: say.Text("home.portfolio", nil), Items: worstFirst(led)})
	}
	if len(others) > 0 || len(led) == 0 {
		h.Sections = append(h.Sections, bot.HomeSection{Title: say.Text("home.projects", nil), Items: worstFirst(others), Empty: say.Text("home.no_projects", nil)})
	}
	return h, nil
}

func byDate(items []mineItem) []bot.HomeItem {
	slices.SortStableFunc(items, func(a, b mineItem) int { return cmp.Compare(a.due, b.due) })
	var out []bot.HomeItem
	for _, i := range items {
		out = append(out, i.item)
	}
	return out
}

// homeMilestones are the person's open milestones in the project at hand, with what can be done about each.
func (t *turn) homeMilestones() []mineItem {
	var out []mineItem
	for _, m := range t.p.Mine(t.person.ID) {
		key, object := "home.milestone_item", ":"+t.p.Key+":"+m.Key
		if m.Due < t.today() {
			key = "home.late_item"
		}
		out = append(out, mineItem{m.Due, bot.HomeItem{
			Text: t.say.Text(key, locale.Args{"date": t.say.ShortDate(m.Due, t.today()), "milestone": locale.Marked(t.ref(m)), "project": t.p.Name}),
			Options: []bot.Option{
				{Label: t.say.Text("button.done", nil), Action: "done" + object}, {Label: t.say.Text("button.move", nil), Action: "move" + object},
				{Label: t.say.Text("button.snooze", nil), Action: "snooze" + object},
			},
		}})
	}
	return out
}

func (t *turn) homeActions() []mineItem {
	var out []mineItem
	for _, a := range t.p.Actions {
		if a.Owner != t.person.ID || a.Status != steering.EntryOpen {
			continue
		}
		args := locale.Args{"text": a.Text, "project": t.p.Name}
		key, due := "home.action_undated", steering.Date(1<<30)
		if a.Due != 0 {
			key, due = "home.action_item", a.Due
			args["date"] = t.say.ShortDate(a.Due, t.today())
		}
		out = append(out, mineItem{due, bot.HomeItem{
			Text:    t.say.Text(key, args),
			Options: []bot.Option{{Label: t.say.Text("button.done", nil), Action: "close:" + t.p.Key + ":" + strconv.Itoa(a.ID)}},
		}})
	}
	return out
}

// standing is one project on a home page.
type standing struct {
	health steering.Health
	item   bot.HomeItem
}

func worstFirst(list []standing) []bot.HomeItem {
	grade := map[steering.Health]int{steering.Red: 0, steering.Amber: 1, steering.Green: 2}
	slices.SortStableFunc(list, func(a, b standing) int { return cmp.Compare(grade[a.health], grade[b.health]) })
	var out []bot.HomeItem
	for _, s := range list {
		out = append(out, s.item)
	}
	return out
}

// homeProject is the line of the project at hand: its light and its go-live.
func (t *turn) homeProject() standing {
	health, _ := t.p.Assess(t.today())
	golive := ""
	if g := t.p.GoLive(); g != nil {
		golive = "\n" + t.goLiveLine(g)
	}
	return standing{health, bot.HomeItem{Text: t.say.Text("home.project_item", locale.Args{
		"light": t.say.Text("health."+string(health)+".light", nil), "project": t.p.Name, "key": t.p.Key, "golive": locale.Marked(golive),
	})}}
}
