package spectrum

import (
	"testing"

	"kolmo/compare"
	"kolmo/process"
)

// Rates on either side of the chain's have no order: only those after the last crossing count.
func TestOrderWhereRatesCross(t *testing.T) {
	t.Parallel()
	var rows []compare.SpectrumRow
	for i, d := range []compare.Number{-0.006, 0.0026, 0.0013} {
		eta := 0.25 / float64(int(1)<<i)
		rows = append(rows,
			compare.SpectrumRow{Model: "sgd", Eta: eta, K: 1, Rate: 1, Certified: true},
			compare.SpectrumRow{Model: "m", Eta: eta, K: 1, Rate: 1 + d, Certified: true})
	}
	if o := orderOf(rows, "sgd", &process.Diffusion{Name: "m", Order: 2}, 1); o.Slope == o.Slope || len(o.Etas) != 2 {
		t.Errorf("order %.3f from %v: %s", o.Slope, o.Etas, o.Verdict)
	}
}
