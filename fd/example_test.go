package fd_test

import (
	"fmt"
	"math"

	"kolmo/fd"
	"kolmo/grid"
)

// The derivative of the exponential, to order 8 up to the ends.
func Example() {
	x, _ := grid.Uniform("x", 41, 0, 1)
	d, err := fd.Derivative(x, 1, 8)
	if err != nil {
		fmt.Println(err)
		return
	}
	u, du := x.Nodes(), make([]float64, x.Len())
	for i, v := range u {
		u[i] = math.Exp(v)
	}
	d.MulTo(du, u, 1, 1) // one line: outer = inner = 1
	fmt.Printf("%.9f %.9f\n", du[0], du[40])
	// Output: 1.000000000 2.718281828
}

// The second derivative of order 4: the closure at the end and a row inside.
func ExampleDerivative() {
	x, _ := grid.Uniform("x", 9, 0, 8)
	d, _ := fd.Derivative(x, 2, 4)
	for _, i := range []int{0, 4} {
		for j := range 9 {
			fmt.Printf("%7.3f", d.At(i, j))
		}
		fmt.Println()
	}
	_, err := fd.Derivative(x, 2, 8)
	fmt.Println(err)
	// Output:
	//   3.750-12.833 17.833-13.000  5.083 -0.833  0.000  0.000  0.000
	//   0.000  0.000 -0.083  1.333 -2.500  1.333 -0.083  0.000  0.000
	// fd: axis x has 9 nodes: derivative 2 of order 8 needs 10
}

// Solve 3 u_i - u_(i-1) - u_(i+1) = f_i on three nodes, u = 0 beyond them.
func ExampleNewBanded() {
	lu, err := fd.NewBanded(3, 1, 1, 1, 1, func(_, i int) (base int, entries []float64) {
		row := []float64{-1, 3, -1} // diagonal in the middle
		switch i {
		case 0:
			return 0, row[1:]
		case 2:
			return 1, row[:2]
		}
		return 0, row
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	u := []float64{1, 4, 5}
	lu.SolveTo(u)
	fmt.Printf("%.4f\n", u)
	// Output: [1.1905 2.5714 2.5238]
}
