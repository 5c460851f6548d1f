package svag

import (
	"fmt"
	"strconv"

	"kolmo/derived"
)

var (
	_ derived.Written = (*algorithm)(nil)
	_ derived.Closed  = (*algorithm)(nil)
)

func (a *algorithm) Update(eta string) (lines []derived.Line, where []string) {
	for _, x := range a.names {
		lines = append(lines, derived.Line{Name: x, Formula: fmt.Sprintf("%s - %s/2*((1 + r)*grad(%s) + (1 - r)*grad'(%s))", x, eta, x, x)})
	}
	return lines, []string{
		"r² = 2 E/η − 1, where E = " + strconv.FormatFloat(a.of, 'g', -1, 64) + " is the learning rate that is imitated.",
		"grad′ is of another sample, independent of the first.",
	}
}

// Formulas implements derived.Closed; there is no model of order two.
func (a *algorithm) Formulas() derived.Formulas {
	return derived.Formulas{
		Drift: "−∇f", Limit: "E Σ", First: "E Σ",
		Where: []string{"Here m₁₂ = −∇f, m₁₄ = 0, m₂₂ = E Σ and m₂₄ = ∇f ∇fᵀ.", "f is the expected loss, and Σ the covariance of the gradient of a sample."},
	}
}
