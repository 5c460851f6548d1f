package table

import (
	"html"
	"html/template"
	"regexp"
	"strings"
)

// symbols are words of the texts for the terminal, which keep to ASCII, and what
// stands for them on a page.
var symbols = map[string]string{
	"eta": "η", "rho": "ρ", "alpha": "α", "beta": "β", "gamma": "γ", "xi": "ξ", "zeta": "ζ", "phi": "φ", "lambda": "λ", "mu": "μ", "nu": "ν", "Sigma": "Σ", "Lambda": "Λ",
	"grad": "∇", "inf": "∞",
}

var (
	proseWord     = regexp.MustCompile(`\b(eta|rho|alpha|beta|gamma|xi|zeta|phi|lambda|mu|nu|Sigma|Lambda|grad|inf)\b`)
	proseNabla    = regexp.MustCompile(`∇ `)
	prosePartial  = regexp.MustCompile(`\bd\^`)
	prosePower    = regexp.MustCompile(`\^(?:\(([^()]*)\)|(-?[0-9]+(?:\.[0-9]+)?[A-Za-z]*|-?[A-Za-zαβγη]+))`)
	proseExponent = regexp.MustCompile(`(\b[0-9.]+|\))e([-+])0*([0-9]+)\b`)
	proseMinus    = regexp.MustCompile(`(^|[\s(\[,/>])-([0-9(ηαβγ])`)
	proseSigns    = strings.NewReplacer("&lt;=", "≤", "&gt;=", "≥", "+-", "±", " .. ", " … ", " - ", " − ")
)

// Prose typesets a sentence, a heading or a caption that was written for the
// terminal: "gap &lt;= C eta^2" with a less-or-equal sign, the Greek letter and a
// raised 2. Text that is markup is shown as text.
func Prose(s string) template.HTML {
	s = proseSigns.Replace(html.EscapeString(s))
	s = prosePartial.ReplaceAllString(s, "∂^")
	s = proseWord.ReplaceAllStringFunc(s, func(w string) string { return symbols[w] })
	s = proseNabla.ReplaceAllString(s, "∇")
	s = prosePower.ReplaceAllStringFunc(s, func(m string) string {
		g := prosePower.FindStringSubmatch(m)
		return "<sup>" + strings.Replace(g[1]+g[2], "-", "−", 1) + "</sup>"
	})
	s = proseExponent.ReplaceAllStringFunc(s, func(m string) string {
		g := proseExponent.FindStringSubmatch(m)
		if g[3] == "0" {
			return g[1]
		}
		return g[1] + " × 10<sup>" + map[string]string{"-": "−", "+": ""}[g[2]] + g[3] + "</sup>"
	})
	return template.HTML(proseMinus.ReplaceAllString(s, "$1−$2"))
}

// Typeset turns "(1.20 +- 0.01)e-04" into (1.20 ± 0.01) x 10^-4 and "-" into a dash.
func Typeset(s string) template.HTML {
	if s == Absent {
		return "–"
	}
	return Prose(s)
}
