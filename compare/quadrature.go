package compare

import (
	"context"
	"math"

	"kolmo/process"
)

// What a quadrature of the law of xi errs by is told by two richer ones, each of several
// times the points of the one before where these are affordable (law.Rule): own -
// rich is the error but for what the richest errs by itself, which is told by the other.
// One rule alone may agree with the own by chance, or because both are blind to the same
// oscillation; and so may two numbers, where the fields they are taken from do not.

const (
	// richSafety multiplies the difference from the richest rule.
	richSafety = 1.25
	// quadratureNear is the share of the largest gap from which what the rules differ by at
	// a point counts in full: at one point they may agree by chance.
	quadratureNear = 0.9
)

// noRule is the reason of rows without an error by the quadrature.
const noRule = "the error of the quadrature over xi could not be estimated: no run under a richer rule succeeded"

// ruleError returns the error of a number by the own rule, from those by richer ones, the
// richest last; where there is but one, twice the difference from it.
func ruleError(own float64, rich []float64) float64 {
	if len(rich) == 0 {
		return 0
	}
	last := rich[len(rich)-1]
	if len(rich) == 1 {
		return orderSafety * math.Abs(own-last)
	}
	e := richSafety * math.Abs(own-last)
	for _, v := range rich[:len(rich)-1] {
		e += orderSafety * math.Abs(v-last)
	}
	return e
}

// richerLaws returns the caches of the study's problem under richer rules, none where the
// law of xi is a finite sum or no richer rule can be had.
func (s *setup) richerLaws(sv *survey) []*gridCache {
	const rules = 2
	var caches []*gridCache
	d := s.p.Dynamics
	for range rules {
		finer, ok := d.Refine()
		if !ok {
			break
		}
		p := *s.p
		p.Dynamics, d = finer, finer
		caches = append(caches, newGridCache(&p, sv, s.cfg.Workers))
	}
	return caches
}

// underRules is a row on one plan under the own rule and under richer ones.
type underRules struct {
	e    *engine
	own  *rowRun
	rich []*rowRun
	on   []*engine // that the rich rows belong to
}

// under collects a row under all rules; ok is false where one of them failed.
func (e *engine) under(own *rowRun, rich []*engine) (u underRules, ok bool) {
	u = underRules{e: e, own: own, on: rich}
	ok = own.m.err == nil
	for _, f := range rich {
		r := f.rowOf(own.m.model, own.obs)
		u.rich = append(u.rich, r)
		ok = ok && r.m.err == nil
	}
	return u, ok
}

// traced returns the number of traced steps that all rules have; zero without richer ones.
func (u *underRules) traced() int {
	if len(u.rich) == 0 {
		return 0
	}
	n := len(u.own.traceAtU)
	for _, r := range u.rich {
		n = min(n, len(r.traceAtU))
	}
	return n
}

// apart returns by how much the given gap, the largest |U - u| under the own rule, may be
// off for what the fields err by at traced step k.
func (u *underRules) apart(k int, gap float64) float64 {
	worst := 0.0
	gaps := make([]float64, len(u.rich))
	for i, v := range u.own.traceAtU[k] {
		own := u.e.trace.u[k][u.own.obs][i] - v
		for j, r := range u.rich {
			gaps[j] = u.on[j].trace.u[k][r.obs][i] - r.traceAtU[k][i]
		}
		worst = max(worst, excess(own, ruleError(own, gaps), gap))
	}
	return worst
}

// excess returns by how much a supremum may be off for what the field errs by at a point: by
// all of it where the field is nearly the supremum, and elsewhere by how much it may exceed
// that.
func excess(value, err, supremum float64) float64 {
	if math.Abs(value) < quadratureNear*supremum {
		return err + math.Abs(value) - supremum
	}
	return err
}

// number returns the error of a number of the row; zero without richer rules.
func (u *underRules) number(of func(r *rowRun) float64) float64 {
	if len(u.rich) == 0 {
		return 0
	}
	var rich []float64
	for _, r := range u.rich {
		rich = append(rich, of(r))
	}
	return ruleError(of(u.own), rich)
}

// supremum returns the error of the row's largest gap: of the number itself, and of the
// fields wherever it may be.
func (u *underRules) supremum() float64 {
	worst := u.number(func(r *rowRun) float64 { return r.best })
	for k := range u.traced() {
		worst = max(worst, u.apart(k, u.own.best))
	}
	return worst
}

// quadrature estimates the error of the quadrature over xi: the coarse levels once more,
// and under the richer rules.
func (r *refinement) quadrature(ctx context.Context, done []*climber) error {
	s := r.s
	if s.p.Dynamics.Law().Exact || len(done) == 0 {
		return nil
	}
	var list []planned
	for _, c := range done {
		list = append(list, planned{model: c.model, s: c.ladderS[max(0, c.atS-1)], l: c.level(max(0, c.at-1))})
	}
	own, err := s.engines(ctx, s.cache, r.eta, list, s.share, false)
	if err != nil {
		return err
	}
	rich := make([][]*engine, len(done)) // per model, of every rule
	for _, cache := range s.richer {
		engines, err := s.engines(ctx, cache, r.eta, list, s.share, false)
		if err != nil {
			return err
		}
		for i, e := range engines {
			rich[i] = append(rich[i], e)
		}
	}
	for i, c := range done {
		for o := range s.p.Observables {
			e := math.NaN()
			if u, ok := own[i].under(own[i].rowOf(s.p.Models[c.model], o), rich[i]); ok && len(rich[i]) > 0 {
				e = u.supremum()
			}
			key := [2]int{o, c.model}
			out := r.final[key]
			out.row.Errors.Quadrature = Number(e)
			r.final[key] = out
		}
	}
	return nil
}

// underRules adds to the errors of limits what the quadrature over xi does to them: what
// the values by null vectors differ by, or where there are none, the largest of the bounds
// off, which take no account of signs. on returns both under a richer rule.
func (s *stationaryKind) underRules(v *stationarySide, on func(cache *gridCache) (null []estimate, off []float64, err error)) error {
	if s.p.Dynamics.Law().Exact {
		return nil
	}
	worst, values := make([]float64, len(v.null)), make([][]float64, len(v.null))
	for _, cache := range s.richer {
		null, off, err := on(cache)
		if err != nil {
			return err
		}
		for f := range worst {
			d := math.NaN()
			if f < len(off) {
				d = off[f]
			}
			worst[f], values[f] = max(worst[f], d), append(values[f], null[f].value)
		}
	}
	for f, bound := range worst {
		d := math.NaN()
		if len(s.richer) > 0 {
			d = ruleError(v.null[f].value, values[f])
		}
		if d != d && len(s.richer) > 0 {
			d = orderSafety * bound
		}
		v.add(f, d)
	}
	return nil
}

// constantUnderRules adds to the errors of a predicted constant what the quadrature over xi
// does to e, found on the level's grid.
func (s *constantKind) constantUnderRules(ctx context.Context, u *constantUnit, l level, e *largest, o int, m *process.Diffusion) error {
	row := &u.Row.V
	if s.p.Dynamics.Law().Exact {
		return nil
	}
	var rich []*largest
	for _, cache := range s.richer {
		r, err := s.largestCorrection(ctx, cache, l, o, m, nil)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			rich = nil
			break
		}
		rich = append(rich, r)
	}
	if len(rich) == 0 {
		reason := noRule
		row.Reason, row.Predicted, row.Error, row.T, row.X, u.Path = &reason, Number(math.NaN()), Number(math.NaN()), nil, nil, nil
		return nil
	}
	row.Error += Number(e.underRules(rich))
	for k := range u.Path {
		off := e.pathUnderRules(rich, k)
		if off != off {
			u.Path = u.Path[:k] // a rule did not get there
			break
		}
		u.Path[k].Error += off
	}
	return nil
}

// underRules returns what the quadrature over xi does to the largest |e|, from what it is
// under richer rules: to the number, and to the fields where |e| is or may be the largest.
func (e *largest) underRules(rich []*largest) float64 {
	values, steps := []float64{}, len(e.steps)
	for _, r := range rich {
		values, steps = append(values, r.value), min(steps, len(r.steps))
	}
	worst := ruleError(e.value, values)
	for k := range steps {
		for i, v := range e.kept[k] {
			for j, r := range rich {
				values[j] = r.kept[k][i]
			}
			worst = max(worst, excess(v, ruleError(v, values), e.value))
		}
	}
	return worst
}

// pathUnderRules is underRules of the largest |e| up to step k of the path; NaN where a rule
// did not get there.
func (e *largest) pathUnderRules(rich []*largest, k int) float64 {
	values := make([]float64, len(rich))
	for j, r := range rich {
		if k >= len(r.path) {
			return math.NaN()
		}
		values[j] = r.path[k].Value
	}
	worst, top := ruleError(e.path[k].Value, values), e.path[k].Value
	for n := range k + 1 {
		for i, v := range e.fields[n] {
			for j, r := range rich {
				values[j] = r.fields[n][i]
			}
			worst = max(worst, excess(v, ruleError(v, values), top))
		}
	}
	return worst
}

// localUnderRules returns, by step, what the quadrature over xi does to the one-step errors
// of a row: its difference from the richest rule, and half of that from the other one, as
// fields.
func localUnderRules(e *engine, own *rowRun, rich []*rowRun) rhoApart {
	shares := []float64{orderSafety}
	if len(rich) > 1 {
		shares = []float64{0.5, richSafety}
	}
	var others []rhoOther
	for k, r := range rich {
		others = append(others, rhoOther{r, shares[k]})
	}
	time := map[int]float64{}
	for _, p := range own.rhoSeries() {
		time[p.n] = p.err
	}
	var apart rhoApart
	for _, p := range commonRho(e, own, others) {
		apart = append(apart, rhoPoint{n: p.n, err: p.err - time[p.n]})
	}
	return apart
}
