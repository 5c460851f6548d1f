package assumptions

import (
	"cmp"
	"math"
	"slices"

	"kolmo/objective"
)

// Sizes of the search of MaxImage.
const (
	imagePoints     = 3000
	imagePairs      = 2_000_000
	imageCandidates = 6
	imagePolish     = 400 // evaluations per candidate
)

// MaxImage returns the largest |x - center - eta grad f(x;xi_k)| found over the
// closed ball |x - center| <= R and the nodes xi_k of the law, with the point and
// the node where it was found. The ball is invariant under SGD if this is at most
// R. It is found by search, a dense one and then a pattern search from the best
// few points, so it is a lower bound of the supremum; the cost is about
// imagePairs gradients. Where the nodes are a quadrature of a bounded law, the
// ends of its support are searched too, and sample is -1 if the largest is there.
// Where a quadrature stands for the law of batches the nodes are those of one
// sample, whose images' hull holds those of all batches.
func MaxImage(o objective.Objective, center []float64, R, eta float64) (value float64, at []float64, sample int) {
	if b, ok := o.(*objective.Batch); ok && b.Law().Moving {
		o = b.Loss() // a batch gradient is a mean of sample gradients
	}
	value, at, sample = maxImage(o, center, R, eta)
	if h := o.Law().Hull; h != nil {
		if v, x, _ := maxImage(h, center, R, eta); v > value {
			return v, x, -1
		}
	}
	return value, at, sample
}

// maxImage is MaxImage over the nodes alone.
func maxImage(o objective.Objective, center []float64, R, eta float64) (value float64, at []float64, sample int) {
	s := &imageSearch{
		e: o.NewEvaluator(), d: o.Dim(), center: center, r: R, eta: eta,
		grads: make([]float64, o.Dim()*o.Law().Len()),
	}
	m := o.Law().Len()
	type candidate struct {
		x      []float64
		value  float64
		sample int
	}
	var all []candidate
	ballPoints(center, R, max(100, min(imagePoints, imagePairs/m)), func(x []float64) bool {
		v, k := s.image(x)
		all = append(all, candidate{slices.Clone(x), v, k})
		return true
	})
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.value, a.value) })
	best := all[0]
	var starts [][]float64
	for _, c := range all {
		if len(starts) == imageCandidates {
			break
		}
		near := slices.ContainsFunc(starts, func(y []float64) bool { return distance(c.x, y) < 0.2*R })
		if !near {
			starts = append(starts, c.x)
		}
	}
	for _, x := range starts {
		v, k := s.polish(x, max(40, min(imagePolish, imagePairs/m)))
		if v > best.value {
			best = candidate{x, v, k}
		}
	}
	return best.value, best.x, best.sample
}

type imageSearch struct {
	e      objective.Evaluator
	d      int
	center []float64
	r, eta float64
	grads  []float64
}

// image returns the largest |x - center - eta g_k| over k, and k.
func (s *imageSearch) image(x []float64) (float64, int) {
	s.e.GradsTo(s.grads, x)
	best, sample := -1.0, 0
	for k := 0; k*s.d < len(s.grads); k++ {
		var sum float64
		for i := range s.d {
			y := x[i] - s.center[i] - s.eta*s.grads[k*s.d+i]
			sum += y * y
		}
		if !(sum <= best) { // so that NaN wins
			best, sample = sum, k
		}
	}
	return math.Sqrt(best), sample
}

// polish moves x uphill by a pattern search along the radius and around the
// center, which follows a maximum on the sphere; steps are halved when none helps.
func (s *imageSearch) polish(x []float64, evaluations int) (float64, int) {
	value, sample := s.image(x)
	y := make([]float64, s.d)
	for step := 0.1; step > 1e-9 && evaluations > 0; {
		improved := false
		for axis := 0; axis < s.d; axis++ {
			for _, sign := range [2]float64{1, -1} {
				s.move(y, x, axis, sign*step)
				evaluations--
				if v, k := s.image(y); v > value {
					value, sample, improved = v, k, true
					copy(x, y)
				}
			}
		}
		if improved {
			step = min(1.5*step, 0.1)
		} else {
			step /= 2
		}
	}
	return value, sample
}

// move stores in y the point x moved by a relative step: axis 0 is the radius,
// the others turn x around the center. Points outside return to the sphere.
func (s *imageSearch) move(y, x []float64, axis int, step float64) {
	var u, t [3]float64
	var radius float64
	for i := range s.d {
		u[i] = x[i] - s.center[i]
		radius += u[i] * u[i]
	}
	radius = math.Sqrt(radius)
	if radius < 1e-3*s.r { // no direction yet: move along the axis
		u[axis] += step * s.r
	} else if axis == 0 {
		for i := range s.d {
			u[i] += step * s.r * u[i] / radius
		}
	} else {
		tangent(&t, u, axis, s.d)
		for i := range s.d {
			u[i] += step * s.r * t[i]
		}
		s.rescale(&u, radius)
	}
	var norm float64
	for i := range s.d {
		norm += u[i] * u[i]
	}
	if math.Sqrt(norm) > s.r {
		s.rescale(&u, s.r)
	}
	for i := range s.d {
		y[i] = s.center[i] + u[i]
	}
}

// rescale gives u the length radius.
func (s *imageSearch) rescale(u *[3]float64, radius float64) {
	f := radius / math.Sqrt(u[0]*u[0]+u[1]*u[1]+u[2]*u[2])
	for i := range u {
		u[i] *= f
	}
}

// tangent stores in t a unit vector orthogonal to u: the axis-th of d - 1.
func tangent(t *[3]float64, u [3]float64, axis, d int) {
	if d == 2 {
		n := math.Hypot(u[0], u[1])
		*t = [3]float64{-u[1] / n, u[0] / n, 0}
		return
	}
	small := 0
	for i := 1; i < 3; i++ {
		if math.Abs(u[i]) < math.Abs(u[small]) {
			small = i
		}
	}
	var e [3]float64
	e[small] = 1
	a := unit(cross(u, e))
	*t = a
	if axis == 2 {
		*t = unit(cross(u, a))
	}
}

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

func unit(a [3]float64) [3]float64 {
	n := math.Sqrt(a[0]*a[0] + a[1]*a[1] + a[2]*a[2])
	return [3]float64{a[0] / n, a[1] / n, a[2] / n}
}

func distance(x, y []float64) float64 {
	var s float64
	for i := range x {
		s += (x[i] - y[i]) * (x[i] - y[i])
	}
	return math.Sqrt(s)
}
