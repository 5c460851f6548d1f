package study

import (
	"errors"
	"math"
	"slices"

	"kolmo/assumptions"
	"kolmo/compare"
	"kolmo/grid"
	"kolmo/objective"
	"kolmo/process"
	"kolmo/sgd"
	"kolmo/study/document"
)

// defaultCutoff is R2/R unless the study says otherwise.
const defaultCutoff = 1.5

// ball reads the key of that name: a ball of states.
func (r *reader) ball(s *Study, v *document.Value) (err error) {
	if err := r.Keys(v, document.Sections["ball"], []string{"R"}); err != nil {
		return err
	}
	if s.R, err = r.length(v.Get("R")); err != nil {
		return err
	}
	s.Center = make([]float64, s.round())
	if c := v.Get("center"); c != nil {
		if s.Center, err = r.Numbers(c, s.round()); err != nil {
			return err
		}
		for i, x := range s.Center {
			if math.Abs(x) > mostOffset*s.R {
				return r.Errorf(c.Items[i], "expected at most %g R, whose digits are lost beside a larger number, found %s; shift the parameter by a constant", mostOffset, c.Items[i].Text)
			}
		}
	}
	s.R2 = defaultCutoff * s.R
	if c := v.Get("R2"); c != nil {
		if a := s.kind(); a.taper {
			return r.Errorf(c, "%s has no modified model; where its noise ends is the key taper", a.kind)
		}
		if s.R2, err = r.length(c); err != nil {
			return err
		}
		if !(s.R2 > s.R) || s.R2 > mostCutoff*s.R {
			return r.Errorf(c, "expected a number greater than R, %s, and at most %g R, found %s", v.Get("R").Text, mostCutoff, c.Text)
		}
	}
	if err := r.metric(s, v.Get("metric")); err != nil {
		return err
	}
	return r.taper(s, v.Get("taper"))
}

// The ends of tapers over R, unless the study says otherwise.
const (
	taperFrom = 1.5
	taperTo   = 2.25
)

// taper reads ball.taper: two radii between which the noise of an algorithm ends, or that of the models of sgd.
func (r *reader) taper(s *Study, v *document.Value) error {
	a := s.kind()
	switch plain := a == algorithmOf(sgd.Name); {
	case a.taper || a.formulas, plain && v != nil:
	case v != nil:
		return r.Errorf(v, "%s has no noise of its own that would need a taper; that of its models ends so for sgd only, in a Euclidean ball, without a schedule or epochs", s.Algorithm)
	default:
		return nil
	}
	s.Taper = [2]float64{taperFrom * s.R, taperTo * s.R}
	if v != nil {
		ends, err := r.Numbers(v, 2)
		if err != nil {
			return err
		}
		if !(ends[0] >= s.R) || !(ends[1] > ends[0]) || ends[1] > mostCutoff*s.R {
			return r.Errorf(v, "expected two radii R <= R1 < R2 <= %g R, found %g and %g", mostCutoff, ends[0], ends[1])
		}
		s.Taper = [2]float64(ends)
	}
	if a.taper {
		s.R2 = s.Taper[1]
	}
	return nil
}

// region makes the dynamics, and looks at the loss and the observables in its region.
func (r *reader) region(s *Study, root *document.Value) error {
	if err := (formulaReader{r}).needsMetric(s, root.Get("ball")); err != nil {
		return err
	}
	dynamics, err := s.kind().new(s)
	var placed *document.Error
	switch {
	case errors.As(err, &placed):
		return err
	case err != nil:
		at := root.Get("ball")
		if m := at.Get("metric"); m != nil {
			at = m
		}
		return r.Errorf(at, "%v", err)
	}
	c, ok := dynamics.(process.Charted)
	if !ok {
		return s.LossError(assumptions.CheckFinite(s.Loss, s.Observables, s.Center, s.R))
	}
	s.made = dynamics
	if words := c.Chart(); words != "" && slices.ContainsFunc(s.Output.Fields, func(name string) bool { return name[0] == 'd' }) {
		return r.Errorf(root.Get("output").Get("fields"), "derivatives of fields would be along the coordinates of the computation here, which are others than the parameters: %s; want u, U or gap", words)
	}
	// What the region covers of the parameters.
	reach, d, states := 0.0, len(s.Parameters), statesOf(c.Region(), c.ToUser)
	for _, z := range states {
		far := 0.0
		for k := range d {
			far += (z[k] - s.Center[k]) * (z[k] - s.Center[k])
		}
		reach = max(reach, math.Sqrt(far))
		for _, o := range s.Observables {
			if y := o.NewFunc()(z); y-y != 0 {
				return s.LossError(&objective.NonFiniteError{What: o.Name(), X: z, Sample: -1, Part: "value"})
			}
		}
	}
	if err := s.LossError(assumptions.CheckFinite(s.Loss, nil, s.Center[:d], reach)); err != nil || s.step == nil {
		return err
	}
	return s.checkStep(states)
}

// statesOf returns points of a ball as users know them: its center, and those of shells around it.
func statesOf(ball grid.Ball, toUser func(z, q []float64)) (list [][]float64) {
	for i := range regionShells + 1 {
		points := [][]float64{ball.Center}
		if i > 0 {
			points = ball.With(ball.R * float64(i) / regionShells).Sphere(regionDensity)
		}
		for _, q := range points {
			z := slices.Clone(q)
			toUser(z, q)
			list = append(list, z)
		}
	}
	return list
}

// beyondReach says of which observables the level of a crossing study is beyond all values in the region.
func beyondReach(s *Study) (notes []string) {
	if s.Crossing == nil || !slices.Contains(s.Studies, string(compare.StudyCrossing)) && !slices.Contains(s.whole.Studies, string(compare.StudyCrossing)) {
		return nil
	}
	ball, toUser := grid.Ball{Center: s.Center, R: s.R}, func(z, q []float64) {}
	if c, ok := s.made.(process.Charted); ok {
		ball, toUser = c.Region(), c.ToUser
	}
	states := statesOf(ball, toUser)
	for _, o := range s.Observables {
		low, high := math.Inf(1), math.Inf(-1)
		f := o.NewFunc()
		for _, z := range states {
			low, high = min(low, f(z)), max(high, f(z))
		}
		if level := s.Crossing.Level; level < low || level > high {
			notes = append(notes, s.doc.Errorf(s.root.Get("crossing"), "%s is from %.4g to %.4g where paths start, so that its mean does not cross %g unless they leave that", o.Name(), low, high, level).Error())
		}
	}
	return notes
}

// What region looks at: shells, and points on each.
const (
	regionShells  = 12
	regionDensity = 16
)
