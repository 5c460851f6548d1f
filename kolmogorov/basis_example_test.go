package kolmogorov_test

import (
	"fmt"
	"math"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
)

// u_t = -x u_x + (1/4) u_xx from phi = cos x has the solution
// exp(-(1 - e^{-2t})/8) cos(e^{-t} x). The basis ends where its own bound meets the tolerance.
func ExampleNewBasis() {
	g, err := grid.Box(grid.KindChebyshev, []int{16}, []float64{0}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	n := g.Len()
	c := new(kolmogorov.Coefficients)
	c.B[0], c.A[0][0] = make([]float64, n), make([]float64, n)
	u, out, x := make([]float64, n), make([]float64, n), make([]float64, 1)
	for i := range n {
		g.PointTo(x, i)
		c.B[0][i], c.A[0][0][i], u[i] = -x[0], 0.5, math.Cos(x[0])
	}
	op, err := kolmogorov.NewOperator(g, c, fd.FullWidth)
	if err != nil {
		fmt.Println(err)
		return
	}
	p := kolmogorov.NewBasis(op, 1, &kolmogorov.BasisConfig{Tolerance: 1e-7})
	p.Start([][]float64{u})
	if err := p.Advance([][][]float64{{out}}); err != nil {
		fmt.Println(err)
		return
	}
	worst := 0.0
	for i, v := range out {
		g.PointTo(x, i)
		exact := math.Exp(-(1-math.Exp(-2))/8) * math.Cos(math.Exp(-1)*x[0])
		worst = max(worst, math.Abs(v-exact))
	}
	fmt.Println("bound within the tolerance:", p.TimeError() <= 1e-7)
	fmt.Println("error below 1e-6:", worst < 1e-6, "with at most 8 vectors for the 16 nodes:", p.Vectors() <= 8)
	// Output:
	// bound within the tolerance: true
	// error below 1e-6: true with at most 8 vectors for the 16 nodes: true
}
