package compare

import (
	"context"
	"fmt"
	"math"
	"slices"

	"kolmo/grid"
	"kolmo/montecarlo"
)

// Verdict is the outcome of one comparison of Verify.
type Verdict string

// The verdicts.
const (
	Agrees     Verdict = "agrees"
	Disagrees  Verdict = "disagrees"
	Incomplete Verdict = "incomplete" // a side has no value, no error estimate, or errors above the value
)

// Solution is a gap by one of the two methods.
type Solution struct {
	Gap        Number  `json:"gap"`
	Error      Number  `json:"error"` // total, absolute, two-sided
	Certified  bool    `json:"certified"`
	Reason     *string `json:"reason"` // nil, or why it is not certified
	Space      string  `json:"space"`  // of the model: chebyshev or uniform
	SpaceOrder int     `json:"space_order"`
	Nodes      int     `json:"nodes"` // per axis
	Scheme     string  `json:"scheme"`
	S          string  `json:"s"` // the discretisation of S: "uniform of order 8, 52 nodes"
}

// VerifiedGap is a gap by two methods.
type VerifiedGap struct {
	Observable string   `json:"observable"`
	Model      string   `json:"model"`
	Eta        float64  `json:"eta"`
	EtaText    string   `json:"eta_text"`
	First      Solution `json:"first"`
	Second     Solution `json:"second"`
	Difference Number   `json:"difference"` // of the gaps, absolute
	Allowed    Number   `json:"allowed"`    // the sum of the errors
	Verdict    Verdict  `json:"verdict"`
}

// Verification is how the gaps of a study compare with those of a second method, and
// the means of SGD with sampled ones. It marshals to verify.json.
type Verification struct {
	Schema   int           `json:"schema"`
	Study    string        `json:"study"`
	Title    string        `json:"title"`
	Kolmo    string        `json:"kolmo"`
	Seed     uint64        `json:"seed"`
	Paths    int           `json:"paths"`  // from every point
	Sigmas   float64       `json:"sigmas"` // standard errors that a sampled mean may be off
	Agree    bool          `json:"agree"`  // nothing disagrees
	Warnings []string      `json:"warnings"`
	Gap      []VerifiedGap `json:"gap"`
	Sampled  []SampledMean `json:"sampled"`
}

// Complete reports whether everything could be compared.
func (v *Verification) Complete() bool {
	gap := func(g VerifiedGap) bool { return g.Verdict == Incomplete }
	mean := func(m SampledMean) bool { return m.Verdict == Incomplete }
	return !slices.ContainsFunc(v.Gap, gap) && !slices.ContainsFunc(v.Sampled, mean)
}

// Disagreeing returns the number of comparisons that disagree.
func (v *Verification) Disagreeing() int {
	n := 0
	for _, g := range v.Gap {
		if g.Verdict == Disagrees {
			n++
		}
	}
	for _, m := range v.Sampled {
		if m.Verdict == Disagrees {
			n++
		}
	}
	return n
}

// VerifyConfig holds the choices of Verify. Nil means the defaults.
type VerifyConfig struct {
	Config
	Paths int    // from every point; default 0: montecarlo.DefaultPaths
	Seed  uint64 // of the paths
}

// Verify computes the problem's gaps by its own solver and again by an independent
// second method, and some of SGD's means U^n by seeded paths, and compares them. The
// second method takes differences where the problem's solver took collocation, and
// another order where it took differences; windows for S where that was interpolated
// by whole axes and the other way round; another propagation in t; other numbers of
// nodes; and where the law of xi is a quadrature, a richer one. Two gaps agree if they differ by no more than the sum of their errors,
// certified or not (uncertified errors above the gaps decide nothing); a sampled mean agrees if it is within Sigmas standard errors and
// the grid's own error. The errors are those of Run and montecarlo.Run. Cost: two runs
// of the gap study and at most 5e7 sampled gradients per montecarlo.DefaultPaths paths and learning rate.
func Verify(ctx context.Context, p *Problem, cfg *VerifyConfig) (*Verification, error) {
	return (&verifier{first: p, second: p, sampled: p}).run(ctx, cfg)
}

// verifier holds the problems that are taken for the same; tests plant others.
type verifier struct {
	first, second, sampled *Problem
	cfg                    VerifyConfig
	draws                  int // budget of gradients; 0: mostDraws
	batch                  int // samples per gradient
	v                      *Verification
}

// part is a Watcher for one of several parts of the work.
type part struct {
	w      Watcher
	at, of float64 // where it begins and how much it is of the whole
	name   string
}

// Progress implements Watcher.
func (w part) Progress(share float64, stage string) { w.w.Progress(w.at+w.of*share, w.name+stage) }

// Finished implements Watcher.
func (w part) Finished(u FinishedUnit) {
	u.Key = w.name + u.Key
	w.w.Finished(u)
}

var _ Watcher = part{}

// watch returns cfg for a part of the work.
func (r *verifier) watch(at, of float64, name string) *Config {
	c := r.cfg.Config
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

func (r *verifier) run(ctx context.Context, cfg *VerifyConfig) (*Verification, error) {
	if cfg != nil {
		r.cfg = *cfg
	}
	if r.cfg.Paths == 0 {
		r.cfg.Paths = montecarlo.DefaultPaths
	}
	if r.draws == 0 {
		r.draws = mostDraws
	}
	r.v = &Verification{Schema: 1, Study: r.first.Name, Title: r.first.Title, Seed: r.cfg.Seed, Paths: r.cfg.Paths, Sigmas: mostSigmas,
		Agree: true, Warnings: []string{}, Gap: []VerifiedGap{}, Sampled: []SampledMean{}}
	first := *r.first
	first.Fields = FieldRequest{}
	a, err := newSetup(&first, r.watch(0, firstShare, ""))
	if err != nil {
		return nil, err
	}
	ofA := newGapKind(a)
	rowsA, err := table(ctx, ofA)
	if err != nil {
		return nil, err
	}
	second := *r.second
	second.Fields, second.Solver = FieldRequest{}, Solver{}
	if rich, ok := second.Dynamics.Refine(); ok {
		// One that can be refined again, as its own error has to be known, too.
		if _, ok := rich.Refine(); ok {
			second.Dynamics = rich
		}
	}
	cfgB := r.watch(firstShare, secondShare, "second method, ")
	cfgB.operatorBytes = secondBytes
	b, err := newSetup(&second, cfgB)
	if err != nil {
		return nil, err
	}
	ofB := newGapKind(b)
	ofB.given = another(ofA, rowsA)
	rowsB, err := table(ctx, ofB)
	if err != nil {
		return nil, err
	}
	r.v.Warnings = append(r.v.Warnings, a.warnings...)
	for _, w := range b.warnings {
		if !slices.Contains(a.warnings, w) {
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
func table(ctx context.Context, s *gapKind) ([][][]GapRow, error) {
	rows := make([][][]GapRow, len(s.p.Etas))
	for i, eta := range s.p.Etas {
		if err := s.Run(ctx, i, s.allModels()); err != nil {
			return nil, err
		}
		rows[i] = make([][]GapRow, len(s.p.Observables))
		for o := range rows[i] {
			rows[i][o] = make([]GapRow, len(s.p.Models))
		}
		for m := range s.p.Models {
			for o, row := range s.units.at(i, m).Rows {
				rows[i][o][m] = row.V
			}
		}
		s.done += 1 / eta.Value
	}
	return rows, nil
}

// solutionOf returns what is compared and reported of a row.
func solutionOf(s *gapKind, row *GapRow, i, m int) Solution {
	l := s.units.at(i, m).plan(s.p, m, 1).s
	return Solution{Gap: row.Gap, Error: row.Error, Certified: row.Certified, Reason: row.Reason, Space: row.Space, SpaceOrder: row.SpaceOrder,
		Nodes: row.Nodes, Scheme: row.Scheme, S: fmt.Sprintf("%s, %d nodes", l.method, l.largest())}
}

func compareGaps(first, second Solution, row *GapRow) VerifiedGap {
	g := VerifiedGap{Observable: row.Observable, Model: row.Model, Eta: row.Eta, EtaText: row.EtaText, First: first, Second: second}
	g.Difference = Number(math.Abs(float64(first.Gap - second.Gap)))
	g.Allowed = first.Error + second.Error
	switch {
	case !finite(g.Difference) || !finite(g.Allowed):
		g.Verdict = Incomplete
	case g.Difference > g.Allowed:
		g.Verdict = Disagrees
	case g.Allowed >= max(first.Gap, second.Gap) && !(first.Certified && second.Certified):
		g.Verdict = Incomplete // anything agrees with such errors
	default:
		g.Verdict = Agrees
	}
	return g
}

func finite(v Number) bool { return v-v == 0 }

// nodeShift is by how many nodes per axis the grids of the second method differ from
// those of the study's, by dimension: in three, steps along lines and windows of S cost
// so much more than collocation on few nodes that it begins with coarser ones.
var nodeShift = [grid.MaxDim + 1]int{0, 4, 4, -8}

// windowOrder is the order of the second method's windows for S, by dimension: in three a
// row has its third power of weights.
var windowOrder = [grid.MaxDim + 1]int{0, DefaultOrder, DefaultOrder, 6}

// secondBytes bounds the memory of the second method's weights of S; beyond it S is
// applied without them.
const secondBytes = 1 << 30

// another returns the choice of a second method that has nothing in common with the
// one by which a study's rows were solved.
func another(s *gapKind, rows [][][]GapRow) func(int, Rate) (forS, forL method, fallback *method, nodes float64, err error) {
	return func(i int, eta Rate) (forS, forL method, fallback *method, nodes float64, err error) {
		at := slices.Index(s.p.Etas, eta)
		row := &rows[at][0][i]
		for o := range rows[at] {
			if row = &rows[at][o][i]; finite(row.Gap) {
				break
			}
		}
		d := len(s.p.Ball.Center)
		forS = uniform(windowOrder[d])
		if s.units.at(at, i).plan(s.p, i, 1).s.kind == grid.KindUniform {
			forS = chebyshev()
		}
		order := DefaultOrder
		if row.Space == grid.KindUniform.String() {
			order = anotherOrder(row.SpaceOrder)
		}
		forL = uniform(order)
		forS.shift, forL.shift = nodeShift[d], nodeShift[d]
		other := forL
		if row.Scheme == polynomialName {
			forL = forL.by(stiffScheme)
		} else {
			// The steps have an error, the polynomial has none: it needs no way out but
			// the order.
			other = uniform(anotherOrder(order))
			other.shift = nodeShift[d]
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
