package custom

import (
	"fmt"
	"slices"
	"strings"

	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/process"
)

// Eta is the name of the small parameter in formulas, and root what stands for its square
// root.
const (
	Eta  = "eta"
	root = "sqrt(eta)"
)

// Names are what formulas may use, beside eta.
type Names struct {
	Loss *objective.Loss // of one sample
	// State are the parameters, in the order of the loss, and then the other coordinates.
	State []string
	// Ranges are those of coordinates that do not belong to the ball; nil entries, or none, do.
	Ranges      []*process.Interval
	Noise       []law.Variable
	Definitions []expr.Definition
	Hidden      map[string]string // as in expr.Scope
	// Size is the number of samples of a batch, 1 without. Of a batch formulas may use the
	// gradient alone.
	Size int
}

// Formula is one coordinate's next value.
type Formula struct {
	e    *expr.Expr
	text string
	rate string // the mean move over eta, "" where it is not told
}

// Uses reports that a formula has a name; nil has none.
func (f *Formula) Uses(name string) bool { return f != nil && f.e.Uses(name) }

// Parse reads a formula. The error is an *expr.Error.
func Parse(text string, n Names) (*Formula, error) {
	scope := &expr.Scope{Parameters: n.State, Externals: []string{Eta}, Hidden: map[string]string{}}
	for name, why := range n.Hidden {
		scope.Hidden[name] = why
	}
	sample := n.Loss.Nodes().Variables
	if n.Size == 1 {
		scope.Variables = slices.Clone(sample)
	}
	for _, d := range n.Definitions {
		if n.Size > 1 && len(d.Expr.Variables()) > 0 {
			scope.Hidden[d.Name] = "it depends on the sample, and a step draws a batch of them"
			continue
		}
		scope.Definitions = append(scope.Definitions, d)
	}
	if n.Size > 1 {
		for _, v := range sample {
			scope.Hidden[v] = "a step draws a batch of it; only grad(..) is known of a batch"
		}
	}
	for _, v := range n.Noise {
		scope.Variables = append(scope.Variables, v.Name)
	}
	scope.Calls = map[string]*expr.Call{"grad": {Arity: 1, Arguments: scope, Expand: n.gradient}}
	e, err := expr.Parse(text, *scope)
	if err != nil {
		return nil, err
	}
	return &Formula{e.WithRoot(Eta, root), strings.Join(strings.Fields(text), " "), n.rateOf(text, *scope)}, nil
}

// gradient returns what grad(x) stands for, at the point that the settings name.
func (n Names) gradient(args []*expr.Expr, settings []expr.Setting) (*expr.Expr, error) {
	x, parameters := args[0].String(), n.Loss.Parameters()
	if !slices.Contains(parameters, x) {
		return nil, fmt.Errorf("grad is the derivative of the loss with respect to a parameter, not to %s; parameters are %v", x, parameters)
	}
	at := map[string]*expr.Expr{}
	for _, s := range settings {
		if !slices.Contains(parameters, s.Name) {
			return nil, fmt.Errorf("the loss is not a function of %s; parameters are %v", s.Name, parameters)
		}
		at[s.Name] = s.Expr
	}
	g := n.Loss.Expr().Derivative(x)
	if n.Size == 1 {
		return g.Replace(at), nil
	}
	of := make([]*expr.Expr, n.Size)
	for k := range of {
		for _, v := range n.Loss.Nodes().Variables {
			at[v] = expr.Variable(drawn(v, k))
		}
		of[k] = g.Replace(at)
	}
	return expr.Mean(of), nil
}

// drawn names a sample variable in draw k of a batch; no formula can.
func drawn(variable string, k int) string { return fmt.Sprintf("%s#%d", variable, k+1) }
