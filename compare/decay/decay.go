package decay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kolmo/compare"
	"kolmo/compare/look"
	"kolmo/compare/spectrum"
	"kolmo/compare/unit"
	"kolmo/process"
)

// Constants of decay studies.
const (
	// mostMoment is the largest m of (2.10).
	mostMoment = 3
)

// Study declares the kind.
var Study = unit.Kind{
	Name: compare.StudyDecay, Share: 3, Check: check,
	New: func(s *unit.Setup) unit.Study { return New(s) },
}

// Kind is the study of the derivatives of u (Proposition 1).
type Kind struct {
	*unit.Setup
	units unit.Table[Unit]
	users [][]float64 // see process.Linear: derivatives are along the users' coordinates
}

// New returns the study of a setup.
func New(s *unit.Setup) *Kind {
	users, _ := process.Linear(s.Problem.Dynamics)
	return &Kind{Setup: s, users: users}
}

// check refuses coordinates of which derivatives are not made into those of the users'.
func check(p *compare.Problem) error {
	if _, ok := process.Linear(p.Dynamics); !ok {
		return &compare.InputError{Key: "studies", Msg: fmt.Sprintf("the study decay does not speak of this ball: the drift of %s leaves the box around it, and coordinates that are bent for that have no derivatives along the study's", p.Dynamics.Name())}
	}
	return nil
}

// decayModel returns the model whose u is looked at: Proposition 1 is about the
// modified one.
func (s *Kind) decayModel() int {
	best := 0
	for i, m := range s.Problem.Models {
		if m.Preferred > s.Problem.Models[best].Preferred {
			best = i
		}
	}
	return best
}

// Unit is what the study found at one learning rate.
type Unit struct {
	Rows    []unit.JSON[compare.DecayRow] // by observable and J
	Curves  []compare.DecayCurve
	Moments []unit.JSON[compare.MomentRow]
}

// Run follows the derivatives of u and the moments at one learning rate, if the model
// that they are taken of is among the models.
func (s *Kind) Run(ctx context.Context, i int, models []int) error {
	model := s.decayModel()
	if !slices.Contains(models, model) {
		return nil
	}
	open, err := unit.Missing(s.Setup, &s.units, compare.StudyDecay, i, []int{model})
	if err != nil || open == nil {
		return err
	}
	eta := s.Problem.Etas[i]
	js := look.MultiIndices(len(s.Problem.Ball.Center))
	rest, err := s.restPoint(model, eta)
	if err != nil {
		return err
	}
	fine, coarse, err := s.climbDecay(ctx, model, eta, rest)
	if err != nil {
		return err
	}
	if fine == coarse && fine.err == nil {
		fine.err = errors.New("the next finer grid is unstable: there is nothing to compare with")
	}
	if err := s.withNearer(ctx, fine, model, eta); err != nil {
		return err
	}
	for _, run := range []*decayRun{fine, coarse} {
		if err := s.withMoments(ctx, run, model, eta); err != nil {
			return err
		}
	}
	gap, gapError, why, err := spectrum.Slowest(ctx, s.Setup, s.Problem.Models[model], eta)
	if err != nil {
		return err
	}
	u := new(Unit)
	for o, phi := range s.Problem.Observables {
		for k, j := range js {
			row := compare.DecayRow{Key: compare.Key{Observable: phi.Name(), Model: s.Problem.Models[model].Name, Eta: eta.Value, EtaText: eta.Text}, J: j,
				SpectralGap: compare.Number(gap), SpectralGapError: compare.Number(gapError)}
			t, sup, errs := s.judgeDecay(&row, fine, coarse, rest, o, k)
			if why != "" {
				row.Reason = strings.TrimPrefix(row.Reason+"; the spectral gap is not known: "+why, "; ")
			}
			u.Rows = append(u.Rows, unit.JSON[compare.DecayRow]{V: row})
			if t != nil {
				u.Curves = append(u.Curves, compare.DecayCurve{Observable: row.Observable, Model: row.Model, EtaText: row.EtaText, Eta: row.Eta, J: j, T: t, Sup: sup, Error: errs})
			}
		}
	}
	for m := 1; m <= mostMoment; m++ {
		u.Moments = append(u.Moments, unit.JSON[compare.MomentRow]{V: s.judgeMoment(fine, coarse, model, eta, m, gap-gapError)})
	}
	return unit.Keep(s.Setup, &s.units, compare.StudyDecay, i, model, u)
}

// withNearer adds to a run the one with noise that ends nearer to the region, where that is not by
// definition.
func (s *Kind) withNearer(ctx context.Context, run *decayRun, model int, eta compare.Rate) error {
	if run.err != nil || !s.Problem.Models[model].Tapered {
		return nil
	}
	moved, err := s.Nearer()
	if err != nil {
		return err
	}
	near := New(moved)
	run.fading = unit.NewFading(s.Setup, s.Problem.Models[model], eta.Value)
	if run.ends, err = near.decayOn(ctx, run.level, run.half, model, eta, nil); err == nil {
		err = near.withMoments(ctx, run.ends, model, eta)
	}
	if err == nil && run.ends.err != nil {
		run.err = fmt.Errorf("what the end of the noise does is not known: %w", run.ends.err)
	}
	return err
}

// Collect collects the rows and finds eta0(J).
func (s *Kind) Collect(res *compare.Result) error {
	model := s.decayModel()
	for i := range s.Problem.Etas {
		u := s.units.At(i, model)
		for _, r := range u.Rows {
			res.Decay = append(res.Decay, r.V)
		}
		for _, r := range u.Moments {
			res.Moments = append(res.Moments, r.V)
		}
		res.DecayCurves = append(res.DecayCurves, u.Curves...)
	}
	js := look.MultiIndices(len(s.Problem.Ball.Center))
	res.DecayLimits = s.decayLimits(res.Decay, js, s.Problem.Models[model])
	return nil
}

// decayLimits finds eta0(J).
func (s *Kind) decayLimits(rows []compare.DecayRow, js [][]int, m *process.Diffusion) []compare.DecayLimit {
	var limits []compare.DecayLimit
	for _, j := range js {
		l := compare.DecayLimit{Model: m.Name, J: j}
		for i := len(s.Problem.Etas) - 1; i >= 0; i-- { // from the smallest
			good := true
			for _, r := range rows {
				if r.Eta == s.Problem.Etas[i].Value && fmt.Sprint(r.J) == fmt.Sprint(j) {
					good = good && (r.Verdict == compare.DecayPass || r.Verdict == compare.DecayZero)
				}
			}
			if !good {
				break
			}
			l.Eta0, l.EtaText = &s.Problem.Etas[i].Value, s.Problem.Etas[i].Text
		}
		limits = append(limits, l)
	}
	return limits
}
