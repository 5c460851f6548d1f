package march

import (
	"kolmo/compare/survey"
)

// StepWork predicts the multiplications of one SGD step of one observable.
func (m *Model) StepWork(eta float64) float64 {
	pass := m.Level.PassWork(m.Model)
	if m.Level.Scheme != nil {
		return pass * m.Level.Scheme.Passes() * survey.SolveShare * survey.EstimateShare * float64(m.Level.Sub)
	}
	return pass * survey.PolynomialPasses * max(1, eta*m.Op.SpectralRadius())
}
