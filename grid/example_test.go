package grid_test

import (
	"fmt"
	"math"

	"kolmo/grid"
)

// The value of cos(x1 + x2) between the nodes of a Chebyshev grid.
func Example() {
	x, _ := grid.Chebyshev("x1", 24, -2, 2)
	y, _ := grid.Chebyshev("x2", 24, -2, 2)
	g, _ := grid.New(x, y)
	u := make([]float64, g.Len())
	p := make([]float64, g.Dim())
	for i := range u {
		g.PointTo(p, i)
		u[i] = math.Cos(p[0] + p[1])
	}
	in := grid.NewInterpolator(g, 0)
	in.Locate([]float64{0.3, 0.1})
	fmt.Printf("%.12f\n", in.Value(u))
	fmt.Printf("%.12f\n", math.Cos(0.4))
	// Output:
	// 0.921060994003
	// 0.921060994003
}

// The weights of the second derivative at the end of four nodes.
func ExampleDerivativeWeights() {
	c := grid.DerivativeWeights(2, 0, []float64{0, 1, 2, 3})
	fmt.Println(c[2])
	// Output: [2 -5 4 -1]
}

// Cubic interpolation at a point between the second and the third node.
func ExampleAxis_WindowTo() {
	a, _ := grid.Uniform("x", 11, 0, 10)
	w := make([]float64, 4)
	base := a.WindowTo(w, 4.5, 4)
	fmt.Println("nodes from", a.Node(base), "weights", w)
	// Output: nodes from 3 weights [-0.0625 0.5625 0.5625 -0.0625]
}

// The gradient and the Hessian of a quadratic.
func ExampleInterpolator_JetTo() {
	g, _ := grid.Box(grid.KindChebyshev, []int{8}, []float64{0, 0}, 1)
	u, p := make([]float64, g.Len()), make([]float64, 2)
	for i := range u {
		g.PointTo(p, i)
		u[i] = p[0]*p[0] + 3*p[0]*p[1] - p[1]*p[1]/2
	}
	in := grid.NewInterpolator(g, 0)
	in.LocateJet([]float64{0.5, -0.25})
	var j grid.Jet
	in.JetTo(&j, u)
	fmt.Printf("gradient %.3f, Hessian %.3f\n", j.Grad[:2], [2][]float64{j.Hess[0][:2], j.Hess[1][:2]})
	// Output: gradient [0.250 1.750], Hessian [[2.000 3.000] [3.000 -1.000]]
}

// A field on one grid, read on another.
func ExampleNewGridTransfer() {
	from, _ := grid.Box(grid.KindChebyshev, []int{12}, []float64{0}, 1)
	to, _ := grid.Box(grid.KindUniform, []int{5}, []float64{0}, 1)
	u := make([]float64, from.Len())
	for i := range u {
		x := from.Axis(0).Node(i)
		u[i] = x * x * x
	}
	v := make([]float64, to.Len())
	grid.NewGridTransfer(from, to, 0).ApplyTo(v, u)
	fmt.Printf("%.4f\n", v)
	// Output: [-1.0000 -0.1250 0.0000 0.1250 1.0000]
}

// The end of every ray outside the ball is moved to its sphere.
func ExampleBall_Project() {
	b := grid.Ball{Center: []float64{1, 0}, R: 2}
	x := []float64{4, 4}
	b.Project(x)
	fmt.Printf("%.2f\n", x)
	// Output: [2.20 1.60]
}

// Nodes that cluster about a layer at 0.3.
func ExampleSinh() {
	x, err := grid.Sinh("x", 9, -1, 1, 0.3, 0.1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", x.Nodes())
	_, err = grid.Sinh("x", 9, -1, 1, 0.3, 0)
	fmt.Println(err)
	// Output:
	// [-1.00 -0.32 0.01 0.18 0.27 0.34 0.45 0.63 1.00]
	// grid: nodes cluster with a finite strength > 0, got 0
}
