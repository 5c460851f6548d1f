package spectrum

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/internal/madeup"
)

// eigenResult has the eigenfunction x of the slowest rate at two learning rates, on the line or
// in the plane.
func eigenResult(plane bool) *compare.Result {
	r := madeup.SpectrumResult()
	const n = 21
	for _, model := range []string{"sgd", "second-order"} {
		for _, d := range []float64{4, 8} {
			f := compare.Eigenfunction{Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), K: 1, Within: compare.Within{Center: []float64{0}, R: 1}, Error: 1e-9}
			for i := range n {
				f.X1 = append(f.X1, compare.Number(float64(i-n/2)/(n/2)))
			}
			f.Real = f.X1
			if plane {
				f.Center, f.X2, f.Real = []float64{0, 0}, f.X1, nil
				for i := range n * n {
					x, y := f.X1[i%n], f.X1[i/n]
					f.Real = append(f.Real, x)
					if math.Hypot(float64(x), float64(y)) > 1 {
						f.Outside = append(f.Outside, i)
					}
				}
			}
			r.Eigenfunctions = append(r.Eigenfunctions, f)
		}
	}
	r.Eigenfunctions = append(r.Eigenfunctions, compare.Eigenfunction{Model: "sgd", Eta: 0.25, EtaText: "1/4", K: 2, Error: 0.3, Reason: "not alike"})
	return r
}

// Eigenfunctions are drawn at the smallest learning rate, on the line as curves and in the plane as maps, and are
// written as a row per point inside the ball.
func TestEigenfunctionsAreShown(t *testing.T) {
	t.Parallel()
	for _, plane := range []bool{false, true} {
		r := eigenResult(plane)
		look := figure.Styles(r, processes(r))
		panels, maps := eigenPanels(r, look), eigenMaps(r)
		points := 4 * 21
		if plane {
			points = 4 * 317
			if len(panels) != 0 || len(maps) != 2 || maps[0].Title != "sgd, k = 1, η = 1/8" || maps[0].Colors.Max != 1 || maps[0].Colors.Min != -1 {
				t.Fatalf("%d panels, %d maps", len(panels), len(maps))
			}
		} else if len(maps) != 0 || len(panels) != 1 || len(panels[0].Lines) != 2 || panels[0].Title != "k = 1, η = 1/8" || panels[0].Lines[1].Y[20] != 1 {
			t.Fatalf("%d panels, %d maps", len(panels), len(maps))
		}
		f := spectrumFigure(r)
		if f.Cols != 2 || f.Rows != 2 {
			t.Errorf("plane %v: %d x %d panels, want 2 x 2", plane, f.Cols, f.Rows)
		}
		var b bytes.Buffer
		if err := f.WriteSVG(&b); err != nil || strings.Contains(b.String(), "<image") != plane {
			t.Errorf("plane %v: %v, or a map where there is none", plane, err)
		}
		if rows := eigenTable(r).Rows; len(rows) != points {
			t.Errorf("plane %v: %d rows, want %d", plane, len(rows), points)
		}
		if lines := strings.Join(spectrumSection(r).Verdicts, "\n"); !strings.Contains(lines, "no eigenfunction: sgd, eta = 1/4, k = 2: not alike") {
			t.Error(lines)
		}
	}
}
