// Command verification prints doc/dev/verification.md: what the propagators of
// u_t = L u were held to, with the numbers. It prints no times, so that the same
// program prints the same tables. make verify runs it; it takes some minutes.
//
//	go run ./benchmarks/verification > doc/dev/verification.md
//	go run ./benchmarks/verification -only ou2d
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"kolmo/internal/par"
)

// sections are the parts of the document, in order.
var sections = []struct {
	name  string
	write func(w io.Writer)
}{
	{"manufactured", writeManufactured},
	{"space", writeSpace},
	{"time", writeTime},
	{"exponential", writeExponential},
	{"damping", writeDamping},
	{"ou2d", writeOU2D},
	{"cube", writeCube},
	{"closures", writeClosures},
}

func main() {
	var names []string
	for _, s := range sections {
		names = append(names, s.name)
	}
	only := flag.String("only", "", "print one section: "+strings.Join(names, ", "))
	flag.Parse()
	if *only != "" && !slices.Contains(names, *only) || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	w := bufio.NewWriter(os.Stdout)
	if *only == "" {
		fmt.Fprint(w, `# Verification

How the solvers of the backward Kolmogorov equation were checked, and what came out. `+"`make verify`"+` computes all of it anew (go run ./benchmarks/verification); the tests of package
kolmogorov hold the same statements on smaller grids. Numbers have three digits; they contain no times. Order 2, 4, .. of axes means finite differences of that order
with one-sided closures and no boundary condition; Richardson means Richardson extrapolation from steps of full and of half length.

`)
	}
	for _, s := range sections {
		if *only == "" || *only == s.name {
			s.write(w)
		}
	}
	if err := w.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// table is a table in Markdown.
type table struct {
	header []string
	rows   [][]string
}

// writeTo writes the table and an empty line.
func (t *table) writeTo(w io.Writer) {
	line := func(cells []string) { fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")) }
	line(t.header)
	rule := make([]string, len(t.header))
	for i := range rule {
		rule[i] = "---"
	}
	line(rule)
	for _, r := range t.rows {
		line(r)
	}
	fmt.Fprintln(w)
}

// fill makes n rows at once on all processors, in order.
func (t *table) fill(n int, row func(i int) []string) {
	rows := make([][]string, n)
	par.Do(0, n, func(i int) { rows[i] = row(i) })
	t.rows = append(t.rows, rows...)
}

// three returns three significant digits.
func three(v float64) string {
	switch a := math.Abs(v); {
	case math.IsInf(v, 0) || math.IsNaN(v):
		return "not finite"
	case v == 0:
		return "0"
	case a >= 1e-2 && a < 1e4:
		return fmt.Sprintf("%.3g", v)
	}
	return fmt.Sprintf("%.2e", v)
}

// two returns a fitted order.
func two(v float64) string { return fmt.Sprintf("%.2f", v) }
