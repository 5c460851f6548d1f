package grid_test

import (
	"testing"

	"kolmo/grid"
)

// Hot paths allocate nothing. AllocsPerRun counts the whole process, so this test
// must not run in parallel with others.
func TestHotPathsDoNotAllocate(t *testing.T) {
	for _, kind := range kinds {
		for _, width := range []int{0, 6} {
			g := newGrid(t, kind, 9, 11, 10)
			u, x := make([]float64, g.Len()), []float64{0.31, 0.12, 0.07}
			w := make([]float64, 11)
			in := grid.NewInterpolator(g, width)
			tr := grid.NewTransfer(g, [][]float64{{0, 0.1, 0.2}, {0.4, 0.5}, {0.3}}, width)
			same := grid.NewGridTransfer(g, g, width)
			m := g.Axis(1).InterpolationMatrix(g.Axis(1).Nodes(), width)
			dst := make([]float64, g.Len())
			ball := grid.Ball{Center: []float64{0, 0, 0}, R: 0.2}
			var j grid.Jet
			for name, f := range map[string]func(){
				"WindowTo":               func() { g.Axis(1).WindowTo(w, x[1], width) },
				"Interpolator.Locate":    func() { in.Locate(x) },
				"Interpolator.Value":     func() { in.Value(u) },
				"Interpolator.LocateJet": func() { in.LocateJet(x) },
				"Interpolator.JetTo":     func() { in.LocateJet(x); in.JetTo(&j, u) },
				"AxisMatrix.MulTo":       func() { m.MulTo(dst, u, 10, 9) },
				"AxisMatrix.MulTo lines": func() { m.MulTo(dst, u, 90, 1) },
				"Transfer.ApplyTo":       func() { tr.ApplyTo(dst[:tr.Len()], u) },
				"Transfer.ApplyTo copy":  func() { same.ApplyTo(dst, u) },
				"Grid.PointTo":           func() { g.PointTo(x, 77) },
				"Ball":                   func() { ball.Project(x); ball.Contains(x) },
			} {
				if n := testing.AllocsPerRun(20, f); n != 0 {
					t.Errorf("%v width %d: %s allocates %v times", kind, width, name, n)
				}
			}
		}
	}
}
