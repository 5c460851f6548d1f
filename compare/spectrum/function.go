package spectrum

import (
	"fmt"
	"math"
	"math/cmplx"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/unit"
	"kolmo/grid"
)

// Points per axis of eigenfunctions, by dimension; none in space.
var functionPoints = [grid.MaxDim + 1]int{0, 201, 41, 0}

const (
	// functionError is the largest error of an eigenfunction whose supremum is 1.
	functionError = 0.05
	// functionLarge is the share of the supremum from which the last of the values is positive: mirror images
	// are as large but for rounding.
	functionLarge = 0.87
)

// functions returns the eigenfunctions of certified rates on the points of a picture.
func (s *Kind) functions(rows []unit.JSON[compare.SpectrumRow], c *climbed) []unit.JSON[compare.Eigenfunction] {
	var out []unit.JSON[compare.Eigenfunction]
	axes := functionAxes(s.Problem)
	for k, r := range rows {
		if axes == nil || !r.V.Certified || k >= len(c.found) {
			continue
		}
		e := c.function(s.Problem, k, axes)
		e.Model, e.Eta, e.EtaText, e.K = r.V.Model, r.V.Eta, r.V.EtaText, r.V.K
		out = append(out, unit.JSON[compare.Eigenfunction]{V: e})
	}
	return out
}

// functionAxes are the points along the axes; nil where there are none, or where users know the
// plane by other coordinates.
func functionAxes(p *compare.Problem) [][]float64 {
	b := p.Ball
	n := functionPoints[len(b.Center)]
	if n == 0 {
		return nil
	}
	axes := make([][]float64, len(b.Center))
	for k, m := range b.Center {
		for i := range n {
			axes[k] = append(axes[k], m+b.R*float64(2*i-(n-1))/float64(n-1))
		}
	}
	if len(axes) == 2 {
		for _, i := range []int{0, n / 3} {
			q := []float64{axes[0][i], axes[1][n-1]}
			if x := p.ToUser(q); float64(x[0]) != q[0] || float64(x[1]) != q[1] {
				return nil
			}
		}
	}
	return axes
}

// function is the eigenfunction of the k-th mode.
func (c *climbed) function(p *compare.Problem, k int, axes [][]float64) compare.Eigenfunction {
	ball, f := p.Ball, c.found[k]
	inside := func(i int) bool {
		return len(axes) == 1 || ball.Contains([]float64{axes[0][i%len(axes[0])], axes[1][i/len(axes[0])]})
	}
	var values []complex128 // on the finest grid
	off := 0.0
	for g, sp := range c.grids {
		v := sp.at(f.At[g], axes)
		if g == 0 {
			values = v
			scale(values, inside)
			continue
		}
		off = max(off, gridSafety*distance(values, v, inside))
	}
	for _, sp := range c.rich {
		off += fit.OrderSafety * sp.off(f.Rate, values, axes, inside)
	}
	if c.moved != nil {
		off += c.endsShare(k) * c.moved.off(f.Rate, values, axes, inside)
	}
	e := compare.Eigenfunction{Center: ball.Center, R: ball.R, Error: compare.Number(off)}
	if !(off <= functionError) {
		e.Reason = fmt.Sprintf("the grids' eigenfunctions are not alike to %g of their supremum, as those of a multiple rate need not be", functionError)
		return e
	}
	if len(axes) == 1 {
		for _, x := range axes[0] {
			e.X1 = append(e.X1, p.ToUser([]float64{x})[0])
		}
	} else {
		for _, x := range axes[0] {
			e.X1 = append(e.X1, compare.Number(x))
		}
		for _, x := range axes[1] {
			e.X2 = append(e.X2, compare.Number(x))
		}
	}
	turns := imag(f.Rate) != 0
	for i, v := range values {
		if !inside(i) {
			e.Outside = append(e.Outside, i)
		}
		e.Real = append(e.Real, compare.Number(real(v)))
		if turns {
			e.Imag = append(e.Imag, compare.Number(imag(v)))
		}
	}
	return e
}

// off is how far the mode nearest to a rate is from an eigenfunction; NaN if it is none of the same mode.
func (s *Spectrum) off(rate complex128, values []complex128, axes [][]float64, inside func(i int) bool) float64 {
	k, ok := s.nearest(rate)
	if !ok {
		return math.NaN()
	}
	return distance(values, s.at(k, axes), inside)
}

// at returns a mode at points.
func (s *Spectrum) at(mode int, axes [][]float64) []complex128 {
	t := grid.NewTransfer(s.Grid, axes, s.Width)
	vector := s.Modes[mode].Vector
	part, out := make([]float64, len(vector)), make([]float64, t.Len())
	values := make([]complex128, t.Len())
	for i, v := range vector {
		part[i] = real(v)
	}
	t.ApplyTo(out, part)
	for i, v := range out {
		values[i] = complex(v, 0)
	}
	for i, v := range vector {
		part[i] = imag(v)
	}
	t.ApplyTo(out, part)
	for i, v := range out {
		values[i] += complex(0, v)
	}
	return values
}

// scale gives a field the supremum 1 over the points inside, and makes the last of its large values positive.
func scale(values []complex128, inside func(i int) bool) {
	most := 0.0
	for i, v := range values {
		if inside(i) {
			most = max(most, cmplx.Abs(v))
		}
	}
	for i := len(values) - 1; i >= 0; i-- {
		if v := values[i]; inside(i) && cmplx.Abs(v) >= functionLarge*most {
			by := v / complex(cmplx.Abs(v)/most, 0)
			for j := range values {
				values[j] /= by
			}
			return
		}
	}
}

// distance returns the largest distance of a field from a multiple of another, the one nearest
// to it in the mean.
func distance(a, b []complex128, inside func(i int) bool) float64 {
	var along, size complex128
	for i := range a {
		if inside(i) {
			along += a[i] * cmplx.Conj(b[i])
			size += b[i] * cmplx.Conj(b[i])
		}
	}
	most := 0.0
	for i := range a {
		if inside(i) {
			most = max(most, cmplx.Abs(a[i]-along/size*b[i]))
		}
	}
	return most
}
