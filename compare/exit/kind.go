package exit

import (
	"context"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/spectrum"
	"kolmo/compare/unit"
	"kolmo/process"
)

// Unit is the row of one model, or of the chain, at one learning rate.
type Unit struct {
	Row unit.JSON[compare.ExitRow]
}

// Study declares the kind.
var Study = unit.Kind{
	Name: compare.StudyExit, Share: 0.2, Check: func(p *compare.Problem) error { _, err := placed(p); return err },
	New: func(s *unit.Setup) unit.Study { return &Kind{Setup: s} },
}

// Kind is the study of mean exit times (section 4.1).
type Kind struct {
	*unit.Setup
	units unit.WithChain[Unit]
}

// Run finds the mean exit times of the chain and of some models at one learning rate.
func (s *Kind) Run(ctx context.Context, i int, models []int) error {
	at, err := placed(s.Problem)
	if err != nil {
		return err
	}
	return s.units.Run(s.Setup, compare.StudyExit, i, models, "exit times", "the chain", func(m *process.Diffusion, eta compare.Rate) (*Unit, error) {
		var f *found
		var err error
		if m == nil {
			f, err = s.chainTime(ctx, eta.Value, at)
		} else {
			f, err = s.modelTime(ctx, m, eta.Value, at)
		}
		if err != nil {
			return nil, err
		}
		return s.unitOf(m, eta, at, f), nil
	})
}

// cells is the number of cells that the study fixes; 0: none.
func (s *Kind) cells() int {
	if s.Problem.Solver.Nodes == nil {
		return 0
	}
	return s.Problem.Solver.Nodes[0] - 1
}

// chainTime finds the time of the chain, in its own time n eta.
func (s *Kind) chainTime(ctx context.Context, eta float64, at domain) (*found, error) {
	if l := s.Problem.Dynamics.Law(); l.Moving && !l.Exact {
		return none(errSigned.Error()), nil
	}
	of := func(d process.Dynamics) (onChain, ladder) {
		on, l := at.chainOn(d, eta)
		return func(ctx context.Context, cells int) (t float64, spent Spent, err error) {
			t, spent, err = on(ctx, cells)
			return eta * t, spent, err
		}, l
	}
	on, l := of(s.Problem.Dynamics)
	f, err := climbChain(ctx, l, s.Problem.Accuracy, s.cells(), on)
	if err == nil && f.why == endless {
		f.why, err = s.whyEndless(eta, at)
	}
	if err != nil || f.why != "" {
		return f, err
	}
	return f, s.underRules(f, func(d process.Dynamics) (float64, error) {
		on, _ := of(d)
		t, spent, err := on(ctx, f.rung[0])
		if !(spent.Left <= unsolved) {
			return math.NaN(), err
		}
		f.space += spent.Left * t // two such runs are compared
		return t, err
	})
}

// whyEndless says why a chain's time is infinite: on the line it may start in an interval that it cannot leave.
func (s *Kind) whyEndless(eta float64, in domain) (string, error) {
	at, line := in.(*Place)
	if !line {
		return endless, nil
	}
	wells, err := spectrum.Kept(s.Problem.Dynamics.Chain(eta), spectrum.Interval{Lo: at.Lo, Hi: at.Hi})
	for _, w := range wells {
		if lo, hi := s.Problem.ToUser([]float64{w.Lo})[0], s.Problem.ToUser([]float64{w.Hi})[0]; w.Lo < at.X && at.X < w.Hi {
			return compare.Say("%s cannot leave [%.4g, %.4g]: the mean time is infinite", s.Problem.Dynamics.Name(), min(lo, hi), max(lo, hi)), err
		}
	}
	return endless, err
}

// modelTime finds the time of a model.
func (s *Kind) modelTime(ctx context.Context, m *process.Diffusion, eta float64, at domain) (*found, error) {
	if m.Noise == process.NoNoise {
		return none("the model has no noise: from a point whose path rests inside the time is infinite, from others it is that of one path and no mean"), nil
	}
	on, l := at.modelOn(s.Problem, s.Problem.Dynamics, m, eta, s.Config.Workers)
	f, err := climbModel(ctx, l, s.cells(), on)
	if err != nil || f.why != "" {
		return f, err
	}
	return f, s.underRules(f, func(d process.Dynamics) (float64, error) {
		other, err := unit.ModelUnder(d, s.Problem.Dynamics, m)
		if err != nil {
			return 0, err
		}
		on, l := at.modelOn(s.Problem, d, other, eta, s.Config.Workers)
		var t [2]float64
		for k, cells := range f.rung {
			t[k], _, _ = on(cells)
		}
		return l.extrapolated(t[1], t[0], f.rung[1], f.rung[0]), nil
	})
}

// underRules finds what richer rules for xi change on a grid.
func (s *Kind) underRules(f *found, on func(d process.Dynamics) (float64, error)) error {
	if s.Problem.Dynamics.Law().Exact {
		return nil
	}
	own, err := on(s.Problem.Dynamics)
	if err != nil {
		return err
	}
	var rich []float64
	for _, cache := range s.Richer {
		t, err := on(cache.Problem.Dynamics)
		if err != nil {
			return err
		}
		rich = append(rich, t)
	}
	if f.rules = fit.RuleError(own, rich); rich == nil {
		f.rules = math.NaN()
	}
	return nil
}

// unitOf judges what was found of a model, or of the chain where it is nil.
func (s *Kind) unitOf(m *process.Diffusion, eta compare.Rate, at domain, f *found) *Unit {
	nan, pace := compare.Number(math.NaN()), s.Problem.Pace()
	row := compare.ExitRow{Model: s.Problem.Dynamics.Name(), Eta: eta.Value, EtaText: eta.Text,
		ExitPlace: at.shown(s.Problem), T: nan, Error: nan, Errors: compare.ExitErrors{Space: nan, Quadrature: nan},
		ExitAction: compare.ExitAction{Action: nan, ActionError: nan, Barrier: compare.Number(s.barrier(m, eta.Value, at))}, Ratio: nan, RatioError: nan, Cells: f.cells}
	if m != nil {
		row.Model = m.Name
	}
	reason := f.why
	if reason == "" {
		row.T, row.Errors = compare.Number(f.t*pace), compare.ExitErrors{Space: compare.Number(f.space * pace), Quadrature: compare.Number(f.rules * pace)}
		row.Error = row.Errors.Space + row.Errors.Quadrature
		reason = uncertified(&row, s.Problem.Accuracy)
		row.Certified = reason == ""
		if share := float64(row.Error / row.T); share < 1 && !unit.Lasting(s.Setup) {
			row.Action, row.ActionError = compare.Number(eta.Value*math.Log(float64(row.T))), compare.Number(-eta.Value*math.Log1p(-share))
		}
	}
	if reason != "" {
		row.Reason = &reason
	}
	return &Unit{Row: unit.JSON[compare.ExitRow]{V: row}}
}

// uncertified says why a row with a time is not certified to an accuracy, "" if it is.
func uncertified(row *compare.ExitRow, accuracy float64) string {
	switch {
	case row.Errors.Space != row.Errors.Space:
		return "times on the last grids are not finite"
	case row.Error != row.Error:
		return fit.NoRule
	case !(row.T > 0):
		return "the time is not above zero"
	case !(float64(row.Error) <= accuracy*float64(row.T)):
		return compare.Say("the error is above %g of the time", accuracy)
	}
	return ""
}

// Collect collects the rows, those of the chain first, and what they tend to.
func (s *Kind) Collect(res *compare.Result) error {
	at, err := placed(s.Problem)
	if err != nil {
		return err
	}
	var chain []compare.ExitRow
	for i := range s.Problem.Etas {
		chain = append(chain, s.units.Chain[i].Row.V)
	}
	res.Exit = append(res.Exit, chain...)
	res.ExitLimit = append(res.ExitLimit, s.limit(nil, chain, at))
	for m, model := range s.Problem.Models {
		var rows []compare.ExitRow
		for i := range s.Problem.Etas {
			row, own := s.units.At(i, m).Row.V, chain[i]
			if row.Certified && own.Certified {
				row.Ratio = row.T / own.T
				row.RatioError = row.Ratio * (row.Error/row.T + own.Error/own.T)
			}
			rows = append(rows, row)
		}
		res.Exit = append(res.Exit, rows...)
		res.ExitOrder = append(res.ExitOrder, orderOf(model.Name, rows))
		res.ExitLimit = append(res.ExitLimit, s.limit(model, rows, at))
	}
	return nil
}

// orderOf fits the order in eta of what a model's times differ by from the chain's, relatively. None
// is claimed: a chain jumps over the ends of the interval, by a length of order eta.
func orderOf(model string, rows []compare.ExitRow) compare.OrderRow {
	var series []*compare.GapRow
	for _, r := range rows {
		if r.Ratio == r.Ratio {
			series = append(series, &compare.GapRow{Key: compare.Key{Eta: r.Eta}, Gap: r.Ratio - 1, Error: r.RatioError, Certified: true})
		}
	}
	row := fit.FitOrder("exit time", &process.Diffusion{Name: model}, series)
	if len(row.Etas) > 0 {
		row.Verdict = fit.OrderVerdict(row, "", "the relative difference of the times")
	}
	return row
}
