package export

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"kolmo/compare"
)

var update = flag.Bool("update", false, "write the golden files anew")

// parse reads a number.
func parse(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// table returns what WriteTable writes.
func table(t *testing.T, r *compare.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteTable(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// edgeCases are results at the edge of what a study can give.
func edgeCases() map[string]*compare.Result {
	one := synthetic(2)
	one.Gap, one.Order, one.Rasters, one.Curves = one.Gap[:1], nil, nil, nil
	bad := broken()
	bad.Rasters, bad.Curves = nil, nil // drawing takes time, and 2d has them
	long := synthetic(3)
	long.Title = strings.Repeat("a title that does not end ", 20)
	long.Gap[6].Reason, long.Gap[6].Certified = ptr(strings.Repeat("reason ", 60)), false
	long.Gap[8].N, long.Gap[8].T, long.Gap[8].Tail = 123456789, 12345.678, true
	long.Gap[8].X = []compare.Number{-1.23456e7, -2.3456e-9, compare.Number(math.NaN())}
	long.Curves = nil
	long.Order[1].Verdict = strings.Repeat("x", 250)
	long.Warnings = []string{"the ball is not invariant", "a warning with a bell \a and an escape \x1b[31m"}
	return map[string]*compare.Result{
		"1d": synthetic(1), "2d": synthetic(2), "3d": synthetic(3),
		"broken": bad, "one": one, "long": long, "empty": {Study: "empty"},
		"zero": {Study: "zero", Gap: []compare.GapRow{{Observable: "o", Model: "m"}, {Observable: "o", Model: "m", Eta: 0.5}}},
	}
}

func TestTableGolden(t *testing.T) {
	t.Parallel()
	for name, r := range edgeCases() {
		got := table(t, r)
		path := filepath.Join("testdata", "table-"+name+".golden")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: the table differs from %s (-update writes it anew):\n%s", name, path, got)
		}
	}
}

func TestTableFitsAndSaysEverything(t *testing.T) {
	t.Parallel()
	for name, r := range edgeCases() {
		text := table(t, r)
		for i, line := range strings.Split(text, "\n") {
			if n := utf8.RuneCountInString(line); n > tableWidth {
				t.Errorf("%s, line %d has %d columns: %s", name, i+1, n, line)
			}
			if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' }) {
				t.Errorf("%s, line %d has a control character: %q", name, i+1, line)
			}
		}
		flat := strings.Join(strings.Fields(text), " ")
		for _, o := range r.Order {
			if len(o.Verdict) < 200 && !strings.Contains(flat, o.Verdict) {
				t.Errorf("%s: no verdict %q", name, o.Verdict)
			}
		}
		for i := range r.Gap {
			if s := strings.TrimSpace(orEmpty(r.Gap[i].Reason)); !r.Gap[i].Certified && !strings.Contains(flat, s) {
				t.Errorf("%s: no reason %q", name, s)
			}
		}
		if text != table(t, r) {
			t.Errorf("%s: the table is not the same twice", name)
		}
	}
}

// full is a writer without space.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestTableReportsWriteErrors(t *testing.T) {
	t.Parallel()
	if err := WriteTable(full{}, synthetic(1)); !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
}

func ExampleWriteTable() {
	r := &compare.Result{Study: "quad1d", Title: "a quadratic", Gap: []compare.GapRow{{
		Observable: "square", Model: "modified", Eta: 0.25, EtaText: "1/4", Gap: 0.0312503, Error: 4e-7,
		N: 3, T: 0.75, X: []compare.Number{2}, Certified: true, LocalOrder: compare.Number(math.NaN()),
	}}}
	if err := WriteTable(os.Stdout, r); err != nil {
		fmt.Println(err)
	}
	// Output:
	// study quad1d: a quadratic
	//
	//   square, modified
	//   eta  gap          error  order  n     t  x         certified
	//   1/4  3.12503e-02  4e-07      -  3  0.75  (2.0000)  yes
	//
	// order of the gap in eta, extrapolated to eta = 0
	//   none was fitted
	//
	// all 1 rows are certified
}
