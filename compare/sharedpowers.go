package compare

import (
	"context"
	"fmt"
	"math"

	"kolmo/grid"
	"kolmo/sgdop"
)

// keptPowers are powers of S by what they depend on.
type keptPowers struct {
	key string
	p   *chainPowers
}

// mostKept is the memory, in bytes, of the powers that are kept: the oldest are dropped. They
// serve a learning rate's runs of other models, other closures, and other kinds of study.
const mostKept = 1 << 28

// cheaperByBasis reports that S has more weights per row than a basis has vectors: that
// many operations give U at a node.
func cheaperByBasis(s *sgdop.Operator) bool {
	return s.Choice().MatrixFree() || s.Stored() >= mostVectors*s.Grid().Len()
}

// growthSteps is the number of steps over which the growth of S's powers is measured.
const growthSteps = 16

// powersGrowth returns the norm of S, and no less than what its powers do to random fields
// where images leave the box, so that S extrapolates. The error is the context's.
func powersGrowth(ctx context.Context, s *sgdop.Operator, workers int) (float64, error) {
	growth := max(1, s.Norm())
	if s.Leakage().Rows == 0 {
		return growth, nil
	}
	g, err := s.Growth(ctx, workers, growthSteps, 1, nil)
	return max(growth, g.Factor, g.Rough), err
}

// powersOf returns the powers of S from the observables on a grid, those that are kept if
// there are such; nil where an observable is not finite. The error is the context's.
func (c *gridCache) powersOf(ctx context.Context, s *sgdop.Operator, l level, d *gridData, workers int) (*chainPowers, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	key := fmt.Sprint(s.Eta(), l.kind, l.nodes, l.width)
	for _, k := range c.powers {
		if k.key == key {
			return k.p, nil
		}
	}
	growth, err := powersGrowth(ctx, s, workers)
	if err != nil {
		return nil, err
	}
	p := newChainPowers(s, workers, growth, d.phi, d.size, centreNode(d.g, c.p.Ball.Center))
	if p == nil {
		return nil, nil
	}
	bytes := p.bytes()
	for _, k := range c.powers {
		bytes += k.p.bytes()
	}
	for len(c.powers) > 0 && bytes > mostKept {
		bytes -= c.powers[0].p.bytes()
		c.powers = c.powers[1:]
	}
	c.powers = append(c.powers, keptPowers{key, p})
	return p, nil
}

// centreNode returns the node that is nearest to a point.
func centreNode(g *grid.Grid, at []float64) int {
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

// bytes is about the memory of the basis, of a block of fields and of the coefficients.
func (p *chainPowers) bytes() int64 {
	columns := p.basis.Columns()
	return 8 * int64(len(p.size)*p.nodes*(columns+1+len(p.fields))+columns*(2*firstStage<<len(p.stages)))
}

// missSafety multiplies what S was seen to miss at some of the nodes.
const missSafety = 2

// missedByPowers returns what a row's gaps miss because of the powers of S, and of how S is
// computed, which adds up over the steps.
func (e *chainRun) missedByPowers(r *rowRun) float64 {
	last := len(r.curve) - 1
	most := e.sMiss[r.obs] * float64(last)
	for n := range min(last, len(e.uMiss)) {
		most = max(most, e.uMiss[n]+e.sMiss[r.obs]*float64(n+1))
	}
	return most * e.data.size[r.obs]
}
