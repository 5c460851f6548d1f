package momentum

import (
	"fmt"
	"strconv"
	"strings"

	"kolmo/derived"
)

var (
	_ derived.Written = (*algorithm)(nil)
	_ derived.Closed  = (*algorithm)(nil)
)

// Update implements derived.Written. Velocities come first, as parameters move by the next ones.
func (a *algorithm) Update(eta string) (lines []derived.Line, where []string) {
	d := a.o.Dim()
	names, at := a.names[:d], ""
	if a.kind == Nesterov {
		for k, x := range names {
			at += [2]string{"; ", ", "}[min(k, 1)] + fmt.Sprintf("%s = %s + %s*(1 - gamma*%s)*%s", x, x, eta, eta, a.names[d+k])
		}
	}
	for k, x := range names {
		v := a.names[d+k]
		lines = append(lines, derived.Line{Name: v, Formula: fmt.Sprintf("%s - %s*(gamma*%s + grad(%s%s))", v, eta, v, x, at)})
	}
	for k, x := range names {
		lines = append(lines, derived.Line{Name: x, Formula: fmt.Sprintf("%s + %s*%s'", x, eta, a.names[d+k])})
	}
	return lines, []string{"γ = " + strconv.FormatFloat(a.friction, 'g', -1, 64) + " is the friction."}
}

// Formulas implements derived.Closed. With several parameters x and v are vectors.
func (a *algorithm) Formulas() derived.Formulas {
	d := a.o.Dim()
	vector := func(names []string) string {
		if len(names) == 1 {
			return names[0]
		}
		return "(" + strings.Join(names, ", ") + ")"
	}
	turn, second := "+ (η/2) (H v − γ (γ v + ∇f))", "0"
	if a.kind == Nesterov {
		turn, second = "− (η/2) (H v + γ (γ v + ∇f))", "−H v"
	}
	read := strings.NewReplacer("x", vector(a.names[:d]), "v", vector(a.names[d:]))
	return derived.Formulas{
		Drift:     read.Replace("x: v; v: −γ v − ∇f"),
		Corrected: read.Replace("x: v − (η/2) (γ v + ∇f); v: −γ v − ∇f " + turn),
		Limit:     "0", First: "η diag(0, Σ)", Second: "η diag(0, Σ)",
		Where: []string{
			read.Replace("Here m₁₂ = (v, −γ v − ∇f), m₁₄ = (−γ v − ∇f, " + second + "), m₂₂ = 0 and m₂₄ = m₁₂m₁₂ᵀ + diag(0, Σ)."),
			"f is the expected loss, H = ∇²f its second derivative, and Σ the covariance of the gradient of a step.",
			"diag(0, Σ) is the noise of " + vector(a.names[d:]) + " alone.",
		},
	}
}
