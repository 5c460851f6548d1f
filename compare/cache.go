package compare

import (
	"fmt"

	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/objective"
)

// gridData is what does not depend on eta: the moments of the loss and the
// observables on a grid.
type gridData struct {
	g       *grid.Grid
	moments *kolmogorov.Moments
	phi     [][]float64 // per observable
	size    []float64   // sup |phi| on the grid
	missed  []float64   // by how much the interpolant of phi misses it in the ball
}

// gridCache keeps the data of the grids of a study.
type gridCache struct {
	p       *Problem
	survey  *survey
	workers int
	data    map[string]*gridData
}

func newGridCache(p *Problem, s *survey, workers int) *gridCache {
	return &gridCache{p: p, survey: s, workers: workers, data: make(map[string]*gridData)}
}

// get returns the data on the level's grid of the given half-width.
func (c *gridCache) get(l level, half float64) (*gridData, error) {
	key := fmt.Sprint(l.kind, l.nodes, half)
	if d, ok := c.data[key]; ok {
		return d, nil
	}
	g, err := grid.Box(l.kind, l.nodes, c.p.Ball.Center, half)
	if err != nil {
		return nil, err
	}
	d := &gridData{g: g}
	if d.moments, err = kolmogorov.MomentsOn(g, c.p.Objective, c.workers); err != nil {
		return nil, err
	}
	x := make([]float64, g.Dim())
	for _, o := range c.p.Observables {
		phi := make([]float64, g.Len())
		f := o.NewFunc()
		size := 0.0
		for i := range phi {
			g.PointTo(x, i)
			phi[i] = f(x)
			if phi[i]-phi[i] != 0 {
				return nil, &objective.NonFiniteError{What: o.Name(), Part: "value", X: append([]float64(nil), x...), Sample: -1}
			}
			size = max(size, phi[i], -phi[i])
		}
		d.phi = append(d.phi, phi)
		d.size = append(d.size, size)
	}
	d.missed = c.survey.residuals(g, l.width, d.phi, c.workers)
	c.data[key] = d
	return d, nil
}
