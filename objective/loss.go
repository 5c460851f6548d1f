package objective

import (
	"fmt"
	"strings"

	"kolmo/law"
	"kolmo/objective/expr"
)

// Loss is an expected loss given by an expression and a law. It implements
// Objective.
type Loss struct {
	parameters []string
	source     *expr.Expr
	samples    *law.Samples
	nodes      *law.Merged // in the variables that the expression uses
	law        Law
	program    *expr.Program
	batch      *expr.Batch
}

var _ Objective = (*Loss)(nil)

// New returns the expected loss of an expression over the parameters x_1, .., x_d
// and the law's variables. Nodes that agree in every variable that the expression
// uses are merged.
func New(parameters []string, loss *expr.Expr, samples *law.Samples) (*Loss, error) {
	if d := len(parameters); d < 1 || d > expr.MaxParameters {
		return nil, fmt.Errorf("objective: %d parameters; possible are 1, 2 and 3", d)
	}
	l := &Loss{parameters: parameters, source: loss, samples: samples, nodes: samples.Onto(loss.Uses)}
	p, err := expr.Compile(loss, expr.Inputs{Parameters: parameters, Variables: l.nodes.Variables})
	if err != nil {
		return nil, fmt.Errorf("objective: %w", err)
	}
	l.law = Law{Weights: l.nodes.Weights, Draws: 1, Exact: samples.Exact(), Unbounded: samples.Unbounded()}
	if ends := samples.Hull(); ends != nil {
		h, err := New(parameters, loss, ends)
		if err != nil {
			return nil, err
		}
		l.law.Hull = h
	}
	var absolute float64
	if l.law.Signed, absolute = l.nodes.Signed(); l.law.Signed {
		l.law.Note = fmt.Sprintf("the quadrature has negative weights, of absolute sum %.3g: it need not keep S a contraction nor Sigma positive semidefinite", absolute)
	}
	l.program, l.batch = p, p.Bind(l.nodes.Len(), l.nodes.Columns)
	return l, nil
}

// Dim implements Objective.
func (l *Loss) Dim() int { return len(l.parameters) }

// Law implements Objective. The weights are the loss's own and must not be
// changed.
func (l *Loss) Law() Law { return l.law }

// Refine implements Objective. It returns false also if the refined rule would
// have too many nodes.
func (l *Loss) Refine() (Objective, bool) {
	fine, ok := l.refine(0)
	return fine, ok
}

// refine is Refine with room for the given number of nodes, 0 for any.
func (l *Loss) refine(most int) (*Loss, bool) {
	s, ok := l.samples.Refine(most)
	if !ok {
		return nil, false
	}
	fine, err := New(l.parameters, l.source, s)
	return fine, err == nil
}

// NewEvaluator implements Objective.
func (l *Loss) NewEvaluator() Evaluator { return l.newEvaluator() }

// Parameters returns the names of the parameters, in the order of x.
func (l *Loss) Parameters() []string { return l.parameters }

// Expr returns the expression.
func (l *Loss) Expr() *expr.Expr { return l.source }

// Nodes returns the law of the variables that the expression uses, the nodes of which are
// those of Law.
func (l *Loss) Nodes() *law.Merged { return l.nodes }

// NewMachine returns a workspace that evaluates f(x;xi_k) and its derivatives node by node,
// in blocks, for what means do not tell.
func (l *Loss) NewMachine() *expr.Machine { return l.batch.NewMachine() }

// NewFunc returns f(x) alone, to the last bit what Evaluator.MomentsTo has. It does not
// allocate, and one goroutine may call it at a time.
func (l *Loss) NewFunc() func(x []float64) float64 { return l.newEvaluator().valueAt }

// WithHull returns the loss with the nodes of its law's hull behind its own, without
// weight (law.Samples.WithHull), and itself where the law has none.
func (l *Loss) WithHull() (*Loss, error) {
	s, err := l.samples.WithHull()
	if err != nil || s == l.samples {
		return l, err
	}
	return New(l.parameters, l.source, s)
}

// Describe returns the values of the sample variables at node k, "a = 1, b = 2",
// and "" if the loss uses none.
func (l *Loss) Describe(k int) string {
	parts := make([]string, len(l.nodes.Variables))
	for i, name := range l.nodes.Variables {
		parts[i] = fmt.Sprintf("%s = %.6g", name, l.nodes.Columns[i][k])
	}
	return strings.Join(parts, ", ")
}

// Thinned returns the loss under about n of the law's nodes, evenly chosen in their order,
// with their weights in proportion. It returns l itself where the law has no more, or has
// negative weights. What it says about l is a guess, as of a sample.
func (l *Loss) Thinned(n int) *Loss {
	if l.law.Len() <= n || l.law.Signed {
		return l
	}
	t, err := New(l.parameters, l.source, l.nodes.Thinned(n))
	if err != nil {
		panic(err) // New has taken the whole
	}
	return t
}
