package crossing

import (
	"math"

	"kolmo/compare/fit"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/process"
)

// otherwise fills the errors of a time that grids do not tell, by what changes on the coarser of its two grids: under
// richer rules for the quadrature over xi and, where noise ends beyond the ball, with nearer ends. The time is of a model,
// or of the chain where it is nil; again finds it there under the law of a cache, nil if nothing crosses.
func (s *Kind) otherwise(f *crossingFound, own *crossingRun, o int, m *process.Diffusion, eta float64, again func(*survey.Cache) (*crossed, error)) error {
	if f.at == nil {
		return nil
	}
	if !s.Problem.Dynamics.Law().Exact {
		f.rules = math.NaN()
		var rich []float64
		for _, cache := range s.Richer {
			at, err := again(cache)
			if err != nil {
				return err
			}
			rich = append(rich, at.when())
		}
		if len(rich) > 0 {
			f.rules = fit.RuleError(own.first[o].at.t, rich)
		}
	}
	if m == nil && s.Noisy() || m != nil && m.Tapered {
		near, err := s.Nearer()
		if err != nil {
			return err
		}
		at, err := again(near.Cache)
		if err != nil {
			return err
		}
		f.taper = unit.Tapered(unit.NewFading(s.Setup, m, eta).Of(o), math.Abs(at.when()-own.first[o].at.t))
	}
	return nil
}

// when is the time at which it is crossed, NaN if it is not.
func (c *crossed) when() float64 {
	if c == nil {
		return math.NaN()
	}
	return c.t
}
