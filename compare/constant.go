package compare

import (
	"context"
	"fmt"
	"math"

	"kolmo/grid"
	"kolmo/kolmogorov"
)

// ConstantRow is the leading constant of the gap of one observable and model:
//
//	gap/eta^k -> sup_t sup_{|x|<=R} |e(x,t)|,   e = lim (U^n - u(., n eta))/eta^k,
//
// k the model's weak order and t from zero to infinity, predicted without learning
// rates (doc/theory.md) beside what the study measured.
type ConstantRow struct {
	Observable string `json:"observable"`
	Model      string `json:"model"`
	Order      int    `json:"order"` // k
	Predicted  Number `json:"predicted"`
	// Error is the difference of the prediction on two grids, and what is left of the
	// limit t to infinity.
	Error Number `json:"error"`
	// T and X are where |e| is largest; a nil T is infinity. Where f is not convex
	// the supremum is over t <= Horizon, nil otherwise.
	T       *float64 `json:"t"`
	X       []Number `json:"x"`
	Horizon *float64 `json:"horizon"`
	// Measured is gap/eta^k at Eta, the smallest certified learning rate, and
	// Richardson the limit extrapolated from that and the next larger one.
	Measured        Number  `json:"measured"`
	MeasuredError   Number  `json:"measured_error"`
	Eta             float64 `json:"eta"`
	EtaText         string  `json:"eta_text"`
	Richardson      Number  `json:"richardson"`
	RichardsonError Number  `json:"richardson_error"`
	Reason          *string `json:"reason"` // why there is no prediction
}

// Constants of the prediction.
const (
	// constantTolerance is the relative difference of two grids that ends their
	// refinement.
	constantTolerance = 1e-4
	// constantStep is the step in time in units of R over the largest |grad f|.
	constantStep = 0.1
	// constantDecays is the number of times 1/mu after which e is at its limit.
	constantDecays = 25
	// settled is the change of e, relative to its largest value, over a time 1/mu
	// that counts as none.
	settled = 1e-7
)

// mostConstantNodes bounds the nodes per axis, by dimension.
var mostConstantNodes = [grid.MaxDim + 1]int{0, 64, 48, 20}

// constantUnit is what is predicted for an observable and a model.
type constantUnit struct{ Row asJSON[ConstantRow] }

// constantPairs returns the observables and models whose constants are predicted: one
// model of those with the same D.
func (s *gapStudy) constantPairs() [][2]int {
	var pairs [][2]int
	for o := range s.p.Observables {
		for i, m := range s.p.Models {
			if sameDefect(s.p.Models[:i], m) < 0 {
				pairs = append(pairs, [2]int{o, i})
			}
		}
	}
	return pairs
}

// constants predicts the leading constants of some of these pairs.
func (s *gapStudy) constants(ctx context.Context, pairs [][2]int) error {
	if s.predicted == nil {
		s.predicted = make(map[[2]int]*constantUnit)
	}
	for _, pair := range pairs {
		if err := ctx.Err(); err != nil {
			return err
		}
		phi, m := s.p.Observables[pair[0]], s.p.Models[pair[1]]
		name := fmt.Sprintf("constant/%s/%s", phi.Name(), m)
		u, err := load[constantUnit](s, name)
		if err != nil {
			return err
		}
		stored := u != nil
		if !stored {
			s.progress(s.p.Etas[len(s.p.Etas)-1], 1, 1, fmt.Sprintf("the predicted constant of %s, %s", phi.Name(), m))
			row := ConstantRow{Observable: phi.Name(), Model: m.String(), Order: m.WeakOrder()}
			if err := s.predictConstant(ctx, &row, pair[0], m); err != nil {
				return err
			}
			if u, err = save(s, name, &constantUnit{asJSON[ConstantRow]{row}}); err != nil {
				return err
			}
		}
		s.predicted[pair] = u
		s.finished(name, stored)
	}
	return nil
}

// constantResults sets the measured constants beside the predicted ones.
func (s *gapStudy) constantResults(res *Result) {
	for o := range s.p.Observables {
		for i, m := range s.p.Models {
			of := i
			if same := sameDefect(s.p.Models[:i], m); same >= 0 {
				of = same // D is the same: so is e
			}
			row := s.predicted[[2]int{o, of}].Row.V
			row.Model, row.Order = m.String(), m.WeakOrder()
			row.measure(res.Gap)
			res.Constant = append(res.Constant, row)
		}
	}
}

// sameDefect returns the index of a model with the same D on the ball, or -1.
func sameDefect(models []kolmogorov.Model, m kolmogorov.Model) int {
	for i, o := range models {
		if o.WeakOrder() == 2 && m.WeakOrder() == 2 {
			return i
		}
	}
	return -1
}

// measure sets what the certified gaps say.
func (c *ConstantRow) measure(rows []GapRow) {
	c.Measured, c.MeasuredError = Number(math.NaN()), Number(math.NaN())
	c.Richardson, c.RichardsonError = c.Measured, c.Measured
	var last, before *GapRow
	for i := range rows {
		r := &rows[i]
		usable := r.Certified || c.Horizon != nil && r.Error == r.Error
		if r.Observable == c.Observable && r.Model == c.Model && usable {
			before, last = last, r
		}
	}
	if last == nil {
		return
	}
	scale := math.Pow(last.Eta, float64(c.Order))
	c.EtaText = last.EtaText
	c.Eta, c.Measured, c.MeasuredError = last.Eta, last.Gap/Number(scale), last.Error/Number(scale)
	if before == nil {
		return
	}
	// c(eta) = c + c' eta.
	b, wb := Number(math.Pow(before.Eta, float64(c.Order))), Number(before.Eta/(before.Eta-last.Eta))
	c.Richardson = wb*c.Measured - (wb-1)*before.Gap/b
	c.RichardsonError = wb*c.MeasuredError + (wb-1)*before.Error/b
}

// predictConstant finds the largest |e| on finer and finer grids.
func (s *gapStudy) predictConstant(ctx context.Context, row *ConstantRow, o int, m kolmogorov.Model) error {
	row.Predicted, row.Error = Number(math.NaN()), Number(math.NaN())
	if s.mu <= 0 {
		h := s.horizon()
		row.Horizon = &h
	}
	ladder, err := chebyshev().ladder(forL, len(s.p.Ball.Center), nil)
	if err != nil {
		return err
	}
	var last *largest
	for _, l := range ladder {
		if l.largest() > mostConstantNodes[len(s.p.Ball.Center)] {
			break
		}
		e, err := s.largestCorrection(ctx, l, o, m)
		if err != nil {
			reason := err.Error()
			row.Reason = &reason
			return ctx.Err()
		}
		if last != nil {
			row.Predicted, row.Error = Number(e.value), Number(math.Abs(e.value-last.value)+supTolerance*e.value)
			if e.t == nil {
				row.Error += Number(10 * settled * e.value)
			}
			row.T, row.X = e.t, nil
			for _, x := range e.x {
				row.X = append(row.X, Number(x))
			}
			if float64(row.Error) <= constantTolerance*e.value {
				break
			}
		}
		last = e
	}
	return nil
}

// largest is the largest |e| over the ball and time.
type largest struct {
	value float64
	t     *float64 // nil: as t tends to infinity
	x     []float64
}

// largestCorrection follows e on the level's grid.
func (s *gapStudy) largestCorrection(ctx context.Context, l level, o int, m kolmogorov.Model) (*largest, error) {
	data, err := s.cache.get(l, s.p.Ball.R)
	if err != nil {
		return nil, err
	}
	df, err := kolmogorov.NewDefect(m, data.moments, s.p.Objective, s.cfg.Workers)
	if err != nil {
		return nil, err
	}
	speed := 0.0
	for i := range data.moments.At {
		norm := 0.0
		for k := range data.g.Dim() {
			norm += data.moments.At[i].Grad[k] * data.moments.At[i].Grad[k]
		}
		speed = max(speed, math.Sqrt(norm))
	}
	end := s.horizon()
	if s.mu > 0 {
		end = constantDecays / s.mu
	}
	dt := min(constantStep*s.p.Ball.R/speed, end/8)
	c, err := kolmogorov.NewCorrection(data.moments, df, data.phi[o])
	if err != nil {
		return nil, err
	}
	q := newPoints(s.p.Ball, searchDensity(data.g.Dim(), l.largest()))
	sample := newSampler(data.g, 0, q, newSphereMatrix(data.g, 0, q))
	finder := newMaxFinder(data.g, 0, q, 3)
	values := make([]float64, len(q.x))
	sup := func(c *kolmogorov.Correction) float64 {
		sample.sampleTo(values, c.E(), 1)
		return finder.find(c.E(), values)
	}
	best := &largest{t: new(float64), x: append([]float64(nil), s.p.Ball.Center...)}
	keep := func(c *kolmogorov.Correction, v float64) {
		if t := c.Time(); v > best.value {
			best.value, best.t = v, &t
			copy(best.x, finder.best)
		}
	}
	var before *kolmogorov.Correction // two steps ago
	previous := c.Clone()
	last := [2]float64{} // the suprema of the last two steps
	var reference []float64
	since, now := 0.0, 0.0
	for c.Time() < end-dt/2 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := c.Advance(dt); err != nil {
			return nil, err
		}
		now = sup(c)
		if last[1] >= best.value && last[1] >= now && before != nil {
			// A peak within the last two steps.
			if err := peak(before, 2*dt, sup, keep); err != nil {
				return nil, err
			}
			sample.sampleTo(values, c.E(), 1)
		}
		if s.mu > 0 && c.Time()-since >= 1/s.mu {
			if reference != nil && distance(reference, values) <= settled*best.value {
				break
			}
			reference, since = append(reference[:0], values...), c.Time()
		}
		if now > best.value {
			keep(c, now)
		}
		last[0], last[1] = last[1], now
		before, previous = previous, c.Clone()
	}
	if s.mu > 0 && now >= best.value*(1-10*settled) {
		best.value, best.t = max(best.value, now), nil
	}
	return best, nil
}

// peak maximises the supremum over the times after c's up to a span, by golden
// sections, and keeps what it sees.
func peak(c *kolmogorov.Correction, span float64, sup func(*kolmogorov.Correction) float64, keep func(*kolmogorov.Correction, float64)) error {
	const sections = 20
	golden := (math.Sqrt(5) - 1) / 2
	at := func(dt float64) (float64, error) {
		d := c.Clone()
		if err := d.Advance(dt); err != nil {
			return 0, err
		}
		v := sup(d)
		keep(d, v)
		return v, nil
	}
	lo, hi := 0.0, span
	a, b := hi-golden*span, golden*span
	va, err := at(a)
	if err != nil {
		return err
	}
	vb, err := at(b)
	for range sections {
		if err != nil {
			return err
		}
		if va > vb {
			hi, b, vb = b, a, va
			a = hi - golden*(hi-lo)
			va, err = at(a)
		} else {
			lo, a, va = a, b, vb
			b = lo + golden*(hi-lo)
			vb, err = at(b)
		}
	}
	return err
}

// String describes the prediction beside the measurement.
func (c *ConstantRow) String() string {
	if c.Reason != nil {
		return "no prediction: " + *c.Reason
	}
	at := "as t tends to infinity"
	if c.T != nil {
		at = fmt.Sprintf("at t = %.4g", *c.T)
	}
	return fmt.Sprintf("predicted %.6g %s, measured %.6g at eta = %.4g, extrapolated %.6g", float64(c.Predicted), at, float64(c.Measured), c.Eta, float64(c.Richardson))
}
