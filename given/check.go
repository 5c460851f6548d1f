package given

import (
	"fmt"
	"math"
	"strings"

	"kolmo/derived"
	"kolmo/grid"
	"kolmo/internal/jacobi"
	"kolmo/kolmogorov"
)

// Error reports that a given model is no diffusion of the region.
type Error struct {
	Model string
	// Entry is "drift" or "diffusion".
	Entry string
	Msg   string // with the point and eta
	// nonFinite reports a value that is not finite.
	nonFinite bool
}

func (e *Error) Error() string { return fmt.Sprintf("the %s of %s %s", e.Entry, e.Model, e.Msg) }

// NonFinite reports that a value is not finite; see process.NonFinite.
func (e *Error) NonFinite() bool { return e.nonFinite }

const (
	// negativeRounding is the eigenvalue of a diffusion, over the largest trace, that is
	// rounding.
	negativeRounding = 1e-12
	// outwardRounding is the outward drift, over the largest drift, that is rounding.
	outwardRounding = 1e-12
)

// Checked is a dynamics with given models.
type Checked interface{ Check(workers int) error }

// Check reports whether the given models are diffusions of the region at every learning
// rate: finite coefficients and a diffusion that is positive semidefinite at the points of a
// dense grid on its box, and a drift that does not point out of its sphere. The error is
// an *Error.
func (d *Dynamics) Check(workers int) error {
	most := checkPoints
	if n := d.Objective().Law().Len(); n > 0 {
		most = max(most/64, min(most, checkProducts/n))
	}
	axes := make([]int, len(d.region.Center))
	for k := range axes {
		axes[k] = max(9, int(math.Pow(float64(most), 1/float64(len(axes))))) | 1 // with the centre
	}
	g, err := d.region.With(d.far()).Box(grid.KindChebyshev, axes)
	if err != nil {
		return fmt.Errorf("given: %w", err)
	}
	x := make([][]float64, g.Len())
	for i := range x {
		x[i] = make([]float64, g.Dim())
		g.PointTo(x[i], i)
	}
	if err := d.At(x, workers).(*fields).check(); err != nil {
		return err
	}
	if err := d.At(d.sphere(), workers).(*fields).inward(); err != nil || d.chart == nil && d.taper == nil {
		return err
	}
	return d.At(d.faces(), workers).(*fields).boxed()
}

// Sizes of Check: points of the box, the same times the samples of the law, and points of
// the sphere.
const (
	checkPoints   = 4096
	checkProducts = 8_000_000
	spherePoints  = 256
)

// rangedDensity is R over the spacing of points on the sphere where coordinates have ranges.
const rangedDensity = 16

// sphere returns points of the region's sphere: spiralling where it is two-dimensional.
func (d *Dynamics) sphere() [][]float64 {
	if d.region.Ranges != nil {
		return d.region.Sphere(rangedDensity)
	}
	center, r := d.region.Center, d.region.R
	var x [][]float64
	for i := range spherePoints {
		z, turn := 1-(2*float64(i)+1)/spherePoints, math.Pi*(3-math.Sqrt(5))*float64(i)
		u := []float64{math.Sqrt(1-z*z) * math.Cos(turn), math.Sqrt(1-z*z) * math.Sin(turn), z}
		switch len(center) {
		case 1:
			u = []float64{math.Copysign(1, z)}
		case 2:
			s, c := math.Sincos(2 * math.Pi * float64(i) / spherePoints)
			u = []float64{c, s}
		}
		p := make([]float64, len(center))
		for k := range p {
			p[k] = center[k] + r*u[k]
		}
		x = append(x, p)
	}
	return x
}

// each calls visit with the coefficients of every given model at every learning rate,
// until there is an error.
func (f *fields) each(visit func(m *Model, eta float64, c *kolmogorov.Coefficients) error) error {
	for _, m := range f.d.models {
		for _, eta := range f.d.etas {
			if err := visit(m, eta, m.coefficients(f, eta)); err != nil {
				return err
			}
		}
	}
	return nil
}

// check looks for a coefficient that is not finite and for a diffusion that is not
// positive semidefinite, at the points in the region's box.
func (f *fields) check() error {
	return f.each(func(m *Model, eta float64, c *kolmogorov.Coefficients) error {
		d := len(m.Parameters)
		x := make([]float64, d)
		trace := 0.0
		for k := range d {
			for _, v := range c.A[k][k] {
				trace = max(trace, float64(d)*math.Abs(v))
			}
		}
		least, worst := -negativeRounding*trace, make([]float64, 0, d)
		for i := range f.Len() {
			if f.PointTo(x, i); !f.d.inBox(x) {
				continue
			}
			var a [3][3]float64
			for k := range d {
				if v := c.B[k][i]; v-v != 0 {
					return &Error{m.Name, "drift", "is not finite at " + f.d.place(m, x, eta), true}
				}
				for l := k; l < d && c.A[k][l] != nil; l++ {
					v := c.A[k][l][i]
					if v-v != 0 {
						return &Error{m.Name, "diffusion", "is not finite at " + f.d.place(m, x, eta), true}
					}
					if (f.d.region.Range(k) != nil || f.d.region.Range(l) != nil) && v != 0 && !derived.ToRanges(f.d.chart) {
						return &Error{m.Name, "diffusion", "moves a coordinate with a range at random at " + f.d.place(m, x, eta) + ", which is possible only where no noise ends beyond the ball", false}
					}
					a[k][l], a[l][k] = v, v
				}
			}
			if values, _ := jacobi.Eigen(a, d); values[0] < least {
				least, worst = values[0], append(worst[:0], x...)
			}
		}
		if len(worst) == 0 {
			return nil
		}
		w := (&root{f.d, m, eta}).rooter() // its a is the users', and ends nowhere
		w.at(worst)
		values, _ := jacobi.Eigen(w.a, d)
		return &Error{m.Name, "diffusion", fmt.Sprintf("has the negative eigenvalue %.4g at %s", values[0]/w.pace(), f.d.place(m, worst, eta)), false}
	})
}

// far is the half-width of the box in which coefficients are used: around the region, or where noise ends.
func (d *Dynamics) far() float64 {
	switch {
	case d.chart != nil:
		return d.chart.NoiseRadius()
	case d.taper != nil:
		return d.taper.R2
	}
	return d.region.R
}

// inBox reports that x is in that box.
func (d *Dynamics) inBox(x []float64) bool {
	far := d.far()
	for k, c := range d.region.Center {
		if d.region.Range(k) == nil && math.Abs(x[k]-c) > far*(1+1e-9) {
			return false
		}
	}
	return true // ranges are whole
}

// inward looks for a drift that points out of the sphere on which the points lie.
func (f *fields) inward() error {
	return f.each(func(m *Model, eta float64, c *kolmogorov.Coefficients) error {
		center, r := f.d.region.Center, f.d.region.R
		x := make([]float64, len(center))
		most := 0.0
		for k := range x {
			for _, v := range c.B[k] {
				most = max(most, math.Abs(v))
			}
		}
		for i := range f.Len() {
			f.PointTo(x, i)
			out := 0.0
			for k := range x {
				if f.d.region.Range(k) == nil {
					out += c.B[k][i] * (x[k] - center[k]) / r
				}
			}
			if !(out <= outwardRounding*most) {
				return &Error{m.Name, "drift", fmt.Sprintf("leads out of the ball at %s, with the speed %.4g", f.d.place(m, x, eta), out), false}
			}
		}
		return nil
	})
}

// place writes a point and eta for people.
func (d *Dynamics) place(m *Model, x []float64, eta float64) string {
	if d.chart != nil {
		z := make([]float64, len(x))
		d.chart.ToUser(z, x)
		x = z
	}
	text := make([]string, len(x))
	for k, v := range x {
		text[k] = fmt.Sprintf("%s = %.4g", m.Parameters[k], v)
	}
	return fmt.Sprintf("%s, eta = %.6g", strings.Join(text, ", "), eta)
}

// faceNodes is the number of points along each edge of a face at which boxed looks.
const faceNodes = 17

// faces returns points on the faces of the box in which noise ends. Those at the ends of ranges are in the region.
func (d *Dynamics) faces() [][]float64 {
	n := len(d.region.Center)
	points := 1
	for range n - 1 {
		points *= faceNodes
	}
	var x [][]float64
	for face := range 2 * n {
		for i := range points {
			rest, q := i, make([]float64, n)
			for l := range q {
				at := float64(2*(face%2) - 1)
				if l != face/2 {
					at = 2*float64(rest%faceNodes)/(faceNodes-1) - 1
					rest /= faceNodes
				}
				lo, hi := d.ends(l, face/2)
				q[l] = lo + (hi-lo)*(1+at)/2
			}
			x = append(x, q)
		}
	}
	return x
}

// ends are those of coordinate l on the faces of coordinate k.
func (d *Dynamics) ends(l, k int) (lo, hi float64) {
	half := d.far()
	switch r := d.region.Range(l); {
	case r != nil:
		return r.Low, r.High
	case d.region.Range(k) != nil:
		half = d.region.R
	}
	return d.region.Center[l] - half, d.region.Center[l] + half
}

// boxed looks for a drift that points out of the faces on which the points lie, by turns.
func (f *fields) boxed() error {
	return f.each(func(m *Model, eta float64, c *kolmogorov.Coefficients) error {
		n, most := len(m.Parameters), [grid.MaxDim]float64{} // of drifts at the ends of ranges
		x := make([]float64, n)
		for k := range n {
			for _, v := range c.B[k] {
				if f.d.region.Range(k) != nil {
					most[k] = max(most[k], math.Abs(v))
				}
			}
		}
		for i := range f.Len() {
			f.PointTo(x, i)
			face := i / (f.Len() / (2 * n))
			k, of := face/2, "box around the ball in which it is computed,"
			if f.d.region.Range(k) != nil {
				of = "range of " + m.Parameters[k]
			}
			if out := c.B[k][i] * float64(2*(face%2)-1); !(out <= outwardRounding*most[k]) {
				return &Error{m.Name, "drift", fmt.Sprintf("leads out of the "+of+" at %s, with the speed %.4g", f.d.place(m, x, eta), out), false}
			}
		}
		return nil
	})
}
