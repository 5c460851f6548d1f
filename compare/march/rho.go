package march

import (
	"math"

	"kolmo/compare/look"
)

// RhoPoint is one one-step error.
type RhoPoint struct {
	N   int
	Rho float64
	Err float64 // of a run alone: what the error in t does to it
}

// RhoSeries are one-step errors in the order of the steps: of every step as long as the
// gap is followed, and of some of them afterwards.
type RhoSeries []RhoPoint

// RhoSeries returns what the row kept.
func (r *Row) RhoSeries() RhoSeries {
	var s RhoSeries
	for j, v := range r.Rhos {
		s = append(s, RhoPoint{N: j + 1, Rho: v, Err: r.rhoTime[j]})
	}
	return append(s, r.Late...)
}

// GapAt returns the gap of step n; NaN after the last step at which it was followed.
func (r *Row) GapAt(n int) float64 {
	if n >= len(r.Curve) {
		return math.NaN()
	}
	return r.Curve[n]
}

// rhoLook is what looks at a row's one-step errors. It owns workspace.
type rhoLook struct {
	points          int // of the tracer
	tracer, sampler *look.Sampler
	finder          *look.MaxFinder
	values          []float64
}

// lookAtRho sets the points at which one-step errors are looked at: those of the gaps where paths start anywhere in the
// region, and else points of all of it, since the errors of later steps are made wherever paths get to.
func lookAtRho(e *Engine) {
	e.RhoPoints = e.Points
	if !e.Problem.Transient() {
		for _, r := range e.Rows {
			r.rhoLook = rhoLook{len(e.Points.X), r.Tracer, r.sampler, r.finder, r.values[:len(e.search.X)]}
		}
		return
	}
	g, ball := e.Data.Grid, e.Problem.Region(e.Problem.Ball.R)
	e.RhoPoints = look.NewPoints(ball, look.PointDensity[ball.Free()])
	search := look.NewPoints(ball, look.SearchDensity(ball.Free(), e.Level.Largest()))
	traced, searched := look.NewSphereMatrix(g, e.Width, e.RhoPoints), look.NewSphereMatrix(g, e.Width, search)
	for _, r := range e.Rows {
		r.rhoLook = rhoLook{len(e.RhoPoints.X), look.NewSampler(g, e.Width, e.RhoPoints, traced), look.NewSampler(g, e.Width, search, searched), look.NewMaxFinder(g, e.Width, search, 3), make([]float64, len(search.X))}
	}
}

// RhoSup returns the polished supremum of a one-step error.
func (e *Engine) RhoSup(r *Row, su []float64) float64 {
	r.rhoLook.sampler.SampleTo(r.rhoLook.values, su, 1)
	return r.rhoLook.finder.Find(su, r.rhoLook.values)
}

// OneStepAt returns a one-step error at the engine's RhoPoints.
func (r *Row) OneStepAt(su []float64) []float64 {
	at := make([]float64, r.rhoLook.points)
	r.rhoLook.tracer.SampleTo(at, su, 1)
	return at
}

// KeepRho asks the engine for the one-step errors of every step, before its first.
func (e *Engine) KeepRho() {
	e.everyRho = true
	lookAtRho(e)
	for _, r := range e.Rows {
		if r.RhoAt = make(map[int][]float64); r.Prop == nil {
			continue // the model could not be set up
		}
		if r.differs = r.Prop.KeepDifferences(); r.differs == nil {
			continue
		}
		for range e.Block {
			r.differ = append(r.differ, [2][]float64{make([]float64, len(r.last)), make([]float64, len(r.last))})
		}
		for i := range r.differed {
			r.differed[i] = make([]float64, len(r.last)) // none at first
		}
	}
}

// rhoStep keeps the one-step errors of step n, which is entry j of the block.
func (e *Engine) rhoStep(n, j int) {
	sups := e.OneStep(j, e.RhoSup)
	for i, r := range e.Rows {
		if r.Model.open() {
			r.Rhos, r.rhoTime = append(r.Rhos, sups[i]), append(r.rhoTime, e.RhoTime(r, n, j))
		}
	}
}

// RhoTime returns what the error in t does to the one-step error at step n, which is entry
// j of the block. With the error d^j of u^j that is S d^{j-1} - d^j: where differences D
// between longer steps tell d, those of S D^{j-1} - D^j at the points tell that, and
// otherwise |S d^{j-1}| + |d^j| bounds it.
func (e *Engine) RhoTime(r *Row, n, j int) float64 {
	if r.differs == nil {
		return 2 * r.Prop.TimeErrorAt(n)
	}
	before := r.differed
	if j > 0 {
		before = r.differ[j-1]
	}
	var sups [2]float64
	field := [][]float64{r.Differences[:e.Data.Grid.Len()]} // the one-step error's field is spent
	for i, d := range r.differ[j] {
		e.s.ApplyAllTo(e.Workers, field, [][]float64{before[i]})
		for k, v := range d {
			field[0][k] -= v
		}
		for _, v := range r.OneStepAt(field[0]) {
			sups[i] = max(sups[i], math.Abs(v))
		}
	}
	return r.differs.Error(sups[0], sups[1])
}
