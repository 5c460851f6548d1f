package schedule

import (
	"kolmo/derived"
	"kolmo/grid"
	"kolmo/objective"
	"kolmo/process"
)

// algorithm is another one whose step size falls. Its last coordinate is s.
type algorithm struct {
	Schedule
	of    derived.Algorithm
	until float64
}

// ending is one whose noise can be made to end.
type ending struct{ *algorithm }

var (
	_ derived.Rough  = (*algorithm)(nil)
	_ derived.Ranged = (*algorithm)(nil)
	_ derived.Ranged = ending{}
	_ derived.Ending = ending{}
)

// New returns an algorithm with step sizes that fall, to be looked at up to t = until.
func New(of derived.Algorithm, s Schedule, until float64) derived.Algorithm {
	a := &algorithm{s, of, until}
	if _, ok := of.(derived.Ending); ok {
		return ending{a}
	}
	if _, ok := of.(*descent); ok {
		return closed{a}
	}
	return a
}

func (a *algorithm) Name() string { return a.of.Name() }

func (a *algorithm) Names() []string { return append(append([]string(nil), a.of.Names()...), State) }

// Ranges implements derived.Ranged: s begins at 1, beside ranges that the algorithm has. Without
// noise z at t depends on s at first by the integral of s, which is ln(1 + rate t s)/rate or
// (1 - e^{-rate t}) s/rate.
func (a *algorithm) Ranges() []*process.Interval {
	all := make([]*process.Interval, len(a.of.Names()))
	if of, ok := a.of.(derived.Ranged); ok {
		copy(all, of.Ranges())
	}
	clock := new(process.Clock)
	if a.Kind == Inverse {
		clock.Bend = a.Rate * a.until
	}
	return append(all, &process.Interval{Low: 0, High: 1, StartLow: 1, StartHigh: 1, Clock: clock})
}

// Objective is the loss of a sample, of which models by formulas speak.
func (a *algorithm) Objective() objective.Objective {
	return a.of.(interface{ Objective() objective.Objective }).Objective()
}

func (a *algorithm) Law() process.Law { return a.of.Law() }

func (a *algorithm) Noisy() bool { return a.of.Noisy() }

func (a *algorithm) Refine() (derived.Algorithm, bool) {
	fine, ok := a.of.Refine()
	if !ok {
		return nil, false
	}
	return New(fine, a.Schedule, a.until), true
}

func (a *algorithm) Thinned(n int) (derived.Algorithm, bool) {
	few, ok := a.of.Thinned(n)
	if !ok {
		return nil, false
	}
	return New(few, a.Schedule, a.until), true
}

// Rough implements derived.Rough: at s the moments of order eta^2 are s^2 times the algorithm's, and so are a diffusion's.
func (a *algorithm) Rough(states [][]float64) bool {
	of, ok := a.of.(derived.Rough)
	if !ok {
		return false
	}
	n := len(a.of.Names())
	short := make([][]float64, len(states))
	for i, z := range states {
		short[i] = z[:n]
	}
	return of.Rough(short)
}

func (a ending) Ends(end func(z []float64) float64) derived.Algorithm {
	of := a.of.(derived.Ending).Ends(func(x []float64) float64 {
		var z [grid.MaxDim]float64
		return end(z[:copy(z[:], x)+1]) // the end does not depend on s
	})
	return ending{&algorithm{a.Schedule, of, a.until}}
}

// NewMoments implements derived.Algorithm; see the package.
func (a *algorithm) NewMoments() func(m *derived.Moments, z []float64) {
	own, n := a.of.NewMoments(), len(a.of.Names())
	var o derived.Moments
	return func(m *derived.Moments, z []float64) {
		own(&o, z[:n])
		s := z[n]
		first, second, slope := a.moments(s)
		*m = derived.Moments{}
		for k := range n {
			m.M12[k], m.M14[k] = s*o.M12[k], s*s*o.M14[k]
			m.M24[k][n], m.M24[n][k] = s*o.M12[k]*first, s*o.M12[k]*first
			m.D12[k][n] = o.M12[k]
			m.L12[k] = s * s * o.L12[k]
			for l := range n {
				m.M22[k][l], m.M24[k][l] = s*o.M22[k][l], s*s*o.M24[k][l]
				m.D12[k][l] = s * o.D12[k][l]
				m.L22[k][l] = s*s*o.L22[k][l] + first*o.M22[k][l]
			}
		}
		m.M12[n], m.M14[n], m.M24[n][n], m.D12[n][n] = first, second, first*first, slope
	}
}
