package export

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"kolmo/compare"
)

// csvColumn is one column of gap.csv.
type csvColumn struct {
	name  string
	value func(g *compare.GapRow) string
}

// csvColumns returns the columns of gap.csv for points of length dim.
func csvColumns(dim int) []csvColumn {
	cols := []csvColumn{
		{"observable", func(g *compare.GapRow) string { return g.Observable }},
		{"model", func(g *compare.GapRow) string { return g.Model }},
		{"eta", func(g *compare.GapRow) string { return csvNumber(compare.Number(g.Eta)) }},
		{"eta_text", func(g *compare.GapRow) string { return g.EtaText }},
		{"gap", func(g *compare.GapRow) string { return csvNumber(g.Gap) }},
		{"error", func(g *compare.GapRow) string { return csvNumber(g.Error) }},
		{"error_space", func(g *compare.GapRow) string { return csvNumber(g.Errors.Space) }},
		{"error_time", func(g *compare.GapRow) string { return csvNumber(g.Errors.Time) }},
		{"error_interpolation", func(g *compare.GapRow) string { return csvNumber(g.Errors.Interpolation) }},
		{"error_quadrature", func(g *compare.GapRow) string { return csvNumber(g.Errors.Quadrature) }},
		{"error_sup", func(g *compare.GapRow) string { return csvNumber(g.Errors.Sup) }},
		{"error_tail", func(g *compare.GapRow) string { return csvNumber(g.Errors.Tail) }},
		{"n", func(g *compare.GapRow) string { return strconv.Itoa(g.N) }},
		{"t", func(g *compare.GapRow) string { return csvNumber(compare.Number(g.T)) }},
	}
	for k := range dim {
		cols = append(cols, csvColumn{"x" + strconv.Itoa(k+1), func(g *compare.GapRow) string {
			if k >= len(g.X) {
				return ""
			}
			return csvNumber(g.X[k])
		}})
	}
	return append(cols,
		csvColumn{"tail", func(g *compare.GapRow) string { return strconv.FormatBool(g.Tail) }},
		csvColumn{"nodes", func(g *compare.GapRow) string { return strconv.Itoa(g.Nodes) }},
		csvColumn{"space", func(g *compare.GapRow) string { return g.Space }},
		csvColumn{"space_order", func(g *compare.GapRow) string { return strconv.Itoa(g.SpaceOrder) }},
		csvColumn{"closed_by", func(g *compare.GapRow) string { return orEmpty(g.ClosedBy) }},
		csvColumn{"growth", func(g *compare.GapRow) string { return csvNumber(g.Growth) }},
		csvColumn{"invariant", func(g *compare.GapRow) string { return strconv.FormatBool(g.Invariant) }},
		csvColumn{"certified", func(g *compare.GapRow) string { return strconv.FormatBool(g.Certified) }},
		csvColumn{"reason", func(g *compare.GapRow) string { return orEmpty(g.Reason) }},
		csvColumn{"steps", func(g *compare.GapRow) string { return strconv.Itoa(g.Steps) }},
		csvColumn{"local_order", func(g *compare.GapRow) string { return csvNumber(g.LocalOrder) }},
	)
}

// csvNumber returns v with all its digits, and nothing when v is not finite.
func csvNumber(v compare.Number) string {
	f := float64(v)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return ""
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// orEmpty returns *s, or "" when s is nil.
func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// WriteCSV writes gap.csv as RFC 4180 has it: a header, then one row per row of
// r.Gap in the same order. Numbers read back to the same bits; a value that is
// not finite, a null and a missing coordinate are empty cells.
func WriteCSV(path string, r *compare.Result) error {
	dim := 0
	for i := range r.Gap {
		dim = max(dim, len(r.Gap[i].X))
	}
	cols := csvColumns(dim)
	return writeFile(path, func(w io.Writer) error {
		c := csv.NewWriter(w)
		c.UseCRLF = true
		record := make([]string, len(cols))
		for k := range cols {
			record[k] = cols[k].name
		}
		if err := c.Write(record); err != nil {
			return err
		}
		for i := range r.Gap {
			for k := range cols {
				record[k] = cols[k].value(&r.Gap[i])
			}
			if err := c.Write(record); err != nil {
				return err
			}
		}
		c.Flush()
		return c.Error()
	})
}
