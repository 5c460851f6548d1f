package unit

import (
	"sort"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/grid"
	"kolmo/process"
)

// Where the noise does not vanish at the ends of the box, the one-sided closures of
// differences act, on fine grids, like a condition that the derivative of the
// differences' order vanishes there. Its error hardly falls with the nodes, so that
// two grids of one order agree on it; it falls with the order, tenfold and more for
// every two, until the higher order is unstable. Measured, Ornstein-Uhlenbeck on [-2,2],
// phi = cos 6x, eta = 1/4, gap 0.35, 128 and 192 nodes: 2e-3, 3e-4, 4e-5, 5e-6 for the
// orders 4, 6, 8, 10, where the grids differ by 1e-4, 1e-5, 1e-6, 1e-6. Such grids show
// transient growth.
//
// On a wider box the drift at the faces is faster and the ball farther away, and the error
// smaller. An example is f = 1.48 x^2/2 - 0.89 xi x, phi = tanh(7.1 (x + 1.144)),
// first-order, order 6, 128 nodes, eta = 1/8. The error is 2.9e-4 of the gap 0.0115; the
// order 8 differs by 2e-5, the box of 1.25 R with the same spacing by 2.8e-4. The order 4
// differs by 8e-4: where the box cannot be widened, because the loss ends there, a lower
// order says more than a higher.

// closureBox is by how much the box is widened to see what closures do, and mostBox the
// widest box over R.
const (
	closureBox = 1.25
	mostBox    = 2.5
	// closureNodes is the number of nodes of differences that collocation is compared with, over
	// its own.
	closureNodes = 3
)

// ClosureStep is by how much the order is changed where the box cannot be widened.
const ClosureStep = 2

// ClosuresAct reports that a model's closures may do something to u. They may to
// differences whose noise reaches the faces, on a grid that shows transient growth or on
// a box that was widened for them, and to collocation with wild growth there.
func ClosuresAct(l survey.Level, m *process.Diffusion, growth float64) bool {
	if m.Noise != process.NoiseAtFaces {
		return false
	}
	if l.Kind == grid.KindChebyshev {
		return growth > fit.WildGrowth
	}
	return growth > fit.CalmGrowth || l.Box > 1
}

// ClosureLevels are the levels that a level is compared with to see what its closures do,
// best first. They have the same spacing on a wider box, and on the same grid a lower
// order, or a higher one where there is none. Collocation is compared with differences,
// whose closures amplify other things: a wider box would be wilder still.
func ClosureLevels(of *compare.Problem, l survey.Level) []survey.Level {
	var list []survey.Level
	if l.Kind == grid.KindChebyshev {
		ladder, err := survey.Uniform(compare.DefaultOrder).Ladder(survey.ForL, of, nil)
		if err != nil {
			return nil
		}
		at := sort.Search(len(ladder)-1, func(i int) bool { return float64(ladder[i].Largest()) >= closureNodes*float64(l.Largest()) })
		return []survey.Level{ladder[at]}
	}
	if wide := closureBox * max(1, l.Box); wide <= mostBox {
		o := l
		o.Box, o.AsGiven = wide, false // a given grid is compared with others only
		list = append(list, o)
	}
	for _, step := range []int{-ClosureStep, ClosureStep} {
		o := l
		if o.Order += step; o.Order >= 2 && o.Largest() >= o.Order+2 {
			list = append(list, o)
		}
	}
	return list
}

// OtherClosures returns an engine, made by run, for an engine's model at the first level of
// closureLevels that is stable, and that level. It is the last one's engine where none is,
// and nil where closures do nothing to the model or there is no such level.
func (s *Setup) OtherClosures(fine *march.Engine, p march.Planned, run func(list []march.Planned) ([]*march.Engine, error)) (e *march.Engine, at survey.Level, err error) {
	m := s.Problem.Models[p.Model]
	of := fine.ModelOf(m)
	if of == nil || of.Err != nil || !ClosuresAct(p.L, m, of.Growth) {
		return nil, at, nil
	}
	for _, l := range ClosureLevels(s.Problem, p.L) {
		o := p
		o.L = l
		engines, err := run([]march.Planned{o})
		if process.NonFinite(err) {
			continue // the loss does not reach that far
		}
		if err != nil {
			return nil, at, err
		}
		e, at = engines[0], l
		if e.ModelOf(m).Err == nil {
			break
		}
	}
	return e, at, nil
}
