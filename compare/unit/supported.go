package unit

import (
	"fmt"
	"slices"

	"kolmo/compare"
	"kolmo/process"
)

// checkHorizon refuses a horizon study of too many steps.
func (s *Setup) checkHorizon() error {
	smallest := s.Problem.Etas[len(s.Problem.Etas)-1]
	if h := s.Horizon(); s.Problem.Has(compare.StudyHorizon) && h > MostSteps*smallest.Value {
		return &compare.InputError{Key: "horizon", Msg: fmt.Sprintf("t = %g is more than %d steps of eta = %s; want a shorter horizon", h, MostSteps, smallest.Text)}
	}
	return nil
}

// onHorizon are the kinds of study that end at the horizon.
var onHorizon = []compare.Study{compare.StudyGap, compare.StudyLocalError, compare.StudyHorizon, compare.StudyStationary}

// checkFirstStep refuses suprema over t <= horizon without a step.
func checkFirstStep(s *Setup) error {
	if h, largest := s.Horizon(), s.Problem.Etas[0]; ToHorizon(s) && slices.ContainsFunc(onHorizon, s.Problem.Has) && h < largest.Value*(1-1e-9) {
		return &compare.InputError{Key: "horizon", Msg: fmt.Sprintf("t = %g ends before the first step of eta = %s, and suprema are over t <= horizon; want a longer horizon", s.Until(), largest.Text)}
	}
	return nil
}

// Supported returns an *InputError for a dynamics of which studies cannot speak yet: one
// that does not live in the problem's Euclidean ball and ranges, or whose step n does not end at the
// time n eta.
func Supported(p *compare.Problem) error {
	refuse := func(format string, args ...any) error {
		return &compare.InputError{Key: "algorithm.kind", Msg: fmt.Sprintf("studies cannot speak of %s yet: ", p.Dynamics.Name()) + fmt.Sprintf(format, args...)}
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
	if starts.Ranges != nil {
		for _, study := range p.Studies {
			if study != compare.StudyGap {
				return refuse("some coordinate has a range of its own, of which the study %s knows nothing; want %s", study, compare.StudyGap)
			}
		}
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
