package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/color"
	"slices"
	"sync"

	"github.com/tdewolff/canvas"
	"github.com/tdewolff/canvas/renderers/rasterizer"
	"github.com/tdewolff/canvas/renderers/svg"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"image/png"

	"timonel/locale"
	"timonel/steering"
)

// TimelinePNG draws the project's timeline as a picture for a phone: stages, milestones, baseline against forecast, today.
func TimelinePNG(p *steering.Project, today steering.Date, say locale.Printer) ([]byte, error) {
	c, err := timeline(p, today, say)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&out, rasterizer.Draw(c, canvas.DPMM(1), canvas.DefaultColorSpace)); err != nil {
		return nil, fmt.Errorf("encode timeline: %w", err)
	}
	return out.Bytes(), nil
}

// TimelineSVG is the same drawing as scalable graphics, with its fonts embedded.
func TimelineSVG(p *steering.Project, today steering.Date, say locale.Printer) ([]byte, error) {
	c, err := timeline(p, today, say)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	r := svg.New(&out, c.W, c.H, &svg.Options{SizeUnits: "px"})
	c.RenderTo(r)
	if err := r.Close(); err != nil {
		return nil, fmt.Errorf("write timeline: %w", err)
	}
	return embedded(out.Bytes()), nil
}

// embedded puts the fonts into a drawing. The library would too, but with the moment of writing in them.
func embedded(drawing []byte) []byte {
	open := bytes.Index(drawing, []byte("<svg"))
	end := bytes.IndexByte(drawing[max(open, 0):], '>')
	if open < 0 || end < 0 {
		return drawing
	}
	face := func(ttf []byte, weight int) string {
		return fmt.Sprintf("@font-face{font-family:'go';font-weight:%d;src:url('data:font/ttf;base64,%s');}\n", weight, base64.StdEncoding.EncodeToString(ttf))
	}
	style := "<style>\n" + face(goregular.TTF, 400) + face(gobold.TTF, 700) + "</style>"
	return slices.Insert(drawing, open+end+1, []byte(style)...)
}

// Measures of the drawing in pixels: 1080 is the width of a phone's picture, and its smallest text is read at arm's
// length there.
const (
	pageWidth   = 1080.0
	margin      = 40.0
	headHeight  = 190.0
	axisHeight  = 56.0
	stageHeight = 64.0
	rowHeight   = 74.0
	footHeight  = 92.0
	big         = 44.0
	middle      = 30.0
	small       = 25.0
)

var (
	ink      = color.RGBA{0x1f, 0x29, 0x33, 0xff}
	soft     = color.RGBA{0x6b, 0x77, 0x85, 0xff}
	faint    = color.RGBA{0xe4, 0xe8, 0xed, 0xff}
	band     = color.RGBA{0xf3, 0xf5, 0xf8, 0xff}
	todayInk = color.RGBA{0x2f, 0x6f, 0xed, 0xff}
	okGreen  = color.RGBA{0x2e, 0x9e, 0x5b, 0xff}
	amber    = color.RGBA{0xe0, 0x9b, 0x12, 0xff}
	red      = color.RGBA{0xd6, 0x3a, 0x3a, 0xff}
	white    = color.RGBA{0xff, 0xff, 0xff, 0xff}
)

// fonts are parsed once: they are the Go fonts, which carry every letter of our three languages.
var fonts = sync.OnceValues(func() (*canvas.FontFamily, error) {
	family := canvas.NewFontFamily("go")
	if err := family.LoadFont(goregular.TTF, 0, canvas.FontRegular); err != nil {
		return nil, fmt.Errorf("load font: %w", err)
	}
	if err := family.LoadFont(gobold.TTF, 0, canvas.FontBold); err != nil {
		return nil, fmt.Errorf("load bold font: %w", err)
	}
	return family, nil
})

// fontLock: faces share a shaping cache that is not made for several goroutines.
var fontLock sync.Mutex

// page is the drawing under way: where its rows stand and how its days map to pixels.
type page struct {
	*canvas.Context
	family   *canvas.FontFamily
	p        *steering.Project
	today    steering.Date
	say      locale.Printer
	from, to steering.Date
	y        float64
}

func timeline(p *steering.Project, today steering.Date, say locale.Printer) (*canvas.Canvas, error) {
	fontLock.Lock()
	defer fontLock.Unlock()
	family, err := fonts()
	if err != nil {
		return nil, err
	}
	groups := grouped(p)
	height := headHeight + axisHeight + footHeight
	for _, g := range groups {
		height += g.height()
	}
	c := canvas.New(pageWidth, height)
	pg := &page{Context: canvas.NewContext(c), family: family, p: p, today: today, say: say}
	pg.SetCoordSystem(canvas.CartesianIV)
	pg.from, pg.to = span(p, today)
	pg.box(0, 0, pageWidth, height, white)
	pg.head()
	pg.grid(height)
	pg.todayLine(height)
	for _, g := range groups {
		pg.stage(g)
	}
	pg.legend(height)
	return c, nil
}

// span is the time that the axis shows: from the first date to the last, a few days of air on both sides.
func span(p *steering.Project, today steering.Date) (from, to steering.Date) {
	from, to = today, today
	for _, m := range p.Milestones {
		for _, d := range []steering.Date{m.Baseline, m.Due, m.Forecast, m.DoneOn} {
			if d != 0 && m.Status != steering.Cancelled {
				from, to = min(from, d), max(to, d)
			}
		}
	}
	if p.Start != 0 {
		from = min(from, p.Start)
	}
	air := max(steering.Date(3), (to-from)/25)
	return from - air, to + air
}

// x maps a day to its place on the axis.
func (g *page) x(d steering.Date) float64 {
	return margin + (pageWidth-2*margin)*float64(d-g.from)/float64(g.to-g.from)
}

func (g *page) head() {
	health, _ := g.p.Assess(g.today)
	g.SetFillColor(healthColor(health))
	g.DrawPath(margin+16, 62, canvas.Circle(16))
	g.text(margin+48, 78, big, canvas.FontBold, ink, g.fit(g.p.Name, big, canvas.FontBold, pageWidth-2*margin-48), canvas.Left)
	g.text(margin, 126, middle, canvas.FontRegular, soft, g.say.Text("timeline.as_of", locale.Args{"date": g.say.Date(g.today, nil)}), canvas.Left)
	if golive := g.p.GoLive(); golive != nil {
		g.text(margin, 168, middle, canvas.FontRegular, ink, g.goLive(golive), canvas.Left)
	}
}

func (g *page) goLive(m *steering.Milestone) string {
	if m.Status == steering.Done {
		return g.say.Text("timeline.live", locale.Args{"date": g.say.Date(m.DoneOn, g.today)})
	}
	args := locale.Args{"date": g.say.Date(m.Forecast, g.today), "n": g.p.Calendar.Between(m.Baseline, m.Forecast)}
	if m.Forecast > m.Baseline {
		return g.say.Text("timeline.golive_late", args)
	}
	return g.say.Text("timeline.golive", args)
}

func healthColor(h steering.Health) color.RGBA {
	switch h {
	case steering.Red:
		return red
	case steering.Amber:
		return amber
	case steering.Green:
		return okGreen
	}
	return okGreen
}
