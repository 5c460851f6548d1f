package study

import (
	"context"
	"fmt"
	"math"

	"kolmo/grid"
	"kolmo/process"
	"kolmo/sgdop"
)

// OperatorRequest says which operator S is wanted of a study.
type OperatorRequest struct {
	Eta float64
	// Nodes per axis. Default 0: the study's solver.nodes, or DefaultOperatorNodes.
	Nodes int
	// Width is the number of nodes per axis that interpolate. Default 0: chosen for the
	// study's observables.
	Width int
	// Accuracy is what a width is chosen by: the largest interpolation error after 1/eta
	// steps, relative to each observable's largest value. Default 0:
	// DefaultOperatorAccuracy.
	Accuracy float64
	// MaxBytes bounds the memory of the weights. Default 0: sgdop.DefaultMaxBytes.
	MaxBytes int64
	// Progress, if not nil, is told the share that is done.
	Progress func(share float64)
}

// Assembly is an operator S that is wanted of a study.
type Assembly struct {
	*Study
	OperatorRequest
}

// DefaultOperatorNodes are the nodes per axis in one, two and three dimensions.
var DefaultOperatorNodes = [grid.MaxDim]int{64, 48, 20}

// DefaultOperatorAccuracy is the accuracy by which a width is chosen.
const DefaultOperatorAccuracy = 1e-8

// Operator returns S of the study on the box around its ball: uniform axes if
// solver.space says so, Chebyshev axes otherwise. Errors are *Error where the loss is not
// finite, those of sgdop.Assemble and of the grid's construction.
func (s Assembly) Operator(ctx context.Context) (*sgdop.Operator, error) {
	if of := s.Imitated; of != nil && s.OperatorRequest.Eta > of.Value {
		return nil, s.KeyError("sample.batch.svag.of", fmt.Sprintf("a step at eta = %.4g cannot imitate one at %s: want a smaller eta", s.OperatorRequest.Eta, of.Text))
	}
	g, err := s.grid()
	if err != nil {
		return nil, err
	}
	cfg := s.config()
	op, err := sgdop.Assemble(ctx, g, s.dynamics().Chain(s.OperatorRequest.Eta), cfg)
	if err != nil {
		return nil, s.LossError(err)
	}
	return op, nil
}

// Errors returns the errors of U^n of the study's observables, in their order,
// for n up to 1/eta, over the nodes in the ball, for S as op has it.
func (s Assembly) Errors(ctx context.Context, op *sgdop.Operator) (*sgdop.Errors, error) {
	cfg := s.config()
	cfg.Width, cfg.Probe, cfg.Progress = op.Choice().Width, nil, nil
	steps := horizonSteps(s.OperatorRequest.Eta)
	e, err := sgdop.EstimateErrors(ctx, op.Grid(), s.dynamics().Chain(s.OperatorRequest.Eta), s.functions(), steps, s.ball(), cfg)
	if err != nil {
		return nil, s.LossError(err)
	}
	return e, nil
}

// Growth returns how powers of S up to 4/eta treat random fields of the study's
// seed, over the nodes in the ball.
func (s Assembly) Growth(ctx context.Context, op *sgdop.Operator) (sgdop.Growth, error) {
	return op.Growth(ctx, 0, 4*horizonSteps(op.Eta()), s.Seed, s.ball())
}

// mostSteps bounds the steps of the checks for tiny eta.
const mostSteps = 1000

// horizonSteps returns 1/eta, at most mostSteps.
func horizonSteps(eta float64) int {
	if eta*mostSteps <= 1 {
		return mostSteps
	}
	return max(1, int(1/eta+0.5))
}

func (s *Study) ball() *grid.Ball {
	b := s.dynamics().State().Whole(regionOf(s.dynamics(), s))
	return &b
}

// functions returns the observables as functions of one goroutine.
func (s Assembly) functions() []func(x []float64) float64 {
	var list []func(x []float64) float64
	for _, o := range s.Observables {
		list = append(list, process.Placed(s.dynamics(), o).NewFunc())
	}
	return list
}

// PerAxis returns the nodes per axis of the operator's grid; the last entry serves
// the remaining axes.
func (s Assembly) PerAxis() []int {
	switch {
	case s.OperatorRequest.Nodes > 0:
		return []int{s.OperatorRequest.Nodes}
	case s.Solver.Nodes != nil:
		return s.Solver.Nodes
	}
	return []int{DefaultOperatorNodes[len(s.State)-1]}
}

// Len returns the number of nodes of the operator's grid.
func (s Assembly) Len() float64 {
	nodes, n := s.PerAxis(), 1.0
	for k := range s.State {
		n *= float64(nodes[min(k, len(nodes)-1)])
	}
	return n
}

// Memory of an operator, as measured: of each node beside its weights, for the plan of
// windows and the fields of the checks; windows per node, which merge those of samples.
const (
	operatorNodeBytes = 200
	operatorWindows   = 2
	widestWindow      = 12
)

// Bytes predicts the memory that Operator and its checks may need, before anything
// is made: the weights of S in windows within the bound of r, the axes and the fields.
func (s Assembly) Bytes() float64 {
	n := s.Len()
	width := s.OperatorRequest.Width
	if width == 0 {
		width = widestWindow
	}
	most := float64(s.OperatorRequest.MaxBytes)
	if most == 0 {
		most = sgdop.DefaultMaxBytes
	}
	weights := n * operatorWindows * 8 * math.Pow(float64(width), float64(len(s.State)))
	total := min(weights, 8*n*n, most) + operatorNodeBytes*n
	for _, k := range s.PerAxis() {
		total += 2 * 8 * float64(k) * float64(k) // an axis with the matrix of its derivative
	}
	return total
}

func (s Assembly) grid() (*grid.Grid, error) {
	kind := grid.KindChebyshev
	if s.Solver.Space == grid.KindUniform.String() {
		kind = grid.KindUniform
	}
	return s.ball().Box(kind, s.PerAxis())
}

func (s Assembly) config() *sgdop.Config {
	cfg := &sgdop.Config{Width: s.OperatorRequest.Width, MaxBytes: s.OperatorRequest.MaxBytes, Progress: s.OperatorRequest.Progress}
	if s.OperatorRequest.Width == 0 {
		cfg.Width = sgdop.WidthAuto
		cfg.Probe = &sgdop.Probe{Fields: s.functions(), Accuracy: s.OperatorRequest.Accuracy}
		if s.OperatorRequest.Accuracy == 0 {
			cfg.Probe.Accuracy = DefaultOperatorAccuracy
		}
	}
	return cfg
}
