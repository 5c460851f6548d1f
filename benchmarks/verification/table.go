package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"kolmo/internal/par"
)

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
