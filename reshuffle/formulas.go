package reshuffle

import (
	"fmt"

	"kolmo/derived"
)

var (
	_ derived.Written = (*algorithm)(nil)
	_ derived.Closed  = (*algorithm)(nil)
)

// Update implements derived.Written: the move of one sample.
func (a *algorithm) Update(eta string) (lines []derived.Line, where []string) {
	for _, x := range a.names {
		lines = append(lines, derived.Line{Name: x, Formula: fmt.Sprintf("%s - %s*grad(%s)", x, eta, x)})
	}
	return lines, []string{fmt.Sprintf("One step of the chain does this N = %d times, once with each sample, all orders being equally likely.", a.n)}
}

// Formulas implements derived.Closed, in the time of users.
func (a *algorithm) Formulas() derived.Formulas {
	return derived.Formulas{
		Drift: "−∇f", Corrected: "−∇(f + (η/4) mean |gᵢ|²)",
		Limit: "0", First: "0", Second: "0",
		Where: []string{
			"Here m₁₂ = −∑ gᵢ, m₁₄ = ½ ((∑ Hᵢ)(∑ gᵢ) − ∑ Hᵢ gᵢ), m₂₂ = 0 and m₂₄ = m₁₂m₁₂ᵀ.",
			"f is the expected loss, gᵢ and Hᵢ are derivatives of the loss of sample i, and drifts are per time t = n N η.",
			"The covariance of a step is of order η⁴, so that no model has noise.",
		},
	}
}
