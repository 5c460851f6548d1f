package gap

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
)

// refinement is the search for the resolutions of several models at one learning
// rate. Each climbs its own ladder and one of S, as far as its own errors ask and
// whatever the others do, so that a model's results do not depend on them; those
// that meet at a level of S share it.
type refinement struct {
	s       *Kind
	i       int // index of the learning rate
	eta     compare.Rate
	draw    bool // keep rasters for pictures
	models  []*climber
	final   map[[2]int]Outcome
	choices map[int]compare.Choice
}

// track is a ladder, and the one to go over to when it ends or fails; nil: none.
type track struct {
	levels, other []survey.Level
	at            int
}

// goOver replaces the ladder by the other one, of which the first level looked at will be the given one.
func (t *track) goOver(at int) {
	t.levels, t.other = t.other, nil
	t.at = min(at, len(t.levels)-2) - 1
}

// climber is one model on its ladders.
type climber struct {
	model int // index in the problem's models
	S, L  track
	sub   int // steps per SGD step, schemes only
	// again says that the end of the model's ladder has been looked at anew, since its error there was booked beside a
	// coarser S.
	again   bool
	done    bool
	outlook fit.Outlook
	// closure is the closures' error over the target when it was last looked at.
	closure float64
	// coarse and fine computed the model at the two last levels.
	coarse, fine *march.Engine
	// held is the engine that the outcomes were last taken from, and heldAt the model's level
	// there: fine may have failed since.
	held     *march.Engine
	heldAt   survey.Level
	warnings []string
}

// methods returns the discretisation of S and of a model, what a model goes over
// to where that fails, and the nodes per axis that are predicted to be needed,
// zero without prediction.
func (s *Kind) methods(ctx context.Context, i int, eta compare.Rate) (forS, forL survey.Method, fallback *survey.Method, nodes float64, choice *compare.Choice, err error) {
	if s.Given != nil {
		forS, forL, fallback, nodes, err = s.Given(i, eta)
		return forS, forL, fallback, nodes, nil, err
	}
	sv := s.Problem.Solver
	m := s.Problem.Models[i]
	uni := survey.Uniform(sv.Order).By(sv.Scheme)
	forS = survey.Chebyshev()
	if sv.Space == compare.SpaceUniform {
		forS = survey.Uniform(sv.Order)
	}
	open := sv.Space == compare.SpaceAuto || sv.Space == compare.SpaceUniform && sv.Time == compare.TimeAuto
	switch {
	case sv.Nodes == nil && open:
		best, next, choice, err := s.choose(ctx, i, eta)
		if err != nil {
			return forS, forL, nil, 0, nil, err
		}
		switch {
		case best.method.Kind == grid.KindChebyshev && next != nil:
			fallback = &next.method
		case best.method.Kind == grid.KindChebyshev:
			fallback = &uni
		case best.method.Scheme != nil && sv.Scheme == nil:
			polynomial := best.method.By(nil)
			fallback = &polynomial
		}
		return forS, best.method, fallback, best.nodes, choice, nil
	case sv.Space == compare.SpaceChebyshev:
		return forS, survey.Chebyshev().By(sv.Scheme), nil, 0, nil, nil
	case sv.Space == compare.SpaceUniform || !m.Analytic || sv.Scheme != nil && sv.Scheme.Implicit():
		// Differences keep the error of the cutoff's layer where it arises;
		// collocation spreads it over the ball.
		return forS, uni, nil, 0, nil, nil
	}
	return forS, survey.Chebyshev().By(sv.Scheme), nil, 0, nil, nil
}

// laddersOfS returns the levels of S for a model at one learning rate, and those to go over to where they end. On the
// line, fronts and kinks end collocation before differences. Where the pilots went over, this begins there.
func (s *Kind) laddersOfS(i, m int, method survey.Method) (own, other []survey.Level, err error) {
	if method.Kind == grid.KindChebyshev && s.Problem.Solver.Nodes == nil && s.Problem.Solver.Space == compare.SpaceAuto && len(s.Problem.Ball.Center) == 1 {
		if other, err = survey.Uniform(s.Problem.Solver.Order).Ladder(survey.ForS, s.Problem, nil); err != nil {
			return nil, nil, err
		}
		if k := min(i, pilots) - 1; k >= 0 && s.Units.At(k, m).Plan[1].S.Kind == grid.KindUniform {
			return other, nil, nil
		}
	}
	own, err = method.Ladder(survey.ForS, s.Problem, s.Problem.Solver.Nodes)
	return own, other, err
}

// solve computes the units of some models at one learning rate.
func (s *Kind) solve(ctx context.Context, i int, models []int) error {
	eta := s.Problem.Etas[i]
	r := &refinement{s: s, i: i, eta: eta, draw: i == len(s.Problem.Etas)-1, final: make(map[[2]int]Outcome), choices: make(map[int]compare.Choice)}
	for _, m := range models {
		mS, mL, fallback, nodes, choice, err := s.methods(ctx, m, eta)
		if err != nil {
			return err
		}
		if choice != nil {
			r.choices[m] = *choice
		}
		c := &climber{model: m}
		if c.S.levels, c.S.other, err = s.laddersOfS(i, m, mS); err != nil {
			return err
		}
		if c.L.levels, err = mL.Ladder(survey.ForL, s.Problem, s.Problem.Solver.Nodes); err != nil {
			return err
		}
		if fallback != nil {
			if c.L.other, err = fallback.Ladder(survey.ForL, s.Problem, nil); err != nil {
				return err
			}
		}
		c.sub = s.startSub(i, m)
		c.S.at = min(s.startS(i, m, c.S.levels), len(c.S.levels)-2)
		at, known := s.startL(i, m, c.L.levels)
		if !known {
			for at+1 < len(c.L.levels) && float64(c.L.levels[at+1].Largest()) < nodes {
				at++
			}
		}
		c.L.at = min(at, len(c.L.levels)-2)
		r.models = append(r.models, c)
	}
	return r.climb(ctx)
}

// finish turns a climber's outcomes into its unit.
func (r *refinement) finish(c *climber) error {
	s := r.s
	u := &Unit{At: c.L.at, AtS: c.S.at, Warnings: c.warnings}
	for _, e := range []*march.Engine{c.coarse, c.fine} {
		if note := e.Note; note != "" && !slices.Contains(u.Warnings, note) {
			u.Warnings = append(u.Warnings, note)
		}
	}
	if choice, ok := r.choices[c.model]; ok {
		u.Choices = []compare.Choice{choice}
	}
	for k := range u.Plan {
		u.Plan[k].S = unit.StoreLevel(c.S.levels[max(1, c.S.at)-1+k]) // two levels, also where S has just gone over
		u.Plan[k].L = unit.StoreLevel(c.level(max(0, c.L.at-1+k)))
	}
	for o := range s.Problem.Observables {
		f := r.final[[2]int{o, c.model}]
		s.certify(&f, c.model, r.eta)
		u.Rows = append(u.Rows, unit.JSON[compare.GapRow]{V: f.Row})
		if len(f.curve.T) > 0 {
			u.Curves = append(u.Curves, f.curve)
		}
		if f.raster != nil {
			u.Rasters = append(u.Rasters, *f.raster)
		}
		if f.fields != nil {
			if note := f.fields.Note; note != "" && !slices.Contains(u.Warnings, note) {
				u.Warnings = append(u.Warnings, note)
			}
			row := f.Row
			// Ranges shrink the error of a supremum, which lies between zero and widest. U - u at a point lies between -widest and
			// widest, and may be farther from its value on the grid than that; of what it errs by, ranges say nothing of u or U alone.
			row.Errors = f.ofFields
			if err := s.give(f.fields, &row); err != nil {
				return err
			}
		}
	}
	return unit.Keep(s.Setup, &s.Units, compare.StudyGap, r.i, c.model, u)
}

// level returns a level of the ladder with the present steps in time.
func (c *climber) level(i int) survey.Level {
	l := c.L.levels[i]
	l.Sub = c.sub
	return l
}

// Shares of a learning rate's predicted work, for the progress alone.
const (
	coarseShare = 0.3
	fineShare   = 0.95
)

// climb computes a first pair of levels and then raises S and the models until
// every row is resolved or no finer grid may be used. A model that is done is kept.
func (r *refinement) climb(ctx context.Context) error {
	s := r.s
	s.Share = 0
	open := r.models
	if err := r.run(ctx, open, coarseShare); err != nil {
		return err
	}
	for _, c := range open {
		c.L.at++
		c.S.at++
	}
	for len(open) > 0 {
		for _, c := range open {
			c.coarse = c.fine
		}
		if err := r.run(ctx, open, s.Share+(fineShare-s.Share)*0.7); err != nil {
			return err
		}
		var more, done []*climber
		for _, c := range open {
			w := r.judge(c)
			if w.s {
				c.S.at++
			}
			if w.l {
				c.L.at++
			}
			if w.t {
				c.sub *= 2
			}
			if c.done {
				if err := r.third(ctx, c); err != nil {
					return err
				}
			}
			if c.done {
				if err := r.closures(ctx, c); err != nil {
					return err
				}
			}
			if c.done {
				done = append(done, c)
			} else {
				more = append(more, c)
			}
		}
		if err := r.quadrature(ctx, done); err != nil {
			return err
		}
		if err := r.tapers(ctx, done); err != nil {
			return err
		}
		for _, c := range done {
			if err := r.finish(c); err != nil {
				return err
			}
			c.coarse, c.fine, c.held = nil, nil, nil
		}
		open = more
	}
	return nil
}

// run computes the models at their present levels.
func (r *refinement) run(ctx context.Context, models []*climber, share float64) error {
	var list []march.Planned
	for _, c := range models {
		list = append(list, march.Planned{Model: c.model, S: c.S.levels[c.S.at], L: c.level(c.L.at)})
	}
	engines, err := r.s.Engines(ctx, r.s.Cache, r.eta, list, share, true)
	for i, c := range models {
		if err == nil {
			c.fine = engines[i]
		}
	}
	return err
}

// wants is what must be refined: S, a model in space, its steps in time.
type wants struct{ s, l, t bool }

// timeShare is the share of what the discretisation may err by that the steps in
// time may take.
const timeShare = 0.25

// judge assesses the rows of a model, keeps the outcomes, and says what must be
// refined; the model is done when nothing need or can be.
func (r *refinement) judge(c *climber) (w wants) {
	s, fine, coarse := r.s, c.fine, c.coarse
	limit, excess, share := "", 0.0, 0.0
	for o := range s.Problem.Observables {
		key := [2]int{o, c.model}
		row := fine.RowOf(s.Problem.Models[c.model], o)
		old := coarse.RowOf(s.Problem.Models[c.model], o)
		if row.Model.Err != nil {
			// Collocation fails at more nodes if it fails at few.
			if prev, ok := r.final[key]; !ok || prev.Row.Gap != prev.Row.Gap {
				r.final[key] = s.failure(row, o, c.model, r.eta, row.Model.Err)
			}
			limit = failed(row.Model.Err)
			continue
		}
		if old.Model.Err != nil {
			if _, ok := r.final[key]; !ok {
				r.final[key] = s.failure(old, o, c.model, r.eta, old.Model.Err)
			}
			if errors.As(old.Model.Err, new(*unit.WorkError)) {
				limit = failed(old.Model.Err)
				continue
			}
			w.l = true
			continue
		}
		before := r.final[key]
		out := s.Assess(fine, coarse, r.eta, o, c.model, &before)
		if r.draw {
			if ra, ok := rasterOf(fine, row, r.eta); ok {
				out.raster = &ra
			}
		}
		r.final[key] = out
		c.held, c.heldAt = fine, c.level(c.L.at)
		if out.resolved {
			continue
		}
		e := out.Row.Errors
		excess = max(excess, float64(e.Space+e.Interpolation)/out.target)
		share = max(share, float64((e.Space+e.Interpolation)/out.Row.Gap))
		if layer := row.Model.Data.Layer; layer != nil && layer.Thickens(float64(c.L.levels[len(c.L.levels)-1].Largest())/float64(c.L.levels[c.L.at].Largest())) {
			share = math.Inf(1) // errors fall otherwise once the layer is resolved
		}
		// An error that is not known, as after a failure, must be found: NaN is not good.
		timely := c.L.levels[c.L.at].Scheme == nil || float64(e.Time) <= timeShare*out.target
		w.t = w.t || !timely
		interpolation := e.Interpolation
		if !(float64(e.Space) <= out.target/2) && c.L.at+1 < len(c.L.levels) {
			// What the grid of S does to u will change with u.
			interpolation = out.ofS
		}
		w.s = w.s || !(float64(interpolation) <= out.target/2) || timely && interpolation >= e.Space
		w.l = w.l || !(float64(e.Space) <= out.target/2) || timely && e.Space > interpolation
	}
	if limit == "" && w == (wants{}) {
		c.done = true
		return w
	}
	if limit == "" && !s.Invariant(r.eta.Value) {
		// Such a row cannot be certified: two levels say what there is to say.
		limit = "the ball is not invariant and the grid was not refined further"
	}
	if limit == "" && s.Problem.Solver.Nodes == nil && w != (wants{t: true}) {
		c.outlook.Add(survey.MeanNodes(c.S.levels[c.S.at], c.L.levels[c.L.at]), excess, share)
		limit = c.outlook.Hopeless(survey.MeanNodes(c.S.levels[len(c.S.levels)-1], c.L.levels[len(c.L.levels)-1]))
	}
	if w.s && (limit != "" || c.S.at+1 >= len(c.S.levels)) && c.S.other != nil && s.Invariant(r.eta.Value) {
		// The same for S, whose first level is compared with the last of this one.
		c.warnings = append(c.warnings, fmt.Sprintf("%s, eta = %s: S by %s stops at %d nodes; going over to %s", s.Problem.Models[c.model], r.eta.Text, c.S.levels[c.S.at], c.S.levels[c.S.at].Largest(), c.S.other[0]))
		c.S.goOver(max(s.startS(r.i, c.model, c.S.other), sort.Search(len(c.S.other), func(k int) bool { return c.S.other[k].Largest() >= c.S.levels[c.S.at].Largest() })))
		c.outlook = fit.Outlook{}
		return wants{s: true}
	}
	if limit == "" {
		// Whatever can be refined is, as long as anything asked for can.
		only := w == wants{l: true}
		if w, limit = r.possible(c, w); w != (wants{}) {
			limit = ""
		} else if only && !c.again && c.L.at > 0 && coarse.ModelOf(s.Problem.Models[c.model]).Level.Same(c.heldAt) {
			c.again = true
			c.L.at -= 2
			return wants{l: true}
		}
	}
	if limit == "" {
		return w
	}
	if c.L.other != nil && s.Invariant(r.eta.Value) {
		// Go over to the other method: its first level is compared with what
		// there is and then with its own next one.
		c.warnings = append(c.warnings, fmt.Sprintf("%s, eta = %s: %s stops at %d nodes (%s); going over to %s", s.Problem.Models[c.model], r.eta.Text, c.L.levels[c.L.at], c.L.levels[c.L.at].Largest(), limit, c.L.other[0]))
		at, _ := s.startL(r.i, c.model, c.L.other)
		c.L.goOver(at)
		c.outlook = fit.Outlook{}
		return wants{l: true}
	}
	if s.Problem.Solver.Nodes != nil {
		limit = "the study fixes the nodes"
	}
	for o := range s.Problem.Observables {
		key := [2]int{o, c.model}
		out := r.final[key]
		out.limit = limit
		r.final[key] = out
	}
	c.done = true
	return wants{}
}

// failed says why a grid gave nothing.
func failed(err error) string {
	if work, ok := errors.AsType[*unit.WorkError](err); ok {
		return work.Error()
	}
	return "the next finer grid is unstable"
}

// possible returns what of w can be refined, and why the rest cannot.
func (r *refinement) possible(c *climber, w wants) (can wants, limit string) {
	can = w
	if w.s && c.S.at+1 >= len(c.S.levels) {
		can.s, limit = false, "a finer grid for S exceeds the memory it may use"
	}
	if w.l && c.L.at+1 >= len(c.L.levels) {
		can.l, limit = false, "a finer grid exceeds the nodes it may have"
	}
	if w.t && c.sub >= survey.MostSub {
		can.t, limit = false, fmt.Sprintf("%d steps in time per SGD step are not enough", c.sub)
	}
	return can, limit
}
