package export

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"kolmo/compare"
	"kolmo/export/table"
	"kolmo/internal/madeup"
)

var update = flag.Bool("update", false, "write the golden files anew")

// tableText returns what WriteTable writes.
func tableText(t *testing.T, r *compare.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteTable(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTableGolden(t *testing.T) {
	t.Parallel()
	for name, r := range madeup.EdgeCases() {
		got := tableText(t, r)
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
	for name, r := range madeup.EdgeCases() {
		text := tableText(t, r)
		for i, line := range strings.Split(text, "\n") {
			if n := utf8.RuneCountInString(line); n > table.Width {
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
			if s := strings.TrimSpace(table.OrEmpty(r.Gap[i].Reason)); !r.Gap[i].Certified && !strings.Contains(flat, s) {
				t.Errorf("%s: no reason %q", name, s)
			}
		}
		if text != tableText(t, r) {
			t.Errorf("%s: the table is not the same twice", name)
		}
	}
}

// full is a writer without space.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

// Where steps imitate those at another learning rate, orders are said to be in 1/l too.
func TestTableSaysWhatOrdersAreIn(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	r.Algorithm.Imitates = 0.25
	text := strings.Join(strings.Fields(tableText(t, r)), " ")
	if want := "order of the gap in eta, that is in 1/l with eta = 0.25/l, extrapolated to eta = 0"; !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
}

// The last lines say that gaps are meant, and which other kinds are answered in part.
func TestTableCountsEveryKind(t *testing.T) {
	t.Parallel()
	r := madeup.SpectrumResult()
	r.Gap = madeup.Result(1).Gap[12:13]
	r.Gap[0].Certified = true
	r.Run["studies"] = []string{"gap", "spectrum"}
	for _, short := range []bool{false, true} {
		var b strings.Builder
		if err := writeResult(&b, r, !short); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(b.String(), "\nthe one gap is certified\nspectrum: 4 of 6 rows are answered\n") {
			t.Errorf("the table ends with %q", b.String()[max(0, b.Len()-200):])
		}
	}
}

func TestTableReportsWriteErrors(t *testing.T) {
	t.Parallel()
	if err := WriteTable(full{}, madeup.Result(1)); !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
}

func ExampleWriteTable() {
	r := &compare.Result{About: compare.About{Study: "quad1d", Title: "a quadratic"}, GapResults: compare.GapResults{Gap: []compare.GapRow{{
		Key: compare.Key{Observable: "square", Model: "modified", Eta: 0.25, EtaText: "1/4"}, Gap: 0.0312503, Error: 4e-7,
		GapPlace: compare.GapPlace{N: 3, T: 0.75, X: []compare.Number{2}}, Certified: true, LocalOrder: compare.Number(math.NaN()),
	}}}}
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
	// the one gap is certified
}
