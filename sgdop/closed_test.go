package sgdop

import (
	"math"
	"math/cmplx"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
)

// quadratic is x -> x.Q x + c, which linear gradients map to its like:
// E|(I - eta A) x + eta xi|_Q^2 = x.M Q M x + eta^2 tr(Q C), M = I - eta A.
type quadratic struct {
	q *mat.Dense
	c float64
}

func (p quadratic) at(x []float64) float64 {
	v := mat.NewVecDense(len(x), x)
	return mat.Inner(v, p.q, v) + p.c
}

func (l linear) step(p quadratic, eta float64) quadratic {
	d := l.dim()
	m, cov := mat.NewDense(d, d, nil), mat.NewDense(d, d, nil)
	for i := range d {
		for j := range d {
			v := -eta * l.a[i][j]
			if i == j {
				v++
			}
			m.Set(i, j, v)
			for k, w := range l.w {
				cov.Set(i, j, cov.At(i, j)+w*l.xi[k][i]*l.xi[k][j])
			}
		}
	}
	var q, qc mat.Dense
	q.Mul(p.q, m)
	q.Mul(m.T(), &q)
	qc.Mul(p.q, cov)
	return quadratic{&q, p.c + eta*eta*mat.Trace(&qc)}
}

// With linear gradients U^n of x1^2 and |x|^2 is a polynomial of degree 2, which
// every interpolation of degree 2 and more reproduces: exact over many steps.
func TestLinearGradientsOnQuadratics(t *testing.T) {
	t.Parallel()
	forMethods(t, func(t *testing.T, g *grid.Grid, width int) {
		d := g.Dim()
		l := linears[d-1]
		for _, eta := range []float64{0.25, 1.0 / 32} {
			s := assemble(t, g, l.objective(), eta, width)
			first, norm := mat.NewDense(d, d, nil), mat.NewDense(d, d, nil)
			first.Set(0, 0, 1)
			for k := range d {
				norm.Set(k, k, 1)
			}
			p := []quadratic{{first, 0}, {norm, 0}}
			u, v := make([][]float64, len(p)), make([][]float64, len(p))
			for f := range p {
				u[f], v[f] = sample(g, p[f].at), make([]float64, g.Len())
			}
			for n := 1; n <= 12; n++ {
				s.ApplyAllTo(2, v, u)
				u, v = v, u
				for f := range p {
					p[f] = l.step(p[f], eta)
					if diff := maxDiff(u[f], sample(g, p[f].at)); diff > 1e-12 {
						t.Fatalf("eta=%v, observable %d: U^%d is off by %.3g", eta, f, n, diff)
					}
				}
			}
		}
	})
}

// Of higher degree, up to that of the interpolation: x^k in one dimension against
// moments by the binomial sum over xi.
func TestLinearGradientsOnPowers(t *testing.T) {
	t.Parallel()
	const eta = 0.25
	l := linears[0]
	for _, m := range methods {
		g := cube(t, m.kind, 1, 2, m.nodes[0])
		w := g.Axis(0).Width(m.width)
		s := assemble(t, g, l.objective(), eta, m.width)
		for power := 0; power < w && power <= 8; power++ {
			u := sample(g, func(x []float64) float64 { return math.Pow(x[0]/2, float64(power)) })
			v := make([]float64, g.Len())
			// U^2 by all four paths.
			want := sample(g, func(x []float64) float64 {
				sum := 0.0
				for _, a := range []float64{1, -1} {
					for _, b := range []float64{1, -1} {
						y := (1-eta)*((1-eta)*x[0]+eta*a) + eta*b
						sum += math.Pow(y/2, float64(power)) / 4
					}
				}
				return sum
			})
			s.ApplyTo(v, u)
			s.ApplyTo(u, v)
			if diff := maxDiff(u, want); diff > 1e-12 {
				t.Errorf("%s: U^2 of x^%d is off by %.3g", m.name, power, diff)
			}
		}
	}
}

// cosine returns U^n of cos(k.x): each step maps k to M^T k and multiplies by the
// characteristic function of eta xi.
func (l linear) cosine(k []float64, eta float64, n int) func(x []float64) float64 {
	factor := complex(1, 0)
	k = append([]float64(nil), k...)
	for range n {
		var chi complex128
		for s, w := range l.w {
			phase := 0.0
			for i, v := range k {
				phase += eta * v * l.xi[s][i]
			}
			chi += complex(w, 0) * cmplx.Exp(complex(0, phase))
		}
		factor *= chi
		next := make([]float64, len(k))
		for j := range next {
			next[j] = k[j]
			for i, v := range k {
				next[j] -= eta * l.a[i][j] * v
			}
		}
		k = next
	}
	return func(x []float64) float64 {
		phase := 0.0
		for i, v := range k {
			phase += v * x[i]
		}
		return real(factor * cmplx.Exp(complex(0, phase)))
	}
}

// Cosines stay within the interpolation error, which falls as the nodes are
// refined: to rounding on Chebyshev axes, at a high order with local windows.
func TestLinearGradientsOnCosines(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		l := linears[d-1]
		k := []float64{1, 0.5, -0.7}[:d]
		for _, c := range []struct {
			kind  grid.Kind
			width int
			nodes [2]int
			tol   [2]float64
		}{
			{grid.KindChebyshev, 0, [2]int{10, 13}, [2]float64{1e-5, 1e-9}},
			{grid.KindUniform, 8, [2]int{12, 16}, [2]float64{1e-5, 4e-7}},
		} {
			for i, n := range c.nodes {
				g := cube(t, c.kind, d, 2, n)
				const eta = 0.125
				s := assemble(t, g, l.objective(), eta, c.width)
				u, v := sample(g, l.cosine(k, eta, 0)), make([]float64, g.Len())
				worst := 0.0
				for n := 1; n <= 10; n++ {
					s.ApplyAllTo(1, [][]float64{v}, [][]float64{u})
					u, v = v, u
					worst = max(worst, maxDiff(u, sample(g, l.cosine(k, eta, n))))
				}
				t.Logf("d=%d %v, %d nodes: %.3g", d, c.kind, n, worst)
				if worst > c.tol[i] {
					t.Errorf("d=%d %v, %d nodes: off by %.3g, want at most %.3g", d, c.kind, n, worst, c.tol[i])
				}
			}
		}
	}
}

// In two and three dimensions linear gradients map polynomials to polynomials of the
// same degree: U^3 of one of the full degree of the interpolation, in every variable, is
// exact to 1e-12 against all M^3 paths.
func TestLinearGradientsOnPolynomialsOfFullDegree(t *testing.T) {
	t.Parallel()
	const eta, steps = 0.2, 3
	for d := 2; d <= 3; d++ {
		l := linears[d-1]
		o := l.objective()
		for _, m := range []method{{"chebyshev", grid.KindChebyshev, 0, []int{0, 8, 6}}, {"uniform-6", grid.KindUniform, 6, []int{0, 16, 10}}, {"uniform-4", grid.KindUniform, 4, []int{0, 20, 9}}} {
			g := cube(t, m.kind, d, 2, m.nodes[d-1])
			degree := g.Axis(0).Width(m.width) - 1
			// S mixes the variables: the total degree must not exceed that of one axis.
			phi := func(x []float64) float64 {
				sum := 0.3
				for k, v := range x {
					sum += v / float64(2+k)
				}
				return math.Pow(sum/2, float64(degree)) - math.Pow(x[0]/3, float64(degree-1))*x[1]
			}
			s := assemble(t, g, o, eta, m.width)
			u := [][]float64{sample(g, phi)}
			v := [][]float64{make([]float64, g.Len())}
			if err := s.PowerTo(t.Context(), 1, steps, v, u); err != nil {
				t.Fatal(err)
			}
			diff := maxDiff(v[0], sample(g, func(x []float64) float64 { return enumerate(o, eta, steps, phi, x) }))
			t.Logf("%s d=%d degree %d: %.2g", m.name, d, degree, diff)
			if diff > 1e-12 {
				t.Errorf("%s d=%d: U^3 of a polynomial of degree %d is off by %.3g", m.name, d, degree, diff)
			}
		}
	}
}
