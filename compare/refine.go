package compare

import (
	"context"
	"fmt"
	"math"

	"kolmo/grid"
	"kolmo/kolmogorov"
)

// modelMethod names a model solved by a method.
type modelMethod struct {
	model int
	kind  grid.Kind
	order int
}

// refinement is the search for the resolution of one learning rate: S and every
// model climb their own ladders, each as far as its own error asks.
type refinement struct {
	s       *gapStudy
	eta     Rate
	ladderS []level
	atS     int
	models  []*climber
	final   map[[2]int]outcome
}

// climber is one model on its ladder.
type climber struct {
	model  int // index in the problem's models
	ladder []level
	at     int
	sub    int     // steps per SGD step, schemes only
	other  []level // the ladder to go over to when this one fails; nil: none
	done   bool
	// closure is the closures' error over the target when it was last looked at.
	closure float64
}

// methods returns the discretisation of S and of a model, what a model goes over
// to where that fails, and the nodes per axis that are predicted to be needed,
// zero without prediction.
func (s *gapStudy) methods(ctx context.Context, i int, eta Rate) (forS, forL method, fallback *method, nodes float64, err error) {
	if s.given != nil {
		return s.given(i, eta)
	}
	sv := s.p.Solver
	m := s.p.Models[i]
	uni := uniform(sv.Order).by(sv.Scheme)
	forS = chebyshev()
	if sv.Space == SpaceUniform {
		forS = uniform(sv.Order)
	}
	open := sv.Space == SpaceAuto || sv.Space == SpaceUniform && sv.Time == TimeAuto
	switch {
	case sv.Nodes == nil && open:
		best, next, err := s.choose(ctx, i, eta)
		if err != nil {
			return forS, forL, nil, 0, err
		}
		switch {
		case best.method.kind == grid.KindChebyshev && next != nil:
			fallback = &next.method
		case best.method.kind == grid.KindChebyshev:
			fallback = &uni
		case best.method.scheme != nil && sv.Scheme == nil:
			polynomial := best.method.by(nil)
			fallback = &polynomial
		}
		return forS, best.method, fallback, best.nodes, nil
	case sv.Space == SpaceChebyshev:
		return forS, chebyshev().by(sv.Scheme), nil, 0, nil
	case sv.Space == SpaceUniform || m == kolmogorov.Modified || sv.Scheme != nil && sv.Scheme.Implicit():
		// Differences keep the error of the cutoff's layer where it arises;
		// collocation spreads it over the ball.
		return forS, uni, nil, 0, nil
	}
	return forS, chebyshev().by(sv.Scheme), nil, 0, nil
}

// solve computes all rows of one learning rate.
func (s *gapStudy) solve(ctx context.Context, eta Rate, draw bool) ([]outcome, error) {
	r := &refinement{s: s, eta: eta, final: make(map[[2]int]outcome)}
	d := len(s.p.Ball.Center)
	for i := range s.p.Models {
		mS, mL, fallback, nodes, err := s.methods(ctx, i, eta)
		if err != nil {
			return nil, err
		}
		if r.ladderS, err = mS.ladder(forS, d, s.p.Solver.Nodes); err != nil {
			return nil, err
		}
		c := &climber{model: i, sub: max(firstSub, s.modelSub[i]/2)}
		if c.ladder, err = mL.ladder(forL, d, s.p.Solver.Nodes); err != nil {
			return nil, err
		}
		if fallback != nil {
			if c.other, err = fallback.ladder(forL, d, nil); err != nil {
				return nil, err
			}
		}
		at, known := s.modelStart[c.method()]
		if !known {
			for at+1 < len(c.ladder) && float64(c.ladder[at+1].largest()) < nodes {
				at++
			}
		}
		c.at = min(at, len(c.ladder)-2)
		r.models = append(r.models, c)
	}
	r.atS = min(s.sStart, len(r.ladderS)-2)
	if err := r.climb(ctx, draw); err != nil {
		return nil, err
	}
	s.sStart = max(0, r.atS-1)
	var out []outcome
	plans := [2]plan{{s: r.ladderS[max(0, r.atS-1)]}, {s: r.ladderS[r.atS]}}
	for _, c := range r.models {
		for i, at := range []int{max(0, c.at-1), c.at} {
			plans[i].models = append(plans[i].models, s.p.Models[c.model])
			plans[i].levels = append(plans[i].levels, c.level(at))
		}
		s.modelStart[c.method()] = max(0, c.at-1)
		s.modelSub[c.model] = c.sub
		for o := range s.p.Observables {
			f := r.final[[2]int{o, c.model}]
			s.certify(&f, eta)
			out = append(out, f)
		}
	}
	s.plans[eta.Value] = plans
	return out, nil
}

func (c *climber) method() modelMethod {
	return modelMethod{c.model, c.ladder[0].kind, c.ladder[0].order}
}

// plan returns S and the models that are not done at their present levels.
func (r *refinement) plan() plan {
	pl := plan{s: r.ladderS[r.atS]}
	for _, c := range r.models {
		if !c.done {
			pl.models = append(pl.models, r.s.p.Models[c.model])
			pl.levels = append(pl.levels, c.level(c.at))
		}
	}
	return pl
}

// level returns a level of the ladder with the present steps in time.
func (c *climber) level(i int) level {
	l := c.ladder[i]
	l.sub = c.sub
	return l
}

// Shares of a learning rate's predicted work, for the progress alone.
const (
	coarseShare = 0.3
	fineShare   = 0.95
)

// climb computes a first pair of levels and then raises S and the models until
// every row is resolved or no finer grid may be used.
func (r *refinement) climb(ctx context.Context, draw bool) error {
	s := r.s
	s.share = 0
	coarse, err := s.run(ctx, s.cache, r.plan(), r.eta, coarseShare)
	if err != nil {
		return err
	}
	raiseS := true
	for _, c := range r.models {
		c.at++
	}
	for {
		if raiseS {
			r.atS++
		}
		fine, err := s.run(ctx, s.cache, r.plan(), r.eta, s.share+(fineShare-s.share)*0.7)
		if err != nil {
			return err
		}
		raiseS = false
		for _, c := range r.models {
			if c.done {
				continue
			}
			w := r.judge(fine, coarse, c, draw)
			raiseS = raiseS || w.s
			if w.l {
				c.at++
			}
			if w.t {
				c.sub *= 2
			}
			if c.done {
				if err := r.closures(ctx, fine, c); err != nil {
					return err
				}
			}
		}
		open := false
		for _, c := range r.models {
			open = open || !c.done
		}
		if !open {
			return r.quadrature(ctx)
		}
		coarse = fine
	}
}

// wants is what must be refined: S, a model in space, its steps in time.
type wants struct{ s, l, t bool }

// timeShare is the share of what the discretisation may err by that the steps in
// time may take.
const timeShare = 0.25

// judge assesses the rows of a model, keeps the outcomes, and says what must be
// refined; the model is done when nothing need or can be.
func (r *refinement) judge(fine, coarse *engine, c *climber, draw bool) (w wants) {
	s := r.s
	limit := ""
	for o := range s.p.Observables {
		key := [2]int{o, c.model}
		row := fine.rowOf(s.p.Models[c.model], o)
		old := coarse.rowOf(s.p.Models[c.model], o)
		if row.m.err != nil {
			// Collocation fails at more nodes if it fails at few.
			if prev, ok := r.final[key]; !ok || prev.row.Gap != prev.row.Gap {
				r.final[key] = s.failure(row, o, c.model, r.eta, row.m.err)
			}
			limit = "the next finer grid is unstable"
			continue
		}
		if old.m.err != nil {
			if _, ok := r.final[key]; !ok {
				r.final[key] = s.failure(old, o, c.model, r.eta, old.m.err)
			}
			w.l = true
			continue
		}
		before := r.final[key]
		out := s.assess(fine, coarse, r.eta, o, c.model, &before)
		if draw {
			if ra, ok := fine.raster(row, r.eta); ok {
				out.raster = &ra
			}
		}
		r.final[key] = out
		if out.resolved {
			continue
		}
		e := out.row.Errors
		// An error that is not known, as after a failure, must be found: NaN is not good.
		timely := c.ladder[c.at].scheme == nil || float64(e.Time) <= timeShare*out.target
		w.t = w.t || !timely
		w.s = w.s || !(float64(e.Interpolation) <= out.target/2) || timely && e.Interpolation >= e.Space
		w.l = w.l || !(float64(e.Space) <= out.target/2) || timely && e.Space > e.Interpolation
	}
	if limit == "" && w == (wants{}) {
		c.done = true
		return w
	}
	if limit == "" && !s.invariant(r.eta.Value) {
		// Such a row cannot be certified: two levels say what there is to say.
		limit = "the ball is not invariant and the grid was not refined further"
	}
	if limit == "" && w.s && r.atS+1 >= len(r.ladderS) {
		limit = "a finer grid for S exceeds the memory it may use"
	}
	if limit == "" && w.l && c.at+1 >= len(c.ladder) {
		limit = "a finer grid exceeds the nodes it may have"
	}
	if limit == "" && w.t && c.sub >= mostSub {
		limit = fmt.Sprintf("%d steps in time per SGD step are not enough", c.sub)
	}
	if limit == "" {
		return w
	}
	if c.other != nil && s.invariant(r.eta.Value) {
		// Go over to the other method: its first level is compared with what
		// there is and then with its own next one.
		s.warnings = append(s.warnings, fmt.Sprintf("%s, eta = %s: %s stops at %d nodes (%s); going over to %s", s.p.Models[c.model], r.eta.Text, c.ladder[c.at], c.ladder[c.at].largest(), limit, c.other[0]))
		c.ladder, c.other = c.other, nil
		c.at = min(s.modelStart[c.method()], len(c.ladder)-2) - 1
		return wants{l: true}
	}
	if s.p.Solver.Nodes != nil {
		limit = "the study fixes the nodes"
	}
	for o := range s.p.Observables {
		key := [2]int{o, c.model}
		out := r.final[key]
		out.limit = limit
		r.final[key] = out
	}
	c.done = true
	return wants{}
}

// quadrature estimates the error of the quadrature over xi: the coarse plan once
// more under a richer rule.
func (r *refinement) quadrature(ctx context.Context) error {
	s := r.s
	if s.refined == nil {
		return nil
	}
	pl := plan{s: r.ladderS[max(0, r.atS-1)]}
	for _, c := range r.models {
		pl.models = append(pl.models, s.p.Models[c.model])
		pl.levels = append(pl.levels, c.level(max(0, c.at-1)))
	}
	first, err := s.run(ctx, s.cache, pl, r.eta, 1)
	if err != nil {
		return err
	}
	second, err := s.run(ctx, s.refined, pl, r.eta, 1)
	if err != nil {
		return err
	}
	for k, out := range r.final {
		row := first.rowOf(s.p.Models[k[1]], k[0])
		dG := math.NaN()
		if row.m.err == nil {
			_, _, dG = first.difference(row, second)
		}
		out.row.Errors.Quadrature = Number(dG)
		r.final[k] = out
	}
	return nil
}
