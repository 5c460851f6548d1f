package crossing

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/unit"
	"kolmo/process"
)

// Unit are the rows of one model, or of the chain, at one learning rate.
type Unit struct {
	Rows []unit.JSON[compare.CrossingRow]
}

// Study declares the kind.
var Study = unit.Kind{
	Name: compare.StudyCrossing, Share: 1, Check: check,
	New: func(s *unit.Setup) unit.Study { return &Kind{Setup: s} },
}

// check wants the level to cross, and a point where paths start.
func check(p *compare.Problem) error {
	c := p.Crossing
	switch {
	case c == nil:
		var zeros []string
		for k := range p.Ball.Center {
			if !isFixed(p, k) {
				zeros = append(zeros, "0")
			}
		}
		return &compare.InputError{Key: "crossing", Msg: fmt.Sprintf("a crossing study needs the level to cross; want crossing: {level: 0.25, x: [%s]}", strings.Join(zeros, ", "))}
	case !p.Ball.Contains(start(p)):
		return &compare.InputError{Key: "crossing.x", Msg: "the point lies outside the ball, or the ranges that paths start from; want one inside"}
	}
	return nil
}

// Kind is the study of the times at which means cross a level (section 4.2).
type Kind struct {
	*unit.Setup
	units unit.WithChain[Unit] // the chain's are of U
}

// Run finds the crossing times of the chain and of some models at one learning rate.
func (s *Kind) Run(ctx context.Context, i int, models []int) error {
	return s.units.Run(s.Setup, compare.StudyCrossing, i, models, "crossing", "U", func(m *process.Diffusion, eta compare.Rate) (*Unit, error) {
		name, find := s.Problem.Dynamics.Name(), s.chainCrossings
		if m != nil {
			name, find = m.Name, func(ctx context.Context, eta float64) ([]crossingFound, error) { return s.modelCrossings(ctx, m, eta) }
		}
		found, err := find(ctx, eta.Value)
		if err != nil {
			return nil, err
		}
		return s.crossingRows(name, eta, found, unit.Outside(s.Setup, m, eta)), nil
	})
}

// start returns the point that means are taken from, in the dynamics' coordinates.
func start(p *compare.Problem) []float64 {
	z, x := middle(p), p.Crossing.X
	for k := range z {
		if len(x) > 0 && !isFixed(p, k) {
			z[k], x = compare.Number(x[0]), x[1:]
		}
	}
	return p.FromUser(z)
}

// middle returns the middle of where paths start, as users know it.
func middle(p *compare.Problem) []compare.Number {
	x := slices.Clone(p.Ball.Center)
	for k := range x {
		if r := p.Ball.Range(k); r != nil {
			x[k] = r.Low/2 + r.High/2
		}
	}
	return p.ToUser(x)
}

// isFixed reports that a coordinate starts at one value, as that of a schedule does.
func isFixed(p *compare.Problem, k int) bool {
	r := p.Ball.Range(k)
	return r != nil && r.Low == r.High
}

// given returns the coordinates of the point that a study may choose, as users know them.
func given(p *compare.Problem) (x []float64) {
	if p.Crossing.X != nil {
		return slices.Clone(p.Crossing.X)
	}
	for k, v := range middle(p) {
		if !isFixed(p, k) {
			x = append(x, float64(v))
		}
	}
	return x
}

// crossingRows judges what was found, with a reason why nothing of it is certain, or "".
func (s *Kind) crossingRows(name string, eta compare.Rate, found []crossingFound, why string) *Unit {
	u, nan, pace := new(Unit), compare.Number(math.NaN()), s.Problem.Pace()
	at := given(s.Problem)
	for o, phi := range s.Problem.Observables {
		f := &found[o]
		row := compare.CrossingRow{Key: compare.Key{Observable: phi.Name(), Model: name, Eta: eta.Value, EtaText: eta.Text}, Level: s.Problem.Crossing.Level, X: at,
			T: nan, Error: nan, Errors: compare.CrossingErrors{Space: nan, Time: nan, Quadrature: nan, Taper: nan}, OnSteps: nan, Difference: nan, DifferenceError: nan, Nodes: f.nodes}
		reason := f.why
		if f.at != nil {
			user := func(t float64) compare.Number { return compare.Number(t * pace) }
			row.T, row.N = user(f.at.t), &f.at.n
			row.Errors = compare.CrossingErrors{Space: user(f.space), Time: user(f.at.time), Quadrature: user(f.rules), Taper: user(f.taper)}
			row.Error = row.Errors.Space + row.Errors.Time + row.Errors.Quadrature + row.Errors.Taper
			if f.line != nil {
				row.OnSteps, row.DifferenceError = user(f.line.t), row.Error*compare.Number(f.loose)
			}
			switch {
			case reason != "":
			case why != "":
				reason = why
			case f.rules != f.rules:
				reason = fit.NoRule
			case math.IsInf(f.taper, 1):
				reason = unit.OutwardEnds
			case f.taper != f.taper:
				reason = "what the end of the noise does is not known: with a nearer end the mean does not cross the level"
			case !(row.Error <= compare.Number(s.Problem.Accuracy)*row.T):
				reason = compare.Say("the error is above %g of the time", s.Problem.Accuracy)
			default:
				row.Certified = true
			}
		}
		if !row.Certified {
			row.Reason = &reason
		}
		u.Rows = append(u.Rows, unit.JSON[compare.CrossingRow]{V: row})
	}
	return u
}

// Collect collects the rows: those of the chain first, then the models', by observable.
func (s *Kind) Collect(res *compare.Result) error {
	for o, phi := range s.Problem.Observables {
		theory, no := s.crossingTheory()
		of := func(name string, rows []compare.CrossingRow) {
			res.Crossing = append(res.Crossing, rows...)
			res.CrossingSlope = append(res.CrossingSlope, Slope(phi.Name(), name, rows, s.Problem.Pace(), theory, no))
		}
		var chain []compare.CrossingRow
		for i := range s.Problem.Etas {
			row := s.units.Chain[i].Rows[o].V
			row.DifferenceError = compare.Number(math.NaN())
			chain = append(chain, row)
		}
		of(s.Problem.Dynamics.Name(), chain)
		for m, model := range s.Problem.Models {
			var rows []compare.CrossingRow
			for i := range s.Problem.Etas {
				row := s.units.At(i, m).Rows[o].V
				row.Difference = row.OnSteps - chain[i].OnSteps
				row.DifferenceError += chain[i].Error
				rows = append(rows, row)
			}
			of(model.Name, rows)
		}
	}
	return nil
}

// crossingTheory returns 1/(2 lambda), lambda the fastest growth at the point, or why there is
// none.
func (s *Kind) crossingTheory() (float64, string) {
	if unit.Lasting(s.Setup) {
		return math.NaN(), "a step has noise of its own, which does not vanish with eta"
	}
	if !slices.ContainsFunc(s.Problem.Dynamics.Diffusions(), func(m *process.Diffusion) bool { return m.Noise != process.NoNoise }) {
		return math.NaN(), "noise of a step is smaller than of order eta^2, and does not lead away from the point alone"
	}
	x := start(s.Problem)
	b, jacobian := make([]float64, len(x)), make([]float64, len(x)*len(x))
	s.Problem.Dynamics.At([][]float64{x}, 1).FlowTo(b, jacobian, 0)
	for k, v := range b {
		if s.Problem.Ball.Range(k) != nil && math.Abs(v) > restShare*s.Rate {
			return math.NaN(), "a coordinate with a range moves on from there, as a step size that falls"
		}
	}
	if !(fit.MaxOf(b) <= restShare*s.Rate*s.Problem.Ball.R) {
		return math.NaN(), "the point is no point of rest"
	}
	if l := fastestGrowth(jacobian, len(x)); l > restShare*s.Rate {
		return s.Problem.Pace() / (2 * l), ""
	}
	return math.NaN(), "nothing grows at the point"
}

// restShare is the share of the problem's speed below which a drift is at rest.
const restShare = 1e-9

// Slope fits the slope of rows' times against ln(1/eta), pace being the time of a step over eta; theory's is NaN where no
// says why there is none.
func Slope(observable, model string, rows []compare.CrossingRow, pace, theory float64, no string) compare.CrossingSlope {
	nan := compare.Number(math.NaN())
	out := compare.CrossingSlope{Observable: observable, Model: model, Slope: nan, Low: nan, High: nan, Etas: []float64{}, Theory: compare.Number(theory)}
	var x, y, e []float64
	for _, r := range rows {
		if r.Certified {
			x, y, e = append(x, math.Log(1/r.Eta)), append(y, float64(r.T)), append(e, float64(r.Error))
			out.Etas = append(out.Etas, r.Eta)
		}
	}
	k := max(0, len(x)-fit.FitEtas)
	x, y, e, out.Etas = x[k:], y[k:], e[k:], out.Etas[k:]
	if len(x) < 3 {
		out.Verdict = fmt.Sprintf("no slope: %d certified learning rate(s), want 3 or more", len(x))
		return out
	}
	slope, half := fit.LineFit(x, y, e)
	limit, bar := fit.SlopeLimit(x, y, e, pace)
	out.Slope = compare.Number(slope)
	out.Low, out.High = compare.Number(min(slope-half, limit-bar)), compare.Number(max(slope+half, limit+bar))
	switch {
	case no != "":
		out.Verdict = "theory says nothing: " + no
	case float64(out.Low) <= theory && theory <= float64(out.High):
		out.Verdict = compare.Say("theory's 1/(2 lambda) = %.4g lies in the interval", theory)
	default:
		out.Verdict = compare.Say("theory's 1/(2 lambda) = %.4g lies outside the interval", theory)
	}
	return out
}
