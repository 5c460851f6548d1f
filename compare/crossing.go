package compare

import (
	"context"
	"fmt"
	"math"

	"kolmo/process"
)

// CrossingRow is the time at which a mean from a point crosses a level (section 4.2): that of
// the chain on the line between U^n(x) and U^{n+1}(x), that of a model where u(x,t) does.
type CrossingRow struct {
	Observable string    `json:"observable" col:"observable"`
	Model      string    `json:"model" col:"process"` // the dynamics' name for the chain
	Eta        float64   `json:"eta" col:"eta"`
	EtaText    string    `json:"eta_text"`
	Level      float64   `json:"level"`
	X          []float64 `json:"x"`
	T          Number    `json:"t" col:"t; ~Error"`
	Error      Number    `json:"error" col:"+- error; error"`
	// Errors are how far two grids, of models on two boxes, are apart, the interpolation in t,
	// and the quadrature over xi.
	Errors CrossingErrors `json:"errors"`
	N      *int           `json:"n"` // the last step before it
	// OnSteps is where the line between the values at the steps n eta crosses: T for the
	// chain. Difference is a model's less the chain's, both on steps.
	OnSteps         Number  `json:"t_on_steps"`
	Difference      Number  `json:"difference" col:"difference; ~DifferenceError"`
	DifferenceError Number  `json:"difference_error" col:"+- error; error"`
	Nodes           int     `json:"nodes"` // per axis, of the finest grid
	Certified       bool    `json:"certified" col:"certified"`
	Reason          *string `json:"reason"` // nil, or why the row is not certified
}

// CrossingErrors are the parts of the error of a crossing time.
type CrossingErrors struct {
	Space      Number `json:"space"`
	Time       Number `json:"time"`
	Quadrature Number `json:"quadrature"`
}

// CrossingSlope is the slope of the crossing time against ln(1/eta), over the smallest certified
// learning rates. The interval holds what errors, scatter and the drift of the slope
// still to come may do.
type CrossingSlope struct {
	Observable string    `json:"observable" col:"observable"`
	Model      string    `json:"model" col:"process"`
	Slope      Number    `json:"slope" col:"slope; .4"`
	Low        Number    `json:"low" col:"low; .4"`
	High       Number    `json:"high" col:"high; .4"`
	Etas       []float64 `json:"etas"`
	// Theory is 1/(2 lambda) where the limit eta -> 0 rests at the point and its fastest growth
	// is lambda > 0.
	Theory  Number `json:"theory" col:"theory; .4"`
	Verdict string `json:"verdict"`
}

// Crossing is what a crossing study is asked for.
type Crossing struct {
	Level float64
	X     []float64 // nil: the ball's centre
}

// crossingUnit are the rows of one model, or of the chain, at one learning rate.
type crossingUnit struct{ Rows []asJSON[CrossingRow] }

// crossings finds the crossing times of the chain and of some models at one learning rate.
func (s *gapStudy) crossings(ctx context.Context, i int, models []int) error {
	if err := s.chainCrossing(ctx, i); err != nil {
		return err
	}
	models, err := missing(s, &s.cross, StudyCrossing, i, models)
	if err != nil || models == nil {
		return err
	}
	eta := s.p.Etas[i]
	for k, m := range models {
		model := s.p.Models[m]
		s.progress(eta, float64(k+1)/float64(len(models)+1), 1, fmt.Sprintf("eta = %s: crossing of the %s model", eta.Text, model))
		found, err := s.modelCrossings(ctx, model, eta.Value)
		if err != nil {
			return err
		}
		why := ""
		if !s.cache.survey.inward(s.p, model, eta.Value) {
			why = "the drift does not point inward on the sphere: what happens outside the ball is not known"
		}
		if err := keep(s, &s.cross, StudyCrossing, i, m, s.crossingRows(model.Name, eta, found, why)); err != nil {
			return err
		}
	}
	return nil
}

// chainCrossing finds or loads the rows of the chain, which belong to no model.
func (s *gapStudy) chainCrossing(ctx context.Context, i int) error {
	eta := s.p.Etas[i]
	return chainUnit(s, &s.chainCross, StudyCrossing, i, func() (*crossingUnit, error) {
		s.progress(eta, 0, 1, fmt.Sprintf("eta = %s: crossing of U", eta.Text))
		found, err := s.chainCrossings(ctx, eta.Value)
		if err != nil {
			return nil, err
		}
		why := ""
		if !s.invariant(eta.Value) {
			why = "a step can leave the ball: what happens outside is not known"
		}
		return s.crossingRows(s.p.Dynamics.Name(), eta, found, why), nil
	})
}

// chainUnit finds or loads what a kind of study has of the chain at a learning rate.
func chainUnit[T any](s *gapStudy, units *map[int]*T, kind Study, i int, compute func() (*T, error)) error {
	if (*units)[i] != nil {
		return nil
	}
	chain := s.p.Dynamics.Name()
	name := s.unitPrefix(kind, i) + chain
	u, err := load[T](s, name)
	if err != nil {
		return err
	}
	stored := u != nil
	if !stored {
		if u, err = compute(); err != nil {
			return err
		}
		if u, err = save(s, name, u); err != nil {
			return err
		}
	}
	if *units == nil {
		*units = make(map[int]*T)
	}
	(*units)[i] = u
	s.finished(FinishedUnit{Key: name, Kind: string(kind), Model: chain, Eta: s.p.Etas[i].Text, Stored: stored})
	return nil
}

// crossingStart returns the point that means are taken from.
func (s *gapStudy) crossingStart() []float64 {
	if s.p.Crossing.X != nil {
		return s.p.Crossing.X
	}
	return s.p.Ball.Center
}

// crossingRows judges what was found, with a reason why nothing of it is certain, or "".
func (s *gapStudy) crossingRows(name string, eta Rate, found []crossingFound, why string) *crossingUnit {
	u, nan := new(crossingUnit), Number(math.NaN())
	for o, phi := range s.p.Observables {
		f := &found[o]
		row := CrossingRow{Observable: phi.Name(), Model: name, Eta: eta.Value, EtaText: eta.Text, Level: s.p.Crossing.Level, X: s.crossingStart(),
			T: nan, Error: nan, Errors: CrossingErrors{nan, nan, nan}, OnSteps: nan, Difference: nan, DifferenceError: nan, Nodes: f.nodes}
		reason := f.why
		if f.at != nil {
			row.T, row.OnSteps, row.N = Number(f.at.t), Number(f.at.onSteps), &f.at.n
			row.Errors = CrossingErrors{Space: Number(f.space), Time: Number(f.at.time), Quadrature: Number(f.rules)}
			row.Error = row.Errors.Space + row.Errors.Time + row.Errors.Quadrature
			switch {
			case reason != "":
			case why != "":
				reason = why
			case row.Error != row.Error:
				reason = noRule
			case !(float64(row.Error) <= s.p.Accuracy*f.at.t):
				reason = fmt.Sprintf("the error is above %g of the time", s.p.Accuracy)
			default:
				row.Certified = true
			}
		}
		if !row.Certified {
			row.Reason = &reason
		}
		u.Rows = append(u.Rows, asJSON[CrossingRow]{row})
	}
	return u
}

// crossingResults collects the rows: those of the chain first, then the models', by observable.
func (s *gapStudy) crossingResults(res *Result) {
	for o, phi := range s.p.Observables {
		theory, no := s.crossingTheory()
		of := func(name string, rows []CrossingRow) {
			res.Crossing = append(res.Crossing, rows...)
			res.CrossingSlope = append(res.CrossingSlope, crossingSlope(phi.Name(), name, rows, theory, no))
		}
		var chain []CrossingRow
		for i := range s.p.Etas {
			chain = append(chain, s.chainCross[i].Rows[o].V)
		}
		of(s.p.Dynamics.Name(), chain)
		for m, model := range s.p.Models {
			var rows []CrossingRow
			for i := range s.p.Etas {
				row := s.cross.at(i, m).Rows[o].V
				row.Difference = row.OnSteps - chain[i].OnSteps
				row.DifferenceError = row.Error + chain[i].Error
				rows = append(rows, row)
			}
			of(model.Name, rows)
		}
	}
}

// crossingTheory returns 1/(2 lambda), lambda the fastest growth at the point, or why there is
// none.
func (s *gapStudy) crossingTheory() (float64, string) {
	x := s.crossingStart()
	b, jacobian := make([]float64, len(x)), make([]float64, len(x)*len(x))
	s.p.Dynamics.At([][]float64{x}, 1).FlowTo(b, jacobian, 0)
	if !(maxOf(b) <= restShare*s.rate*s.p.Ball.R) {
		return math.NaN(), "the point is no point of rest"
	}
	if l := fastestGrowth(jacobian, len(x)); l > restShare*s.rate {
		return 1 / (2 * l), ""
	}
	return math.NaN(), "nothing grows at the point"
}

// restShare is the share of the problem's speed below which a drift is at rest.
const restShare = 1e-9

// crossingSlope fits the slope of the crossing times against ln(1/eta).
func crossingSlope(observable, model string, rows []CrossingRow, theory float64, no string) CrossingSlope {
	nan := Number(math.NaN())
	out := CrossingSlope{Observable: observable, Model: model, Slope: nan, Low: nan, High: nan, Etas: []float64{}, Theory: Number(theory)}
	var x, y, e []float64
	for _, r := range rows {
		if r.Certified {
			x, y, e = append(x, math.Log(1/r.Eta)), append(y, float64(r.T)), append(e, float64(r.Error))
			out.Etas = append(out.Etas, r.Eta)
		}
	}
	k := max(0, len(x)-fitEtas)
	x, y, e, out.Etas = x[k:], y[k:], e[k:], out.Etas[k:]
	if len(x) < 3 {
		out.Verdict = fmt.Sprintf("no slope: %d certified learning rate(s), want 3 or more", len(x))
		return out
	}
	slope, half := lineFit(x, y, e)
	limit, bar := slopeLimit(x, y, e)
	out.Slope = Number(slope)
	out.Low, out.High = Number(min(slope-half, limit-bar)), Number(max(slope+half, limit+bar))
	switch {
	case no != "":
		out.Verdict = "theory says nothing: " + no
	case float64(out.Low) <= theory && theory <= float64(out.High):
		out.Verdict = fmt.Sprintf("theory's 1/(2 lambda) = %.4g lies in the interval", theory)
	default:
		out.Verdict = fmt.Sprintf("theory's 1/(2 lambda) = %.4g lies outside the interval", theory)
	}
	return out
}

// slopeLimit extrapolates the slope between the last points, x = ln(1/eta), to eta = 0, and returns
// how far that may be off: by the errors of y, by the extrapolation's own size and by
// its change from larger eta. A slope between two points misses the limit by about a
// multiple of (eta_i - eta_j)/ln(eta_i/eta_j).
func slopeLimit(x, y, err []float64) (limit, bar float64) {
	at := func(n int) (limit, last, bar float64) {
		var p, w, e [2]float64
		for i := range p {
			a, b := n-2+i, n-1+i
			step := x[b] - x[a]
			p[i], w[i], e[i] = (y[b]-y[a])/step, (math.Exp(-x[a])-math.Exp(-x[b]))/step, (err[a]+err[b])/step
		}
		share := w[0] / (w[0] - w[1])
		return share*p[1] + (1-share)*p[0], p[1], share*e[1] + (share-1)*e[0]
	}
	n := len(x) - 1
	limit, last, bar := at(n)
	bar += math.Abs(limit - last)
	if n > 2 {
		before, _, _ := at(n - 1)
		bar += math.Abs(limit - before)
	}
	return limit, bar
}

// modelUnder returns the diffusion of a dynamics that is a model of the study under another law.
func modelUnder(d, own process.Dynamics, m *process.Diffusion) (*process.Diffusion, error) {
	if d == own {
		return m, nil
	}
	list, err := process.Named(d, m.Name)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}
