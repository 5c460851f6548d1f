package custom

import (
	"slices"

	"kolmo/objective"
	"kolmo/objective/expr"
)

// nodes is the law of a step's randomness: the nodes of the sample, or of batches, times
// those of the noise.
type nodes struct {
	weights []float64
	columns [][]float64 // per variable of the inputs
	noise   int         // the first variable that is noise
}

// newNodes returns the nodes for the algorithm's loss.
func (a *algorithm) newNodes() *nodes {
	of, weights := a.loss.Nodes(), a.o.Law().Weights
	draws := make([][]int, of.Len())
	for k := range draws { // the ends of a law are batches of one sample
		draws[k] = slices.Repeat([]int{k}, a.size)
	}
	if b, ok := a.o.(*objective.Batch); ok {
		draws, _ = b.Batches().Draws()
	}
	n := &nodes{columns: make([][]float64, len(a.in.Variables)), noise: len(a.in.Variables) - len(a.noise)}
	for q, w := range weights {
		for i, c := range a.zeta.Weights {
			n.weights = append(n.weights, w*c)
			at := 0
			for _, k := range draws[q] {
				for _, column := range of.Columns {
					n.columns[at] = append(n.columns[at], column[k])
					at++
				}
			}
			for _, column := range a.zeta.Columns {
				n.columns[at] = append(n.columns[at], column[i])
				at++
			}
		}
	}
	return n
}

// series is a workspace that evaluates the step at a point in all nodes.
type series struct {
	a      *algorithm
	series *expr.Series
	g      *expr.Degrees
}

// series returns a workspace that keeps some monomials.
func (a *algorithm) series(g *expr.Degrees) *series {
	s, err := expr.NewSeries(a.step, a.in, g)
	if err != nil {
		panic("custom: " + err.Error()) // the names are those that were parsed
	}
	return &series{a, s, g}
}

// at returns the place of a power of sqrt(eta).
func (s *series) at(power int) int { return s.g.Index(expr.Degree{Root: power}) }

// each evaluates the step at z in blocks of nodes, the noise times end: nodes k to k+n-1 are
// in the lanes when visit is called.
func (s *series) each(z []float64, end float64, visit func(k, n int)) {
	nodes := s.a.nodes
	total := len(nodes.weights)
	first := min(total, expr.Lanes)
	for i, v := range z {
		x := s.series.X(i)[:first]
		for l := range x {
			x[l] = v
		}
	}
	s.series.Point(first)
	for k := 0; k < total; k += expr.Lanes {
		n := min(expr.Lanes, total-k)
		for i, c := range nodes.columns {
			lane := s.series.Sample(i)[:n]
			copy(lane, c[k:])
			if i >= nodes.noise && end != 1 {
				for l := range lane {
					lane[l] *= end
				}
			}
		}
		s.series.Block(n)
		visit(k, n)
	}
}
