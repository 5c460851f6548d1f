package export

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kolmo/compare"
)

// section is what one kind of study, or one part of its results, shows: the same
// tables, verdicts and pictures on the terminal, in the report and as files. A new
// study is one function that returns one, and its line in sections.
type section struct {
	Name     string // of the files: Name.png, Name.svg
	Title    string
	Short    string // the title, for the table of contents
	Intro    string // for the report: one paragraph of plain text
	Tables   []sectionTable
	Verdicts []string
	Figure   *Figure // nil if there is nothing to draw
	Caption  string  // of the figure
}

// sectionTable is a table.
type sectionTable struct {
	Caption string
	Head    []string
	Rows    [][]tableCell
}

// tableCell is a text, the text of a number, or one of several numbers: a point, an interval.
type tableCell struct {
	Text             string
	Value            compare.Number // of a number
	Numeric, Numbers bool
}

// class returns the cell's class on a page: numbers stand to the right, and neither they nor
// names are broken.
func (c tableCell) class() string {
	const name = 24
	switch {
	case c.Numeric:
		return "num"
	case c.Numbers || utf8.RuneCountInString(c.Text) <= name:
		return "name"
	}
	return ""
}

// textCell returns a cell with a text.
func textCell(s string) tableCell { return tableCell{Text: s} }

// numbersCell returns a cell with a text of several numbers.
func numbersCell(s string) tableCell { return tableCell{Text: s, Numbers: true} }

// numberCell returns a cell with a number, shown as text if it is finite.
func numberCell(v compare.Number, text string) tableCell {
	if v-v != 0 {
		text = absent
	}
	return tableCell{Text: text, Value: v, Numeric: true}
}

// textNumber returns a cell that stands with the numbers.
func textNumber(text string) tableCell { return tableCell{Text: text, Numeric: true} }

// valueCell returns a cell with a number, with as many digits as its error leaves.
func valueCell(v, err compare.Number) tableCell {
	return numberCell(v, formatValue(float64(v), float64(err)))
}

// errorCell returns a cell with an error.
func errorCell(v compare.Number) tableCell { return numberCell(v, formatError(float64(v))) }

// fixedCell returns a cell with a number of so many decimals.
func fixedCell(v compare.Number, decimals int) tableCell {
	return numberCell(v, formatFixed(float64(v), decimals))
}

// significantCell returns a cell with a number of so many significant digits.
func significantCell(v compare.Number, digits int) tableCell {
	return numberCell(v, strconv.FormatFloat(float64(v), 'g', digits, 64))
}

// etaCell returns a cell with a learning rate as the study writes it.
func etaCell(eta float64, text string) tableCell {
	return numberCell(compare.Number(eta), clean(formatEta(eta, text)))
}

// sections returns what r has to show besides gaps and orders.
func sections(r *compare.Result) []*section {
	var out []*section
	for _, s := range []*section{modelSection(r), constantSection(r), localSection(r), decaySection(r), horizonSection(r), stationarySection(r), spectrumSection(r), crossingSection(r), variationSection(r), ledgerSection(r)} {
		if s != nil {
			out = append(out, s)
		}
	}
	return out
}

// short returns the section with its first table at the smallest learning rate alone.
func (s *section) short() *section {
	out := *s
	if len(s.Tables) > 0 {
		out.Tables = []sectionTable{s.Tables[0].atSmallestEta()}
	}
	return &out
}

// write writes the section as text.
func (s *section) write(w io.Writer) {
	fmt.Fprintln(w)
	wrap(w, "", "  ", s.Title)
	for _, t := range s.Tables {
		t.write(w)
	}
	for _, v := range s.Verdicts {
		wrap(w, "  ", "    ", v)
	}
}

// write writes the table as text, numbers to the right.
func (t *sectionTable) write(w io.Writer) {
	if t.Caption != "" {
		wrap(w, "  ", "    ", t.Caption)
	}
	lines := [][]string{t.Head}
	for _, row := range t.Rows {
		var cells []string
		for _, c := range row {
			cells = append(cells, clean(c.Text))
		}
		lines = append(lines, cells)
	}
	for _, columns := range t.parts(columnWidths(lines)) {
		t.writeColumns(w, lines, columns)
	}
}

// parts divides the columns where a line has no room for all of them: each part begins with
// those that name the rows.
func (t *sectionTable) parts(widths []int) [][]int {
	keys := 0
	for keys < len(widths) && (keys == 0 || t.Head[keys] == "eta" || t.Head[keys] == "beta" || len(t.Rows) > 0 && !t.Rows[0][keys].Numeric && !t.Rows[0][keys].Numbers) {
		keys++
	}
	room := tableWidth
	var part []int
	for k := range keys {
		part, room = append(part, k), room-2-widths[k]
	}
	var out [][]int
	left := room
	for k := keys; k < len(widths); k++ {
		if left < 2+widths[k] && len(part) > keys {
			out, part, left = append(out, part), slices.Clone(part[:keys]), room
		}
		part, left = append(part, k), left-2-widths[k]
	}
	return append(out, part)
}

// writeColumns writes some columns of the table.
func (t *sectionTable) writeColumns(w io.Writer, lines [][]string, columns []int) {
	widths := columnWidths(lines)
	for i, cells := range lines {
		var b strings.Builder
		for _, k := range columns {
			c := cells[k]
			pad := strings.Repeat(" ", widths[k]-utf8.RuneCountInString(c))
			if len(t.Rows) > 0 && t.Rows[max(i-1, 0)][k].Numeric {
				b.WriteString("  " + pad + c)
			} else {
				b.WriteString("  " + c + pad)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// intText returns a whole number as text.
func intText(n int) string { return strconv.Itoa(n) }
