package compare

import (
	"cmp"
	"context"
	"math"
	"slices"

	"kolmo/internal/par"
)

// rhoPoint is one one-step error.
type rhoPoint struct {
	n   int
	rho float64
	err float64 // of a run alone: what the error in t does to it
}

// rhoSeries are one-step errors in the order of the steps: of every step as long as the
// gap is followed, and of some of them afterwards.
type rhoSeries []rhoPoint

// rhoSeries returns what the row kept.
func (r *rowRun) rhoSeries() rhoSeries {
	var s rhoSeries
	for j, v := range r.rhos {
		s = append(s, rhoPoint{n: j + 1, rho: v, err: r.rhoTime[j]})
	}
	return append(s, r.late...)
}

// gapAt returns the gap of step n; NaN after the last step at which it was followed.
func (r *rowRun) gapAt(n int) float64 {
	if n >= len(r.curve) {
		return math.NaN()
	}
	return r.curve[n]
}

// rhoOther is the same row on other grids or by another order, and the share of the
// difference from it that is error.
type rhoOther struct {
	row   *rowRun
	share float64
}

// commonRho returns the points whose steps all the others have too, with their errors. These
// are the error in t, and for each of the others the difference of the two fields
// S u^{j-1} - u^j at the traced steps about this one, since suprema may agree by chance.
// They are never less than the difference of the suprema of this step and its neighbours.
func commonRho(e *engine, r *rowRun, others []rhoOther) rhoSeries {
	s := r.rhoSeries()
	scalar, fields := make([]float64, len(s)), make([]float64, len(s))
	in := make([]int, len(s)) // how many of the others have the step
	for _, o := range others {
		have := make(map[int]float64)
		for _, p := range o.row.rhoSeries() {
			have[p.n] = p.rho
		}
		apart := rhoDistance(e, r, o)
		for i, p := range s {
			if v, ok := have[p.n]; ok {
				in[i]++
				scalar[i] += o.share * math.Abs(p.rho-v)
				fields[i] += apart.about(p.n)
			}
		}
	}
	var both rhoSeries
	for i, p := range s {
		if in[i] < len(others) {
			continue
		}
		most := scalar[i]
		for _, k := range []int{i - 1, i + 1} {
			if k >= 0 && k < len(s) && in[k] == len(others) && s[k].n-p.n <= 1 && p.n-s[k].n <= 1 {
				most = max(most, scalar[k])
			}
		}
		p.err += max(most, fields[i])
		both = append(both, p)
	}
	return both
}

// rhoApart is how far the fields of two runs' one-step errors are apart, in the order of
// the steps.
type rhoApart []rhoPoint

// rhoDistance compares the fields at the traced steps that both runs have: their distance near
// the largest one-step error, within R/4 of it, and by how much the one-step error elsewhere
// could then exceed that; anywhere in the ball where the error falls irregularly.
func rhoDistance(e *engine, r *rowRun, o rhoOther) rhoApart {
	var apart rhoApart
	for n, a := range r.rhoAt {
		b := o.row.rhoAt[n]
		if b == nil {
			continue
		}
		worst := 0
		for i, v := range a {
			if math.Abs(v) > math.Abs(a[worst]) {
				worst = i
			}
		}
		top, off := math.Abs(a[worst]), 0.0
		near := e.p.Ball.About(e.q.x[worst], e.p.Ball.R/nearShare)
		for i, v := range a {
			d := o.share * math.Abs(v-b[i])
			if off = max(off, math.Abs(v)+d-top); r.irregular() || near.Contains(e.q.x[i]) {
				off = max(off, d)
			}
		}
		apart = append(apart, rhoPoint{n: n, err: off})
	}
	slices.SortFunc(apart, func(a, b rhoPoint) int { return cmp.Compare(a.n, b.n) })
	return apart
}

// about returns the larger of the distances at the steps before and after n.
func (d rhoApart) about(n int) float64 {
	i, found := slices.BinarySearchFunc(d, n, func(p rhoPoint, n int) int { return cmp.Compare(p.n, n) })
	switch {
	case found:
		return d[i].err
	case len(d) == 0:
		return 0
	case i == len(d):
		return d[i-1].err
	case i == 0:
		return d[0].err
	}
	return max(d[i-1].err, d[i].err)
}

// rhoEngines advances a list of plans until their gaps are closed, with the one-step
// errors of every step, and goes on with u alone until the rates of those have settled.
func (s *localKind) rhoEngines(ctx context.Context, cache *gridCache, eta Rate, list []planned, share float64) ([]*engine, error) {
	return s.each(ctx, cache, eta, list, share, func(e *engine, share float64) error {
		e.keepRho()
		if err := s.follow(ctx, e, eta, share); err != nil {
			return err
		}
		for _, m := range e.models {
			if m.err == nil && s.mu > 0 {
				if err := s.followRho(ctx, e, m); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Constants of the one-step errors after the gap is closed.
const (
	// rhoTimes is the most times 1/mu that they are followed.
	rhoTimes = 12
	// rhoSpacing is the time between them, in units of one over the problem's fastest rate.
	rhoSpacing = 0.05
	// rhoSettled is the relative change of the rate between the two last fifths of the
	// time at which it has settled.
	rhoSettled = 2e-3
	// rhoFaded is the share of the largest one-step error at which they end.
	rhoFaded = 1e-10
)

// followRho follows u of one model, whose gap is closed, and its one-step errors.
func (s *localKind) followRho(ctx context.Context, e *engine, m *modelRun) error {
	var rows []*rowRun
	for _, r := range e.rows {
		if r.m == m {
			rows = append(rows, r)
		}
	}
	closed := make([]bool, len(e.models))
	for i, other := range e.models {
		closed[i], other.closed = other.closed, other != m
	}
	defer func() {
		for i, other := range e.models {
			other.closed = closed[i]
		}
	}()
	n := len(rows[0].rhos)
	last := min(s.lastStep(e.eta), int(rhoTimes/s.mu/e.eta))
	for n < last && !settledRho(e, rows) {
		if err := ctx.Err(); err != nil {
			return err
		}
		steps := min(e.block, last-n)
		par.Do(e.workers, len(rows), func(i int) { rows[i].advance(steps) })
		if e.meetErrors(); m.err != nil {
			return nil
		}
		for j := range steps {
			if (n+j+1)%e.stride(n+j+1, rhoSpacing) != 0 {
				continue
			}
			step := n + j + 1
			sups := e.oneStep(j, func(r *rowRun, su []float64) float64 {
				if e.traced(step) {
					r.rhoAt[step] = make([]float64, len(e.q.x))
					r.tracer.sampleTo(r.rhoAt[step], su, 1)
				}
				return e.rhoSup(r, su)
			})
			for i, r := range e.rows {
				if r.m == m {
					r.late = append(r.late, rhoPoint{n: step, rho: sups[i], err: e.rhoTime(r, step, j)})
				}
			}
		}
		for _, r := range rows {
			r.goOn(steps)
		}
		n += steps
	}
	return nil
}

// settledRho reports that the one-step errors of all rows fall at rates that no longer
// change, or have fallen to rounding.
func settledRho(e *engine, rows []*rowRun) bool {
	for _, r := range rows {
		s := r.rhoSeries()
		if len(s) == 0 {
			return false
		}
		top := 0.0
		for _, p := range s {
			top = max(top, p.rho)
		}
		end := s[len(s)-1]
		if end.rho <= max(rhoFaded*top, rhoRounding/100*e.size[r.obs]) {
			continue
		}
		var at [2]rhoPoint // at three and four fifths of the time
		for k := range at {
			for _, p := range s {
				if 5*p.n <= (3+k)*end.n {
					at[k] = p
				}
			}
		}
		if at[0].n == 0 || at[0].n == at[1].n {
			return false
		}
		early := math.Log(at[0].rho/at[1].rho) / float64(at[1].n-at[0].n)
		late := math.Log(at[1].rho/end.rho) / float64(end.n-at[1].n)
		if !(math.Abs(early-late) <= rhoSettled*math.Abs(late)) {
			return false
		}
	}
	return true
}

// rhoSup returns the polished supremum of a one-step error.
func (e *engine) rhoSup(r *rowRun, su []float64) float64 {
	values := r.values[:len(e.search.x)]
	r.sampler.sampleTo(values, su, 1)
	return r.finder.find(su, values)
}

// keepRho asks the engine for the one-step errors of every step, before its first.
func (e *engine) keepRho() {
	e.everyRho = true
	for _, r := range e.rows {
		if r.rhoAt = make(map[int][]float64); r.prop == nil {
			continue // the model could not be set up
		}
		if r.differs = r.prop.KeepDifferences(); r.differs == nil {
			continue
		}
		for range e.block {
			r.differ = append(r.differ, [2][]float64{make([]float64, len(r.last)), make([]float64, len(r.last))})
		}
		for i := range r.differed {
			r.differed[i] = make([]float64, len(r.last)) // none at first
		}
	}
}

// rhoStep keeps the one-step errors of step n, which is entry j of the block.
func (e *engine) rhoStep(n, j int) {
	sups := e.oneStep(j, e.rhoSup)
	for i, r := range e.rows {
		if r.m.open() {
			r.rhos, r.rhoTime = append(r.rhos, sups[i]), append(r.rhoTime, e.rhoTime(r, n, j))
		}
	}
}

// rhoTime returns what the error in t does to the one-step error at step n, which is entry
// j of the block. With the error d^j of u^j that is S d^{j-1} - d^j: where differences D
// between longer steps tell d, those of S D^{j-1} - D^j at the points tell that, and
// otherwise |S d^{j-1}| + |d^j| bounds it.
func (e *engine) rhoTime(r *rowRun, n, j int) float64 {
	if r.differs == nil {
		return 2 * r.prop.TimeErrorAt(n)
	}
	before := r.differed
	if j > 0 {
		before = r.differ[j-1]
	}
	var sups [2]float64
	values := make([]float64, len(e.q.x))
	field := [][]float64{r.e[:e.data.g.Len()]} // the one-step error's field is spent
	for i, d := range r.differ[j] {
		e.s.ApplyAllTo(e.workers, field, [][]float64{before[i]})
		for k, v := range d {
			field[0][k] -= v
		}
		r.tracer.sampleTo(values, field[0], 1)
		for _, v := range values {
			sups[i] = max(sups[i], math.Abs(v))
		}
	}
	return r.differs.Error(sups[0], sups[1])
}

// finer returns the plan with the next finer grids of S and of the model; ok is false if
// there are none.
func (p planned) finer(d int) (next planned, ok bool) {
	next = p
	found := 0
	for i, side := range []struct {
		l *level
		r role
	}{{&next.s, forS}, {&next.l, forL}} {
		ladder, err := side.l.method.ladder(side.r, d, nil)
		if err != nil {
			return p, false
		}
		for _, l := range ladder {
			if l.largest() > side.l.largest() {
				l.sub = side.l.sub
				*side.l = l
				found |= 1 << i
				break
			}
		}
	}
	return next, found == 3
}
