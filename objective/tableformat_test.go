package objective

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestTableFormats: what people's files look like, what is taken and what is said of it.
func TestTableFormats(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text   string
		format TableFormat
		names  string // joined by |
		cells  string // by | and /
		notes  string // joined by ", "
	}{
		"plain":               {"a,b\n1,x\n2,y\n", TableFormat{}, "a|b", "1|x/2|y", ""},
		"one column":          {"a\n1\n2", TableFormat{}, "a", "1/2", ""},
		"spreadsheet":         {"\ufeffa,b\r\n1,x\r\n\r\n2,y\r\n", TableFormat{}, "a|b", "1|x/2|y", ""},
		"old Macintosh":       {"a,b\r1,x\r2,y\r", TableFormat{}, "a|b", "1|x/2|y", "carriage returns as line ends"},
		"blanks":              {"a, b , c d\n 1,\tx,y\n2, \"y, z\" ,u\n", TableFormat{}, "a|b|c d", "1|x|y/2|y, z|u", "blanks around cells left out"},
		"blanks at numbers":   {"a,b\n1, 2\n3, 4\n", TableFormat{}, "a|b", "1|2/3|4", ""},
		"semicolons":          {"\"a\";\"b\"\n7.4;5\n7,8;6\n", TableFormat{}, "a|b", "7.4|5/7,8|6", `separator ";"`},
		"decimal commas":      {"a;b\n1,5;x, y\n2;z\n", TableFormat{}, "a|b", "1,5|x, y/2|z", `separator ";", decimal ","`},
		"tabs":                {"a\tb\n1\t \n2\ty\n", TableFormat{}, "a|b", "1|/2|y", "separator \"\\t\""},
		"bars":                {"a|b\n1|x,y,z\n2|y\n", TableFormat{}, "a|b", "1|x,y,z/2|y", `separator "|"`},
		"declared":            {"sep=;\na,x;b\n1,5;2\n", TableFormat{}, "a,x|b", "1,5|2", `separator ";" as its first line says, decimal ","`},
		"comments":            {"# by R\n# twice, x\n\nx,y\n1,3\n# end\n2,4\n", TableFormat{}, "x|y", "1|3/2|4", "3 comment lines (#) left out"},
		"names in a comment":  {"# by\n# x, y\n1,3\n2,4\n", TableFormat{}, "x|y", "1|3/2|4", "the names of the columns behind #, 1 comment line (#) left out, blanks around cells left out"},
		"no comments":         {"#x,y\n1,3\n#2,4\n", TableFormat{NoComments: true}, "#x|y", "1|3/#2|4", ""},
		"no leading comment":  {"x,y\n1,3\n#2,4\n", TableFormat{}, "x|y", "1|3/#2|4", ""},
		"other comments":      {"% c\nx,y\n1,3\n%\n", TableFormat{Comment: "%"}, "x|y", "1|3", "2 comment lines (%) left out"},
		"empty columns":       {"a;b;;\n1;2;;\n3;4\n;;;\n;;\n", TableFormat{}, "a|b", "1|2/3|4", `separator ";", 2 empty columns left out, 2 empty rows at the end left out`},
		"a nameless column":   {",a\n0,1\n1,2\n", TableFormat{}, "|a", "0|1/1|2", ""},
		"a nameless last one": {"a,\n0,1\n1,2\n", TableFormat{}, "a|", "0|1/1|2", ""},
		"empty cells behind":  {"a,b\n0,1,\n1,2\n", TableFormat{}, "a|b", "0|1/1|2", "empty cells at the ends of rows left out"},
		"no header":           {"1,3\n2,4\n", TableFormat{Header: HeaderAbsent}, "c1|c2", "1|3/2|4", ""},
		"years":               {"1990,1991\n2,4\n", TableFormat{Header: HeaderPresent}, "1990|1991", "2|4", ""},
		"a year":              {"country,1991\nx,4\n", TableFormat{}, "country|1991", "x|4", "its first line as names although 1991 is a number"},
		"breaks in quotes":    {"a,b\n\"x\r\ny\",\"say \"\"hi\"\"\"\n", TableFormat{}, "a|b", "x\ny|say \"hi\"", ""},
		"forced":              {"a;b,c\n1;2,3\n", TableFormat{Separator: ';'}, "a|b,c", "1|2,3", `decimal ","`},
		"forced point":        {"a;b\n1;2,3\n", TableFormat{Decimal: '.'}, "a|b", "1|2,3", `separator ";"`},
	} {
		table, err := ParseTable(c.text, &c.format)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var rows []string
		for i := range table.Len() {
			var row []string
			for j := range table.Names() {
				row = append(row, table.Cell(i, j))
			}
			rows = append(rows, strings.Join(row, "|"))
		}
		if got := strings.Join(table.Names(), "|"); got != c.names {
			t.Errorf("%s: columns %q, want %q", name, got, c.names)
		}
		if got := strings.Join(rows, "/"); got != c.cells {
			t.Errorf("%s: cells %q, want %q", name, got, c.cells)
		}
		if got := strings.Join(table.Notes(), ", "); got != c.notes {
			t.Errorf("%s: notes %q, want %q", name, got, c.notes)
		}
		if f := table.Format(); f.Separator == 0 || f.Decimal == 0 || f.Header == HeaderFound {
			t.Errorf("%s: format %+v", name, f)
		}
	}
}

// TestTablesRefused: what cannot be read, or could be read in two ways.
func TestTablesRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                          "1:1: the file is empty",
		"\n# x\n":                   "1:1: the file is empty",
		"1,3\n2,4\n":                "1:1: the first line is all numbers: write header: false",
		"\n1,\n2,4\n":               "2:1: the first line is all numbers",
		"1,5;2\n2,5;3\n":            "1:1: commas and semicolons both part the lines evenly; say which one does with separator: \",\" or separator: \";\"",
		"T, C;v, m/s\n1,5;2,5\n":    "1:1: commas and semicolons both",
		"\xff\xfea\x00":             "1:1: the file is UTF-16 text; save it as UTF-8",
		"a,b\n1,\xe9\n":             "2:3: the file is not UTF-8 text",
		"a,b\n1,\x00\n":             "2:3: the file contains a zero byte",
		"a,b\n1,2\r3,4\n":           "2:4: a carriage return stands inside a cell",
		"a,b\n1,x\"y\"\n":           "2:4: a quote stands inside a cell",
		"a,b\n1,\"x\"y\n":           "2:6: text stands behind a closing quote",
		"a,b\n1,\"xy\n":             "2:3: the cell that starts here has no closing quote",
		"a,b\n1,2,3\n":              "2:1: the row has 3 cells, the header has 2; if rows begin with a name",
		"a,b\n1,2\n3,000,4,000\n":   "3:1: the row has 4 cells, the header has 2; a cell with the separator in it needs quotes",
		"a,b\n1\n":                  "2:1: the row has 1 cell, the header has 2; if the separator",
		"a,b\n# 1\n":                `2:1: the row has 1 cell, the header has 2; if it is a comment, write comment: "#"`,
		"5.1,x,5.1\n5,y,6\n":        `1:7: there are two columns "5.1"; if the first line is data, write header: false`,
		"a,b,,\n1,2,3,4\n":          "1:6: there are two columns without a name",
		"a,a\n1,2\n":                `1:3: there are two columns "a"`,
		"a\n" + long(maxCell+2):     "2:1: the cell is longer than 1 MiB",
		"a\n\"" + long(maxCell+2):   "2:1: the cell in quotes is longer than 1 MiB",
		strings.Repeat(",", 1<<20):  "1:1000001: the row has more than 1000000 cells",
		"a,b\n1,\"x\n\n\ny\"\n1,\"": "6:3: the cell that starts here has no closing quote",
	} {
		_, err := ParseTable(text, nil)
		var e *TableError
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40q: error %v, want %s", text, err, want)
		}
	}
	if _, err := ParseTable("1,2\n3\n", &TableFormat{Header: HeaderAbsent}); err == nil || !strings.Contains(err.Error(), "the row has 1 cell, the first row has 2") {
		t.Errorf("ragged without a header: %v", err)
	}
}

func long(n int) string { return strings.Repeat("x", n) }

// TestTableNumbers: every cell is the number that it must be, or is refused with what to do.
func TestTableNumbers(t *testing.T) {
	t.Parallel()
	numbers := func(text string, f TableFormat) string {
		t.Helper()
		table, err := ParseTable(text, &f)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for row := range table.Len() {
			x, err := table.Number(row, 0)
			if err != nil {
				list = append(list, err.Error())
				continue
			}
			list = append(list, fmt.Sprint(x))
		}
		return strings.Join(list, " / ")
	}
	for _, c := range []struct {
		text   string
		format TableFormat
		want   string
	}{
		{"a,b\n1.5,\n-2e3,\n +.5 ,\n", TableFormat{}, "1.5 / -2000 / 0.5"},
		{"a;b\n1,5;\n-2e3;\n,5;\n", TableFormat{}, "1.5 / -2000 / 0.5"},
		{"a;b\n1,5;\n1,234;\n", TableFormat{}, "1.5 / 1.234"},
		{"a;b\n1,234;\n2,345;\n", TableFormat{Decimal: ','}, "1.234 / 2.345"},
		{"a,b\n\"1,5\",\n", TableFormat{Decimal: ','}, "1.5"},
		{"a;b\n1,234;\n", TableFormat{}, `"1,234" is not a number: its comma may be a decimal mark, then write decimal: "," under sample, or part thousands, then take it out of the file`},
		{"a;b\n1,5;0.5\n", TableFormat{}, `"1,5" is not a number; if the comma is the decimal mark, write decimal: "," under sample`},
		{"a,b\n\"1,234.5\",\n", TableFormat{}, `"1,234.5" is not a number: take the marks between thousands out of the file`},
		{"a;b\n1.234,5;\n", TableFormat{}, `"1.234,5" is not a number where the decimal mark is a comma: take the marks between thousands out of the file`},
		{"a;b\n1.5;\n", TableFormat{Decimal: ','}, `"1.5" is not a number where the decimal mark is a comma; if the point is, write decimal: "." under sample`},
		{"a,b\nNA,\n\"\",\n?,\n", TableFormat{}, `"NA" is not a number; leave such rows out with where: 'a != "NA"' / "" is not a number; leave such rows out with where: 'a != ""' / "?" is not a number; leave such rows out with where: 'a != "?"'`},
		{"body mass,b\nNaN,\n", TableFormat{}, `"NaN" is not a number; leave such rows out with where: 'col("body mass") != "NaN"'`},
		{"a,b\n1e400,\n1e-400,\n0e-400,\n", TableFormat{}, "the number 1e400 is too large for double precision, which ends at 1.8e308 / the number 1e-400 is too small for double precision, in which it becomes 0 / 0"},
		{"a,b\nhigh,\n", TableFormat{}, `"high" is not a number`},
		{"a,b\n1,2\n", TableFormat{Header: HeaderAbsent}, `"a" is not a number; if the first line is names, leave out header: false / 1`},
		{"a,b\n0x10,\n1_0,\ninf,\n", TableFormat{}, `"0x10" is not a number / "1_0" is not a number / "inf" is not a number; leave such rows out with where: 'a != "inf"'`},
	} {
		if got := numbers(c.text, c.format); got != c.want {
			t.Errorf("%q:\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestManyColumns: the cost of a wide table is that of its text.
func TestManyColumns(t *testing.T) {
	t.Parallel()
	const n = 200_000
	var head, row strings.Builder
	for i := range n {
		fmt.Fprintf(&head, "c%d,", i)
		row.WriteString("1,")
	}
	table, err := ParseTable(head.String()+"v\n"+row.String()+"2\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	if x, err := table.Number(0, n); x != 2 || err != nil || len(table.Names()) != n+1 {
		t.Errorf("the last of %d columns is %v, %v", len(table.Names()), x, err)
	}
	if i := slices.Index(table.Names(), "v"); i != n {
		t.Errorf("column v is at %d", i)
	}
}
