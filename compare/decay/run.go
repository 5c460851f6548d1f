package decay

import (
	"context"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// decayRun is u on one grid: its derivatives at points of the ball and their suprema,
// and the moments.
type decayRun struct {
	level survey.Level // of the ball's own box
	half  float64      // half-width of the box
	rough survey.Roughness
	op    *kolmogorov.Operator
	t     []float64
	sup   [][][]float64   // [observable][J][time]
	left  [][][]float64   // what the searches for them leave out
	field [][][][]float64 // [observable][J][time][point]
	// moments are at the points, [m-1][time][point], some only after withMoments; radius is
	// |x - center| there.
	moments [mostMoment][][]float64
	radius  []float64
	// rounding is what rounding does to d^J of a field of size one, by J.
	rounding []float64
	// size is how far a field was from a constant, [observable][time].
	size [][]float64
	// ends is the run with noise that ends nearer to the region; nil where it ends by definition.
	ends   *decayRun
	fading *unit.Fading // of what they change
	err    error
}

// Constants of the times at which u is looked at.
const (
	// decayEarly of the steps are cut in decayCut.
	decayEarly, decayCut = 8, 3
	// derivativeExtra is by how many nodes the windows of derivatives exceed the order of
	// the differences.
	derivativeExtra = 4
	// fieldRest is the size, relative to the first, from which a field is scaled up.
	fieldRest = 1e-3
)

// decayEnd is the number of times 1/mu that u is followed, by dimension.
var decayEnd = [...]float64{0, 12, 12, 9}

// decaySamples is the number of equal steps in time, by dimension, and decayDensity R
// over the spacing of the points.
var (
	decaySamples = [...]int{0, 120, 72, 40}
	decayDensity = [...]int{0, 64, 16, 6}
)

// decaySchedule returns the times of a run.
func (s *Kind) decaySchedule() []float64 {
	end := s.Horizon()
	if s.Mu > 0 {
		end = decayEnd[len(s.Problem.Ball.Center)] / s.Mu
	}
	n := decaySamples[len(s.Problem.Ball.Center)]
	dt := end / float64(n)
	t := []float64{0}
	for k := 1; k <= decayEarly*decayCut; k++ {
		t = append(t, dt*float64(k)/decayCut)
	}
	for k := decayEarly + 1; k <= n; k++ {
		t = append(t, dt*float64(k))
	}
	return t
}

// shifted is a field u = constant + scale w. Since L 1 = 0, w is advanced alone: its
// rounding errors fall as u tends to a constant.
type shifted struct {
	w               []float64
	constant, scale float64
	first           float64 // max |w| at first
}

// settle moves the value at a node from w to the constant, and scales w up when it has
// become small.
func (f *shifted) settle(node int) {
	c := f.w[node]
	f.constant += f.scale * c
	top := 0.0
	for i := range f.w {
		f.w[i] -= c
		top = max(top, math.Abs(f.w[i]))
	}
	switch {
	case f.first == 0:
		f.first = top
	case top > 0 && top < fieldRest*f.first:
		_, e := math.Frexp(f.first / top)
		up := math.Ldexp(1, e-1)
		for i := range f.w {
			f.w[i] *= up
		}
		f.scale /= up
	}
}

// decayOn follows u on one grid, or the moments that a run on it lacks: those that are no
// observable's, which only the runs that are judged need.
func (s *Kind) decayOn(ctx context.Context, l survey.Level, half float64, model int, eta compare.Rate, lacks *decayRun) (*decayRun, error) {
	d := len(s.Problem.Ball.Center)
	run := &decayRun{level: l, half: half}
	l = l.Scaled(s.Problem.Ball, half/s.Problem.Ball.R)
	data, err := s.Cache.Get(l, half)
	if err != nil {
		return nil, err
	}
	run.rough = s.Cache.Rough(l, data, s.Problem.Models[model].Weights, eta.Value)
	g := data.Grid
	fail := func(err error) (*decayRun, error) { run.err = err; return run, nil }
	if run.op, _, err = survey.Equation(data.Fields, s.Problem.Models[model], eta.Value, l.Order); err != nil {
		return fail(err)
	}
	var fields []*shifted
	obs := 0
	if lacks == nil {
		for _, phi := range data.Phi {
			fields = append(fields, &shifted{w: slices.Clone(phi), scale: 1})
		}
		obs = len(fields)
	}
	x := make([]float64, d)
	var moments []momentOf
	for m := range mostMoment {
		if lacks != nil && lacks.moments[m] != nil {
			continue
		}
		phi, v := process.Moment(s.Problem.Ball.Center, m+1).NewFunc(), make([]float64, g.Len())
		for i := range v {
			g.PointTo(x, i)
			v[i] = phi(x)
		}
		if lacks != nil {
			moments = append(moments, momentOf{m, len(fields), 1})
			fields = append(fields, &shifted{w: v, scale: 1})
			continue
		}
		for o, phi := range data.Phi {
			// Offset by a constant or not, it is the same field times a number.
			if by := multiple(v, phi); by != 0 {
				moments = append(moments, momentOf{m, o, by})
				break
			}
		}
	}
	middle, nearest := 0, math.Inf(1)
	for i := range g.Len() {
		g.PointTo(x, i)
		if r := s.Problem.Ball.Distance(x); r < nearest {
			middle, nearest = i, r
		}
	}
	for _, f := range fields {
		f.settle(middle)
	}
	q := look.NewPoints(s.Problem.Ball, decayDensity[d])
	for _, p := range q.X {
		run.radius = append(run.radius, s.Problem.Ball.Distance(p))
	}
	js := look.MultiIndices(d)
	width := 0
	if l.Width > 0 {
		width = l.Order + derivativeExtra
	}
	// One task per observable, each with its workspace.
	tools := make([]*look.Jets, obs)
	places := make([][][]float64, obs)
	run.sup, run.left, run.field, run.size = make([][][]float64, obs), make([][][]float64, obs), make([][][][]float64, obs), make([][]float64, obs)
	for o := range tools {
		if tools[o] = look.NewJets(g, width, q, js); s.users != nil {
			tools[o].Along(s.users)
		}
		run.sup[o], run.left[o], run.field[o] = make([][]float64, len(js)), make([][]float64, len(js)), make([][][]float64, len(js))
		for range js {
			places[o] = append(places[o], append([]float64(nil), s.Problem.Ball.Center...))
		}
	}
	if obs > 0 {
		run.rounding = s.derivativeRounding(tools[0])
	}
	momentSampler := look.NewSampler(g, l.Width, q, look.NewSphereMatrix(g, l.Width, q))
	observe := func(t float64) {
		run.t = append(run.t, t*s.Problem.Pace())
		par.Do(s.Config.Workers, obs, func(o int) {
			f, values := fields[o], make([][]float64, len(js))
			for k := range js {
				values[k] = make([]float64, len(q.X))
			}
			tools[o].SampleTo(values, f.w)
			for k := range js {
				sup, left := tools[o].Largest(f.w, k, values[k], places[o][k])
				run.sup[o][k], run.left[o][k] = append(run.sup[o][k], f.scale*sup), append(run.left[o][k], f.scale*left)
				for i := range values[k] {
					values[k][i] *= f.scale
				}
				run.field[o][k] = append(run.field[o][k], values[k])
			}
			run.size[o] = append(run.size[o], f.scale*fit.MaxOf(f.w))
		})
		for _, m := range moments {
			f, values := fields[m.field], make([]float64, len(q.X))
			momentSampler.SampleTo(values, f.w, 1)
			for i, v := range values {
				values[i] = m.by * (f.constant + f.scale*v)
			}
			run.moments[m.m] = append(run.moments[m.m], values)
		}
	}
	observe(0)
	props := make([]kolmogorov.Propagator, len(fields))
	outs := make([][][][]float64, len(fields))
	for f := range fields {
		outs[f] = look.NewBlock(1, 1, g.Len())
	}
	errs := make([]error, len(fields))
	times := s.decaySchedule()
	for n := 1; n < len(times); n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if n == 1 || n == decayEarly*decayCut+1 {
			for f := range fields {
				props[f] = kolmogorov.NewPolynomial(run.op.WithWorkers(1), times[n]-times[n-1])
				props[f].Start([][]float64{fields[f].w})
			}
		}
		par.Do(s.Config.Workers, len(fields), func(f int) {
			if errs[f] = props[f].Advance(outs[f]); errs[f] == nil {
				copy(fields[f].w, outs[f][0][0])
				fields[f].settle(middle)
				props[f].Set([][]float64{fields[f].w})
			}
		})
		for _, err := range errs {
			if err != nil {
				return fail(err)
			}
		}
		observe(times[n])
	}
	return run, nil
}

// derivativeRounding returns, by J, the largest |d^J v| for a field v of rounding errors
// of a field of size one, as they are after one polynomial in time.
func (s *Kind) derivativeRounding(j *look.Jets) []float64 {
	v := make([]float64, j.G.Len())
	for i := range v {
		// Signs that do not follow the grid.
		v[i] = derivativeRoundoff*float64(2*(uint64(i+1)*0x9e3779b97f4a7c15>>63)) - derivativeRoundoff
	}
	values := make([][]float64, len(j.Js))
	for k := range values {
		values[k] = make([]float64, len(j.Q.X))
	}
	j.SampleTo(values, v)
	most := make([]float64, len(values))
	for k := range values {
		most[k] = fit.MaxOf(values[k])
	}
	return most
}

// derivativeRoundoff is the relative rounding error of a field: the terms of a polynomial
// in time are larger than their sum.
const derivativeRoundoff = 1e-15

// against returns the error of the run's sup |d^J u|, by time: the largest difference of
// its derivative from the other run's at any point, rounding, and what the search for the
// supremum leaves out. Two suprema may agree by chance, fields do not.
func (r *decayRun) against(c *decayRun, o, k int) []float64 {
	v, w := r.field[o][k], c.field[o][k]
	errs := make([]float64, min(len(v), len(w)))
	share := r.endsShare(func(f *unit.Fading) float64 { return f.Of(o) })
	for i := range errs {
		for p := range v[i] {
			errs[i] = max(errs[i], math.Abs(v[i][p]-w[i][p]))
		}
		errs[i] += r.rounding[k]*r.size[o][i] + r.left[o][k][i]
		if r.ends != nil {
			errs[i] += share * fit.Distance(v[i], r.ends.field[o][k][i])
		}
	}
	return errs
}

// remaining is the share of the difference from a coarser run that remains as the error of a derivative of an order: all of it, and more where grids miss
// something of rough coefficients. Derivatives of u beyond the second are as rough as those of the coefficients two orders below.
func (r *decayRun) remaining(c *decayRun, order int) float64 {
	const spread, smoother = 1, 2
	return max(1, r.rough.Remaining(c.rough, float64(min(spread, smoother-order))))
}

// endsShare is the share by which a change with nearer ends counts, zero where noise ends by definition.
func (r *decayRun) endsShare(of func(f *unit.Fading) float64) float64 {
	if r.ends == nil {
		return 0
	}
	return of(r.fading)
}
