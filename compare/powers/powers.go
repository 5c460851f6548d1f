package powers

import (
	"cmp"
	"context"
	"math"

	"kolmo/compare/fit"
	"kolmo/grid"
	"kolmo/internal/krylov"
	"kolmo/sgdop"
)

// Chain applies S to fields.
type Chain interface {
	ApplyAllTo(workers int, dst, u [][]float64)
}

// Powers gives U^n = S^n phi of all observables at the nodes from one Arnoldi basis of
// S, which acts on their stacked fields, each scaled to size 1. Constants are kept apart
// where the grid's S keeps them. The basis is extended in stages of doubling numbers of
// steps, each until its own bound is met: U^n depends on n alone, not on who asks for it or
// for how many steps. From the stage on that the most vectors do not serve, as with kinks, S
// must be stepped. It holds no S: one engine after another lends its own. Memory: a field
// per vector and observable.
type Powers struct {
	Size      []float64 // of every observable
	Nodes     int
	Tolerance float64 // relative to these
	Growth    float64 // of S's powers: what was measured, or more if the basis shows that
	S         Chain   // lent
	workers   int
	Basis     *krylov.Basis
	parts     [2][][]float64 // of what S is applied to, by observable
	fields    [][]float64    // of a block of steps, stacked
	Stages    []*krylov.Trajectory
	growths   []float64 // of S's powers, by stage
	looks
	Over bool // no stage follows
}

// Constants of the powers of S.
const (
	// PowersTolerance is what U^n may miss by its basis, relative to |phi|: below what is
	// certified in any case, so that nothing that is read off U shows it.
	PowersTolerance = fit.CertifiedFloor / 10
	// MostVectors is the most vectors of the basis.
	MostVectors = 320
	// FirstStage is the number of steps of the first stage, and lastStage the most.
	FirstStage = 64
	lastStage  = 1 << 14
	// keepsOne is by how much S 1 may miss 1 at a node, per unit of growth, where S keeps
	// constants.
	keepsOne = 1e-13
)

// New returns the powers of s from fields of the given sizes, nil where phi is
// not finite; growth is at least 1 and that of the powers, and centre the node whose value is
// the constant.
func New(s Chain, workers int, growth float64, phi [][]float64, size []float64, centre int) *Powers {
	p := &Powers{Nodes: len(phi[0]), Tolerance: PowersTolerance, Growth: growth, S: s, workers: workers, looks: looks{always: make(map[[2]int]float64)}}
	n := len(phi) * p.Nodes
	start, one := make([]float64, n), make([]float64, n)
	cfg := &krylov.Config{Workers: cmp.Or(workers, -1)}
	for f := range phi {
		size := size[f]
		if size == 0 {
			size = 1
		}
		p.Size = append(p.Size, size)
		for i, v := range phi[f] {
			start[f*p.Nodes+i], one[f*p.Nodes+i] = v/size, 1
		}
		cfg.Modulo = append(cfg.Modulo, krylov.Part(n, f*p.Nodes, (f+1)*p.Nodes, f*p.Nodes+centre))
	}
	kept := make([]float64, n)
	p.apply(kept, one)
	for _, v := range kept {
		if !(math.Abs(v-1) <= keepsOne*growth) {
			cfg.Modulo = nil
			break
		}
	}
	var err error
	if p.Basis, err = krylov.New(p.apply, start, cfg); err != nil {
		return nil
	}
	return p
}

// apply stores S u in dst, stacked fields both.
func (p *Powers) apply(dst, u []float64) {
	for k, v := range [2][]float64{dst, u} {
		p.parts[k] = p.parts[k][:0]
		for lo := 0; lo < len(v); lo += p.Nodes {
			p.parts[k] = append(p.parts[k], v[lo:lo+p.Nodes])
		}
	}
	p.S.ApplyAllTo(p.workers, p.parts[0], p.parts[1])
}

// Advance stores U at the steps after n in out, [step][observable], and returns how many it
// stored: S must be stepped for the others. s is the grid's S, which gives the vectors that
// are missing.
func (p *Powers) Advance(s Chain, n int, out [][][]float64) int {
	p.S = s
	defer func() { p.S = nil }()
	for done := 0; done < len(out); {
		stage := p.Reach(n + done + 1)
		if stage < 0 {
			return done
		}
		steps := min(len(out)-done, FirstStage<<stage-n-done)
		y := make([][]float64, steps)
		for j := range y {
			y[j] = p.Stages[stage].At(n + done + j + 1)
		}
		for len(p.fields) < steps {
			p.fields = append(p.fields, make([]float64, len(p.Size)*p.Nodes))
		}
		p.Basis.FieldsTo(p.fields[:steps], y)
		for j, field := range p.fields[:steps] {
			for f, size := range p.Size {
				for i, v := range field[f*p.Nodes : (f+1)*p.Nodes] {
					out[done+j][f][i] = size * v
				}
			}
		}
		done += steps
	}
	return len(out)
}

// Reach returns the stage of step n, -1 where there is none.
func (p *Powers) Reach(n int) int {
	stage := 0
	for FirstStage<<stage < n {
		stage++
	}
	for !p.Over && len(p.Stages) <= stage {
		last := FirstStage << len(p.Stages)
		y := p.extend(last)
		if p.Over = y == nil || last > lastStage; !p.Over {
			p.Stages, p.growths = append(p.Stages, y), append(p.growths, p.Growth)
		}
	}
	if stage >= len(p.Stages) {
		return -1
	}
	return stage
}

// extend extends the basis until it serves the steps up to last, and returns the
// trajectory; nil where it does not come to that.
func (p *Powers) extend(last int) *krylov.Trajectory {
	var now *krylov.Trajectory
	if k := len(p.Stages); k > 0 {
		if now = p.Stages[k-1]; now.Residual(last) <= p.Tolerance {
			return now
		}
	}
	// So many vectors give these steps exactly.
	most := max(p.Basis.Dim(), min(MostVectors, last+1))
	met, err := p.Basis.Until(most, func() float64 {
		before := now
		now = p.Basis.Powers(p.Growth)
		if before == nil && p.Basis.Dim() < most && !p.Basis.Closed() {
			return math.Inf(1)
		}
		// Residuals that S amplifies show in what the last vectors have changed, against the
		// bound without them.
		if before != nil && now.Residual(last) <= p.Tolerance {
			if seen := p.Growth * p.Basis.GrowthSeen(before, now, last); seen > p.Growth {
				p.Growth = seen
				now = p.Basis.Powers(p.Growth)
			}
		}
		if miss := now.Residual(last); !(miss <= p.Tolerance) {
			return miss / p.Tolerance
		}
		return 1
	})
	if err != nil || !met {
		return nil
	}
	return now
}

// Miss returns what U^n errs by at most because of the basis, per unit of |phi|, after
// steps of S as well.
func (p *Powers) Miss(n int) float64 {
	k := len(p.Stages)
	if k == 0 {
		return 0
	}
	if last := FirstStage << (k - 1); n > last {
		return p.Growth * p.Stages[k-1].Residual(last)
	}
	most := 0.0
	for stage, y := range p.Stages {
		most = max(most, y.Residual(min(n, FirstStage<<stage)))
		if n <= FirstStage<<stage {
			break
		}
	}
	return most
}

// Bytes is about the memory of the basis, of a block of fields and of the coefficients.
func (p *Powers) Bytes() int64 {
	columns := p.Basis.Columns()
	return 8 * int64(len(p.Size)*p.Nodes*(columns+1+len(p.fields))+columns*(2*FirstStage<<len(p.Stages)))
}

// cheaperFrom is the number of weights per row of S from which a basis is cheaper: as many
// operations as it has vectors, mostly fewer, give U at a node.
const cheaperFrom = 256

// CheaperByBasis reports that U costs less by a basis than by steps of S.
func CheaperByBasis(s *sgdop.Operator) bool {
	return s.Oversampled() || s.Choice().MatrixFree() || s.Stored() >= cheaperFrom*s.Grid().Len()
}

// growthSteps is the number of steps over which the growth of S's powers is measured.
const growthSteps = 16

// PowersGrowth returns the norm of S, and no less than what its powers do to random fields
// where images leave the box, so that S extrapolates. The error is the context's.
func PowersGrowth(ctx context.Context, s *sgdop.Operator, workers int) (float64, error) {
	growth := max(1, s.Norm())
	if s.Leakage().Rows == 0 {
		return growth, nil
	}
	g, err := s.Growth(ctx, workers, growthSteps, 1, nil)
	return max(growth, g.Factor, g.Rough), err
}

// CentreNode returns the node that is nearest to a point.
func CentreNode(g *grid.Grid, at []float64) int {
	best, least := 0, math.Inf(1)
	x := make([]float64, g.Dim())
	for i := range g.Len() {
		g.PointTo(x, i)
		sum := 0.0
		for k, v := range x {
			sum += (v - at[k]) * (v - at[k])
		}
		if sum < least {
			best, least = i, sum
		}
	}
	return best
}
