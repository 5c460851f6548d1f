package grid_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"kolmo/grid"
	"kolmo/internal/slow"
)

// positions returns points of every kind: nodes, points a hair beside nodes,
// points in the cells, and points up to 15 % of the axis outside it.
func positions(a *grid.Axis) []float64 {
	var xs []float64
	length := a.Hi() - a.Lo()
	for i := range a.Len() {
		x := a.Node(i)
		xs = append(xs, x, math.Nextafter(x, 9), math.Nextafter(x, -9), x+1e-9*length)
		if i > 0 {
			for _, s := range []float64{0.1, 0.5, 0.77} {
				xs = append(xs, a.Node(i-1)+s*(x-a.Node(i-1)))
			}
		}
	}
	for _, s := range []float64{1e-14, 1e-3, 0.05, 0.15} {
		xs = append(xs, a.Lo()-s*length, a.Hi()+s*length)
	}
	return xs
}

// eachWindow calls check for every kind, width and position on axes of n nodes.
func eachWindow(t *testing.T, n int, check func(t *testing.T, a *grid.Axis, x float64, base int, w []float64)) {
	for _, kind := range kinds {
		for width := range n + 1 { // 0 is the whole axis
			t.Run(fmt.Sprintf("%v-%d", kind, width), func(t *testing.T) {
				t.Parallel()
				a := newAxis(t, kind, n, -0.7, 1.9)
				w := make([]float64, a.Width(width))
				for _, x := range positions(a) {
					base := a.WindowTo(w, x, width)
					if base < 0 || base+len(w) > n {
						t.Fatalf("x=%v: window [%d,%d) outside the axis", x, base, base+len(w))
					}
					check(t, a, x, base, w)
				}
			})
		}
	}
}

// In sum_i w_i (x_i - c)^k the errors of the weights count with sum |w_i|.
func TestWindowExactOnPolynomials(t *testing.T) {
	t.Parallel()
	eachWindow(t, 13, func(t *testing.T, a *grid.Axis, x float64, base int, w []float64) {
		mid, half := (a.Lo()+a.Hi())/2, (a.Hi()-a.Lo())/2
		for k := range w { // k = 0: the weights sum to one
			got := 0.0
			for i, c := range w {
				got += c * math.Pow((a.Node(base+i)-mid)/half, float64(k))
			}
			want := math.Pow((x-mid)/half, float64(k))
			if tol := 2e-15 * float64(len(w)) * absSum(w); !(math.Abs(got-want) <= tol) {
				t.Fatalf("x=%v degree %d: %v, want %v (tolerance %g)", x, k, got, want, tol)
			}
		}
	})
}

func TestWindowAgainstRationalLagrange(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	eachWindow(t, 9, func(t *testing.T, a *grid.Axis, x float64, base int, w []float64) {
		want := exactWeights(0, x, a.Nodes()[base:base+len(w)])[0]
		if d := maxDiff(w, want); !(d <= 4e-15*float64(len(w))*absSum(want)) {
			t.Fatalf("x=%v: weights differ by %g from\n%v\n%v", x, d, want, w)
		}
	})
}

// The second independent generator: the transposed Vandermonde system
// sum_i w_i s_i^k = s^k, k < w, solved by LU.
func TestWindowAgainstVandermonde(t *testing.T) {
	t.Parallel()
	eachWindow(t, 7, func(t *testing.T, a *grid.Axis, x float64, base int, w []float64) {
		v, rhs := mat.NewDense(len(w), len(w), nil), mat.NewVecDense(len(w), nil)
		for k := range w {
			rhs.SetVec(k, math.Pow(x, float64(k)))
			for i := range w {
				v.Set(k, i, math.Pow(a.Node(base+i), float64(k)))
			}
		}
		var want mat.VecDense
		if err := want.SolveVec(v, rhs); err != nil {
			t.Fatal(err)
		}
		if d := maxDiff(w, want.RawVector().Data); !(d <= 1e-9) {
			t.Fatalf("x=%v: weights differ by %g", x, d)
		}
	})
}

func TestWindowIsDeltaAtNodes(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		a := newAxis(t, kind, 21, -0.7, 1.9)
		for _, width := range []int{0, 1, 2, 5, 8} {
			w := make([]float64, a.Width(width))
			for i := range a.Len() {
				base := a.WindowTo(w, a.Node(i), width)
				for j, c := range w {
					want := 0.0
					if base+j == i {
						want = 1
					}
					// Full width on a uniform axis magnifies the rounding of x.
					if !(math.Abs(c-want) <= 1e-12*absSum(w)) {
						t.Errorf("%v width %d node %d: weight %d is %v", kind, width, i, base+j, c)
					}
				}
			}
		}
	}
}

// The window must be centred: as many nodes on either side of x as the ends
// allow, for odd widths about the node nearest to x.
func TestWindowIsCentred(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		a := newAxis(t, kind, 14, -1, 1)
		w := make([]float64, 13)
		for width := 1; width < a.Len(); width++ {
			for i := 1; i < a.Len(); i++ {
				for _, s := range []float64{0.01, 0.3, 0.49, 0.51, 0.99} {
					x := a.Node(i-1) + s*(a.Node(i)-a.Node(i-1))
					want := i - width/2 // even: cell [i-1,i] in the middle
					if width%2 == 1 && s < 0.5 {
						want--
					}
					want = min(max(want, 0), a.Len()-width)
					if got := a.WindowTo(w, x, width); got != want {
						t.Errorf("%v width %d, %g of cell %d: base %d, want %d", kind, width, s, i, got, want)
					}
				}
			}
		}
	}
}

// Where x comes so close to a node that 1/(x - node) overflows, the barycentric
// formula must still give the node's value.
func TestWindowAtSubnormalDistance(t *testing.T) {
	t.Parallel()
	a := newAxis(t, grid.KindChebyshev, 9, -1, 1)
	w := make([]float64, 9)
	for _, x := range []float64{5e-324, -1e-310, 1e-308, -3e-300} {
		a.WindowTo(w, x, 0)
		for i, c := range w {
			want := 0.0
			if i == 4 {
				want = 1
			}
			if !(math.Abs(c-want) < 1e-15) {
				t.Errorf("x=%g: weight %d is %v", x, i, c)
			}
		}
	}
}

func TestWindowMirrors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 20).Draw(t, "n")
		make1 := rapid.SampledFrom([]func(string, int, float64, float64) (*grid.Axis, error){grid.Uniform, grid.Chebyshev}).Draw(t, "kind")
		width := 2 * rapid.IntRange(0, n/2).Draw(t, "half width")
		x := rapid.Float64Range(-1.1, 1.1).Draw(t, "x")
		a, err := make1("x", n, -1, 1)
		if err != nil {
			t.Fatal(err)
		}
		w, m := make([]float64, a.Width(width)), make([]float64, a.Width(width))
		b, c := a.WindowTo(w, x, width), a.WindowTo(m, -x, width)
		// On a node of an axis two even windows are as good; both give delta.
		if b != n-len(w)-c {
			return
		}
		for i := range w {
			if d := math.Abs(w[i] - m[len(w)-1-i]); !(d <= 1e-13*absSum(w)) {
				t.Fatalf("weight %d at %v and its mirror image differ by %g", i, x, d)
			}
		}
	})
}

// n points far outside or not numbers must not make WindowTo index out of range.
func TestWindowSurvivesAnyPoint(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		a := newAxis(t, kind, 11, -1, 1)
		w := make([]float64, 11)
		for _, width := range []int{0, 1, 4, 5, 10} {
			for _, x := range []float64{math.Inf(-1), -1e300, 1e300, math.Inf(1), math.NaN()} {
				if b := a.WindowTo(w, x, width); b < 0 || b+a.Width(width) > 11 {
					t.Errorf("%v width %d x=%v: base %d", kind, width, x, b)
				}
			}
		}
	}
}
