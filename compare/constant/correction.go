package constant

import (
	"context"
	"errors"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/compare/survey"
	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// Constants of the prediction.
const (
	// constantTolerance is the relative difference of two grids that ends their
	// refinement.
	constantTolerance = 1e-4
	// constantStep is the step in time in units of R over the largest |grad f|, and
	// pathStep where f is not convex and the values between the steps are looked at.
	constantStep, pathStep = 0.1, 0.04
	// mostConstantSteps bounds the steps.
	mostConstantSteps = 1 << 20
	// constantDecays is the number of times 1/mu after which e is at its limit.
	constantDecays = 25
	// settled is the change of e, relative to its largest value, over a time 1/mu
	// that counts as none.
	settled = 1e-7
	// polishedFrom is the share of the largest |e| so far from which a sample's place is sought.
	polishedFrom = 0.9
	// resolvedShare is the difference of two grids, relative to the largest |e| so far,
	// up to which they resolve e.
	resolvedShare = 1e-2
	// trendShare is the relative difference of gap/eta^k at the two smallest learning
	// rates up to which the gap has a constant.
	trendShare = 0.05
)

// mostConstantNodes bounds the nodes per axis, by dimension, and mostPathNodes where f is
// not convex: e then has features that shrink like e^{-t}.
var (
	mostConstantNodes = [grid.MaxDim + 1]int{0, 64, 48, 20}
	mostPathNodes     = [grid.MaxDim + 1]int{0, 256, 48, 20}
)

// pathRatio is the least ratio of the nodes of grids that are compared where f is not
// convex, and hopeless the difference, relative to the largest |e|, that ends a run on the
// finer one.
const pathRatio, hopeless = 1.2, 0.3

// NoDefect is why a diffusion's constant is not predicted whose D is not given.
const NoDefect = "the leading coefficient of its one-step defect is not known"

// predictConstant finds the largest |e| on finer and finer grids.
func (s *Kind) predictConstant(ctx context.Context, u *Unit, o int, m *process.Diffusion) error {
	row := &u.Row.V
	row.Predicted, row.Error = compare.Number(math.NaN()), compare.Number(math.NaN())
	refuse := func(reason string) { row.Reason = &reason }
	if m.Defect.New == nil {
		refuse(NoDefect)
		return nil
	}
	ladder, err := survey.Chebyshev().Ladder(survey.ForL, s.Problem, nil)
	if err != nil {
		return err
	}
	var last *largest
	var on survey.Level // of what is predicted
	var found *largest
	var hid float64 // from the grid before
	between := false
	most, ratio := mostConstantNodes[len(s.Problem.Ball.Center)], 1.0
	if s.Mu <= 0 {
		ratio = pathRatio
	}
	if s.Mu < 0 {
		most = mostPathNodes[len(s.Problem.Ball.Center)]
	}
	nodes := 0
	for _, l := range ladder {
		if l.Largest() > most {
			break
		}
		if float64(l.Largest()) < ratio*float64(nodes) {
			continue
		}
		nodes = l.Largest()
		e, err := s.LargestCorrection(ctx, s.Cache, l, o, m, last)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if u.Path == nil {
				refuse(err.Error())
			}
			break
		}
		hides, err := s.hiddenFromDefect(l, m)
		if err != nil {
			return err
		}
		// Two grids agree on what both of them miss.
		hidden := survey.Unresolved(hides, hid, constantTolerance/2, 1)
		before := last
		last, hid = e, hides
		if before == nil {
			continue
		}
		between = hidden > 0
		if s.Mu <= 0 {
			if path := e.resolvedTo(before, hidden); len(path) > len(u.Path) {
				u.Path, on, found = path, l, e
			}
			if n := len(u.Path); n == len(e.path) && n > 0 && u.Path[n-1].Error <= constantTolerance*u.Path[n-1].Value {
				break
			}
			continue
		}
		row.Predicted, row.Error = compare.Number(e.Value), compare.Number(e.off(before)+(fit.SupTolerance+hidden)*e.Value)
		if e.t == nil {
			row.Error += compare.Number(10 * settled * e.Value)
		}
		on, found = l, e
		row.T, row.X = e.t, nil
		for _, x := range e.x {
			row.X = append(row.X, compare.Number(x))
		}
		if float64(row.Error) <= constantTolerance*e.Value {
			break
		}
	}
	if found != nil {
		if err := s.constantUnderRules(ctx, u, on, found, o, m); err != nil {
			return err
		}
	}
	switch {
	case row.Reason != nil:
	case between && (s.Mu <= 0 && u.Path == nil || s.Mu > 0 && !(float64(row.Error) <= resolvedShare*float64(row.Predicted))):
		refuse("the loss has features between the nodes of the finest grid: the constant is not resolved")
		row.Predicted, row.Error, row.T, row.X = compare.Number(math.NaN()), compare.Number(math.NaN()), nil, nil
	case s.Mu <= 0 && u.Path == nil:
		refuse("no two grids agree on the leading coefficient of the gap at any time")
	case s.Mu > 0 && !(float64(row.Error) <= resolvedShare*float64(row.Predicted)) && row.Predicted != 0:
		refuse(compare.Say("the error is %.2g of a constant of about %.3g: it is not resolved", float64(row.Error), float64(row.Predicted)))
		row.Predicted, row.Error, row.T, row.X = compare.Number(math.NaN()), compare.Number(math.NaN()), nil, nil
	}
	return nil
}

// largest is the largest |e| over the ball and time.
type largest struct {
	Value float64
	t     *float64 // nil: as t tends to infinity
	x     []float64
	// path is the largest so far at every step, and fields are e at the survey's points,
	// where f is not convex.
	path   []ConstantPoint
	fields [][]float64
	// Where f is convex, kept are steps, the same ones on every grid, and e at the points at
	// which levels are compared.
	steps []int
	kept  [][]float64
}

// off returns how far the largest |e| may be off by what it is on another grid: the suprema
// may agree by chance, so that the fields count too, at the times and points where |e| may be the
// largest, with the safety factor of collocation.
func (e *largest) off(other *largest) float64 {
	most := math.Abs(e.Value - other.Value)
	for k, n := range e.steps[:min(len(e.steps), len(other.steps))] {
		if other.steps[k] != n {
			break
		}
		for i, v := range e.kept[k] {
			if d := math.Abs(v - other.kept[k][i]); math.Abs(v)+d >= fit.NearSup*e.Value {
				most = max(most, d)
			}
		}
	}
	return fit.IrregularSafety * most
}

// KeptSteps is the number of first steps that are all kept; with every doubling of the step
// half as many of the next ones are.
const KeptSteps = 256

// Keeps reports that e is kept at a step.
func Keeps(n int) bool {
	stride := 1
	for m := KeptSteps; n > m; m *= 2 {
		stride *= 2
	}
	return n%stride == 0
}

// resolvedTo returns the path up to the last step before which e on the grid of another
// one differs by little at every point: near a saddle e has features of the size e^{-t},
// and no two grids agree on it for long. hidden is the relative error that both leave.
func (e *largest) resolvedTo(other *largest, hidden float64) []ConstantPoint {
	off := 0.0
	for k := range min(len(e.path), len(other.path)) {
		p := &e.path[k]
		off = max(off, fit.Distance(e.fields[k], other.fields[k]), math.Abs(p.Value-other.path[k].Value))
		p.Error = off + (fit.SupTolerance+hidden)*p.Value
		if !(p.Error <= resolvedShare*p.Value) {
			return e.path[:k]
		}
	}
	return e.path[:min(len(e.path), len(other.path))]
}

// LargestCorrection follows e on the level's grid: as far as it goes or, where f is not
// convex, to where it has left what it was on another one, if that is not nil.
func (s *Kind) LargestCorrection(ctx context.Context, cache *survey.Cache, l survey.Level, o int, m *process.Diffusion, other *largest) (*largest, error) {
	data, err := cache.Get(l, s.Problem.Ball.R)
	if err != nil {
		return nil, err
	}
	df, err := m.Defect.New(data.Fields, s.Config.Workers)
	if err != nil {
		return nil, err
	}
	end := s.Horizon()
	if s.Mu > 0 {
		end = constantDecays / s.Mu
	}
	step := constantStep
	if s.Mu <= 0 {
		step = pathStep
	}
	// The same times on every grid.
	steps := math.Ceil(max(8, end*s.Cache.Survey.Speed/(step*s.Problem.Ball.R)))
	if !(steps <= mostConstantSteps) {
		return nil, errors.New(compare.Say("|grad f| is up to %.3g, so that the limit takes %.3g steps to t = %.3g; at most %d are taken", s.Cache.Survey.Speed, steps, end, mostConstantSteps))
	}
	dt := end / steps
	flow, err := kolmogorov.NewOperator(data.Grid, cache.Problem.Dynamics.Limit(data.Fields), fd.FullWidth)
	if err != nil {
		return nil, err
	}
	c := kolmogorov.NewCorrection(flow, df, data.Phi[o])
	if s.Mu > 0 { // elsewhere e has ever finer features, and is followed as far as it is resolved
		c.UseBasis(dt, int(steps))
	}
	q := look.NewPoints(s.Problem.Ball, look.SearchDensity(data.Grid.Dim(), l.Largest()))
	sample := look.NewSampler(data.Grid, 0, q, look.NewSphereMatrix(data.Grid, 0, q))
	finder := look.NewMaxFinder(data.Grid, 0, q, 3)
	common := look.NewPoints(s.Problem.Ball, look.PointDensity[data.Grid.Dim()])
	compared := look.NewSampler(data.Grid, 0, common, look.NewSphereMatrix(data.Grid, 0, common))
	values := make([]float64, len(q.X))
	best := &largest{t: new(float64), x: append([]float64(nil), s.Problem.Ball.Center...)}
	sup := func(c *kolmogorov.Correction) float64 {
		sample.SampleTo(values, c.E(), 1)
		lo, hi := fit.Limits(values)
		if most := max(-lo, hi); most < polishedFrom*best.Value {
			return most
		}
		return finder.Find(c.E(), values)
	}
	keep := func(c *kolmogorov.Correction, v float64) {
		if t := c.Time(); v > best.Value {
			best.Value, best.t = v, &t
			copy(best.x, finder.Best)
		}
	}
	var before *kolmogorov.Correction // two steps ago
	previous := c.Clone()
	last := [2]float64{} // the suprema of the last two steps
	var reference []float64
	since, now := 0.0, 0.0
	for n := 1; c.Time() < end-dt/2; n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := c.Advance(dt); err != nil {
			return nil, err
		}
		now = sup(c)
		if last[1] >= best.Value && last[1] >= now && before != nil {
			// A peak within the last two steps.
			if err := peak(before, 2*dt, sup, keep); err != nil {
				return nil, err
			}
			sample.SampleTo(values, c.E(), 1)
		}
		if s.Mu > 0 && c.Time()-since >= 1/s.Mu {
			if reference != nil && fit.Distance(reference, values) <= settled*best.Value {
				break
			}
			reference, since = append(reference[:0], values...), c.Time()
		}
		if now > best.Value {
			keep(c, now)
		}
		if s.Mu > 0 && Keeps(n) {
			e := make([]float64, len(common.X))
			compared.SampleTo(e, c.E(), 1)
			best.steps, best.kept = append(best.steps, n), append(best.kept, e)
		}
		if s.Mu <= 0 {
			best.path = append(best.path, ConstantPoint{Time: c.Time(), Value: best.Value, At: *best.t, X: slices.Clone(best.x)})
			best.fields = append(best.fields, look.At(s.Cache.Survey.Q, data.Grid, 0, [][]float64{c.E()})[0])
			if k := len(best.path) - 1; other != nil && (k >= len(other.path) || !(fit.Distance(best.fields[k], other.fields[k]) <= hopeless*best.Value)) {
				break
			}
		}
		last[0], last[1] = last[1], now
		before, previous = previous, c.Clone()
	}
	if s.Mu > 0 && now >= best.Value*(1-10*settled) {
		best.Value, best.t = max(best.Value, now), nil
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
