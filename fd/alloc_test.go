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
	b := newBands(rnd, outer*inner, n, 3, 2)
	lu, err := fd.NewBanded(n, 3, 2, outer, inner, b.row)
	if err != nil {
		t.Fatal(err)
	}
	u := noise(rnd, outer*n*inner)
	if got := testing.AllocsPerRun(20, func() { lu.SolveTo(u) }); got != 0 {
		t.Errorf("SolveTo allocates %v times", got)
	}
	for _, order := range []int{fd.FullWidth, 4} {
		d := derivative(t, newAxis(t, grid.KindChebyshev, n, -1, 1), 2, order)
		du := make([]float64, len(u))
		if got := testing.AllocsPerRun(20, func() { d.MulTo(du, u, outer, inner) }); got != 0 {
			t.Errorf("order %d: MulTo allocates %v times", order, got)
		}
	}
}
