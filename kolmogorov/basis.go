package kolmogorov

import (
	"fmt"
	"kolmo/kolmogorov/parity"
	"math"

	arnoldi "kolmo/internal/krylov"
)

// BasisConfig holds the choices of a propagation by a basis. The zero value and nil mean the
// defaults.
type BasisConfig struct {
	// Tolerance is the error, relative to |u|, at which the bound ends the basis. Default
	// 1e-9.
	Tolerance float64
	// Vectors is the most vectors of a basis. Default 200.
	Vectors int
	// Growth multiplies the bound: at least |e^{tL}| on the grid in the maximum norm.
	// Default: at least 1 and what the basis shows of it in the last vectors it added. That
	// is an estimate from below; give ten times Operator.Growth where that is large.
	Growth float64
	least  float64 // of the default
	ahead  bool    // further calls will follow
	// Truncation has Tolerance and TimeError be those of the residual alone, without the
	// estimate of rounding.
	Truncation bool
}

// bound returns what the trajectory misses at step n, as the choices count it.
func (c *BasisConfig) bound(t *arnoldi.Trajectory, n int) float64 {
	if c.Truncation {
		return t.Residual(n)
	}
	return t.Bound(n)
}

// withDefaults returns the choices with the defaults filled in; nil is zero.
func (c *BasisConfig) withDefaults() BasisConfig {
	var f BasisConfig
	if c != nil {
		f = *c
	}
	if f.Tolerance <= 0 {
		f.Tolerance = 1e-9
	}
	if f.Vectors <= 0 {
		f.Vectors = 200
	}
	return f
}

// Basis propagates by an Arnoldi basis of L for each field, u(t) = V e^{tH} |phi| e_1, which
// serves all times from its start and ends by its own bound. It is for collocation, where L
// has few large eigenvalues beside those that u needs; on difference grids it needs far more
// vectors than Polynomial needs steps. Constants, which L maps to zero, are kept apart, and
// fields by their parities where the grid mirrors itself, so that a problem that does the
// same costs half or less. Where the bound is not met, as for kinks, Advance returns a
// *BasisError. It is a workspace: one goroutine at a time. Memory: a field per vector.
type Basis struct {
	op     *Operator
	eta    float64
	cfg    BasisConfig
	fold   *parity.Reflections
	guard  guard
	runs   []*basisRun
	folded []float64
	since  int   // steps before the bases began
	failed error // of their beginning
}

// BasisError reports a basis whose bound is above the tolerance.
type BasisError struct {
	Vectors          int
	Bound, Tolerance float64 // relative to |u|
	Time             float64
}

func (e *BasisError) Error() string {
	return fmt.Sprintf("kolmogorov: a basis of %d vectors errs by up to %.3g |phi| at t = %.4g, want %.3g: the observable has kinks, or L is too stiff on this grid; use time: polynomial", e.Vectors, e.Bound, e.Time, e.Tolerance)
}

// basisRun is the basis of one field.
type basisRun struct {
	l      *reflectedOperator
	b      *arnoldi.Basis
	now    *arnoldi.Trajectory
	growth float64
	size   float64
	fields [][]float64 // of a block of steps, by parities
	y      [][]float64 // their coefficients
}

// NewBasis returns a propagator by SGD steps of length eta > 0.
func NewBasis(op *Operator, eta float64, cfg *BasisConfig) *Basis {
	return &Basis{op: op, eta: eta, cfg: cfg.withDefaults(), fold: parity.NewReflections(op.g), guard: newGuard(op, op.remedy())}
}

var _ Propagator = (*Basis)(nil)

// TimeError implements Propagator: the bound of the worst field at the last step. It bounds
// the error in t if Growth does |e^{tL}|; rounding is estimated in it.
func (p *Basis) TimeError() float64 { return p.TimeErrorAt(p.guard.steps) }

// TimeErrorAt implements Propagator.
func (p *Basis) TimeErrorAt(n int) float64 {
	worst := 0.0
	for _, r := range p.runs {
		if r.now != nil {
			worst = max(worst, p.cfg.bound(r.now, max(0, n-p.since)))
		}
	}
	return worst
}

// shown returns the growth that the bounds have, at least 1.
func (p *Basis) shown() float64 {
	growth := 1.0
	for _, r := range p.runs {
		growth = max(growth, r.growth)
	}
	return growth
}

// KeepDifferences implements Propagator: there are none.
func (p *Basis) KeepDifferences() *Differences { return nil }

// Vectors returns the number of vectors of the largest basis, which is that of the
// applications of L to its field.
func (p *Basis) Vectors() int {
	m := 0
	for _, r := range p.runs {
		m = max(m, r.b.Dim())
	}
	return m
}

// Start implements Propagator.
func (p *Basis) Start(u [][]float64) {
	p.guard.start(u)
	p.Set(u)
}

// Set implements Propagator: the bases begin anew. Bounds are of what was done since.
func (p *Basis) Set(u [][]float64) {
	p.since = p.guard.steps
	p.failed = p.begin(u)
}

// Advance implements Propagator. The error may also be a *BasisError, or wrap the one of a
// field that is not finite.
func (p *Basis) Advance(out [][][]float64) error {
	if p.failed != nil {
		return p.failed
	}
	done := p.guard.steps
	for f, r := range p.runs {
		if err := r.reach(done-p.since+len(out), p.eta, &p.cfg); err != nil {
			return err
		}
		for len(r.fields) < len(out) {
			r.fields = append(r.fields, make([]float64, r.l.Len()))
		}
		r.y = r.y[:0]
		for j := range out {
			r.y = append(r.y, r.now.At(done+j+1-p.since))
		}
		r.b.FieldsTo(r.fields[:len(out)], r.y)
		for j := range out {
			p.guard.steps = done + j + 1
			p.fold.UnfoldTo(out[j][f], r.fields[j], r.l.set)
			if err := p.guard.check(f, out[j][f]); err != nil {
				return err
			}
		}
	}
	p.guard.steps = done + len(out)
	return nil
}

// begin starts the bases of the fields.
func (p *Basis) begin(u [][]float64) error {
	p.runs = p.runs[:0]
	p.folded = make([]float64, p.fold.Blocks*p.fold.Size)
	var before *reflectedOperator
	for _, uf := range u {
		checkField(p.op.g, "a field", uf)
		p.fold.FoldTo(p.folded, uf, math.Sqrt2)
		l := newReflectedOperator(p.op, p.fold, p.fold.Present(p.folded))
		if before != nil && before.set == l.set {
			l = before
		}
		before = l
		r, err := newBasisRun(l, p.folded, maxAbs(uf))
		if err != nil {
			return err
		}
		p.runs = append(p.runs, r)
	}
	return nil
}

func newBasisRun(l *reflectedOperator, folded []float64, size float64) (*basisRun, error) {
	r := &basisRun{l: l, size: size}
	nodes := make([]float64, l.G.Len())
	cfg := &arnoldi.Config{Sup: func(v []float64) float64 {
		l.UnfoldTo(nodes, v, l.set)
		return maxAbs(nodes)
	}}
	if l.set&1 != 0 {
		cfg.Modulo = []arnoldi.Constant{l.constant()}
	}
	start := make([]float64, l.Len())
	l.packTo(start, folded)
	var err error
	if r.b, err = arnoldi.New(l.apply, start, cfg); err != nil {
		return nil, fmt.Errorf("kolmogorov: the start of a basis: %w", err)
	}
	return r, nil
}

// constant returns the constant 1 by its parities, with the value at the node in the middle.
func (o *reflectedOperator) constant() arnoldi.Constant {
	ones, parts := make([]float64, o.G.Len()), make([]float64, o.Blocks*o.Size)
	for i := range ones {
		ones[i] = 1
	}
	o.FoldTo(parts, ones, math.Sqrt2)
	one := make([]float64, o.Len())
	o.packTo(one, parts)
	at, stride := o.at[0], 1
	for k := range o.G.Dim() {
		at += (o.Half[k] - 1) * stride
		stride *= o.Side[k]
	}
	// The even part at the innermost nodes is a mean over those that mirror each other.
	value := 1 / one[at]
	return arnoldi.Constant{One: one, Value: func(v []float64) float64 { return value * v[at] }}
}

// firstReach is the number of steps that a basis serves at first; what it serves doubles.
const firstReach = 64

// reach extends the basis until its bound at step n is below the tolerance. Where it shall look
// ahead it goes beyond, as the doubling of the first steps says, so that a trajectory serves
// many calls; where that is not met n alone counts.
func (r *basisRun) reach(n int, eta float64, cfg *BasisConfig) error {
	r.growth = max(r.growth, cfg.Growth, cfg.least, 1)
	tolerance := cfg.Tolerance * r.size
	if r.now != nil && cfg.bound(r.now, n) <= tolerance {
		return nil
	}
	last := n
	if cfg.ahead {
		for last = firstReach; last < n; last *= 2 {
		}
	}
	met, err := r.b.Until(cfg.Vectors, func() float64 {
		before := r.now
		r.now = r.b.Exponential(eta, last, r.growth)
		if cfg.Growth > 0 || !(cfg.bound(r.now, last) <= tolerance) || r.b.Closed() {
			return ratio(cfg.bound(r.now, last), tolerance)
		}
		// Whether the residual grows on its way is seen from what the last vectors have
		// changed, against the bound without them, early and late.
		if before == nil {
			return math.Inf(1)
		}
		if seen := max(r.b.GrowthSeen(before, r.now, n), r.b.GrowthSeen(before, r.now, last)) * r.growth; seen > r.growth {
			r.growth = seen
			r.now = r.b.Exponential(eta, last, r.growth)
		}
		return ratio(cfg.bound(r.now, last), tolerance)
	})
	if err != nil {
		return fmt.Errorf("kolmogorov: a basis of L: %w", err)
	}
	if off := cfg.bound(r.now, n); !met && !(off <= tolerance) {
		return &BasisError{Vectors: r.b.Dim(), Bound: off / r.size, Tolerance: cfg.Tolerance, Time: float64(n) * eta}
	}
	return nil
}

// ratio returns bound/tolerance, at most 1 where the bound is met, also where both are zero.
func ratio(bound, tolerance float64) float64 {
	if bound <= tolerance {
		return 1
	}
	return bound / tolerance
}
