package given

import (
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// Tapered is a dynamics beside whose noise, which ends beyond the region, that of given diffusions ends too: the columns of
// their roots times the same cutoff. What that does is an error; see process.Tapered.
type Tapered struct{ endable }

// endable is a dynamics with given diffusions whose noise acts up to the faces of the box, and may end as in Tapered.
type endable struct{ *Dynamics }

var (
	_ process.Tapered = Tapered{}
	_ process.Endable = endable{}
)

// Endable implements process.Endable.
func (endable) Endable() {}

// Beside returns the dynamics of New, Tapered if the base is, and process.Endable if it is.
func Beside(base Base, region grid.Ball, etas []float64, models ...*Model) process.Dynamics {
	return New(base, region, etas, models...).ended()
}

// ended returns the dynamics with what its base says of ends.
func (d *Dynamics) ended() process.Dynamics {
	if _, ok := d.Base.(process.Endable); !ok {
		return d
	}
	if d.taper != nil {
		return Tapered{endable{d}}
	}
	return endable{d}
}

// endTo multiplies a at the points of the fields by the square of the cutoff. Parts are without it, as those of the base are: it is 1 in the
// region, and hides nothing there.
func (f *fields) endTo(c *kolmogorov.Coefficients) *kolmogorov.Coefficients {
	if f.d.taper == nil {
		return c
	}
	x := make([]float64, len(f.d.region.Center))
	for i := range f.Len() {
		f.PointTo(x, i)
		left := f.d.taper.At(x)
		for k := range c.A {
			for _, a := range c.A[k] {
				if a != nil {
					a[i] *= left * left
				}
			}
		}
	}
	return c
}

// Ends implements process.Tapered.
func (d Tapered) Ends() [2]float64 { return [2]float64{d.taper.Ball.R, d.taper.R2} }

// Moved implements process.Tapered.
func (d Tapered) Moved() process.Dynamics {
	return Beside(d.Base.(process.Tapered).Moved().(Base), d.region, d.etas, d.models...)
}

// Reach implements process.Tapered.
func (d Tapered) Reach() float64 { return d.Base.(process.Tapered).Reach() }

// Refine implements process.Dynamics.
func (d endable) Refine() (process.Dynamics, bool) {
	fine, ok := d.Dynamics.Refine()
	if !ok {
		return nil, false
	}
	return fine.(*Dynamics).ended(), true
}

// Thinned implements process.Dynamics.
func (d endable) Thinned(n int, phi []process.Observable) (process.Dynamics, []process.Observable, bool) {
	few, seen, ok := d.Dynamics.Thinned(n, phi)
	if !ok {
		return nil, nil, false
	}
	return few.(*Dynamics).ended(), seen, true
}
