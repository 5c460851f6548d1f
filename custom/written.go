package custom

import (
	"fmt"
	"strings"

	"kolmo/derived"
	"kolmo/objective/expr"
)

// texts are the step by its lines and, where it is linear in eta, the means of the move over eta.
type texts struct{ lines, rates []derived.Line }

// shortFormula is the most characters of a mean that is printed.
const shortFormula = 76

// rateOf returns the coefficient of eta in the next value that a text gives, if that is linear in eta; the
// gradients stand in it as they were typed. It returns "" where there is no such coefficient or where it
// is long.
func (n Names) rateOf(text string, scope expr.Scope) string {
	scope.Parameters = append(append([]string(nil), n.State...), Eta)
	scope.Externals = nil
	inner := scope
	inner.Calls = map[string]*expr.Call{"grad": {Arity: 1, Arguments: &inner, Expand: named}}
	e, err := expr.Parse(text, inner)
	if err != nil {
		return ""
	}
	rate := e.Derivative(Eta)
	if rate.Uses(Eta) {
		return ""
	}
	out := rate.String()
	if len(rate.Variables()) > 0 {
		out = "mean(" + out + ")"
	}
	if len(out) > shortFormula {
		return ""
	}
	return out
}

// named returns a gradient as a variable of the name that it has in formulas. An error refuses one whose
// point depends on eta.
func named(args []*expr.Expr, settings []expr.Setting) (*expr.Expr, error) {
	text := "grad(" + args[0].String()
	for i, s := range settings {
		if s.Expr.Uses(Eta) {
			return nil, fmt.Errorf("the gradient depends on %s", Eta)
		}
		text += [2]string{"; ", ", "}[min(i, 1)] + s.Name + " = " + s.Expr.String()
	}
	return expr.Variable(text + ")"), nil
}

var _ derived.Linear = (*algorithm)(nil)

func (a *algorithm) Rates() []derived.Line {
	for _, l := range a.text.rates {
		if l.Formula == "" {
			return nil
		}
	}
	return a.text.rates
}

// Update implements derived.Written: the lines as they were given.
func (a *algorithm) Update(eta string) (lines []derived.Line, where []string) {
	if eta != Eta {
		where = []string{"On the right η stands for " + strings.NewReplacer(Eta, "η", "*", " ").Replace(eta) + ", the learning rate as it falls."}
	}
	return a.text.lines, where
}
