package law

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Gamma is the gamma law with density proportional to s^(Shape-1) exp(-Rate s),
// s > 0; with Shape 1 it is the exponential law.
type Gamma struct{ Shape, Rate float64 }

// Beta is the beta law with density proportional to s^(Alpha-1) (1-s)^(Beta-1)
// on [0, 1].
type Beta struct{ Alpha, Beta float64 }

// Laplace is the two-sided exponential law with density
// exp(-|s - Mean|/Scale)/(2 Scale).
type Laplace struct{ Mean, Scale float64 }

// Rademacher is the law of a fair sign: 1 or -1.
type Rademacher struct{}

// Bernoulli is the law that is 1 with probability P and 0 otherwise.
type Bernoulli struct{ P float64 }

var (
	_ Marginal = Gamma{}
	_ Marginal = Beta{}
	_ Marginal = Laplace{}
	_ Marginal = Rademacher{}
	_ Marginal = Bernoulli{}
)

// Exponential returns the exponential law with the given rate.
func Exponential(rate float64) Gamma { return Gamma{Shape: 1, Rate: rate} }

// recurrence stores the Gauss rule of the law whose orthogonal polynomials satisfy
// p_{j+1} = (s - alpha(j)) p_j - beta(j) p_{j-1}.
func recurrence(nodes, weights []float64, alpha, beta func(j float64) float64) error {
	jacobi := mat.NewSymDense(len(nodes), nil)
	for j := range nodes {
		jacobi.SetSym(j, j, alpha(float64(j)))
		if j > 0 {
			jacobi.SetSym(j-1, j, math.Sqrt(beta(float64(j))))
		}
	}
	return golubWelsch(nodes, weights, jacobi)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func positive(x float64) bool { return x > 0 && !math.IsInf(x, 0) }

// RuleTo implements Marginal by the generalised Gauss-Laguerre rule (Gautschi,
// Orthogonal Polynomials: Computation and Approximation, Oxford 2004, table 1.1).
func (g Gamma) RuleTo(nodes, weights []float64) error {
	if !positive(g.Shape) || !positive(g.Rate) {
		return fmt.Errorf("gamma law with shape %g and rate %g", g.Shape, g.Rate)
	}
	err := recurrence(nodes, weights,
		func(j float64) float64 { return 2*j + g.Shape },
		func(j float64) float64 { return j * (j + g.Shape - 1) })
	for i := range nodes {
		nodes[i] /= g.Rate
	}
	return err
}

// Bounded implements Marginal.
func (g Gamma) Bounded() bool { return false }

// Atoms implements Marginal.
func (g Gamma) Atoms() int { return 0 }

// Quantile implements Marginal.
func (g Gamma) Quantile(p float64) float64 {
	if g.Shape == 1 {
		return -math.Log1p(-p) / g.Rate
	}
	return distuv.Gamma{Alpha: g.Shape, Beta: g.Rate}.Quantile(p)
}

// RuleTo implements Marginal by the Gauss-Jacobi rule (Gautschi, table 1.1).
func (b Beta) RuleTo(nodes, weights []float64) error {
	if !positive(b.Alpha) || !positive(b.Beta) {
		return fmt.Errorf("beta law with alpha %g and beta %g", b.Alpha, b.Beta)
	}
	p, q := b.Beta-1, b.Alpha-1 // of (1-s)^p (1+s)^q on [-1, 1]
	err := recurrence(nodes, weights,
		func(j float64) float64 {
			if j == 0 {
				return (q - p) / (p + q + 2)
			}
			return (q - p) * (q + p) / ((2*j + p + q) * (2*j + p + q + 2))
		},
		func(j float64) float64 {
			s := 2*j + p + q
			if j == 1 {
				return 4 * (1 + p) * (1 + q) / (s * s * (s + 1))
			}
			return 4 * j * (j + p) * (j + q) * (j + p + q) / (s * s * (s + 1) * (s - 1))
		})
	for i := range nodes {
		nodes[i] = min(max((1+nodes[i])/2, 0), 1)
	}
	return err
}

// Bounded implements Marginal.
func (b Beta) Bounded() bool { return true }

// Atoms implements Marginal.
func (b Beta) Atoms() int { return 0 }

// Quantile implements Marginal.
func (b Beta) Quantile(p float64) float64 {
	return distuv.Beta{Alpha: b.Alpha, Beta: b.Beta}.Quantile(p)
}

// RuleTo implements Marginal. The recurrence coefficients are those of the law's
// two halves, each replaced by a Gauss-Laguerre rule that is exact for all they
// depend on.
func (l Laplace) RuleTo(nodes, weights []float64) error {
	if !positive(l.Scale) || !finite(l.Mean) {
		return fmt.Errorf("laplace law with mean %g and scale %g", l.Mean, l.Scale)
	}
	half := 2 * len(nodes)
	s, w := make([]float64, 2*half), make([]float64, 2*half)
	if err := Exponential(1).RuleTo(s[:half], w[:half]); err != nil {
		return err
	}
	for i := range half {
		s[half+i], w[half+i] = -s[i], w[i]
	}
	normalise(w)
	err := stieltjes(nodes, weights, s, w)
	if err != nil {
		return err
	}
	for i, j := 0, len(nodes)-1; i <= j; i, j = i+1, j-1 { // symmetric beyond rounding
		s, w := (nodes[j]-nodes[i])/2, (weights[i]+weights[j])/2
		nodes[i], nodes[j] = l.Mean-l.Scale*s, l.Mean+l.Scale*s
		weights[i], weights[j] = w, w
	}
	return nil
}

// Bounded implements Marginal.
func (l Laplace) Bounded() bool { return false }

// Atoms implements Marginal.
func (l Laplace) Atoms() int { return 0 }

// Quantile implements Marginal.
func (l Laplace) Quantile(p float64) float64 {
	return distuv.Laplace{Mu: l.Mean, Scale: l.Scale}.Quantile(p)
}

// twoPoints stores the law of a, and b with probability p, as a rule of 1 or 2
// points.
func twoPoints(nodes, weights []float64, a, b, p float64) error {
	switch len(nodes) {
	case 1:
		nodes[0], weights[0] = a+p*(b-a), 1
	case 2:
		nodes[0], weights[0], nodes[1], weights[1] = a, 1-p, b, p
	default:
		return fmt.Errorf("%d points; a law of two values has no more than 2", len(nodes))
	}
	return nil
}

// RuleTo implements Marginal; at most two points are possible.
func (Rademacher) RuleTo(nodes, weights []float64) error {
	return twoPoints(nodes, weights, -1, 1, 0.5)
}

// Bounded implements Marginal.
func (Rademacher) Bounded() bool { return true }

// Atoms implements Marginal.
func (Rademacher) Atoms() int { return 2 }

// Quantile implements Marginal.
func (Rademacher) Quantile(p float64) float64 {
	if p <= 0.5 {
		return -1
	}
	return 1
}

// RuleTo implements Marginal; at most two points are possible.
func (b Bernoulli) RuleTo(nodes, weights []float64) error {
	if !(b.P >= 0 && b.P <= 1) {
		return fmt.Errorf("bernoulli law with p = %g", b.P)
	}
	return twoPoints(nodes, weights, 0, 1, b.P)
}

// Bounded implements Marginal.
func (b Bernoulli) Bounded() bool { return true }

// Atoms implements Marginal.
func (b Bernoulli) Atoms() int { return 2 }

// Quantile implements Marginal.
func (b Bernoulli) Quantile(p float64) float64 {
	if p <= 1-b.P {
		return 0
	}
	return 1
}
