package compare

import (
	"context"
	"math"
)

// What a quadrature of the law of xi errs by is told by two richer ones, each of several
// times the points of the one before where these are affordable (objective.Rule): own -
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
func (s *gapStudy) richerLaws(sv *survey) []*gridCache {
	const rules = 2
	var caches []*gridCache
	o := s.p.Objective
	for range rules {
		finer, ok := o.Refine()
		if !ok {
			break
		}
		p := *s.p
		p.Objective, o = finer, finer
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

// traced returns the number of traced steps that all rules have.
func (u *underRules) traced() int {
	n := len(u.own.traceAtU)
	for _, r := range u.rich {
		n = min(n, len(r.traceAtU))
	}
	return n
}

// apart returns by how much the given gap, the largest |U - u| under the own rule, may be
// off for what the fields err by at traced step k: the largest error where |U - u| is nearly
// that gap, and elsewhere by how much |U - u| may exceed it.
func (u *underRules) apart(k int, gap float64) float64 {
	worst := 0.0
	gaps := make([]float64, len(u.rich))
	for i, v := range u.own.traceAtU[k] {
		own := u.e.trace.u[k][u.own.obs][i] - v
		for j, r := range u.rich {
			gaps[j] = u.on[j].trace.u[k][r.obs][i] - r.traceAtU[k][i]
		}
		e := ruleError(own, gaps)
		if math.Abs(own) < quadratureNear*gap {
			e += math.Abs(own) - gap
		}
		worst = max(worst, e)
	}
	return worst
}

// number returns the error of a number of the row.
func (u *underRules) number(of func(r *rowRun) float64) float64 {
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
	if s.p.Objective.Law().Exact || len(done) == 0 {
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

// underRules adds to the errors of limits what the quadrature over xi does to them: the
// largest of the bounds that off returns for the richer rules, which take no account of
// signs.
func (s *gapStudy) underRules(v *stationarySide, off func(cache *gridCache) ([]float64, error)) error {
	if s.p.Objective.Law().Exact {
		return nil
	}
	worst := make([]float64, len(v.null))
	if len(s.richer) == 0 {
		for f := range worst {
			worst[f] = math.NaN()
		}
	}
	for _, cache := range s.richer {
		of, err := off(cache)
		if err != nil {
			return err
		}
		for f, d := range of {
			worst[f] = max(worst[f], d)
		}
	}
	for f, d := range worst {
		v.add(f, orderSafety*d)
	}
	return nil
}
