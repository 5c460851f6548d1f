package compare

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"kolmo/kolmogorov"
	"kolmo/objective"
)

// Gap is Run for the gap alone.
func Gap(ctx context.Context, p *Problem, cfg *Config) (*Result, error) {
	q := *p
	q.Studies = []Study{StudyGap}
	return Run(ctx, &q, cfg)
}

// newGapStudy returns the state of a run.
func newGapStudy(p *Problem, cfg *Config) *gapStudy {
	return &gapStudy{p: p, cfg: cfg, lastT: firstT, modelStart: map[modelMethod]int{}, modelSub: make([]int, len(p.Models)),
		probed: make([]*probed, len(p.Models)), inside: map[float64]bool{}, plans: map[float64][2]plan{}}
}

// gaps measures sup_n sup_{|x-center|<=R} |U^n - u(., n eta)| (Theorem 1) for every
// learning rate, model and observable of the problem, with error estimates, fits
// the orders in eta and predicts the constants.
func (s *gapStudy) gaps(ctx context.Context, res *Result) error {
	p := s.p
	if s.mu <= 0 {
		res.Warnings = append(res.Warnings, fmt.Sprintf("f is not convex on the ball (smallest curvature found %.4g): suprema are over t <= %g only", s.mu, s.horizon()))
	}
	type key struct{ o, m, eta int }
	rows := make(map[key]outcome)
	for i, eta := range p.Etas {
		out, err := s.solve(ctx, eta, i == len(p.Etas)-1)
		if err != nil {
			return err
		}
		for _, o := range out {
			rows[key{o.obs, o.model, i}] = o
		}
		s.done += 1 / eta.Value
	}
	for o := range p.Observables {
		for m := range p.Models {
			for i := range p.Etas {
				out := rows[key{o, m, i}]
				res.Gap = append(res.Gap, out.row)
				if len(out.curve.T) > 0 {
					res.Curves = append(res.Curves, out.curve)
				}
				if out.raster != nil {
					res.Rasters = append(res.Rasters, *out.raster)
				}
				if out.fields != nil {
					res.Fields = append(res.Fields, *out.fields)
				}
			}
		}
	}
	res.Choices = append(res.Choices, s.choices...)
	res.Order = orders(p, res.Gap)
	var err error
	res.Constant, err = s.constants(ctx, res.Gap)
	return err
}

// outcome is a finished row with what is drawn and stored of it.
type outcome struct {
	obs, model int
	row        GapRow
	curve      Curve
	raster     *Raster
	fields     *FieldSet
	target     float64 // what the discretisation may err by
	resolved   bool    // the discretisation meets the accuracy
	limit      string  // why no finer grid was tried, if it is not resolved
}

// gapStudy is the state of one call of Run.
type gapStudy struct {
	p          *Problem
	cfg        *Config
	cache      *gridCache
	refined    *gridCache // under the richer quadrature; nil if xi's law is exact
	mu         float64    // smallest eigenvalue of hess f found on the ball
	size       []float64  // sup |phi| over the ball
	sStart     int        // where the ladder of S starts
	modelStart map[modelMethod]int
	modelSub   []int     // per model, steps per SGD step that the last rate ended with
	probed     []*probed // per model
	choices    []Choice
	lastT      float64
	done       float64 // of total, the predicted work
	total      float64
	share      float64 // of this eta
	part       int     // of the parts of the run
	parts      int
	plans      map[float64][2]plan // eta: the last two plans, coarse and fine
	inside     map[float64]bool    // eta: the ball is invariant
	warnings   []string
	// given, if not nil, chooses the discretisations instead of the study: of S, of
	// the model with index i, what that goes over to, and the nodes to begin with.
	given func(i int, eta Rate) (forS, forL method, fallback *method, nodes float64, err error)
}

// firstT is the time after which the first learning rate is guessed to close.
const firstT = 8

func (s *gapStudy) prepare() error {
	if err := s.checkHorizon(); err != nil {
		return err
	}
	sv, err := newSurvey(s.p, s.cfg.Workers)
	if err != nil {
		return err
	}
	s.mu, s.size = sv.mu, sv.size
	s.cache = newGridCache(s.p, sv, s.cfg.Workers)
	if note := s.p.Objective.Law().Note; note != "" {
		s.warnings = append(s.warnings, note)
	}
	if o, ok := s.p.Objective.Refine(); ok {
		p := *s.p
		p.Objective = o
		s.refined = newGridCache(&p, sv, s.cfg.Workers)
	}
	for _, eta := range s.p.Etas {
		s.total += 1 / eta.Value
		if t := s.leastTime(); t/eta.Value > mostSteps {
			return &InputError{Key: "eta", Msg: fmt.Sprintf("eta = %s needs more than %d steps to reach t = %.3g (f's least curvature on the ball is %.3g); want a larger eta", eta.Text, mostSteps, t, s.mu)}
		}
	}
	return nil
}

// leastTime is the time that a run needs at the least: one decay time of f, or
// the horizon.
func (s *gapStudy) leastTime() float64 {
	if s.mu > 0 {
		return 1 / s.mu
	}
	return s.horizon()
}

func (s *gapStudy) horizon() float64 {
	if s.p.Horizon > 0 {
		return s.p.Horizon
	}
	return DefaultHorizon
}

// Limits of the time that is computed for a convex f: decay is at least like
// e^{-mu t}.
const (
	decayTimes = 40
	mostSteps  = 200_000
)

// lastStep is the step at which a run ends even if it is not closed; without an
// invariant ball nothing can be closed, and the horizon is enough.
func (s *gapStudy) lastStep(eta float64) int {
	t := s.horizon()
	if s.mu > 0 && s.invariant(eta) {
		t = decayTimes / s.mu
	}
	return int(min(math.Ceil(t/eta-1e-9), mostSteps))
}

// run advances a new engine until its rows are closed.
func (s *gapStudy) run(ctx context.Context, cache *gridCache, pl plan, eta Rate, share float64) (*engine, error) {
	e, err := s.start(ctx, cache, pl, eta, share)
	if err != nil {
		return nil, err
	}
	if n := e.s.Note(); n != "" && !slices.Contains(s.warnings, n) {
		s.warnings = append(s.warnings, n)
	}
	if s.wantsFields(eta) {
		if e.shots, err = newSnapshots(e, &s.p.Fields, s.cfg.fieldBytes); err != nil {
			return nil, err
		}
	}
	return e, s.follow(ctx, e, eta, share)
}

// start returns an engine for a plan.
func (s *gapStudy) start(ctx context.Context, cache *gridCache, pl plan, eta Rate, share float64) (*engine, error) {
	stage := fmt.Sprintf("eta = %s: S on %d %s nodes per axis, about %.0f MB", eta.Text, pl.s.largest(), pl.s.kind, float64(pl.bytes(s.p))/1e6)
	s.progress(eta, 0, share, stage)
	return newEngine(ctx, cache.p, cache, pl, eta.Value, s.cfg)
}

// follow advances an engine until its rows are closed.
func (s *gapStudy) follow(ctx context.Context, e *engine, eta Rate, share float64) error {
	stage := fmt.Sprintf("eta = %s", eta.Text)
	err := e.run(ctx, s.lastStep(eta.Value), func(n int) {
		s.progress(eta, min(1, float64(n)*eta.Value/s.lastT), share, stage)
	})
	if err != nil {
		return err
	}
	if k := len(e.trace.n); k > 0 {
		s.lastT = max(1, float64(e.trace.n[k-1])*eta.Value)
	}
	s.share = share
	return nil
}

func (s *gapStudy) progress(eta Rate, part, share float64, stage string) {
	if s.cfg.Watcher == nil {
		return
	}
	inEta := s.share + (share-s.share)*part
	within := min(1, (s.done+inEta/eta.Value)/s.total)
	s.cfg.Watcher.Progress((float64(s.part)+within)/float64(max(s.parts, 1)), stage)
}

func (s *gapStudy) wantsFields(eta Rate) bool {
	for _, e := range s.p.Fields.Etas {
		if e == eta.Value {
			return true
		}
	}
	return false
}

// rowOf returns the engine's row, or nil.
func (e *engine) rowOf(m kolmogorov.Model, obs int) *rowRun {
	for _, r := range e.rows {
		if r.m.model == m && r.obs == obs {
			return r
		}
	}
	return nil
}

// instability turns a model's failure into a reason.
func instability(err error) string {
	reason := strings.TrimPrefix(err.Error(), "kolmogorov: ")
	if errors.Is(err, kolmogorov.ErrUnstable) {
		return "unstable: " + reason
	}
	return reason
}

// invariant reports that no sample leaves the ball in one step.
func (s *gapStudy) invariant(eta float64) bool {
	if s.p.Objective.Law().Unbounded {
		return false
	}
	inside, ok := s.inside[eta]
	if !ok {
		v, _, _ := objective.MaxImage(s.p.Objective, s.p.Ball.Center, s.p.Ball.R, eta)
		inside = v <= s.p.Ball.R*(1+1e-12)
		s.inside[eta] = inside
	}
	return inside
}
