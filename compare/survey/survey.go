package survey

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/compare/look"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/process"
)

// Survey is what a study finds out about its problem before any grid. It holds the least
// curvature of f, the size of the observables and their values at points of the ball, and
// the drift on the spheres that should keep the processes.
type Survey struct {
	Q       *look.Points
	between betweenPoints
	Size    []float64 // sup |phi| over the points
	Offsets
	Loss *lossSurvey
	// layer is nil unless a diffusion is asked for whose noise ends in a layer.
	layer *layerSurvey
	Mu    float64 // least eigenvalue of hess f known or found on the ball, zero if what was found is rounding
	// speed is the largest |grad f| found on the ball, and bend the largest |eigenvalue|
	// of hess f there.
	Speed, Bend float64
	// The points of the spheres that keep processes, and the fields there: at R, and at the
	// largest radius of a diffusion, over the region and where paths start.
	sphere, outset       [2][][]float64
	Fields, outsetFields [2]process.Fields
	Ranges               [rangeBalls][]ValueRange // of the observables, by ball
	rangeEnds
}

// rangeEnds are the points where ranges end, and the fields there; none without ranges.
type rangeEnds struct {
	ends      [][]float64
	endFields process.Fields
}

// surveyPairs bounds the number of points times samples that are evaluated.
const surveyPairs = 20_000_000

// noCurvature is the least curvature, relative to the largest, that is told from zero.
const noCurvature = 1e-12

// surveyRefine is how much denser than those of the sampled gaps the points are.
var surveyRefine = [grid.MaxDim + 1]int{0, 1, 2, 1}

func New(p *compare.Problem, workers int) (*Survey, error) {
	d := len(p.Ball.Center)
	s := &Survey{Q: look.NewPoints(p.Region(p.Ball.R), surveyRefine[d]*look.PointDensity[d]), Mu: math.Inf(1), Loss: newLossSurvey(p, workers)}
	if i := slices.IndexFunc(p.Models, layered); i >= 0 {
		s.layer = newLayerSurvey(p, p.Models[i], workers)
	}
	for _, o := range p.Observables {
		phi, size, spread := valuesAt(o, s.Q.X, workers), 0.0, 0.0
		offset := offsetOf(o.NewFunc(), p.Ball.Center)
		for i, x := range s.Q.X {
			if phi[i]-phi[i] != 0 {
				return nil, &process.ObservableError{Name: o.Name(), X: x}
			}
			size = max(size, math.Abs(phi[i]))
			phi[i] -= offset
			spread = max(spread, math.Abs(phi[i]))
		}
		s.Size = append(s.Size, size)
		s.Offset, s.Spread = append(s.Offset, offset), append(s.Spread, spread)
	}
	s.between = s.newBetweenPoints(p, workers)
	s.Ranges = newRanges(p, s.Offset)
	stride := max(1, len(s.Q.X)*p.Dynamics.Law().Images/surveyPairs)
	var inside [][]float64
	for i := 0; i < len(s.Q.X); i += stride {
		inside = append(inside, s.Q.X[i])
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
		s.Speed = max(s.Speed, math.Sqrt(norm))
		if eig.Factorize(h, false) {
			values := eig.Values(nil)
			bend := max(-values[0], values[d-1])
			// What is known counts where the difference is rounding.
			if !(known-values[0] <= noCurvature*bend) {
				s.Mu = min(s.Mu, values[0])
			}
			s.Bend = max(s.Bend, bend)
		}
	}
	s.Mu = min(s.Mu, known)
	if c, ok := p.Dynamics.(process.Contracting); ok {
		s.Mu = c.Contraction()
	}
	// What is known to be positive is, however much more f bends elsewhere.
	if s.Mu != known && math.Abs(s.Mu) <= noCurvature*s.Bend {
		s.Mu = 0
	}
	if p.Transient() {
		s.Mu = 0 // nothing is closed
	}
	s.findEnds(p, workers)
	for i, r := range []float64{p.Ball.R, p.Outer()} {
		s.sphere[i] = p.Region(r).Sphere(look.PointDensity[d])
		s.Fields[i] = p.Dynamics.At(s.sphere[i], workers)
		if s.outset[i], s.outsetFields[i] = s.sphere[i], s.Fields[i]; p.Transient() {
			s.outset[i] = p.Ball.With(r).Sphere(look.PointDensity[d])
			s.outsetFields[i] = p.Dynamics.At(s.outset[i], workers)
		}
	}
	return s, nil
}

// Rate is the problem's fastest rate, per unit of time: the largest curvature, or one over
// the time in which the fastest path crosses the radius. What is looked at every so often
// is looked at in units of it, so that no result depends on the unit of time.
func (s *Survey) Rate(R float64) float64 { return max(s.Bend, s.Speed/R) }

// valuesAt evaluates an observable at points.
func valuesAt(o process.Observable, x [][]float64, workers int) []float64 {
	v := make([]float64, len(x))
	par.Ranges(workers, len(x), func(lo, hi int) {
		f := o.NewFunc()
		for i := lo; i < hi; i++ {
			v[i] = f(x[i])
		}
	})
	return v
}

// Inward reports that a model's drift does not point outward at the points of the
// sphere that should keep it: that of its own radius (Lemma 2), or of the ball's. Nor may it
// point out of a range.
func (s *Survey) Inward(p *compare.Problem, m *process.Diffusion, eta float64) bool {
	k := 0
	if m.Radius > 0 {
		k = 1
	}
	return inwardSpeed(p, m, eta, s.sphere[k], s.Fields[k]) >= 0 && s.keepsRanges(p, m, eta)
}

// LayerFlow returns how the paths of the layer's diffusion leave it, between the two spheres.
func (s *Survey) LayerFlow(p *compare.Problem, eta float64) layerFlow {
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
func inwardSpeed(p *compare.Problem, m *process.Diffusion, eta float64, sphere [][]float64, at process.Fields) float64 {
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

// Offsets are what observables are less before they are propagated. Since S 1 = 1 and
// L 1 = 0, they pass through unchanged, and so do the gaps; but the derivatives of a constant
// on a grid are rounding errors of its size, which one-sided closures amplify. Whatever is
// shown of U^n and u has them added again.
type Offsets struct {
	Offset []float64 // per observable: phi(center)
	Spread []float64 // sup |phi - offset| over the points of the ball
}

// offsetOf returns the value of an observable at the centre, or zero where it has none.
func offsetOf(phi func(x []float64) float64, center []float64) float64 {
	v := phi(center)
	if v-v != 0 {
		return 0
	}
	return v
}

// Whole returns a copy of a field of an observable with its offset.
func (f *Offsets) Whole(u []float64, o int) []float64 {
	w := make([]float64, len(u))
	for i, v := range u {
		w[i] = v + f.Offset[o]
	}
	return w
}

// WholeAll returns copies of a field of each observable with their offsets.
func (f *Offsets) WholeAll(u [][]float64) [][]float64 {
	w := make([][]float64, len(u))
	for o := range u {
		w[o] = f.Whole(u[o], o)
	}
	return w
}
