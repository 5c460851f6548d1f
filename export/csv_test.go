package export

import (
	"bytes"
	"encoding/csv"
	"math"
	"slices"
	"strconv"
	"testing"

	"kolmo/compare"
	"kolmo/export/table"
	"kolmo/internal/madeup"
)

func TestCSVRoundTrip(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		r := madeup.Result(d)
		r.Gap[1].Reason = madeup.Ptr("a reason with a comma, \"quotes\"\nand two lines")
		r.Gap[2].Gap = compare.Number(math.NaN())
		r.Gap[3].Gap = 0.1 + 0.2 // needs 17 digits
		var text bytes.Buffer
		if err := table.CSVOf(r.Gap).Write(&text); err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text.Bytes(), []byte("local_order\r\n")) {
			t.Error("lines do not end as RFC 4180 has it")
		}
		rows, err := csv.NewReader(&text).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != len(r.Gap)+1 {
			t.Fatalf("%d rows, want %d", len(rows), len(r.Gap)+1)
		}
		for _, k := range append([]string{"x" + strconv.Itoa(d)}, contract["gap"]...) {
			if k != "errors" && k != "x" && !slices.Contains(rows[0], k) {
				t.Errorf("no column %s", k)
			}
		}
		for i := range r.Gap {
			checkCSVRow(t, rows[0], rows[i+1], &r.Gap[i])
		}
	}
}

// checkCSVRow compares a record with its row, bit by bit.
func checkCSVRow(t *testing.T, head, record []string, g *compare.GapRow) {
	t.Helper()
	cell := func(name string) string { return record[slices.Index(head, name)] }
	numbers := map[string]float64{
		"eta": g.Eta, "gap": float64(g.Gap), "error": float64(g.Error), "t": g.T, "growth": float64(g.Growth),
		"error_space": float64(g.Errors.Space), "error_time": float64(g.Errors.Time),
		"error_interpolation": float64(g.Errors.Interpolation), "error_quadrature": float64(g.Errors.Quadrature),
		"error_sup": float64(g.Errors.Sup), "error_tail": float64(g.Errors.Tail), "local_order": float64(g.LocalOrder),
		"n": float64(g.N), "nodes": float64(g.Nodes), "space_order": float64(g.SpaceOrder), "steps": float64(g.Steps),
	}
	for k, x := range g.X {
		numbers["x"+strconv.Itoa(k+1)] = float64(x)
	}
	for name, want := range numbers {
		s := cell(name)
		if math.IsNaN(want) {
			if s != "" {
				t.Errorf("%s: %q, want an empty cell", name, s)
			}
			continue
		}
		if got, err := strconv.ParseFloat(s, 64); err != nil || got != want {
			t.Errorf("%s: %q, want %v", name, s, want)
		}
	}
	for name, want := range map[string]string{
		"observable": g.Observable, "model": g.Model, "eta_text": g.EtaText, "space": g.Space, "reason": table.OrEmpty(g.Reason),
		"closed_by": table.OrEmpty(g.ClosedBy), "tail": strconv.FormatBool(g.Tail), "certified": strconv.FormatBool(g.Certified),
		"invariant": strconv.FormatBool(g.Invariant),
	} {
		if got := cell(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
