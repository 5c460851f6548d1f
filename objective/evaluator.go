package objective

import (
	"math"
	"slices"

	"kolmo/internal/kernel"
	"kolmo/objective/expr"
)

// evaluator implements Evaluator for a Loss.
type evaluator struct {
	d       int
	weights []float64
	machine *expr.Machine
	grads   []float64 // M d sample gradients
	blocks  []float64 // total weight of every block
	signed  bool      // some weights are negative
}

var _ Evaluator = (*evaluator)(nil)

func (l *Loss) newEvaluator() *evaluator {
	e := &evaluator{
		d: l.Dim(), weights: l.law.Weights, machine: l.batch.NewMachine(),
		grads: make([]float64, l.Dim()*l.law.Len()), signed: l.law.Signed,
	}
	for block := range slices.Chunk(e.weights, expr.Lanes) {
		var total float64
		for _, w := range block {
			total += w
		}
		e.blocks = append(e.blocks, total)
	}
	return e
}

func (e *evaluator) GradsTo(dst, x []float64) {
	if len(dst) != len(e.grads) || len(x) != e.d {
		panic("objective: shape mismatch")
	}
	e.machine.Gradients(x, nil)
	for k := 0; k < len(e.weights); k += expr.Lanes {
		e.machine.Block(k)
		e.machine.GradsTo(dst[k*e.d:])
	}
}

func (e *evaluator) NodesTo(weights, grads, x []float64) {
	if len(weights) != len(e.weights) {
		panic("objective: shape mismatch")
	}
	copy(weights, e.weights)
	e.GradsTo(grads, x)
}

// MomentsTo implements Evaluator. The sums are compensated. Sigma is centred block
// by block of samples and the blocks are merged (Chan, Golub and LeVeque, American
// Statistician 37, 1983), so that nothing cancels; with negative weights it is
// centred at the mean, in a second pass.
func (e *evaluator) MomentsTo(m *Moments, x []float64) {
	if len(x) != e.d {
		panic("objective: shape mismatch")
	}
	d := e.d
	var f compensated
	var grad [3]compensated
	var hess [3][3]compensated
	var c centred
	e.machine.Point(x, nil, 2)
	for k := 0; k < len(e.weights); k += expr.Lanes {
		n := e.machine.Block(k)
		w := e.weights[k : k+n]
		f.add(dot(w, e.machine.Value()))
		var g [3][]float64
		var p [3]float64
		for i := range d {
			g[i] = e.machine.Grad(i)
			p[i] = dot(w, g[i])
			grad[i].add(p[i])
			for j := i; j < d; j++ {
				hess[i][j].add(dot(w, e.machine.Hess(i, j)))
			}
		}
		if e.signed {
			e.machine.GradsTo(e.grads[k*d:])
		} else {
			c.merge(e.blocks[k/expr.Lanes], w, &g, &p, d)
		}
	}
	*m = Moments{F: f.value()}
	for i := range d {
		m.Grad[i] = grad[i].value()
		for j := i; j < d; j++ {
			m.Hess[i][j] = hess[i][j].value()
			m.Hess[j][i] = m.Hess[i][j]
		}
	}
	if e.signed {
		e.sigmaTo(m)
		return
	}
	for i := range d {
		for j := i; j < d; j++ {
			m.Sigma[i][j] = c.second[i][j] / c.weight
			m.Sigma[j][i] = m.Sigma[i][j]
		}
	}
}

// centred holds the weight, the mean and the centred second moments of the blocks
// merged so far.
type centred struct {
	weight float64
	mean   [3]float64
	second [3][3]float64
}

// merge adds a block of total weight total > 0 with the gradients g and their
// weighted sums p; g[i] is nil where the component vanishes.
func (c *centred) merge(total float64, w []float64, g *[3][]float64, p *[3]float64, d int) {
	sum := c.weight + total
	var mean, delta [3]float64
	for i := range d {
		mean[i] = p[i] / total
		delta[i] = mean[i] - c.mean[i]
	}
	for i := range d {
		if g[i] == nil {
			continue
		}
		for j := i; j < d; j++ {
			if g[j] != nil {
				s := kernel.Covariance(w, g[i], g[j], mean[i], mean[j])
				c.second[i][j] += s + delta[i]*delta[j]*(c.weight*total/sum)
			}
		}
	}
	for i := range d {
		c.mean[i] += delta[i] * (total / sum)
	}
	c.weight = sum
}

// dot returns w.v, v nil being zero.
func dot(w, v []float64) float64 {
	if v == nil {
		return 0
	}
	return kernel.Dot(w, v)
}

// sigmaTo sets Sigma from the stored gradients, less the square of the centred
// mean, which is rounding only.
func (e *evaluator) sigmaTo(m *Moments) {
	d := e.d
	var rest [3]float64
	var s [3][3]float64
	for k, w := range e.weights {
		g := e.grads[k*d : k*d+d]
		var c [3]float64
		for i := range g {
			c[i] = g[i] - m.Grad[i]
		}
		for i := range g {
			rest[i] += w * c[i]
			for j := i; j < d; j++ {
				s[i][j] += w * c[i] * c[j]
			}
		}
	}
	for i := range d {
		for j := i; j < d; j++ {
			m.Sigma[i][j] = s[i][j] - rest[i]*rest[j]
			m.Sigma[j][i] = m.Sigma[i][j]
		}
		m.Sigma[i][i] = math.Max(m.Sigma[i][i], 0)
	}
}

// valueAt returns f(x) alone.
func (e *evaluator) valueAt(x []float64) float64 {
	var f compensated
	e.machine.Point(x, nil, 0)
	for k := 0; k < len(e.weights); k += expr.Lanes {
		n := e.machine.Block(k)
		f.add(dot(e.weights[k:k+n], e.machine.Value()))
	}
	return f.value()
}

// compensated is a sum with a running error term (Neumaier, Z. Angew. Math. Mech.
// 54, 1974).
type compensated struct{ sum, err float64 }

// add adds p, the plain sum of a block of at most expr.Lanes terms, whose rounding
// does not grow with the number of samples.
func (c *compensated) add(p float64) {
	t := c.sum + p
	if math.Abs(c.sum) >= math.Abs(p) {
		c.err += (c.sum - t) + p
	} else {
		c.err += (p - t) + c.sum
	}
	c.sum = t
}

// value returns the sum; an infinite sum, whose error term is NaN, stays infinite.
func (c *compensated) value() float64 {
	if math.IsInf(c.sum, 0) {
		return c.sum
	}
	return c.sum + c.err
}
