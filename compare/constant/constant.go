package constant

import (
	"context"
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/gap"
	"kolmo/compare/unit"
	"kolmo/process"
)

// Unit is what is predicted for an observable and a model: Row over all t or,
// where f is not convex, Path up to the last time at which e is resolved.
type Unit struct {
	Row  unit.JSON[compare.ConstantRow]
	Path []ConstantPoint
}

// ConstantPoint is the largest |e| over the times up to Time: its value and error, and
// where it is.
type ConstantPoint struct {
	Time, Value, Error, At float64
	X                      []float64
}

// Kind predicts the leading constants of the gaps.
type Kind struct {
	*unit.Setup
	gaps      *gap.Kind
	Predicted map[[2]int]*Unit // by observable and model
}

// Of returns the constants of a setup's gaps.
func Of(s *unit.Setup) *Kind {
	return unit.Shared(s, func(s *unit.Setup) *Kind { return &Kind{Setup: s, gaps: gap.Of(s)} })
}

// Pairs returns the observables and models whose constants are predicted: one
// model of those with the same D.
func (s *Kind) Pairs() [][2]int {
	var pairs [][2]int
	for o := range s.Problem.Observables {
		for i, m := range s.Problem.Models {
			if sameDefect(s.Problem.Models[:i], m) < 0 {
				pairs = append(pairs, [2]int{o, i})
			}
		}
	}
	return pairs
}

// Run predicts the leading constants of some of these pairs.
func (s *Kind) Run(ctx context.Context, pairs [][2]int) error {
	if s.Predicted == nil {
		s.Predicted = make(map[[2]int]*Unit)
	}
	for _, pair := range pairs {
		if err := ctx.Err(); err != nil {
			return err
		}
		phi, m := s.Problem.Observables[pair[0]], s.Problem.Models[pair[1]]
		name := fmt.Sprintf("constant/%s/%s", phi.Name(), m)
		u, err := unit.Stored(s.Setup, compare.FinishedUnit{Key: name, Kind: "constant", Model: m.Name}, func() (*Unit, error) {
			s.Progress(s.Problem.Etas[len(s.Problem.Etas)-1], 1, 1, fmt.Sprintf("the predicted constant of %s, %s", phi.Name(), m))
			made := &Unit{Row: unit.JSON[compare.ConstantRow]{V: compare.ConstantRow{Observable: phi.Name(), Model: m.Name, Order: m.Order}}}
			return made, s.predictConstant(ctx, made, pair[0], m)
		})
		if err != nil {
			return err
		}
		s.Predicted[pair] = u
	}
	return nil
}

// Collect sets the measured constants beside the predicted ones; horizon returns what a horizon
// study has of a learning rate, a model and an observable, nil where there is none.
func (s *Kind) Collect(res *compare.Result, horizon func(k, i, o int) *compare.HorizonRow) {
	for o, phi := range s.Problem.Observables {
		for i, m := range s.Problem.Models {
			u := s.PredictionOf(o, i)
			row := u.Row.V
			row.Model, row.Order = m.Name, m.Order
			var gaps []MeasuredGap
			for k := range s.Problem.Etas {
				unit := s.gaps.Units.At(k, i)
				g := MeasuredGap{Row: unit.Rows[o].V}
				for c := range unit.Curves {
					if unit.Curves[c].Observable == phi.Name() {
						g.Curve = &unit.Curves[c]
					}
				}
				g.OverHorizon(horizon(k, i, o))
				gaps = append(gaps, g)
			}
			if s.Mu <= 0 {
				upTo(&row, u.Path, gaps)
			}
			Measure(s.Problem, &row, gaps)
			res.Constant = append(res.Constant, row)
		}
	}
}

// PredictionOf returns what is predicted for an observable and a model: where D is the same,
// e is.
func (s *Kind) PredictionOf(o, i int) *Unit {
	if same := sameDefect(s.Problem.Models[:i], s.Problem.Models[i]); same >= 0 {
		i = same
	}
	return s.Predicted[[2]int{o, i}]
}

// MeasuredGap is a row of the gap study with its curve, nil where there is none. errs are the
// curve's errors, nil where only the row's is known, which is that of all its times.
type MeasuredGap struct {
	Row   compare.GapRow
	Curve *compare.Curve
	Errs  []compare.Number
}

// OverHorizon takes the curve of the horizon study, if there is one: it is polished at every
// step and has an error there.
func (g *MeasuredGap) OverHorizon(h *compare.HorizonRow) {
	if h == nil || len(h.Gap) == 0 {
		return
	}
	var images []float64
	if g.Curve != nil {
		images = g.Curve.Images
	}
	g.Curve, g.Errs = &compare.Curve{Observable: h.Observable, Model: h.Model, EtaText: h.EtaText, Eta: h.Eta, Images: images}, h.Error
	for n, t := range h.Times {
		g.Curve.T, g.Curve.Gap = append(g.Curve.T, float64(t)), append(g.Curve.Gap, float64(h.Gap[n]))
	}
}

// until returns the largest gap over the times up to t, and its error: the largest up to then
// or, where that is not known, the row's. The gap is NaN where it is not known.
func (g *MeasuredGap) until(t float64) (gap, err float64) {
	if g.Curve == nil {
		return math.NaN(), float64(g.Row.Error)
	}
	c := g.Curve
	if g.Errs == nil {
		err = float64(g.Row.Error)
	}
	for n, v := range c.Gap {
		if g.Errs != nil {
			err = max(err, float64(g.Errs[n]))
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
func upTo(c *compare.ConstantRow, path []ConstantPoint, gaps []MeasuredGap) {
	if len(path) == 0 {
		return
	}
	last := len(path) - 1
	if n := len(gaps); n >= 2 {
		a, b := &gaps[n-1], &gaps[n-2]
		scale := math.Pow(b.Row.Eta/a.Row.Eta, float64(c.Order))
		for k := last; k >= 0; k-- {
			fine, _ := a.until(path[k].Time)
			coarse, _ := b.until(path[k].Time)
			if path[k].Time >= b.Row.Eta && math.Abs(coarse-scale*fine) <= trendShare*scale*fine {
				last = k
				break
			}
		}
	}
	p := &path[last]
	c.Predicted, c.Error, c.T, c.Horizon, c.X = compare.Number(p.Value), compare.Number(p.Error), &p.At, &p.Time, nil
	for _, x := range p.X {
		c.X = append(c.X, compare.Number(x))
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

// rowUpTo returns the row of the largest gap over the times up to t, without a place where that is
// another.
func (g *MeasuredGap) rowUpTo(t float64) *compare.GapRow {
	row := g.Row
	gap, _ := g.until(t)
	if row.Gap = compare.Number(gap); row.T > t && g.Curve != nil {
		row.T, row.X = t, nil
		for n, v := range g.Curve.Gap {
			if g.Curve.T[n] <= t && v >= gap {
				row.T = g.Curve.T[n]
				break
			}
		}
	}
	return &row
}

// Measure sets what the gaps say.
func Measure(p *compare.Problem, c *compare.ConstantRow, gaps []MeasuredGap) {
	nan := compare.Number(math.NaN())
	c.Measured, c.MeasuredError, c.Richardson, c.RichardsonError, c.RichardsonEtas = nan, nan, nan, nan, []float64{}
	if len(gaps) == 0 || c.Order == 0 {
		return
	}
	constant := func(g *MeasuredGap) (value, err compare.Number) {
		gap, err, scale := g.Row.Gap, g.Row.Error, compare.Number(math.Pow(g.Row.Eta, float64(c.Order)))
		if c.Horizon != nil {
			most, off := g.until(*c.Horizon)
			gap, err = compare.Number(most), compare.Number(off)
		}
		return gap / scale, err / scale
	}
	smallest := &gaps[len(gaps)-1]
	c.Eta, c.EtaText, c.Certified = smallest.Row.Eta, smallest.Row.EtaText, smallest.Row.Certified
	c.Measured, c.MeasuredError = constant(smallest)
	var used []*MeasuredGap
	for i := range gaps {
		if _, err := constant(&gaps[i]); gaps[i].Row.Certified || c.Horizon != nil && err == err {
			used = append(used, &gaps[i])
		}
	}
	n := len(used)
	if n < 2 {
		return
	}
	// c(eta) = c + c' eta, from used[i] and the rate before it.
	extrapolate := func(i int) (value, err compare.Number) {
		fine, coarse := used[i], used[i-1]
		w := compare.Number(coarse.Row.Eta / (coarse.Row.Eta - fine.Row.Eta))
		a, da := constant(fine)
		b, db := constant(coarse)
		return w*a - (w-1)*b, w*da + (w-1)*db
	}
	value, err := extrapolate(n - 1)
	// What the extrapolation leaves is less than its change from the larger rates. That may
	// vanish by chance, so a second measure of it stands beside it: the change before, which is
	// larger by the square of the ratio of the rates, or, from three rates only, the last correction.
	// From two rates there is only the correction.
	var left compare.Number
	for k := n - 2; k >= max(1, n-3); k-- {
		later, _ := extrapolate(k + 1)
		earlier, _ := extrapolate(k)
		ratio := compare.Number(used[n-1].Row.Eta / used[k+1].Row.Eta)
		left = max(left, compare.Number(math.Abs(float64(later-earlier)))*ratio*ratio)
	}
	if n < 4 {
		own, _ := constant(used[n-1])
		left = max(left, compare.Number(math.Abs(float64(value-own))))
	}
	if n == 2 {
		left *= fit.FewRates
	}
	fine, coarse := used[n-1], used[n-2]
	left = max(left+jumped(p, c, fine, coarse), overtaken(c, fine, coarse, value+err)-value)
	c.Richardson, c.RichardsonError = value, err+left
	c.RichardsonEtas = append(c.RichardsonEtas, used[n-2].Row.Eta, used[n-1].Row.Eta)
}

// jumped returns what two learning rates' extrapolation may owe to the larger one's gap being
// elsewhere, and to the steps of both lying beside the top of the gap, which are no corrections in eta.
func jumped(p *compare.Problem, c *compare.ConstantRow, fine, coarse *MeasuredGap) compare.Number {
	small, large := &fine.Row, &coarse.Row
	if c.Horizon != nil {
		small, large = fine.rowUpTo(*c.Horizon), coarse.rowUpTo(*c.Horizon)
	}
	w := fine.Row.Eta / (coarse.Row.Eta - fine.Row.Eta)
	ofLarge := w * (fit.Elsewhere(p, coarse.Curve, large, small) + fit.BetweenSteps(coarse.Curve, large)) / math.Pow(coarse.Row.Eta, float64(c.Order))
	ofSmall := (1 + w) * fit.BetweenSteps(fine.Curve, small) / math.Pow(fine.Row.Eta, float64(c.Order))
	return large.Gap*compare.Number(ofLarge) + small.Gap*compare.Number(ofSmall)
}

// overtaken returns how large the constant may be at an image of the largest gap's place by
// mirrors of axes, where what two learning rates extrapolate to is above a value. That counts
// their correction; it is zero where no image is.
func overtaken(c *compare.ConstantRow, fine, coarse *MeasuredGap, value compare.Number) (most compare.Number) {
	if c.Horizon != nil || fine.Curve == nil || coarse.Curve == nil {
		return 0
	}
	w := coarse.Row.Eta / (coarse.Row.Eta - fine.Row.Eta)
	for i := range min(len(fine.Curve.Images), len(coarse.Curve.Images)) {
		a := fine.Curve.Images[i] / math.Pow(fine.Row.Eta, float64(c.Order))
		b := coarse.Curve.Images[i] / math.Pow(coarse.Row.Eta, float64(c.Order))
		if at := a + (w-1)*(a-b); i > 0 && compare.Number(at) > value {
			most = max(most, compare.Number(at+math.Abs(at-a)))
		}
	}
	return most
}
