package report

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/xuri/excelize/v2"

	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
)

// Workbook writes the project as an XLSX workbook: the status first, then a sheet for the milestones and for each register
// that holds anything. Days are days and can be sorted.
func Workbook(p *steering.Project, today steering.Date, say locale.Printer, names Names) ([]byte, error) {
	f := excelize.NewFile()
	b := &book{File: f, say: say}
	if err := errors.Join(b.styles(), b.status(p, today, names)); err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	for _, t := range tables(p, say, names) {
		if err := b.sheet(t); err != nil {
			return nil, fmt.Errorf("write sheet %s: %w", t.key, err)
		}
	}
	var out bytes.Buffer
	if err := errors.Join(f.Write(&out), f.Close()); err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	return out.Bytes(), nil
}

type book struct {
	*excelize.File
	say             locale.Printer
	head, day, text int // styles
}

func (b *book) styles() (err error) {
	format := "yyyy-mm-dd"
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	if b.head, err = b.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E4E8ED"}}, Alignment: top}); err != nil {
		return err
	}
	if b.day, err = b.NewStyle(&excelize.Style{CustomNumFmt: &format, Alignment: top}); err != nil {
		return err
	}
	b.text, err = b.NewStyle(&excelize.Style{Alignment: top})
	return err
}

// status is the first sheet: the summary, a line a row.
func (b *book) status(p *steering.Project, today steering.Date, names Names) error {
	name := b.say.Text("table.status", nil)
	if err := errors.Join(b.SetSheetName("Sheet1", name), b.SetColWidth(name, "A", "A", 100), b.SetColStyle(name, "A", b.text)); err != nil {
		return err
	}
	for i, line := range statusLines(p, today, b.say, names) {
		if err := b.SetCellStr(name, fmt.Sprintf("A%d", i+1), markup.Plain(line)); err != nil {
			return err
		}
	}
	return b.SetCellStyle(name, "A1", "A1", b.head)
}

func (b *book) sheet(t table) error {
	name := b.say.Text("table."+t.key, nil)
	if _, err := b.NewSheet(name); err != nil {
		return err
	}
	for i, head := range t.heads(b.say) {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := errors.Join(b.SetCellStr(name, column+"1", head), b.SetColWidth(name, column, column, width(t, i))); err != nil {
			return err
		}
	}
	last, err := excelize.CoordinatesToCellName(len(t.columns), len(t.rows)+1)
	if err != nil {
		return err
	}
	if err := b.fill(name, t); err != nil {
		return err
	}
	end, err := excelize.CoordinatesToCellName(len(t.columns), 1)
	if err != nil {
		return err
	}
	return errors.Join(
		b.SetCellStyle(name, "A1", end, b.head),
		b.AutoFilter(name, "A1:"+last, nil),
		b.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}),
	)
}

func (b *book) fill(sheet string, t table) error {
	for r, row := range t.rows {
		for c, value := range row {
			cell, err := excelize.CoordinatesToCellName(c+1, r+2)
			if err != nil {
				return err
			}
			style := b.text
			if day, err := time.Parse(time.DateOnly, value); t.columns[c].day && err == nil {
				style = b.day
				err = b.SetCellValue(sheet, cell, day)
				if err != nil {
					return err
				}
			} else if err := b.SetCellStr(sheet, cell, value); err != nil {
				return err
			}
			if err := b.SetCellStyle(sheet, cell, cell, style); err != nil {
				return err
			}
		}
	}
	return nil
}

// width is that of a column, in characters: of its longest value, within what a screen shows.
func width(t table, column int) float64 {
	longest := 10
	for _, row := range t.rows {
		longest = max(longest, len([]rune(row[column])))
	}
	return float64(min(longest, 50) + 2)
}
