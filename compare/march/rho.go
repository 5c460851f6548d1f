package march

import (
	"math"
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

// RhoSup returns the polished supremum of a one-step error.
func (e *Engine) RhoSup(r *Row, su []float64) float64 {
	values := r.values[:len(e.search.X)]
	r.sampler.SampleTo(values, su, 1)
	return r.finder.Find(su, values)
}

// KeepRho asks the engine for the one-step errors of every step, before its first.
func (e *Engine) KeepRho() {
	e.everyRho = true
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
	values := make([]float64, len(e.Points.X))
	field := [][]float64{r.Differences[:e.Data.Grid.Len()]} // the one-step error's field is spent
	for i, d := range r.differ[j] {
		e.s.ApplyAllTo(e.Workers, field, [][]float64{before[i]})
		for k, v := range d {
			field[0][k] -= v
		}
		r.Tracer.SampleTo(values, field[0], 1)
		for _, v := range values {
			sups[i] = max(sups[i], math.Abs(v))
		}
	}
	return r.differs.Error(sups[0], sups[1])
}
