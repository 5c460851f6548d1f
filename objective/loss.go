package objective

import (
	"fmt"
	"math"
	"strings"

	"kolmo/objective/expr"
)

// Loss is an expected loss given by an expression and a law. It implements
// Objective.
type Loss struct {
	parameters []string
	source     *expr.Expr
	samples    *Samples
	variables  []string    // those that the expression uses
	columns    [][]float64 // of these variables, equal nodes merged
	law        Law
	program    *expr.Program
	batch      *expr.Batch
}

var _ Objective = (*Loss)(nil)

// New returns the expected loss of an expression over the parameters x_1, .., x_d
// and the law's variables. Nodes that agree in every variable that the expression
// uses are merged.
func New(parameters []string, loss *expr.Expr, law *Samples) (*Loss, error) {
	if d := len(parameters); d < 1 || d > expr.MaxParameters {
		return nil, fmt.Errorf("objective: %d parameters; possible are 1, 2 and 3", d)
	}
	l := &Loss{parameters: parameters, source: loss, samples: law}
	var weights []float64
	l.variables, l.columns, weights = law.onto(loss)
	p, err := expr.Compile(loss, expr.Inputs{Parameters: parameters, Variables: l.variables})
	if err != nil {
		return nil, fmt.Errorf("objective: %w", err)
	}
	normalise(weights)
	l.law = Law{Weights: weights, Exact: law.finer == nil, Unbounded: law.unbounded}
	if law.hull != nil {
		h, err := New(parameters, loss, law.hull)
		if err != nil {
			return nil, err
		}
		l.law.Hull = h
	}
	var absolute float64
	for _, w := range weights {
		l.law.Signed = l.law.Signed || w < 0
		absolute += math.Abs(w)
	}
	if l.law.Signed {
		l.law.Note = fmt.Sprintf("the quadrature has negative weights, of absolute sum %.3g: it need not keep S a contraction nor Sigma positive semidefinite", absolute)
	}
	l.program, l.batch = p, p.Bind(len(weights), l.columns)
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
	if l.samples.finer == nil {
		return nil, false
	}
	s, err := l.samples.finer(most)
	if err != nil {
		return nil, false
	}
	fine, err := New(l.parameters, l.source, s)
	return fine, err == nil
}

// NewEvaluator implements Objective.
func (l *Loss) NewEvaluator() Evaluator { return l.newEvaluator() }

// Describe returns the values of the sample variables at node k, "a = 1, b = 2",
// and "" if the loss uses none.
func (l *Loss) Describe(k int) string {
	parts := make([]string, len(l.variables))
	for i, name := range l.variables {
		parts[i] = fmt.Sprintf("%s = %.6g", name, l.columns[i][k])
	}
	return strings.Join(parts, ", ")
}
