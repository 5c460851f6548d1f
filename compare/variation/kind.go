package variation

import (
	"context"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/process"
)

// Unit are the rows of one model, or of the chain, at one learning rate.
type Unit struct {
	Rows   []unit.JSON[compare.VariationRow]
	Curves []compare.VariationCurve
}

// variationMoment is a direction and a power.
type variationMoment struct{ direction, p int }

// variationMoments lists what is asked for: p = 2 of every direction, and 4 on the line.
func (s *Kind) variationMoments() []variationMoment {
	if len(s.Problem.Ball.Center) == 1 {
		return []variationMoment{{0, 2}, {0, 4}}
	}
	var list []variationMoment
	for k := range s.Problem.Ball.Center {
		list = append(list, variationMoment{k, 2})
	}
	return list
}

// Study declares the kind.
var Study = unit.Kind{
	Name: compare.StudyVariation, Work: work,
	New: func(s *unit.Setup) unit.Study { return New(s) },
}

// Kind is the study of first variations ((2.14) to (2.20)).
type Kind struct {
	*unit.Setup
	units unit.WithChain[Unit]
}

// New returns the study of a setup.
func New(s *unit.Setup) *Kind { return &Kind{Setup: s} }

// Run follows first variations of the chain and of some models at one learning rate.
func (s *Kind) Run(ctx context.Context, i int, models []int) error {
	return s.units.Run(s.Setup, compare.StudyVariation, i, models, "first variation", "the chain", func(m *process.Diffusion, eta compare.Rate) (*Unit, error) {
		return s.variationUnit(ctx, m, eta, unit.Outside(s.Setup, m, eta))
	})
}

// Collect collects the rows: those of the chain first.
func (s *Kind) Collect(res *compare.Result) error {
	add := func(u *Unit) {
		for _, r := range u.Rows {
			res.Variation = append(res.Variation, r.V)
		}
		res.VariationCurves = append(res.VariationCurves, u.Curves...)
	}
	for i := range s.Problem.Etas {
		add(s.units.Chain[i])
	}
	for m := range s.Problem.Models {
		for i := range s.Problem.Etas {
			add(s.units.At(i, m))
		}
	}
	return nil
}

// Unit follows the moments of a model, nil for the chain, and judges them; why says why
// nothing of it counts, or is "".
func (s *Kind) variationUnit(ctx context.Context, m *process.Diffusion, eta compare.Rate, why string) (*Unit, error) {
	u, nan := new(Unit), compare.Number(math.NaN())
	name := s.Problem.Dynamics.Name()
	if m != nil {
		name = m.Name
	}
	for _, of := range s.variationGroups() {
		fine, e, err := s.climbVariation(ctx, m, eta.Value, of)
		if err != nil {
			return nil, err
		}
		for k, moment := range of {
			row := compare.VariationRow{Model: name, Eta: eta.Value, EtaText: eta.Text, Direction: moment.direction + 1, P: moment.p, VariationFit: compare.VariationFit{Rate: nan, Low: nan, High: nan,
				C: nan, CError: nan, Window: [2]compare.Number{nan, nan}}, PMu: nan, Floor: nan, Verdict: compare.DecayNotResolved}
			if s.Mu > 0 {
				row.PMu = compare.Number(float64(moment.p) * s.Mu / s.Problem.Pace())
			}
			switch {
			case fine.err != nil:
				row.Reason = march.Instability(fine.err)
			default:
				row.Root, row.Nodes = fine.root, fine.nodes
				judge(&row, fine, e, k)
				if why != "" {
					row.Verdict, row.Reason = compare.DecayNotResolved, why
				}
				u.Curves = append(u.Curves, compare.VariationCurve{Model: name, EtaText: eta.Text, Eta: eta.Value, Direction: row.Direction, P: row.P, T: fine.t, Sup: fine.sup[k]})
			}
			u.Rows = append(u.Rows, unit.JSON[compare.VariationRow]{V: row})
		}
	}
	return u, nil
}

// variationGroups groups the moments that one field of matrices holds.
func (s *Kind) variationGroups() [][]variationMoment {
	all := s.variationMoments()
	if len(s.Problem.Ball.Center) > 1 {
		return [][]variationMoment{all}
	}
	var list [][]variationMoment
	for _, m := range all {
		list = append(list, []variationMoment{m})
	}
	return list
}

// rateShare is the error of a rate, relatively, beyond which a verdict says that it is not known well.
const rateShare = 0.3

// constantShare is the share of a moment, over the times in which it is followed, below which what its rate may do is none.
const constantShare = 1e-10

// judge says what the rate of a moment means.
func judge(r *compare.VariationRow, of *varied, e *variedErrors, k int) {
	t, v, errs, rate, off := of.t, of.sup[k], e.sup[k], of.rate[k], e.rate[k]
	r.Floor = compare.Number(fit.MaxOf(errs))
	r.Rate, r.Low, r.High = compare.Number(rate), compare.Number(rate-off), compare.Number(rate+off)
	known := ""
	if !(off <= rateShare*math.Abs(rate)) {
		known = compare.Say("; its rate is not known to %.0f %%", 100*rateShare)
	}
	switch {
	case r.Low > 0:
		r.Verdict, r.Reason = compare.DecayPass, "it decays"+known
	case r.High < 0:
		r.Verdict, r.Reason = compare.DecayFail, "it grows"+known
	case max(-float64(r.Low), float64(r.High))*t[len(t)-1] <= constantShare:
		rate = 0
		r.Rate, r.Verdict, r.Reason = 0, compare.DecayFail, compare.Say("it is constant to %.0e over all times that were followed: its rate is 0", constantShare)
	default:
		r.Reason = compare.Say("whether it decays is not known: the rate %.3g has the error %.2g", rate, off)
		return
	}
	end := 0
	for n := range t {
		if v[n] > fit.DecayFloor*errs[n] {
			end = n
		}
	}
	c, ce := fit.BoundConstant(t, v, errs, rate)
	r.C, r.CError, r.Window = compare.Number(c), compare.Number(ce), [2]compare.Number{compare.Number(t[0]), compare.Number(t[end])}
}

// workShare is what following M takes over the passes of L that its entries alone would, by dimension: the march and the Krylov space of
// the rate, products with Jacobians, and the ladder's grids beyond those that are taken, as shipped studies show.
var workShare = [grid.MaxDim + 1]float64{0, 0.2, 0.35, 1}

// chainShare is what the chain takes over the products of its steps on all grids: its matrices are assembled first.
const chainShare = 2

// work is about what a unit takes at a learning rate amid the study's: the costliest model's equation on all grids of its ladder,
// and the model's share of the chain's steps, whose matrix is as wide as M has values.
func work(s *unit.Setup) float64 {
	k, d, most, chain := New(s), len(s.Problem.Ball.Center), 0.0, 0.0
	eta := s.Problem.Etas[len(s.Problem.Etas)/2].Value
	every, count := k.variationSteps(eta)
	for _, l := range k.variationLadder(true) {
		wide := float64(Entries(d)) * l.Count()
		chain += wide * wide * float64(every*count)
	}
	for _, m := range s.Problem.Models {
		most = max(most, k.modelWork(m, eta, s.Problem.Time(every*count, eta)))
	}
	return workShare[d]*float64(Entries(d))*most + chainShare*chain/float64(len(s.Problem.Models))
}

// modelWork is the multiplications of one entry of M of a model on the grids of its ladder to a time t: the spectral radius of L on the coarsest grows
// as the square of the nodes. It is zero where that grid is not known, which is told when the unit is run.
func (s *Kind) modelWork(m *process.Diffusion, eta, t float64) float64 {
	half := s.variationHalves(m)[0]
	ladder := s.variationLadder(m.Analytic && m.Noise != process.NoiseAtFaces)
	first := ladder[0].Scaled(s.Problem.Ball, half/s.Problem.Ball.R)
	data, err := s.Cache.Get(first, half)
	if err != nil {
		return 0
	}
	if m.Noise == process.NoiseAtFaces {
		m, _ = ended(m, s.Problem, half)
	}
	op, _, err := survey.Equation(data.Fields, m, eta, first.Order)
	if err != nil {
		return 0
	}
	sum := 0.0
	for _, l := range ladder {
		finer := float64(l.Largest()) / float64(ladder[0].Largest())
		sum += l.Scaled(s.Problem.Ball, half/s.Problem.Ball.R).PassWork(m) * survey.PolynomialPasses * math.Max(1, t*op.SpectralRadius()*finer*finer)
	}
	return sum
}
