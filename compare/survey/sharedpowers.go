package survey

import (
	"context"
	"fmt"

	"kolmo/compare"
	"kolmo/compare/powers"
	"kolmo/sgdop"
)

// keptPowers are powers of S by what they depend on, and S where it takes little memory.
type keptPowers struct {
	key string
	s   *sgdop.Operator
	p   *powers.Powers
}

// bytes is the memory of what is kept.
func (k *keptPowers) bytes() int64 {
	bytes := k.p.Bytes()
	if k.s != nil {
		bytes += k.s.Choice().Bytes
	}
	return bytes
}

// powersKey names a learning rate and the level of S.
func powersKey(eta float64, l Level) string { return fmt.Sprint(eta, l.Kind, l.Nodes, l.Width) }

// StepOn returns S at a learning rate on a level's grid with the data d, for what becomes of the
// observables; one that is kept if there is such: those of few weights, and the last one. It errs
// as sgdop.Assemble does.
func (c *Cache) StepOn(ctx context.Context, eta float64, l Level, d *Data, cfg *compare.Config) (*sgdop.Operator, error) {
	key := powersKey(eta, l)
	if s := c.stepKept(key); s != nil {
		return s, nil
	}
	s, err := sgdop.Assemble(ctx, d.Grid, c.Problem.Dynamics.Chain(eta), &sgdop.Config{Width: l.Width, Workers: cfg.Workers, MaxBytes: cfg.OperatorBytes, Means: d.Means, Smooth: d.Phi})
	if err != nil {
		return nil, err
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	if most := max(leastLast, cfg.Memory/lastShare); s.Choice().Bytes <= most {
		c.last = keptPowers{key: key, s: s}
	}
	return s, nil
}

// stepKept returns the S that is kept for a key, nil if there is none: then the last one is given
// up, so that no two of many weights are in memory.
func (c *Cache) stepKept(key string) *sgdop.Operator {
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, k := range c.powers {
		if k.key == key && k.s != nil {
			return k.s
		}
	}
	if c.last.key == key {
		return c.last.s
	}
	c.last = keptPowers{}
	return nil
}

// Forget gives up the S that was assembled last, before another is assembled elsewhere.
func (c *Cache) Forget() {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.last = keptPowers{}
}

// The last S is kept up to leastLast bytes, or that share of the memory that a study may take.
const (
	leastLast = 1 << 28
	lastShare = 4
)

// MostKept is the memory, in bytes, of the powers that are kept: the oldest are dropped. They
// serve a learning rate's runs of other models, other closures, and other kinds of study.
const MostKept = 1 << 28

// mostStep is the memory, in bytes, up to which S is kept with its powers.
const mostStep = 1 << 24

// PowersOf returns the powers of S from the observables on a grid, those that are kept if
// there are such; nil where an observable is not finite. The error is the context's.
func (c *Cache) PowersOf(ctx context.Context, s *sgdop.Operator, l Level, d *Data, workers int) (*powers.Powers, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	key := powersKey(s.Eta(), l)
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
	kept := keptPowers{key: key, p: p}
	if s.Oversampled() && s.Choice().Bytes <= mostStep {
		kept.s = s
	}
	bytes := kept.bytes()
	for i := range c.powers {
		bytes += c.powers[i].bytes()
	}
	for len(c.powers) > 0 && bytes > MostKept {
		bytes -= c.powers[0].bytes()
		c.powers = c.powers[1:]
	}
	c.powers = append(c.powers, kept)
	return p, nil
}
