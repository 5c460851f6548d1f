package derived

import (
	"fmt"
	"math"
	"slices"

	"kolmo/grid"
	"kolmo/internal/jacobi"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// Algorithm is a family of chains with a small parameter, in states. A value is immutable.
type Algorithm interface {
	// Name is its kind, and Names are the state's coordinates.
	Name() string
	Names() []string
	// Law says what stands for the law of a step's randomness.
	Law() process.Law
	// Step returns the step at eta.
	Step(eta float64) Step
	// NewMoments returns a function that stores the moments of a step at z. One goroutine
	// may call it at a time.
	NewMoments() func(m *Moments, z []float64)
	// Noisy reports that m22 is not zero.
	Noisy() bool
	// Refine returns the same under a richer quadrature, and false where there is none.
	Refine() (Algorithm, bool)
	// Thinned returns about the same with no more than n samples, false where there are
	// no more.
	Thinned(n int) (Algorithm, bool)
}

// Ending is an algorithm whose own noise leads out of every ball: it can be multiplied by a
// function of the state that ends beyond the region.
type Ending interface {
	Algorithm
	// Ends returns the algorithm with its noise multiplied by end.
	Ends(end func(z []float64) float64) Algorithm
}

// Unending is an Ending whose limit has no noise: the law of its steps has no bound, and what it adds to them leads out of
// every ball at any eta.
type Unending interface {
	Ending
	Unending()
}

// leaves reports that the noise of an algorithm leads out of every ball, and ends beyond the region.
func leaves(alg Algorithm) bool {
	_, unending := alg.(Unending)
	return unending || alg.Noisy()
}

// Ranged is an algorithm some of whose coordinates have a range of their own and do not
// belong to the ball. Its step leaves them in their ranges.
type Ranged interface {
	Algorithm
	// Ranges has an entry per coordinate, nil for those of the ball.
	Ranges() []*process.Interval
}

// Quiet is an algorithm whose diffusions have no noise: the covariance of its step is smaller
// than of order eta^2, and m24 = m12 m12^T.
type Quiet interface {
	Algorithm
	Quiet() bool
}

// Rough is an algorithm whose step may have a third or fourth moment of order eta^2 that is not the one that a diffusion
// of the same mean and covariance has.
type Rough interface {
	Algorithm
	// Rough reports that at some of the states: models of order two are of order one then.
	Rough(states [][]float64) bool
}

// Brief is an algorithm whose Moments have neither M14 nor L12 and L22: of its models only first-order and gradient-flow
// are derived.
type Brief interface {
	Algorithm
	Brief() bool
}

// Paced is an algorithm one step of which takes the time eta Pace(), as users have it.
type Paced interface {
	Algorithm
	Pace() float64
}

// Dynamics is an algorithm in a chart of a region.
type Dynamics struct {
	alg    Algorithm
	ends   [2]float64 // where noise begins to end and where it has, in y
	chart  *Chart
	state  process.State
	models []*process.Diffusion
	frozen *frozen
	rate   float64
	faces  bool // noise of diffusions acts up to the faces of the box
}

var (
	_ process.Charted     = (*Dynamics)(nil)
	_ process.Contracting = (*Dynamics)(nil)
	_ process.Tapered     = (*Dynamics)(nil)
	_ process.Paced       = (*Dynamics)(nil)
	_ process.Varied      = (*Dynamics)(nil)
)

// bends are the c of charts that are tried; the first whose box the drift keeps is taken.
var bends = []float64{0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4}

// New returns the dynamics in the region |z - center|_P <= R. P, row by row, is nil for
// the identity. Both are of the coordinates that belong to the ball. The noise of diffusions
// ends from |z - center|_P = ends[0] >= R to ends[1], and that of an Ending as well. The error is a P that is not symmetric and positive definite.
func New(alg Algorithm, center, P []float64, R float64, ends [2]float64) (*Dynamics, error) {
	d := &Dynamics{alg: alg, ends: ends}
	for _, c := range bends {
		var err error
		if d.chart, err = NewChart(center, P, R, ends[1], c, rangesOf(alg)...); err != nil {
			return nil, err
		}
		// Bends cut corners, and an interval has none.
		if len(center) == 1 || d.boxedAt(d.chart.far(process.NearerEnds(ends, R)[1])) {
			break
		}
	}
	d.place(ends)
	d.rate = d.contraction(d.state.Whole(d.chart.ball()))
	return d, nil
}

// NewToFaces returns the dynamics in the region |z - center|_P <= R of an algorithm whose limit
// has no noise and whose drift does not leave that ball. P is as in New. The noise of its diffusions
// acts up to the faces of the box, but for Modified, where it ends from R to R2.
func NewToFaces(alg Algorithm, center, P []float64, R, R2 float64) (*Dynamics, error) {
	d := &Dynamics{alg: alg, faces: true}
	var err error
	if d.chart, err = NewChart(center, P, R, R2, 0, rangesOf(alg)...); err != nil {
		return nil, err
	}
	d.place([2]float64{R, R2})
	d.rate = d.contraction(d.state.Whole(d.chart.ball()))
	return d, nil
}

// rangesOf returns the ranges of an algorithm that has some.
func rangesOf(alg Algorithm) []*process.Interval {
	if a, ok := alg.(Ranged); ok {
		return a.Ranges()
	}
	return nil
}

// place sets where noise ends and what the coordinates are.
func (d *Dynamics) place(ends [2]float64) {
	d.finish(ends)
	d.state.Center, d.state.Ranges = d.chart.ball().Center, d.chart.intervals()
	if !d.chart.straight {
		d.state.Users = &process.Users{Ball: d.chart.users}
	}
	y := 0
	for k, name := range d.alg.Names() {
		if !d.chart.ranged(k) && !d.chart.straight {
			y++
			d.state.Users.Names = append(d.state.Users.Names, name)
			name = fmt.Sprintf("y%d", y)
		}
		d.state.Names = append(d.state.Names, name)
	}
}

// faceNodes is the number of points along each edge of a face at which boxedAt looks.
const faceNodes = 33

// boxedAt reports that the limit's drift does not leave the box of a half-width.
func (d *Dynamics) boxedAt(half float64) bool {
	n := d.chart.d
	moments, z, q := d.alg.NewMoments(), make([]float64, n), make([]float64, n)
	points := 1
	for range n - 1 {
		points *= faceNodes
	}
	for face := range 2 * n {
		k, side := face/2, float64(2*(face%2)-1)
		for i := range points {
			rest := i
			for l := range q {
				at := side
				if l != k {
					at = 2*float64(rest%faceNodes)/(faceNodes-1) - 1
					rest /= faceNodes
				}
				if q[l] = d.chart.middle(l) + half*at; d.chart.ranged(l) {
					r := d.chart.ranges[l]
					q[l] = r.Low/2 + r.High/2 + (r.High/2-r.Low/2)*at
				}
			}
			var v values
			if v.set(d.chart, moments, z, q); !(side*v.b0[k] <= 0) {
				return false
			}
		}
	}
	return true
}

// contractionDensity is R over the spacing of the points at which contraction looks.
const (
	contractionDensity = 32
	contractionRanged  = 8 // where coordinates have ranges
)

// contraction is the least eigenvalue of minus the symmetric part of the drift's Jacobian
// in y: the rate at which the flow contracts the metric P.
func (d *Dynamics) contraction(ball grid.Ball) float64 {
	least, n := math.Inf(1), d.chart.d
	moments, z := d.alg.NewMoments(), make([]float64, n)
	for i := range contractionDensity + 1 {
		shell := ball.With(ball.R * float64(i) / contractionDensity)
		points := [][]float64{ball.Center}
		switch {
		case ball.Ranges != nil:
			points = shell.Sphere(contractionRanged)
		case i > 0:
			points = shell.Sphere(contractionDensity)
		}
		for _, q := range points {
			d.chart.toState(z, q)
			var m Moments
			moments(&m, z)
			j := d.chart.flatJacobian(&m)
			var s Matrix
			for k := range n {
				for l := range n {
					s[k][l] = -(j[k][l] + j[l][k]) / 2
				}
			}
			values, _ := jacobi.Eigen(s, n)
			least = min(least, values[0])
		}
	}
	return least
}

// Contraction implements process.Contracting.
func (d *Dynamics) Contraction() float64 { return d.rate }

// Pace implements process.Paced.
func (d *Dynamics) Pace() float64 {
	if a, ok := d.alg.(Paced); ok {
		return a.Pace()
	}
	return 1
}

// Region implements process.Charted.
func (d *Dynamics) Region() grid.Ball { return d.state.Whole(d.chart.ball()) }

// ToUser implements process.Charted.
func (d *Dynamics) ToUser(z, q []float64) { d.chart.toState(z, q) }

// FromUser implements process.Charted.
func (d *Dynamics) FromUser(q, z []float64) { d.chart.toChart(q, z) }

// Chart implements process.Charted.
func (d *Dynamics) Chart() string {
	if d.chart.straight {
		return ""
	}
	return d.chart.words(d.alg.Names())
}

// Name implements process.Dynamics.
func (d *Dynamics) Name() string { return d.alg.Name() }

// State implements process.Dynamics: the chart's coordinates y1, y2, .. or, where these are the
// state's own, their names.
func (d *Dynamics) State() process.State { return d.state }

// Law implements process.Dynamics.
func (d *Dynamics) Law() process.Law { return d.alg.Law() }

// Chain implements process.Dynamics.
func (d *Dynamics) Chain(eta float64) process.Chain { return &chain{d.alg.Step(eta), d, eta} }

// Diffusions implements process.Dynamics.
func (d *Dynamics) Diffusions() []*process.Diffusion { return d.models }

// On implements process.Dynamics.
func (d *Dynamics) On(g *grid.Grid, workers int) (process.Fields, error) {
	f := &Fields{dim: d.chart.d, g: g, frozen: d.frozen, at: make([]values, g.Len())}
	d.fill(f, workers)
	for i := range f.at {
		if !f.at[i].finite() {
			q, z := make([]float64, d.chart.d), make([]float64, d.chart.d)
			f.PointTo(q, i)
			d.chart.toState(z, q)
			return nil, &NonFiniteError{d.Name(), z}
		}
	}
	return f, nil
}

// At implements process.Dynamics.
func (d *Dynamics) At(x [][]float64, workers int) process.Fields {
	f := &Fields{dim: d.chart.d, x: x, frozen: d.frozen, at: make([]values, len(x))}
	d.fill(f, workers)
	return f
}

// fill evaluates the fields at their points.
func (d *Dynamics) fill(f *Fields, workers int) {
	par.Ranges(workers, f.Len(), func(lo, hi int) {
		moments, q, z := d.alg.NewMoments(), make([]float64, d.chart.d), make([]float64, d.chart.d)
		for i := lo; i < hi; i++ {
			f.PointTo(q, i)
			f.at[i].set(d.chart, moments, z, q)
		}
	})
}

// Limit implements process.Dynamics.
func (d *Dynamics) Limit(f process.Fields) *kolmogorov.Coefficients {
	at := slices.IndexFunc(d.models, func(m *process.Diffusion) bool { return m.Name == GradientFlow })
	return d.models[at].Coefficients(f, 0)
}

// Step implements process.Dynamics.
func (d *Dynamics) Step() process.Weights { return weights(firstPart) }

// finish sets where noise ends.
func (d *Dynamics) finish(ends [2]float64) {
	d.ends = ends
	a, quiet := d.alg.(Quiet)
	d.frozen = newFrozen(d.alg, d.chart)
	quiet = quiet && a.Quiet()
	d.models = models(model{noisy: d.alg.Noisy(), chart: d.chart, cut: cutoff(ends), faces: d.faces, quiet: quiet}, d.frozen, formulasOf(d.alg, quiet))
	if a, ok := d.alg.(Brief); ok && a.Brief() {
		d.models = slices.DeleteFunc(d.models, func(m *process.Diffusion) bool { return m.Name != FirstOrder && m.Name != GradientFlow })
	}
	if a, ok := d.alg.(Rough); ok && a.Rough(d.chart.states()) {
		for _, m := range d.models {
			if m.Order == 2 {
				m.Order, m.StationaryOrder = 1, min(m.StationaryOrder, 1)
				m.Note = "has the mean and covariance of a step, but not its third and fourth moments, and is of order 1"
			}
		}
	}
	if a, ok := d.alg.(Ending); ok {
		cut, chart := cutoff(ends), d.chart
		d.alg = a.Ends(func(z []float64) float64 { return cut.At([]float64{chart.norm(z)}) })
	}
}

// keeps is the radius of the ball that the chain does not leave, in y.
func (d *Dynamics) keeps() float64 {
	if leaves(d.alg) {
		return d.ends[1]
	}
	return d.chart.r
}

// held is the radius on whose sphere images are put that lie beyond it: where the noise of an Unending has ended.
func held(d *Dynamics) float64 {
	if _, ok := d.alg.(Unending); ok {
		return d.ends[1]
	}
	return math.Inf(1)
}

// Reach implements process.Tapered.
func (d *Dynamics) Reach() float64 { return d.chart.far(d.keeps()) }

// Ends implements process.Tapered.
func (d *Dynamics) Ends() [2]float64 {
	return [2]float64{d.chart.far(d.ends[0]), d.chart.far(d.ends[1])}
}

// Moved implements process.Tapered.
func (d *Dynamics) Moved() process.Dynamics {
	e := *d
	e.finish(process.NearerEnds(d.ends, d.chart.r))
	return &e
}

// Rest implements process.Dynamics: none is told.
func (d *Dynamics) Rest(grid.Ball) (*process.Rest, bool) { return nil, false }

// Refine implements process.Dynamics.
func (d *Dynamics) Refine() (process.Dynamics, bool) {
	fine, ok := d.alg.Refine()
	if !ok {
		return nil, false
	}
	return d.with(fine), true
}

// Thinned implements process.Dynamics. Observables are left as they are.
func (d *Dynamics) Thinned(n int, phi []process.Observable) (process.Dynamics, []process.Observable, bool) {
	few, ok := d.alg.Thinned(n)
	if !ok {
		return nil, nil, false
	}
	return d.with(few), phi, true
}

// with returns the dynamics of another algorithm in the same chart.
func (d *Dynamics) with(alg Algorithm) *Dynamics {
	e := *d
	e.alg, e.frozen = alg, newFrozen(alg, d.chart)
	return &e
}
