package sgdop

import (
	"context"
	"math"

	"kolmo/grid"
	"kolmo/process"
)

// Errors are estimates of what S computes wrongly, separately by cause: the largest
// change of U^n = S^n phi at a node, over the steps n, when that one cause is
// reduced. One entry per observable.
type Errors struct {
	// Interpolation: the same with two nodes more per window; with whole axes, on a
	// grid of a quarter more nodes.
	Interpolation []float64
	// Quadrature: the same under the law's richer rule; zero where the law is a
	// finite sum.
	Quadrature []float64
	// Leakage: the same on a box enlarged by how far images leave it, with the same
	// spacing of nodes; zero where none leaves.
	Leakage []float64
}

// EstimateErrors returns the errors of U^n for n up to steps on the nodes of g in the
// ball (nil: all nodes), for the width and memory of cfg; observables are functions of
// x, since they are taken at the nodes of other grids too. It errs as Assemble does.
// Cost: up to four assemblies and four times the steps.
func EstimateErrors(ctx context.Context, g *grid.Grid, chain process.Chain, phi []func(x []float64) float64, steps int, ball *grid.Ball, cfg *Config) (*Errors, error) {
	c := cfg.withDefaults()
	s, err := Assemble(ctx, g, chain, &c)
	if err != nil {
		return nil, err
	}
	c.Width, c.Probe = s.width, nil
	if s.full {
		c.Width = 0
	}
	e := &Errors{Quadrature: make([]float64, len(phi)), Leakage: make([]float64, len(phi))}
	inside := s.inside(ball)
	against := func(h *grid.Grid, p process.Chain, width int) ([]float64, error) {
		other := c
		other.Width, other.Progress = width, nil
		t, err := Assemble(ctx, h, p, &other)
		if err != nil {
			return nil, err
		}
		return s.distance(ctx, t, phi, steps, inside, c.Workers)
	}
	finer, width := g, c.Width+2
	if s.full {
		if finer, err = resized(g, 1.25, 1); err != nil {
			return nil, err
		}
		width = 0
	}
	if e.Interpolation, err = against(finer, chain, width); err != nil {
		return nil, err
	}
	if fine, ok := chain.Refine(); ok {
		if e.Quadrature, err = against(g, fine, c.Width); err != nil {
			return nil, err
		}
	}
	if s.leak.Rows > 0 {
		grow := 1 + 2*s.leak.Distance
		larger, err := resized(g, grow, grow)
		if err != nil {
			return nil, err
		}
		if e.Leakage, err = against(larger, chain, c.Width); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// resized returns g with its axes longer by one factor and with more intervals by
// another.
func resized(g *grid.Grid, intervals, length float64) (*grid.Grid, error) {
	axes := make([]*grid.Axis, g.Dim())
	for k := range axes {
		a := g.Axis(k)
		n := int(math.Ceil(float64(a.Len()-1)*intervals-1e-9)) + 1
		mid, half := a.Lo()/2+a.Hi()/2, (a.Hi()/2-a.Lo()/2)*length
		var err error
		if a.Kind() == grid.KindChebyshev {
			axes[k], err = grid.Chebyshev(a.Name(), n, mid-half, mid+half)
		} else {
			axes[k], err = grid.Uniform(a.Name(), n, mid-half, mid+half)
		}
		if err != nil {
			return nil, err
		}
	}
	return grid.New(axes...)
}

// distance returns the largest |U^n - V^n| over n = 0 .. steps and the given nodes, per
// observable, V being the powers of t, whose grid may be another.
func (s *Operator) distance(ctx context.Context, t *Operator, phi []func(x []float64) float64, steps int, inside []int, workers int) ([]float64, error) {
	fields := func(s *Operator) (now, next [][]float64) {
		now = sampleAll(s.g, phi)
		for range now {
			next = append(next, make([]float64, s.g.Len()))
		}
		return now, next
	}
	u, uNext := fields(s)
	v, vNext := fields(t)
	transfer := grid.NewGridTransfer(t.g, s.g, t.width)
	there := make([]float64, transfer.Len())
	worst := make([]float64, len(phi))
	for n := 0; ; n++ {
		for f := range u {
			transfer.ApplyTo(there, v[f])
			for _, i := range inside {
				if d := math.Abs(there[i] - u[f][i]); !(d <= worst[f]) {
					worst[f] = d
				}
			}
		}
		if n == steps {
			return worst, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.ApplyAllTo(workers, uNext, u)
		t.ApplyAllTo(workers, vNext, v)
		u, uNext = uNext, u
		v, vNext = vNext, v
	}
}
