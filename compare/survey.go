package compare

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/objective"
)

// survey is what a study finds out about its problem before any grid: the least
// curvature of f, the size of the observables and their values at points of the
// ball, and the drift on the spheres that should keep the processes.
type survey struct {
	q    *points
	phi  [][]float64 // per observable, at the points, less its offset
	size []float64   // sup |phi| over the points
	offsets
	loss *lossSurvey
	// layer is nil unless the modified model is asked for.
	layer *layerSurvey
	mu    float64 // least eigenvalue of hess f known or found on the ball, zero if what was found is rounding
	// speed is the largest |grad f| found on the ball, and bend the largest |eigenvalue|
	// of hess f there.
	speed, bend float64
	// The sphere's points and moments at R and at R2.
	sphere  [2][][]float64
	moments [2][]objective.Moments
	ranges  [rangeBalls][]valueRange // of the observables, by ball
}

// surveyPairs bounds the number of points times samples that are evaluated.
const surveyPairs = 20_000_000

// noCurvature is the least curvature, relative to the largest, that is told from zero.
const noCurvature = 1e-12

// surveyRefine is how much denser than those of the sampled gaps the points are.
var surveyRefine = [grid.MaxDim + 1]int{0, 1, 2, 1}

func newSurvey(p *Problem, workers int) (*survey, error) {
	d := len(p.Ball.Center)
	s := &survey{q: newPoints(p.Ball, surveyRefine[d]*pointDensity[d]), mu: math.Inf(1), loss: newLossSurvey(p, workers)}
	if slices.Contains(p.Models, kolmogorov.Modified) {
		s.layer = newLayerSurvey(p, workers)
	}
	for _, o := range p.Observables {
		phi, size, spread := valuesAt(o, s.q.x, workers), 0.0, 0.0
		offset := offsetOf(o.NewFunc(), p.Ball.Center)
		for i, x := range s.q.x {
			if phi[i]-phi[i] != 0 {
				return nil, &objective.NonFiniteError{What: o.Name(), Part: "value", X: x, Sample: -1}
			}
			size = max(size, math.Abs(phi[i]))
			phi[i] -= offset
			spread = max(spread, math.Abs(phi[i]))
		}
		s.phi, s.size = append(s.phi, phi), append(s.size, size)
		s.offset, s.spread = append(s.offset, offset), append(s.spread, spread)
	}
	s.ranges = newRanges(p, s.offset)
	stride := max(1, len(s.q.x)*p.Objective.Law().Len()/surveyPairs)
	var inside [][]float64
	for i := 0; i < len(s.q.x); i += stride {
		inside = append(inside, s.q.x[i])
	}
	at := momentsAt(p.Objective, inside, workers)
	known := math.Inf(1)
	if p.Curvature != nil && !math.IsNaN(*p.Curvature) {
		known = *p.Curvature
	}
	h := mat.NewSymDense(d, nil)
	var eig mat.EigenSym
	for i := range at {
		norm := 0.0
		for k := range d {
			norm += at[i].Grad[k] * at[i].Grad[k]
			for l := k; l < d; l++ {
				h.SetSym(k, l, at[i].Hess[k][l])
			}
		}
		s.speed = max(s.speed, math.Sqrt(norm))
		if eig.Factorize(h, false) {
			values := eig.Values(nil)
			bend := max(-values[0], values[d-1])
			// What is known counts where the difference is rounding.
			if !(known-values[0] <= noCurvature*bend) {
				s.mu = min(s.mu, values[0])
			}
			s.bend = max(s.bend, bend)
		}
	}
	s.mu = min(s.mu, known)
	// What is known to be positive is, however much more f bends elsewhere.
	if s.mu != known && math.Abs(s.mu) <= noCurvature*s.bend {
		s.mu = 0
	}
	for i, r := range []float64{p.Ball.R, p.R2} {
		s.sphere[i] = grid.Ball{Center: p.Ball.Center, R: r}.Sphere(pointDensity[d])
		s.moments[i] = momentsAt(p.Objective, s.sphere[i], workers)
	}
	return s, nil
}

// rate is the problem's fastest rate, per unit of time: the largest curvature, or one over
// the time in which the fastest path crosses the radius. What is looked at every so often
// is looked at in units of it, so that no result depends on the unit of time.
func (s *survey) rate(R float64) float64 { return max(s.bend, s.speed/R) }

// momentsAt evaluates the moments of the loss at points.
func momentsAt(o objective.Objective, x [][]float64, workers int) []objective.Moments {
	const tasks = 16
	at := make([]objective.Moments, len(x))
	par.Do(workers, tasks, func(task int) {
		ev := o.NewEvaluator()
		lo, hi := par.Split(len(x), tasks, task)
		for i := lo; i < hi; i++ {
			ev.MomentsTo(&at[i], x[i])
		}
	})
	return at
}

// valuesAt evaluates an observable at points.
func valuesAt(o objective.Observable, x [][]float64, workers int) []float64 {
	const tasks = 16
	v := make([]float64, len(x))
	par.Do(workers, tasks, func(task int) {
		f := o.NewFunc()
		lo, hi := par.Split(len(x), tasks, task)
		for i := lo; i < hi; i++ {
			v[i] = f(x[i])
		}
	})
	return v
}

// inward reports that a model's drift does not point outward at the sphere's
// points: |x - center| = R2 for the modified model (Lemma 2) and R for others.
func (s *survey) inward(p *Problem, m kolmogorov.Model, eta float64) bool {
	k := 0
	if m == kolmogorov.Modified {
		k = 1
	}
	return s.inwardSpeed(k, p, m, eta) >= 0
}

// layerFlow returns how the modified model's paths leave the layer between the two spheres.
func (s *survey) layerFlow(p *Problem, eta float64) layerFlow {
	f := layerFlow{speed: min(s.inwardSpeed(0, p, kolmogorov.Modified, eta), s.inwardSpeed(1, p, kolmogorov.Modified, eta))}
	for k := range s.moments {
		for i := range s.moments[k] {
			f.diffusion = max(f.diffusion, eta*traceOf(&s.moments[k][i], len(p.Ball.Center)))
		}
	}
	return f
}

// inwardSpeed is the least inward component of a model's drift at the points of sphere k;
// NaN counts as outward.
func (s *survey) inwardSpeed(k int, p *Problem, m kolmogorov.Model, eta float64) float64 {
	second := m.WeakOrder() == 2
	least := math.Inf(1)
	for i, x := range s.sphere[k] {
		mo := &s.moments[k][i]
		in, r := 0.0, 0.0
		for a := range x {
			b := -mo.Grad[a]
			if second {
				for c := range x {
					b -= eta / 2 * mo.Hess[a][c] * mo.Grad[c]
				}
			}
			in -= b * (x[a] - p.Ball.Center[a])
			r += (x[a] - p.Ball.Center[a]) * (x[a] - p.Ball.Center[a])
		}
		if in /= math.Sqrt(r); !(in >= least) {
			least = in
		}
		if math.IsNaN(least) {
			return math.Inf(-1)
		}
	}
	return least
}

// residuals returns, per observable, by how much the interpolant of its values at
// the nodes of a grid misses it at the points of the ball.
func (s *survey) residuals(g *grid.Grid, width int, phi [][]float64, workers int) []float64 {
	const tasks = 16
	parts := make([][]float64, tasks)
	par.Do(workers, tasks, func(task int) {
		in := grid.NewInterpolator(g, width)
		worst := make([]float64, len(phi))
		lo, hi := par.Split(len(s.q.x), tasks, task)
		for i := lo; i < hi; i++ {
			in.Locate(s.q.x[i])
			for o := range phi {
				worst[o] = max(worst[o], math.Abs(in.Value(phi[o])-s.phi[o][i]))
			}
		}
		parts[task] = worst
	})
	worst := make([]float64, len(phi))
	for _, part := range parts {
		for o := range worst {
			worst[o] = max(worst[o], part[o])
		}
	}
	return worst
}
