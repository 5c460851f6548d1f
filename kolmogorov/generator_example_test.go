package kolmogorov_test

import (
	"fmt"
	"math"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
)

// The Cox-Ingersoll-Ross process dX = (1 - X) dt + 0.4 sqrt(X) dW, which is no model
// of stochastic gradient descent: its mean and its second moment at t = 1.
func ExampleNewCoefficients() {
	axis, err := grid.Chebyshev("x", 9, 0, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := grid.New(axis)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := kolmogorov.NewCoefficients(g,
		func(b, x []float64) { b[0] = 1 - x[0] },
		func(a [][]float64, x []float64) { a[0][0] = 0.16 * x[0] }, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	op, err := kolmogorov.NewOperator(g, c, fd.FullWidth)
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, square := axis.Nodes(), axis.Nodes()
	for i, x := range mean {
		square[i] = x * x
	}
	out := [][][]float64{{make([]float64, g.Len()), make([]float64, g.Len())}}
	p := kolmogorov.NewPolynomial(op, 1)
	p.Start([][]float64{mean, square})
	if err := p.Advance(out); err != nil {
		fmt.Println(err)
		return
	}
	// From x = 1 the mean stays 1 and the variance is 0.08 (1 - e^{-2}).
	fmt.Printf("%.9f %.9f\n", out[0][0][4], out[0][1][4]-1)
	fmt.Printf("%.9f\n", 0.08*(1-math.Exp(-2)))

	_, err = kolmogorov.NewCoefficients(g, nil, func(a [][]float64, x []float64) { a[0][0] = x[0] - 1 }, 0)
	fmt.Println(err)
	// Output:
	// 1.000000000 0.069173177
	// 0.069173177
	// kolmogorov: a has the eigenvalue -1 at x = (0): want a symmetric positive semidefinite matrix
}

// The transpose moves weights on the nodes: from a unit weight at x = 1/2 the drift -x
// takes the mean towards the origin, and no mass is lost.
func ExampleOperator_Transpose() {
	g, err := grid.Box(grid.KindUniform, []int{9}, []float64{0}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := kolmogorov.NewCoefficients(g, func(b, x []float64) { b[0] = -x[0] }, nil, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	op, err := kolmogorov.NewOperator(g, c, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, rate := make([]float64, g.Len()), make([]float64, g.Len())
	p[6] = 1
	op.Transpose().ApplyTo(rate, nil, 1, p)
	mean, mass := 0.0, 0.0
	for i, r := range rate {
		mean += r * g.Axis(0).Node(i)
		mass += r
	}
	fmt.Printf("mean' = %.6f, mass kept: %v\n", mean, math.Abs(mass) < 1e-12)
	// Output:
	// mean' = -0.500000, mass kept: true
}

// The spectral gap and the stationary variance of dX = -X dt + sqrt(0.2) dW.
func ExampleOperator_Spectrum() {
	g, err := grid.Box(grid.KindChebyshev, []int{12}, []float64{0}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := kolmogorov.NewCoefficients(g,
		func(b, x []float64) { b[0] = -x[0] },
		func(a [][]float64, _ []float64) { a[0][0] = 0.2 }, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	op, err := kolmogorov.NewOperator(g, c, fd.FullWidth)
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := op.Spectrum(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	gap, err := s.Gap()
	if err != nil {
		fmt.Println(err)
		return
	}
	pi, err := op.Invariant(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	square := g.Axis(0).Nodes()
	for i, x := range square {
		square[i] = x * x
	}
	variance, estimate := pi.Mean(square)
	fmt.Printf("%.6f %.6f %v\n", gap.Value, variance, gap.Error() < 1e-8 && estimate < 1e-10)
	// Output:
	// 1.000000 0.100000 true
}
