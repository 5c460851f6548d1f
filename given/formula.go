package given

import (
	"fmt"
	"slices"

	"kolmo/objective/expr"
)

// Eta is the name of the small parameter in formulas.
const Eta = "eta"

// Names are what formulas may use, beside eta and the means.
type Names struct {
	Parameters, Variables []string // of the loss; a law in them is at hand
	// State are the coordinates, the parameters and what a chain has beside them; nil: the
	// parameters.
	State       []string
	Definitions []expr.Definition
	Hidden      map[string]string // as in expr.Scope
	// Batch reports that a step draws more than one sample: its gradient is known then, and
	// no variable of the sample.
	Batch bool
}

// Formula is a number at a point, made of means over the law of a step's sample.
type Formula struct {
	text  string
	whole *expr.Expr
	means []mean
}

// mean is E e, or Cov(e, e') if there are two expressions.
type mean struct {
	name string // the text of the call
	of   []*expr.Expr
}

// String returns the text as it was given.
func (f *Formula) String() string { return f.text }

// Equal reports whether f and o are the same expression.
func (f *Formula) Equal(o *Formula) bool { return f.whole.Equal(o.whole) }

// Parse reads a formula. The error is an *expr.Error.
func Parse(text string, n Names) (*Formula, error) {
	f := &Formula{text: text}
	state := n.State
	if state == nil {
		state = n.Parameters
	}
	parameter := &expr.Scope{Parameters: state}
	derivative := func(_ string, args []*expr.Expr) error {
		for _, a := range args {
			if !slices.Contains(n.Parameters, a.String()) {
				return fmt.Errorf("derivatives are with respect to a parameter, not to %s", a)
			}
		}
		return nil
	}
	sample := &expr.Scope{
		Parameters: state, Variables: append(slices.Clone(n.Variables), Eta), Definitions: n.Definitions, Hidden: n.Hidden,
		Calls: map[string]*expr.Call{
			"grad": {Arity: 1, Arguments: parameter, Sampled: true, Take: derivative},
			"hess": {Arity: 2, Arguments: parameter, Sampled: true, Take: derivative},
			"mean": {Hidden: "a mean has no mean inside"},
			"cov":  {Hidden: "a mean has no covariance inside"},
		},
	}
	take := func(name string, args []*expr.Expr) error {
		m := mean{name, args}
		if n.Batch {
			if err := m.ofBatch(n.Parameters); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(f.means, func(o mean) bool { return o.name == name }) {
			f.means = append(f.means, m)
		}
		return nil
	}
	outer := expr.Scope{
		Parameters: state, Externals: []string{Eta}, Hidden: map[string]string{},
		Calls: map[string]*expr.Call{
			"mean": {Arity: 1, Arguments: sample, Take: take},
			"cov":  {Arity: 2, Arguments: sample, Symmetric: true, Take: take},
			"grad": {Hidden: "it is of one sample; write mean(grad(..))"},
			"hess": {Hidden: "it is of one sample; write mean(hess(..))"},
		},
	}
	for name, why := range n.Hidden {
		outer.Hidden[name] = why
	}
	for _, v := range n.Variables {
		outer.Hidden[v] = "it is a sample variable; write mean(..) around it"
	}
	for _, d := range n.Definitions {
		if len(d.Expr.Variables()) > 0 {
			outer.Hidden[d.Name] = "it depends on the sample; write mean(..) around it"
			continue
		}
		outer.Definitions = append(outer.Definitions, d)
	}
	var err error
	f.whole, err = expr.Parse(text, outer)
	return f, err
}

// ofBatch refuses what is not known of a batch: anything but a mean of a second derivative
// and what is made of the parameters, eta and the gradient.
func (m mean) ofBatch(parameters []string) error {
	if m.hessian(parameters) != nil {
		return nil
	}
	for _, e := range m.of {
		for _, v := range e.Variables() {
			if v != Eta && !slices.Contains(gradNames(parameters), v) {
				return fmt.Errorf("a step draws a batch, of which %s is not one number; only the gradient and the mean of one second derivative are known", v)
			}
		}
	}
	return nil
}

// gradNames returns grad(x) of every parameter x.
func gradNames(parameters []string) []string {
	names := make([]string, len(parameters))
	for k, x := range parameters {
		names[k] = "grad(" + x + ")"
	}
	return names
}

// hessNames returns hess(x, y) of all pairs, the second parameter fastest.
func hessNames(parameters []string) []string {
	var names []string
	for _, x := range parameters {
		for _, y := range parameters {
			names = append(names, "hess("+x+", "+y+")")
		}
	}
	return names
}

// gradients returns the coordinates if m is the mean of a derivative or the covariance of
// two, nil otherwise.
func (m mean) gradients(parameters []string) []int {
	var at []int
	for _, e := range m.of {
		k := slices.Index(gradNames(parameters), e.String())
		if k < 0 {
			return nil
		}
		at = append(at, k)
	}
	return at
}

// hessian returns the coordinates if m is the mean of a second derivative, nil otherwise.
func (m mean) hessian(parameters []string) []int {
	k := slices.Index(hessNames(parameters), m.of[0].String())
	if k < 0 || len(m.of) != 1 {
		return nil
	}
	return []int{k / len(parameters), k % len(parameters)}
}
