package stationary

import (
	"context"
	"errors"
	"math"
	"slices"

	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/compare/march"
	"kolmo/compare/powers"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
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

// hope is the step, and the ranges of fields relative to their sizes, at the last look at whether they will be constant.
type hope struct {
	step   int
	ranges []float64
}

// newHope returns what looks at a sixteenth of the last step first, and no earlier than at step 512.
func newHope(last int) *hope { return &hope{step: max(last/32, 256)} }

// lost reports that each field which is not constant would still depend on the point at the last step if its range
// fell on as since the last look, at steps that are twice those before. That is no proof: paths that leave a flat place
// late come too late.
func (h *hope) lost(n, last int, ranges []float64) bool {
	if n < 2*h.step {
		return false
	}
	lost := h.ranges != nil && slices.Max(ranges) > settledRange
	for f, left := range ranges {
		if lost && left > settledRange {
			lost = left*math.Pow(left/h.ranges[f], float64(last-n)/float64(n-h.step)) > forgottenShare
		}
	}
	h.step, h.ranges = n, ranges
	return lost
}

// Settle advances a long run by bases of L where these serve, else by Arnoldi bases of the
// powers of A, the process's step or a block of steps. The coefficients of A^n (phi - c) say where the fields are constant: no
// value at a node exceeds their Euclidean norm. Their sum is that of the fields. It returns
// the step it came to, 0 where no basis serves, and what the fields there miss relative to
// their sizes. The error is the context's or the process's.
func (s *Kind) Settle(ctx context.Context, p *Evolution, r *LongRun, last int) (n int, miss float64, err error) {
	if p.Powers == nil || 8*len(r.Rest)*p.G.Len()*settleVectors > survey.MostKept {
		return 0, 0, nil
	}
	size := make([]float64, len(r.Rest))
	for f := range size {
		size[f] = s.FieldSize(f)
	}
	stride := max(1, p.Stride)
	if p.L != nil {
		if n, miss, err = r.settleByL(ctx, p, size, last/stride); n > 0 || err != nil {
			if err == nil {
				err = r.overSteps(p, n, stride)
			}
			return n * stride, miss, err
		}
	}
	hope := newHope(last / stride)
	for settled := false; n < last/stride && !settled && !r.lost; {
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		b := powers.New(p.Powers, s.Config.Workers, p.Growth, r.Rest, size, powers.CentreNode(p.G, s.Problem.Ball.Center))
		if b == nil {
			break
		}
		more, missed, ended := r.sumPowers(b, p.Powers, last/stride-n)
		if c, ok := p.Powers.(*Blocks); ok && c.err != nil {
			return 0, 0, c.err
		}
		if more == 0 {
			break
		}
		n, miss, settled = n+more, miss+missed, ended
		r.lost = !settled && hope.lost(n, last/stride, rangesOf(r.Rest, size))
	}
	return n * stride, miss, r.overSteps(p, n, stride)
}

// rangesOf returns the ranges of fields at the nodes, relative to their sizes.
func rangesOf(fields [][]float64, size []float64) []float64 {
	out := make([]float64, len(fields))
	for f, u := range fields {
		if lo, hi := fit.Limits(u); hi > lo {
			out[f] = (hi - lo) / size[f]
		}
	}
	return out
}

// overSteps makes the sum over the first steps of n blocks that over all of their steps.
func (r *LongRun) overSteps(p *Evolution, n, stride int) error {
	if stride > 1 && n > 0 {
		// The sum over the blocks' first steps becomes that over all.
		out := look.NewBlock(stride-1, len(r.Sum), p.G.Len())
		p.March.Start(r.Sum)
		if err := p.March.Advance(out); err != nil {
			return err
		}
		for _, fields := range out {
			for f, sum := range r.Sum {
				for i, u := range fields[f] {
					sum[i] += u
				}
			}
		}
	}
	return nil
}

// sumPowers sums A^n (phi - c) over the steps before the one at which the fields are
// constant, the last, or that to which a basis serves, and keeps the fields there. There are
// none where so many vectors are not worth it.
func (r *LongRun) sumPowers(b *powers.Powers, a powers.Chain, last int) (n int, miss float64, settled bool) {
	b.S = a
	defer func() { b.S = nil }()
	blocks, _ := a.(*Blocks)
	if blocks != nil {
		blocks.errs = nil
	}
	y := b.Basis.Powers(b.Growth)
	for b.Basis.Dim() < settleVectors && n < last && !settled && !b.Basis.Closed() {
		before := y
		if _, err := b.Basis.Extend(settleStage); err != nil {
			return 0, 0, false
		}
		y = b.Basis.Powers(b.Growth)
		if before.Spread(0) == 0 {
			continue // two tell how the residual grows on its way
		}
		if n, settled = serves(b, y, last); n == 0 {
			continue
		}
		if seen := b.Growth * b.Basis.GrowthSeen(before, y, n); seen > b.Growth {
			b.Growth = seen
			y = b.Basis.Powers(b.Growth)
			n, settled = serves(b, y, last)
		}
	}
	if b.Basis.Closed() {
		n, settled = serves(b, y, last)
	}
	if n < settleLeast*b.Basis.Dim() && n < last && !settled {
		return 0, 0, false
	}
	sum := make([]float64, len(y.At(0)))
	for k := range n {
		for i, v := range y.At(k) {
			sum[i] += v
			if blocks != nil && i < len(blocks.errs) {
				miss += b.Growth * math.Abs(v) * blocks.errs[i]
			}
		}
	}
	miss += y.Residual(n)
	fields := look.NewBlock(1, 2, len(b.Size)*b.Nodes)[0]
	b.Basis.FieldsTo(fields, [][]float64{sum, y.At(n)})
	for f, size := range b.Size {
		for i := range b.Nodes {
			r.Sum[f][i] += size * fields[0][f*b.Nodes+i]
			r.Rest[f][i] = size * fields[1][f*b.Nodes+i]
		}
	}
	return n, miss, settled
}

// serves returns the steps up to the last that a trajectory serves, or to that at which the
// fields are constant.
func serves(p *powers.Powers, y *krylov.Trajectory, last int) (n int, settled bool) {
	for n < last && y.Residual(n+1) <= p.Tolerance {
		n++
		if y.Spread(n) <= settledRange/2 {
			return n, true
		}
	}
	return n, false
}

// blockTime is the time of a block of a model's steps whose powers have a basis, in units of
// that in which the process forgets: what falls within it needs few vectors.
const blockTime = 0.125

// Blocks is a chain whose step is a block of a propagator's.
type Blocks struct {
	Prop  kolmogorov.Propagator // by a share of a block
	Steps int                   // of the model, of a block
	Parts int                   // of the propagator, of a block
	out   [][][]float64
	errs  []float64 // the errors in t of a block of every vector of a basis: late ones are rough, and err by much
	err   error
}

// blocksOf returns the blocks of a model on its grid.
func (s *Kind) blocksOf(run *march.Model, op *kolmogorov.Operator, eta float64) (*Blocks, error) {
	steps := max(1, int(min(blockTime/(slowest(s.Setup)*eta), unit.MostSteps)))
	if run.Level.Scheme != nil { // its error is that of steps of eta
		prop, err := run.Level.Propagator(op, eta)
		return &Blocks{Prop: prop, Steps: steps, Parts: steps}, err
	}
	prop, err := run.Level.Propagator(op, eta*float64(steps))
	return &Blocks{Prop: prop, Steps: steps, Parts: 1}, err
}

// ApplyAllTo implements chain. After an error the fields are not numbers.
func (c *Blocks) ApplyAllTo(_ int, dst, u [][]float64) {
	if c.out == nil {
		c.out = look.NewBlock(min(c.Parts, march.BlockSteps), len(u), len(u[0]))
	}
	c.Prop.Start(u)
	last := 0
	for left := c.Parts; left > 0 && c.err == nil; left -= last {
		last = min(left, len(c.out))
		c.err = c.Prop.Advance(c.out[:last])
	}
	for f := range dst {
		copy(dst[f], c.out[max(0, last-1)][f])
		if c.err != nil {
			dst[f][0] = math.NaN()
		}
	}
	c.errs = append(c.errs, c.Prop.TimeError())
}

// Constants of the bases of L for long runs.
const (
	// lVectors is the most vectors.
	lVectors = 160
	// calmGrowth is the growth up to which the basis shows what its bound needs, and
	// growthSafety multiplies a larger one.
	calmGrowth, growthSafety = 1.5, 10
)

// settleByL is Settle by a basis of L for each field, which takes one application of L per
// vector where a block of steps takes many. It sums the fields at the beginnings of blocks
// until all are constant at the nodes, or will not be, and keeps those there. n is the number of blocks, zero
// where the bases do not serve so long: then nothing has changed.
func (r *LongRun) settleByL(ctx context.Context, p *Evolution, size []float64, last int) (n int, miss float64, err error) {
	cfg := &kolmogorov.BasisConfig{Tolerance: powers.PowersTolerance, Vectors: lVectors, Truncation: true}
	if p.Growth > calmGrowth {
		cfg.Growth = growthSafety * p.Growth // an estimate from below
	}
	basis := kolmogorov.NewBasis(p.L, p.Block, cfg)
	basis.Start(r.Rest)
	now, sum := look.CopyFields(r.Rest), look.CopyFields(r.Sum)
	out, hope := look.NewBlock(1, len(now), len(now[0])), newHope(last)
	for n < last && !r.lost {
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		if err := basis.Advance(out); err != nil {
			if _, ok := errors.AsType[*kolmogorov.BasisError](err); ok {
				return 0, 0, nil
			}
			return 0, 0, err
		}
		n++
		for f, next := range out[0] {
			for i, v := range now[f] {
				sum[f][i] += v
			}
			copy(now[f], next)
		}
		ranges := rangesOf(now, size)
		if slices.Max(ranges) <= settledRange {
			break
		}
		r.lost = hope.lost(n, last, ranges)
	}
	for f := range now {
		copy(r.Rest[f], now[f])
		copy(r.Sum[f], sum[f])
		if size[f] > 0 {
			miss = max(miss, basis.TimeError()/size[f])
		}
	}
	return n, miss, nil
}
