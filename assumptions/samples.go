package assumptions

import (
	"kolmo/objective"
	"kolmo/objective/expr"
)

// samples evaluates the samples of a loss one by one.
type samples struct {
	d       int
	weights []float64
	machine *expr.Machine
}

// newSamples returns all nodes of the loss.
func newSamples(l *objective.Loss) *samples {
	return &samples{d: l.Dim(), weights: l.Law().Weights, machine: l.NewMachine()}
}

// only returns some of the nodes, without weights.
func only(l *objective.Loss, ids []int) *samples {
	nodes := l.Nodes()
	columns := make([][]float64, len(nodes.Columns))
	for i, all := range nodes.Columns {
		for _, k := range ids {
			columns[i] = append(columns[i], all[k])
		}
	}
	p, err := expr.Compile(l.Expr(), expr.Inputs{Parameters: l.Parameters(), Variables: nodes.Variables})
	if err != nil {
		panic(err) // objective.New has compiled it before
	}
	return &samples{d: l.Dim(), weights: make([]float64, len(ids)), machine: p.Bind(len(ids), columns).NewMachine()}
}
