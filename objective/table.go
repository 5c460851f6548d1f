package objective

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"kolmo/objective/expr"
)

// Table is an immutable table of cells under named columns: of text, or of
// numbers by column.
type Table struct {
	names   []string
	numbers [][]float64 // numbers[i][k] is row k of column i
	binary  bool        // numbers, not text
	source  cells       // of text
	starts  []uint32    // where the cells begin in the text, row by row
	format  TableFormat // as taken
	notes   []string    // what was taken that is not plain
	numeric string      // a name of a column that is a number, "" if none is
}

var _ expr.Table = (*Table)(nil)

// TableError is a fault in a table file. Lines and columns count from 1, columns
// in characters.
type TableError struct {
	Line, Column int
	Msg          string
	Headless     bool // the first line may be names or data
}

func (e *TableError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Msg) }

// Limits of a table of text: its size after decompression, a cell, and the cells of
// a row. Places in the text are kept in 32 bits.
const (
	maxTable   = 1 << 30
	maxCell    = 1 << 20
	maxColumns = 1_000_000
)

// ReadTable reads a table of text whose cells are separated as format says, nil for
// what the file shows; a name that ends in .tsv says tabs, a further .gz that the
// file is compressed. Faults in the text are *TableError, others errors of the file
// system. It takes the memory of the text and four bytes per cell.
func ReadTable(path string, format *TableFormat) (*Table, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a device or a pipe may never end
		return nil, &os.PathError{Op: "read", Path: path, Err: errors.New("not a regular file")}
	}
	large := &os.PathError{Op: "read", Path: path, Err: errors.New("larger than 1 GiB")}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	var text strings.Builder
	name := strings.ToLower(path)
	if strings.HasSuffix(name, ".gz") {
		name = strings.TrimSuffix(name, ".gz")
		if r, err = gzip.NewReader(f); err != nil {
			return nil, &os.PathError{Op: "read", Path: path, Err: err}
		}
	} else {
		if info.Size() > maxTable {
			return nil, large
		}
		text.Grow(int(info.Size()))
	}
	if _, err := io.Copy(&text, io.LimitReader(r, maxTable+1)); err != nil {
		return nil, &os.PathError{Op: "read", Path: path, Err: err}
	}
	if text.Len() > maxTable {
		return nil, large
	}
	var wanted TableFormat
	if format != nil {
		wanted = *format
	}
	told := true
	if wanted.Separator == 0 && strings.HasSuffix(name, ".tsv") {
		wanted.Separator, told = '\t', false
	}
	return parseTable(text.String(), wanted, told)
}

// ParseTable reads a table from its text, as ReadTable does. The error is a
// *TableError.
func ParseTable(text string, format *TableFormat) (*Table, error) {
	var wanted TableFormat
	if format != nil {
		wanted = *format
	}
	return parseTable(text, wanted, true)
}

// Names returns the names of the columns.
func (t *Table) Names() []string { return t.names }

// Format returns how the text was read, every field with its value.
func (t *Table) Format() TableFormat { return t.format }

// Notes say what was found in the text and taken that is not the plain form, a few
// words each: commas between cells, decimal points, a first line of names.
func (t *Table) Notes() []string { return slices.Clone(t.notes) }

// Advice returns what may be wrong where a column that is expected is not there, to be put
// behind a message; "" if nothing shows.
func (t *Table) Advice() string {
	switch {
	case t.binary:
		return ""
	case len(t.names) == 1:
		return `; if the separator is another, write separator: ";" under sample`
	case t.numeric != "":
		return "; if the first line is data, write header: false under sample"
	}
	return ""
}

// Len returns the number of rows.
func (t *Table) Len() int {
	if t.binary {
		return len(t.numbers[0])
	}
	return len(t.starts) / len(t.names)
}

// Binary reports that the cells are numbers without a place in a text.
func (t *Table) Binary() bool { return t.binary }

// Cell returns the text in the given row and column, both counted from 0, without
// quotes and without blanks around it.
func (t *Table) Cell(row, column int) string {
	if t.binary {
		return number(t.numbers[column][row])
	}
	c, _ := t.source.at(t.start(row, column))
	return c.text
}

// Number returns the finite number in the given row and column. The error says what
// the cell is and what to do.
func (t *Table) Number(row, column int) (float64, error) {
	if t.binary {
		x := t.numbers[column][row]
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, fmt.Errorf("%q is not a number", number(x))
		}
		return x, nil
	}
	text := t.Cell(row, column)
	x, err := t.format.number(text)
	if err != nil {
		return 0, t.advise(text, column, err)
	}
	return x, nil
}

func (t *Table) start(row, column int) int { return int(t.starts[row*len(t.names)+column]) }

// Position returns the line and the character column where a cell of text starts,
// both counted from 1.
func (t *Table) Position(row, column int) (line, character int) {
	return t.source.position(t.start(row, column))
}

// position returns the line and the character column of an offset.
func (c *cells) position(offset int) (line, character int) {
	for offset < len(c.text) && c.blank(c.text[offset]) {
		offset++
	}
	end := "\n"
	if c.cr {
		end = "\r"
	}
	before := c.text[:offset]
	begin := strings.LastIndex(before, end) + 1
	return 1 + strings.Count(before, end), 1 + utf8.RuneCountInString(before[begin:])
}

// fault returns an error at an offset of the text.
func (c *cells) fault(offset int, format string, args ...any) *TableError {
	line, column := c.position(offset)
	return &TableError{Line: line, Column: column, Msg: fmt.Sprintf(format, args...)}
}
