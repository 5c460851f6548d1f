package compare

import (
	"context"
	"math"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
)

// rhoPoint is one one-step error.
type rhoPoint struct {
	n   int
	rho float64
	err float64
}

// rhoSeries are one-step errors in the order of the steps: of every step as long as the
// gap is followed, and of some of them afterwards.
type rhoSeries []rhoPoint

// rhoSeries returns what the row kept.
func (r *rowRun) rhoSeries() rhoSeries {
	var s rhoSeries
	for j, v := range r.rhos {
		s = append(s, rhoPoint{n: j + 1, rho: v})
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

// common returns the points whose steps all the others have too, with the sum of the
// differences, each times its share, as their errors; a step's is not below that of its
// neighbours, since suprema may agree by chance at one of them.
func (s rhoSeries) common(others []rhoSeries, shares []float64) rhoSeries {
	var both rhoSeries
	at := make([]int, len(others))
	for _, p := range s {
		in := true
		for k, o := range others {
			for at[k] < len(o) && o[at[k]].n < p.n {
				at[k]++
			}
			if in = in && at[k] < len(o) && o[at[k]].n == p.n; in {
				p.err += shares[k] * math.Abs(p.rho-o[at[k]].rho)
			}
		}
		if in {
			both = append(both, p)
		}
	}
	widened := append(rhoSeries(nil), both...)
	for i := range both {
		for _, k := range []int{i - 1, i + 1} {
			if k >= 0 && k < len(both) && both[k].n-both[i].n <= 1 && both[i].n-both[k].n <= 1 {
				widened[i].err = max(widened[i].err, both[k].err)
			}
		}
	}
	return widened
}

// rhoEngines advances a list of plans until their gaps are closed, with the one-step
// errors of every step, and goes on with u alone until the rates of those have settled.
func (s *gapStudy) rhoEngines(ctx context.Context, eta Rate, list []planned, share float64) ([]*engine, error) {
	return s.each(ctx, s.cache, eta, list, share, func(e *engine, share float64) error {
		e.everyRho = true
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
	// rhoSpacing is the time between them.
	rhoSpacing = 0.05
	// rhoSettled is the relative change of the rate between the two last fifths of the
	// time at which it has settled.
	rhoSettled = 2e-3
	// rhoFaded is the share of the largest one-step error at which they end.
	rhoFaded = 1e-10
)

// followRho follows u of one model, whose gap is closed, and its one-step errors.
func (s *gapStudy) followRho(ctx context.Context, e *engine, m *modelRun) error {
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
	stride := max(1, int(math.Round(rhoSpacing/e.eta)))
	n := len(rows[0].rhos)
	last := min(s.lastStep(e.eta), int(rhoTimes/s.mu/e.eta))
	for n < last && !e.rhoSettled(rows) {
		if err := ctx.Err(); err != nil {
			return err
		}
		steps := min(e.block, last-n)
		par.Do(e.workers, len(rows), func(i int) { rows[i].advance(steps) })
		if e.meetErrors(); m.err != nil {
			return nil
		}
		for j := range steps {
			if (n+j+1)%stride != 0 {
				continue
			}
			sups := e.oneStep(j, e.rhoSup)
			for i, r := range e.rows {
				if r.m == m {
					r.late = append(r.late, rhoPoint{n: n + j + 1, rho: sups[i]})
				}
			}
		}
		for _, r := range rows {
			copy(r.u[0], r.out[steps-1][0])
			copy(r.last, r.onS[steps-1])
		}
		n += steps
	}
	return nil
}

// rhoSettled reports that the one-step errors of all rows fall at rates that no longer
// change, or have fallen to rounding.
func (e *engine) rhoSettled(rows []*rowRun) bool {
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

// rhoStep keeps the one-step errors of step j of the block.
func (e *engine) rhoStep(j int) {
	sups := e.oneStep(j, e.rhoSup)
	for i, r := range e.rows {
		if r.m.open() {
			r.rhos = append(r.rhos, sups[i])
		}
	}
}

// rhoOfOtherOrder returns an engine for the plan's model with derivatives of another order
// on the same grid where closures matter, as for the gap; nil where they do not.
func (s *gapStudy) rhoOfOtherOrder(ctx context.Context, eta Rate, fine *engine, p planned) (*engine, error) {
	m := s.p.Models[p.model]
	run := fine.modelOf(m)
	if p.l.kind != grid.KindUniform || m == kolmogorov.Modified || m == kolmogorov.GradientFlow || run.err != nil || run.growth <= calmGrowth {
		return nil, nil
	}
	var e *engine
	for _, step := range []int{closureStep, -closureStep} {
		o := p
		if o.l.order += step; o.l.order < 2 || o.l.largest() < o.l.order+2 {
			continue
		}
		engines, err := s.rhoEngines(ctx, eta, []planned{o}, s.share)
		if err != nil {
			return nil, err
		}
		if e = engines[0]; e.modelOf(m).err == nil {
			break
		}
	}
	return e, nil
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
