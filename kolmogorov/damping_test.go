package kolmogorov

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/kolmogorov/scheme"
)

// roughOperator is a stiff L of order 4: the noise vanishes at the faces, with
// correlation 1/2 between the axes.
func roughOperator(t testing.TB, d, n int) *Operator {
	g := box(t, grid.KindUniform, d, 1, n)
	taper := func(v float64) float64 { return 1 - v*v }
	c := new(Coefficients)
	for k := range d {
		c.B[k] = sample(g, func(x []float64) float64 { return -x[k] })
		for l := k; l < d; l++ {
			size := 0.5
			if l != k {
				size = 0.25
			}
			c.A[k][l] = sample(g, func(x []float64) float64 { return size * taper(x[k]) * taper(x[l]) })
		}
	}
	return newOperator(t, g, c, 4)
}

// Craig-Sneyd with theta = 1/2 keeps what a kink or a jump excites: halving long
// steps hardly helps, and the solution oscillates about the jump. Two damped steps
// give order 2 back, also for a jump across the axes, which no sweep along one
// axis sees. The polynomial propagator on the same grid is the reference.
func TestDampingRestoresOrder2(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	sum := func(x []float64) float64 {
		s := 0.0
		for _, v := range x {
			s += v
		}
		return s
	}
	step := func(v float64) float64 {
		if v > 0.3 {
			return 1
		}
		return 0
	}
	for _, c := range []struct {
		name string
		d, n int
		phi  func(x []float64) float64
		lost float64 // undamped over damped error, at the second longest step
	}{
		{"kink", 1, 401, func(x []float64) float64 { return math.Abs(x[0] - 0.3) }, 5},
		{"jump", 1, 401, func(x []float64) float64 { return step(x[0]) }, 200},
		{"kink", 2, 121, func(x []float64) float64 { return math.Abs(x[0] - 0.3) }, 3},
		{"jump", 2, 121, func(x []float64) float64 { return step(x[0]) }, 50},
		{"jump across the axes", 2, 121, func(x []float64) float64 { return step(sum(x)) }, 15},
	} {
		t.Run(fmt.Sprintf("%dd %s", c.d, c.name), func(t *testing.T) {
			t.Parallel()
			op := roughOperator(t, c.d, c.n)
			phi := [][]float64{sample(op.Grid(), c.phi)}
			const eta = 0.25
			want := block(1, 1, op.Len())
			if err := advance(NewPolynomial(op, eta), want, phi); err != nil {
				t.Fatal(err)
			}
			var dt []float64
			errs := map[int][]float64{}
			over := 0.0 // how far damped solutions leave the range of phi
			for _, sub := range []int{8, 16, 32, 64} {
				dt = append(dt, eta/float64(sub))
				for _, damping := range []int{0, 2} {
					p, err := NewStepping(op, scheme.CraigSneyd{}, eta, sub, &SteppingConfig{Damping: damping})
					if err != nil {
						t.Fatal(err)
					}
					out := block(1, 1, op.Len())
					if err := advance(p, out, phi); err != nil {
						t.Fatal(err)
					}
					errs[damping] = append(errs[damping], maxDiff(out[0][0], want[0][0]))
					if damping > 0 {
						over = max(over, maxAbs(out[0][0])-maxAbs(phi[0]))
					}
				}
			}
			order := slope(dt, errs[2])
			t.Logf("damped: order %.3f, errors %.3g; undamped: errors %.3g", order, errs[2], errs[0])
			if math.Abs(order-2) > 0.15 || over > 1e-2 {
				t.Errorf("damped: order %.3f, errors %.3g, leaving the range by %.3g", order, errs[2], over)
			}
			if errs[0][1] < c.lost*errs[2][1] || errs[0][0] < c.lost*errs[2][0] {
				t.Errorf("undamped errors %.3g beside %.3g: the case is not rough enough to tell", errs[0], errs[2])
			}
		})
	}
}

// A damped step is the formula with dense matrices, in one to three dimensions.
func TestSplitEulerAgainstDenseFormula(t *testing.T) {
	t.Parallel()
	const dt = 0.1
	for d := 1; d <= 3; d++ {
		op := smoothOperator(t, box(t, grid.KindUniform, d, 1.5, 7, 6, 6), 4, 0.05)
		n := op.Len()
		u := sample(op.Grid(), wave)
		v := append([]float64(nil), u...)
		op.AddMixedTo(v, dt, u)
		want := mat.NewVecDense(n, v)
		e := make([]float64, n)
		for k := range d {
			m := mat.NewDense(n, n, nil)
			for j := range n {
				col := make([]float64, n)
				e[j], col[j] = 1, 1
				op.AddAxisTo(k, col, -dt, e)
				e[j] = 0
				m.SetCol(j, col)
			}
			var next mat.VecDense
			if err := next.SolveVec(m, want); err != nil {
				t.Fatal(err)
			}
			want = &next
		}
		s, err := scheme.NewSplitEuler(op, dt)
		if err != nil {
			t.Fatal(err)
		}
		other := append([]float64(nil), u...)
		s.Step([][]float64{u, other})
		for _, got := range [][]float64{u, other} {
			if diff := maxDiff(got, want.RawVector().Data); diff > 1e-13 {
				t.Errorf("d=%d: a step differs from the formula by %.3g", d, diff)
			}
		}
	}
}
