package spectrum

import (
	"math"
	"math/cmplx"
	"slices"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/process"
)

// functionPoints are the points per axis of eigenfunctions, by dimension.
var functionPoints = [grid.MaxDim + 1]int{0, 201, 41, 17}

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
	on := newPicture(s.Problem)
	for k, r := range rows {
		if !r.V.Certified {
			continue
		}
		var e compare.Eigenfunction
		if k < len(c.found) {
			e = c.function(k, on)
		} else {
			e.Error, e.Reason = compare.Number(math.NaN()), "the rate is zero, as that of all functions is that are constant on each interval which the chain cannot leave"
		}
		e.Model, e.Eta, e.EtaText, e.K = r.V.Model, r.V.Eta, r.V.EtaText, r.V.K
		out = append(out, unit.JSON[compare.Eigenfunction]{V: e})
	}
	return out
}

// picture is where eigenfunctions are told: evenly spaced points of the box around the ball, in the users' coordinates.
// Those that have a range of their own are in the middle of where they start.
type picture struct {
	names  []string
	ball   *grid.Ellipsoid // in these
	axes   [][]float64
	at     [][]float64 // the points in the dynamics' coordinates; nil outside the ball where these are others
	inside []bool
}

// newPicture returns the points of a problem.
func newPicture(p *compare.Problem) *picture {
	state, of := p.Dynamics.State(), &picture{ball: &grid.Ellipsoid{R: p.Ball.R}}
	var round []int // coordinates of the ball
	for k, c := range p.Ball.Center {
		if p.Ball.Range(k) == nil {
			round = append(round, k)
			of.names, of.ball.Center = append(of.names, state.Names[k]), append(of.ball.Center, c)
		}
	}
	_, fromUser := process.BesideAxes(p.Dynamics)
	if state.Users != nil {
		of.names, of.ball = state.Users.Names, state.Users.Ball
	}
	d := len(of.ball.Center)
	of.axes = of.ball.Box(functionPoints[d])
	x, y := make([]float64, d), make([]float64, d)
	for n := range product(of.axes) {
		for k, line := range of.axes {
			x[k] = line[n%len(line)]
			n /= len(line)
		}
		in, at := of.ball.Contains(x), slices.Clone(p.Ball.Center)
		copy(y, x)
		if fromUser != nil && in {
			fromUser(y, x)
		}
		for i, k := range round {
			at[k] = y[i]
		}
		if fromUser != nil && !in {
			at = nil
		}
		of.at, of.inside = append(of.at, at), append(of.inside, in)
	}
	return of
}

// product returns the number of points of a tensor product.
func product(axes [][]float64) int {
	n := 1
	for _, line := range axes {
		n *= len(line)
	}
	return n
}

// function is the eigenfunction of the k-th mode.
func (c *climbed) function(k int, on *picture) compare.Eigenfunction {
	f, from := c.found[k], c.from[k]
	var values []complex128 // on the finest grid
	off := 0.0
	for g, sp := range from.grids {
		v := sp.at(f.At[g], on)
		if g == 0 {
			values = v
			scale(values, on)
			continue
		}
		off = max(off, gridSafety*distance(values, v, on))
	}
	for _, sp := range from.rich {
		off += fit.OrderSafety * sp.off(f.Rate, values, on)
	}
	if from.moved != nil {
		off += c.endsShare(k) * from.moved.off(f.Rate, values, on)
	}
	e := compare.Eigenfunction{Within: compare.Within{Names: on.names, Center: on.ball.Center, R: on.ball.R, Metric: on.ball.Metric}, Error: compare.Number(off)}
	if !(off <= functionError) {
		e.Reason = compare.Say("the grids' eigenfunctions are not alike to %g of their supremum, as those of a multiple rate need not be", functionError)
		return e
	}
	for k, to := range []*[]compare.Number{&e.X1, &e.X2, &e.X3}[:len(on.axes)] {
		for _, x := range on.axes[k] {
			*to = append(*to, compare.Number(x))
		}
	}
	turns := imag(f.Rate) != 0
	for i, v := range values {
		if !on.inside[i] {
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
func (s *Spectrum) off(rate complex128, values []complex128, on *picture) float64 {
	k, ok := s.nearest(rate)
	if !ok {
		return math.NaN()
	}
	return distance(values, s.at(k, on), on)
}

// at returns a mode at the points of a picture.
func (s *Spectrum) at(mode int, on *picture) []complex128 {
	in := grid.NewInterpolator(s.Grid, s.Width)
	vector := s.Modes[mode].Vector
	re, im := make([]float64, len(vector)), make([]float64, len(vector))
	for i, v := range vector {
		re[i], im[i] = real(v), imag(v)
	}
	values := make([]complex128, len(on.at))
	for i, x := range on.at {
		if x == nil {
			values[i] = complex(math.NaN(), math.NaN())
			continue
		}
		in.Locate(x)
		values[i] = complex(in.Value(re), in.Value(im))
	}
	return values
}

// scale gives a field the supremum 1 over the points inside, and makes the last of its large values positive.
func scale(values []complex128, on *picture) {
	most := 0.0
	for i, v := range values {
		if on.inside[i] {
			most = max(most, cmplx.Abs(v))
		}
	}
	for i := len(values) - 1; i >= 0; i-- {
		if v := values[i]; on.inside[i] && cmplx.Abs(v) >= functionLarge*most {
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
func distance(a, b []complex128, on *picture) float64 {
	var along, size complex128
	for i := range a {
		if on.inside[i] {
			along += a[i] * cmplx.Conj(b[i])
			size += b[i] * cmplx.Conj(b[i])
		}
	}
	most := 0.0
	for i := range a {
		if on.inside[i] {
			most = max(most, cmplx.Abs(a[i]-along/size*b[i]))
		}
	}
	return most
}
