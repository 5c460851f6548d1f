package closedform

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Limit stands for n -> infinity wherever a number of steps is asked for.
const Limit = -1

// Model names a diffusion approximation. Its value is the name used in study
// files.
type Model string

// The four models. Modified is evaluated as SecondOrder on the whole space:
// doc/dev/closed-forms.md says how far that is from the model with the cutoff.
const (
	GradientFlow Model = "gradient-flow" // b = -A x,                     a = 0
	FirstOrder   Model = "first-order"   // b = -A x,                     a = eta C
	SecondOrder  Model = "second-order"  // b = -(I + (eta/2) A) A x,     a = eta C
	Modified     Model = "modified"      // as SecondOrder inside B(0,R)
)

// Models returns the four models, the coarsest first.
func Models() []Model { return []Model{GradientFlow, FirstOrder, SecondOrder, Modified} }

// coefficients returns kappa and noise in b_i = a_i (1 + kappa eta a_i) and
// a = noise eta C. It panics if the model is unknown.
func (m Model) coefficients() (kappa, noise float64) {
	switch m {
	case GradientFlow:
		return 0, 0
	case FirstOrder:
		return 0, 1
	case SecondOrder, Modified:
		return 0.5, 1
	}
	panic("closedform: unknown model " + string(m))
}

// Linear is the law of the sample gradients grad f(x;xi) = A x - xi.
type Linear struct {
	A       [][]float64 // d x d, symmetric positive definite
	Nodes   [][]float64 // z_k, each of length d, of weighted mean zero
	Weights []float64   // w_k, non-negative, of sum one
}

// Sentinels returned by New.
var (
	ErrShape = errors.New("closedform: shapes do not match")
	ErrLaw   = errors.New("closedform: not a law of mean zero")
	ErrA     = errors.New("closedform: A is not symmetric positive definite")
)

// lawTolerance bounds the rounding allowed in the sum of the weights, in the
// mean of the law and in the symmetry of A.
const lawTolerance = 1e-12

// Reference evaluates U^n and u for one law and one observable. It is
// immutable and may be shared by goroutines.
//
// Arguments eta must be positive and, where a limit n -> infinity is involved,
// below 2 over the largest eigenvalue of A; arguments x have length d. Broken
// rules panic.
type Reference struct {
	name string
	sys  *system
	phi  observed
}

// system is a Linear in the eigenbasis of A: coordinates y = V^T x.
type system struct {
	d         int
	v         *mat.Dense  // columns are eigenvectors of A
	a         []float64   // eigenvalues of A
	c         [][]float64 // V^T C V
	nodes     [][]float64 // V^T z_k
	weights   []float64
	symmetric bool // xi and -xi have the same law
}

// observed is an observable in the eigenbasis of A.
type observed interface {
	discrete(s *system, eta float64, n int, y []float64) float64
	diffusion(s *system, m Model, eta, t float64, y []float64) float64
	sequence(s *system, m Model, eta float64) sequence
}

// New returns the reference for the law l and the observable phi, known under
// a name.
func New(name string, l Linear, phi Observable) (*Reference, error) {
	s, err := newSystem(l)
	if err != nil {
		return nil, err
	}
	obs, err := phi.rotate(s)
	if err != nil {
		return nil, fmt.Errorf("observable %s: %w", name, err)
	}
	return &Reference{name: name, sys: s, phi: obs}, nil
}

func newSystem(l Linear) (*system, error) {
	d := len(l.A)
	if d == 0 || len(l.Nodes) == 0 || len(l.Nodes) != len(l.Weights) {
		return nil, ErrShape
	}
	sym := mat.NewSymDense(d, nil)
	for i, row := range l.A {
		if len(row) != d {
			return nil, ErrShape
		}
		for j := range i + 1 {
			if math.Abs(row[j]-l.A[j][i]) > lawTolerance*(1+math.Abs(row[j])) {
				return nil, ErrA
			}
			sym.SetSym(i, j, row[j])
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(sym, true) {
		return nil, ErrA
	}
	s := &system{d: d, v: new(mat.Dense), a: eig.Values(nil), weights: append([]float64(nil), l.Weights...)}
	eig.VectorsTo(s.v)
	if !(s.a[0] > 0) {
		return nil, ErrA
	}
	total := 0.0
	mean := make([]float64, d)
	for k, z := range l.Nodes {
		if len(z) != d {
			return nil, ErrShape
		}
		w := l.Weights[k]
		if !(w >= 0) {
			return nil, ErrLaw
		}
		total += w
		s.nodes = append(s.nodes, s.rotate(z))
		for i := range d {
			mean[i] += w * z[i]
		}
	}
	if math.Abs(total-1) > lawTolerance {
		return nil, ErrLaw
	}
	for _, m := range mean {
		if !(math.Abs(m) <= lawTolerance) {
			return nil, ErrLaw
		}
	}
	s.symmetric = symmetricLaw(l)
	s.c = square(d)
	for k, z := range s.nodes {
		for i := range d {
			for j := range d {
				s.c[i][j] += s.weights[k] * z[i] * z[j]
			}
		}
	}
	return s, nil
}

// symmetricLaw reports whether -z_k is a node of the weight w_k for every k.
func symmetricLaw(l Linear) bool {
	for k, z := range l.Nodes {
		diff := l.Weights[k]
		for m, other := range l.Nodes {
			mirrored := true
			for i := range z {
				mirrored = mirrored && other[i] == -z[i]
			}
			if mirrored {
				diff -= l.Weights[m]
			}
		}
		if math.Abs(diff) > lawTolerance {
			return false
		}
	}
	return true
}

// rotate returns V^T x.
func (s *system) rotate(x []float64) []float64 {
	if len(x) != s.d {
		panic("closedform: wrong length of x")
	}
	y := make([]float64, s.d)
	for i := range y {
		for j := range x {
			y[i] += s.v.At(j, i) * x[j]
		}
	}
	return y
}

// rotateBack returns V y.
func (s *system) rotateBack(y []float64) []float64 {
	x := make([]float64, s.d)
	for i := range x {
		for j := range y {
			x[i] += s.v.At(i, j) * y[j]
		}
	}
	return x
}

// rates returns b_i, the eigenvalues of B in b = -B x.
func (s *system) rates(kappa, eta float64) []float64 {
	b := make([]float64, s.d)
	for i, a := range s.a {
		b[i] = a * (1 + kappa*eta*a)
	}
	return b
}

// Name returns the observable's name.
func (r *Reference) Name() string { return r.name }

// Dim returns d.
func (r *Reference) Dim() int { return r.sys.d }

// U returns U^n(x) = E[phi(X_n) | X_0 = x]; n may be Limit.
func (r *Reference) U(eta float64, n int, x []float64) float64 {
	r.check(eta, n)
	return r.phi.discrete(r.sys, eta, n, r.sys.rotate(x))
}

// Diffusion returns u(x,t) of a model; t may be +Inf.
func (r *Reference) Diffusion(m Model, eta, t float64, x []float64) float64 {
	if !(t >= 0) {
		panic("closedform: t must not be negative")
	}
	return r.phi.diffusion(r.sys, m, eta, t, r.sys.rotate(x))
}

// Difference returns U^n(x) - u(x, n eta), by formulas in which the O(1) parts
// are cancelled by hand: its relative accuracy is about 1e-13 where it is not
// near a zero. n may be Limit.
func (r *Reference) Difference(m Model, eta float64, n int, x []float64) float64 {
	r.check(eta, n)
	return r.phi.sequence(r.sys, m, eta).field(n).at(r.sys.rotate(x))
}

// check panics unless n counts steps and eta suits it.
func (r *Reference) check(eta float64, n int) {
	if n < Limit {
		panic("closedform: n must be Limit or not negative")
	}
	if n == Limit && !(eta > 0 && eta*r.sys.a[r.sys.d-1] < 2) {
		panic("closedform: eta must lie between 0 and 2 over the largest eigenvalue of A")
	}
	if !(eta > 0) {
		panic("closedform: eta must be positive")
	}
}

// square returns a d x d matrix of zeros.
func square(d int) [][]float64 {
	m := make([][]float64, d)
	for i := range m {
		m[i] = make([]float64, d)
	}
	return m
}

// dot returns x.y.
func dot(x, y []float64) float64 {
	s := 0.0
	for i, v := range x {
		s += v * y[i]
	}
	return s
}
