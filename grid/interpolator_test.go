package grid_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/grid"
)

// wave is sin(k.x + 0.3) with its closed-form jet.
type wave [grid.MaxDim]float64

func (k wave) phase(x []float64) float64 {
	s := 0.3
	for i, v := range x {
		s += k[i] * v
	}
	return s
}

func (k wave) value(x []float64) float64 { return math.Sin(k.phase(x)) }

func (k wave) jet(x []float64) (j grid.Jet) {
	sin, cos := math.Sincos(k.phase(x))
	j.Value = sin
	for p := range x {
		j.Grad[p] = k[p] * cos
		for q := range x {
			j.Hess[p][q] = -k[p] * k[q] * sin
		}
	}
	return j
}

// cubic is a polynomial of degree 3 in each of x1, x2, x3 with its exact jet.
type cubic [grid.MaxDim][4]float64

// factor returns derivative m of the factor in coordinate k.
func (c cubic) factor(k, m int, x float64) float64 {
	a := c[k]
	switch m {
	case 0:
		return a[0] + x*(a[1]+x*(a[2]+x*a[3]))
	case 1:
		return a[1] + x*(2*a[2]+x*3*a[3])
	default:
		return 2*a[2] + 6*a[3]*x
	}
}

func (c cubic) derivative(x []float64, m [grid.MaxDim]int) float64 {
	p := 1.0
	for k, v := range x {
		p *= c.factor(k, m[k], v)
	}
	return p
}

func (c cubic) value(x []float64) float64 { return c.derivative(x, [grid.MaxDim]int{}) }

func (c cubic) jet(x []float64) (j grid.Jet) {
	j.Value = c.value(x)
	for p := range x {
		var m [grid.MaxDim]int
		m[p]++
		j.Grad[p] = c.derivative(x, m)
		for q := range x {
			n := m
			n[q]++
			j.Hess[p][q] = c.derivative(x, n)
		}
	}
	return j
}

// jetDiff returns the largest difference of the values, gradients and Hessians.
func jetDiff(a, b *grid.Jet) (value, grad, hess float64) {
	value = math.Abs(a.Value - b.Value)
	for p := range grid.MaxDim {
		grad = max(grad, math.Abs(a.Grad[p]-b.Grad[p]))
		for q := range grid.MaxDim {
			hess = max(hess, math.Abs(a.Hess[p][q]-b.Hess[p][q]))
		}
	}
	return value, grad, hess
}

// randomPoint returns a point of the box stretched by the factor about its middle.
func randomPoint(rnd *rand.Rand, g *grid.Grid, stretch float64) []float64 {
	x := make([]float64, g.Dim())
	for k := range x {
		a := g.Axis(k)
		x[k] = (a.Lo()+a.Hi())/2 + stretch*(a.Hi()-a.Lo())*(rnd.Float64()-0.5)
	}
	return x
}

// nodesFor gives axes of different lengths, so that no two can be confused.
func nodesFor(dim, n int) []int { return []int{n, n + 1, n + 3}[:dim] }

func TestJetOfAWave(t *testing.T) {
	t.Parallel()
	k := wave{1.3, -0.8, 0.6}
	for _, c := range []struct {
		kind     grid.Kind
		n, width int
		tol      float64 // of the value; a derivative loses about n^2
	}{
		{grid.KindChebyshev, 20, 0, 1e-13},
		{grid.KindChebyshev, 28, 10, 1e-9},
		{grid.KindUniform, 28, 10, 1e-9},
		{grid.KindUniform, 20, 0, 1e-9},
		{grid.KindSinh, 28, 10, 1e-7},
		{grid.KindGiven, 28, 10, 1e-9},
	} {
		for dim := 1; dim <= grid.MaxDim; dim++ {
			t.Run(fmt.Sprintf("%v-%d-%dD", c.kind, c.width, dim), func(t *testing.T) {
				t.Parallel()
				rnd := rand.New(rand.NewPCG(1, uint64(dim)))
				g := newGrid(t, c.kind, nodesFor(dim, c.n)...)
				u := field(g, k.value)
				in := grid.NewInterpolator(g, c.width)
				for i := range 60 {
					x := randomPoint(rnd, g, 1)
					if i == 0 { // a node
						g.PointTo(x, g.Len()/2+1)
					}
					in.LocateJet(x)
					var got grid.Jet
					in.JetTo(&got, u)
					want := k.jet(x)
					value, grad, hess := jetDiff(&got, &want)
					n := float64(c.n)
					if !(value <= c.tol && grad <= 4*n*c.tol && hess <= n*n*n*c.tol) {
						t.Fatalf("at %v: value off by %g, gradient %g, Hessian %g", x, value, grad, hess)
					}
					in.Locate(x)
					if v := in.Value(u); !(math.Abs(v-want.Value) <= c.tol) {
						t.Fatalf("at %v: Value %v, want %v", x, v, want.Value)
					}
				}
			})
		}
	}
}

// Derivatives of a polynomial of degree w-1 in each coordinate are exact, also
// outside the box.
func TestJetExactOnCubics(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for _, width := range []int{4, 5, 6, 0} {
			for dim := 1; dim <= grid.MaxDim; dim++ {
				rnd := rand.New(rand.NewPCG(2, uint64(10*width+dim)))
				var c cubic
				for k := range c {
					copy(c[k][:], noise(rnd, 4))
				}
				g := newGrid(t, kind, nodesFor(dim, 7)...)
				u := field(g, c.value)
				in := grid.NewInterpolator(g, width)
				for range 40 {
					x := randomPoint(rnd, g, 1.2)
					in.LocateJet(x)
					var got grid.Jet
					in.JetTo(&got, u)
					want := c.jet(x)
					scale := 1.0
					if kind == grid.KindSinh { // far apart at the ends: extrapolation magnifies
						scale = 20
					}
					if value, grad, hess := jetDiff(&got, &want); !(value <= scale*1e-11 && grad <= scale*1e-10 && hess <= scale*1e-9) {
						t.Fatalf("%v width %d at %v: value off by %g, gradient %g, Hessian %g", kind, width, x, value, grad, hess)
					}
				}
			}
		}
	}
}

func TestJetPanicsAfterLocateAlone(t *testing.T) {
	t.Parallel()
	g := newGrid(t, grid.KindChebyshev, 5, 6)
	u := make([]float64, g.Len())
	in := grid.NewInterpolator(g, 0)
	x := []float64{0.1, 0.2}
	in.LocateJet(x)
	var j grid.Jet
	in.JetTo(&j, u)
	in.Locate(x)
	mustPanic(t, "grid: JetTo without LocateJet", func() { in.JetTo(&j, u) })
	mustPanic(t, "grid: JetTo without LocateJet", func() { grid.NewInterpolator(g, 0).JetTo(&j, u) })
}

// mustPanic runs f and demands a panic with a message that starts so.
func mustPanic(t *testing.T, start string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		got := fmt.Sprint(recover())
		if len(got) < len(start) || got[:len(start)] != start {
			t.Errorf("panic %q, want %q", got, start)
		}
	}()
	f()
}
