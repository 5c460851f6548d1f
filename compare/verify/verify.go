package verify

import (
	"context"
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/compare/gap"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/montecarlo"
)

// VerifyConfig holds the choices of Verify. Nil means the defaults.
type VerifyConfig struct {
	compare.Config
	Paths int    // from every point; default 0: montecarlo.DefaultPaths
	Seed  uint64 // of the paths
}

// Verify computes the problem's gaps by its own solver and again by an independent second method, and some of
// SGD's means U^n by seeded paths, and compares them. The second method takes differences where the problem's
// solver took collocation, and another order where it took differences. S is interpolated in windows where it
// was by whole axes, and the other way round. Propagation in t and numbers of nodes are others, and where the
// law of xi is a quadrature, a richer one is taken. Two gaps agree if they differ by no more than the sum of
// their errors, certified or not (uncertified errors above the gaps decide nothing). A sampled mean agrees if
// it is within Sigmas standard errors and the grid's own error. The errors are those of Run and
// montecarlo.Run. Cost: two runs of the gap study and at most 5e7 sampled gradients per
// montecarlo.DefaultPaths paths and learning rate.
func Verify(ctx context.Context, p *compare.Problem, cfg *VerifyConfig) (*compare.Verification, error) {
	return (&Verifier{First: p, Second: p, Sampled: p}).Run(ctx, cfg)
}

// Verifier holds the problems that are taken for the same; tests plant others.
type Verifier struct {
	First, Second, Sampled *compare.Problem
	Cfg                    VerifyConfig
	Draws                  int // budget of gradients; 0: mostDraws
	Batch                  int // samples per gradient
	v                      *compare.Verification
}

// part is a Watcher for one of several parts of the work.
type part struct {
	w      compare.Watcher
	at, of float64 // where it begins and how much it is of the whole
	name   string
}

func (w part) Progress(share float64, stage string) { w.w.Progress(w.at+w.of*share, w.name+stage) }

func (w part) Finished(u compare.FinishedUnit) {
	u.Key = w.name + u.Key
	w.w.Finished(u)
}

var _ compare.Watcher = part{}

// watch returns cfg for a part of the work.
func (r *Verifier) watch(at, of float64, name string) *compare.Config {
	c := r.Cfg.Config
	if c.Watcher != nil {
		c.Watcher = part{c.Watcher, at, of, name}
	}
	return &c
}

// Shares of the work, for the progress alone.
const (
	firstShare  = 0.3
	secondShare = 0.55
)

func (r *Verifier) Run(ctx context.Context, cfg *VerifyConfig) (*compare.Verification, error) {
	if cfg != nil {
		r.Cfg = *cfg
	}
	if r.Cfg.Paths == 0 {
		r.Cfg.Paths = montecarlo.DefaultPaths
	}
	if r.Draws == 0 {
		r.Draws = MostDraws
	}
	r.v = &compare.Verification{Schema: 1, Study: r.First.Name, Title: r.First.Title, Seed: r.Cfg.Seed, Paths: r.Cfg.Paths, Sigmas: mostSigmas,
		Agree: true, Warnings: []string{}, Gap: []compare.VerifiedGap{}, Sampled: []compare.SampledMean{}}
	first := *r.First
	first.Fields = compare.FieldRequest{}
	a, err := unit.New(&first, r.watch(0, firstShare, ""))
	if err != nil {
		return nil, err
	}
	ofA := gap.New(a)
	rowsA, err := table(ctx, ofA)
	if err != nil {
		return nil, err
	}
	second := *r.Second
	second.Fields, second.Solver = compare.FieldRequest{}, compare.Solver{}
	if rich, ok := second.Dynamics.Refine(); ok {
		// One that can be refined again, as its own error has to be known, too.
		if _, ok := rich.Refine(); ok {
			second.Dynamics = rich
		}
	}
	cfgB := r.watch(firstShare, secondShare, "second method, ")
	cfgB.OperatorBytes = secondBytes
	b, err := unit.New(&second, cfgB)
	if err != nil {
		return nil, err
	}
	ofB := gap.New(b)
	ofB.Given = another(ofA, rowsA)
	rowsB, err := table(ctx, ofB)
	if err != nil {
		return nil, err
	}
	r.v.Warnings = append(r.v.Warnings, a.Warnings...)
	for _, w := range b.Warnings {
		if !slices.Contains(a.Warnings, w) {
			r.v.Warnings = append(r.v.Warnings, "second method: "+w)
		}
	}
	for o := range first.Observables {
		for m := range first.Models {
			for i := range first.Etas {
				x, y := &rowsA[i][o][m], &rowsB[i][o][m]
				r.v.Gap = append(r.v.Gap, compareGaps(solutionOf(ofA, x, i, m), solutionOf(ofB, y, i, m), x))
			}
		}
	}
	if err := r.sample(ctx, ofA, rowsA); err != nil {
		return nil, err
	}
	r.v.Agree = r.v.Disagreeing() == 0
	return r.v, nil
}

// table returns the rows of the gap study by learning rate, observable and model.
func table(ctx context.Context, s *gap.Kind) ([][][]compare.GapRow, error) {
	rows := make([][][]compare.GapRow, len(s.Problem.Etas))
	for i, eta := range s.Problem.Etas {
		if err := s.Run(ctx, i, s.AllModels()); err != nil {
			return nil, err
		}
		rows[i] = make([][]compare.GapRow, len(s.Problem.Observables))
		for o := range rows[i] {
			rows[i][o] = make([]compare.GapRow, len(s.Problem.Models))
		}
		for m := range s.Problem.Models {
			for o, row := range s.Units.At(i, m).Rows {
				rows[i][o][m] = row.V
			}
		}
		s.Done += 1 / eta.Value
	}
	return rows, nil
}

// solutionOf returns what is compared and reported of a row.
func solutionOf(s *gap.Kind, row *compare.GapRow, i, m int) compare.Solution {
	l := s.Units.At(i, m).PlanOf(s.Problem, m, 1).S
	return compare.Solution{Gap: row.Gap, Error: row.Error, Certified: row.Certified, Reason: row.Reason, Space: row.Space, SpaceOrder: row.SpaceOrder,
		Nodes: row.Nodes, Scheme: row.Scheme, S: fmt.Sprintf("%s, %d nodes", l.Method, l.Largest())}
}

func compareGaps(first, second compare.Solution, row *compare.GapRow) compare.VerifiedGap {
	g := compare.VerifiedGap{Observable: row.Observable, Model: row.Model, Eta: row.Eta, EtaText: row.EtaText, First: first, Second: second}
	g.Difference = compare.Number(math.Abs(float64(first.Gap - second.Gap)))
	g.Allowed = first.Error + second.Error
	switch {
	case !Finite(g.Difference) || !Finite(g.Allowed):
		g.Verdict = compare.Incomplete
	case g.Difference > g.Allowed:
		g.Verdict = compare.Disagrees
	case g.Allowed >= max(first.Gap, second.Gap) && !(first.Certified && second.Certified):
		g.Verdict = compare.Incomplete // anything agrees with such errors
	default:
		g.Verdict = compare.Agrees
	}
	return g
}

func Finite(v compare.Number) bool { return v-v == 0 }

// nodeShift is by how many nodes per axis the grids of the second method differ from
// those of the study's, by dimension. In three, steps along lines and windows of S cost
// so much more than collocation on few nodes that it begins with coarser ones.
var nodeShift = [grid.MaxDim + 1]int{0, 4, 4, -8}

// windowOrder is the order of the second method's windows for S, by dimension: in three a
// row has its third power of weights.
var windowOrder = [grid.MaxDim + 1]int{0, compare.DefaultOrder, compare.DefaultOrder, 6}

// secondBytes bounds the memory of the second method's weights of S; beyond it S is
// applied without them.
const secondBytes = 1 << 30

// another returns the choice of a second method that has nothing in common with the
// one by which a study's rows were solved.
func another(s *gap.Kind, rows [][][]compare.GapRow) func(int, compare.Rate) (forS, forL survey.Method, fallback *survey.Method, nodes float64, err error) {
	return func(i int, eta compare.Rate) (forS, forL survey.Method, fallback *survey.Method, nodes float64, err error) {
		at := slices.Index(s.Problem.Etas, eta)
		row := &rows[at][0][i]
		for o := range rows[at] {
			if row = &rows[at][o][i]; Finite(row.Gap) {
				break
			}
		}
		d := len(s.Problem.Ball.Center)
		forS = survey.Uniform(windowOrder[d])
		if s.Units.At(at, i).PlanOf(s.Problem, i, 1).S.Kind == grid.KindUniform {
			forS = survey.Chebyshev()
		}
		order := compare.DefaultOrder
		if row.Space == grid.KindUniform.String() {
			order = anotherOrder(row.SpaceOrder)
		}
		forL = survey.Uniform(order)
		forS.Shift, forL.Shift = nodeShift[d], nodeShift[d]
		other := forL
		if row.Scheme == survey.PolynomialName {
			forL = forL.By(survey.StiffScheme)
		} else {
			// The steps have an error, the polynomial has none: it needs no way out but
			// the order.
			other = survey.Uniform(anotherOrder(order))
			other.Shift = nodeShift[d]
		}
		return forS, forL, &other, 0, nil
	}
}

// anotherOrder returns an order of differences that is not the given one.
func anotherOrder(order int) int {
	switch {
	case order >= 8:
		return order - 2
	default:
		return order + 2
	}
}
