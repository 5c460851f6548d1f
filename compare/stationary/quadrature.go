package stationary

import (
	"math"

	"kolmo/compare/fit"
	"kolmo/compare/survey"
)

// underRules adds to the errors of limits what the quadrature over xi does to them: what
// the values by null vectors differ by, or where there are none, the largest of the bounds
// off, which take no account of signs. on returns both under a richer rule.
func (s *Kind) underRules(v *StationarySide, on func(cache *survey.Cache) (null []Estimate, off []float64, err error)) error {
	if s.Problem.Dynamics.Law().Exact {
		return nil
	}
	worst, values := make([]float64, len(v.Null)), make([][]float64, len(v.Null))
	for _, cache := range s.Richer {
		null, off, err := on(cache)
		if err != nil {
			return err
		}
		for f := range worst {
			d := math.NaN()
			if f < len(off) {
				d = off[f]
			}
			worst[f], values[f] = max(worst[f], d), append(values[f], null[f].Value)
		}
	}
	for f, bound := range worst {
		d := math.NaN()
		if len(s.Richer) > 0 {
			d = fit.RuleError(v.Null[f].Value, values[f])
		}
		if d != d && len(s.Richer) > 0 {
			d = fit.OrderSafety * bound
		}
		v.add(f, d)
	}
	return nil
}
