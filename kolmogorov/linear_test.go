package kolmogorov

import (
	"math"
	"math/cmplx"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
)

// linearProblem is an Ornstein-Uhlenbeck process dX = -B X dt + C^{1/2} dW, with what
// is known of it in closed form, by no grid.
type linearProblem struct {
	b *mat.Dense // drift -b x
	c *mat.Dense // diffusion
}

// linear1D to linear3D have real rates; the drift of turning2D turns.
var (
	linear1D  = linearProblem{mat.NewDense(1, 1, []float64{1.25}), mat.NewDense(1, 1, []float64{0.2})}
	linear2D  = linearProblem{mat.NewDense(2, 2, []float64{1, 0.3, 0.2, 1.9}), mat.NewDense(2, 2, []float64{0.1, 0.04, 0.04, 0.05})}
	turning2D = linearProblem{mat.NewDense(2, 2, []float64{1, -3, 3, 1.2}), mat.NewDense(2, 2, []float64{0.1, 0.03, 0.03, 0.12})}
	linear3D  = linearProblem{mat.NewDense(3, 3, []float64{1, 0.2, 0, 0.1, 1.4, 0.2, -0.1, 0, 1.8}),
		mat.NewDense(3, 3, []float64{0.1, 0.02, 0, 0.02, 0.08, 0.03, 0, 0.03, 0.06})}
)

func (p linearProblem) dim() int { n, _ := p.b.Dims(); return n }

// on returns the coefficients at the nodes.
func (p linearProblem) on(g *grid.Grid) *Coefficients {
	c := new(Coefficients)
	for k := range p.dim() {
		c.B[k] = sample(g, func(x []float64) float64 {
			sum := 0.0
			for l, v := range x {
				sum -= p.b.At(k, l) * v
			}
			return sum
		})
		for l := k; l < p.dim(); l++ {
			c.A[k][l] = sample(g, func([]float64) float64 { return p.c.At(k, l) })
		}
	}
	return c
}

// spectrum returns the eigenvalues of L: minus the sums of the rates of B with
// non-negative integer coefficients, by falling real part.
func (p linearProblem) spectrum() []complex128 {
	var eig mat.Eigen
	eig.Factorize(p.b, mat.EigenNone)
	values := []complex128{0}
	for _, rate := range eig.Values(nil) {
		var next []complex128
		for _, v := range values {
			for n := range 16 {
				next = append(next, v-complex(float64(n), 0)*rate)
			}
		}
		values = next
	}
	slices.SortStableFunc(values, func(a, b complex128) int {
		switch {
		case real(a) > real(b)+1e-12:
			return -1
		case real(b) > real(a)+1e-12:
			return 1
		}
		return 0
	})
	return values
}

// stationary returns the covariance of the invariant law, which solves
// B S + S B^T = C.
func (p linearProblem) stationary() *mat.Dense {
	d := p.dim()
	m, right := mat.NewDense(d*d, d*d, nil), mat.NewVecDense(d*d, nil)
	for i := range d {
		for j := range d {
			right.SetVec(i*d+j, p.c.At(i, j))
			for k := range d {
				m.Set(i*d+j, k*d+j, m.At(i*d+j, k*d+j)+p.b.At(i, k))
				m.Set(i*d+j, i*d+k, m.At(i*d+j, i*d+k)+p.b.At(j, k))
			}
		}
	}
	var s mat.VecDense
	if err := s.SolveVec(m, right); err != nil {
		panic(err)
	}
	return mat.NewDense(d, d, s.RawVector().Data)
}

// law returns M = exp(-B t), and the covariance S - M S M^T of X_t from a point.
func (p linearProblem) law(t float64) (flow, covariance *mat.Dense) {
	flow, covariance = new(mat.Dense), new(mat.Dense)
	flow.Scale(-t, p.b)
	flow.Exp(flow)
	s := p.stationary()
	covariance.Product(flow, s, flow.T())
	covariance.Sub(s, covariance)
	return flow, covariance
}

// cosine returns d^J u at time t for phi = cos(k.x):
// w^J cos^(|J|)(w.x) exp(-k.Ck/2), w = M^T k.
func (p linearProblem) cosine(k []float64, t float64, j []int) func(x []float64) float64 {
	flow, cov := p.law(t)
	d := p.dim()
	kv := mat.NewVecDense(d, k)
	var w, ck mat.VecDense
	w.MulVec(flow.T(), kv)
	ck.MulVec(cov, kv)
	scale, order := math.Exp(-mat.Dot(kv, &ck)/2), 0
	for a, n := range j {
		scale *= math.Pow(w.AtVec(a), float64(n))
		order += n
	}
	return func(x []float64) float64 {
		angle := math.Pi / 2 * float64(order)
		for a, v := range x {
			angle += w.AtVec(a) * v
		}
		return scale * math.Cos(angle)
	}
}

// moment returns E|X_t|^(2m) from x, m up to 3, by the cumulants of the square of a
// Gaussian vector, kappa_r = 2^(r-1) (r-1)! (tr C^r + r mu.C^(r-1) mu).
func (p linearProblem) moment(m int, t float64) func(x []float64) float64 {
	flow, cov := p.law(t)
	d := p.dim()
	return func(x []float64) float64 {
		var mu mat.VecDense
		mu.MulVec(flow, mat.NewVecDense(d, x))
		var kappa [3]float64
		power := mat.NewDense(d, d, nil) // C^(r-1)
		for i := range d {
			power.Set(i, i, 1)
		}
		factor := 1.0
		for r := 1; r <= 3; r++ {
			var image mat.VecDense
			image.MulVec(power, &mu)
			next := new(mat.Dense)
			next.Mul(power, cov)
			kappa[r-1] = factor * (mat.Trace(next) + float64(r)*mat.Dot(&mu, &image))
			power, factor = next, factor*2*float64(r)
		}
		k1, k2, k3 := kappa[0], kappa[1], kappa[2]
		return [...]float64{k1, k2 + k1*k1, k3 + 3*k2*k1 + k1*k1*k1}[m-1]
	}
}

// The closed forms are right: S solves its equation and moments are those of
// Gauss-Hermite sums in one dimension.
func TestLinearProblemClosedForms(t *testing.T) {
	t.Parallel()
	for _, p := range []linearProblem{linear1D, linear2D, turning2D, linear3D} {
		s := p.stationary()
		var left, right mat.Dense
		left.Mul(p.b, s)
		right.Mul(s, p.b.T())
		left.Add(&left, &right)
		left.Sub(&left, p.c)
		if r := mat.Norm(&left, 1); r > 1e-15 {
			t.Errorf("B S + S B^T - C = %.3g", r)
		}
		// The generator applied to u is u_t, by differences, at a point.
		x := []float64{0.3, -0.7, 0.5}[:p.dim()]
		k := []float64{1, 0.5, -0.8}[:p.dim()]
		const h, at = 1e-2, 0.4
		d := p.dim()
		u := func(t float64) float64 { return p.cosine(k, t, make([]int, d))(x) }
		want := (8*(u(at+h)-u(at-h)) - (u(at+2*h) - u(at-2*h))) / (12 * h)
		got := 0.0
		for i := range d {
			j := make([]int, d)
			j[i]++
			drift := 0.0
			for l := range d {
				drift -= p.b.At(i, l) * x[l]
			}
			got += drift * p.cosine(k, at, j)(x)
			for l := range d {
				j[l]++
				got += p.c.At(i, l) / 2 * p.cosine(k, at, j)(x)
				j[l]--
			}
		}
		if math.Abs(got-want) > 1e-6 {
			t.Errorf("d=%d: L u = %.9g, u_t = %.9g", d, got, want)
		}
	}
	flow, cov := linear1D.law(0.4)
	mu, v := flow.At(0, 0)*0.7, cov.At(0, 0)
	for m, want := range map[int]float64{1: mu*mu + v, 2: math.Pow(mu, 4) + 6*mu*mu*v + 3*v*v,
		3: math.Pow(mu, 6) + 15*math.Pow(mu, 4)*v + 45*mu*mu*v*v + 15*v*v*v} {
		if got := linear1D.moment(m, 0.4)([]float64{0.7}); math.Abs(got-want) > 1e-14 {
			t.Errorf("E|X|^%d = %.17g, want %.17g", 2*m, got, want)
		}
	}
	if s := turning2D.spectrum(); cmplx.Abs(s[1]) < 3 || real(s[1]) != real(s[2]) {
		t.Errorf("the spectrum begins with %v", s[:4])
	}
}
