package schedule

import (
	"fmt"
	"strconv"
	"strings"

	"kolmo/derived"
)

// closed is gradient descent with step sizes that fall, whose diffusions have closed formulas.
type closed struct{ *algorithm }

var (
	_ derived.Written = (*descent)(nil)
	_ derived.Written = (*algorithm)(nil)
	_ derived.Written = ending{}
	_ derived.Closed  = closed{}
)

func (a *descent) Update(eta string) (lines []derived.Line, where []string) {
	for _, x := range a.names {
		lines = append(lines, derived.Line{Name: x, Formula: fmt.Sprintf("%s - %s*grad(%s)", x, eta, x)})
	}
	return lines, nil
}

func (a *algorithm) Update(eta string) (lines []derived.Line, where []string) {
	if of, ok := a.of.(derived.Written); ok {
		lines, where = of.Update(eta + "*" + State)
	}
	return append(lines, derived.Line{Name: State, Formula: a.formula(eta)}), where
}

// formula is next as an expression.
func (s Schedule) formula(eta string) string {
	rate := strconv.FormatFloat(s.Rate, 'g', -1, 64)
	if s.Kind == Exponential {
		return fmt.Sprintf("exp(-%s*%s)*%s", rate, eta, State)
	}
	return fmt.Sprintf("%s/(1 + %s*%s*%s)", State, rate, eta, State)
}

// slope is the drift of s in plain text.
func (s Schedule) slope() string {
	rate := ""
	if s.Rate != 1 {
		rate = strconv.FormatFloat(s.Rate, 'g', -1, 64) + " "
	}
	if s.Kind == Exponential {
		return "−" + rate + "s"
	}
	return "−" + rate + "s²"
}

func (a closed) Formulas() derived.Formulas {
	x := strings.Join(a.of.Names(), ", ")
	if len(a.of.Names()) > 1 {
		x = "(" + x + ")"
	}
	return derived.Formulas{
		Drift:     x + ": −s ∇f; s: ṡ",
		Corrected: x + ": −s ∇f − (η/2) (s² H ∇f − ṡ ∇f); s: ṡ",
		Limit:     "0", First: "η s² diag(Σ, 0)", Second: "η s² diag(Σ, 0)",
		Where: []string{
			"Here m₁₂ = (−s ∇f, ṡ), m₁₄ = (0, ½ ṡ dṡ/ds), m₂₂ = 0 and m₂₄ = m₁₂m₁₂ᵀ + s² diag(Σ, 0).",
			"f is the expected loss, H = ∇²f its second derivative, and Σ the covariance of the gradient of a step.",
			"s is the falling factor of the step, ṡ = " + a.slope() + " is its drift, and diag(Σ, 0) says that it has no noise.",
		},
	}
}
