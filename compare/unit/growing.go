package unit

import (
	"math"

	"kolmo/compare"
	"kolmo/compare/look"
	"kolmo/process"
)

// Constants of the rays on which observables are looked at beyond the ball.
const (
	// growingFrom and growingTo are the distances from the centre, over R, and growingPoints the points between them.
	growingFrom, growingTo = 1.5, 2.
	growingPoints          = 9
	// growingStep is the step of differences of phi, over R.
	growingStep = 1e-3
	// growingLeast is the size at the end of a ray, over that on the ball, from which an observable counts as one that grows.
	growingLeast = 2
)

// Growing says why the mean of an observable under a diffusion on R^d has no bound by its values on the ball, "" where
// nothing of the kind is seen: along a ray from the ball's face to 2 R, |phi| rises, and from 1.5 R on L |phi| > 0 at all points, so that
// |phi| is no Lyapunov function and E |phi(X_t)| grows with t. Grids, which end at a box, do not see that. It is looked for where a acts at
// the faces of the box and f is convex, since elsewhere paths that leave are no surprise.
func Growing(s *Setup, m *process.Diffusion, observable int, eta float64) string {
	ball := s.Problem.Ball
	if m.Noise != process.NoiseAtFaces || m.Tapered || s.Mu <= 0 {
		return ""
	}
	phi := s.Problem.Observables[observable].NewFunc()
	at0 := phi(ball.Center)
	size := func(x []float64) float64 { return math.Abs(phi(x) - at0) }
	most := 0.0
	for _, x := range look.NewPoints(ball, look.PointDensity[len(ball.Center)]).X {
		most = max(most, size(x))
	}
	for _, ray := range rays(len(ball.Center)) {
		if ranged(s, ray) {
			continue // a range has no beyond
		}
		points := onRay(s, ray)
		if !rises(points, size, growingLeast*most) {
			continue
		}
		c := m.Coefficients(s.Problem.Dynamics.At(points, 1), eta)
		grows := true
		for i, x := range points {
			lphi, h := 0.0, growingStep*ball.R
			value := func(k int, a float64, l int, b float64) float64 {
				y := append([]float64(nil), x...)
				y[k] += a * h
				y[l] += b * h
				return size(y)
			}
			for k := range x {
				up, down := value(k, 1, k, 0), value(k, -1, k, 0)
				lphi += entry(c.B[k], i)*(up-down)/(2*h) + entry(c.A[k][k], i)/2*(up-2*size(x)+down)/(h*h)
				for l := range k {
					cross := value(k, 1, l, 1) - value(k, 1, l, -1) - value(k, -1, l, 1) + value(k, -1, l, -1)
					lphi += entry(c.A[l][k], i) * cross / (4 * h * h)
				}
			}
			grows = grows && (lphi > 0 || math.IsInf(value(0, 1, 0, 0), 1))
		}
		if grows {
			return compare.Say("the observable grows so fast beyond the ball that its mean under the diffusion does not stay bounded: from %g R to %g R, L |phi| > 0 (L: the generator)", growingFrom, growingTo)
		}
	}
	return ""
}

// ranged reports that a ray leads along a coordinate with a range of its own.
func ranged(s *Setup, ray []float64) bool {
	for k, v := range ray {
		if v != 0 && s.Problem.Ball.Range(k) != nil {
			return true
		}
	}
	return false
}

// entry returns a coefficient at a point: nil slices are zero.
func entry(v []float64, i int) float64 {
	if v == nil {
		return 0
	}
	return v[i]
}

// rises reports that a size grows along points, to more than least.
func rises(points [][]float64, size func(x []float64) float64, least float64) bool {
	last := 0.0
	for _, x := range points {
		v := size(x)
		if math.IsInf(v, 1) {
			return true
		}
		if !(v > last) {
			return false
		}
		last = v
	}
	return last > least
}

// rays returns the directions of all axes and of their sums, in all signs.
func rays(d int) [][]float64 {
	list := [][]float64{{}}
	for range d {
		var longer [][]float64
		for _, v := range list {
			for _, c := range []float64{-1, 0, 1} {
				longer = append(longer, append(append([]float64(nil), v...), c))
			}
		}
		list = longer
	}
	var out [][]float64
	for _, v := range list {
		for _, c := range v {
			if c != 0 {
				out = append(out, v)
				break
			}
		}
	}
	return out
}

// onRay returns points along a ray beyond the ball.
func onRay(s *Setup, ray []float64) [][]float64 {
	ball := s.Problem.Ball
	toward := make([]float64, len(ray))
	for k := range ray {
		toward[k] = ball.Center[k] + ray[k]
	}
	unit := ball.Distance(toward)
	var points [][]float64
	for i := range growingPoints {
		r := ball.R * (growingFrom + (growingTo-growingFrom)*float64(i)/(growingPoints-1)) / unit
		x := make([]float64, len(ray))
		for k := range x {
			x[k] = ball.Center[k] + r*ray[k]
		}
		points = append(points, x)
	}
	return points
}
