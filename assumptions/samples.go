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

// storeGrads copies the gradients of the current block of n samples.
func (s *samples) storeGrads(dst []float64, n int) {
	for i := range s.d {
		g := s.machine.Grad(i)
		if g == nil {
			for l := range n {
				dst[l*s.d+i] = 0
			}
			continue
		}
		for l, v := range g {
			dst[l*s.d+i] = v
		}
	}
}
