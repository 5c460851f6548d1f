package spectrum

import (
	"math"
	"math/cmplx"

	"kolmo/compare/fit"
	"kolmo/compare/unit"
	"kolmo/process"
)

// otherwise fills the errors of modes that grids do not tell, by what changes on the second finest grid:
// under richer rules for the quadrature over xi and, if it is tapered, with noise that ends nearer.
func (s *Kind) otherwise(c *climbed, ladder []int, tapered bool, on func(process.Dynamics) source) error {
	c.rules, c.tapers = make([]float64, len(c.found)), make([]float64, len(c.found))
	if len(c.found) == 0 || len(s.Richer) == 0 && !tapered {
		return nil
	}
	nodes := ladder[c.best-1]
	var err error
	if c.own, err = on(s.Problem.Dynamics)(nodes, false); err != nil {
		return err
	}
	for _, cache := range s.Richer {
		sp, err := on(cache.Problem.Dynamics)(nodes, false)
		if err != nil {
			return err
		}
		c.rich = append(c.rich, sp)
	}
	if tapered {
		near, err := s.Nearer()
		if err != nil {
			return err
		}
		if c.moved, err = on(near.Problem.Dynamics)(nodes, false); err != nil {
			return err
		}
	}
	for k, f := range c.found {
		base, ok := c.own.Nearest(f.Rate)
		if !ok {
			c.rules[k], c.tapers[k] = math.NaN(), math.NaN()
			continue
		}
		if len(c.rich) > 0 {
			at := make([]float64, len(c.rich))
			for r, sp := range c.rich {
				at[r] = away(sp, base)
			}
			c.rules[k] = fit.RuleError(0, at)
		}
		if c.moved != nil {
			c.tapers[k] = unit.TaperSafety * away(c.moved, base)
		}
	}
	return nil
}

// away is how far a grid's nearest rate is from one, along the line between them, so that distances stand for
// differences; NaN if it is none of the same mode.
func away(s *Spectrum, from complex128) float64 {
	v, ok := s.Nearest(from)
	if !ok {
		return math.NaN()
	}
	return cmplx.Abs(v - from)
}
