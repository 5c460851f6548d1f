package compare

import (
	"context"
	"fmt"
	"math"

	"kolmo/process"
)

// VariationRow is the decay of a moment of a first variation ((2.15), (2.16)),
//
//	sup_{|x|<=R} E|d_i X(t;x)|^p <= C e^{-rate t},
//
// of the chain, t = n eta, or of a model.
type VariationRow struct {
	Model     string  `json:"model" col:"process"` // the dynamics' name for the chain
	Eta       float64 `json:"eta" col:"eta"`
	EtaText   string  `json:"eta_text"`
	Direction int     `json:"direction" col:"i"` // i, from 1
	P         int     `json:"p" col:"p"`
	// Rate is fitted over Window (times) as decays are, with its interval; null where there is
	// nothing to fit, negative where the moment grows.
	Rate   Number    `json:"rate" col:"rate; .4"`
	Low    Number    `json:"low" col:"low; .4"`
	High   Number    `json:"high" col:"high; .4"`
	C      Number    `json:"C" col:"C; 4g"`
	CError Number    `json:"c_error"`
	Window [2]Number `json:"window"`
	// PMu is p mu, mu the least curvature of f on the ball: what the rate is at least as eta
	// falls. Null where f is not strongly convex.
	PMu Number `json:"p_mu" col:"p mu; 4g"`
	// Floor is the largest error of the moment: how far two grids, of models on two boxes, are apart,
	// rounding, and the quadrature over xi.
	Floor   Number `json:"floor"`
	Root    string `json:"root"`  // of the noise; empty for the chain and without noise
	Nodes   int    `json:"nodes"` // per axis, of the finest grid
	Verdict string `json:"verdict" col:"verdict"`
	Reason  string `json:"reason"` // of the verdict
}

// VariationCurve is sup_{|x|<=R} E|d_i X(t;x)|^p.
type VariationCurve struct {
	Model, EtaText string
	Eta            float64
	Direction, P   int
	T, Sup         []float64
}

// variationUnit are the rows of one model, or of the chain, at one learning rate.
type variationUnit struct {
	Rows   []asJSON[VariationRow]
	Curves []VariationCurve
}

// variationMoment is a direction and a power.
type variationMoment struct{ direction, p int }

// variationMoments lists what is asked for: p = 2 of every direction, and 4 on the line.
func (s *gapStudy) variationMoments() []variationMoment {
	if len(s.p.Ball.Center) == 1 {
		return []variationMoment{{0, 2}, {0, 4}}
	}
	var list []variationMoment
	for k := range s.p.Ball.Center {
		list = append(list, variationMoment{k, 2})
	}
	return list
}

// variations follows first variations of the chain and of some models at one learning rate.
func (s *gapStudy) variations(ctx context.Context, i int, models []int) error {
	eta := s.p.Etas[i]
	err := chainUnit(s, &s.chainVary, StudyVariation, i, func() (*variationUnit, error) {
		s.progress(eta, 0, 1, fmt.Sprintf("eta = %s: first variation of the chain", eta.Text))
		why := ""
		if !s.invariant(eta.Value) {
			why = "a step can leave the ball: what happens outside is not known"
		}
		return s.variationUnit(ctx, nil, eta, why)
	})
	if err != nil {
		return err
	}
	models, err = missing(s, &s.vary, StudyVariation, i, models)
	if err != nil || models == nil {
		return err
	}
	for k, m := range models {
		model := s.p.Models[m]
		s.progress(eta, float64(k+1)/float64(len(models)+1), 1, fmt.Sprintf("eta = %s: first variation of the %s model", eta.Text, model))
		why := ""
		if !s.cache.survey.inward(s.p, model, eta.Value) {
			why = "the drift does not point inward on the sphere: what happens outside the ball is not known"
		}
		u, err := s.variationUnit(ctx, model, eta, why)
		if err != nil {
			return err
		}
		if err := keep(s, &s.vary, StudyVariation, i, m, u); err != nil {
			return err
		}
	}
	return nil
}

// variationResults collects the rows: those of the chain first.
func (s *gapStudy) variationResults(res *Result) {
	add := func(u *variationUnit) {
		for _, r := range u.Rows {
			res.Variation = append(res.Variation, r.V)
		}
		res.VariationCurves = append(res.VariationCurves, u.Curves...)
	}
	for i := range s.p.Etas {
		add(s.chainVary[i])
	}
	for m := range s.p.Models {
		for i := range s.p.Etas {
			add(s.vary.at(i, m))
		}
	}
}

// variationUnit follows the moments of a model, nil for the chain, and judges them; why says why
// nothing of it counts, or is "".
func (s *gapStudy) variationUnit(ctx context.Context, m *process.Diffusion, eta Rate, why string) (*variationUnit, error) {
	u, nan := new(variationUnit), Number(math.NaN())
	name := s.p.Dynamics.Name()
	if m != nil {
		name = m.Name
	}
	for _, of := range s.variationGroups() {
		fine, coarse, errs, err := s.climbVariation(ctx, m, eta.Value, of)
		if err != nil {
			return nil, err
		}
		for k, moment := range of {
			row := VariationRow{Model: name, Eta: eta.Value, EtaText: eta.Text, Direction: moment.direction + 1, P: moment.p, Rate: nan, Low: nan, High: nan,
				C: nan, CError: nan, Window: [2]Number{nan, nan}, PMu: nan, Floor: nan, Verdict: DecayNotResolved}
			if s.mu > 0 {
				row.PMu = Number(float64(moment.p) * s.mu)
			}
			switch {
			case fine.err != nil:
				row.Reason = instability(fine.err)
			case coarse.err != nil:
				row.Reason = instability(coarse.err)
			default:
				row.Root, row.Nodes = fine.root, fine.nodes
				t, v, e := fine.t, fine.sup[k], errs[k]
				row.judge(t, v, e)
				if why != "" && row.Verdict != DecayNotResolved {
					row.Verdict, row.Reason = DecayNotResolved, why
				}
				u.Curves = append(u.Curves, VariationCurve{name, eta.Text, eta.Value, row.Direction, row.P, t, v})
			}
			u.Rows = append(u.Rows, asJSON[VariationRow]{row})
		}
	}
	return u, nil
}

// variationGroups groups the moments that one field of matrices holds.
func (s *gapStudy) variationGroups() [][]variationMoment {
	all := s.variationMoments()
	if len(s.p.Ball.Center) > 1 {
		return [][]variationMoment{all}
	}
	var list [][]variationMoment
	for _, m := range all {
		list = append(list, []variationMoment{m})
	}
	return list
}

// judge fits the decay of a moment and says what it means.
func (r *VariationRow) judge(t, v, errs []float64) {
	r.Floor = Number(maxOf(errs))
	f := lateRate(t, v, errs)
	r.Rate, r.Low, r.High, r.Window = Number(f.rate), Number(f.low), Number(f.high), [2]Number{Number(f.from), Number(f.to)}
	if f.rate != f.rate {
		r.Reason = fmt.Sprintf("it does not stand %d times above its error (up to %.2g) for long enough to be fitted", decayFloor, float64(r.Floor))
		return
	}
	r.Verdict, r.Reason = f.verdict("it decays", "it grows", fmt.Sprintf("up to t = %.3g, as far as it is resolved", f.to))
	c, e := boundConstant(t, v, errs, f.rate)
	r.C, r.CError = Number(c), Number(e)
}
