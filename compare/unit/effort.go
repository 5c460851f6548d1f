package unit

import (
	"fmt"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/grid"
)

// What the propagation of one model may take where the study leaves the grid to kolmo, in
// multiplications per observable and by dimension: half a minute on one core, some minutes in
// space, and more for runs of many steps. It is counted and not timed, so that results depend
// on no clock.
var MostWork = [grid.MaxDim + 1]float64{0, 4e10, 4e11, 4e12}

// workForSteps is the number of SGD steps of a run from which mostWork grows with them.
const workForSteps = 1000

// WorkError tells that a level is not run since that would take too long.
type WorkError struct {
	level  survey.Level
	needed float64 // predicted multiplications per observable
	most   float64
}

// Error implements error.
func (e *WorkError) Error() string {
	return fmt.Sprintf("u on the next finer grid, %s with %d nodes per axis, is predicted to take %.1e multiplications, %.2g times what a grid that kolmo chooses may take; solver.nodes takes any",
		e.level, e.level.Largest(), e.needed, e.needed/e.most)
}

// affordable gives the models of an engine whose run would take too long the error that says
// so. Grids that the study fixes are run however long they take.
func (s *Setup) affordable(e *march.Engine, eta compare.Rate) {
	steps, limit := s.Steps(eta.Value), s.Config.Work
	if limit == 0 {
		limit = MostWork[len(s.Problem.Ball.Center)]
	}
	for _, m := range e.Models {
		if m.Err != nil || m.Level.AsGiven {
			continue
		}
		needed := steps * m.StepWork(eta.Value)
		if most := limit * max(1, steps/workForSteps); !(needed <= most) {
			m.Err = &WorkError{level: m.Level, needed: needed, most: most}
		}
	}
}
