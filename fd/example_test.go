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

// An implicit step of u_t = u_xx, 1 - dt D2, on four lines of a field and for two
// fields in one sweep.
func ExampleFactor() {
	x, _ := grid.Uniform("x", 21, 0, 1)
	d2, err := fd.Derivative(x, 2, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	const dt, lines = 1e-3, 4
	e := fd.ExtentsOf(d2)
	fmt.Println(fd.BandedBytes(e, 1, lines), "bytes")
	lu, err := fd.Factor(e, 1, lines, 0, func(dst []float64, _, i int) {
		for j := range dst {
			dst[j] = -dt * d2.At(i, e.First[i]+j)
		}
		dst[i-e.First[i]]++
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	u, v := make([]float64, 21*lines), make([]float64, 21*lines)
	for i := range u {
		s := x.Node(i / lines)
		u[i], v[i] = 1, s*s-2*dt // the step solves 1 - dt u'' exactly for parabolas
	}
	lu.SolveAllTo([][]float64{u, v})
	fmt.Printf("%.6f %.6f\n", u[10*lines], v[10*lines])
	// Output:
	// 3520 bytes
	// 1.000000 0.250000
}
