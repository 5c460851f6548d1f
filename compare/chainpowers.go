package compare

import (
	"cmp"
	"math"

	"kolmo/internal/krylov"
)

// chain applies S to fields.
type chain interface {
	ApplyAllTo(workers int, dst, u [][]float64)
}

// chainPowers gives U^n = S^n phi of all observables at the nodes from one Arnoldi basis of
// S, which acts on their stacked fields, each scaled to size 1. Constants are kept apart
// where the grid's S keeps them. The basis is extended in stages of doubling numbers of
// steps, each until its own bound is met: U^n depends on n alone, not on who asks for it or
// for how many steps. From the stage on that the most vectors do not serve, as with kinks, S
// must be stepped. It holds no S: one engine after another lends its own. Memory: a field
// per vector and observable.
type chainPowers struct {
	size      []float64 // of every observable
	nodes     int
	tolerance float64 // relative to these
	growth    float64 // of S's powers: what was measured, or more if the basis shows that
	s         chain   // lent
	workers   int
	basis     *krylov.Basis
	parts     [2][][]float64 // of what S is applied to, by observable
	fields    [][]float64    // of a block of steps, stacked
	stages    []*krylov.Trajectory
	over      bool // no stage follows
}

// Constants of the powers of S.
const (
	// powersTolerance is what U^n may miss by its basis, relative to |phi|: below what is
	// certified in any case, so that nothing that is read off U shows it.
	powersTolerance = certifiedFloor / 10
	// mostVectors is the most vectors of the basis.
	mostVectors = 256
	// firstStage is the number of steps of the first stage, and lastStage the most.
	firstStage = 64
	lastStage  = 1 << 14
	// keepsOne is by how much S 1 may miss 1 at a node, per unit of growth, where S keeps
	// constants.
	keepsOne = 1e-13
)

// newChainPowers returns the powers of s from fields of the given sizes, nil where phi is
// not finite; growth is at least 1 and that of the powers, and centre the node whose value is
// the constant.
func newChainPowers(s chain, workers int, growth float64, phi [][]float64, size []float64, centre int) *chainPowers {
	p := &chainPowers{nodes: len(phi[0]), tolerance: powersTolerance, growth: growth, s: s, workers: workers}
	n := len(phi) * p.nodes
	start, one := make([]float64, n), make([]float64, n)
	cfg := &krylov.Config{Workers: cmp.Or(workers, -1)}
	for f := range phi {
		size := size[f]
		if size == 0 {
			size = 1
		}
		p.size = append(p.size, size)
		for i, v := range phi[f] {
			start[f*p.nodes+i], one[f*p.nodes+i] = v/size, 1
		}
		cfg.Modulo = append(cfg.Modulo, krylov.Part(n, f*p.nodes, (f+1)*p.nodes, f*p.nodes+centre))
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
	if p.basis, err = krylov.New(p.apply, start, cfg); err != nil {
		return nil
	}
	return p
}

// apply stores S u in dst, stacked fields both.
func (p *chainPowers) apply(dst, u []float64) {
	for k, v := range [2][]float64{dst, u} {
		p.parts[k] = p.parts[k][:0]
		for lo := 0; lo < len(v); lo += p.nodes {
			p.parts[k] = append(p.parts[k], v[lo:lo+p.nodes])
		}
	}
	p.s.ApplyAllTo(p.workers, p.parts[0], p.parts[1])
}

// advance stores U at the steps after n in out, [step][observable], and returns how many it
// stored: S must be stepped for the others. s is the grid's S, which gives the vectors that
// are missing.
func (p *chainPowers) advance(s chain, n int, out [][][]float64) int {
	p.s = s
	defer func() { p.s = nil }()
	for done := 0; done < len(out); {
		stage := p.reach(n + done + 1)
		if stage < 0 {
			return done
		}
		steps := min(len(out)-done, firstStage<<stage-n-done)
		y := make([][]float64, steps)
		for j := range y {
			y[j] = p.stages[stage].At(n + done + j + 1)
		}
		for len(p.fields) < steps {
			p.fields = append(p.fields, make([]float64, len(p.size)*p.nodes))
		}
		p.basis.FieldsTo(p.fields[:steps], y)
		for j, field := range p.fields[:steps] {
			for f, size := range p.size {
				for i, v := range field[f*p.nodes : (f+1)*p.nodes] {
					out[done+j][f][i] = size * v
				}
			}
		}
		done += steps
	}
	return len(out)
}

// reach returns the stage of step n, -1 where there is none.
func (p *chainPowers) reach(n int) int {
	stage := 0
	for firstStage<<stage < n {
		stage++
	}
	for !p.over && len(p.stages) <= stage {
		last := firstStage << len(p.stages)
		y := p.extend(last)
		if p.over = y == nil || last > lastStage; !p.over {
			p.stages = append(p.stages, y)
		}
	}
	if stage >= len(p.stages) {
		return -1
	}
	return stage
}

// extend extends the basis until it serves the steps up to last, and returns the
// trajectory; nil where it does not come to that.
func (p *chainPowers) extend(last int) *krylov.Trajectory {
	var now *krylov.Trajectory
	if k := len(p.stages); k > 0 {
		if now = p.stages[k-1]; now.Residual(last) <= p.tolerance {
			return now
		}
	}
	// So many vectors give these steps exactly.
	most := max(p.basis.Dim(), min(mostVectors, last+1))
	met, err := p.basis.Until(most, func() float64 {
		before := now
		now = p.basis.Powers(p.growth)
		if before == nil && p.basis.Dim() < most && !p.basis.Closed() {
			return math.Inf(1)
		}
		// Residuals that S amplifies show in what the last vectors have changed, against the
		// bound without them.
		if before != nil && now.Residual(last) <= p.tolerance {
			if seen := p.growth * p.basis.GrowthSeen(before, now, last); seen > p.growth {
				p.growth = seen
				now = p.basis.Powers(p.growth)
			}
		}
		if miss := now.Residual(last); !(miss <= p.tolerance) {
			return miss / p.tolerance
		}
		return 1
	})
	if err != nil || !met {
		return nil
	}
	return now
}

// miss returns what U^n errs by at most because of the basis, per unit of |phi|, after
// steps of S as well.
func (p *chainPowers) miss(n int) float64 {
	k := len(p.stages)
	if k == 0 {
		return 0
	}
	if last := firstStage << (k - 1); n > last {
		return p.growth * p.stages[k-1].Residual(last)
	}
	most := 0.0
	for stage, y := range p.stages {
		most = max(most, y.Residual(min(n, firstStage<<stage)))
		if n <= firstStage<<stage {
			break
		}
	}
	return most
}
