package custom

import (
	"fmt"
	"slices"

	"kolmo/derived"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/process"
)

// Name is the kind.
const Name = "custom"

// algorithm is a step by formulas for a loss. It implements derived.Ending.
type algorithm struct {
	names  []string // of the state
	ranges []*process.Interval
	step   []*expr.Expr
	text   texts
	o      objective.Objective
	loss   *objective.Loss
	size   int // of a batch, 1 without
	noise  []law.Variable
	points int // of the quadrature of noise, per variable
	zeta   *law.Merged
	in     expr.Inputs
	nodes  *nodes
	half   bool // sqrt(eta) occurs
	noisy  bool // there is noise of that order
	end    func(z []float64) float64
}

var (
	_ derived.Ending  = (*algorithm)(nil)
	_ derived.Ranged  = (*algorithm)(nil)
	_ derived.Written = (*algorithm)(nil)
)

// The points per continuous noise variable: those of the first quadrature, how many a
// richer one has more, and the most.
const (
	firstPoints = 6
	morePoints  = 2
	mostPoints  = 12
)

// MostBatch is the largest size of a batch, of which every sample has its own gradient.
const MostBatch = 64

// New returns the algorithm whose coordinate k, of names.State, becomes formulas[k], or stays
// where that is nil. Noise that no formula has plays no part. The objective is the loss or batches of names.Size of it. The
// error says why there is no such algorithm.
func New(names Names, formulas []*Formula, o objective.Objective) (derived.Algorithm, error) {
	a := &algorithm{names: names.State, ranges: names.Ranges, size: names.Size, points: firstPoints, end: func([]float64) float64 { return 1 }}
	for _, v := range names.Noise {
		if slices.ContainsFunc(formulas, func(f *Formula) bool { return f.Uses(v.Name) }) {
			a.noise = append(a.noise, v)
		}
	}
	a.in = expr.Inputs{Parameters: a.names, Externals: []string{root, Eta}}
	for k := range a.size {
		for _, v := range names.Loss.Nodes().Variables {
			if a.size > 1 {
				v = drawn(v, k)
			}
			a.in.Variables = append(a.in.Variables, v)
		}
	}
	for _, v := range a.noise {
		a.in.Variables = append(a.in.Variables, v.Name)
	}
	for k, f := range formulas {
		e := expr.Parameter(a.names[k])
		if f != nil {
			e = f.e
			a.text.lines = append(a.text.lines, derived.Line{Name: a.names[k], Formula: f.text})
			a.text.rates = append(a.text.rates, derived.Line{Name: a.names[k], Formula: f.rate})
		}
		a.step = append(a.step, e)
	}
	if a.size > MostBatch {
		return nil, fmt.Errorf("a step by formulas takes batches of at most %d samples, not of %d", MostBatch, a.size)
	}
	if err := a.set(o); err != nil {
		return nil, err
	}
	for _, e := range a.step {
		a.half = a.half || e.Uses(root)
	}
	s := a.series(a.degrees())
	for k := range a.names {
		a.noisy = a.noisy || a.half && s.series.At(k, s.at(1)) != nil
	}
	return a, nil
}

// set sets the loss and the nodes of its law.
func (a *algorithm) set(o objective.Objective) (err error) {
	a.o = o
	a.loss, _ = o.(*objective.Loss)
	if b, ok := o.(*objective.Batch); ok {
		a.loss = b.Loss()
		if b.Batches().Matched() {
			return fmt.Errorf("a step by formulas needs all batches, and there are more than %d", law.BatchLimit)
		}
	}
	a.zeta = &law.Merged{Weights: []float64{1}}
	if len(a.noise) > 0 {
		s, err := law.Independent(a.noise, a.points)
		if err != nil {
			return err
		}
		a.zeta = s.Onto(func(string) bool { return true })
	}
	a.nodes = a.newNodes()
	return nil
}

func (a *algorithm) Name() string { return Name }

// Objective returns the expected loss.
func (a *algorithm) Objective() objective.Objective { return a.o }

func (a *algorithm) Names() []string { return a.names }

func (a *algorithm) Ranges() []*process.Interval { return a.ranges }

func (a *algorithm) Noisy() bool { return a.noisy }

// Ends implements derived.Ending: noise of order sqrt(eta) ends, other noise does not.
func (a *algorithm) Ends(end func(z []float64) float64) derived.Algorithm {
	b := *a
	if a.noisy {
		b.end = end
	}
	return &b
}

// continuous reports that some noise is a quadrature.
func (a *algorithm) continuous() bool {
	return slices.ContainsFunc(a.noise, func(v law.Variable) bool { return v.Law.Atoms() == 0 })
}

// Law implements derived.Algorithm: the nodes of xi times those of the noise.
func (a *algorithm) Law() process.Law {
	l := a.o.Law()
	p := process.Law{Images: len(a.nodes.weights), Draws: a.size, Unbounded: l.Unbounded, Note: l.Note}
	p.Exact = l.Exact && !a.continuous()
	for _, v := range a.noise {
		p.Unbounded = p.Unbounded || !a.noisy && !v.Law.Bounded()
	}
	return p
}

// Refine implements derived.Algorithm: more points for the noise, and for xi where it is a
// quadrature.
func (a *algorithm) Refine() (derived.Algorithm, bool) {
	b := *a
	fine, finer := a.o.Refine()
	if finer {
		b.o = fine
	}
	if a.continuous() {
		b.points += morePoints
		finer = b.points <= mostPoints
	}
	if !finer || b.set(b.o) != nil {
		return nil, false
	}
	return &b, true
}

// Thinned implements derived.Algorithm. Batches are left as they are.
func (a *algorithm) Thinned(n int) (derived.Algorithm, bool) {
	l, ok := a.o.(*objective.Loss)
	if !ok || l.Law().Len() <= n {
		return nil, false
	}
	b := *a
	if b.set(l.Thinned(n)) != nil {
		return nil, false
	}
	return &b, true
}
