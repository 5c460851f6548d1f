// Package mathml writes the parts of formulas as MathML that need no formula: names and fences.
package mathml

import (
	"html"
	"strings"
)

// Fenced returns parts, separated by commas, between fences.
func Fenced(left string, parts []string, right string) string {
	inside := strings.Join(parts, "<mo>,</mo>")
	mo := `<mo stretchy="false">` // a letter with a tail would stretch them
	if strings.Contains(inside, "<mfrac>") {
		mo = "<mo>"
	}
	return "<mrow>" + mo + left + "</mo>" + inside + mo + right + "</mo></mrow>"
}

// greek are the names that are shown as Greek letters.
var greek = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
	"kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
	"phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}

// Name returns a name, digits at its end as an index: w1, xi_2.
func Name(name string) string {
	stem := strings.TrimRight(name, "0123456789")
	index := name[len(stem):]
	stem = strings.TrimSuffix(stem, "_")
	if stem == "" {
		stem, index = name, ""
	}
	if g, ok := greek[stem]; ok {
		stem = g
	}
	mi := "<mi>" + html.EscapeString(stem) + "</mi>"
	if index == "" {
		return mi
	}
	return "<msub>" + mi + "<mn>" + index + "</mn></msub>"
}
