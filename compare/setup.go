package compare

import (
	"fmt"
	"math"

	"kolmo/process"
)

// setup is what all kinds of a run of studies have in common: the problem with what was found
// out about it before any grid, its grids under all rules for xi, and the units' store.
type setup struct {
	p   *Problem
	cfg *Config
	*meter
	cache    *gridCache
	richer   []*gridCache     // under richer quadratures, the richest last; nil if xi's law is exact
	mu       float64          // smallest eigenvalue of hess f known or found on the ball
	rate     float64          // the problem's fastest rate
	size     []float64        // sup |phi| over the ball
	inside   map[float64]bool // eta: the ball is invariant
	warnings []string
}

// firstTimes is the number of times 1/mu after which the first learning rate is guessed to
// close.
const firstTimes = 8

// newSetup looks at a problem. The errors are *InputError and those that process.NonFinite knows.
func newSetup(p *Problem, cfg *Config) (*setup, error) {
	if cfg == nil {
		cfg = new(Config)
	}
	s := &setup{p: p, cfg: cfg, meter: newMeter(p, cfg), inside: map[float64]bool{}}
	if err := supported(s.p); err != nil {
		return nil, err
	}
	if err := s.checkHorizon(); err != nil {
		return nil, err
	}
	if s.cfg.Watcher != nil {
		s.cfg.Watcher.Progress(0, "looking at the loss on the ball")
	}
	sv, err := newSurvey(s.p, s.cfg.Workers)
	if err != nil {
		return nil, err
	}
	s.mu, s.rate, s.size = sv.mu, sv.rate(s.p.Ball.R), sv.size
	s.lastT = s.likelyTime()
	s.cache = newGridCache(s.p, sv, s.cfg.Workers)
	if note := s.p.Dynamics.Law().Note; note != "" {
		s.warnings = append(s.warnings, note)
	}
	s.richer = s.richerLaws(sv)
	for _, eta := range s.p.Etas {
		if n := s.steps(eta.Value); n > manySteps {
			s.warnings = append(s.warnings, fmt.Sprintf("eta = %s: every run takes about %.2g steps, since f's least curvature on the ball is %.3g: this is slow, in proportion to 1/(mu eta)", eta.Text, n, s.mu))
		}
		if t := s.leastTime(); t/eta.Value > mostSteps {
			return nil, s.tooManySteps(eta, t, sv.bend)
		}
	}
	return s, nil
}

// stretched is the ratio of f's curvatures from which its parameters have different scales:
// no learning rate then suits all directions.
const stretched = 1e4

// tooManySteps returns the error for a learning rate at which a run needs too many steps to
// reach t, given the largest curvature of f.
func (s *setup) tooManySteps(eta Rate, t, bend float64) error {
	if s.mu > 0 && bend > stretched*s.mu {
		return &InputError{Key: "loss", Msg: fmt.Sprintf("f's curvatures on the ball go from %.3g to %.3g: eta = %s needs more than %d steps to t = %.3g, and larger ones diverge; scale the data, as standardize(..) does in columns", s.mu, bend, eta.Text, mostSteps, t)}
	}
	return &InputError{Key: "eta", Msg: fmt.Sprintf("eta = %s needs more than %d steps to reach t = %.3g (f's least curvature on the ball is %.3g); want a larger eta", eta.Text, mostSteps, t, s.mu)}
}

// likelyTime guesses the time of a run, and steps its steps at a learning rate.
func (s *setup) likelyTime() float64 {
	if s.mu > 0 {
		return firstTimes / s.mu
	}
	return s.horizon()
}

func (s *setup) steps(eta float64) float64 { return min(s.likelyTime()/eta, mostSteps) }

// leastTime is the time that a run needs at the least: one decay time of f, or
// the horizon.
func (s *setup) leastTime() float64 {
	if s.mu > 0 {
		return 1 / s.mu
	}
	return s.horizon()
}

// notConvex says what f lacks where mu is not positive: nothing is then known of how fast u
// and U^n decay, and suprema are over a horizon.
func (s *setup) notConvex() string {
	if s.p.transient() {
		return "the algorithm does not return to where it starts"
	}
	if _, ok := s.p.Dynamics.(process.Contracting); ok {
		return "the drift does not contract the region"
	}
	if s.mu < 0 {
		return "f is not convex on the ball"
	}
	return "f is not strongly convex on the ball"
}

// until is the horizon in the users' time.
func (s *setup) until() float64 {
	if s.p.Horizon > 0 {
		return s.p.Horizon
	}
	return DefaultHorizon
}

func (s *setup) horizon() float64 { return s.until() / s.p.pace() }

// Limits of the time that is computed for a convex f: decay is at least like
// e^{-mu t}.
const (
	decayTimes = 40
	mostSteps  = 200_000
	// manySteps is the number of steps from which a warning says that runs are long.
	manySteps = 50_000
)

// lastStep is the step at which a run ends even if it is not closed; without an
// invariant ball nothing can be closed, and the horizon is enough.
func (s *setup) lastStep(eta float64) int {
	t := s.horizon()
	if s.p.transient() {
		return int(min(math.Floor(t/eta+1e-9), mostSteps))
	}
	if s.mu > 0 && s.invariant(eta) {
		t = decayTimes / s.mu
	}
	return int(min(math.Ceil(t/eta-1e-9), mostSteps))
}

func (s *setup) wantsFields(eta Rate) bool {
	for _, e := range s.p.Fields.Etas {
		if e == eta.Value {
			return true
		}
	}
	return false
}

// invariant reports that no sample leaves the ball in one step.
func (s *setup) invariant(eta float64) bool {
	inside, ok := s.inside[eta]
	if !ok {
		inside, _ = s.p.Dynamics.Chain(eta).Keeps(process.Region{State: s.p.Dynamics.State(), R: s.p.Ball.R})
		s.inside[eta] = inside
	}
	return inside
}

// finished tells the watcher of a unit.
func (s *setup) finished(u FinishedUnit) {
	if s.cfg.Watcher != nil {
		s.cfg.Watcher.Finished(u)
	}
}
