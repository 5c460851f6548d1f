package given

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"kolmo/grid"
	"kolmo/internal/jacobi"
	"kolmo/objective"
	"kolmo/process"
)

var _ process.Varied = (*Dynamics)(nil)

// errVaried says that a base's first variations are not known.
var errVaried = errors.New("the Jacobians of the images of a step are not known")

// StepVariation implements process.Varied: that of the base.
func (d *Dynamics) StepVariation(eta float64) (process.Variation, error) {
	base, ok := d.Base.(process.Varied)
	if !ok {
		return nil, errVaried
	}
	return base.StepVariation(eta)
}

// RootVariation implements process.Varied: that of the base's diffusions. A given diffusion is known by its a alone, and has
// its symmetric root.
func (d *Dynamics) RootVariation(m *process.Diffusion, eta float64) (process.Root, error) {
	if i := slices.IndexFunc(d.models, func(own *Model) bool { return own.Name == m.Name }); i >= 0 {
		if !d.models[i].noisy() {
			return nil, nil
		}
		r := &root{d, d.models[i], eta}
		return r, r.check()
	}
	base, ok := d.Base.(process.Varied)
	if !ok {
		return nil, errVaried
	}
	return base.RootVariation(m, eta)
}

// root is the drift of a given model and the symmetric root of its a, over the users' coordinates.
type root struct {
	d   *Dynamics
	m   *Model
	eta float64
}

func (r *root) Len() int { return len(r.m.Parameters) }

func (r *root) String() string { return "the symmetric root of a" }

func (r *root) NewRooter() process.Rooter { return r.rooter() }

func (r *root) rooter() *rooter {
	o := r.d.Objective()
	return &rooter{root: r, formulas: newEvaluator(r.m, o), loss: o.NewEvaluator(), z: make([]float64, r.Len())}
}

// Where a is looked at for the smoothness of its root.
const (
	rootShells  = 8
	rootDensity = 4
	// rootLeast is the least eigenvalue of a, over the largest entries of its axes, of which there is a smooth root.
	rootLeast = 1e-9
)

// check reports an a whose symmetric root is not smooth in the region: of the coordinates that have noise somewhere it must be
// positive definite.
func (r *root) check() error {
	points := [][]float64{r.d.region.Center}
	for i := range rootShells {
		points = append(points, r.d.region.With(r.d.region.R*float64(i+1)/rootShells).Sphere(rootDensity)...)
	}
	w, n := r.rooter(), r.Len()
	all := make([][grid.MaxDim][grid.MaxDim]float64, len(points))
	size := make([]float64, n) // of the noise along each coordinate
	for i, q := range points {
		w.at(q)
		all[i] = w.a
		for k := range n {
			size[k] = max(size[k], w.a[k][k])
		}
	}
	for i, a := range all {
		for k := range n {
			for l := range n {
				if size[k] > 0 && size[l] > 0 {
					a[k][l] /= math.Sqrt(size[k] * size[l])
				} else if k == l {
					a[k][k] = 1 // there is none
				}
			}
		}
		if values, _ := jacobi.Eigen(a, n); !(values[0] > rootLeast) {
			at, eigen := r.d.place(r.m, points[i], r.eta), math.Max(0, values[0])
			return fmt.Errorf("first variations depend on the root of a, and that of %s is not smooth: a over its largest entries has the eigenvalue %.3g at %s (models.%s.diffusion)", r.m.Name, eigen, at, r.m.Name)
		}
	}
	return nil
}

type rooter struct {
	*root
	formulas *evaluator
	loss     objective.Evaluator
	moments  objective.Moments
	z        []float64
	b        [grid.MaxDim]float64
	a        [grid.MaxDim][grid.MaxDim]float64
}

// at finds drift and a, over the time of the grid.
func (w *rooter) at(q []float64) {
	copy(w.z, q)
	if c := w.d.chart; c != nil {
		c.ToUser(w.z, q)
	}
	w.loss.MomentsTo(&w.moments, w.z[:w.d.Objective().Dim()])
	w.formulas.to(&w.b, &w.a, w.z, w.eta, &w.moments, w.m.loss())
	pace := w.pace()
	for k := range w.a {
		w.b[k] *= pace
		for l := k; l < len(w.a); l++ {
			w.a[k][l] *= pace
			w.a[l][k] = w.a[k][l]
		}
	}
}

// pace is the users' time over the grid's.
func (w *rooter) pace() float64 {
	if w.d.chart == nil {
		return 1
	}
	return w.d.chart.Pace()
}

func (w *rooter) ColumnsTo(drift, columns, q []float64) (end float64) {
	w.at(q)
	n := w.Len()
	copy(drift, w.b[:n])
	jacobi.RootTo(columns, w.a, n)
	switch {
	case w.d.chart != nil:
		return w.d.chart.NoiseLeft(q)
	case w.d.taper != nil:
		return w.d.taper.At(q)
	}
	return 1
}
