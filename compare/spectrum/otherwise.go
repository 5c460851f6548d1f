package spectrum

import (
	"context"
	"math"
	"math/cmplx"
	"slices"

	"kolmo/compare/fit"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/process"
)

// others are what the grids of a rung say otherwise.
type others struct {
	rich  []*Spectrum // the second finest of three grids under richer rules
	moved *Spectrum   // the finest with noise that ends nearer; nil where none ends but by definition
	// straight is S between straight lines, on as many equidistant nodes as the finest grid has; nil where that resolves all.
	straight *Spectrum
}

// otherwise fills the errors of modes that grids do not tell, by what changes on the second finest grid
// under richer rules for the quadrature over xi and, where noise ends beyond the ball, on the finest with nearer ends: layers that
// a grid hardly resolves change it otherwise than they should. The modes are of a model, or of the chain where it is nil. Functions with kinks
// that a chain carries on are looked at between straight lines.
func (s *Kind) otherwise(ctx context.Context, c *climbed, ladder []int, m *process.Diffusion, eta float64, on func(process.Dynamics) source) error {
	tapered := m == nil && s.Noisy() || m != nil && m.Tapered
	c.rules, c.tapers = make([]float64, len(c.found)), make([]float64, len(c.found))
	for _, r := range c.from {
		if m != nil || r.straight != nil || r.grids[0].Missed == 0 {
			continue
		}
		var err error
		if r.straight, err = straightStep(ctx, s, eta, r.nodes, c.half); err != nil {
			return err
		}
	}
	if len(s.Richer) == 0 && !tapered {
		c.doubt()
		return nil
	}
	var near *unit.Setup
	if tapered {
		var err error
		if near, err = s.Nearer(); err != nil {
			return err
		}
		c.fading = unit.NewFading(s.Setup, m, eta)
	}
	for _, r := range c.from {
		if r.rich != nil || r.moved != nil {
			continue
		}
		modes := func(d process.Dynamics, nodes int) (*Spectrum, error) {
			sp, err := on(d)(nodes, false)
			if _, ok := err.(*unusable); ok {
				return new(Spectrum), nil // where no mode is the nearest
			}
			return sp, err
		}
		var err error
		for _, cache := range s.Richer {
			sp, err := modes(cache.Problem.Dynamics, ladder[r.at-1])
			if err != nil {
				return err
			}
			r.rich = append(r.rich, sp)
		}
		if tapered {
			if r.moved, err = modes(near.Problem.Dynamics, ladder[r.at]); err != nil {
				return err
			}
		}
	}
	for k, f := range c.found {
		from := c.from[k]
		if len(from.rich) > 0 {
			c.rules[k] = math.NaN()
			if base, ok := from.grids[1].Nearest(f.Rate); ok {
				at := make([]float64, len(from.rich))
				for r, sp := range from.rich {
					at[r] = away(sp, base)
				}
				c.rules[k] = fit.RuleError(0, at)
			}
		}
		if from.moved != nil {
			c.tapers[k] = unit.Tapered(c.endsShare(k), away(from.moved, f.Rate))
		}
	}
	c.order()
	return nil
}

// strangers are the rates of smooth modes under richer rules, or with nearer ends, that are none of the same grid's otherwise, and of any
// between straight lines.
func (r *rung) strangers() (rates []float64) {
	look := func(own, other *Spectrum, rough bool) {
		partner := pair(other, own)
		for i, m := range other.Modes {
			if partner[i] < 0 && (rough || m.smooth()) {
				rates = append(rates, real(m.Rate))
			}
		}
	}
	for _, sp := range r.rich {
		look(r.grids[1], sp, false)
	}
	if r.moved != nil {
		look(r.grids[0], r.moved, false)
	}
	if r.straight != nil {
		look(r.grids[0], r.straight, true)
	}
	return rates
}

// doubt puts the numbers of modes in doubt that a mode may have whose error is not known: of all after it, and of slower ones
// that are no farther than modes of grids may move. What a richer rule or a nearer end shows that it may have become counts
// where that is.
func (c *climbed) doubt() {
	var lost []float64
	for k, f := range c.found {
		if e := c.rules[k] + c.tapers[k]; e-e != 0 {
			lost = append(lost, real(f.Rate))
		}
	}
	for k := range c.found {
		f := &c.found[k]
		upper := real(f.Rate) + f.Error + c.rules[k] + c.tapers[k]
		if upper-upper != 0 {
			upper = math.Inf(-1) // it has its reason
		}
		f.doubtedBy(lost, upper, c.from[k].grids)
		f.doubtedBy(c.from[k].strangers(), upper, c.from[k].grids)
	}
}

// order makes the errors those of the k-th slowest rate: it lies between the k-th of all lower ends and the k-th of all
// upper ends.
func (c *climbed) order() {
	c.doubt()
	var low, high []float64
	for k := range c.found {
		f := &c.found[k]
		e := f.Error + c.rules[k] + c.tapers[k]
		if e-e != 0 {
			break
		}
		low, high = append(low, real(f.Rate)-e), append(high, real(f.Rate)+e)
	}
	own := slices.Clone(low)
	slices.Sort(low)
	slices.Sort(high)
	for k := range low {
		v := real(c.found[k].Rate)
		if more := max(own[k]-low[k], high[k]-v-(v-own[k])); more > 0 {
			by := c.rules
			if c.fading != nil && c.tapers[k] >= c.rules[k] {
				by = c.tapers
			}
			by[k] += more
		}
	}
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

// endsShare is the share of what nearer ends change in a mode: what they do to its rate is of the size of the square of its
// eigenfunction there, less the value at the centre.
func (c *climbed) endsShare(k int) float64 {
	sp := c.from[k].grids[0]
	value := sp.valueOf(c.found[k].At[0])
	at0 := value(c.fading.Center())
	return c.fading.Share(func(x []float64) float64 {
		v := cmplx.Abs(value(x) - at0)
		return v * v
	})
}

// valueOf returns a mode as a function of the point.
func (s *Spectrum) valueOf(mode int) func(x []float64) complex128 {
	in := grid.NewInterpolator(s.Grid, s.Width)
	var parts [2][]float64
	for _, v := range s.Modes[mode].Vector {
		parts[0], parts[1] = append(parts[0], real(v)), append(parts[1], imag(v))
	}
	return func(x []float64) complex128 {
		in.Locate(x)
		return complex(in.Value(parts[0]), in.Value(parts[1]))
	}
}
