package spectrum

import (
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/process"
)

// separation is how many times as fast as the slowest rate the next must be, for the slowest to be
// one of leaving wells: faster modes have then gone.
const separation = 3

// share returns the stationary weight of the right well by a mode on a grid, and what rounding does to it: the mode is
// a on the left and b on the right, and its mean is zero.
func (s *Spectrum) share(mode int, left, right []float64) (weight, rounding float64) {
	m := &s.Modes[mode]
	u := make([]float64, len(m.Vector))
	for i, v := range m.Vector {
		u[i] = real(v)
	}
	in := grid.NewInterpolator(s.Grid, s.Width)
	at := func(x []float64) float64 {
		in.Locate(x)
		return in.Value(u)
	}
	a, b := at(left), at(right)
	return -a / (b - a), m.MeanError / math.Abs(b-a)
}

// shares returns the right well's weight by the slowest mode on all grids, and how far it may be off.
func (c *climbed) shares(left, right []float64) (weight, err float64) {
	f, from := c.found[0], c.from[0]
	off := 0.0
	for k, g := range from.grids {
		v, rounding := g.share(f.At[k], left, right)
		if k == 0 {
			weight = v
		}
		off, err = max(off, gridSafety*math.Abs(v-weight)), max(err, rounding)
	}
	err += off
	on := func(s *Spectrum) float64 {
		if k, ok := s.nearest(f.Rate); ok {
			v, _ := s.share(k, left, right)
			return v
		}
		return math.NaN()
	}
	if from.moved != nil {
		err += c.endsShare(0) * math.Abs(on(from.moved)-on(from.grids[0]))
	}
	if len(from.rich) > 0 {
		var rich []float64
		for _, s := range from.rich {
			rich = append(rich, on(s))
		}
		err += fit.RuleError(on(from.grids[1]), rich)
	}
	return weight, err
}

// twoWells is the landscape of the chain at a learning rate; nil where there is one well, and where nothing is known
// of wells: beyond the plane, and of states with ranges of their own.
func (s *Kind) twoWells(eta float64) (*landscape, error) {
	if len(s.Problem.Ball.Center) > 2 || s.Problem.Ball.Ranges != nil || s.Mu > 0 {
		return nil, nil
	}
	l, err := s.landscapeIn(s.wellBall(eta), nil, eta)
	if err != nil || l.stable < 2 {
		return nil, err
	}
	return l, nil
}

// landscapeKey tells landscapes apart.
type landscapeKey struct {
	m      *process.Diffusion
	eta, R float64
}

// landscapeIn is landscapeOf, found once.
func (s *Kind) landscapeIn(ball grid.Ball, m *process.Diffusion, eta float64) (*landscape, error) {
	key := landscapeKey{m, eta, ball.R}
	if l := s.landscapes[key]; l != nil {
		return l, nil
	}
	l, err := landscapeOf(s.Problem, m, eta, ball)
	if err == nil {
		s.landscapes[key] = l
	}
	return l, err
}

// wellBall is where points of rest are looked for: the smallest ball that the chain keeps.
func (s *Kind) wellBall(eta float64) grid.Ball {
	half, _ := s.invariantHalf(eta)
	return s.Problem.Ball.With(half)
}

// escapes returns the rows of the rates at which a process leaves each of two wells; none where
// the chain does not have more than one. slowest is the process' row of its slowest rate.
func (s *Kind) escapes(m *process.Diffusion, eta compare.Rate, c *climbed, slowest compare.SpectrumRow) ([]unit.JSON[compare.EscapeRow], error) {
	of, err := s.twoWells(eta.Value)
	if err != nil || of == nil {
		return nil, err
	}
	own := of
	if m != nil && of.why == "" {
		if own, err = s.landscapeIn(s.wellBall(eta.Value), m, eta.Value); err != nil {
			return nil, err
		}
		if own.why == "" {
			of = own
		}
	}
	var rows []unit.JSON[compare.EscapeRow]
	for _, well := range []string{compare.WellLeft, compare.WellRight} {
		row := emptyEscape(slowest.Model, eta, well)
		if of.why != "" {
			row.because(of.why)
			rows = append(rows, unit.JSON[compare.EscapeRow]{V: row.EscapeRow})
			continue
		}
		rest, other := of.left, of.right
		if well == compare.WellRight {
			rest, other = other, rest
		}
		row.Rest, row.Saddle = s.Problem.ToUser(rest), s.Problem.ToUser(of.saddle)
		quiet, closed := m != nil && m.Noise == process.NoNoise, closedWell(c.wells, rest[0], other[0])
		if own.why == "" && !quiet {
			row.predict(s.Setup, m, own, rest)
		}
		switch {
		case quiet:
			row.never("the model has no noise and leaves no well")
		case closed != nil:
			row.never(compare.Say("%s cannot leave [%.4g, %.4g]", slowest.Model, closed.Lo, closed.Hi))
		case own.why != "":
			row.because(own.why)
		default:
			row.of(c, slowest, own, s.Problem.Accuracy)
			if unit.Lasting(s.Setup) {
				row.Action, row.ActionError = compare.Number(math.NaN()), compare.Number(math.NaN())
			}
		}
		rows = append(rows, unit.JSON[compare.EscapeRow]{V: row.EscapeRow})
	}
	return rows, nil
}

// closedWell returns the interval that holds one point of rest and not the other, if there is one.
func closedWell(wells []Interval, rest, other float64) *Interval {
	for i := range wells {
		if w := &wells[i]; w.Lo < rest && rest < w.Hi && !(w.Lo < other && other < w.Hi) {
			return w
		}
	}
	return nil
}

// escapeRow is a row that is being filled.
type escapeRow struct{ compare.EscapeRow }

// emptyEscape is a row without numbers.
func emptyEscape(model string, eta compare.Rate, well string) escapeRow {
	nan := compare.Number(math.NaN())
	return escapeRow{compare.EscapeRow{Model: model, Eta: eta.Value, EtaText: eta.Text, EscapeWell: compare.EscapeWell{Well: well, Rest: compare.Point{nan}, Saddle: compare.Point{nan}}, Weight: nan, WeightError: nan, Rate: nan, Error: nan,
		Action: nan, ActionError: nan, EscapeTheory: compare.EscapeTheory{Barrier: nan, Kramers: nan, SmallNoise: nan}, Ratio: nan, RatioError: nan}}
}

// because gives the row its reason.
func (r *escapeRow) because(why string) { r.Reason = &why }

// never makes the rate zero.
func (r *escapeRow) never(why string) {
	r.Rate, r.Error, r.Certified = 0, 0, true
	r.because(why)
}

// predict fills what small noise has to say of a well. A quadrature of the law says nothing of
// large deviations of a chain, and noise of a step's own does not vanish with eta.
func (r *escapeRow) predict(s *unit.Setup, m *process.Diffusion, l *landscape, rest []float64) {
	if l.small == nil || m == nil && !s.Problem.Dynamics.Law().Exact {
		return
	}
	if !unit.Lasting(s) {
		r.Barrier = compare.Number(r.Eta * l.small.pass(rest))
	}
	if m != nil {
		rate, kramers := l.small.rates(rest)
		pace := s.Problem.Pace() // rates are over the users' time
		r.SmallNoise, r.Kramers = compare.Number(rate/pace), compare.Number(kramers/pace)
	}
}

// of fills the rate of leaving a well: the slowest rate times the other well's weight.
func (r *escapeRow) of(c *climbed, slowest compare.SpectrumRow, l *landscape, accuracy float64) {
	if !slowest.Certified {
		r.Error = slowest.Error // the slowest rate is the sum of both
		r.because(*slowest.Reason)
		return
	}
	if slowest.Imag != 0 || len(c.found) < 2 || !(real(c.found[1].Rate) >= separation*real(c.found[0].Rate)) {
		r.because(fmt.Sprintf("the next rate is not known to be %d times the slowest: leaving is not told from what is faster", separation))
		return
	}
	right, off := c.shares(l.left, l.right)
	weight, other := right, 1-right
	if r.Well == compare.WellLeft {
		weight, other = other, weight
	}
	r.Weight, r.WeightError = compare.Number(weight), compare.Number(off)
	if off != off {
		r.because(noRuleSpectrum)
		return
	}
	if !(other > off) {
		r.Error = slowest.Rate*compare.Number(math.Abs(other)+off) + slowest.Error
		r.because("the other well's weight is not told from zero")
		return
	}
	r.Rate = slowest.Rate * compare.Number(other)
	r.Error = slowest.Error*compare.Number(other+off) + slowest.Rate*compare.Number(off)
	if !(float64(r.Error) <= accuracy*float64(r.Rate)) {
		r.because(compare.Say("the error is above %g of the rate", accuracy))
	} else {
		r.Certified = true
	}
	eta := compare.Number(r.Eta)
	r.Action, r.ActionError = -eta*compare.Number(math.Log(float64(r.Rate))), -eta*compare.Number(math.Log1p(-float64(r.Error/r.Rate)))
}
