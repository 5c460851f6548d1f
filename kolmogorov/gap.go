package kolmogorov

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
)

// SpectralGap is the rate -Re lambda of the slowest decay and what is known of its
// error.
type SpectralGap struct {
	Value   float64
	Algebra float64 // as an eigenvalue of the matrix
	Grid    float64 // from the other grid, NaN without one
}

// Error returns the sum of the errors; that of the grid is left out where it is not
// known.
func (g SpectralGap) Error() float64 {
	if math.IsNaN(g.Grid) {
		return g.Algebra
	}
	return g.Algebra + g.Grid
}

// ErrNoGap reports a spectrum that has no gap: an eigenvalue with a positive real
// part, none that is zero, or no other.
var ErrNoGap = errors.New("kolmogorov: no spectral gap")

// noise is the share of the largest eigenvalue in hand below which a number is zero,
// whatever its error estimate.
const noise = 1e-9

// Gap returns -Re of the first eigenvalue after zero, which is one of L since
// L 1 = 0. Where zero is an eigenvalue twice, as with two attractors and no noise,
// the gap is zero to its error. The error wraps ErrNoGap.
func (s *Spectrum) Gap() (SpectralGap, error) {
	if len(s.Values) < 2 {
		return SpectralGap{}, fmt.Errorf("%w: want at least two eigenvalues, got %d", ErrNoGap, len(s.Values))
	}
	zero, largest := 0, 0.0
	for i, e := range s.Values {
		largest = max(largest, cmplx.Abs(e.Value))
		if cmplx.Abs(e.Value) < cmplx.Abs(s.Values[zero].Value) {
			zero = i
		}
	}
	tolerance := func(e Eigenvalue) float64 { return max(noise*largest, 10*e.Algebra) }
	if e := s.Values[zero]; cmplx.Abs(e.Value) > tolerance(e) {
		return SpectralGap{}, fmt.Errorf("%w: the eigenvalue nearest to zero is %.4g", ErrNoGap, e.Value)
	}
	if e := s.Values[0]; real(e.Value) > tolerance(e) {
		return SpectralGap{}, fmt.Errorf("%w: the eigenvalue %.4g has a positive real part; use fewer nodes, a wider box or a lower order", ErrNoGap, e.Value)
	}
	first := 0
	if zero == 0 {
		first = 1
	}
	e := s.Values[first]
	return SpectralGap{Value: -real(e.Value), Algebra: e.Algebra, Grid: e.Grid}, nil
}

// Against returns the spectrum with the errors of the grid: for every eigenvalue the
// distance to the nearest of the other grid's, each taken once, the closest pairs
// first; NaN for those that are left over. Of two grids the error is as a rule that
// of the coarser one, so that s should be the finer one's.
func (s *Spectrum) Against(coarse *Spectrum) *Spectrum {
	t := *s
	t.Values = append([]Eigenvalue(nil), s.Values...)
	for i := range t.Values {
		t.Values[i].Grid = math.NaN()
	}
	taken := make([]bool, len(coarse.Values))
	for range min(len(t.Values), len(coarse.Values)) {
		best, at, with := math.Inf(1), -1, -1
		for i := range t.Values {
			if !math.IsNaN(t.Values[i].Grid) {
				continue
			}
			for j := range coarse.Values {
				if d := cmplx.Abs(t.Values[i].Value - coarse.Values[j].Value); !taken[j] && d < best {
					best, at, with = d, i, j
				}
			}
		}
		if at < 0 {
			break
		}
		t.Values[at].Grid, taken[with] = best, true
	}
	return &t
}
