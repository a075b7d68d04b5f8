package report

import (
	"fmt"
	"strings"

	"timonel/locale"
	"timonel/steering"
)

// column is one of a table: the key of its head in the catalogue, and whether it holds days.
type column struct {
	key string
	day bool
}

// table is what a workbook, a page and a file of values show alike. Days stand in rows as YYYY-MM-DD.
type table struct {
	key     string // of its title in the catalogue
	columns []column
	rows    [][]string
}

// tables lists the milestones and the registers that hold anything. Invoices are nobody's but the lead's and stay out.
func tables(p *steering.Project, say locale.Printer, names Names) []table {
	all := []table{milestoneTable(p, say, names), actionTable(p, say, names), riskTable(p, say, names), issueTable(p, say, names), decisionTable(p, names), changeTable(p, say, names)}
	out := all[:1]
	for _, t := range all[1:] {
		if len(t.rows) > 0 {
			out = append(out, t)
		}
	}
	return out
}

func milestoneTable(p *steering.Project, say locale.Printer, names Names) table {
	t := table{key: "milestones", columns: []column{
		{"number", false}, {"milestone", false}, {"stage", false}, {"side", false}, {"owner", false}, {"status", false}, {"progress", false},
		{"baseline", true}, {"due", true}, {"forecast", true}, {"done_on", true}, {"depends_on", false}, {"blocked_by", false}, {"signoff", false},
	}}
	stages := map[string]string{}
	for _, s := range p.Stages {
		stages[s.Key] = s.Name
	}
	for _, m := range p.Milestones {
		t.rows = append(t.rows, []string{
			m.Key, m.Name, stages[m.Stage], worded(say, "side.", string(m.Side)), named(names, m.Owner), worded(say, "status.", string(m.Status)),
			fmt.Sprintf("%d %%", shareDone(m)), dayOf(m.Baseline), dayOf(m.Due), dayOf(m.Forecast), dayOf(m.DoneOn), strings.Join(m.DependsOn, ", "),
			m.BlockedBy, signedBy(m, names),
		})
	}
	return t
}

// shareDone is a milestone's progress in percent; what is reported complete is all done.
func shareDone(m *steering.Milestone) int {
	if m.Status == steering.Done || m.Status == steering.Submitted {
		return 100
	}
	return m.Progress
}

func signedBy(m *steering.Milestone, names Names) string {
	if m.SignOff == nil {
		return ""
	}
	var who []string
	for _, g := range m.SignOff.Given {
		who = append(who, named(names, g.Person))
	}
	return strings.Join(who, ", ")
}

func actionTable(p *steering.Project, say locale.Printer, names Names) table {
	t := table{key: "actions", columns: []column{{"number", false}, {"text", false}, {"owner", false}, {"due", true}, {"status", false}}}
	for _, a := range p.Actions {
		t.rows = append(t.rows, []string{fmt.Sprint(a.ID), a.Text, named(names, a.Owner), dayOf(a.Due), worded(say, "entry_status.action_", string(a.Status))})
	}
	return t
}

func riskTable(p *steering.Project, say locale.Printer, names Names) table {
	t := table{key: "risks", columns: []column{{"number", false}, {"text", false}, {"owner", false}, {"probability", false}, {"impact", false}, {"status", false}}}
	for _, r := range p.Risks {
		t.rows = append(t.rows, []string{
			fmt.Sprint(r.ID), r.Text, named(names, r.Owner), worded(say, "level.", string(r.Probability)), worded(say, "level_impact.", string(r.Impact)),
			worded(say, "entry_status.risk_", string(r.Status)),
		})
	}
	return t
}

func issueTable(p *steering.Project, say locale.Printer, names Names) table {
	t := table{key: "issues", columns: []column{{"number", false}, {"text", false}, {"owner", false}, {"status", false}}}
	for _, i := range p.Issues {
		t.rows = append(t.rows, []string{fmt.Sprint(i.ID), i.Text, named(names, i.Owner), worded(say, "entry_status.issue_", string(i.Status))})
	}
	return t
}

func decisionTable(p *steering.Project, names Names) table {
	t := table{key: "decisions", columns: []column{{"number", false}, {"text", false}, {"by", false}, {"on", true}}}
	for _, d := range p.Decisions {
		t.rows = append(t.rows, []string{fmt.Sprint(d.ID), d.Text, named(names, d.By), dayOf(p.Today(d.At))})
	}
	return t
}

func changeTable(p *steering.Project, say locale.Printer, names Names) table {
	t := table{key: "changes", columns: []column{{"number", false}, {"text", false}, {"by", false}, {"scope", false}, {"status", false}}}
	for _, c := range p.Changes {
		scope := worded(say, "scope.", string(c.Scope))
		if c.Billable {
			scope = say.Text("scope.billable", nil)
		}
		t.rows = append(t.rows, []string{fmt.Sprint(c.ID), c.Text, named(names, c.By), scope, worded(say, "entry_status.change_", string(c.Status))})
	}
	return t
}

// worded is a value in words, "" for none.
func worded(say locale.Printer, prefix, value string) string {
	if value == "" {
		return ""
	}
	return say.Text(prefix+value, nil)
}

func named(names Names, id steering.PersonID) string {
	if id == "" {
		return ""
	}
	return names.of(id)
}

func dayOf(d steering.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// heads are a table's columns in words.
func (t table) heads(say locale.Printer) []string {
	var out []string
	for _, c := range t.columns {
		out = append(out, say.Text("column."+c.key, nil))
	}
	return out
}
