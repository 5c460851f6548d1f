package study

import (
	"fmt"
	"slices"
	"strings"

	"kolmo/derived"
	"kolmo/process"
	"kolmo/schedule"
	"kolmo/sgd"
	"kolmo/study/document"
)

// coordinate reads what is said of a state variable: {}, or a range and where it starts. It
// returns nil for a coordinate of the ball.
func (r formulaReader) coordinate(v *document.Value) (*process.Interval, error) {
	if v.Kind != document.Mapping {
		return nil, r.Errorf(v, "expected {}, a coordinate of the ball, or a range such as {range: [0, 1], start: 1}, found %s", v.Describe())
	}
	if err := r.Keys(v, []string{"range", "start"}, nil); err != nil {
		return nil, err
	}
	w, start := v.Get("range"), v.Get("start")
	switch {
	case w == nil && start != nil:
		return nil, r.Errorf(v, "a start belongs to a range, and a coordinate of the ball has none")
	case w == nil:
		return nil, nil
	}
	ends, err := r.Numbers(w, 2)
	if err != nil {
		return nil, err
	}
	i := &process.Interval{Low: ends[0], High: ends[1], StartLow: ends[0], StartHigh: ends[1]}
	width := i.High - i.Low
	switch {
	case !(width > 0):
		return nil, r.Errorf(w, "expected two numbers, the second larger than the first, found %g and %g", i.Low, i.High)
	case width < leastLength || width > mostLength || max(-i.Low, i.High) > mostOffset*width:
		return nil, r.Errorf(w, "expected a range of a length from %g to %g and no farther from 0 than %g lengths, found %g and %g", leastLength, mostLength, mostOffset, i.Low, i.High)
	}
	if start == nil {
		return i, nil
	}
	if start.Kind == document.Scalar {
		if i.StartLow, err = r.Number(start); err != nil {
			return nil, err
		}
		i.StartHigh = i.StartLow
	} else {
		ends, err := r.Numbers(start, 2)
		if err != nil {
			return nil, err
		}
		if i.StartLow, i.StartHigh = ends[0], ends[1]; !(ends[0] < ends[1]) {
			return nil, r.Errorf(start, "expected a number, or two of which the second is larger, found %g and %g", ends[0], ends[1])
		}
	}
	if i.StartLow < i.Low || i.StartHigh > i.High {
		return nil, r.Errorf(start, "expected a start in the range from %g to %g, found %s", i.Low, i.High, start.Flow())
	}
	return i, nil
}

// setRange sets the range of the last coordinate of the state so far; nil: it has none.
func (s *Motion) setRange(i *process.Interval) {
	for len(s.ranges) < len(s.State) {
		s.ranges = append(s.ranges, nil)
	}
	s.ranges[len(s.State)-1] = i
}

// hasRanges reports that some coordinate beside the schedule's has a range of its own.
func (s *Motion) hasRanges() bool {
	return slices.ContainsFunc(s.ranges, func(i *process.Interval) bool { return i != nil })
}

// within returns a state where paths start: the center, and the middle of where the other
// coordinates start.
func (s *Study) within() []float64 {
	center, z := s.Center, []float64(nil)
	for k := range s.own() {
		if k < len(s.ranges) && s.ranges[k] != nil {
			z = append(z, s.ranges[k].StartLow/2+s.ranges[k].StartHigh/2)
			continue
		}
		z, center = append(z, center[0]), center[1:]
	}
	return z
}

// rangedNoise refuses diffusions whose noise moves a coordinate with a range while that in the ball
// ends beyond it.
func (s *Study) rangedNoise(d *derived.Dynamics) error {
	if name, ok := d.RangedNoise(); ok {
		// A step that leaves the range is why the drift does.
		if err := s.checkStep(statesOf(d.Region(), d.ToUser)); err != nil {
			return err
		}
		return fmt.Errorf("%s has a range and moves at random, which is possible only with a Euclidean ball, noise of order eta and a drift that does not leave the box around the ball; without its range, as %s: {}, it belongs to the ball", name, name)
	}
	return nil
}

// needsEnds refuses the model whose noise ends beyond the ball where noise moves a coordinate
// with a range, at whose ends it does not.
func (r formulaReader) needsEnds(s *Study, models *document.Value) error {
	if unending(s) {
		if r2 := s.root.Get("ball").Get("R2"); r2 != nil {
			return r.Errorf(r2, "under a law without bounds there is no model %s; where noise ends is the key taper", derived.Modified)
		}
		s.R2 = s.Taper[1]
		if i := slices.Index(s.Models, derived.Modified); i >= 0 {
			return r.Errorf(models.Items[i], "under a law without bounds noise ends by ball.taper, and there is no model %s; %s is the same", derived.Modified, derived.SecondOrder)
		}
	}
	d, ok := s.made.(*derived.Dynamics)
	if !ok || !s.hasRanges() {
		return nil
	}
	name, ok := d.RangedNoise()
	if i := slices.Index(s.Models, derived.Modified); ok && i >= 0 {
		return r.Errorf(models.Items[i], "%s has a range and moves at random, and the noise of %s does not end there; %s is the same up to the faces", name, derived.Modified, derived.SecondOrder)
	}
	return nil
}

// idleTaper refuses ends of noise that no model of sgd has.
func (r formulaReader) idleTaper(s *Study) error {
	taper := s.root.Get("ball").Get("taper")
	ending := func(m *process.Diffusion) bool { return m.Tapered && slices.Contains(s.Models, m.Name) }
	if taper != nil && s.kind() == algorithmOf(sgd.Name) && !slices.ContainsFunc(s.dynamics().Diffusions(), ending) {
		return r.Errorf(taper, "no model that is asked for has noise up to the faces of its box, which a taper could end")
	}
	return nil
}

// Starting says where coordinates with a range start: ", s = 1" or ", m in [0, 1]".
func (s *Study) Starting() string {
	text := ""
	for k, i := range s.ranges {
		switch {
		case i == nil:
		case i.StartLow < i.StartHigh:
			text += fmt.Sprintf(", %s in [%g, %g]", s.State[k], i.StartLow, i.StartHigh)
		default:
			text += fmt.Sprintf(", %s = %g", s.State[k], i.StartLow)
		}
	}
	if s.Schedule != nil {
		text += ", " + schedule.State + " = 1"
	}
	return text
}

// shown says at which values of coordinates with a range fields are shown, "at m = 0.5, the middle of
// where it starts"; empty where they start nowhere else.
func (s *Study) shown() string {
	var at []string
	for k, i := range s.ranges {
		if i != nil && i.StartLow < i.StartHigh {
			at = append(at, fmt.Sprintf("%s = %g", s.State[k], i.StartLow/2+i.StartHigh/2))
		}
	}
	if at == nil {
		return ""
	}
	return "at " + strings.Join(at, ", ") + ", in the middle of where paths start"
}
