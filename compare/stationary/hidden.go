package stationary

import (
	"math"
	"slices"

	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
)

// hidesFromLimits returns, per observable, what the moments of the loss that a grid misses
// do to the limit of phi's mean under a process: over the time 1/mu in which it forgets.
// rate is the error per unit of time for a field with the given derivatives. Where no mu is known
// it takes the place of the run's own sum of eta A^n (phi - c): a process whose steps are off by dA has a limit
// that is off by the invariant mean of dA times that sum.
func (s *Kind) hidesFromLimits(data *survey.Data, width int, run *LongRun, eta float64, rate func(by *survey.Slopes) float64) []float64 {
	q := look.NewPoints(s.region(), look.PointDensity[data.Grid.Dim()])
	hides := make([]float64, len(data.Phi))
	for o, phi := range data.Phi {
		switch {
		case s.Mu > 0:
			hides[o] = rate(survey.SlopesOf(q, data.Grid, width, phi)) / s.Mu
		case run == nil:
			hides[o] = math.Inf(1)
		default:
			sum := slices.Clone(run.Sum[o])
			for i := range sum {
				sum[i] *= eta
			}
			hides[o] = rate(survey.SlopesOf(q, data.Grid, width, sum))
		}
	}
	return hides
}

// layerOnLimits returns, per field, what the layer in which noise ends does to the limit where a model's grid does not resolve it; nil where it
// does. No two grids tell of it. It acts on the sum of the run's fields by the invariant law. Where mu is known it acts on the field itself and on the
// mean of the run's over the time 1/mu in which the process forgets too, while a path leaves it: the smaller counts.
func layerOnLimits(s *Kind, p *Evolution, data *survey.Data, run *LongRun, eta float64) []float64 {
	if data.Layer == nil || !data.Layer.Thin() {
		return nil
	}
	q, flow, d := look.NewPoints(s.region(), look.PointDensity[data.Grid.Dim()]), s.Cache.Survey.LayerFlow(s.Problem, eta), data.Grid.Dim()
	x, ball := make([]float64, d), s.region()
	beyond := func(r float64) (share float64) {
		for i, w := range p.law {
			if data.Grid.PointTo(x, i); ball.Distance(x) >= r {
				share += math.Abs(w)
			}
		}
		return share
	}
	if p.law == nil {
		beyond = func(float64) float64 { return 1 }
	}
	hides := make([]float64, len(p.Fields))
	for f, phi := range p.Fields {
		if hides[f] = math.Inf(1); run == nil {
			if s.Mu > 0 {
				hides[f] = data.Layer.Error(eta, 1/s.Mu, flow, d, survey.SlopesOf(q, data.Grid, p.Width, phi))
			}
			continue
		}
		sum := slices.Clone(run.Sum[f])
		for i := range sum {
			sum[i] *= eta
		}
		hides[f] = data.Layer.ErrorOfLimit(eta, d, survey.SlopesOf(q, data.Grid, p.Width, sum), beyond)
		if s.Mu <= 0 {
			continue
		}
		for i := range sum {
			sum[i] *= s.Mu
		}
		hides[f] = min(hides[f], data.Layer.Error(eta, 1/s.Mu, flow, d, survey.SlopesOf(q, data.Grid, p.Width, phi, sum)))
	}
	return hides
}

// limitGain is the power of the spacing by which what a grid misses of rough coefficients does less to limits: only a law's share of
// the cells with a kink sees it.
const limitGain = 1

// missSafety multiplies what S was seen to miss at some of the nodes.
const missSafety = 2

// missedBySteps bounds what the limit of a field errs by where the first step of S misses so
// much of it, and later ones the same share of what is left: that falls as exp(-mu n eta) at
// least, and where no mu is known its sum is the run's.
func (s *Kind) missedBySteps(miss, eta float64, f int, run *LongRun) float64 {
	if s.Mu > 0 {
		return missSafety * miss / -math.Expm1(-s.Mu*eta)
	}
	return missSafety * miss * math.Max(1, fit.MaxOf(run.Sum[f])/s.FieldSize(f))
}

// slowest is the rate at which the process is expected to forget, from below: mu, or what the horizon leaves it.
func slowest(s *unit.Setup) float64 {
	if s.Mu > 0 {
		return s.Mu
	}
	return 5 / s.Horizon()
}

// lastSteps returns the step at which a run ends even if its fields are not constant: on bases, whose steps cost
// little, and step by step.
func lastSteps(s *unit.Setup, eta float64) (onBases, one int) {
	n := int(min(math.Ceil(unit.DecayTimes/slowest(s)/eta), unit.MostSteps))
	if s.Mu > 0 {
		return n, n
	}
	return unit.MostSteps, n
}
