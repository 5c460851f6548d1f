package langevin

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
	z, which := "Z", "Z is standard normal, independent of the sample"
	for k, x := range a.names {
		if len(a.names) > 1 {
			z, which = "Z"+strconv.Itoa(k+1), "Z₁, Z₂, … are standard normal, independent of one another and of the sample"
		}
		lines = append(lines, derived.Line{Name: x, Formula: fmt.Sprintf("%s - %s*grad(%s) + sqrt(2*%s/beta)*%s", x, eta, x, eta, z)})
	}
	beta := "β = " + strconv.FormatFloat(a.beta, 'g', -1, 64) + " is the inverse temperature."
	return lines, []string{beta, which + ", anew in every step."}
}

func (a *algorithm) Formulas() derived.Formulas {
	return derived.Formulas{
		Drift: "−∇f", Corrected: "−∇f − (η/2) (H ∇f − (1/β) ∇Δf)",
		Limit: "(2/β) I", First: "(2/β) I + η Σ", Second: "(2/β) (I + η H) + η Σ",
		Where: []string{
			"Here m₁₂ = −∇f, m₁₄ = 0, m₂₂ = (2/β) I and m₂₄ = ∇f ∇fᵀ + Σ.",
			"f is the expected loss, H = ∇²f, Δf = tr H, and Σ the covariance of the gradient of a step.",
			"I is the identity.",
		},
	}
}
