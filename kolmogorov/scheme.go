package kolmogorov

// SplitOperator is all that a scheme sees of L = L_0 + L_1 + .. + L_d, a mixed
// part and one part per axis. *Operator is one. Methods are those of Operator.
type SplitOperator interface {
	Dim() int
	Len() int
	Mixed() bool
	ApplyTo(dst, u []float64, c float64, v []float64)
	AddAxisTo(axis int, dst []float64, alpha float64, u []float64)
	AddMixedTo(dst []float64, alpha float64, u []float64)
	Factor(axis int, c float64) (LineSolver, error)
}

var _ SplitOperator = (*Operator)(nil)

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
