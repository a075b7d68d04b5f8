package report

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"timonel/locale"
	"timonel/steering"
)

// filed is the project with registers, and with texts that a spreadsheet or a page could be harmed by.
func filed() *steering.Project {
	p := project()
	p.Actions = []*steering.Action{{ID: 1, Text: `=HYPERLINK("http://x.invalid")`, Owner: "bruno", Due: steering.NewDate(2026, 3, 20), Status: steering.EntryOpen}}
	p.Risks = []*steering.Risk{{ID: 1, Text: "<script>alert(1)</script>", Probability: steering.High, Impact: steering.High, Status: steering.EntryOpen}}
	p.Decisions = []*steering.Decision{{ID: 1, Text: "go-live en mayo", By: "ana", At: time.Date(2026, 3, 12, 3, 0, 0, 0, time.UTC)}}
	p.Invoices = []*steering.Invoice{{ID: 1, For: "licencia secreta", Status: steering.InvoiceOpen}}
	p.Milestones[0].Name = "-2+3 arranque"
	p.Milestones[0].Owner = "ana"
	return p
}

func people(id steering.PersonID) string {
	return map[steering.PersonID]string{"ana": "Ana Ruiz", "bruno": "Bruno Díaz"}[id]
}

var files = map[string]func(*steering.Project, steering.Date, locale.Printer, Names) ([]byte, error){
	"csv": func(p *steering.Project, _ steering.Date, say locale.Printer, names Names) ([]byte, error) {
		return CSV(p, say, names)
	},
	"xlsx": Workbook, "html": HTML, "pdf": PDF,
}

// TestFiles: the same state gives the same bytes (in a document, the same pages), an empty project gives a file too, and no
// invoice is in any.
func TestFiles(t *testing.T) {
	today := steering.NewDate(2026, 3, 18)
	for format, make := range files {
		for _, lang := range locale.Languages {
			first, err := make(filed(), today, locale.For(lang), people)
			if err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			again, err := make(filed(), today, locale.For(lang), people)
			same := bytes.Equal(first, again)
			if format == "pdf" {
				same = pages(first) == 2 && pages(again) == 2
			}
			if err != nil || !same {
				t.Errorf("%s, %s: the same project made two files (%v)", format, lang, err)
			}
			if bytes.Contains(first, []byte("licencia secreta")) {
				t.Errorf("%s shows an invoice", format)
			}
			if len(first) > 1<<20 {
				t.Errorf("%s is of %d bytes", format, len(first))
			}
		}
		if data, err := make(&steering.Project{Key: "NEW", Name: "New", Language: "en"}, today, locale.For("en"), nil); err != nil || len(data) == 0 {
			t.Errorf("%s of an empty project: %d bytes, %v", format, len(data), err)
		}
	}
}

// pages of a document.
func pages(doc []byte) int { return bytes.Count(doc, []byte("/Type/Page/")) }

func TestCSV(t *testing.T) {
	data, err := CSV(filed(), locale.For("es"), people)
	if err != nil {
		t.Fatal(err)
	}
	rest, found := bytes.CutPrefix(data, []byte("\uFEFF"))
	if !found {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(bytes.NewReader(rest)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 6 || strings.Join(rows[0][:5], "|") != "N.º|Hito|Etapa|Lado|Responsable" {
		t.Errorf("%d rows: %v", len(rows), rows[0])
	}
	if got := rows[1]; got[1] != "'-2+3 arranque" || got[4] != "Ana Ruiz" || got[5] != "listo" || got[6] != "100 %" || got[10] != "2026-03-04" {
		t.Errorf("the first milestone is %v", got)
	}
	if got := rows[3]; got[7] != "2026-03-20" || got[8] != "2026-03-27" || got[11] != "2" || got[12] != "accesos" {
		t.Errorf("the third milestone is %v", got)
	}
}

func TestWorkbook(t *testing.T) {
	data, err := Workbook(filed(), steering.NewDate(2026, 3, 18), locale.For("pt"), people)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if got := strings.Join(f.GetSheetList(), "|"); got != "Situação|Marcos|Ações|Riscos|Decisões" {
		t.Errorf("sheets %s", got)
	}
	for cell, want := range map[string]string{"B2": "-2+3 arranque", "I4": "2026-03-27", "K2": "2026-03-04", "M4": "accesos"} {
		if got, err := f.GetCellValue("Marcos", cell); err != nil || got != want {
			t.Errorf("Marcos!%s is %q, want %q (%v)", cell, got, want, err)
		}
	}
	if kind, err := f.GetCellType("Marcos", "I4"); err != nil || kind == excelize.CellTypeSharedString {
		t.Errorf("a day is stored as text (%v, %v)", kind, err)
	}
	if formula, err := f.GetCellFormula("Ações", "B2"); err != nil || formula != "" {
		t.Errorf("a text became the formula %q (%v)", formula, err)
	}
}

// TestHTML: the page stands alone, what people wrote is text in it, and every element is closed.
func TestHTML(t *testing.T) {
	data, err := HTML(filed(), steering.NewDate(2026, 3, 18), locale.For("es"), people)
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	for _, want := range []string{`<html lang="es">`, "<h1>ACME · FieldPro para 12 tiendas · resumen al miércoles 18 mar</h1>", "<b>Etapas</b>", "<svg", "<h2>Hitos</h2>", "<td>Bruno Díaz</td>", "&lt;script&gt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script") || regexp.MustCompile(`(?:src|href)="http`).MatchString(page) {
		t.Error("the page runs or loads something")
	}
	if d := strings.Count(page, "<table>") - strings.Count(page, "</table>"); d != 0 || strings.Count(page, "<table>") != 4 {
		t.Errorf("%d tables, %d unclosed", strings.Count(page, "<table>"), d)
	}
	drawing := page[strings.Index(page, "<svg") : strings.Index(page, "</svg>")+len("</svg>")]
	for x := xml.NewDecoder(strings.NewReader(drawing)); ; {
		if _, err := x.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the drawing: %v", err)
		}
	}
}

func TestPDF(t *testing.T) {
	p := filed()
	for i := range 60 {
		p.Risks = append(p.Risks, &steering.Risk{ID: i + 2, Text: strings.Repeat("un riesgo que no cabe en una línea ", 8), Status: steering.EntryOpen})
	}
	data, err := PDF(p, steering.NewDate(2026, 3, 18), locale.For("es"), people)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.Contains(data[len(data)-64:], []byte("%%EOF")) {
		t.Error("no document")
	}
	if n := pages(data); n < 2 {
		t.Errorf("%d pages", n)
	}
}
