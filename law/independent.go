package law

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Marginal is the law of one of several independent sample variables, with a
// Gauss rule of any number of points.
type Marginal interface {
	// RuleTo stores n nodes and weights of the Gauss rule for the law, n =
	// len(nodes) = len(weights) >= 1; it integrates polynomials of degree 2n - 1
	// exactly.
	RuleTo(nodes, weights []float64) error
	// Bounded reports whether the law's support is bounded.
	Bounded() bool
	// Atoms returns the number of values of a finite law, whose rule with that
	// many points is the law, and 0 for a continuous one.
	Atoms() int
	// Quantile returns the value that the variable stays below with probability
	// p, 0 < p < 1.
	Quantile(p float64) float64
}

// Uniform is the uniform law on [Low, High], Low < High.
type Uniform struct{ Low, High float64 }

// Normal is the normal law with the given mean and standard deviation Std > 0.
type Normal struct{ Mean, Std float64 }

// Truncated is the normal law conditioned on [Low, High], Low < High.
type Truncated struct {
	Normal
	Low, High float64
}

var (
	_ Marginal = Uniform{}
	_ Marginal = Normal{}
	_ Marginal = Truncated{}
)

// MaxNodes is the largest number of nodes of a rule for several variables, and MaxValues
// that of nodes times variables.
const (
	MaxNodes  = 1_000_000
	MaxValues = 20_000_000
)

// DefaultPoints is the number of points per variable if a study names none.
const DefaultPoints = 12

// ErrTooManyNodes is wrapped by the error of a tensor product with more than
// MaxNodes nodes.
var ErrTooManyNodes = errors.New("too many quadrature nodes")

// Variable is a named independent sample variable.
type Variable struct {
	Name string
	Law  Marginal
}

// RuleTo implements Marginal by the Gauss-Legendre rule.
func (u Uniform) RuleTo(nodes, weights []float64) error {
	if !(u.Low < u.High) || math.IsInf(u.High-u.Low, 0) {
		return fmt.Errorf("uniform law on [%g, %g] is empty or infinite", u.Low, u.High)
	}
	quad.Legendre{}.FixedLocations(nodes, weights, u.Low, u.High)
	normalise(weights)
	return nil
}

// Bounded implements Marginal.
func (u Uniform) Bounded() bool { return true }

// Atoms implements Marginal.
func (u Uniform) Atoms() int { return 0 }

// Quantile implements Marginal.
func (u Uniform) Quantile(p float64) float64 { return u.Low + p*(u.High-u.Low) }

// RuleTo implements Marginal by the Gauss-Hermite rule.
func (g Normal) RuleTo(nodes, weights []float64) error {
	if err := g.check(); err != nil {
		return err
	}
	quad.Hermite{}.FixedLocations(nodes, weights, math.Inf(-1), math.Inf(1))
	for i, s := range nodes {
		nodes[i] = g.Mean + g.Std*math.Sqrt2*s
	}
	normalise(weights)
	return nil
}

// Bounded implements Marginal.
func (g Normal) Bounded() bool { return false }

// Atoms implements Marginal.
func (g Normal) Atoms() int { return 0 }

// Quantile implements Marginal.
func (g Normal) Quantile(p float64) float64 {
	return distuv.Normal{Mu: g.Mean, Sigma: g.Std}.Quantile(p)
}

func (g Normal) check() error {
	if !(g.Std > 0) || math.IsInf(g.Std, 0) || math.IsNaN(g.Mean) || math.IsInf(g.Mean, 0) {
		return fmt.Errorf("normal law with mean %g and standard deviation %g", g.Mean, g.Std)
	}
	return nil
}

// Bounded implements Marginal.
func (g Truncated) Bounded() bool { return true }

// Quantile implements Marginal. It works in the tail in which the interval lies,
// where the distribution function does not cancel.
func (g Truncated) Quantile(p float64) float64 {
	a, b := (g.Low-g.Mean)/g.Std, (g.High-g.Mean)/g.Std
	sign := 1.0
	if a > 0 {
		a, b, p, sign = -b, -a, 1-p, -1
	}
	below := func(s float64) float64 { return math.Erfc(-s/math.Sqrt2) / 2 }
	low := below(a)
	s := distuv.UnitNormal.Quantile(low + p*(below(b)-low))
	return min(max(g.Mean+g.Std*sign*s, g.Low), g.High)
}

// RuleTo implements Marginal by the discretised Stieltjes procedure: the inner
// product of the law is replaced by a composite Gauss-Legendre rule fine enough
// to be exact in double precision. The recurrence coefficients of its orthogonal
// polynomials give a Jacobi matrix, whose eigenvalues are the nodes. See Gautschi,
// Orthogonal Polynomials: Computation and Approximation, Oxford 2004, sections
// 2.2.2-2.2.4 and 3.1; Golub and Welsch, Math. Comp. 23, 1969.
func (g Truncated) RuleTo(nodes, weights []float64) error {
	if err := g.check(); err != nil {
		return err
	}
	a, b := (g.Low-g.Mean)/g.Std, (g.High-g.Mean)/g.Std
	if !(a < b) {
		return fmt.Errorf("normal law truncated to [%g, %g], which is empty", g.Low, g.High)
	}
	// Beyond the point where the density has fallen by exp(-60) from its largest
	// value on [a, b] nothing is left in double precision.
	peak := min(max(a, 0), b)
	reach := math.Sqrt(peak*peak + 120)
	a, b = max(a, -reach), min(b, reach)
	const perPanel = 16
	panels := max(64, (len(nodes)+3)/4)
	s, w := make([]float64, panels*perPanel), make([]float64, panels*perPanel)
	for p := range panels {
		low := a + (b-a)*float64(p)/float64(panels)
		high := a + (b-a)*float64(p+1)/float64(panels)
		k := p * perPanel
		quad.Legendre{}.FixedLocations(s[k:k+perPanel], w[k:k+perPanel], low, high)
	}
	for k := range s {
		w[k] *= math.Exp((peak - s[k]) * (peak + s[k]) / 2)
	}
	normalise(w)
	if err := stieltjes(nodes, weights, s, w); err != nil {
		return err
	}
	for i := range nodes {
		nodes[i] = min(max(g.Mean+g.Std*nodes[i], g.Low), g.High)
	}
	return nil
}

// stieltjes stores in nodes and weights the Gauss rule of the discrete law with
// nodes s and weights w that sum to 1.
func stieltjes(nodes, weights, s, w []float64) error {
	n := len(nodes)
	if n > len(s)/4 {
		return fmt.Errorf("%d points; at most %d are possible", n, len(s)/4)
	}
	p, before := make([]float64, len(s)), make([]float64, len(s))
	for k := range p {
		p[k] = 1
	}
	jacobi := mat.NewSymDense(n, nil)
	for j := range n {
		var alpha float64 // p is orthonormal
		for k := range p {
			alpha += w[k] * s[k] * p[k] * p[k]
		}
		jacobi.SetSym(j, j, alpha)
		if j+1 == n {
			break
		}
		beta := 0.0 // sqrt of the recurrence's beta, between j-1 and j
		if j > 0 {
			beta = jacobi.At(j-1, j)
		}
		var square float64
		for k := range p {
			next := (s[k]-alpha)*p[k] - beta*before[k]
			before[k] = p[k]
			p[k] = next
			square += w[k] * next * next
		}
		norm := math.Sqrt(square)
		if !(norm > 0) {
			return errors.New("the law is too narrow for so many points")
		}
		jacobi.SetSym(j, j+1, norm)
		for k := range p {
			p[k] /= norm
		}
	}
	return golubWelsch(nodes, weights, jacobi)
}

// golubWelsch stores the Gauss rule of a Jacobi matrix: its eigenvalues and the
// squares of its eigenvectors' first entries.
func golubWelsch(nodes, weights []float64, jacobi *mat.SymDense) error {
	var eigen mat.EigenSym
	if !eigen.Factorize(jacobi, true) {
		return errors.New("the eigenvalues of the Jacobi matrix were not found")
	}
	eigen.Values(nodes)
	var v mat.Dense
	eigen.VectorsTo(&v)
	for i := range weights {
		weights[i] = v.At(0, i) * v.At(0, i)
	}
	normalise(weights)
	return nil
}

func normalise(w []float64) {
	var total float64
	for _, x := range w {
		total += x
	}
	for i := range w {
		w[i] /= total
	}
}
