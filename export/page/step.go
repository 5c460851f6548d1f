package page

import (
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strings"

	"kolmo/compare"
)

// compared is what is compared by formulas.
type compared struct {
	Step       stepView
	Diffusions []modelView
	Symbols    []string // sentences on what stands in the formulas of the diffusions
}

// stepView is one step of the chain by formulas.
type stepView struct {
	Lines []lineView
	Where []string // sentences on what stands in them
}

// lineView is the next value of a coordinate.
type lineView struct{ Next, Value template.HTML }

// prime is a letter that stands for ' in names, which is none.
const prime = "ʹ"

// primes are the names with a prime in a formula.
var primes = regexp.MustCompile("<mi>([^<]*)" + prime + "</mi>")

// primed returns a formula typeset in which names may have a prime.
func primed(text string) template.HTML {
	markup := string(formula(strings.ReplaceAll(text, "'", prime)))
	markup = primes.ReplaceAllStringFunc(markup, func(name string) string {
		base := string(formula(primes.FindStringSubmatch(name)[1]))
		return "<mrow>" + strings.TrimSuffix(strings.TrimPrefix(base, "<math>"), "</math>") + `<mo lspace="0" rspace="0">′</mo></mrow>`
	})
	return template.HTML(strings.ReplaceAll(markup, prime, "′"))
}

// viewStep returns the step of a result, without lines where results have none.
func viewStep(r *compare.Result) stepView {
	var v stepView
	var all string
	for _, l := range r.Algorithm.Update {
		v.Lines = append(v.Lines, lineView{primed(l.Name + "'"), primed(l.Formula)})
		all += l.Formula + "\n"
	}
	if strings.Contains(all, "'") {
		v.Where = append(v.Where, "A prime marks values after the step; the others are those before it.")
	} else {
		v.Where = append(v.Where, "On the right are the values before the step.")
	}
	if strings.Contains(all, "grad(") {
		at := ""
		if strings.Contains(all, ";") {
			at = ", or at the point that stands behind a semicolon"
		}
		v.Where = append(v.Where, "grad is the derivative of the sample's loss before the step"+at+".")
	}
	for _, name := range slices.Sorted(maps.Keys(r.Algorithm.Noise)) {
		v.Where = append(v.Where, name+" is noise of the step's own, independent of the sample: "+r.Algorithm.Noise[name]+".")
	}
	v.Where = append(v.Where, r.Algorithm.Where...)
	return v
}

// symbols returns what is said of the symbols in the formulas of a result's models, each sentence once.
func symbols(r *compare.Result) []string {
	var out []string
	for _, m := range r.Models {
		for _, s := range m.Symbols {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// lines returns a formula by coordinates, x: 1; v: 2, with a line for each.
func lines(text string) template.HTML {
	parts := strings.Split(text, "; ")
	for i := range parts {
		parts[i] = template.HTMLEscapeString(parts[i])
	}
	return template.HTML(strings.Join(parts, "<br />"))
}

// marked returns a sentence in which expressions between backticks are typeset.
func marked(text string) template.HTML {
	parts := strings.Split(text, "`")
	for i, p := range parts {
		if parts[i] = template.HTMLEscapeString(p); i%2 == 1 {
			parts[i] = string(formula(p))
		}
	}
	return template.HTML(strings.Join(parts, ""))
}
