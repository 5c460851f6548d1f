package compare

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"kolmo/kolmogorov"
	"kolmo/process"
)

// Gap is Run for the gap alone.
func Gap(ctx context.Context, p *Problem, cfg *Config) (*Result, error) {
	q := *p
	q.Studies = []Study{StudyGap}
	return Run(ctx, &q, cfg)
}

// newGapStudy returns the state of a run.
func newGapStudy(p *Problem, cfg *Config) *gapStudy {
	return &gapStudy{p: p, cfg: cfg, probed: make([]*probed, len(p.Models)), inside: map[float64]bool{}}
}

// gaps measures sup_n sup_{|x-center|<=R} |U^n - u(., n eta)| (Theorem 1) for some
// models at one learning rate, with error estimates. Other learning rates are looked at
// only to know where refinement begins: all units can be computed on their own.
func (s *gapStudy) gaps(ctx context.Context, i int, models []int) error {
	for k := range min(i, pilots) {
		if err := s.gaps(ctx, k, models); err != nil {
			return err
		}
	}
	models, err := missing(s, &s.units, StudyGap, i, models)
	if err != nil || models == nil {
		return err
	}
	return s.solve(ctx, i, models)
}

// gapResults collects all units and fits the orders in eta.
func (s *gapStudy) gapResults(res *Result) {
	p := s.p
	if s.mu <= 0 {
		h := s.until()
		res.Until = &h
		if p.transient() {
			res.Warnings = append(res.Warnings, fmt.Sprintf("%s: suprema are over t <= %g", s.notConvex(), h))
		} else {
			res.Warnings = append(res.Warnings, fmt.Sprintf("%s (smallest curvature found %.4g): suprema are over t <= %g only", s.notConvex(), s.mu/p.pace(), h))
		}
	}
	for i := range p.Etas {
		for m := range p.Models {
			u := s.units.at(i, m)
			res.Choices = append(res.Choices, u.Choices...)
			for _, w := range u.Warnings {
				if !slices.Contains(s.warnings, w) {
					s.warnings = append(s.warnings, w)
				}
			}
		}
	}
	for o, phi := range p.Observables {
		for m := range p.Models {
			for i := range p.Etas {
				u := s.units.at(i, m)
				res.Gap = append(res.Gap, u.Rows[o].V)
				for _, c := range u.Curves {
					if c.Observable == phi.Name() {
						res.Curves = append(res.Curves, c)
					}
				}
				for _, r := range u.Rasters {
					if r.Observable == phi.Name() {
						res.Rasters = append(res.Rasters, r)
					}
				}
				for _, f := range s.fields {
					if f.Observable == phi.Name() && f.Model == p.Models[m].Name && f.Eta == p.Etas[i].Value {
						res.Fields = append(res.Fields, f)
					}
				}
			}
		}
	}
	res.Order = orders(p, res.Gap, res.Curves)
}

// finished tells the watcher of a unit.
func (s *gapStudy) finished(u FinishedUnit) {
	if s.cfg.Watcher != nil {
		s.cfg.Watcher.Finished(u)
	}
}

// give hands over the fields of a finished row, or keeps them for the result.
func (s *gapStudy) give(f *FieldSet, row *GapRow) error {
	if s.cfg.Fields != nil {
		return s.cfg.Fields(f, row)
	}
	s.fields = append(s.fields, *f)
	return nil
}

// outcome is a finished row with what is drawn and stored of it.
type outcome struct {
	obs, model int
	row        GapRow
	curve      Curve
	raster     *Raster
	fields     *FieldSet
	ofS        Number  // the part of the interpolation's error that S has without u
	target     float64 // what the discretisation may err by
	resolved   bool    // the discretisation meets the accuracy
	// The last two levels of u and of U, and how far their fields are apart.
	pairL, pairS levelPair
	limit        string  // why no finer grid was tried, if it is not resolved
	narrow       bool    // the loss has features between the nodes
	expanded     float64 // see expansion
}

// gapStudy is the state of one call of Run.
type gapStudy struct {
	p          *Problem
	cfg        *Config
	cache      *gridCache
	richer     []*gridCache // under richer quadratures, the richest last; nil if xi's law is exact
	nearer     *gapStudy    // whose noise ends nearer to the region; nil until needed
	thinned    *gridCache   // under fewer samples, for probes; nil until needed
	mu         float64      // smallest eigenvalue of hess f known or found on the ball
	rate       float64      // the problem's fastest rate
	size       []float64    // sup |phi| over the ball
	units      unitTable[gapUnit]
	local      unitTable[localUnit]
	decay      unitTable[decayUnit]
	toTheEnd   unitTable[horizonUnit]
	limits     unitTable[stationaryUnit]
	modes      unitTable[spectrumUnit]
	chainModes map[int]*spectrumUnit // of S, by learning rate
	cross      unitTable[crossingUnit]
	chainCross map[int]*crossingUnit
	vary       unitTable[variationUnit]
	chainVary  map[int]*variationUnit
	sgd        map[int]*sgdLimit        // limits of U^n, by learning rate
	predicted  map[[2]int]*constantUnit // by observable and model
	probed     []*probed                // per model
	fields     []FieldSet               // of finished units
	target     *displacements           // of stationary means
	lastT      float64
	done       float64 // of total, the predicted work
	total      float64
	share      float64 // of this eta
	told       float64 // the progress that was reported
	megabytes  float64 // what the plan of the last engine needs
	part       int     // of the parts of the run
	parts      int
	inside     map[float64]bool // eta: the ball is invariant
	warnings   []string
	// given, if not nil, chooses the discretisations instead of the study: of S, of
	// the model with index i, what that goes over to, and the nodes to begin with.
	given func(i int, eta Rate) (forS, forL method, fallback *method, nodes float64, err error)
}

// firstTimes is the number of times 1/mu after which the first learning rate is guessed to
// close.
const firstTimes = 8

func (s *gapStudy) prepare() error {
	if err := supported(s.p); err != nil {
		return err
	}
	if err := s.checkHorizon(); err != nil {
		return err
	}
	if s.cfg.Watcher != nil {
		s.cfg.Watcher.Progress(0, "looking at the loss on the ball")
	}
	sv, err := newSurvey(s.p, s.cfg.Workers)
	if err != nil {
		return err
	}
	s.mu, s.rate, s.size = sv.mu, sv.rate(s.p.Ball.R), sv.size
	s.lastT = s.likelyTime()
	s.cache = newGridCache(s.p, sv, s.cfg.Workers)
	if note := s.p.Dynamics.Law().Note; note != "" {
		s.warnings = append(s.warnings, note)
	}
	s.richer = s.richerLaws(sv)
	for _, eta := range s.p.Etas {
		s.total += 1 / eta.Value
		if n := s.steps(eta.Value); n > manySteps {
			s.warnings = append(s.warnings, fmt.Sprintf("eta = %s: every run takes about %.2g steps, since f's least curvature on the ball is %.3g: this is slow, in proportion to 1/(mu eta)", eta.Text, n, s.mu))
		}
		if t := s.leastTime(); t/eta.Value > mostSteps {
			return s.tooManySteps(eta, t, sv.bend)
		}
	}
	return nil
}

// stretched is the ratio of f's curvatures from which its parameters have different scales:
// no learning rate then suits all directions.
const stretched = 1e4

// tooManySteps returns the error for a learning rate at which a run needs too many steps to
// reach t, given the largest curvature of f.
func (s *gapStudy) tooManySteps(eta Rate, t, bend float64) error {
	if s.mu > 0 && bend > stretched*s.mu {
		return &InputError{Key: "loss", Msg: fmt.Sprintf("f's curvatures on the ball go from %.3g to %.3g: eta = %s needs more than %d steps to t = %.3g, and larger ones diverge; scale the data, as standardize(..) does in columns", s.mu, bend, eta.Text, mostSteps, t)}
	}
	return &InputError{Key: "eta", Msg: fmt.Sprintf("eta = %s needs more than %d steps to reach t = %.3g (f's least curvature on the ball is %.3g); want a larger eta", eta.Text, mostSteps, t, s.mu)}
}

// likelyTime guesses the time of a run, and steps its steps at a learning rate.
func (s *gapStudy) likelyTime() float64 {
	if s.mu > 0 {
		return firstTimes / s.mu
	}
	return s.horizon()
}

func (s *gapStudy) steps(eta float64) float64 { return min(s.likelyTime()/eta, mostSteps) }

// leastTime is the time that a run needs at the least: one decay time of f, or
// the horizon.
func (s *gapStudy) leastTime() float64 {
	if s.mu > 0 {
		return 1 / s.mu
	}
	return s.horizon()
}

// notConvex says what f lacks where mu is not positive: nothing is then known of how fast u
// and U^n decay, and suprema are over a horizon.
func (s *gapStudy) notConvex() string {
	if s.p.transient() {
		return "the algorithm does not return to where it starts"
	}
	if _, ok := s.p.Dynamics.(process.Contracting); ok {
		return "the drift does not contract the region"
	}
	if s.mu < 0 {
		return "f is not convex on the ball"
	}
	return "f is not strongly convex on the ball"
}

// until is the horizon in the users' time.
func (s *gapStudy) until() float64 {
	if s.p.Horizon > 0 {
		return s.p.Horizon
	}
	return DefaultHorizon
}

func (s *gapStudy) horizon() float64 { return s.until() / s.p.pace() }

// Limits of the time that is computed for a convex f: decay is at least like
// e^{-mu t}.
const (
	decayTimes = 40
	mostSteps  = 200_000
	// manySteps is the number of steps from which a warning says that runs are long.
	manySteps = 50_000
)

// lastStep is the step at which a run ends even if it is not closed; without an
// invariant ball nothing can be closed, and the horizon is enough.
func (s *gapStudy) lastStep(eta float64) int {
	t := s.horizon()
	if s.p.transient() {
		return int(min(math.Floor(t/eta+1e-9), mostSteps))
	}
	if s.mu > 0 && s.invariant(eta) {
		t = decayTimes / s.mu
	}
	return int(min(math.Ceil(t/eta-1e-9), mostSteps))
}

func (s *gapStudy) progress(eta Rate, part, share float64, stage string) {
	if s.cfg.Watcher == nil {
		return
	}
	inEta := s.share + (share-s.share)*part
	within := min(1, (s.done+inEta/eta.Value)/s.total)
	// A shard may have to compute other units first, which are not counted.
	s.told = max(s.told, (float64(s.part)+within)/float64(max(s.parts, 1)))
	s.cfg.Watcher.Progress(s.told, stage)
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
func (e *engine) rowOf(m *process.Diffusion, obs int) *rowRun {
	for _, r := range e.rows {
		if r.m.model.Name == m.Name && r.obs == obs {
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
	inside, ok := s.inside[eta]
	if !ok {
		inside, _ = s.p.Dynamics.Chain(eta).Keeps(process.Region{State: s.p.Dynamics.State(), R: s.p.Ball.R})
		s.inside[eta] = inside
	}
	return inside
}
