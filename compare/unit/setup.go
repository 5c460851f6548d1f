package unit

import (
	"fmt"
	"math"
	"reflect"
	"slices"

	"kolmo/compare"
	"kolmo/compare/survey"
	"kolmo/process"
)

// Setup is what all kinds of a run of studies have in common: the problem with what was found
// out about it before any grid, its grids under all rules for xi, and the units' store.
type Setup struct {
	Problem *compare.Problem
	Config  *compare.Config
	*meter
	Cache    *survey.Cache
	Richer   []*survey.Cache  // under richer quadratures, the richest last; nil if xi's law is exact
	Mu       float64          // smallest eigenvalue of hess f known or found on the ball, 0 where it is Slow
	Slow     float64          // that eigenvalue where it asks for more than MostSteps and a horizon is given; else 0
	Rate     float64          // the problem's fastest rate
	Size     []float64        // sup |phi| over the ball
	Inside   map[float64]bool // eta: the ball is invariant
	Warnings []string
	nearer   *Setup               // see Nearer; nil until needed
	shared   map[reflect.Type]any // see Shared
}

// firstTimes is the number of times 1/mu after which the first learning rate is guessed to
// close.
const firstTimes = 8

// New looks at a problem. The errors are *InputError and those that process.NonFinite knows.
func New(p *compare.Problem, cfg *compare.Config) (*Setup, error) {
	if cfg == nil {
		cfg = new(compare.Config)
	}
	s := &Setup{Problem: p, Config: cfg, meter: newMeter(p, cfg), Inside: map[float64]bool{}, shared: map[reflect.Type]any{}}
	if err := Supported(s.Problem); err != nil {
		return nil, err
	}
	if err := s.checkHorizon(); err != nil {
		return nil, err
	}
	if s.Config.Watcher != nil {
		s.Config.Watcher.Progress(0, "looking at the loss on the ball")
	}
	sv, err := survey.New(s.Problem, s.Config.Workers)
	if err != nil {
		return nil, err
	}
	s.Mu, s.Rate, s.Size = sv.Mu, sv.Rate(s.Problem.Ball.R), sv.Size
	if smallest := p.Etas[len(p.Etas)-1].Value; s.Mu > 0 && p.Horizon > 0 && s.leastTime() > MostSteps*smallest {
		s.Slow, s.Mu, sv.Mu = s.Mu, 0, 0
	}
	if err := checkFirstStep(s); err != nil {
		return nil, err
	}
	s.lastT = s.likelyTime()
	s.Cache = survey.NewCache(s.Problem, sv, s.Config.Workers)
	if note := s.Problem.Dynamics.Law().Note; note != "" {
		s.Warnings = append(s.Warnings, note)
	}
	s.Richer = s.richerLaws(sv)
	for _, eta := range s.Problem.Etas {
		if n := s.Steps(eta.Value); n > manySteps {
			s.Warnings = append(s.Warnings, compare.Say("eta = %s: every run takes about %.2g steps, since f's least curvature on the ball is %.3g: this is slow, in proportion to 1/(mu eta)", eta.Text, n, s.Mu))
		}
		if t := s.leastTime(); t/eta.Value > MostSteps {
			return nil, s.tooManySteps(eta, t, sv.Bend)
		}
	}
	return s, nil
}

// stretched is the ratio of f's curvatures from which its parameters have different scales:
// no learning rate then suits all directions.
const stretched = 1e4

// tooManySteps returns the error for a learning rate at which a run needs too many steps to
// reach t, given the largest curvature of f.
func (s *Setup) tooManySteps(eta compare.Rate, t, bend float64) error {
	key, why, cure := "eta", compare.Say("f's least curvature on the ball is %.3g", s.Mu), "want a larger eta"
	_, contracting := s.Problem.Dynamics.(process.Contracting)
	switch {
	case s.Mu <= 0:
		key, why, cure = "horizon", compare.Say("%s, so that suprema are over t <= %g", s.NotConvex(), s.Until()), "want a shorter horizon or a larger eta"
	case contracting:
		why, cure = compare.Say("the drift of %s draws the region together at the rate %.3g", s.Problem.Dynamics.Name(), s.Mu), "want a larger eta or a smaller ball"
	case bend > stretched*s.Mu:
		key, why, cure = "loss", compare.Say("f's curvatures on the ball go from %.3g to %.3g, and larger eta diverge", s.Mu, bend), "scale the data, as standardize(..) does in columns"
	}
	if s.Mu > 0 {
		cure += ", or give the key horizon, and suprema are over t <= horizon"
	}
	return &compare.InputError{Key: key, Msg: compare.Say("eta = %s needs more than %d steps to reach t = %.3g (%s); %s", eta.Text, MostSteps, t, why, cure)}
}

// likelyTime guesses the time of a run, and steps its steps at a learning rate.
func (s *Setup) likelyTime() float64 {
	if s.Mu > 0 {
		return firstTimes / s.Mu
	}
	return s.Horizon()
}

func (s *Setup) Steps(eta float64) float64 { return min(s.likelyTime()/eta, MostSteps) }

// leastTime is the time that a run needs at the least: one decay time of f, or
// the horizon.
func (s *Setup) leastTime() float64 {
	if s.Mu > 0 {
		return 1 / s.Mu
	}
	return s.Horizon()
}

// NotConvex says what f lacks where mu is not positive, or too small: nothing is then known of how fast u
// and U^n decay, and suprema are over a horizon.
func (s *Setup) NotConvex() string {
	if s.Problem.Transient() {
		return "the algorithm does not return to where it starts"
	}
	_, contracting := s.Problem.Dynamics.(process.Contracting)
	switch {
	case s.Slow > 0 && contracting:
		return fmt.Sprintf("the drift contracts the region too slowly for %d steps", MostSteps)
	case s.Slow > 0:
		return fmt.Sprintf("f is too flat on the ball for %d steps", MostSteps)
	case contracting:
		return "the drift does not contract the region"
	}
	if s.Mu < 0 {
		return "f is not convex on the ball"
	}
	return "f is not strongly convex on the ball"
}

// ToHorizon reports that suprema are over t <= Until by definition: nothing is known of how gaps go on.
func ToHorizon(s *Setup) bool { return s.Mu <= 0 || s.Problem.Transient() }

// Until is the horizon in the users' time.
func (s *Setup) Until() float64 {
	if s.Problem.Horizon > 0 {
		return s.Problem.Horizon
	}
	return compare.DefaultHorizon
}

func (s *Setup) Horizon() float64 { return s.Until() / s.Problem.Pace() }

// Limits of the time that is computed for a convex f: decay is at least like
// e^{-mu t}.
const (
	DecayTimes = 40
	MostSteps  = 200_000
	// manySteps is the number of steps from which a warning says that runs are long.
	manySteps = 50_000
)

// LastStep is the step at which a run ends even if it is not closed; without an
// invariant ball nothing can be closed, and the horizon is enough.
func (s *Setup) LastStep(eta float64) int {
	t := s.Horizon()
	if ToHorizon(s) {
		return int(math.Floor(t/eta + 1e-9))
	}
	if s.Invariant(eta) {
		t = DecayTimes / s.Mu
	}
	return int(min(math.Ceil(t/eta-1e-9), MostSteps))
}

func (s *Setup) wantsFields(eta compare.Rate) bool {
	for _, e := range s.Problem.Fields.Etas {
		if e == eta.Value {
			return true
		}
	}
	return false
}

// Invariant reports that no sample leaves the ball in one step.
func (s *Setup) Invariant(eta float64) bool {
	inside, ok := s.Inside[eta]
	if !ok {
		inside, _ = s.Problem.Dynamics.Chain(eta).Keeps(process.Region{State: s.Problem.Dynamics.State(), R: s.Problem.Ball.R})
		s.Inside[eta] = inside
	}
	return inside
}

// Finished tells the watcher of a unit.
func (s *Setup) Finished(u compare.FinishedUnit) {
	if s.Config.Watcher != nil {
		s.Config.Watcher.Finished(u)
	}
}

// AllModels returns the indices of all models.
func (s *Setup) AllModels() []int {
	all := make([]int, len(s.Problem.Models))
	for m := range all {
		all[m] = m
	}
	return all
}

// checkHorizon refuses a horizon study of too many steps.
func (s *Setup) checkHorizon() error {
	smallest := s.Problem.Etas[len(s.Problem.Etas)-1]
	if h := s.Horizon(); s.Problem.Has(compare.StudyHorizon) && h > MostSteps*smallest.Value {
		return &compare.InputError{Key: "horizon", Msg: compare.Say("t = %g is more than %d steps of eta = %s; want a shorter horizon", h, MostSteps, smallest.Text)}
	}
	return nil
}

// onHorizon are the kinds of study that end at the horizon.
var onHorizon = []compare.Study{compare.StudyGap, compare.StudyLocalError, compare.StudyHorizon, compare.StudyStationary}

// checkFirstStep refuses suprema over t <= horizon without a step.
func checkFirstStep(s *Setup) error {
	if h, largest := s.Horizon(), s.Problem.Etas[0]; ToHorizon(s) && slices.ContainsFunc(onHorizon, s.Problem.Has) && h < largest.Value*(1-1e-9) {
		return &compare.InputError{Key: "horizon", Msg: compare.Say("t = %g ends before the first step of eta = %s, and suprema are over t <= horizon; want a longer horizon", s.Until(), largest.Text)}
	}
	return nil
}

// ofClocks are the kinds of study over given times, which speak of states with a clock.
var ofClocks = []compare.Study{compare.StudyGap, compare.StudyLocalError, compare.StudyHorizon, compare.StudyCrossing}

// Supported returns an *InputError for a dynamics of which studies cannot speak yet: one
// that does not live in the problem's Euclidean ball and ranges, or whose step n does not end at the
// time n eta.
func Supported(p *compare.Problem) error {
	refuse := func(format string, args ...any) error {
		return &compare.InputError{Key: "algorithm.kind", Msg: fmt.Sprintf("studies cannot speak of %s yet: ", p.Dynamics.Name()) + compare.Say(format, args...)}
	}
	state := p.Dynamics.State()
	if d := len(p.Ball.Center); state.Dim() != d {
		return refuse("it has %d coordinates, and the ball %d; want as many", state.Dim(), d)
	}
	if _, err := (process.Region{State: state, R: p.Ball.R}).Ball(); err != nil {
		return refuse("%v; want a Euclidean ball", err)
	}
	starts := state.Starts(p.Ball)
	for k, name := range state.Names {
		got, want := p.Ball.Range(k), starts.Range(k)
		if (got == nil) != (want == nil) || got != nil && *got != *want {
			return refuse("its coordinate %s has a range or starts in it otherwise than the problem's ball says", name)
		}
	}
	ticks := slices.ContainsFunc(state.Ranges, func(i *process.Interval) bool { return i != nil && i.Clock != nil })
	if i := slices.IndexFunc(p.Studies, func(s compare.Study) bool { return !slices.Contains(ofClocks, s) }); ticks && i >= 0 {
		return refuse("some coordinate is a clock, under which nothing comes to an end that the study %s would find; want some of %v", p.Studies[i], ofClocks)
	}
	for _, eta := range p.Etas {
		for _, n := range []int{1, 2} {
			if got, want := p.Dynamics.Chain(eta.Value).Time(n), float64(n)*eta.Value; got != want {
				return refuse("at eta = %s step %d ends at the time %.6g; want %.6g, n eta", eta.Text, n, got, want)
			}
		}
	}
	return nil
}
