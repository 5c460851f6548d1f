// Package scheme holds the one-step methods for u_t = L u, of which most solve along one axis
// after the other. They see a sum of operators and no grid.
package scheme

import (
	"math"
	"math/rand/v2"

	"kolmo/internal/kernel"
)

// SplitOperator is all that a scheme sees of L = L_0 + L_1 + .. + L_d, a mixed
// part and one part per axis. Methods are those of kolmogorov.Operator.
type SplitOperator interface {
	Dim() int
	Len() int
	Mixed() bool
	ApplyTo(dst, u []float64, c float64, v []float64)
	AddAxisTo(axis int, dst []float64, alpha float64, u []float64)
	AddMixedTo(dst []float64, alpha float64, u []float64)
	Factor(axis int, c float64) (LineSolver, error)
}

// LineSolver solves (I - c L_k) v = w on all lines of an axis.
type LineSolver interface {
	// SolveTo overwrites the right-hand sides by the solutions, several fields at
	// once. It panics if a field has not the length of the grid.
	SolveTo(fields [][]float64)
}

// Scheme is a one-step method for u_t = L u. It is an immutable value.
type Scheme interface {
	// Name returns the name the study file uses.
	Name() string
	// Order returns the order in dt on the given operator: it may depend on
	// whether there is a mixed part.
	Order(op SplitOperator) int
	// NewStepper returns the scheme's workspace for steps of length dt. The error
	// wraps fd.ErrSingular or is a *StepError.
	NewStepper(op SplitOperator, dt float64) (Stepper, error)
	// Fields returns the number of fields of workspace per advanced field.
	Fields(d int) int
	// Passes returns the work of one step and field in applications of L, a solve
	// along all axes counted as one.
	Passes() float64
	// Implicit reports that steps are not bound by the stiffness of L.
	Implicit() bool
}

// Stepper takes steps of one length. It is a workspace: one goroutine at a time.
type Stepper interface {
	// Step advances the fields by one step in place. It does not allocate after
	// the first call with as many fields.
	Step(u [][]float64)
}

// Schemes returns the schemes by the names of the study file, with the theta of
// the literature.
func Schemes() []Scheme {
	return []Scheme{RungeKutta4{}, Douglas{}, CraigSneyd{}, ModifiedCraigSneyd{}, HundsdorferVerwer{}}
}

// spectralRadius estimates the spectral radius of L by power iteration, see
// kolmogorov.Operator.SpectralRadius.
func SpectralRadius(op interface {
	Len() int
	ApplyTo(dst, u []float64, c float64, v []float64)
}) float64 {
	rnd := rand.New(rand.NewPCG(1, 2))
	v, w := make([]float64, op.Len()), make([]float64, op.Len())
	for i := range v {
		v[i] = 2*rnd.Float64() - 1
	}
	const settle, measure = 12, 8
	logs := 0.0
	for k := range settle + measure {
		op.ApplyTo(w, nil, 1, v)
		norm := kernel.MaxAbs(w)
		if math.IsNaN(norm) {
			norm = math.Inf(1)
		}
		if norm == 0 || math.IsInf(norm, 0) {
			return norm
		}
		if k >= settle {
			logs += math.Log(norm)
		}
		for i := range v {
			v[i] = w[i] / norm
		}
	}
	return math.Exp(logs / measure)
}
