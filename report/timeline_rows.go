package report

import (
	"fmt"
	"image/color"

	"github.com/tdewolff/canvas"

	"timonel/steering"
)

// group is one stage with its rows. A stage that is finished is one line: people look at what is ahead.
type group struct {
	name string
	rows []*steering.Milestone
	done int
}

// foldFrom is the number of milestones from which finished stages are folded, so that a long plan stays readable.
const foldFrom = 14

func (g group) folded() bool { return len(g.rows) == 0 && g.done > 0 }

func (g group) height() float64 { return stageHeight + rowHeight*float64(len(g.rows)) }

func grouped(p *steering.Project) []group {
	var groups []group
	index := map[string]int{}
	for _, s := range p.Stages {
		index[s.Key] = len(groups)
		groups = append(groups, group{name: s.Name})
	}
	for _, m := range p.Milestones {
		if m.Status == steering.Cancelled {
			continue
		}
		i, ok := index[m.Stage]
		if !ok {
			i = len(groups)
			index[m.Stage] = i
			groups = append(groups, group{})
		}
		groups[i].rows = append(groups[i].rows, m)
		if m.Status == steering.Done {
			groups[i].done++
		}
	}
	kept := groups[:0]
	for _, g := range groups {
		if len(g.rows) == 0 {
			continue
		}
		if g.done == len(g.rows) && len(p.Milestones) >= foldFrom {
			g.rows = nil
		}
		kept = append(kept, g)
	}
	return kept
}

// monthWidth is the room that a month's name needs.
const monthWidth = 70.0

// grid draws the months' names and the weeks' lines.
func (g *page) grid(height float64) {
	g.y = headHeight
	top, bottom := g.y+axisHeight-8, height-footHeight
	g.SetStrokeColor(faint)
	g.SetStrokeWidth(1.5)
	weeks := int(g.to-g.from) / 7
	for d := g.from.Monday() + 7; d < g.to; d += 7 {
		if weeks <= 30 {
			g.line(g.x(d), top, g.x(d), bottom)
		}
	}
	for d := firstOfMonth(g.from); d < g.to; d = d.AddMonths(1) {
		at := max(g.x(d), margin)
		if d >= g.from {
			g.SetStrokeWidth(3)
			g.line(g.x(d), top-14, g.x(d), bottom)
		}
		if room := g.x(d.AddMonths(1)) - at; room > monthWidth && at < pageWidth-margin-monthWidth {
			_, month, _ := d.Civil()
			g.text(at+8, g.y+32, small, canvas.FontBold, soft, g.say.Month(month), canvas.Left)
		}
	}
	g.SetStrokeColor(canvas.Transparent)
	g.y += axisHeight
}

func firstOfMonth(d steering.Date) steering.Date {
	y, m, _ := d.Civil()
	return steering.NewDate(y, m, 1)
}

func (g *page) stage(s group) {
	g.box(margin/2, g.y+6, pageWidth-margin, stageHeight-12, band)
	total := len(s.rows)
	if s.folded() {
		total = s.done
	}
	count := fmt.Sprintf("%d/%d", s.done, total)
	g.text(pageWidth-margin, g.y+41, small, canvas.FontBold, soft, count, canvas.Right)
	g.text(margin, g.y+41, middle, canvas.FontBold, ink, g.fit(s.name, middle, canvas.FontBold, pageWidth-2*margin-300), canvas.Left)
	g.bar(pageWidth-margin-260, g.y+26, 180, float64(s.done)/float64(max(total, 1)))
	g.y += stageHeight
	for _, m := range s.rows {
		g.row(m)
	}
}

func (g *page) bar(x, y, width, share float64) {
	g.box(x, y, width, 12, faint)
	if share > 0 {
		g.box(x, y, width*share, 12, okGreen)
	}
}

// row draws one milestone: its name and date above its track, the baseline hollow, the due date or its forecast filled.
func (g *page) row(m *steering.Milestone) {
	state := g.color(m)
	date, until := g.dateOf(m), m.Due
	if m.Status == steering.Done {
		until = m.DoneOn
	}
	dateWidth := g.width(date, small, canvas.FontRegular)
	name := g.fit(m.Key+". "+m.Name, small, canvas.FontRegular, pageWidth-2*margin-dateWidth-30)
	g.text(margin, g.y+30, small, canvas.FontRegular, ink, name, canvas.Left)
	g.text(pageWidth-margin, g.y+30, small, canvas.FontRegular, state, date, canvas.Right)
	track := g.y + 52
	g.box(margin, track-1.5, pageWidth-2*margin, 3, faint)
	if m.Start != 0 && m.Start < until {
		g.box(g.x(m.Start), track-4, g.x(until)-g.x(m.Start), 8, color.RGBA{0xc9, 0xd3, 0xde, 0xff})
	}
	end := until
	if m.IsOpen() {
		end = max(m.Forecast, m.Due)
	}
	if m.Baseline != 0 && end != m.Baseline {
		a, b := min(m.Baseline, end), max(m.Baseline, end)
		g.box(g.x(a), track-3, g.x(b)-g.x(a), 6, state)
		g.mark(g.x(m.Baseline), track, m.Gate, white, soft)
	}
	g.mark(g.x(end), track, m.Gate, state, state)
	g.y += rowHeight
}

func (g *page) dateOf(m *steering.Milestone) string {
	switch {
	case m.Status == steering.Done:
		return g.say.ShortDate(m.DoneOn, g.today)
	case m.Forecast > m.Due:
		return g.say.ShortDate(m.Due, g.today) + " → " + g.say.ShortDate(m.Forecast, g.today)
	}
	return g.say.ShortDate(m.Due, g.today)
}

// color tells how a milestone stands: done, late or blocked, later than the baseline, as planned.
func (g *page) color(m *steering.Milestone) color.RGBA {
	switch {
	case m.Status == steering.Done:
		return okGreen
	case m.Due < g.today, m.Status == steering.Blocked:
		return red
	case m.Forecast > m.Baseline:
		return amber
	}
	return todayInk
}

// mark draws a milestone: a diamond for a gate, a dot for the rest.
func (g *page) mark(x, y float64, gate bool, fill, stroke color.RGBA) {
	g.SetFillColor(fill)
	g.SetStrokeColor(stroke)
	g.SetStrokeWidth(3)
	if gate {
		d := canvas.MustParseSVGPath("M0 -13L13 0L0 13L-13 0z")
		g.DrawPath(x, y, d)
	} else {
		g.DrawPath(x, y, canvas.Circle(9.5))
	}
	g.SetStrokeColor(canvas.Transparent)
}

func (g *page) todayLine(height float64) {
	x := g.x(g.today)
	g.SetStrokeColor(todayInk)
	g.SetStrokeWidth(2.5)
	g.SetDashes(0, 8, 7)
	g.line(x, headHeight+axisHeight-10, x, height-footHeight)
	g.SetDashes(0)
	g.SetStrokeColor(canvas.Transparent)
	word := g.say.Text("timeline.today", nil)
	half := g.width(word, small, canvas.FontBold)/2 + 10
	at := min(max(x, margin+half), pageWidth-margin-half)
	g.box(at-half, headHeight+8, 2*half, 36, todayInk)
	g.text(at, headHeight+34, small, canvas.FontBold, white, word, canvas.Center)
}

// legendGap stands between two words of the legend, in pixels: all of them fit beside each other in every language.
const legendGap = 30.0

func (g *page) legend(height float64) {
	y := height - footHeight/2 + 4
	x := margin + 12
	for _, item := range []struct {
		key          string
		gate         bool
		fill, stroke color.RGBA
	}{
		{"timeline.baseline", false, white, soft}, {"timeline.planned", false, todayInk, todayInk}, {"timeline.slips", false, amber, amber}, {"timeline.late", false, red, red},
		{"timeline.done", false, okGreen, okGreen}, {"timeline.gate", true, todayInk, todayInk},
	} {
		word := g.say.Text(item.key, nil)
		g.mark(x, y-8, item.gate, item.fill, item.stroke)
		g.text(x+20, y, small, canvas.FontRegular, soft, word, canvas.Left)
		x += 20 + g.width(word, small, canvas.FontRegular) + legendGap
	}
}

func (g *page) box(x, y, w, h float64, c color.RGBA) {
	g.SetFillColor(c)
	g.SetStrokeColor(canvas.Transparent)
	g.DrawPath(x, y, canvas.MustParseSVGPath(fmt.Sprintf("M0 0L%g 0L%g %gL0 %gz", w, w, h, h)))
}

func (g *page) line(x1, y1, x2, y2 float64) {
	p := &canvas.Path{}
	p.MoveTo(0, 0)
	p.LineTo(x2-x1, y2-y1)
	g.SetFillColor(canvas.Transparent)
	g.DrawPath(x1, y1, p)
}

// points per pixel: canvas measures type in points and the page in what we call pixels (its millimetres).
const pointsPerPixel = 72 / 25.4

func (g *page) face(size float64, style canvas.FontStyle, c color.RGBA) *canvas.FontFace {
	return g.family.Face(size*pointsPerPixel, c, style)
}

func (g *page) text(x, y, size float64, style canvas.FontStyle, c color.RGBA, s string, align canvas.TextAlign) {
	g.DrawText(x, y, canvas.NewTextLine(g.face(size, style, c), drawable(s), align))
}

func (g *page) width(s string, size float64, style canvas.FontStyle) float64 {
	return g.face(size, style, ink).TextWidth(drawable(s))
}

// fit shortens a text to a width.
func (g *page) fit(s string, size float64, style canvas.FontStyle, width float64) string {
	s = drawable(s)
	if g.width(s, size, style) <= width {
		return s
	}
	runes := []rune(s)
	low, high := 0, min(len(runes), 200)
	for low < high {
		mid := (low + high + 1) / 2
		if g.width(string(runes[:mid])+"…", size, style) <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return string(runes[:low]) + "…"
}

// drawable drops what the fonts have no letter for: emoji and other scripts would be empty boxes.
func drawable(s string) string {
	var out []rune
	for _, r := range s {
		if r >= ' ' && r < 0x250 && r != 0x7f || r == '…' || r == '→' || r == '–' || r == '—' || r == '“' || r == '”' || r == '’' || r == '·' {
			out = append(out, r)
		}
	}
	return string(out)
}
