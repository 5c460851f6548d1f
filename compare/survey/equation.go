package survey

import (
	"kolmo/kolmogorov"
	"kolmo/process"
)

// Equation returns L of a model at eta on fields of a grid, with derivatives of the given
// order, and its transient growth. The error is that of kolmogorov.NewOperator, or of
// CheckGrowth where the grid does not bear the model; the operator is there with it.
func Equation(f process.Fields, m *process.Diffusion, eta float64, order int) (op *kolmogorov.Operator, growth float64, err error) {
	if op, err = kolmogorov.NewOperator(f.Grid(), m.Coefficients(f, eta), order); err != nil {
		return nil, 0, err
	}
	growth, err = op.CheckGrowth()
	return op, growth, err
}
