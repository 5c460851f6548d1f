package closedform

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata/gaps.golden and the table of doc/dev/closed-forms.md")

const (
	goldenFile = "testdata/gaps.golden"
	docFile    = "../../doc/dev/closed-forms.md"
	docBegin   = "<!-- gaps: written by go test ./internal/closedform -run TestGapTable -update -->"
	docEnd     = "<!-- gaps: end -->"
)

// gapRow is a row of the table of true gaps.
type gapRow struct {
	study, phi string
	ref        *Reference
	model      Model
	eta        float64
	gap        float64
	n          int
	x          []float64
	attained   bool
}

func gapRows() []gapRow {
	var rows []gapRow
	for _, study := range []struct {
		name string
		refs []*Reference
	}{{"quad1d", Quad1D()}, {"quad2d", Quad2D()}} {
		for _, ref := range study.refs {
			for _, m := range Models() {
				for _, eta := range etas() {
					row := gapRow{study: study.name, phi: ref.Name(), ref: ref, model: m, eta: eta}
					row.gap, row.n, row.x, row.attained = ref.Gap(m, eta, Radius)
					rows = append(rows, row)
				}
			}
		}
	}
	return rows
}

// steps returns n, or the word for the limit.
func (r gapRow) steps() string {
	if !r.attained {
		return "limit"
	}
	return fmt.Sprint(r.n)
}

// golden writes the rows as the golden file has them: study, observable,
// model, 1/eta, gap, n (-1: limit), separated by tabs.
func golden(rows []gapRow) []byte {
	var b bytes.Buffer
	for _, r := range rows {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%.0f\t%.12e\t%d\n", r.study, r.phi, r.model, 1/r.eta, r.gap, r.n)
	}
	return b.Bytes()
}

// markdown writes the table of the doc.
func markdown(rows []gapRow) string {
	var b strings.Builder
	b.WriteString("| study | phi | model | eta | gap | gap/eta^k | n | abs x |\n|---|---|---|---|---|---|---|---|\n")
	for _, r := range rows {
		if r.model == Modified {
			continue
		}
		scale := r.eta
		if r.model == SecondOrder {
			scale *= r.eta
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | 1/%.0f | %.9e | %.5f | %s | %.4f |\n", r.study,
			strings.ReplaceAll(r.phi, "|", `\|`), r.model, 1/r.eta, r.gap, r.gap/scale, r.steps(), math.Sqrt(dot(r.x, r.x)))
	}
	return b.String()
}

// The true gaps of the two problems. That they are true is the business of
// the other tests; this one keeps the numbers, here and in the doc, from
// moving unseen.
func TestGapTable(t *testing.T) {
	t.Parallel()
	rows := gapRows()
	for _, r := range rows {
		t.Logf("%s %-15s %-14s 1/%-4.0f gap %.12e n %-6s x %.6f", r.study, r.phi, r.model, 1/r.eta, r.gap, r.steps(), r.x)
	}
	doc, err := os.ReadFile(docFile)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(doc), docBegin)
	table, tail, ok2 := strings.Cut(rest, docEnd)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no table between its markers", docFile)
	}
	if *update {
		if err := os.WriteFile(goldenFile, golden(rows), 0o644); err != nil {
			t.Fatal(err)
		}
		text := head + docBegin + "\n" + markdown(rows) + docEnd + tail
		if err := os.WriteFile(docFile, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(bytes.NewReader(kept))
	for _, r := range rows {
		if !scanner.Scan() {
			t.Fatalf("%s ends before the table does", goldenFile)
		}
		f := strings.Split(scanner.Text(), "\t")
		var inverse, gap float64
		var n int
		if _, err := fmt.Sscan(strings.Join(f[3:], " "), &inverse, &gap, &n); err != nil {
			t.Fatalf("%s: %q: %v", goldenFile, scanner.Text(), err)
		}
		if f[0] != r.study || f[1] != r.phi || f[2] != string(r.model) || inverse != 1/r.eta {
			t.Fatalf("%s: row %q where %s %s %s 1/%g belongs", goldenFile, scanner.Text(), r.study, r.phi, r.model, 1/r.eta)
		}
		if math.Abs(r.gap-gap) > 1e-9*gap {
			t.Errorf("%s %s %s 1/%g: gap %.12e, golden %.12e", r.study, r.phi, r.model, inverse, r.gap, gap)
		}
		// The n may change between steps whose gaps agree to rounding.
		if at, _ := r.ref.GapAt(r.model, r.eta, Radius, n); math.Abs(at-gap) > 1e-9*gap {
			t.Errorf("%s %s %s 1/%g: %.12e at the golden n %d, golden %.12e", r.study, r.phi, r.model, inverse, at, n, gap)
		}
	}
	if scanner.Scan() {
		t.Errorf("%s has more rows than the table", goldenFile)
	}
	compareTables(t, table, markdown(rows))
}

// compareTables compares the doc's table with the one computed, numbers to
// 1e-8.
func compareTables(t *testing.T, kept, computed string) {
	t.Helper()
	a, b := strings.Split(strings.TrimSpace(kept), "\n"), strings.Split(strings.TrimSpace(computed), "\n")
	if len(a) != len(b) {
		t.Fatalf("%s: %d lines in the table, want %d", docFile, len(a), len(b))
	}
	const header, gapColumn = 2, 4
	for i := range a {
		x, y := strings.Split(a[i], " | "), strings.Split(b[i], " | ")
		if i < header || len(x) != len(y) {
			if a[i] != b[i] {
				t.Errorf("%s: %q, want %q", docFile, a[i], b[i])
			}
			continue
		}
		for k := range gapColumn {
			if x[k] != y[k] {
				t.Errorf("%s: %q, want %q", docFile, a[i], b[i])
			}
		}
		var p, q float64
		if _, err := fmt.Sscan(x[gapColumn]+" "+y[gapColumn], &p, &q); err != nil || !(math.Abs(p-q) <= 1e-8*q) {
			t.Errorf("%s: %q, want %q", docFile, a[i], b[i])
		}
	}
}
