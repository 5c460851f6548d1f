package study

import (
	"cmp"
	"slices"

	"kolmo/compare"
	"kolmo/derived"
	"kolmo/grid"
	"kolmo/process"
	"kolmo/schedule"
	"kolmo/study/document"
)

// kind returns the algorithm of the study, with step sizes that fall if it has a schedule, over
// epochs if it samples so, with the noise of another learning rate if it imitates that, and by its
// moments where it is none of the paper's in a Euclidean ball.
func (s *Study) kind() *algorithm {
	a := algorithmOf(s.Algorithm)
	switch {
	case s.Imitated != nil:
		return imitated(a)
	case s.Reshuffled:
		return overEpochs(a)
	}
	if s.Schedule == nil && !s.stretched() && !unending(s) {
		return a
	}
	b := *a
	b.theory = false
	switch {
	case b.steps == nil && unending(s):
		b.taper, b.models = true, derived.Names()[1:] // its noise ends anyway
		b.steps = func(s *Study) derived.Algorithm { return schedule.NewUnending(s.Parameters, s.Objective) }
		b.new = func(s *Study) (process.Dynamics, error) {
			return derived.New(b.steps(s), s.Center, nil, s.R, s.Taper)
		}
	case b.steps == nil:
		b.steps = func(s *Study) derived.Algorithm { return schedule.NewDescent(s.Parameters, s.Objective) }
		b.new = inBall(b.steps)
	}
	return &b
}

// unending reports that steps of sgd have a law without bounds, and end by ball.taper.
func unending(s *Study) bool {
	return s.Algorithm == algorithms[0].kind && s.Taper[1] > 0 && s.Objective != nil && s.Objective.Law().Unbounded
}

// falling returns an algorithm with the study's schedule, if there is one.
func (s *Study) falling(a derived.Algorithm) derived.Algorithm {
	if s.Schedule == nil {
		return a
	}
	return schedule.New(a, *s.Schedule, cmp.Or(s.Horizon, compare.DefaultHorizon))
}

// schedule reads the key of that name, and adds its coordinate to the state.
func (r *reader) schedule(s *Study, v *document.Value) error {
	if v == nil {
		return nil
	}
	if err := r.Keys(v, document.Sections["schedule"], []string{"kind"}); err != nil {
		return err
	}
	kind, err := r.Choice(v.Get("kind"), schedule.Kinds())
	if err == nil {
		err = r.Keys(v, document.Sections["schedule"], []string{"rate"})
	}
	if err != nil {
		return err
	}
	rate, err := r.length(v.Get("rate"))
	if err != nil {
		return err
	}
	if err := r.Take(r.names, schedule.State, "schedule", v.Path, v.Line, v.Column); err != nil {
		return err
	}
	s.Schedule = &schedule.Schedule{Kind: schedule.Kind(kind), Rate: rate}
	s.State = append(slices.Clone(s.State), schedule.State)
	if len(s.State) > grid.MaxDim {
		return r.Errorf(v, "%s of %d parameters with a schedule has a state of %d coordinates; at most %d are possible", s.Algorithm, len(s.Parameters), len(s.State), grid.MaxDim)
	}
	return nil
}

// own returns the coordinates of the state but for the schedule's.
func (s *Study) own() []string {
	if s.Schedule != nil {
		return s.State[:len(s.State)-1]
	}
	return s.State
}

// round returns the number of coordinates of the state that belong to the ball.
func (s *Study) round() int {
	inBall := func(i *process.Interval) bool { return i == nil }
	return len(s.own()) - len(slices.DeleteFunc(slices.Clone(s.ranges), inBall))
}

// starts returns a dynamics' coordinates that belong to the ball, and the ball.
func starts(c process.Charted) (names []string, ball grid.Ball) {
	all := c.State().Starts(c.Region())
	ball.R = all.R
	for k, name := range c.State().Names {
		if all.Range(k) == nil {
			names, ball.Center = append(names, name), append(ball.Center, all.Center[k])
		}
	}
	return names, ball
}

// StateOnAxes returns the names of the study's coordinates that belong to the ball, the ball there, what stores them of
// a point of the axes, and the inverse; nil where the axes are these. One goroutine at a time may call them.
func StateOnAxes(s *Study) (names []string, ball *grid.Ellipsoid, to, from func(out, in []float64)) {
	if to, from = process.BesideAxes(s.made); to != nil {
		names, ball = s.made.State().Users.Names, s.made.State().Users.Ball
	}
	return names, ball, to, from
}
