package compare

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/process"
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
	// layer is nil unless a diffusion is asked for whose noise ends in a layer.
	layer *layerSurvey
	mu    float64 // least eigenvalue of hess f known or found on the ball, zero if what was found is rounding
	// speed is the largest |grad f| found on the ball, and bend the largest |eigenvalue|
	// of hess f there.
	speed, bend float64
	// The points of the spheres that keep processes, and the fields there: at R, and at the
	// largest radius of a diffusion, over the region and where paths start.
	sphere, outset       [2][][]float64
	fields, outsetFields [2]process.Fields
	ranges               [rangeBalls][]valueRange // of the observables, by ball
	// The points where ranges end, and the fields there; none without ranges.
	ends      [][]float64
	endFields process.Fields
}

// surveyPairs bounds the number of points times samples that are evaluated.
const surveyPairs = 20_000_000

// noCurvature is the least curvature, relative to the largest, that is told from zero.
const noCurvature = 1e-12

// surveyRefine is how much denser than those of the sampled gaps the points are.
var surveyRefine = [grid.MaxDim + 1]int{0, 1, 2, 1}

func newSurvey(p *Problem, workers int) (*survey, error) {
	d := len(p.Ball.Center)
	s := &survey{q: newPoints(p.region(p.Ball.R), surveyRefine[d]*pointDensity[d]), mu: math.Inf(1), loss: newLossSurvey(p, workers)}
	if i := slices.IndexFunc(p.Models, layered); i >= 0 {
		s.layer = newLayerSurvey(p, p.Models[i], workers)
	}
	for _, o := range p.Observables {
		phi, size, spread := valuesAt(o, s.q.x, workers), 0.0, 0.0
		offset := offsetOf(o.NewFunc(), p.Ball.Center)
		for i, x := range s.q.x {
			if phi[i]-phi[i] != 0 {
				return nil, &process.ObservableError{Name: o.Name(), X: x}
			}
			size = max(size, math.Abs(phi[i]))
			phi[i] -= offset
			spread = max(spread, math.Abs(phi[i]))
		}
		s.phi, s.size = append(s.phi, phi), append(s.size, size)
		s.offset, s.spread = append(s.offset, offset), append(s.spread, spread)
	}
	s.ranges = newRanges(p, s.offset)
	stride := max(1, len(s.q.x)*p.Dynamics.Law().Images/surveyPairs)
	var inside [][]float64
	for i := 0; i < len(s.q.x); i += stride {
		inside = append(inside, s.q.x[i])
	}
	at := p.Dynamics.At(inside, workers)
	known := math.Inf(1)
	if p.Curvature != nil && !math.IsNaN(*p.Curvature) {
		known = *p.Curvature
	}
	h := mat.NewSymDense(d, nil)
	var eig mat.EigenSym
	flow, jacobian := make([]float64, d), make([]float64, d*d)
	for i := range at.Len() {
		at.FlowTo(flow, jacobian, i)
		norm := 0.0
		for k := range d {
			norm += flow[k] * flow[k]
			for l := k; l < d; l++ {
				h.SetSym(k, l, -(jacobian[k*d+l]/2 + jacobian[l*d+k]/2))
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
	if c, ok := p.Dynamics.(process.Contracting); ok {
		s.mu = c.Contraction()
	}
	// What is known to be positive is, however much more f bends elsewhere.
	if s.mu != known && math.Abs(s.mu) <= noCurvature*s.bend {
		s.mu = 0
	}
	if p.transient() {
		s.mu = 0 // nothing is closed
	}
	s.findEnds(p, workers)
	for i, r := range []float64{p.Ball.R, p.outer()} {
		s.sphere[i] = p.region(r).Sphere(pointDensity[d])
		s.fields[i] = p.Dynamics.At(s.sphere[i], workers)
		if s.outset[i], s.outsetFields[i] = s.sphere[i], s.fields[i]; p.transient() {
			s.outset[i] = p.Ball.With(r).Sphere(pointDensity[d])
			s.outsetFields[i] = p.Dynamics.At(s.outset[i], workers)
		}
	}
	return s, nil
}

// rate is the problem's fastest rate, per unit of time: the largest curvature, or one over
// the time in which the fastest path crosses the radius. What is looked at every so often
// is looked at in units of it, so that no result depends on the unit of time.
func (s *survey) rate(R float64) float64 { return max(s.bend, s.speed/R) }

// valuesAt evaluates an observable at points.
func valuesAt(o process.Observable, x [][]float64, workers int) []float64 {
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

// inward reports that a model's drift does not point outward at the points of the
// sphere that should keep it: that of its own radius (Lemma 2), or of the ball's. Nor may it
// point out of a range.
func (s *survey) inward(p *Problem, m *process.Diffusion, eta float64) bool {
	k := 0
	if m.Radius > 0 {
		k = 1
	}
	return inwardSpeed(p, m, eta, s.sphere[k], s.fields[k]) >= 0 && s.keepsRanges(p, m, eta)
}

// layerFlow returns how the paths of the layer's diffusion leave it, between the two spheres.
func (s *survey) layerFlow(p *Problem, eta float64) layerFlow {
	f := layerFlow{speed: math.Inf(1)}
	for k, at := range s.outsetFields {
		f.speed = min(f.speed, inwardSpeed(p, s.layer.of, eta, s.outset[k], at))
		for i := range at.Len() {
			f.diffusion = max(f.diffusion, eta*at.Noise(i))
		}
	}
	return f
}

// inwardSpeed is the least inward component of a model's drift at the points of a sphere;
// NaN counts as outward.
func inwardSpeed(p *Problem, m *process.Diffusion, eta float64, sphere [][]float64, at process.Fields) float64 {
	least := math.Inf(1)
	c := m.Coefficients(at, eta)
	for i, x := range sphere {
		in, r := 0.0, 0.0
		for a := range x {
			if p.Ball.Range(a) != nil {
				continue
			}
			in -= c.B[a][i] * (x[a] - p.Ball.Center[a])
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
