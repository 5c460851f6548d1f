package objective

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// TableFormat says how a table of text is written. The zero value takes what the file
// shows.
type TableFormat struct {
	// Separator stands between cells: comma, semicolon, tab or vertical bar. Default 0: the
	// one of them that parts the first lines into equally many cells.
	Separator rune
	// Decimal is the decimal mark, a point or a comma. Default 0: a comma where cells of
	// the first rows have it and none has a point, and cells are not parted by commas.
	Decimal rune
	// Comment begins lines that are no rows. Default "": # if the file begins with such
	// lines.
	Comment string
	// NoComments takes every line for a row.
	NoComments bool
	// Header says whether the first row names the columns.
	Header TableHeader
}

// TableHeader says whether a table's first row names the columns.
type TableHeader uint8

const (
	HeaderFound   TableHeader = iota // it does; a row of numbers alone is refused
	HeaderPresent                    // it does
	HeaderAbsent                     // it does not: the columns are c1, c2, ..
)

// Separators are the possible separators of cells.
func Separators() []rune { return []rune{',', ';', '\t', '|'} }

// Parts of a table that are looked at to find out how it is written.
const (
	sniffedRows = 1000
	sniffedText = 1 << 20
)

func parseTable(text string, wanted TableFormat, tell bool) (*Table, error) {
	if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
		return nil, &TableError{Line: 1, Column: 1, Msg: "the file is UTF-16 text; save it as UTF-8"}
	}
	text = strings.TrimPrefix(text, "\ufeff")
	c := cells{text: text, cr: strings.Contains(text, "\r") && !strings.Contains(text, "\n")}
	if i := notText(text); i >= 0 {
		if text[i] == 0 {
			return nil, c.fault(i, "the file contains a zero byte: it is not text")
		}
		return nil, c.fault(i, "the file is not UTF-8 text; save it as UTF-8")
	}
	t := &Table{format: wanted}
	if c.cr {
		t.note("carriage returns as line ends")
	}
	begin := 0
	if wanted.Separator == 0 { // as spreadsheets write it
		if s, next := c.declared(); s != 0 {
			t.format.Separator, begin = s, next
			t.note("separator %q as its first line says", string(s))
		}
	}
	begin, names, err := t.comments(&c, begin)
	if err != nil {
		return nil, err
	}
	if t.format.Separator == 0 {
		if t.format.Separator, err = c.separatorFrom(begin); err != nil {
			return nil, err
		}
		if t.format.Separator != ',' && tell {
			t.note("separator %q", string(t.format.Separator))
		}
	}
	c.separator = byte(t.format.Separator)
	t.source = c
	if err := t.read(begin, names); err != nil {
		return nil, err
	}
	t.decimal()
	return t, nil
}

func (t *Table) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// notText returns the offset of the first byte that is not UTF-8 text, or -1.
func notText(text string) int {
	if utf8.ValidString(text) {
		return strings.IndexByte(text, 0)
	}
	for i, r := range text {
		if r == 0 {
			return i
		}
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			return i
		}
	}
	return -1
}

// declared returns the separator that a first line such as sep=; declares, 0 if there is
// none, and the offset of the next line.
func (c *cells) declared() (separator rune, next int) {
	next = c.lineAfter(0)
	line := strings.Trim(strings.TrimSpace(c.text[:min(next, 20)]), `"`)
	if s, ok := strings.CutPrefix(line, "sep="); ok && len(s) == 1 && slices.Contains(Separators(), rune(s[0])) {
		return rune(s[0]), next
	}
	return 0, 0
}

// defaultComment begins comments where a file begins with them.
const defaultComment = "#"

// comments decides which lines are comments. It returns where the rows begin and, if the
// last comment before a row of numbers has its cells, the offset of these names, else -1.
func (t *Table) comments(c *cells, begin int) (rows, names int, err error) {
	if t.format.NoComments || t.format.Comment != "" {
		c.comment = t.format.Comment
		return begin, -1, nil
	}
	last, count := -1, 0
	i := begin
	for i < len(c.text) {
		switch {
		case c.text[i] == defaultComment[0]:
			last, count = i, count+1
		case !c.lineEnd(i):
			goto found
		}
		i = c.lineAfter(i)
	}
found:
	if last < 0 {
		return begin, -1, nil
	}
	c.comment, t.format.Comment = defaultComment, defaultComment
	names = last + len(defaultComment)
	separator := t.format.Separator
	if separator == 0 {
		if separator, err = c.separatorFrom(i); err != nil {
			return 0, 0, err
		}
	}
	plain := cells{text: c.text, separator: byte(separator), cr: c.cr}
	var head, first row
	if t.format.Header == HeaderAbsent || i == len(c.text) {
		names = -1
	} else if _, _, err := plain.row(names, &head); err != nil {
		names = -1
	} else if _, _, err := plain.row(i, &first); err != nil || !first.numeric() || len(first.cells) != len(head.cells) {
		names = -1
	}
	if names >= 0 {
		t.note("the names of the columns behind %s", defaultComment)
		count--
	}
	c.comments = count
	return i, names, nil
}

// separatorFrom returns the separator that parts the first lines from an offset on into
// equally many cells, at least two; a comma if none does.
func (c *cells) separatorFrom(begin int) (rune, error) {
	type candidate struct {
		separator rune
		columns   int
	}
	var even []candidate
	first, most := rune(','), 1 // the one with the most cells in the first line
	for _, s := range Separators() {
		trial := *c
		trial.separator = byte(s)
		columns, same := trial.columns(begin)
		if columns > most && most == 1 {
			first, most = s, columns
		}
		if same && columns > 1 {
			even = append(even, candidate{s, columns})
		}
	}
	switch len(even) {
	case 0:
		return first, nil
	case 1:
		return even[0].separator, nil
	}
	return 0, c.fault(begin, "%s and %s both part the lines evenly; say which one does with separator: %q or separator: %q under sample",
		separatorName(even[0].separator), separatorName(even[1].separator), string(even[0].separator), string(even[1].separator))
}

func separatorName(s rune) string {
	return map[rune]string{',': "commas", ';': "semicolons", '\t': "tabs", '|': "vertical bars"}[s]
}

// columns returns the number of cells of the first row from an offset on, and whether the
// next ones have as many; cells that are empty at a row's end may be more or fewer.
func (c *cells) columns(begin int) (n int, same bool) {
	head, ok, more := c.rows(begin)
	if !ok {
		return 0, false
	}
	for r, count := range more {
		if count == sniffedRows || r.offset-begin > sniffedText {
			break
		}
		if r.end < 0 || !r.fits(&head) {
			return len(head.cells), false
		}
	}
	return len(head.cells), true
}

// rows returns the first row from an offset on and a sequence of the next ones with their
// numbers; one that cannot be read has a negative end and is the last.
func (c *cells) rows(begin int) (head row, ok bool, more func(yield func(*row, int) bool)) {
	next, ok, err := c.row(begin, &head)
	if !ok || err != nil {
		return head, false, nil
	}
	return head, true, func(yield func(*row, int) bool) {
		var r row
		for count := 0; ; count++ {
			k, ok, err := c.row(next, &r)
			if err != nil {
				r.offset, r.end = next, -1
			}
			if err == nil && !ok || !yield(&r, count) || err != nil {
				return
			}
			next = k
		}
	}
}

// numeric reports whether all cells that are not empty, and at least one, are numbers.
func (r *row) numeric() bool {
	n := 0
	for _, p := range r.cells {
		if p.text == "" {
			continue
		}
		if !looksNumeric(p.text) {
			return false
		}
		n++
	}
	return n > 0
}
