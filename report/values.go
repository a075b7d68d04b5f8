package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"timonel/locale"
	"timonel/steering"
)

// CSV writes the milestones as comma-separated values in UTF-8 with a byte order mark, which is how spreadsheets know it;
// days are YYYY-MM-DD. A text that a spreadsheet would take for a formula is marked as text.
func CSV(p *steering.Project, say locale.Printer, names Names) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\uFEFF")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	t := milestoneTable(p, say, names)
	lines := append([][]string{t.heads(say)}, t.rows...)
	for _, line := range lines {
		for i := range line {
			line[i] = noFormula(line[i])
		}
		if err := w.Write(line); err != nil {
			return nil, fmt.Errorf("write values: %w", err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("write values: %w", err)
	}
	return out.Bytes(), nil
}

func noFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
