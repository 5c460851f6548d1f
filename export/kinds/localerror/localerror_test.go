package localerror

import (
	"io"
	"math"
	"slices"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// A line that ends before others leaves nothing on the rest of its panel.
func TestLocalFigureEndsWithTheGap(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	r := madeup.Result(1)
	r.LocalCurves = []compare.LocalCurve{{Observable: "square", Model: "modified", Eta: 0.25, EtaText: "1/4",
		T: []float64{0.25, 0.5, 0.75, 1}, Rho: []float64{4, 3, 2, 1}, Sum: []float64{4, 7, 9, 10}, Gap: []float64{3, 2, nan, nan}}}
	if err := localFigure(r).WriteSVG(io.Discard); err != nil {
		t.Error(err)
	}
	curves := localCurves(r)
	gap := slices.Index(curves.Head, "gap")
	for i, want := range []string{"3", "2", "", ""} {
		if got := curves.Rows[i][gap]; got != want {
			t.Errorf("line %d: gap %q, want %q", i+1, got, want)
		}
	}
}
