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

// powersGrowth returns at least what the maximum norm of S can be: its norm, and where images leave
// the box, so that S extrapolates, what its powers do to random fields. ok is false where
// powers grow without bound.
func powersGrowth(ctx context.Context, s *sgdop.Operator, workers int) (growth float64, ok bool, err error) {
	growth = max(1, s.Norm())
	if s.Leakage().Rows == 0 {
		return growth, true, nil
	}
	g, err := s.Growth(ctx, workers, growthSteps, 1, nil)
	if err != nil {
		return 0, false, err
	}
	return max(growth, g.Factor, g.Rough), !g.Unstable(), nil
}

// powersOf returns the powers of S from the observables on a grid, those that are kept if
// there are such; nil where they grow without bound, or an observable is not finite. The
// error is the context's.
func (c *gridCache) powersOf(ctx context.Context, s *sgdop.Operator, l level, d *gridData, workers int) (*chainPowers, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	key := fmt.Sprint(s.Eta(), l.kind, l.nodes, l.width)
	for _, k := range c.powers {
		if k.key == key {
			return k.p, nil
		}
	}
	growth, ok, err := powersGrowth(ctx, s, workers)
	if !ok {
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

// bytes is about the memory of the basis and of the blocks of fields taken from it.
func (p *chainPowers) bytes() int64 {
	n := int64(len(p.size) * p.nodes)
	return 8 * n * int64(p.basis.Columns()+1+len(p.fields))
}

// missedByPowers returns what a row's gaps miss because of the powers of S.
func (e *engine) missedByPowers(r *rowRun) float64 {
	most := 0.0
	for n := range min(len(r.curve)-1, len(e.uMiss)) {
		most = max(most, e.uMiss[n])
	}
	return most * e.data.size[r.obs]
}
