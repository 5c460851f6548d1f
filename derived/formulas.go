package derived

import (
	"strings"

	"kolmo/process"
)

// Line is the next value of a coordinate as an expression of the old values. A name with a prime
// is a next value itself.
type Line struct{ Name, Formula string }

// Written is an algorithm whose step has formulas for people.
type Written interface {
	Algorithm
	// Update returns a line per coordinate that moves, in which eta stands for the learning rate, and
	// sentences on what else is in them.
	Update(eta string) (lines []Line, where []string)
}

// Closed is an algorithm whose diffusions have formulas without moments.
type Closed interface {
	Algorithm
	Formulas() Formulas
}

// Linear is an algorithm whose move may be eta times what does not depend on eta.
type Linear interface {
	Algorithm
	// Rates returns the mean of the move over eta for the coordinates that move, nil where the move is
	// another or its mean is long.
	Rates() []Line
}

// Formulas are drifts and diffusions in plain text. A drift by coordinates is "x: 1; v: 2".
type Formulas struct {
	Drift, Corrected string // of order one and two
	// Limit, First and Second are the diffusions of gradient-flow, first-order and second-order.
	Limit, First, Second string
	// Where says in sentences what the symbols are.
	Where []string
}

// origin says what diffusions are derived from.
const origin = "The models are derived from the moments of the move Δ of one step: E Δ = η m₁₂ + η² m₁₄ + … and E ΔΔᵀ = η m₂₂ + η² m₂₄ + … in powers of η."

// byMoments returns formulas in moments, of a limit with noise or not, and without any noise.
func byMoments(noisy, quiet bool) Formulas {
	f := Formulas{
		Drift: "m₁₂", Corrected: "m₁₂ + η (m₁₄ − ½ L₀m₁₂)",
		Limit: "m₂₂", First: "m₂₂ + η (m₂₄ − m₁₂m₁₂ᵀ)", Second: "m₂₂ + η (m₂₄ − m₁₂m₁₂ᵀ − sym((Dm₁₂) m₂₂) − ½ L₀m₂₂)",
		Where: []string{"L₀ = m₁₂·∇ + ½ m₂₂:∇² is the generator of the limit, and Dm₁₂ the Jacobian of m₁₂; sym(A) = (A + Aᵀ)/2."},
	}
	if !noisy {
		f.Limit, f.First, f.Second = "0", "η (m₂₄ − m₁₂m₁₂ᵀ)", "η (m₂₄ − m₁₂m₁₂ᵀ)"
		f.Where = []string{"m₂₂ = 0, so that L₀ = m₁₂·∇; Dm₁₂ is the Jacobian of m₁₂, and L₀m₁₂ = (Dm₁₂) m₁₂."}
	}
	if quiet {
		f.First, f.Second = "0", "0"
	}
	return f
}

// linear returns the formulas of a step that moves by eta times what has the means rates.
func linear(rates []Line) Formulas {
	f := Formulas{
		Drift: "m₁₂", Corrected: "m₁₂ − (η/2) (Dm₁₂) m₁₂",
		Limit: "0", First: "η (m₂₄ − m₁₂m₁₂ᵀ)", Second: "η (m₂₄ − m₁₂m₁₂ᵀ)",
	}
	var list []string
	for _, r := range rates {
		list = append(list, r.Name+": `"+r.Formula+"`")
	}
	f.Where = []string{
		"Here m₁₂ is " + strings.Join(list, ", ") + "; means are over what is random in a step.",
		"Dm₁₂ is its Jacobian; Δ/η does not depend on η and has the covariance m₂₄ − m₁₂m₁₂ᵀ, and m₁₄ = 0, m₂₂ = 0.",
	}
	return f
}

// formulasOf returns the closed formulas of an algorithm, or those by moments.
func formulasOf(alg Algorithm, quiet bool) Formulas {
	f := byMoments(alg.Noisy(), quiet)
	switch a := alg.(type) {
	case Closed:
		f = a.Formulas()
	case Linear:
		if rates := a.Rates(); rates != nil && !alg.Noisy() && !quiet {
			f = linear(rates)
		}
	}
	f.Where = append([]string{origin}, f.Where...)
	return f
}

// scaled puts a factor before a formula.
func scaled(factor, formula string) string {
	if strings.ContainsAny(formula, "+−") {
		return factor + " (" + formula + ")"
	}
	return factor + " " + formula
}

// describe gives the list of all diffusions their formulas.
func (f *Formulas) describe(list []*process.Diffusion) {
	rest := func(formula string) string {
		if formula == "0" {
			return formula
		}
		return "[" + formula + "](z*)"
	}
	for _, m := range list {
		where := f.Where
		switch m.Name {
		case Modified:
			m.Formula = process.Formula{Drift: f.Corrected, Diffusion: f.Second}
			if f.Second != "0" {
				m.Formula.Diffusion = scaled("χ²", f.Second)
				where = append(where[:len(where):len(where)], "χ falls smoothly from 1 in the ball to 0 outside it.")
			}
		case SecondOrder:
			m.Formula = process.Formula{Drift: f.Corrected, Diffusion: f.Second}
		case FirstOrder:
			m.Formula = process.Formula{Drift: f.Drift, Diffusion: f.First}
		case GradientFlow:
			m.Formula = process.Formula{Drift: f.Drift, Diffusion: f.Limit}
		case ConstantNoise:
			m.Formula = process.Formula{Drift: f.Drift, Diffusion: rest(f.First)}
		case SecondConstantNoise:
			m.Formula = process.Formula{Drift: f.Corrected, Diffusion: rest(f.Second)}
		}
		if m.Name == ConstantNoise || m.Name == SecondConstantNoise {
			where = append(where[:len(where):len(where)], "[..](z*) is the value at z*, the point of rest of the limit.")
		}
		m.Formula.Symbols = where
	}
}
