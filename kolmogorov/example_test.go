package kolmogorov_test

import (
	"fmt"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
)

// The second moment of the second-order model of f(x;xi) = (x - xi)^2/2, xi = -1
// or 1, after four SGD steps from x = 0: an Ornstein-Uhlenbeck process with the
// variance eta (1 - exp(-2 (1 + eta/2) t))/(2 + eta).
func Example() {
	g, err := grid.Box(grid.KindChebyshev, []int{9}, []float64{0}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}

	const eta = 0.25
	drift := func(b, x []float64) { b[0] = -(1 + eta/2) * x[0] }
	diffusion := func(a [][]float64, _ []float64) { a[0][0] = eta }
	c, err := kolmogorov.NewCoefficients(g, drift, diffusion, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	op, err := kolmogorov.NewOperator(g, c, fd.FullWidth)
	if err != nil {
		fmt.Println(err)
		return
	}
	u := [][]float64{make([]float64, g.Len())}
	x := make([]float64, 1)
	for i := range u[0] {
		g.PointTo(x, i)
		u[0][i] = x[0] * x[0]
	}
	out := make([][][]float64, 4)
	for j := range out {
		out[j] = [][]float64{make([]float64, g.Len())}
	}
	p := kolmogorov.NewPolynomial(op, eta)
	p.Start(u)
	if err := p.Advance(out); err != nil {
		fmt.Println(err)
		return
	}
	for j := range out {
		fmt.Printf("t = %.2f: %.9f\n", float64(j+1)*eta, out[j][0][4])
	}
	fmt.Println("error in time below 1e-12:", p.TimeError() < 1e-12)
	// Output:
	// t = 0.25: 0.047801908
	// t = 0.50: 0.075038615
	// t = 0.75: 0.090557622
	// t = 1.00: 0.099400086
	// error in time below 1e-12: true
}
