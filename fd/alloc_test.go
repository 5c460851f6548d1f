package fd_test

import (
	"math/rand/v2"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
)

// Hot paths allocate nothing. AllocsPerRun counts the whole process, so this test
// must not run in parallel with others.
func TestHotPathsDoNotAllocate(t *testing.T) {
	rnd := rand.New(rand.NewPCG(13, 1))
	const n, outer, inner = 12, 3, 4
	for _, s := range [][2]int{{outer, inner}, {outer * inner, 1}, {2, 37}} {
		m := newEnvelope(rnd, s[0], n, s[1])
		lu := m.factor(t, 1)
		fields := [][]float64{noise(rnd, n*s[0]*s[1]), noise(rnd, n*s[0]*s[1])}
		work := make([]float64, lu.WorkLen())
		for name, f := range map[string]func(){
			"SolveTo":    func() { lu.SolveTo(fields[0]) },
			"SolveAllTo": func() { lu.SolveAllTo(fields) },
			"SolveBlock": func() {
				for k := range lu.Blocks() {
					lu.SolveBlock(k, work, fields)
				}
			},
		} {
			if got := testing.AllocsPerRun(20, f); got != 0 {
				t.Errorf("%v: %s allocates %v times", s, name, got)
			}
		}
	}
	u := noise(rnd, outer*n*inner)
	for _, order := range []int{fd.FullWidth, 4} {
		d := derivative(t, newAxis(t, grid.KindChebyshev, n, -1, 1), 2, order)
		du := make([]float64, len(u))
		if got := testing.AllocsPerRun(20, func() { d.MulTo(du, u, outer, inner) }); got != 0 {
			t.Errorf("order %d: MulTo allocates %v times", order, got)
		}
	}
}
