package compare

import (
	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
	"kolmo/process"
)

// Problem is what a study compares.
type Problem struct {
	Name, Title string
	Dynamics    process.Dynamics
	Observables []process.Observable
	Ball        grid.Ball            // the starting points
	Etas        []Rate               // largest first
	Models      []*process.Diffusion // of the dynamics
	Studies     []Study              // nil: gap
	Accuracy    float64              // largest total error, relative to each gap
	Horizon     float64              // last t where f is not strongly convex; 0: DefaultHorizon
	// SpectrumCount is the number of eigenvalues of a spectrum study; 0: DefaultSpectrumCount.
	SpectrumCount int
	// Crossing is what a crossing study is asked for; nil: nothing.
	Crossing *Crossing
	Solver   Solver
	Fields   FieldRequest
	// Curvature is the least eigenvalue of hess f on the ball as it is known from elsewhere,
	// that of package objective's Check; the study takes the smaller of it and of what it finds itself.
	// Default nil: what it finds.
	Curvature *float64
}

// outer returns the radius of the largest ball in which a diffusion of the dynamics lives.
func (p *Problem) outer() float64 {
	r := p.Ball.R
	for _, d := range p.Dynamics.Diffusions() {
		r = max(r, d.Radius)
	}
	return r
}

// region returns the set in which the dynamics lives, with the given radius: the starting
// points, and the whole of ranges of which only a part is started from.
func (p *Problem) region(R float64) grid.Ball { return p.Dynamics.State().Whole(p.Ball.With(R)) }

// transient reports that starting points are only a part of the region: no argument about
// them closes a supremum over all times, and suprema are over t <= horizon by definition.
func (p *Problem) transient() bool { return p.Dynamics.State().Transient() }

// pace is the users' time over that of the dynamics.
func (p *Problem) pace() float64 {
	if d, ok := p.Dynamics.(process.Paced); ok {
		return d.Pace()
	}
	return 1
}

// time returns the users' time at which step n of a learning rate ends.
func (p *Problem) time(n int, eta float64) float64 { return float64(n) * eta * p.pace() }

// DefaultHorizon is the last t of a study whose expected loss is not strongly convex on
// the ball, unless the study sets another.
const DefaultHorizon = 10

// Rate is a learning rate with the text the study gives it: 0.25, "1/4".
type Rate struct {
	Value float64
	Text  string
}

// Solver chooses the discretisation. The zero value leaves every choice to
// kolmo.
type Solver struct {
	Space Space
	Order int // of the uniform method; 0: DefaultOrder
	Time  Time
	// Scheme takes the steps in t where Time is TimeScheme.
	Scheme scheme.Scheme
	Nodes  []int // per axis; nil: refined until the accuracy is met
}

// DefaultOrder is the order of accuracy of the uniform method.
const DefaultOrder = 8

// Space is a discretisation in x.
type Space int

// The discretisations in x.
const (
	SpaceAuto      Space = iota // whichever is predicted to cost less
	SpaceChebyshev              // collocation, interpolation by whole axes
	SpaceUniform                // finite differences, local interpolation
)

// Time is a propagation in t.
type Time int

// The propagations in t.
const (
	TimeAuto       Time = iota // polynomial, or alternating directions where L is stiff
	TimePolynomial             // Taylor polynomial of L
	TimeScheme                 // steps of Solver.Scheme
)

// FieldRequest tells which fields the result carries. The zero value asks for
// none.
type FieldRequest struct {
	Etas []float64 // learning rates
	// Every is the number of SGD steps between stored ones, 0: about twenty are stored.
	// Where these take more than about 1 GB of memory, it is doubled until they do not,
	// with a warning.
	Every       int
	Derivatives []FieldName // derivatives, besides u, U and the gap
}

// Watcher is told how a study proceeds. Calls come from one goroutine.
type Watcher interface {
	// Progress reports the share of the predicted work that is done, in [0,1],
	// and what is being done.
	Progress(share float64, stage string)
	// Finished reports that a unit is there.
	Finished(u FinishedUnit)
}

// FinishedUnit is a part of a study that is there: it was computed or, if Stored is true,
// found in the store.
type FinishedUnit struct {
	Key    string   // of the store
	Kind   string   // a Study, or "constant"
	Model  string   //
	Eta    string   // as the study writes it; "" for all
	Gaps   []GapRow // of the gap study, per observable
	Stored bool
}

// Config holds what does not change the results. Nil means the defaults.
type Config struct {
	Watcher Watcher // default nil: nobody watches
	Workers int     // default 0: all processors
	// Memory is what a run may take, in bytes: one that is predicted to need more is not
	// begun, and ends the study with a *MemoryError. Default 0: no limit.
	Memory int64
	Store  Store // default nil: finished units are not kept
	// Fields, if not nil, is given the fields of every row as soon as its unit is
	// finished and before that is saved, instead of the result; fields of units that
	// were found in the store are not given again.
	Fields func(f *FieldSet, row *GapRow) error
	// Forecast, if not nil, is told before the work what the study's units are predicted to take.
	Forecast func(units []UnitForecast)

	work          float64 // multiplications of one run, for tests; 0: mostWork
	operatorBytes int64   // memory of S, for tests; 0: sgdop.DefaultMaxBytes
	fieldBytes    int64   // memory of the snapshots of one run, for tests; 0: fieldBytes
}
