package objective

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"kolmo/objective/expr"
)

// Table is an immutable table of cells under named columns: of text, or of
// numbers by column.
type Table struct {
	names   []string
	rows    [][]string
	numbers [][]float64 // numbers[i][k] is row k of column i
	binary  bool        // numbers, not rows
	raw     []byte      // for the positions of cells
	comma   rune
}

var _ expr.Table = (*Table)(nil)

// TableError is a fault in a table file. Lines and columns count from 1, columns
// in characters.
type TableError struct {
	Line, Column int
	Msg          string
}

// Error implements error.
func (e *TableError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Msg) }

// maxTable bounds the size of a table after decompression.
const maxTable = 1 << 30

// ReadTable reads a CSV file with a header line, or a TSV file if its name ends
// in .tsv; a further .gz means that it is compressed. Faults in the text are
// *TableError, others errors of the file system.
func ReadTable(path string) (*Table, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a device or a pipe may never end
		return nil, &os.PathError{Op: "read", Path: path, Err: errors.New("not a regular file")}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	name := strings.ToLower(path)
	if strings.HasSuffix(name, ".gz") {
		name = strings.TrimSuffix(name, ".gz")
		if r, err = gzip.NewReader(f); err != nil {
			return nil, fmt.Errorf("objective: %s: %w", path, err)
		}
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxTable+1))
	if err != nil {
		return nil, fmt.Errorf("objective: %s: %w", path, err)
	}
	if len(raw) > maxTable {
		return nil, fmt.Errorf("objective: %s: larger than 1 GiB", path)
	}
	comma := ','
	if strings.HasSuffix(name, ".tsv") {
		comma = '\t'
	}
	return ParseTable(raw, comma)
}

// ParseTable reads a table whose first line names the columns and whose cells
// are separated by comma; cells may be quoted. The error is a *TableError.
func ParseTable(raw []byte, comma rune) (*Table, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	t := &Table{raw: raw, comma: comma}
	if !utf8.Valid(raw) {
		return nil, &TableError{1, 1, "the file is not UTF-8 text"}
	}
	r := t.reader()
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		var pe *csv.ParseError
		if errors.As(err, &pe) {
			if errors.Is(err, csv.ErrFieldCount) {
				line, column := t.character(r.FieldPos(0))
				return nil, &TableError{line, column, fmt.Sprintf("the row has %d cells, the header has %d", len(row), len(t.names))}
			}
			line, column := t.character(pe.Line, pe.Column)
			return nil, &TableError{line, column, pe.Err.Error()}
		}
		if err != nil {
			return nil, &TableError{1, 1, err.Error()}
		}
		if t.names == nil {
			t.names = row
			for i, name := range row {
				for _, before := range row[:i] {
					if name == before {
						line, column := t.character(r.FieldPos(i))
						return nil, &TableError{line, column, fmt.Sprintf("there are two columns %q", name)}
					}
				}
			}
			continue
		}
		t.rows = append(t.rows, row)
	}
	if t.names == nil {
		return nil, &TableError{1, 1, "the file is empty; expected a line with the names of the columns"}
	}
	return t, nil
}

func (t *Table) reader() *csv.Reader {
	r := csv.NewReader(bytes.NewReader(t.raw))
	r.Comma = t.comma
	return r
}

// character turns a column in bytes into one in characters, at most the one
// behind the line's end.
func (t *Table) character(line, column int) (int, int) {
	rest := t.raw
	for range line - 1 {
		_, after, found := bytes.Cut(rest, []byte("\n"))
		if !found {
			break
		}
		rest = after
	}
	rest, _, _ = bytes.Cut(rest, []byte("\n"))
	return line, 1 + utf8.RuneCount(rest[:min(max(column-1, 0), len(rest))])
}

// Names returns the names of the columns.
func (t *Table) Names() []string { return t.names }

// Len returns the number of rows.
func (t *Table) Len() int {
	if t.binary {
		return len(t.numbers[0])
	}
	return len(t.rows)
}

// Binary reports that the cells are numbers without a place in a text.
func (t *Table) Binary() bool { return t.binary }

// Cell returns the text in the given row and column, both counted from 0.
func (t *Table) Cell(row, column int) string {
	if t.binary {
		return number(t.numbers[column][row])
	}
	return t.rows[row][column]
}

// Position returns the line and the character column where a cell of text starts,
// both counted from 1. It reads the file's text again up to there.
func (t *Table) Position(row, column int) (line, character int) {
	r := t.reader()
	for range row + 2 {
		if _, err := r.Read(); err != nil {
			return 1, 1
		}
	}
	return t.character(r.FieldPos(column))
}
