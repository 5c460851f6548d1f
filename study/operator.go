package study

import (
	"context"
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

// DefaultOperatorNodes are the nodes per axis in one, two and three dimensions.
var DefaultOperatorNodes = [grid.MaxDim]int{64, 48, 20}

// DefaultOperatorAccuracy is the accuracy by which a width is chosen.
const DefaultOperatorAccuracy = 1e-8

// Operator returns S of the study on the box around its ball: uniform axes if
// solver.space says so, Chebyshev axes otherwise. Errors are *Error where the loss is not
// finite, those of sgdop.Assemble and of the grid's construction.
func (s *Study) Operator(ctx context.Context, r OperatorRequest) (*sgdop.Operator, error) {
	g, err := s.operatorGrid(r)
	if err != nil {
		return nil, err
	}
	cfg := s.operatorConfig(r)
	op, err := sgdop.Assemble(ctx, g, s.dynamics().Chain(r.Eta), cfg)
	if err != nil {
		return nil, s.LossError(err)
	}
	return op, nil
}

// OperatorErrors returns the errors of U^n of the study's observables, in their order,
// for n up to 1/eta, over the nodes in the ball, for S as op has it.
func (s *Study) OperatorErrors(ctx context.Context, op *sgdop.Operator, r OperatorRequest) (*sgdop.Errors, error) {
	cfg := s.operatorConfig(r)
	cfg.Width, cfg.Probe, cfg.Progress = op.Choice().Width, nil, nil
	steps := horizonSteps(r.Eta)
	e, err := sgdop.EstimateErrors(ctx, op.Grid(), s.dynamics().Chain(r.Eta), s.functions(), steps, s.ball(), cfg)
	if err != nil {
		return nil, s.LossError(err)
	}
	return e, nil
}

// OperatorGrowth returns how powers of S up to 4/eta treat random fields of the study's
// seed, over the nodes in the ball.
func (s *Study) OperatorGrowth(ctx context.Context, op *sgdop.Operator) (sgdop.Growth, error) {
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
func (s *Study) functions() []func(x []float64) float64 {
	var list []func(x []float64) float64
	for _, o := range s.Observables {
		list = append(list, process.Placed(s.dynamics(), o).NewFunc())
	}
	return list
}

// OperatorNodes returns the nodes per axis of the operator's grid; the last entry serves
// the remaining axes.
func (s *Study) OperatorNodes(r OperatorRequest) []int {
	switch {
	case r.Nodes > 0:
		return []int{r.Nodes}
	case s.Solver.Nodes != nil:
		return s.Solver.Nodes
	}
	return []int{DefaultOperatorNodes[len(s.State)-1]}
}

// OperatorLen returns the number of nodes of the operator's grid.
func (s *Study) OperatorLen(r OperatorRequest) float64 {
	nodes, n := s.OperatorNodes(r), 1.0
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

// OperatorBytes predicts the memory that Operator and its checks may need, before anything
// is made: the weights of S in windows within the bound of r, the axes and the fields.
func (s *Study) OperatorBytes(r OperatorRequest) float64 {
	n := s.OperatorLen(r)
	width := r.Width
	if width == 0 {
		width = widestWindow
	}
	most := float64(r.MaxBytes)
	if most == 0 {
		most = sgdop.DefaultMaxBytes
	}
	weights := n * operatorWindows * 8 * math.Pow(float64(width), float64(len(s.State)))
	total := min(weights, 8*n*n, most) + operatorNodeBytes*n
	for _, k := range s.OperatorNodes(r) {
		total += 2 * 8 * float64(k) * float64(k) // an axis with the matrix of its derivative
	}
	return total
}

func (s *Study) operatorGrid(r OperatorRequest) (*grid.Grid, error) {
	kind := grid.KindChebyshev
	if s.Solver.Space == grid.KindUniform.String() {
		kind = grid.KindUniform
	}
	return s.ball().Box(kind, s.OperatorNodes(r))
}

func (s *Study) operatorConfig(r OperatorRequest) *sgdop.Config {
	cfg := &sgdop.Config{Width: r.Width, MaxBytes: r.MaxBytes, Progress: r.Progress}
	if r.Width == 0 {
		cfg.Width = sgdop.WidthAuto
		cfg.Probe = &sgdop.Probe{Fields: s.functions(), Accuracy: r.Accuracy}
		if r.Accuracy == 0 {
			cfg.Probe.Accuracy = DefaultOperatorAccuracy
		}
	}
	return cfg
}
