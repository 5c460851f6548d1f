package compare

import (
	"fmt"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/process"
)

// What the propagation of one model may take where the study leaves the grid to kolmo, in
// multiplications per observable and by dimension: half a minute on one core, some minutes in
// space, and more for runs of many steps. It is counted and not timed, so that results depend
// on no clock.
var mostWork = [grid.MaxDim + 1]float64{0, 4e10, 4e11, 4e12}

// workForSteps is the number of SGD steps of a run from which mostWork grows with them.
const workForSteps = 1000

// workError tells that a level is not run since that would take too long.
type workError struct {
	level  level
	needed float64 // predicted multiplications per observable
	most   float64
}

// Error implements error.
func (e *workError) Error() string {
	return fmt.Sprintf("u on the next finer grid, %s with %d nodes per axis, is predicted to take %.1e multiplications, %.2g times what a grid that kolmo chooses may take; solver.nodes takes any",
		e.level, e.level.largest(), e.needed, e.needed/e.most)
}

// affordable gives the models of an engine whose run would take too long the error that says
// so. Grids that the study fixes are run however long they take.
func (s *setup) affordable(e *engine, eta Rate) {
	steps, limit := s.steps(eta.Value), s.cfg.work
	if limit == 0 {
		limit = mostWork[len(s.p.Ball.Center)]
	}
	for _, m := range e.models {
		if m.err != nil || m.level.asGiven {
			continue
		}
		needed := steps * m.stepWork(eta.Value)
		if most := limit * max(1, steps/workForSteps); !(needed <= most) {
			m.err = &workError{level: m.level, needed: needed, most: most}
		}
	}
}

// stepWork predicts the multiplications of one SGD step of one observable.
func (m *modelRun) stepWork(eta float64) float64 {
	pass := m.level.passWork(m.model)
	if m.level.scheme != nil {
		return pass * m.level.scheme.Passes() * solveShare * estimateShare * float64(m.level.sub)
	}
	return pass * polynomialPasses * max(1, eta*m.op.SpectralRadius())
}

// passWork predicts the multiplications of one application of a model's L.
func (l level) passWork(m *process.Diffusion) float64 {
	width := float64(l.largest())
	if l.order != fd.FullWidth {
		width = min(width, float64(l.order+1+paddedRows))
	}
	return l.count() * (l.derivatives(m)*width + nodeWork)
}

// derivatives is the number of derivatives in a model's L.
func (l level) derivatives(m *process.Diffusion) float64 {
	d := len(l.nodes)
	if m.Noise == process.NoNoise {
		return float64(d)
	}
	return float64(2*d + d*(d-1)/2)
}
