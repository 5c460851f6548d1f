// Package table writes tables of rows, whose fields say by their tags how they are shown, as
// text of 80 columns, on a page and as CSV; numbers have the digits that their errors leave.
package table

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"kolmo/compare"
)

// Table is a table, for the terminal and for a page.
type Table struct {
	Caption string
	Named   bool // the caption begins with a name, of which no letter changes
	Head    []string
	Rows    [][]Cell
	Notes   []string // below the rows, "" for none; nil: none at all
	Note    string   // below the table
	Spare   []string // the columns that are left out where a line has no room for them
}

// Cell is a text, the text of a number, or one of several numbers: a point, an interval.
type Cell struct {
	Text             string
	Value            compare.Number // of a number
	Numeric, Numbers bool
	Left             bool     // numbers of one digit before the point, which stands in line
	Mood             string   // good or bad, or ""
	Shorter          []string // what may stand for the text, where a line has no room
}

// Class returns the cell's Class on a page: numbers stand to the right, and neither they nor
// names are broken.
func (c Cell) Class() string {
	const name = 24
	switch {
	case c.Numeric:
		return "num"
	case c.Numbers:
		return "name"
	case utf8.RuneCountInString(c.Text) <= name:
		return strings.TrimSpace("name " + c.Mood)
	}
	return ""
}

// AtSmallestEta returns the rows of the smallest learning rate of a table with a column of them,
// and other tables as they are.
func (t *Table) AtSmallestEta() Table {
	out := *t
	k := slices.Index(t.Head, "eta")
	if k < 0 || len(t.Rows) == 0 {
		return out
	}
	least := t.Rows[0][k]
	for _, row := range t.Rows {
		if row[k].Value < least.Value {
			least = row[k]
		}
	}
	out.Rows = nil
	for _, row := range t.Rows {
		if row[k].Value == least.Value {
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}

// DropColumn removes a column.
func (t *Table) DropColumn(head string) {
	k := slices.Index(t.Head, head)
	t.Head = slices.Delete(t.Head, k, k+1)
	for i := range t.Rows {
		t.Rows[i] = slices.Delete(t.Rows[i], k, k+1)
	}
}

// Numeric reports that a column holds numbers.
func (t *Table) Numeric(k int) bool { return len(t.Rows) > 0 && t.Rows[0][k].Numeric }

// Write writes the table as text: numbers to the right, in as many parts as lines have no room
// for, of which each begins with the columns that name the rows.
func (t *Table) Write(w io.Writer) {
	if t.Caption != "" {
		Wrap(w, "  ", "    ", t.Caption)
	}
	lines, columns := t.fitting()
	parts := t.parts(columns, columnWidths(lines))
	for i, part := range parts {
		t.writeColumns(w, lines, part, i == len(parts)-1)
	}
	if t.Note != "" {
		Wrap(w, "  ", "    ", t.Note)
	}
}

// fitting returns the cells of all lines, and the columns that are shown: texts are shortened and
// spare columns left out until a line has room for the rest.
func (t *Table) fitting() (lines [][]string, columns []int) {
	for k := range t.Head {
		columns = append(columns, k)
	}
	for level := 0; ; level++ {
		lines = [][]string{t.Head}
		shorter := false
		for _, row := range t.Rows {
			cells := make([]string, len(row))
			for k, c := range row {
				cells[k] = Clean(c.Text)
				if n := min(level, len(c.Shorter)); n > 0 {
					cells[k] = c.Shorter[n-1]
				}
				shorter = shorter || level < len(c.Shorter)
			}
			lines = append(lines, cells)
		}
		if !shorter || lineWidth(columnWidths(lines), columns) <= Width {
			break
		}
	}
	for _, head := range t.Spare {
		if lineWidth(columnWidths(lines), columns) > Width {
			columns = slices.DeleteFunc(columns, func(k int) bool { return t.Head[k] == head })
		}
	}
	return lines, columns
}

// columnWidths returns the widest cell of each column.
func columnWidths(lines [][]string) []int {
	w := make([]int, len(lines[0]))
	for _, cells := range lines {
		for k, c := range cells {
			w[k] = max(w[k], utf8.RuneCountInString(c))
		}
	}
	return w
}

// lineWidth returns the width of some columns with two blanks before each.
func lineWidth(widths, columns []int) int {
	sum := 0
	for _, k := range columns {
		sum += 2 + widths[k]
	}
	return sum
}

// parts divides the columns where a line has no room for all of them: each part begins with
// those that name the rows, and all are about as wide.
func (t *Table) parts(columns, widths []int) [][]int {
	if lineWidth(widths, columns) <= Width {
		return [][]int{columns}
	}
	out := t.filled(columns, widths, Width)
	for width := Width - 1; width > 0; width-- {
		narrower := t.filled(columns, widths, width)
		if len(narrower) > len(out) {
			break
		}
		out = narrower
	}
	return out
}

// filled divides the columns into parts that are filled up to a width.
func (t *Table) filled(columns, widths []int, width int) [][]int {
	keys := 0
	for keys < len(columns) && (keys == 0 || t.names(columns[keys])) {
		keys++
	}
	part := slices.Clone(columns[:keys])
	room := width - lineWidth(widths, part)
	var out [][]int
	left := room
	for _, k := range columns[keys:] {
		if left < 2+widths[k] && len(part) > keys {
			out, part, left = append(out, part), slices.Clone(columns[:keys]), room
		}
		part, left = append(part, k), left-2-widths[k]
	}
	return append(out, part)
}

// names reports that a column is part of the name of a row.
func (t *Table) names(k int) bool {
	return t.Head[k] == "eta" || t.Head[k] == "beta" || len(t.Rows) > 0 && !t.Rows[0][k].Numeric && !t.Rows[0][k].Numbers
}

// writeColumns writes some columns of the table, and below its rows their notes.
func (t *Table) writeColumns(w io.Writer, lines [][]string, columns []int, notes bool) {
	widths := columnWidths(lines)
	for i, cells := range lines {
		var b strings.Builder
		for _, k := range columns {
			c := cells[k]
			pad := strings.Repeat(" ", widths[k]-utf8.RuneCountInString(c))
			if len(t.Rows) > 0 && t.Rows[max(i-1, 0)][k].Numeric && !t.Rows[max(i-1, 0)][k].Left {
				b.WriteString("  " + pad + c)
			} else {
				b.WriteString("  " + c + pad)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
		if notes && i > 0 && t.Notes != nil && t.Notes[i-1] != "" {
			Wrap(w, "      ", "        ", t.Notes[i-1])
		}
	}
}

// Below returns the Note below a row, "" for none.
func (t *Table) Below(row int) string {
	if t.Notes == nil {
		return ""
	}
	return t.Notes[row]
}
