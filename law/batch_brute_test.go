package law_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/law"
	"kolmo/objective"
)

// batchCase is a small data set and a loss of it.
type batchCase struct {
	d    int
	text string
	rows [][]float64 // of a, b, c
}

func (c batchCase) loss(t testing.TB) *objective.Loss {
	s, err := law.Discrete([]string{"a", "b", "c"}, c.rows, nil)
	return build(t, c.d, c.text, s, err)
}

var batchCases = []batchCase{
	{1, "softplus(a*x) + (x - b)^2/2", [][]float64{{1, 2, 0}, {-1, 0.5, 0}, {0.3, -0.6, 0}, {2, -1, 0}, {1, 2, 0}, {0.7, 0.1, 0}}},
	{2, "softplus(a*x + b*y) + c*x + 0.1*(x^2 + y^2)", batchRows(10)},
	{3, "sin(a*x + b*y) + cos(c*z - x*a) + b*y*z/4", batchRows(14)},
}

// batchRows returns n rows, the first two equal.
func batchRows(n int) [][]float64 {
	r := rand.New(rand.NewPCG(1, 1))
	rows := make([][]float64, n)
	for k := range rows {
		rows[k] = []float64{r.NormFloat64(), r.ExpFloat64(), r.Float64()}
	}
	rows[1] = rows[0]
	return rows
}

// bruteForce calls visit with the gradient of every batch and its probability:
// of all ordered tuples of rows, without replacement those with different ones.
func bruteForce(t *testing.T, c batchCase, m int, replacement bool, x []float64, visit func(p float64, g [3]float64)) {
	t.Helper()
	n := len(c.rows)
	grads := make([][]float64, n)
	for k, row := range c.rows {
		one := c
		one.rows = [][]float64{row}
		grads[k] = make([]float64, c.d)
		one.loss(t).NewEvaluator().GradsTo(grads[k], x)
	}
	total := 1.0
	for j := range m {
		if replacement {
			total *= float64(n)
		} else {
			total *= float64(n - j)
		}
	}
	tuple := make([]int, m)
	for {
		used, ok := map[int]bool{}, true
		var g [3]float64
		for _, k := range tuple {
			ok = ok && (replacement || !used[k])
			used[k] = true
			for i := range c.d {
				g[i] += grads[k][i] / float64(m)
			}
		}
		if ok {
			visit(1/total, g)
		}
		j := 0
		for ; j < m; j++ {
			if tuple[j]++; tuple[j] < n {
				break
			}
			tuple[j] = 0
		}
		if j == m {
			return
		}
	}
}

// moments5 accumulates the moments about mean up to degree 5 of a law in R^3.
type moments5 struct {
	list [][3]int
	sum  []float64
	size []float64 // of absolute values
}

func newMoments5() *moments5 {
	l := make([][3]int, 0)
	for _, p := range law.Powers(3) {
		l = append(l, p)
	}
	return &moments5{l, make([]float64, len(l)), make([]float64, len(l))}
}

func (m *moments5) add(p float64, g, mean [3]float64) {
	for i, a := range m.list {
		v := p
		for j := range 3 {
			for range a[j] {
				v *= g[j] - mean[j]
			}
		}
		m.sum[i] += v
		m.size[i] += math.Abs(v)
	}
}

// batch is the law of batches of a loss's gradients.
type batch struct {
	loss *objective.Loss
	*law.Batches
}

func newBatch(t testing.TB, l *objective.Loss, m int, replacement bool) batch {
	t.Helper()
	b, err := law.NewBatches(l.Nodes(), l.Dim(), m, replacement)
	if err != nil {
		t.Fatal(err)
	}
	return batch{l, b}
}

// NodesTo stores the batch law's nodes at x.
func (b batch) NodesTo(weights, grads, x []float64) {
	b.NewWork().NodesTo(weights, grads, b.samples(x))
}

// samples returns the gradients of the samples.
func (b batch) samples(x []float64) []float64 {
	g := make([]float64, len(b.loss.Law().Weights)*b.loss.Dim())
	b.loss.NewEvaluator().GradsTo(g, x)
	return g
}
