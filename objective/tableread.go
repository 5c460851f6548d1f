package objective

import (
	"fmt"
	"strconv"
	"strings"
)

// read reads all rows from an offset on; the names of the columns stand at the offset
// names if that is not negative.
func (t *Table) read(begin, names int) error {
	c := &t.source
	var head row
	rows := begin
	if names >= 0 {
		plain := *c
		plain.comment = ""
		if _, _, err := plain.row(names, &head); err != nil {
			return err
		}
	} else {
		next, ok, err := c.row(begin, &head)
		if err != nil {
			return err
		}
		if !ok {
			return &TableError{Line: 1, Column: 1, Msg: "the file is empty; expected a line with the names of the columns"}
		}
		if t.format.Header != HeaderAbsent {
			rows = next
		}
	}
	if err := t.head(&head, names >= 0); err != nil {
		return err
	}
	if err := t.body(rows, &head); err != nil {
		return err
	}
	return t.distinct(&head)
}

// head takes the names of the columns from the first row.
func (t *Table) head(r *row, behindComment bool) error {
	if t.format.Header == HeaderAbsent {
		for i := range r.cells {
			t.names = append(t.names, "c"+strconv.Itoa(i+1))
		}
		return nil
	}
	if r.numeric() && t.format.Header == HeaderFound && !behindComment {
		err := t.source.fault(r.offset, "the first line is all numbers: write header: false under sample if it is data, whose columns are then c1, c2, .., or header: true if these are names")
		err.Headless = true
		return err
	}
	for _, p := range r.cells {
		t.names = append(t.names, p.text)
		if t.numeric == "" && looksNumeric(p.text) {
			t.numeric = p.text
		}
	}
	if t.numeric != "" && t.format.Header == HeaderFound {
		t.note("its first line as names although %s is a number", t.numeric)
	}
	t.format.Header = HeaderPresent
	return nil
}

// fits reports whether a row has the cells of the first one: those that have a name, and
// none beyond but empty ones and, in all its columns, ones without a name.
func (r *row) fits(head *row) bool {
	n, filled, total, named := len(r.cells), r.filled(), len(head.cells), head.filled()
	return n >= named && filled <= total && (n >= total || filled <= named)
}

// body reads the rows from an offset on. Columns without a name and a value, cells and
// rows that are empty at the end are left out.
func (t *Table) body(next int, head *row) error {
	c := &t.source
	total, width := len(head.cells), max(head.filled(), 1)
	if t.format.Header == HeaderAbsent {
		width = total
	}
	starts := make([]uint32, 0, c.roughly(next))
	empty, more := 0, false // rows at the end; cells at the ends of rows
	trimmed := head.trimmed()
	var r row
	for {
		behind, ok, err := c.row(next, &r)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if !r.fits(head) {
			return t.ragged(&r, head)
		}
		filled := r.filled()
		width = max(width, filled)
		more = more || len(r.cells) > total
		if empty++; filled > 0 || total == 1 {
			empty = 0
		}
		trimmed = trimmed || r.trimmed()
		for i := range total {
			at := uint32(r.end) // an empty cell
			if i < len(r.cells) {
				at = r.starts[i]
			}
			starts = append(starts, at)
		}
		next = behind
	}
	starts = starts[:len(starts)-empty*total]
	if width < total {
		t.note("%s left out", count(total-width, "empty column"))
		k := 0
		for i, at := range starts {
			if i%total < width {
				starts[k] = at
				k++
			}
		}
		starts = starts[:k]
		t.names = t.names[:width]
	}
	if c.comments > 0 {
		t.note("%s (%s) left out", count(c.comments, "comment line"), t.format.Comment)
	}
	if more {
		t.note("empty cells at the ends of rows left out")
	}
	if empty > 0 {
		t.note("%s at the end left out", count(empty, "empty row"))
	}
	if trimmed {
		t.note("blanks around cells left out")
	}
	t.starts = starts
	return nil
}

// roughly bounds the number of cells from an offset on, but for what rows lack.
func (c *cells) roughly(begin int) int {
	n := 1 + strings.Count(c.text[begin:], string(c.separator)) + strings.Count(c.text[begin:], "\n")
	if c.cr {
		n += strings.Count(c.text[begin:], "\r")
	}
	return n
}

// trimmed reports whether blanks were taken from a cell in which they would matter.
func (r *row) trimmed() bool {
	for _, p := range r.cells {
		if p.trimmed && p.text != "" && !looksNumeric(p.text) {
			return true
		}
	}
	return false
}

// ragged returns the error for a row that has not the cells of the first one.
func (t *Table) ragged(r, head *row) error {
	n, total := len(r.cells), len(head.cells)
	first := "header"
	if t.format.Header == HeaderAbsent {
		first = "first row"
	}
	advice := ""
	switch {
	case !t.format.NoComments && t.format.Comment == "" && n < total && strings.ContainsAny(r.cells[0].text[:min(1, len(r.cells[0].text))], "#%!*"):
		advice = fmt.Sprintf("; if it is a comment, write comment: %q under sample", r.cells[0].text[:1])
	case n == total+1 && t.format.Header != HeaderAbsent:
		advice = "; if rows begin with a name, give that column a name too; a cell with the separator in it needs quotes"
	case total > 1 && n > total:
		advice = "; a cell with the separator in it needs quotes"
	case total == 1 || n == 1:
		advice = "; if the separator is another, write separator: \";\" under sample"
	}
	return t.source.fault(r.offset, "the row has %s, the %s has %d%s", count(n, "cell"), first, total, advice)
}

// distinct checks that the names of the columns differ.
func (t *Table) distinct(head *row) error {
	seen := make(map[string]bool, len(t.names))
	for i, name := range t.names {
		if !seen[name] {
			seen[name] = true
			continue
		}
		if name == "" {
			return t.source.fault(int(head.starts[i]), "there are two columns without a name; name them in the first line")
		}
		advice := ""
		if looksNumeric(name) {
			advice = "; if the first line is data, write header: false under sample"
		}
		return t.source.fault(int(head.starts[i]), "there are two columns %q%s", name, advice)
	}
	return nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
