package compare

import (
	"fmt"
	"sync"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/objective"
)

// gridData is what does not depend on eta: the moments of the loss and the
// observables on a grid.
type gridData struct {
	g       *grid.Grid
	moments *kolmogorov.Moments
	phi     [][]float64 // per observable, less its offset
	size    []float64   // sup |phi|, less the offset, on the grid
	missed  []float64   // what the interpolant of phi misses of it in the ball
	hidden  *lossMiss   // what the interpolants of the loss's moments miss of them
	layer   *layerMiss  // what that of Lambda misses of it; nil but for the modified model
}

// gridCache keeps the data of the grids of a study. It may be asked by several goroutines.
type gridCache struct {
	lock    sync.Mutex
	p       *Problem
	survey  *survey
	workers int
	data    map[string]*gridData
	missed  map[string][]float64 // by grid and width of interpolation
	hidden  map[string]*lossMiss // likewise
	layer   map[string]*layerMiss
	third   map[string]float64 // of the third moments, by grid
}

func newGridCache(p *Problem, s *survey, workers int) *gridCache {
	return &gridCache{p: p, survey: s, workers: workers, data: make(map[string]*gridData), missed: make(map[string][]float64), hidden: make(map[string]*lossMiss), layer: make(map[string]*layerMiss), third: make(map[string]float64)}
}

// get returns the data on the level's grid of the given half-width.
func (c *gridCache) get(l level, half float64) (*gridData, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	key := fmt.Sprint(l.kind, l.nodes, half)
	base, err := c.onGrid(key, l, half)
	if err != nil {
		return nil, err
	}
	d := *base
	wide := fmt.Sprint(key, l.width)
	if _, ok := c.missed[wide]; !ok {
		c.missed[wide] = c.survey.residuals(d.g, l.width, d.phi, c.workers)
		c.hidden[wide] = c.survey.loss.miss(d.moments, l.width)
		if half == c.p.R2 && c.survey.layer != nil {
			c.layer[wide] = c.survey.layer.miss(c.p, d.moments, l.width, c.workers)
		}
	}
	d.missed, d.hidden, d.layer = c.missed[wide], c.hidden[wide], c.layer[wide]
	return &d, nil
}

// onGrid returns the data that do not depend on the interpolation.
func (c *gridCache) onGrid(key string, l level, half float64) (*gridData, error) {
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
	for k, o := range c.p.Observables {
		phi, size := c.valuesOn(d.moments, o), 0.0
		for i := range phi {
			if phi[i]-phi[i] != 0 {
				x := make([]float64, g.Dim())
				g.PointTo(x, i)
				return nil, &objective.NonFiniteError{What: o.Name(), Part: "value", X: x, Sample: -1}
			}
			phi[i] -= c.survey.offset[k]
			size = max(size, phi[i], -phi[i])
		}
		d.phi = append(d.phi, phi)
		d.size = append(d.size, size)
	}
	c.data[key] = d
	return d, nil
}

// valuesOn returns an observable at the nodes of the moments' grid. Where it is a function of
// the expected loss, that is taken from the moments.
func (c *gridCache) valuesOn(m *kolmogorov.Moments, o objective.Observable) []float64 {
	const tasks = 16
	v := make([]float64, m.Grid.Len())
	par.Do(c.workers, tasks, func(task int) {
		var f func(x []float64) float64
		var of func(x []float64, f float64) float64
		if phi, ok := o.(*objective.Phi); ok {
			of = phi.NewFuncOf(c.p.Objective)
		}
		if of == nil {
			f = o.NewFunc()
		}
		x := make([]float64, m.Grid.Dim())
		lo, hi := par.Split(len(v), tasks, task)
		for i := lo; i < hi; i++ {
			m.Grid.PointTo(x, i)
			if of != nil {
				v[i] = of(x, m.At[i].F)
			} else {
				v[i] = f(x)
			}
		}
	})
	return v
}
