package derived

import (
	"cmp"
	"errors"
	"fmt"
	"math"

	"kolmo/internal/jacobi"
	"kolmo/process"
)

// Varied is an algorithm whose first variations are known: the Jacobians of its step, and columns of its noise. The
// errors say in a sentence why they are not.
type Varied interface {
	Algorithm
	// Variation returns the images of a state under the step at eta, with their Jacobians.
	Variation(eta float64) (process.Variation, error)
	// Noise returns the columns of the step's noise.
	Noise() (*Noise, error)
}

// Noise are columns c_k and e_k of a step's noise at a state, of orders sqrt(eta) and eta:
//
//	m22 = sum_k c_k c_k^T,   m24 - m12 m12^T = sum_k e_k e_k^T.
//
// Moments of other orders may add to the second.
type Noise struct {
	Limit, First         int    // how many c_k and e_k there are
	LimitName, FirstName string // what they are, in a line
	// New returns a function that stores them at z, entry i of column k at k D + i. One goroutine may call it
	// at a time.
	New func() func(limit, first, z []float64)
}

// errVaried says that an algorithm is not Varied.
var errVaried = errors.New("the Jacobians of the images of a step are not known")

// StepVariation implements process.Varied.
func (d *Dynamics) StepVariation(eta float64) (process.Variation, error) {
	alg, ok := d.alg.(Varied)
	if !ok {
		return nil, errVaried
	}
	of, err := alg.Variation(eta)
	if err != nil {
		return nil, err
	}
	return &stepVariation{of, d.chart}, nil
}

// stepVariation is a step in a chart, with Jacobians of states.
type stepVariation struct {
	process.Variation
	chart *Chart
}

func (v *stepVariation) NewVariator() process.Variator {
	return &stepVariator{v.Variation.NewVariator(), v.chart, make([]float64, v.chart.d)}
}

type stepVariator struct {
	of    process.Variator
	chart *Chart
	z     []float64
}

func (w *stepVariator) ImagesTo(weights, images, jacobians, q []float64) {
	w.chart.toState(w.z, q)
	w.of.ImagesTo(weights, images, jacobians, w.z)
	for i := 0; i < len(images); i += w.chart.d {
		w.chart.toChart(images[i:], images[i:i+w.chart.d])
	}
}

// RootVariation implements process.Varied. Where the noise of order sqrt(eta) has corrections of order eta, a column for
// each coordinate is of the symmetric root of that part of a.
func (d *Dynamics) RootVariation(m *process.Diffusion, eta float64) (process.Root, error) {
	if m.Noise == process.NoNoise {
		return nil, nil
	}
	r := &root{chart: d.chart, moments: d.alg.NewMoments, eta: eta, tapered: m.Tapered}
	if m.Noise == process.NoiseEndsIn {
		cut := cutoff(d.ends)
		r.cut = &cut
	}
	switch m.Name {
	case ConstantNoise:
		r.order = 1
		return r, nil
	case SecondConstantNoise:
		r.order = 2
		return r, nil
	case FirstOrder:
		r.order = 1
	case SecondOrder, Modified:
		r.order = 2
	}
	alg, ok := d.alg.(Varied)
	if !ok {
		return nil, errVaried
	}
	n, err := alg.Noise()
	if err != nil {
		return nil, err
	}
	r.noise, r.limits = n, n.Limit
	if r.order > 0 {
		r.firsts = n.First
	}
	return r, r.complete(m.Name, d.alg.Names())
}

// sameRoot is how far columns may be from a, relatively, to be its root.
const sameRoot = 1e-9

// complete looks in the region whether the columns are a root of a, and replaces those of order sqrt(eta) if
// not. The error is an a that has no smooth root.
func (r *root) complete(model string, names []string) error {
	var off, size, speed, least float64
	w, at := r.rooter(), []float64(nil)
	for i, z := range r.chart.states() {
		w.at(z)
		rest := w.rest()
		values, _ := jacobi.Eigen(rest, r.chart.d)
		if v := values[0]; i == 0 || v < least {
			least, at = v, z
		}
		for k := range r.chart.d {
			size, speed = max(size, w.a[k][k]), max(speed, math.Abs(w.b[k]))
			for l := range r.chart.d {
				for j := range r.noise.Limit {
					rest[k][l] -= w.limit[j*r.chart.d+k] * w.limit[j*r.chart.d+l]
				}
				off = max(off, math.Abs(rest[k][l]))
			}
		}
	}
	if off <= sameRoot*(size+r.eta*speed*speed) { // a is a difference of moments
		return nil
	}
	if !(least > sameRoot*size) {
		return fmt.Errorf("the root of the noise of the %s model is not determined: what samples leave of a is not positive definite at %s = %.4g", model, names, at)
	}
	r.symmetric, r.limits = true, r.chart.d
	return nil
}

// root is the drift of a model and the columns of a root of its a, in states.
type root struct {
	chart     *Chart
	moments   func() func(m *Moments, z []float64)
	eta       float64
	order     int    // of the model, 0: the limit
	noise     *Noise // nil: it does not depend on the state
	limits    int    // columns of order sqrt(eta), and of order eta
	firsts    int
	symmetric bool            // what the columns of order eta leave of a has its symmetric root
	cut       *process.Cutoff // in y; nil: noise ends nowhere
	tapered   bool            // it ends for the computation's sake
}

func (r *root) Len() int {
	if r.noise == nil {
		return 0
	}
	return r.limits + r.firsts
}

func (r *root) String() string {
	if r.noise == nil {
		return ""
	}
	limit, first := r.noise.LimitName, r.noise.FirstName
	switch {
	case r.symmetric:
		return "the symmetric root of what the others leave of a, and " + first
	case r.firsts > 0 && limit != "":
		return limit + ", and " + first
	}
	return cmp.Or(limit, first)
}

func (r *root) NewRooter() process.Rooter { return r.rooter() }

// rooter returns a workspace.
func (r *root) rooter() *rooter {
	w := &rooter{root: r, moments: r.moments(), z: make([]float64, r.chart.d)}
	if r.noise != nil {
		w.columns = r.noise.New()
		w.limit, w.first = make([]float64, r.noise.Limit*r.chart.d), make([]float64, r.noise.First*r.chart.d)
	}
	return w
}

type rooter struct {
	*root
	moments      func(m *Moments, z []float64)
	columns      func(limit, first, z []float64)
	limit, first []float64
	z            []float64
	b            Vector
	a            Matrix
}

// at finds drift, diffusion and columns at a state.
func (w *rooter) at(z []float64) {
	var m Moments
	w.moments(&m, z)
	t := m.terms(w.chart.d, max(w.order, 1))
	for k := range w.chart.d {
		w.b[k] = t.B0[k] + w.eta*t.B1[k]
		for l := range w.chart.d {
			if w.a[k][l] = t.A0[k][l]; w.order > 0 {
				w.a[k][l] += w.eta * t.A1[k][l]
			}
		}
	}
	if w.noise != nil {
		w.columns(w.limit, w.first, z)
	}
}

// rest returns what the columns of order eta leave of a.
func (w *rooter) rest() Matrix {
	rest, d := w.a, w.chart.d
	for j := range w.firsts {
		for k := range d {
			for l := range d {
				rest[k][l] -= w.eta * w.first[j*d+k] * w.first[j*d+l]
			}
		}
	}
	return rest
}

func (w *rooter) ColumnsTo(drift, columns, q []float64) (end float64) {
	w.chart.toState(w.z, q)
	w.at(w.z)
	copy(drift, w.b[:w.chart.d])
	chi := 1.0
	if w.cut != nil {
		chi = w.cut.At([]float64{w.chart.radius(q)})
	}
	if w.noise != nil {
		w.columnsTo(columns)
	}
	if w.tapered {
		return chi
	}
	for i := range columns {
		columns[i] *= chi
	}
	return 1
}

// columnsTo stores the columns that were found last.
func (w *rooter) columnsTo(columns []float64) {
	d := w.chart.d
	if w.symmetric {
		jacobi.RootTo(columns, w.rest(), d) // what is negative is so beyond the region alone
	} else {
		copy(columns, w.limit)
	}
	s := math.Sqrt(w.eta)
	for i, v := range w.first[:w.firsts*d] {
		columns[w.limits*d+i] = s * v
	}
}
