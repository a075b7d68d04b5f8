package report

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/tdewolff/canvas"
	"github.com/tdewolff/canvas/renderers/pdf"

	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
)

// Measures of a printed page in millimetres: A4, upright for the text.
const (
	sheetWidth, sheetHeight = 210.0, 297.0
	sheetMargin             = 18.0
	lineHeight              = 6.0
	printSize               = 10.0 // points
)

// PDF writes the timeline as a drawing that can be enlarged, and the status after it, on pages to be printed. The library
// writes the moment into the document and its fonts, so two documents of one state differ in their bytes.
func PDF(p *steering.Project, today steering.Date, say locale.Printer, names Names) ([]byte, error) {
	drawing, err := timeline(p, today, say)
	if err != nil {
		return nil, err
	}
	fontLock.Lock()
	defer fontLock.Unlock()
	family, err := fonts()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	height := sheetWidth * drawing.H / drawing.W
	doc := pdf.New(&out, sheetWidth, height, &pdf.Options{})
	doc.SetInfo(p.Name, "", "", "", "Timonel")
	drawing.RenderViewTo(doc, canvas.Identity.Scale(sheetWidth/drawing.W, sheetWidth/drawing.W))
	lines := printable(statusLines(p, today, say, names), family)
	const perPage = 43 // lines of a page within its margins
	for len(lines) > 0 {
		n := min(perPage, len(lines))
		doc.NewPage(sheetWidth, sheetHeight)
		printLines(lines[:n], family).RenderTo(doc)
		lines = lines[n:]
	}
	if err := doc.Close(); err != nil {
		return nil, fmt.Errorf("write document: %w", err)
	}
	return out.Bytes(), nil
}

// printLine is one line of a page.
type printLine struct {
	text string
	bold bool
}

// printable breaks the lines that are too long for a page and takes out what the fonts cannot show.
func printable(texts []string, family *canvas.FontFamily) []printLine {
	regular := family.Face(printSize, ink)
	var out []printLine
	for _, text := range texts {
		bold := text != "" && text == markup.Bold(markup.Plain(text))
		line := ""
		for _, word := range strings.Fields(strings.Map(shown, markup.Plain(text))) {
			next := strings.TrimSpace(line + " " + word)
			if line != "" && regular.TextWidth(next) > sheetWidth-2*sheetMargin {
				out = append(out, printLine{line, bold})
				next = word
			}
			line = next
		}
		out = append(out, printLine{line, bold})
	}
	return out
}

// shown drops emoji, and keeps letters, digits, marks and the bars of the stages.
func shown(r rune) rune {
	switch {
	case r == '█' || r == '░':
		return -1 // the share stands beside them
	case r == '•':
		return '·'
	case r > 0x2fff || unicode.Is(unicode.So, r) || r == 0xfe0f:
		return -1
	}
	return r
}

func printLines(lines []printLine, family *canvas.FontFamily) *canvas.Canvas {
	c := canvas.New(sheetWidth, sheetHeight)
	ctx := canvas.NewContext(c)
	ctx.SetCoordSystem(canvas.CartesianIV)
	for i, l := range lines {
		style := canvas.FontRegular
		if l.bold {
			style = canvas.FontBold
		}
		if l.text != "" {
			ctx.DrawText(sheetMargin, sheetMargin+float64(i+1)*lineHeight, canvas.NewTextLine(family.Face(printSize, ink, style), l.text, canvas.Left))
		}
	}
	return c
}
