package compare

import (
	"context"
	"math"

	"kolmo/internal/krylov"
	"kolmo/kolmogorov"
)

// Constants of the bases of long runs.
const (
	// settleVectors is the most vectors of a basis: the next one begins where it ends, from
	// fields that have lost their fast modes and need fewer.
	settleVectors = 96
	// settleStage is the number of vectors between looks at how far they serve.
	settleStage = 8
	// settleLeast is the fewest steps per vector at which bases go on.
	settleLeast = 1
)

// settle advances a long run by Arnoldi bases of the powers of A, the process's step or a
// block of steps. The coefficients of A^n (phi - c) say where the fields are constant: no
// value at a node exceeds their Euclidean norm. Their sum is that of the fields. It returns
// the step it came to, 0 where no basis serves, and what the fields there miss relative to
// their sizes. The error is the context's or the process's.
func (s *gapStudy) settle(ctx context.Context, p *evolution, r *longRun, last int) (n int, miss float64, err error) {
	if p.powers == nil || 8*len(r.rest)*p.g.Len()*settleVectors > mostKept {
		return 0, 0, nil
	}
	size := make([]float64, len(r.rest))
	for f := range size {
		size[f] = s.fieldSize(f)
	}
	stride := max(1, p.stride)
	for settled := false; n < last/stride && !settled; {
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		b := newChainPowers(p.powers, s.cfg.Workers, p.growth, r.rest, size, centreNode(p.g, s.p.Ball.Center))
		if b == nil {
			break
		}
		more, missed, ended := r.sumPowers(b, p.powers, last/stride-n)
		if c, ok := p.powers.(*blocks); ok && c.err != nil {
			return 0, 0, c.err
		}
		if more == 0 {
			break
		}
		n, miss, settled = n+more, miss+missed, ended
	}
	if stride > 1 && n > 0 {
		// The sum over the blocks' first steps becomes that over all.
		out := newBlock(stride-1, len(r.sum), p.g.Len())
		p.march.Start(r.sum)
		if err := p.march.Advance(out); err != nil {
			return 0, 0, err
		}
		for _, fields := range out {
			for f, sum := range r.sum {
				for i, u := range fields[f] {
					sum[i] += u
				}
			}
		}
	}
	return n * stride, miss, nil
}

// sumPowers sums A^n (phi - c) over the steps before the one at which the fields are
// constant, the last, or that to which a basis serves, and keeps the fields there; none where
// so many vectors are not worth it.
func (r *longRun) sumPowers(b *chainPowers, a chain, last int) (n int, miss float64, settled bool) {
	b.s = a
	defer func() { b.s = nil }()
	y := b.basis.Powers(b.growth)
	for b.basis.Dim() < settleVectors && n < last && !settled && !b.basis.Closed() {
		before := y
		if _, err := b.basis.Extend(settleStage); err != nil {
			return 0, 0, false
		}
		y = b.basis.Powers(b.growth)
		if before.Spread(0) == 0 {
			continue // two tell how the residual grows on its way
		}
		if n, settled = b.serves(y, last); n == 0 {
			continue
		}
		if seen := b.growth * b.basis.GrowthSeen(before, y, n); seen > b.growth {
			b.growth = seen
			y = b.basis.Powers(b.growth)
			n, settled = b.serves(y, last)
		}
	}
	if b.basis.Closed() {
		n, settled = b.serves(y, last)
	}
	if n < settleLeast*b.basis.Dim() && n < last && !settled {
		return 0, 0, false
	}
	sum, weight := make([]float64, len(y.At(0))), 0.0
	for k := range n {
		for i, v := range y.At(k) {
			sum[i] += v
			weight += b.growth * math.Abs(v)
		}
	}
	miss = y.Residual(n)
	if c, ok := a.(*blocks); ok {
		miss += weight * c.worst
	}
	fields := newBlock(1, 2, len(b.size)*b.nodes)[0]
	b.basis.FieldsTo(fields, [][]float64{sum, y.At(n)})
	for f, size := range b.size {
		for i := range b.nodes {
			r.sum[f][i] += size * fields[0][f*b.nodes+i]
			r.rest[f][i] = size * fields[1][f*b.nodes+i]
		}
	}
	return n, miss, settled
}

// serves returns the steps up to the last that a trajectory serves, or to that at which the
// fields are constant.
func (p *chainPowers) serves(y *krylov.Trajectory, last int) (n int, settled bool) {
	for n < last && y.Residual(n+1) <= p.tolerance {
		n++
		if y.Spread(n) <= settledRange/2 {
			return n, true
		}
	}
	return n, false
}

// blockTime is the time of a block of a model's steps whose powers have a basis, in units of
// 1/mu: what falls within it needs few vectors.
const blockTime = 0.125

// blocks is a chain whose step is a block of a propagator's.
type blocks struct {
	prop  kolmogorov.Propagator // by blocks
	steps int                   // of a block
	out   [][][]float64
	worst float64 // the error in t of a block, at most
	err   error
}

// blocksOf returns the blocks of a model on its grid.
func (s *gapStudy) blocksOf(run *modelRun, op *kolmogorov.Operator, eta float64) (*blocks, error) {
	steps := max(1, int(min(blockTime/(s.mu*eta), mostSteps)))
	prop, err := run.level.propagator(op, eta*float64(steps))
	return &blocks{prop: prop, steps: steps}, err
}

// ApplyAllTo implements chain. After an error the fields are not numbers.
func (c *blocks) ApplyAllTo(_ int, dst, u [][]float64) {
	if c.out == nil {
		c.out = newBlock(1, len(u), len(u[0]))
	}
	if c.prop.Start(u); c.err == nil {
		c.err = c.prop.Advance(c.out)
	}
	for f := range dst {
		copy(dst[f], c.out[0][f])
		if c.err != nil {
			dst[f][0] = math.NaN()
		}
	}
	c.worst = max(c.worst, c.prop.TimeError())
}
