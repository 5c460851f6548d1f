package spectrum

import (
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/process"
)

const (
	// limitEtas is the number of smallest learning rates that actions are extrapolated from.
	limitEtas = 3
	// limitShare is the share of the extrapolation that it may always be off by: curvatures may vanish by
	// chance.
	limitShare = 0.05
	// limitEta stands for the limit eta -> 0 of barriers, and lastingGrowth is how much more those in proportion to eta
	// are at twice that, at least.
	limitEta      = 0x1p-20
	lastingGrowth = 1.5
)

// lasting says why there is no limit of actions.
const lasting = "its noise does not vanish with eta: rates tend to constants as eta -> 0, and -eta ln(rate) to no barrier but to zero"

// Limit returns the limit of barriers of small noise as eta falls, and reports instead that the noise does not vanish with
// eta: then they are in proportion to it. The error is that of a barrier.
func Limit(barrier func(eta float64) (float64, error)) (limit float64, lasts bool, err error) {
	limit, err = barrier(limitEta)
	if err != nil || !(limit > 0) {
		return limit, false, err
	}
	twice, err := barrier(2 * limitEta)
	if twice > lastingGrowth*limit {
		return math.NaN(), true, err
	}
	return limit, false, err
}

// escapeLimits extrapolates the actions of every process and well, and puts the barriers of small
// noise beside them; none where a step has noise of its own, which does not vanish with eta.
func (s *Kind) escapeLimits(rows []compare.EscapeRow) ([]compare.EscapeLimit, error) {
	out := []compare.EscapeLimit{}
	if len(rows) == 0 || s.Noisy() {
		return out, nil
	}
	for m := -1; m < len(s.Problem.Models); m++ {
		name := s.Problem.Dynamics.Name()
		var model *process.Diffusion
		if m >= 0 {
			model = s.Problem.Models[m]
			name = model.Name
		}
		for _, well := range []string{compare.WellLeft, compare.WellRight} {
			limit := extrapolate(rows, name, well)
			if model == nil || model.Noise != process.NoNoise {
				theory, lasts, err := Limit(func(eta float64) (float64, error) { return s.limitBarrier(model, well, eta) })
				if err != nil {
					return nil, err
				}
				if lasts {
					limit = noLimit(name, well, lasting)
				}
				limit.Theory = compare.Number(theory)
			}
			out = append(out, limit)
		}
	}
	return out, nil
}

// limitBarrier is the barrier of small noise of a process at a learning rate near the limit; NaN: there is none.
func (s *Kind) limitBarrier(m *process.Diffusion, well string, eta float64) (float64, error) {
	if m == nil && (len(s.Problem.Ball.Center) > 1 || !s.Problem.Dynamics.Law().Exact) {
		return math.NaN(), nil
	}
	l, err := landscapeOf(s.Problem, m, eta, s.wellBall(s.Problem.Etas[len(s.Problem.Etas)-1].Value))
	if err != nil || l.small == nil {
		return math.NaN(), err
	}
	rest := l.left
	if well == compare.WellRight {
		rest = l.right
	}
	return eta * l.small.pass(rest), nil
}

// extrapolate is the limit of one well's actions: -eta ln(rate) is B + eta c + O(eta^2), and a parabola
// through three has that form. It may be off by what the actions' errors do to it and by a share of what it
// adds to the last one. To that comes three times its difference from the line through the last two, and
// its change from larger rates.
func extrapolate(rows []compare.EscapeRow, model, well string) compare.EscapeLimit {
	var x, y, e []float64
	for _, r := range rows {
		if r.Model == model && r.Well == well && r.Certified && r.Rate > 0 {
			x, y, e = append(x, r.Eta), append(y, float64(r.Action)), append(e, float64(r.ActionError))
		}
	}
	n := len(x)
	if n < limitEtas {
		return noLimit(model, well, fmt.Sprintf("%d certified learning rates with a rate above zero are too few for a limit", n))
	}
	limit := compare.EscapeLimit{Model: model, Well: well, Etas: x[n-limitEtas:], Theory: compare.Number(math.NaN())}
	value, bar := atZero(x[n-limitEtas:], y[n-limitEtas:], e[n-limitEtas:])
	line, _ := atZero(x[n-2:], y[n-2:], e[n-2:])
	bar += fit.IrregularSafety*math.Abs(value-line) + limitShare*math.Abs(value-y[n-1])
	if n > limitEtas {
		before, _ := atZero(x[n-1-limitEtas:n-1], y[n-1-limitEtas:n-1], e[n-1-limitEtas:n-1])
		bar += fit.IrregularSafety * math.Abs(value-before)
	}
	limit.Barrier, limit.Error = compare.Number(value), compare.Number(bar)
	return limit
}

// noLimit is a limit that is not known.
func noLimit(model, well, why string) compare.EscapeLimit {
	nan := compare.Number(math.NaN())
	return compare.EscapeLimit{Model: model, Well: well, Etas: []float64{}, Barrier: nan, Error: nan, Theory: nan, Reason: &why}
}

// atZero returns the value at zero of the polynomial through points and what errors do to it.
func atZero(x, y, err []float64) (value, bar float64) {
	for i := range x {
		w := 1.0
		for j := range x {
			if j != i {
				w *= x[j] / (x[j] - x[i])
			}
		}
		value += w * y[i]
		bar += math.Abs(w) * err[i]
	}
	return value, bar
}
