package law

import (
	"math"
	"slices"
)

// tilt finds the weights w_q proportional to w0_q exp(lambda . phi_q) with given
// expectations of phi: of all weights with these the nearest to w0 in relative
// entropy, positive and smooth in the data. It minimises the convex dual function
// log(sum_q w0_q exp(lambda . (phi_q - t))) by Newton's method (Csiszar, Annals of
// Probability 3, 1975).
type tilt struct {
	lambda, trial, grad, step, hess []float64
	log                             []float64
}

func newTilt(n, m int) *tilt {
	return &tilt{
		lambda: make([]float64, m), trial: make([]float64, m), grad: make([]float64, m), step: make([]float64, m),
		hess: make([]float64, m*m), log: make([]float64, n),
	}
}

// Stopping of the tilt: Newton steps, the defect of an expectation relative to
// its size that is wanted, the one that is accepted, and halvings of a step.
const (
	tiltSteps    = 60
	tiltTarget   = 1e-14
	tiltAccept   = 1e-11
	tiltHalvings = 30
)

// solve stores the weights; phi is n x m and goal has length m. It returns false
// if no such weights were found.
func (t *tilt) solve(weights, w0, phi, goal []float64) bool {
	m := len(goal)
	clear(t.lambda[:m])
	value := t.dual(weights, w0, phi, goal, t.lambda[:m])
	for range tiltSteps {
		defect := t.derivatives(weights, phi, goal)
		if defect <= tiltTarget {
			return true
		}
		if !solveCholesky(t.hess[:m*m], t.grad[:m], t.step[:m]) {
			return defect <= tiltAccept
		}
		scale, improved := 1.0, false
		for range tiltHalvings {
			for i := range m {
				t.trial[i] = t.lambda[i] - scale*t.step[i]
			}
			if v := t.dual(weights, w0, phi, goal, t.trial[:m]); v < value || v <= value+1e-15 && defect < 1e-6 {
				value, improved = v, true
				copy(t.lambda, t.trial[:m])
				break
			}
			scale /= 2
		}
		if !improved {
			t.dual(weights, w0, phi, goal, t.lambda[:m])
			return t.derivatives(weights, phi, goal) <= tiltAccept
		}
	}
	return t.derivatives(weights, phi, goal) <= tiltAccept
}

// dual stores the weights of lambda and returns the dual function.
func (t *tilt) dual(weights, w0, phi, goal, lambda []float64) float64 {
	m := len(goal)
	var shift float64
	for j, l := range lambda {
		shift += l * goal[j]
	}
	largest := math.Inf(-1)
	for q := range weights {
		var s float64
		for j, v := range phi[q*m : (q+1)*m] {
			s += lambda[j] * v
		}
		t.log[q] = s - shift
		largest = max(largest, t.log[q])
	}
	var total float64
	for q := range weights {
		weights[q] = w0[q] * math.Exp(t.log[q]-largest)
		total += weights[q]
	}
	for q := range weights {
		weights[q] /= total
	}
	return largest + math.Log(total)
}

// derivatives sets grad and hess of the dual function and returns the largest
// relative defect.
func (t *tilt) derivatives(weights, phi, goal []float64) float64 {
	m := len(goal)
	grad, hess := t.grad[:m], t.hess[:m*m]
	clear(grad)
	clear(hess)
	for q, w := range weights {
		row := phi[q*m : (q+1)*m]
		for i, v := range row {
			u := w * v
			grad[i] += u
			h := hess[i*m : i*m+i+1]
			for j := range h {
				h[j] += u * row[j]
			}
		}
	}
	for i := range m {
		for j := range i + 1 {
			hess[i*m+j] -= grad[i] * grad[j]
		}
	}
	var defect float64
	for i := range grad {
		grad[i] -= goal[i]
		defect = max(defect, math.Abs(grad[i])/(1+math.Abs(goal[i])))
	}
	if math.IsNaN(defect) {
		return math.Inf(1)
	}
	return defect
}

// solveCholesky solves a x = b for the symmetric a, of which it uses and
// overwrites the lower half.
func solveCholesky(a, b, x []float64) bool {
	n := len(b)
	for i := range n {
		for j := range i + 1 {
			v := a[i*n+j]
			for k := range j {
				v -= a[i*n+k] * a[j*n+k]
			}
			if i != j {
				a[i*n+j] = v / a[j*n+j]
			} else if v > 0 {
				a[i*n+i] = math.Sqrt(v)
			} else {
				return false
			}
		}
	}
	for i := range n {
		v := b[i]
		for k := range i {
			v -= a[i*n+k] * x[k]
		}
		x[i] = v / a[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		v := x[i]
		for k := i + 1; k < n; k++ {
			v -= a[k*n+i] * x[k]
		}
		x[i] = v / a[i*n+i]
	}
	return true
}

// The candidates for laws that no tilt of the grid reaches, as those with a few
// far samples: the grid in several scales, and around every one of the farthest
// samples the place of a batch with that sample once.
var nnlsScales = [3]float64{1, 1.5, 2.25}

const (
	nnlsRows  = 24
	nnlsShift = 1.5
)

// nnls finds non-negative weights with given expectations, as near as possible in
// the least squares sense, on few candidates (Lawson and Hanson, Solving Least
// Squares Problems, SIAM 1995, chapter 23).
type nnls struct {
	nodes  []float64
	a      []float64 // candidates x rows
	b      []float64
	active []int     // candidates with positive weight
	x      []float64 // their weights
	z      []float64
	qr     []float64
	rest   []float64
	order  []int
}

func newNNLS(rows, n, d int) *nnls {
	return &nnls{
		nodes: make([]float64, n*d), a: make([]float64, n*rows), b: make([]float64, rows),
		active: make([]int, 0, rows), x: make([]float64, rows), z: make([]float64, rows),
		qr: make([]float64, rows*rows), rest: make([]float64, rows), order: make([]int, nnlsRows),
	}
}

// solve finds the weights for the moments in w.goal, with the candidates around the
// mean and the far samples in the given scale, and returns the number of
// nodes, whose candidates are active and whose weights are x.
func (s *nnls) solve(w *matchWork, g *grid, grads []float64, stretch float64) int {
	r, m := g.basis.r, g.basis.len()+1
	nodes := s.nodes[:0]
	for _, scale := range nnlsScales {
		for _, v := range g.nodes {
			nodes = append(nodes, stretch*scale*v)
		}
	}
	for _, k := range s.farthest(w.far) {
		var c, y [3]float64
		for i := range w.c.d {
			c[i] = (grads[k*w.c.d+i] - w.mean[i]) / w.k.size
		}
		w.whitened(&y, &c, r)
		nodes = append(nodes, y[:r]...)
		for axis := range r {
			for _, sign := range [2]float64{-nnlsShift * stretch, nnlsShift * stretch} {
				z := y
				z[axis] += sign
				nodes = append(nodes, z[:r]...)
			}
		}
	}
	n := len(nodes) / r
	for q := range n {
		g.basis.monomialsTo(w.mono, nodes[q*r:(q+1)*r])
		row := s.a[q*m : (q+1)*m]
		row[0] = 1
		g.basis.project(row[1:], w.mono)
		for j := 1; j < m; j++ {
			row[j] /= 1 + math.Abs(w.goal[j-1])
		}
	}
	s.b[0] = 1
	for j := 1; j < m; j++ {
		s.b[j] = w.goal[j-1] / (1 + math.Abs(w.goal[j-1]))
	}
	return s.lawsonHanson(n, m)
}

// farthest returns the indices of the largest entries.
func (s *nnls) farthest(far []float64) []int {
	list := s.order[:0]
	for k := range far {
		if len(list) == cap(list) && far[k] <= far[list[len(list)-1]] {
			continue
		}
		at, _ := slices.BinarySearchFunc(list, far[k], func(i int, v float64) int {
			if far[i] >= v {
				return -1
			}
			return 1
		})
		if len(list) == cap(list) {
			list = list[:len(list)-1]
		}
		list = slices.Insert(list, at, k)
	}
	return list
}

func (s *nnls) lawsonHanson(n, m int) int {
	s.active = s.active[:0]
	const tolerance = 1e-14
	for range 4 * m {
		// The residual and the candidate that reduces it most.
		copy(s.rest[:m], s.b[:m])
		for i, q := range s.active {
			for j := range m {
				s.rest[j] -= s.x[i] * s.a[q*m+j]
			}
		}
		best, at := tolerance, -1
		for q := range n {
			var dot, norm float64
			for j, v := range s.a[q*m : (q+1)*m] {
				dot += v * s.rest[j]
				norm += v * v
			}
			if dot /= math.Sqrt(norm); dot > best && !slices.Contains(s.active, q) {
				best, at = dot, q
			}
		}
		if at < 0 || len(s.active) == m {
			break
		}
		s.active = append(s.active, at)
		s.x[len(s.active)-1] = 0
		for len(s.active) > 0 {
			k := len(s.active)
			s.leastSquares(m)
			step, leave := 1.0, -1
			for i := range k {
				if s.z[i] <= 0 {
					if f := s.x[i] / (s.x[i] - s.z[i]); !(f >= step) {
						step, leave = f, i
					}
				}
			}
			if leave < 0 {
				copy(s.x[:k], s.z[:k])
				break
			}
			for i := range k {
				s.x[i] += step * (s.z[i] - s.x[i])
			}
			s.active = slices.Delete(s.active, leave, leave+1)
			copy(s.x[leave:k-1], s.x[leave+1:k])
		}
	}
	return len(s.active)
}

// leastSquares stores in z the weights of the active candidates that fit b best,
// by Householder's reflections.
func (s *nnls) leastSquares(m int) {
	k := len(s.active)
	for i, q := range s.active {
		copy(s.qr[i*m:(i+1)*m], s.a[q*m:(q+1)*m])
	}
	copy(s.rest[:m], s.b[:m])
	for i := range k {
		v := s.qr[i*m : (i+1)*m]
		var norm float64
		for _, x := range v[i:] {
			norm += x * x
		}
		norm = math.Copysign(math.Sqrt(norm), -v[i])
		if norm == 0 {
			s.z[i] = 0
			continue
		}
		diagonal := norm
		v[i] -= norm
		f := -1 / (norm * v[i]) // 2/(v.v)
		reflect := func(c []float64) {
			var dot float64
			for j := i; j < m; j++ {
				dot += v[j] * c[j]
			}
			for j := i; j < m; j++ {
				c[j] -= f * dot * v[j]
			}
		}
		for l := i + 1; l < k; l++ {
			reflect(s.qr[l*m : (l+1)*m])
		}
		reflect(s.rest[:m])
		s.z[i] = diagonal // kept until the back substitution
	}
	for i := k - 1; i >= 0; i-- {
		v := s.rest[i]
		for l := i + 1; l < k; l++ {
			v -= s.qr[l*m+i] * s.z[l]
		}
		if s.z[i] != 0 {
			s.z[i] = v / s.z[i]
		}
	}
}
