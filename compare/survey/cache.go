package survey

import (
	"fmt"
	"sync"

	"kolmo/compare"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/process"
	"kolmo/sgdop"
)

// Data is what does not depend on eta: what drifts and diffusions are made of, and
// the observables, on a grid.
type Data struct {
	Grid   *grid.Grid
	Fields process.Fields
	Means  *sgdop.Means // what all S on the grid share, nil where nothing is
	Phi    [][]float64  // per observable, less its offset
	Size   []float64    // sup |phi|, less the offset, on the grid
	Missed []float64    // by how much the interpolant of phi misses it in the ball
	Hidden LossMiss     // and those of the loss's moments them
	Layer  *layerMiss   // and those of Lambda it; nil but for the modified model
}

// Cache keeps the data of the grids of a study. It may be asked by several goroutines.
type Cache struct {
	lock    sync.Mutex
	Problem *compare.Problem
	Survey  *Survey
	workers int
	data    map[string]*Data
	missed  map[string][]float64 // by grid and width of interpolation
	hidden  map[string]LossMiss  // likewise
	layer   map[string]*layerMiss
	third   map[string]float64 // of the third moments, by grid
	powers  []keptPowers       // the newest last
	last    keptPowers         // S that was assembled last, without powers
}

func NewCache(p *compare.Problem, s *Survey, workers int) *Cache {
	return &Cache{Problem: p, Survey: s, workers: workers, data: make(map[string]*Data), missed: make(map[string][]float64), hidden: make(map[string]LossMiss), layer: make(map[string]*layerMiss), third: make(map[string]float64)}
}

// Get returns the data on the level's grid of the given half-width.
func (c *Cache) Get(l Level, half float64) (*Data, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	key := fmt.Sprint(l.Kind, l.Nodes, half)
	base, err := c.onGrid(key, l, half)
	if err != nil {
		return nil, err
	}
	d := *base
	wide := fmt.Sprint(key, l.Width)
	if _, ok := c.missed[wide]; !ok {
		c.missed[wide] = c.Survey.residuals(c.Problem, d.Grid, l.Width, d.Phi, c.workers)
		c.hidden[wide] = c.Survey.Loss.Miss(d.Fields, l.Width)
		if c.Survey.layer != nil && half == c.Survey.layer.of.Radius {
			c.layer[wide] = c.Survey.layer.miss(d.Fields, l.Width, c.workers)
		}
	}
	d.Missed, d.Hidden, d.Layer = c.missed[wide], c.hidden[wide], c.layer[wide]
	return &d, nil
}

// onGrid returns the data that do not depend on the interpolation.
func (c *Cache) onGrid(key string, l Level, half float64) (*Data, error) {
	if d, ok := c.data[key]; ok {
		return d, nil
	}
	g, err := c.Problem.Region(half).Box(l.Kind, l.Nodes)
	if err != nil {
		return nil, err
	}
	// The means serve all eta.
	d := &Data{Grid: g, Means: sgdop.NewMeans(g, c.Problem.Dynamics.Chain(1))}
	if d.Fields, err = c.Problem.Dynamics.On(g, c.workers); err != nil {
		return nil, err
	}
	for k, o := range c.Problem.Observables {
		phi, size := c.valuesOn(d.Fields, o), 0.0
		for i := range phi {
			if phi[i]-phi[i] != 0 {
				x := make([]float64, g.Dim())
				g.PointTo(x, i)
				return nil, &process.ObservableError{Name: o.Name(), X: x}
			}
			phi[i] -= c.Survey.Offset[k]
			size = max(size, phi[i], -phi[i])
		}
		d.Phi = append(d.Phi, phi)
		d.Size = append(d.Size, size)
	}
	c.data[key] = d
	return d, nil
}

// valuesOn returns an observable at the points of fields.
func (c *Cache) valuesOn(f process.Fields, o process.Observable) []float64 {
	v := make([]float64, f.Len())
	par.Ranges(c.workers, len(v), func(lo, hi int) {
		phi, x := f.NewObserver(o), make([]float64, len(c.Problem.Ball.Center))
		for i := lo; i < hi; i++ {
			f.PointTo(x, i)
			v[i] = phi(x, i)
		}
	})
	return v
}
