package law

import (
	"math"

	"kolmo/internal/jacobi"
)

// matching is the quadrature of a batch law.
type matching struct {
	c     *candidates
	k     coefficients
	slots int // nodes
}

func newMatching(c *candidates, k coefficients) *matching {
	m := &matching{c: c, k: k, slots: 3}
	if c.drawn != nil {
		m.slots = len(c.drawn.start) - 1 + len(c.grid[c.d].weights)
	} else if c.d > 1 {
		m.slots = len(c.grid[c.d].weights)
	}
	return m
}

// matchWork is the workspace of a matching.
type matchWork struct {
	*matching
	mean  [3]float64
	white [3][3]float64 // r x d: whitened coordinates of a deviation
	back  [3][3]float64 // d x r
	y     []float64     // slots x d
	far   []float64     // squared length of every sample's whitened deviation
	mono  []float64
	t     []float64
	goal  []float64
	phi   []float64
	prior []float64 // of the drawn batches and the grid
	tilt  *tilt
	nnls  *nnls
}

func (m *matching) newWork(samples int) *matchWork {
	b := m.c.grid[m.c.d].basis
	w := &matchWork{matching: m, mono: make([]float64, len(b.powers)), t: make([]float64, len(b.powers)), goal: make([]float64, b.len())}
	w.y = make([]float64, m.slots*m.c.d)
	w.tilt = newTilt(m.slots, b.len())
	if m.c.drawn != nil {
		w.phi = make([]float64, m.slots*b.len())
		w.prior = make([]float64, m.slots)
	}
	if m.c.drawn != nil || m.c.d > 1 {
		w.far = make([]float64, samples)
		w.nnls = newNNLS(b.len()+1, len(nnlsScales)*len(m.c.grid[m.c.d].weights)+nnlsRows*(2*m.c.d+1), m.c.d)
	}
	return w
}

// nodesTo stores the quadrature of the batch law of the samples' gradients.
func (w *matchWork) nodesTo(weights, dst, prob, grads []float64) {
	d := w.c.d
	r := w.whiten(prob, grads)
	clear(weights)
	for q := range weights {
		copy(dst[q*d:(q+1)*d], w.mean[:d])
	}
	if r == 0 {
		weights[0] = 1
		return
	}
	b := w.c.grid[r].basis
	w.target(b, prob, grads)
	switch {
	case w.c.drawn != nil:
		w.drawnTo(weights, r, dst, grads)
	case r == 1:
		var y [3]float64
		n := gauss3(y[:], weights[:3], w.t[3], w.t[4], w.t[5])
		w.place(dst, y[:n], r)
	default:
		g := &w.c.grid[r]
		if w.tilt.solve(weights[:len(g.weights)], g.weights, g.phi, w.goal[:b.len()]) {
			w.place(dst, g.nodes, r)
			return
		}
		w.sparse(weights, dst, grads, r, 1)
	}
}

// sparse stores few nodes of positive weight by non-negative least squares, on
// candidates in the given scale.
func (w *matchWork) sparse(weights, dst, grads []float64, r int, scale float64) {
	clear(weights)
	n := w.nnls.solve(w, &w.c.grid[r], grads, scale)
	for i, q := range w.nnls.active[:n] {
		weights[i] = w.nnls.x[i]
		copy(w.y[i*r:(i+1)*r], w.nnls.nodes[q*r:(q+1)*r])
	}
	normalise(weights)
	w.place(dst, w.y[:n*r], r)
}

// place stores the gradients of nodes in r whitened coordinates.
func (w *matchWork) place(dst, y []float64, r int) {
	d := w.c.d
	for q := 0; q*r < len(y); q++ {
		for i := range d {
			v := w.mean[i]
			for j := range r {
				v += w.back[i][j] * y[q*r+j]
			}
			dst[q*d+i] = v
		}
	}
}

// otherScale makes the sparse nodes of the refinement others than those that it
// is compared with.
const otherScale = 1.1

// gridShares are the grid's parts in the prior of the drawn batches, the second
// where the first fails: it only serves to reach moments that the drawn batches
// alone cannot have.
var gridShares = [2]float64{0.02, 0.5}

// drawnTo tilts the drawn batches together with the grid.
func (w *matchWork) drawnTo(weights []float64, r int, dst, grads []float64) {
	d, g := w.c.d, &w.c.grid[r]
	b := g.basis
	m := b.len()
	n := len(w.c.drawn.start) - 1
	w.c.drawn.meansTo(dst, grads, d)
	for q := range n {
		var c, y [3]float64
		for i := range d {
			c[i] = w.c.stretch * (dst[q*d+i] - w.mean[i])
			dst[q*d+i] = w.mean[i] + c[i]
		}
		w.whitened(&y, &c, r)
		b.monomialsTo(w.mono, y[:])
		b.project(w.phi[q*m:(q+1)*m], w.mono)
	}
	all := n + len(g.weights)
	copy(w.phi[n*m:all*m], g.phi)
	w.place(dst[n*d:], g.nodes, r)
	for _, share := range gridShares {
		for q := range n {
			w.prior[q] = (1 - share) / float64(n)
		}
		for q, v := range g.weights {
			w.prior[n+q] = share * v
		}
		if w.tilt.solve(weights[:all], w.prior[:all], w.phi[:all*m], w.goal[:m]) {
			return
		}
	}
	w.sparse(weights, dst, grads, r, otherScale)
}

func (w *matchWork) whitened(y, c *[3]float64, r int) {
	for i := range r {
		y[i] = w.white[i][0]*c[0] + w.white[i][1]*c[1] + w.white[i][2]*c[2]
	}
}

// target stores the batch law's moments in whitened coordinates in t, and the
// expectations of the basis in goal.
func (w *matchWork) target(b *basis, prob, grads []float64) {
	d := w.c.d
	t := w.t[:len(b.powers)]
	clear(t)
	for k, p := range prob {
		var c, y [3]float64
		for i := range d {
			c[i] = grads[k*d+i] - w.mean[i]
		}
		w.whitened(&y, &c, b.r)
		b.monomialsTo(w.mono, y[:])
		for i, v := range w.mono[:len(t)] {
			t[i] += p * v
		}
		if w.far != nil {
			w.far[k] = y[0]*y[0] + y[1]*y[1] + y[2]*y[2]
		}
	}
	b.batchMoments(t, w.k)
	b.project(w.goal, t)
}

// gauss3 stores the Gauss rule with three nodes of a law with mean 0, variance 1
// and the given third, fourth and fifth moments, and returns 3; or 2, for a law of
// two points, which has t4 = t3^2 + 1. The Jacobi matrix follows from the
// orthogonal polynomials 1, y and y^2 - t3 y - 1; its eigenvalues are the nodes.
func gauss3(nodes, weights []float64, t3, t4, t5 float64) int {
	beta := t4 - t3*t3 - 1
	const degenerate = 1e-12
	if !(beta > degenerate*(1+t4)) {
		root := math.Sqrt(1 + t3*t3/4)
		for i, sign := range [2]float64{-1, 1} {
			nodes[i] = t3/2 + sign*root
			weights[i] = 1 / (1 + nodes[i]*nodes[i])
		}
		return 2
	}
	alpha := (t5 - 2*t3*t4 + t3*t3*t3) / beta
	off := math.Sqrt(beta)
	values, vectors := jacobi.Eigen([3][3]float64{{0, 1, 0}, {1, t3, off}, {0, off, alpha}}, 3)
	for i := range 3 {
		nodes[i], weights[i] = values[i], vectors[0][i]*vectors[0][i]
	}
	return 3
}
