package survey

import (
	"context"
	"fmt"

	"kolmo/compare/powers"
	"kolmo/sgdop"
)

// keptPowers are powers of S by what they depend on.
type keptPowers struct {
	key string
	p   *powers.Powers
}

// MostKept is the memory, in bytes, of the powers that are kept: the oldest are dropped. They
// serve a learning rate's runs of other models, other closures, and other kinds of study.
const MostKept = 1 << 28

// PowersOf returns the powers of S from the observables on a grid, those that are kept if
// there are such; nil where an observable is not finite. The error is the context's.
func (c *Cache) PowersOf(ctx context.Context, s *sgdop.Operator, l Level, d *Data, workers int) (*powers.Powers, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	key := fmt.Sprint(s.Eta(), l.Kind, l.Nodes, l.Width)
	for _, k := range c.powers {
		if k.key == key {
			return k.p, nil
		}
	}
	growth, err := powers.PowersGrowth(ctx, s, workers)
	if err != nil {
		return nil, err
	}
	p := powers.New(s, workers, growth, d.Phi, d.Size, powers.CentreNode(d.Grid, c.Problem.Ball.Center))
	if p == nil {
		return nil, nil
	}
	bytes := p.Bytes()
	for _, k := range c.powers {
		bytes += k.p.Bytes()
	}
	for len(c.powers) > 0 && bytes > MostKept {
		bytes -= c.powers[0].p.Bytes()
		c.powers = c.powers[1:]
	}
	c.powers = append(c.powers, keptPowers{key, p})
	return p, nil
}
