package objective

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"
)

// candidates are the places at which a quadrature of the batch law may have
// nodes: a tensor grid in coordinates in which the law has mean 0 and unit
// covariance, and for the refinement drawn batches besides.
type candidates struct {
	d     int
	grid  [4]grid    // for the rank r = 1 .. d of the covariance
	drawn *batchList // nil: grid alone, and a Gauss rule where r = 1
	// stretch brings the drawn batches' deviation to that of the batch law.
	stretch float64
}

// grid holds nodes in r coordinates with positive weights.
type grid struct {
	basis   *basis
	nodes   []float64 // n x r
	weights []float64
	phi     []float64 // n x basis.len()
}

// gridPoints are the points per axis of the tensor grids by dimension.
var gridPoints = [4]int{1: 15, 2: 9, 3: 6}

// gridCandidates returns tensor Gauss-Hermite grids with their weights, the rule
// of a batch that is large enough to be normal.
func gridCandidates(d int) *candidates {
	c := &candidates{d: d}
	for r := 1; r <= d; r++ {
		g := grid{basis: newBasis(r)}
		if n := gridPoints[r]; n > 0 {
			s, w := make([]float64, n), make([]float64, n)
			quad.Hermite{}.FixedLocations(s, w, math.Inf(-1), math.Inf(1))
			total := int(math.Pow(float64(n), float64(r)))
			for q := range total {
				weight := 1.0
				for i, at := 0, q; i < r; i, at = i+1, at/n {
					g.nodes = append(g.nodes, math.Sqrt2*s[at%n])
					weight *= w[at%n]
				}
				g.weights = append(g.weights, weight)
			}
			normalise(g.weights)
			g.phi = make([]float64, total*g.basis.len())
			mono := make([]float64, len(g.basis.powers))
			for q := range total {
				g.basis.monomialsTo(mono, g.nodes[q*r:(q+1)*r])
				g.basis.project(g.phi[q*g.basis.len():(q+1)*g.basis.len()], mono)
			}
		}
		c.grid[r] = g
	}
	return c
}

// Sizes of the drawn set: batches by dimension, and the most draws per batch. Of
// larger batches a part is drawn and stretched.
var drawnBatches = [4]int{1: 200, 2: 600, 3: 1500}

const drawnRows = 1000

// drawnCandidates draws batches, always the same, and adds the grid.
func (b *Batch) drawnCandidates() *candidates {
	d := b.Dim()
	c := gridCandidates(d)
	c.drawn = &batchList{start: []int{0}}
	part := *b
	part.size = min(b.size, drawnRows)
	if !b.replacement && 2*b.size > b.population {
		part.size = min(b.population-b.size, drawnRows) // the complement's draws
	}
	c.stretch = math.Sqrt(b.factor() / part.factor())
	if part.size != b.size && part.size == b.population-b.size {
		c.stretch = -c.stretch
	}
	random := rand.New(rand.NewPCG(1, uint64(b.size)))
	cumulative := make([]float64, 0, len(b.loss.law.Weights))
	var total float64
	for _, w := range b.loss.law.Weights {
		total += w
		cumulative = append(cumulative, total)
	}
	counts := map[int]int{}
	for range drawnBatches[d] {
		clear(counts)
		for n := 0; n < part.size; {
			k, _ := slices.BinarySearch(cumulative, total*random.Float64())
			k = min(k, len(cumulative)-1)
			// Without replacement a copy that was drawn before is drawn again.
			if !b.replacement && random.IntN(b.counts[k]) < counts[k] {
				continue
			}
			counts[k]++
			n++
		}
		rows := make([]int, 0, len(counts))
		for k := range counts {
			rows = append(rows, k)
		}
		slices.Sort(rows)
		for _, k := range rows {
			c.drawn.row = append(c.drawn.row, k)
			c.drawn.share = append(c.drawn.share, float64(counts[k])/float64(part.size))
		}
		c.drawn.start = append(c.drawn.start, len(c.drawn.row))
	}
	return c
}

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
	w.c.drawn.gradsTo(dst, grads, d)
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

// Relative sizes of variances: below the first the Cholesky factor gives way to
// eigenvectors, below the second a direction is taken to be without noise, as it
// is if the variance is within rounding of the gradients.
const (
	choleskyLimit = 1e-8
	rankLimit     = 1e-13
	roundingLimit = 1e-28
)

// whiten sets the mean and the coordinates in which the batch law has the unit
// covariance, and returns the rank. The Cholesky factor is smooth in x.
func (w *matchWork) whiten(prob, grads []float64) int {
	d := w.c.d
	w.mean = [3]float64{}
	for k, p := range prob {
		for i := range d {
			w.mean[i] += p * grads[k*d+i]
		}
	}
	var s [3][3]float64
	var rest [3]float64
	var size float64
	for k, p := range prob {
		var c [3]float64
		for i := range d {
			c[i] = grads[k*d+i] - w.mean[i]
			rest[i] += p * c[i]
			size = max(size, math.Abs(grads[k*d+i]))
		}
		for i := range d {
			for j := range i + 1 {
				s[i][j] += p * c[i] * c[j]
			}
		}
	}
	var trace float64
	for i := range d {
		for j := range i + 1 {
			s[i][j] = w.k.c[2] * (s[i][j] - rest[i]*rest[j])
			s[j][i] = s[i][j]
		}
		trace += s[i][i]
	}
	for i := range d {
		w.mean[i] += rest[i]
	}
	w.white, w.back = [3][3]float64{}, [3][3]float64{}
	floor := roundingLimit * w.k.c[2] * size * size
	if !(trace > floor) {
		return 0
	}
	if w.cholesky(&s, choleskyLimit*trace) {
		return d
	}
	values, vectors := eigenSym(s, d)
	r := 0
	for j := d - 1; j >= 0; j-- {
		if values[j] > max(rankLimit*trace, floor) {
			root := math.Sqrt(values[j])
			for i := range d {
				w.back[i][r] = vectors[i][j] * root
				w.white[r][i] = vectors[i][j] / root
			}
			r++
		}
	}
	return r
}

// cholesky sets back to the factor of s and white to its inverse; it returns
// false if a squared pivot is not larger than limit.
func (w *matchWork) cholesky(s *[3][3]float64, limit float64) bool {
	d := w.c.d
	l := &w.back
	for i := range d {
		for j := range i + 1 {
			v := s[i][j]
			for k := range j {
				v -= l[i][k] * l[j][k]
			}
			if i == j {
				if !(v > limit) {
					*l = [3][3]float64{}
					return false
				}
				l[i][i] = math.Sqrt(v)
			} else {
				l[i][j] = v / l[j][j]
			}
		}
	}
	for j := range d {
		w.white[j][j] = 1 / l[j][j]
		for i := j + 1; i < d; i++ {
			var v float64
			for k := j; k < i; k++ {
				v -= l[i][k] * w.white[k][j]
			}
			w.white[i][j] = v / l[i][i]
		}
	}
	return true
}

// eigenSym returns the eigenvalues in increasing order and the eigenvectors, as
// columns, of the leading d x d block of s, by Jacobi's rotations.
func eigenSym(s [3][3]float64, d int) (values [3]float64, vectors [3][3]float64) {
	for i := range d {
		vectors[i][i] = 1
	}
	const sweeps = 30
	for range sweeps {
		var off float64
		for p := range d {
			for q := p + 1; q < d; q++ {
				off += math.Abs(s[p][q])
				if s[p][q] == 0 {
					continue
				}
				theta := (s[q][q] - s[p][p]) / (2 * s[p][q])
				t := math.Copysign(1, theta) / (math.Abs(theta) + math.Hypot(1, theta))
				c := 1 / math.Hypot(1, t)
				sn := t * c
				for k := range d {
					a, b := s[k][p], s[k][q]
					s[k][p], s[k][q] = c*a-sn*b, sn*a+c*b
				}
				for k := range d {
					a, b := s[p][k], s[q][k]
					s[p][k], s[q][k] = c*a-sn*b, sn*a+c*b
					a, b = vectors[k][p], vectors[k][q]
					vectors[k][p], vectors[k][q] = c*a-sn*b, sn*a+c*b
				}
			}
		}
		if off == 0 {
			break
		}
	}
	for i := range d {
		values[i] = s[i][i]
	}
	for i := range d { // selection sort of at most three
		for j := i + 1; j < d; j++ {
			if values[j] < values[i] {
				values[i], values[j] = values[j], values[i]
				for k := range d {
					vectors[k][i], vectors[k][j] = vectors[k][j], vectors[k][i]
				}
			}
		}
	}
	return values, vectors
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
	values, vectors := eigenSym([3][3]float64{{0, 1, 0}, {1, t3, off}, {0, off, alpha}}, 3)
	for i := range 3 {
		nodes[i], weights[i] = values[i], vectors[0][i]*vectors[0][i]
	}
	return 3
}
