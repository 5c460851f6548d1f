package compare

import (
	"context"
	"fmt"
	"math"

	"kolmo/process"
)

// ConstantRow is the leading constant of the gap of one observable and model:
//
//	gap/eta^k -> sup_t sup_{|x|<=R} |e(x,t)|,   e = lim (U^n - u(., n eta))/eta^k,
//
// k the model's weak order and t from zero to infinity, predicted without learning
// rates (doc/theory.md) beside what the study measured.
type ConstantRow struct {
	Observable string `json:"observable" col:"observable"`
	Model      string `json:"model" col:"model"`
	Order      int    `json:"order" col:"k; some"` // k
	Predicted  Number `json:"predicted" col:"predicted; 5g"`
	// Error is irregularSafety times the difference of two grids, of the suprema or of the
	// fields where |e| may be the largest, and what is left of the limit t to infinity.
	Error Number `json:"error" col:"+- error; error"`
	// T and X are where |e| is largest; a nil T is infinity. Where f is not convex |e|
	// grows, and what is predicted and measured is over t <= Horizon, nil otherwise.
	T       *float64 `json:"t" col:"t; .3 nil=inf"`
	X       []Number `json:"x" col:"x; .2"`
	Horizon *float64 `json:"horizon" col:"up to; .3 any @t"`
	// Measured is gap/eta^k at Eta, the smallest learning rate; Certified is its row's. Over
	// t <= Horizon its error is that of the horizon study at these times or, where there is none,
	// that of the row, whose times are all of the study's.
	Measured      Number  `json:"measured" col:"measured; 5g *Certified"`
	MeasuredError Number  `json:"measured_error" col:"+- error; error"`
	Eta           float64 `json:"eta" col:"eta"`
	EtaText       string  `json:"eta_text"`
	Certified     bool    `json:"certified"`
	// Richardson is the limit extrapolated from RichardsonEtas, the two smallest
	// certified learning rates or, where f is not convex, those with an error estimate.
	Richardson      Number    `json:"richardson" col:"extrapolated; 5g"`
	RichardsonError Number    `json:"richardson_error" col:"+- error; error"`
	RichardsonEtas  []float64 `json:"richardson_etas"`
	Reason          *string   `json:"reason"` // why there is no prediction
}

// constantUnit is what is predicted for an observable and a model: Row over all t or,
// where f is not convex, Path up to the last time at which e is resolved.
type constantUnit struct {
	Row  asJSON[ConstantRow]
	Path []constantPoint
}

// constantPoint is the largest |e| over the times up to Time: its value and error, and
// where it is.
type constantPoint struct {
	Time, Value, Error, At float64
	X                      []float64
}

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
			made := &constantUnit{Row: asJSON[ConstantRow]{ConstantRow{Observable: phi.Name(), Model: m.Name, Order: m.Order}}}
			if err := s.predictConstant(ctx, made, pair[0], m); err != nil {
				return err
			}
			if u, err = save(s, name, made); err != nil {
				return err
			}
		}
		s.predicted[pair] = u
		s.finished(FinishedUnit{Key: name, Kind: "constant", Model: m.Name, Stored: stored})
	}
	return nil
}

// constantResults sets the measured constants beside the predicted ones.
func (s *gapStudy) constantResults(res *Result) {
	for o, phi := range s.p.Observables {
		for i, m := range s.p.Models {
			u := s.predictionOf(o, i)
			row := u.Row.V
			row.Model, row.Order = m.Name, m.Order
			var gaps []measuredGap
			for k := range s.p.Etas {
				unit := s.units.at(k, i)
				g := measuredGap{row: unit.Rows[o].V}
				for c := range unit.Curves {
					if unit.Curves[c].Observable == phi.Name() {
						g.curve = &unit.Curves[c]
					}
				}
				g.overHorizon(s.toTheEnd.at(k, i), o)
				gaps = append(gaps, g)
			}
			if s.mu <= 0 {
				row.upTo(u.Path, gaps)
			}
			row.measure(gaps)
			res.Constant = append(res.Constant, row)
		}
	}
}

// predictionOf returns what is predicted for an observable and a model: where D is the same,
// e is.
func (s *gapStudy) predictionOf(o, i int) *constantUnit {
	if same := sameDefect(s.p.Models[:i], s.p.Models[i]); same >= 0 {
		i = same
	}
	return s.predicted[[2]int{o, i}]
}

// measuredGap is a row of the gap study with its curve, nil where there is none. errs are the
// curve's errors, nil where only the row's is known, which is that of all its times.
type measuredGap struct {
	row   GapRow
	curve *Curve
	errs  []Number
}

// overHorizon takes the curve of the horizon study, if there is one: it is polished at every
// step and has an error there.
func (g *measuredGap) overHorizon(u *horizonUnit, obs int) {
	if u == nil || len(u.Rows[obs].V.Gap) == 0 {
		return
	}
	h := &u.Rows[obs].V
	g.curve, g.errs = &Curve{Observable: h.Observable, Model: h.Model, EtaText: h.EtaText, Eta: h.Eta}, h.Error
	for n, t := range h.Times {
		g.curve.T, g.curve.Gap = append(g.curve.T, float64(t)), append(g.curve.Gap, float64(h.Gap[n]))
	}
}

// until returns the largest gap over the times up to t, and its error: the largest up to then
// or, where that is not known, the row's. The gap is NaN where it is not known.
func (g *measuredGap) until(t float64) (gap, err float64) {
	if g.curve == nil {
		return math.NaN(), float64(g.row.Error)
	}
	c := g.curve
	if g.errs == nil {
		err = float64(g.row.Error)
	}
	for n, v := range c.Gap {
		if g.errs != nil {
			err = max(err, float64(g.errs[n]))
		}
		if c.T[n] > t {
			f := (t - c.T[n-1]) / (c.T[n] - c.T[n-1]) // there is a point at t = 0
			return max(gap, c.Gap[n-1]+f*(v-c.Gap[n-1])), err
		}
		gap = max(gap, v)
	}
	return gap, err
}

// upTo takes the prediction up to a time: the last one on the path at which gap/eta^k at
// the two smallest learning rates still shows a constant. Later the noise limits the gap at
// these rates, but not e. Where no such time is left, or nothing to compare with, it
// is the last time at which e is resolved.
func (c *ConstantRow) upTo(path []constantPoint, gaps []measuredGap) {
	if len(path) == 0 {
		return
	}
	last := len(path) - 1
	if n := len(gaps); n >= 2 {
		a, b := &gaps[n-1], &gaps[n-2]
		scale := math.Pow(b.row.Eta/a.row.Eta, float64(c.Order))
		for k := last; k >= 0; k-- {
			fine, _ := a.until(path[k].Time)
			coarse, _ := b.until(path[k].Time)
			if path[k].Time >= b.row.Eta && math.Abs(coarse-scale*fine) <= trendShare*scale*fine {
				last = k
				break
			}
		}
	}
	p := &path[last]
	c.Predicted, c.Error, c.T, c.Horizon, c.X = Number(p.Value), Number(p.Error), &p.At, &p.Time, nil
	for _, x := range p.X {
		c.X = append(c.X, Number(x))
	}
}

// sameDefect returns the index of a model with the same D on the ball, or -1.
func sameDefect(models []*process.Diffusion, m *process.Diffusion) int {
	for i, o := range models {
		if o.Defect.Same != "" && o.Defect.Same == m.Defect.Same {
			return i
		}
	}
	return -1
}

// measure sets what the gaps say.
func (c *ConstantRow) measure(gaps []measuredGap) {
	nan := Number(math.NaN())
	c.Measured, c.MeasuredError, c.Richardson, c.RichardsonError, c.RichardsonEtas = nan, nan, nan, nan, []float64{}
	if len(gaps) == 0 || c.Order == 0 {
		return
	}
	constant := func(g *measuredGap) (value, err Number) {
		gap, err, scale := g.row.Gap, g.row.Error, Number(math.Pow(g.row.Eta, float64(c.Order)))
		if c.Horizon != nil {
			most, off := g.until(*c.Horizon)
			gap, err = Number(most), Number(off)
		}
		return gap / scale, err / scale
	}
	smallest := &gaps[len(gaps)-1]
	c.Eta, c.EtaText, c.Certified = smallest.row.Eta, smallest.row.EtaText, smallest.row.Certified
	c.Measured, c.MeasuredError = constant(smallest)
	var used []*measuredGap
	for i := range gaps {
		if _, err := constant(&gaps[i]); gaps[i].row.Certified || c.Horizon != nil && err == err {
			used = append(used, &gaps[i])
		}
	}
	n := len(used)
	if n < 2 {
		return
	}
	// c(eta) = c + c' eta, from used[i] and the rate before it.
	extrapolate := func(i int) (value, err Number) {
		fine, coarse := used[i], used[i-1]
		w := Number(coarse.row.Eta / (coarse.row.Eta - fine.row.Eta))
		a, da := constant(fine)
		b, db := constant(coarse)
		return w*a - (w-1)*b, w*da + (w-1)*db
	}
	value, err := extrapolate(n - 1)
	// What the extrapolation leaves is less than its change from the larger rates. That may
	// vanish by chance, so a second measure of it stands beside it: the change before, which is
	// larger by the square of the ratio of the rates, or, from three rates only, the last correction.
	// From two rates there is only the correction.
	var left Number
	for k := n - 2; k >= max(1, n-3); k-- {
		later, _ := extrapolate(k + 1)
		earlier, _ := extrapolate(k)
		ratio := Number(used[n-1].row.Eta / used[k+1].row.Eta)
		left = max(left, Number(math.Abs(float64(later-earlier)))*ratio*ratio)
	}
	if n < 4 {
		own, _ := constant(used[n-1])
		left = max(left, Number(math.Abs(float64(value-own))))
	}
	c.Richardson, c.RichardsonError = value, err+left
	c.RichardsonEtas = append(c.RichardsonEtas, used[n-2].row.Eta, used[n-1].row.Eta)
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
