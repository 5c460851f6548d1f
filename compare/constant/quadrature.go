package constant

import (
	"context"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/survey"
	"kolmo/process"
)

// constantUnderRules adds to the errors of a predicted constant what the quadrature over xi
// does to e, found on the level's grid.
func (s *Kind) constantUnderRules(ctx context.Context, u *Unit, l survey.Level, e *largest, o int, m *process.Diffusion) error {
	row := &u.Row.V
	if s.Problem.Dynamics.Law().Exact {
		return nil
	}
	var rich []*largest
	for _, cache := range s.Richer {
		r, err := s.LargestCorrection(ctx, cache, l, o, m, nil)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			rich = nil
			break
		}
		rich = append(rich, r)
	}
	if len(rich) == 0 {
		reason := fit.NoRule
		row.Reason, row.Predicted, row.Error, row.T, row.X, u.Path = &reason, compare.Number(math.NaN()), compare.Number(math.NaN()), nil, nil, nil
		return nil
	}
	row.Error += compare.Number(e.underRules(rich))
	for k := range u.Path {
		off := e.pathUnderRules(rich, k)
		if off != off {
			u.Path = u.Path[:k] // a rule did not get there
			break
		}
		u.Path[k].Error += off
	}
	return nil
}

// underRules returns what the quadrature over xi does to the largest |e|, from what it is
// under richer rules: to the number, and to the fields where |e| is or may be the largest.
func (e *largest) underRules(rich []*largest) float64 {
	values, steps := []float64{}, len(e.steps)
	for _, r := range rich {
		values, steps = append(values, r.Value), min(steps, len(r.steps))
	}
	worst := fit.RuleError(e.Value, values)
	for k := range steps {
		for i, v := range e.kept[k] {
			for j, r := range rich {
				values[j] = r.kept[k][i]
			}
			worst = max(worst, fit.Excess(v, fit.RuleError(v, values), e.Value))
		}
	}
	return worst
}

// pathUnderRules is underRules of the largest |e| up to step k of the path; NaN where a rule
// did not get there.
func (e *largest) pathUnderRules(rich []*largest, k int) float64 {
	values := make([]float64, len(rich))
	for j, r := range rich {
		if k >= len(r.path) {
			return math.NaN()
		}
		values[j] = r.path[k].Value
	}
	worst, top := fit.RuleError(e.path[k].Value, values), e.path[k].Value
	for n := range k + 1 {
		for i, v := range e.fields[n] {
			for j, r := range rich {
				values[j] = r.fields[n][i]
			}
			worst = max(worst, fit.Excess(v, fit.RuleError(v, values), top))
		}
	}
	return worst
}
