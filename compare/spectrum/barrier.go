package spectrum

import (
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/unit"
	"kolmo/process"
)

const (
	// limitEtas is the number of smallest learning rates that actions are extrapolated from.
	limitEtas = 3
	// limitShare is the share of the extrapolation that it may always be off by: curvatures may vanish by
	// chance.
	limitShare = 0.05
	// limitEta stands for the limit eta -> 0 of barriers, and limitMoves is by how much, relatively, they may differ from
	// those at twice that.
	limitEta   = 0x1p-20
	limitMoves = 0.1
)

// Why there is no limit of actions -eta ln(rate), or eta ln T.
const (
	Lasting = "its noise falls more slowly than eta, or not at all: small noise has no barrier then, and actions tend to zero as eta -> 0"
	Fast    = "its noise falls faster than eta: small noise has no barrier then, and actions grow without bound as eta -> 0"
)

// Limit returns the limit of barriers of small noise as eta falls, and NaN with the reason where there is none: they rise with
// eta where the noise falls more slowly, and fall where it falls faster. The error is that of a barrier.
func Limit(barrier func(eta float64) (float64, error)) (limit float64, why string, err error) {
	limit, err = barrier(limitEta)
	if err != nil || !(limit > 0) {
		return limit, "", err
	}
	twice, err := barrier(2 * limitEta)
	switch {
	case twice > (1+limitMoves)*limit:
		return math.NaN(), Lasting, err
	case twice < (1-limitMoves)*limit:
		return math.NaN(), Fast, err
	}
	return limit, "", err
}

// escapeLimits extrapolates the actions of every process and well, and puts the barriers of small
// noise beside them; none where a step has noise of its own, which does not vanish with eta.
func (s *Kind) escapeLimits(rows []compare.EscapeRow) ([]compare.EscapeLimit, error) {
	out := []compare.EscapeLimit{}
	if len(rows) == 0 || unit.Lasting(s.Setup) {
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
				theory, why, err := Limit(func(eta float64) (float64, error) { return s.limitBarrier(model, well, eta) })
				if err != nil {
					return nil, err
				}
				if why != "" {
					limit = noLimit(name, well, why)
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
	l, err := s.landscapeIn(s.wellBall(s.Problem.Etas[len(s.Problem.Etas)-1].Value), m, eta)
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
