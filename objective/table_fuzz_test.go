package objective

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"
)

// FuzzTable: whatever the bytes are, a table is read or refused with a place in the text,
// and a plain one has the cells that encoding/csv finds.
func FuzzTable(f *testing.F) {
	for _, text := range []string{
		"a,b\n1,x\n2,y\n", "\ufeffa;b\r\n1,5;\"x \"\"y\"\"\"\r\n", "# c\nx,y\n1,3\n", "# x,y\n1,2\n", "a,b\r1,2\r", "a;b;;\n1;2;;\n;;;\n",
		"sep=|\na|b\n1|2", "\"a\nb\",c\n\"\",\" x \"\n", "1,2\n3,4\n", "a\tb\n1\t\t\n", "a,b\n\"1,234\",NA\n", "\"", ",", "\r", "#", "sep=", "a\n\"x\" \n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		table, err := ParseTable(text, nil)
		if err != nil {
			var e *TableError
			if !errors.As(err, &e) || e.Line < 1 || e.Column < 1 || e.Line > 1+strings.Count(text, "\n")+strings.Count(text, "\r") || strings.ContainsAny(e.Msg, "\r\n") {
				t.Fatalf("%q: error %v", text, err)
			}
		} else {
			walk(t, text, table)
		}
		plain := TableFormat{Separator: ',', Decimal: '.', NoComments: true, Header: HeaderPresent}
		compareWithCSV(t, text, &plain)
	})
}

// walk reads all cells.
func walk(t *testing.T, text string, table *Table) {
	for row := range table.Len() {
		for column := range table.Names() {
			if line, character := table.Position(row, column); line < 1 || character < 1 {
				t.Fatalf("%q: cell %d, %d at %d:%d", text, row, column, line, character)
			}
			if x, err := table.Number(row, column); err == nil && x-x != 0 {
				t.Fatalf("%q: cell %d, %d is %v", text, row, column, x)
			}
		}
	}
}

// compareWithCSV: where the text has nothing that is read in another way, both readers find
// the same cells.
func compareWithCSV(t *testing.T, text string, format *TableFormat) {
	if strings.ContainsAny(text, " \t\r\x00\ufeff") {
		return
	}
	want, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(want) == 0 {
		return
	}
	for _, row := range want { // what is empty at ends may be left out, and names must differ
		if row[len(row)-1] == "" {
			return
		}
	}
	seen := map[string]bool{}
	for _, name := range want[0] {
		if seen[name] {
			return
		}
		seen[name] = true
	}
	table, err := ParseTable(text, format)
	if err != nil {
		if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") || notText(text) >= 0 {
			return
		}
		t.Fatalf("%q: %v", text, err)
	}
	if table.Len() != len(want)-1 || len(table.Names()) != len(want[0]) {
		t.Fatalf("%q: %d rows of %d, want %d of %d", text, table.Len(), len(table.Names()), len(want)-1, len(want[0]))
	}
	for i, row := range want[1:] {
		for j, cell := range row {
			if got := table.Cell(i, j); got != cell {
				t.Fatalf("%q: cell %d, %d is %q, want %q", text, i, j, got, cell)
			}
		}
	}
}
