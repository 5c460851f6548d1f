package march

import (
	"kolmo/compare/look"
	"kolmo/grid"
)

// DenseSup searches the row's worst field once more from denser points and all
// their good local maxima.
func (e *Engine) DenseSup(r *Row) float64 {
	return e.NewDenseSearch().find(r.BestE)
}

// denseSearch is a search from the engine's denser points. It owns workspace.
type denseSearch struct {
	sampler *look.Sampler
	finder  *look.MaxFinder
	values  []float64
}

func (e *Engine) NewDenseSearch() *denseSearch {
	if e.dense == nil {
		d := e.Problem.Ball.Free()
		e.dense = look.NewPoints(e.Problem.Ball, denseRefine[d]*look.SearchDensity(d, e.Level.Largest()))
		e.denseSphere = look.NewSphereMatrix(e.Data.Grid, e.Width, e.dense)
	}
	return &denseSearch{look.NewSampler(e.Data.Grid, e.Width, e.dense, e.denseSphere), look.NewMaxFinder(e.Data.Grid, e.Width, e.dense, denseStarts), make([]float64, len(e.dense.X))}
}

// find returns the largest |field| over the ball.
func (d *denseSearch) find(field []float64) float64 {
	d.sampler.SampleTo(d.values, field, 1)
	return d.finder.Find(field, d.values)
}

// How much denser, per dimension, and from how many starts.
var denseRefine = [grid.MaxDim + 1]int{0, 3, 2, 2}

const denseStarts = 12
