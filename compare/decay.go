package compare

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/objective"
)

// DecayRow is the decay of one derivative of u (Proposition 1, (2.7)),
//
//	sup_{|x|<=R} |d^J u(.,t)| <= C e^{-gamma t},
//
// for one observable, multi-index 0 < |J| <= 4 and learning rate. On a ball the
// growth 1 + |x|^p of (2.7) is within C.
type DecayRow struct {
	Observable string  `json:"observable"`
	Model      string  `json:"model"`
	Eta        float64 `json:"eta"`
	EtaText    string  `json:"eta_text"`
	J          []int   `json:"J"`
	// Gamma is fitted over Window (times) with its 95 % interval, negative where the
	// derivative grows; null where there is nothing to fit.
	Gamma  Number    `json:"gamma"`
	Low    Number    `json:"low"`
	High   Number    `json:"high"`
	C      Number    `json:"C"`
	Window [2]Number `json:"window"`
	// Floor is the largest error of sup |d^J u|: the difference of two grids.
	Floor Number `json:"floor"`
	// SpectralGap is -Re of the first nonzero eigenvalue of L on the grid: what Gamma
	// tends to over long times unless phi misses its eigenfunction.
	SpectralGap      Number `json:"spectral_gap"`
	SpectralGapError Number `json:"spectral_gap_error"`
	Verdict          string `json:"verdict"` // pass, fail, not-resolved or zero
	Reason           string `json:"reason"`  // of the verdict
}

// The verdicts on a derivative.
const (
	DecayPass        = "pass"         // it decays: the interval of gamma is positive
	DecayFail        = "fail"         // it grows: the interval of gamma is negative
	DecayNotResolved = "not-resolved" // neither is seen above the error
	DecayZero        = "zero"         // it is zero to its error
)

// DecayLimit is eta0(J) of Proposition 1 as far as it was tested: the largest learning
// rate from which on d^J u of every observable decays; nil: none.
type DecayLimit struct {
	Model   string   `json:"model"`
	J       []int    `json:"J"`
	Eta0    *float64 `json:"eta0"`
	EtaText string   `json:"eta_text"`
}

// MomentRow is the bound (2.10) on a moment of the diffusion,
//
//	E|X(t;x)|^{2m} <= C (1 + |x|^{2m} e^{-gamma t}),
//
// |.| from the ball's centre, on the ball.
type MomentRow struct {
	M       int       `json:"m"`
	Model   string    `json:"model"`
	Eta     float64   `json:"eta"`
	EtaText string    `json:"eta_text"`
	Limit   Number    `json:"limit"` // of the moment as t grows
	Error   Number    `json:"error"` // of Limit: the difference of two grids and what still moves
	Gamma   Number    `json:"gamma"` // of the approach to Limit, with its 95 % interval
	Low     Number    `json:"low"`
	High    Number    `json:"high"`
	C       Number    `json:"C"`
	Window  [2]Number `json:"window"`
	Verdict string    `json:"verdict"` // pass, fail, not-resolved or zero
}

// DecayCurve is sup_{|x|<=R} |d^J u(.,t)|.
type DecayCurve struct {
	Observable, Model, EtaText string
	Eta                        float64
	J                          []int
	T, Sup                     []float64
}

// Constants of decay studies.
const (
	// mostDerivative is the largest |J|.
	mostDerivative = 4
	// mostMoment is the largest m of (2.10).
	mostMoment = 3
	// decayEnd is the number of times 1/mu that u is followed.
	decayEnd = 12
	// decaySamples is the number of equal steps in time; the first decayEarly of them are
	// cut in decayCut.
	decaySamples, decayEarly, decayCut = 120, 10, 4
	// decayAccuracy is the error of sup |d^J u|, relative to its largest value over
	// time, that ends the refinement.
	decayAccuracy = 1e-2
	// decayLevels is the most grids that are tried.
	decayLevels = 4
	// decayOrder is the order of the differences, unless the study chooses one.
	decayOrder = 8
	// growthShare is the share of the time from which the growth of a derivative that
	// is largest at the end is fitted.
	growthShare = 0.3
	// fadedShare is the share of its largest value at which a derivative is over.
	fadedShare = 1e-8
	// zeroShare is the size of a derivative, relative to sup |phi|/R^|J|, below which
	// it is zero, and zeroError that up to which its error may hide it.
	zeroShare, zeroError = 1e-9, 1e-4
	// errorSafety is the ratio to its error up to which a value is not told from zero.
	errorSafety = 3
	// spectrumNodes is the largest grid whose spectrum is computed.
	spectrumNodes = 20_000
)

// decayNodes is where the refinement starts, by dimension: fourth derivatives ask for
// more than u does.
var decayNodes = [grid.MaxDim + 1]int{0, 96, 48, 32}

// decayModel returns the model whose u is looked at: Proposition 1 is about the
// modified one.
func (s *gapStudy) decayModel() int {
	best := 0
	rank := map[kolmogorov.Model]int{kolmogorov.Modified: 3, kolmogorov.SecondOrder: 2, kolmogorov.FirstOrder: 1}
	for i, m := range s.p.Models {
		if rank[m] > rank[s.p.Models[best]] {
			best = i
		}
	}
	return best
}

// decayUnit is what the study found at one learning rate.
type decayUnit struct {
	Rows    []asJSON[DecayRow] // by observable and J
	Curves  []DecayCurve
	Moments []asJSON[MomentRow]
}

// decays follows the derivatives of u and the moments at one learning rate, if the model
// that they are taken of is among the models.
func (s *gapStudy) decays(ctx context.Context, i int, models []int) error {
	model := s.decayModel()
	if !slices.Contains(models, model) {
		return nil
	}
	todo, err := missing(s, &s.decay, StudyDecay, i, []int{model})
	if err != nil || todo == nil {
		return err
	}
	eta := s.p.Etas[i]
	js := kolmogorov.MultiIndices(len(s.p.Ball.Center), mostDerivative)
	fine, coarse, err := s.climbDecay(ctx, model, eta, js)
	if err != nil {
		return err
	}
	if fine == coarse && fine.err == nil {
		fine.err = errors.New("the next finer grid is unstable: there is nothing to compare with")
	}
	gap, gapError := math.NaN(), math.NaN()
	if fine.err == nil && coarse.err == nil {
		gap, gapError = fine.spectralGap(coarse)
	}
	u := new(decayUnit)
	for o, phi := range s.p.Observables {
		for k, j := range js {
			row := DecayRow{Observable: phi.Name(), Model: s.p.Models[model].String(), Eta: eta.Value, EtaText: eta.Text, J: j,
				SpectralGap: Number(gap), SpectralGapError: Number(gapError)}
			s.judgeDecay(&row, fine, coarse, o, k)
			u.Rows = append(u.Rows, asJSON[DecayRow]{row})
			if fine.err == nil {
				u.Curves = append(u.Curves, DecayCurve{row.Observable, row.Model, row.EtaText, row.Eta, j, fine.t, fine.sup[o][k]})
			}
		}
	}
	for m := 1; m <= mostMoment; m++ {
		u.Moments = append(u.Moments, asJSON[MomentRow]{s.judgeMoment(fine, coarse, model, eta, m)})
	}
	return keep(s, &s.decay, StudyDecay, i, model, u)
}

// decayResults collects the rows and finds eta0(J).
func (s *gapStudy) decayResults(res *Result) {
	model := s.decayModel()
	for i := range s.p.Etas {
		u := s.decay.at(i, model)
		for _, r := range u.Rows {
			res.Decay = append(res.Decay, r.V)
		}
		for _, r := range u.Moments {
			res.Moments = append(res.Moments, r.V)
		}
		res.DecayCurves = append(res.DecayCurves, u.Curves...)
	}
	js := kolmogorov.MultiIndices(len(s.p.Ball.Center), mostDerivative)
	res.DecayLimits = s.decayLimits(res.Decay, js, s.p.Models[model])
}

// decayLimits finds eta0(J).
func (s *gapStudy) decayLimits(rows []DecayRow, js [][]int, m kolmogorov.Model) []DecayLimit {
	var limits []DecayLimit
	for _, j := range js {
		l := DecayLimit{Model: m.String(), J: j}
		for i := len(s.p.Etas) - 1; i >= 0; i-- { // from the smallest
			good := true
			for _, r := range rows {
				if r.Eta == s.p.Etas[i].Value && fmt.Sprint(r.J) == fmt.Sprint(j) {
					good = good && (r.Verdict == DecayPass || r.Verdict == DecayZero)
				}
			}
			if !good {
				break
			}
			l.Eta0, l.EtaText = &s.p.Etas[i].Value, s.p.Etas[i].Text
		}
		limits = append(limits, l)
	}
	return limits
}

// decayRun is u on one grid: the suprema of its derivatives, and the moments.
type decayRun struct {
	level   level
	op      *kolmogorov.Operator
	t       []float64
	sup     [][][]float64 // [observable][J][time]
	radius  []float64     // |x - center| of the points
	moments [][][]float64 // [m-1][time][point]
	err     error
}

// climbDecay runs finer and finer grids until the suprema agree and returns the last
// two. Differences are taken unless the study asks for collocation: fourth derivatives
// of collocation lose ten digits at the faces, and the modified model's cutoff is
// not analytic.
func (s *gapStudy) climbDecay(ctx context.Context, model int, eta Rate, js [][]int) (fine, coarse *decayRun, err error) {
	me := uniform(s.p.Solver.Order)
	switch {
	case s.p.Solver.Space == SpaceChebyshev:
		me = chebyshev()
	case s.p.Solver.Order == 0:
		me = uniform(decayOrder)
	}
	d := len(s.p.Ball.Center)
	ladder, err := me.ladder(forL, d, s.p.Solver.Nodes)
	if err != nil {
		return nil, nil, err
	}
	at := 0
	for at+2 < len(ladder) && ladder[at].largest() < decayNodes[d] {
		at++
	}
	var last *decayRun
	best := math.Inf(1)
	for k := 0; k < decayLevels && at < len(ladder); k++ {
		s.progress(eta, float64(k)/decayLevels, 1, fmt.Sprintf("eta = %s: derivatives on %d nodes per axis", eta.Text, ladder[at].largest()))
		run, err := s.decayOn(ctx, ladder[at], model, eta, js)
		if err != nil {
			return nil, nil, err
		}
		if fine == nil {
			fine, coarse = run, run
		}
		if run.err != nil {
			break // finer grids fail as well
		}
		if last != nil {
			diff := run.difference(last)
			if diff > best {
				break // where the faces are noisy, finer grids are worse
			}
			best, fine, coarse = diff, run, last
			if diff <= decayAccuracy {
				break
			}
		}
		last = run
		at++
	}
	return fine, coarse, nil
}

// difference returns the largest difference of two runs' suprema, relative to the
// largest of each over time and to the size of what has not this derivative.
func (r *decayRun) difference(q *decayRun) float64 {
	worst := 0.0
	for o := range r.sup {
		largest := 0.0
		for k := range r.sup[o] {
			largest = max(largest, r.sup[o][k][0])
		}
		for k := range r.sup[o] {
			top, diff := zeroError*largest, 0.0
			for i := range min(len(r.t), len(q.t)) {
				top = max(top, r.sup[o][k][i])
				diff = max(diff, math.Abs(r.sup[o][k][i]-q.sup[o][k][i]))
			}
			if top > 0 {
				worst = max(worst, diff/top)
			}
		}
	}
	return worst
}

// decayOn follows u and the moments on one grid.
func (s *gapStudy) decayOn(ctx context.Context, l level, model int, eta Rate, js [][]int) (*decayRun, error) {
	m, half := s.p.Models[model], s.p.Ball.R
	if m == kolmogorov.Modified {
		l, half = l.scaled(s.p.R2/s.p.Ball.R), s.p.R2
	}
	data, err := s.cache.get(l, half)
	if err != nil {
		return nil, err
	}
	g := data.g
	run := &decayRun{level: l}
	fail := func(err error) (*decayRun, error) { run.err = err; return run, nil }
	if run.op, err = kolmogorov.NewOperator(g, m.Coefficients(data.moments, eta.Value, kolmogorov.Cutoff{Ball: s.p.Ball, R2: s.p.R2}), l.order); err != nil {
		return fail(err)
	}
	if _, err := run.op.CheckGrowth(); err != nil {
		return fail(err)
	}
	obs := len(s.p.Observables)
	u := copyFields(data.phi)
	x := make([]float64, g.Dim())
	for k := 1; k <= mostMoment; k++ {
		phi := objective.Moment(s.p.Ball.Center, k).NewFunc()
		v := make([]float64, g.Len())
		for i := range v {
			g.PointTo(x, i)
			v[i] = phi(x)
		}
		u = append(u, v)
	}
	q := newPoints(s.p.Ball, pointDensity[g.Dim()])
	sphere := newSphereMatrix(g, l.width, q)
	for _, p := range q.x {
		run.radius = append(run.radius, s.p.Ball.Distance(p))
	}
	end := s.horizon()
	if s.mu > 0 {
		end = decayEnd / s.mu
	}
	dt := end / decaySamples
	derivatives := make([]*kolmogorov.Derivative, len(js))
	run.sup = make([][][]float64, obs)
	for o := range run.sup {
		run.sup[o] = make([][]float64, len(js))
	}
	run.moments = make([][][]float64, mostMoment)
	for k, j := range js {
		if derivatives[k], err = kolmogorov.NewDerivative(g, j, l.order); err != nil {
			return fail(err)
		}
	}
	// One task per derivative, each with its workspace; every observable and moment
	// has its propagator.
	type tool struct {
		sample *sampler
		finder *maxFinder
		field  []float64
		values []float64
	}
	tools := make([]tool, len(js))
	for k := range tools {
		tools[k] = tool{newSampler(g, l.width, q, sphere), newMaxFinder(g, l.width, q, 1), make([]float64, g.Len()), make([]float64, len(q.x))}
	}
	props := make([]kolmogorov.Propagator, len(u))
	restart := func(dt float64) {
		for f := range u {
			props[f] = kolmogorov.NewPolynomial(run.op.WithWorkers(1), dt)
		}
	}
	outs := make([][][][]float64, len(u))
	for f := range u {
		outs[f] = newBlock(1, 1, g.Len())
	}
	errs := make([]error, len(u))
	look := func(t float64) {
		run.t = append(run.t, t)
		par.Do(s.cfg.Workers, len(js), func(k int) {
			w := &tools[k]
			for o := range obs {
				derivatives[k].ApplyTo(w.field, u[o])
				w.sample.sampleTo(w.values, w.field, 1)
				run.sup[o][k] = append(run.sup[o][k], w.finder.find(w.field, w.values))
			}
		})
		for k := range mostMoment {
			values := make([]float64, len(q.x))
			tools[0].sample.sampleTo(values, u[obs+k], 1)
			run.moments[k] = append(run.moments[k], values)
		}
	}
	look(0)
	restart(dt / decayCut)
	for n := 1; n <= decayEarly*decayCut+decaySamples-decayEarly; n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		par.Do(s.cfg.Workers, len(u), func(f int) {
			if errs[f] = props[f].AdvanceTo(outs[f], u[f:f+1]); errs[f] == nil {
				copy(u[f], outs[f][0][0])
			}
		})
		for _, err := range errs {
			if err != nil {
				return fail(err)
			}
		}
		if n <= decayEarly*decayCut {
			look(float64(n) * dt / decayCut)
		} else {
			look(float64(n-decayEarly*(decayCut-1)) * dt)
		}
		if n == decayEarly*decayCut {
			restart(dt)
		}
		if run.faded() {
			break
		}
	}
	return run, nil
}

// faded reports that all derivatives have fallen so far that rounding is all that is
// left.
func (r *decayRun) faded() bool {
	for o := range r.sup {
		for _, v := range r.sup[o] {
			top := 0.0
			for _, w := range v {
				top = max(top, w)
			}
			if v[len(v)-1] > fadedShare*top {
				return false
			}
		}
	}
	return true
}

// spectralGap returns the spectral gap of L on the run's grid, with its error from
// that grid and the other run's; NaN where it cannot be had.
func (r *decayRun) spectralGap(coarse *decayRun) (value, err float64) {
	nan := math.NaN()
	if r.op.Len() > spectrumNodes {
		return nan, nan
	}
	a, e1 := r.op.Spectrum(nil)
	b, e2 := coarse.op.Spectrum(nil)
	if e1 != nil || e2 != nil {
		return nan, nan
	}
	g, e3 := a.Against(b).Gap()
	if e3 != nil {
		return nan, nan
	}
	return g.Value, g.Error()
}

// judgeDecay fits one derivative's decay and says what it means.
func (s *gapStudy) judgeDecay(row *DecayRow, fine, coarse *decayRun, o, k int) {
	nan := Number(math.NaN())
	row.Gamma, row.Low, row.High, row.C, row.Window, row.Floor = nan, nan, nan, nan, [2]Number{nan, nan}, nan
	row.Verdict = DecayNotResolved
	for _, r := range []*decayRun{fine, coarse} {
		if r.err != nil {
			row.Reason = instability(r.err)
			return
		}
	}
	v, w := fine.sup[o][k], coarse.sup[o][k]
	n := min(len(v), len(w))
	v, w = v[:n], w[:n]
	errs := make([]float64, n)
	top, floor := 0.0, 0.0
	for i := range v {
		errs[i] = math.Abs(v[i]-w[i]) + fine.rounding(s, o, row.J)
		top, floor = max(top, v[i]), max(floor, errs[i])
	}
	row.Floor = Number(floor)
	order := 0
	for _, m := range row.J {
		order += m
	}
	scale := s.size[o] / math.Pow(s.p.Ball.R, float64(order))
	if top <= zeroShare*scale || top <= errorSafety*floor && top <= zeroError*scale {
		row.Verdict, row.Reason = DecayZero, fmt.Sprintf("never above %.2g, with an error of %.2g", top, floor)
		return
	}
	f := decayFit(fine.t, v, errs)
	if f.rate != f.rate {
		f = growthFit(fine.t, v, errs)
	}
	row.Gamma, row.Low, row.High, row.Window = Number(f.rate), Number(f.low), Number(f.high), [2]Number{Number(f.from), Number(f.to)}
	switch {
	case f.rate != f.rate:
		row.Reason = "it does not stand above its error long enough for a fit"
		return
	case f.low > 0:
		row.Verdict, row.Reason = DecayPass, "it decays"
	case f.high < 0:
		row.Verdict, row.Reason = DecayFail, fmt.Sprintf("it grows up to t = %.3g, as far as it is resolved", f.to)
	default:
		row.Reason = "the interval of gamma holds zero"
	}
	c := 0.0
	for i, t := range fine.t {
		if t <= f.to {
			c = max(c, v[i]*math.Exp(f.rate*t))
		}
	}
	row.C = Number(c)
}

// rounding estimates the rounding error of a derivative: that of u over the spacing of
// the nodes to the power |J|.
func (r *decayRun) rounding(s *gapStudy, o int, j []int) float64 {
	e := roundoff * s.size[o]
	for k, m := range j {
		a := r.op.Grid().Axis(k)
		h := (a.Hi() - a.Lo()) / float64(a.Len()-1)
		if r.level.order == fd.FullWidth {
			h /= 2 // between the middle and the ends of the ball
		}
		e *= math.Pow(2/h, float64(m))
	}
	return e
}

// growthFit fits log v = const + growth t over the later part of the first times in
// which v stands above its error, and returns minus the growth as the rate; NaN where
// they are too few.
func growthFit(t, v, errs []float64) decay {
	above := func(i int) bool { return v[i] > decayFloor*errs[i] && v[i] > 0 }
	start := 0
	for start < len(v) && !above(start) {
		start++
	}
	n := start
	for n < len(v) && above(n) {
		n++
	}
	from := start + int(growthShare*float64(n-start))
	// Backwards in time it is a decay.
	var back, values, zero []float64
	for i := n - 1; i >= from; i-- {
		back, values, zero = append(back, t[n-1]-t[i]), append(values, v[i]), append(zero, 0)
	}
	f := decayFit(back, values, zero)
	if n == start {
		return f
	}
	return decay{rate: -f.rate, low: -f.high, high: -f.low, from: t[n-1] - f.to, to: t[n-1] - f.from}
}

// judgeMoment fits the bound (2.10).
func (s *gapStudy) judgeMoment(fine, coarse *decayRun, model int, eta Rate, m int) MomentRow {
	nan := Number(math.NaN())
	row := MomentRow{M: m, Model: s.p.Models[model].String(), Eta: eta.Value, EtaText: eta.Text, Limit: nan, Error: nan,
		Gamma: nan, Low: nan, High: nan, C: nan, Window: [2]Number{nan, nan}, Verdict: DecayNotResolved}
	if fine.err != nil || coarse.err != nil {
		return row
	}
	v, w := fine.moments[m-1], coarse.moments[m-1]
	last := min(len(v), len(w)) - 1
	v, w = v[:last+1], w[:last+1]
	lo, hi := math.Inf(1), math.Inf(-1)
	diff := 0.0
	for i, x := range v[last] {
		lo, hi = min(lo, x), max(hi, x)
		diff = max(diff, math.Abs(x-w[last][i]))
	}
	limit := (lo + hi) / 2
	row.Limit, row.Error = Number(limit), Number(diff+(hi-lo)/2)
	sup, errs := make([]float64, last+1), make([]float64, last+1)
	for t := range v {
		for i, x := range v[t] {
			sup[t] = max(sup[t], math.Abs(x-limit))
			errs[t] = max(errs[t], math.Abs(x-w[t][i]))
		}
		errs[t] += float64(row.Error)
	}
	f := decayFit(fine.t, sup, errs)
	row.Gamma, row.Low, row.High, row.Window = Number(f.rate), Number(f.low), Number(f.high), [2]Number{Number(f.from), Number(f.to)}
	if !(f.low > 0) {
		if f.high < 0 {
			row.Verdict = DecayFail
		}
		return row
	}
	row.Verdict = DecayPass
	c := 0.0
	for t := range v {
		for i, x := range v[t] {
			c = max(c, x/(1+math.Pow(fine.radius[i], float64(2*m))*math.Exp(-f.rate*fine.t[t])))
		}
	}
	row.C = Number(c)
	return row
}
