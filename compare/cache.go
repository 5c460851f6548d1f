package compare

import (
	"fmt"
	"sync"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/process"
	"kolmo/sgdop"
)

// gridData is what does not depend on eta: what drifts and diffusions are made of, and
// the observables, on a grid.
type gridData struct {
	g      *grid.Grid
	fields process.Fields
	means  *sgdop.Means // what all S on the grid share, nil where nothing is
	phi    [][]float64  // per observable, less its offset
	size   []float64    // sup |phi|, less the offset, on the grid
	missed []float64    // by how much the interpolant of phi misses it in the ball
	hidden lossMiss     // and those of the loss's moments them
	layer  *layerMiss   // and those of Lambda it; nil but for the modified model
}

// gridCache keeps the data of the grids of a study. It may be asked by several goroutines.
type gridCache struct {
	lock    sync.Mutex
	p       *Problem
	survey  *survey
	workers int
	data    map[string]*gridData
	missed  map[string][]float64 // by grid and width of interpolation
	hidden  map[string]lossMiss  // likewise
	layer   map[string]*layerMiss
	third   map[string]float64 // of the third moments, by grid
	powers  []keptPowers       // the newest last
}

func newGridCache(p *Problem, s *survey, workers int) *gridCache {
	return &gridCache{p: p, survey: s, workers: workers, data: make(map[string]*gridData), missed: make(map[string][]float64), hidden: make(map[string]lossMiss), layer: make(map[string]*layerMiss), third: make(map[string]float64)}
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
		c.hidden[wide] = c.survey.loss.miss(d.fields, l.width)
		if c.survey.layer != nil && half == c.survey.layer.of.Radius {
			c.layer[wide] = c.survey.layer.miss(d.fields, l.width, c.workers)
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
	g, err := c.p.region(half).Box(l.kind, l.nodes)
	if err != nil {
		return nil, err
	}
	// The means serve all eta.
	d := &gridData{g: g, means: sgdop.NewMeans(g, c.p.Dynamics.Chain(1))}
	if d.fields, err = c.p.Dynamics.On(g, c.workers); err != nil {
		return nil, err
	}
	for k, o := range c.p.Observables {
		phi, size := c.valuesOn(d.fields, o), 0.0
		for i := range phi {
			if phi[i]-phi[i] != 0 {
				x := make([]float64, g.Dim())
				g.PointTo(x, i)
				return nil, &process.ObservableError{Name: o.Name(), X: x}
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

// valuesOn returns an observable at the points of fields.
func (c *gridCache) valuesOn(f process.Fields, o process.Observable) []float64 {
	const tasks = 16
	v := make([]float64, f.Len())
	par.Do(c.workers, tasks, func(task int) {
		phi, x := f.NewObserver(o), make([]float64, len(c.p.Ball.Center))
		lo, hi := par.Split(len(v), tasks, task)
		for i := lo; i < hi; i++ {
			f.PointTo(x, i)
			v[i] = phi(x, i)
		}
	})
	return v
}
