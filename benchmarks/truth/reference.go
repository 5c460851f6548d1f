package main

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// answer is what one row should say, and how well it is known.
type answer struct {
	gap, gapError       float64
	n                   int
	x                   float64
	rho, rhoError       float64 // largest one-step error
	sgd, diffusion      float64 // limits as n grows
	sgdError, diffError float64
	blur                float64 // rounding of the two fields: resolutions may agree better than they know
}

// request is what is asked of a reference.
type request struct {
	model  string
	eta    float64
	rho    bool // the one-step errors too
	limits bool // the limits too
}

// solve returns the answers on the line, refined.
func solve(p *process, phi []observable, q request, want float64) ([]answer, error) {
	return refined(q, want, func(r resolution) ([]answer, error) { return solveAt(p, phi, q, r) })
}

// refined returns the answers of all observables: resolutions rise until two in a row agree to what is wanted,
// relative to the gaps. What they differ by is the answers' error.
func refined(q request, want float64, at func(r resolution) ([]answer, error)) ([]answer, error) {
	var before []answer
	for _, r := range ladder() {
		now, err := at(r)
		switch {
		case errors.Is(err, errOutOfReach), errors.Is(err, errTooLong) && before == nil:
			return nil, err
		case errors.Is(err, errTooLong):
			return before, nil
		case err != nil:
			return nil, err
		}
		done := before != nil
		for k := range now {
			a := &now[k]
			if before == nil {
				a.gapError, a.rhoError = math.Inf(1), math.Inf(1)
				continue
			}
			b := before[k]
			a.gapError = math.Abs(a.gap-b.gap) + 2*settled*a.gap + a.blur
			a.rhoError = math.Abs(a.rho-b.rho) + 2*settled*a.rho + a.blur
			a.sgdError += math.Abs(a.sgd-b.sgd) + rounding*math.Abs(a.sgd)
			a.diffError += math.Abs(a.diffusion-b.diffusion) + rounding*math.Abs(a.diffusion)
			done = done && a.gapError <= want*a.gap && (!q.rho || a.rhoError <= 10*want*a.rho)
		}
		if before = now; done {
			break
		}
	}
	return before, nil
}

// mostWork bounds the multiplications of one march.
const mostWork = 2e11

// settled is how far, relative to its gap, a field may still be from its limit when a march ends.
const settled = 1e-12

// blurred is the rounding of a difference of fields, relative to the observable's range. Of a cubic under a linear
// gradient, on 12 times that of the ball, 1.5e-13 was seen.
const blurred = 4e-13

// steady is the rounding of a limit, relative to the observable's range: 1.2e-15 was seen of a limit that is zero.
const steady = 4e-15

// rounding is what the fields cannot tell from zero, relative to the observable's range.
const rounding = 1e-13

// solveAt returns the answers of one resolution: sup over the ball and over n of |U^n - u(., n eta)|. Steps are
// taken until no later one can exceed the largest gap, or both sides are constant.
func solveAt(p *process, phi []observable, q request, r resolution) ([]answer, error) {
	s := newSGD(p, q.eta, r, phi)
	d, err := newDiffusion(p, q.model, q.eta, r, phi)
	if err != nil {
		return nil, err
	}
	seen := d.axis.matrix(s.axis.x)
	var u, image mat.Dense // u at the points of S, and S u
	u.Mul(seen, d.u)
	var near []int // points of u from where both sides come
	for i, x := range d.axis.x {
		if math.Abs(x-p.center) <= 1.3*p.radius {
			near = append(near, i)
		}
	}
	tracks := make([]track, len(phi))
	for k := range tracks {
		low, high := bounds(d.u, k, near)
		tracks[k].range0 = high - low
	}
	work := float64(r.sgd*r.sgd*2+r.diffusion*r.diffusion+r.sgd*r.diffusion) * float64(len(phi))
	for n := 1; float64(n)*work < mostWork; n++ {
		if q.rho && n > 1 {
			image.Mul(s.step, &u)
		}
		s.advance()
		d.advance()
		u.Mul(seen, d.u)
		if n == 1 {
			image.CloneFrom(s.u) // S phi without an interpolant
		}
		done := true
		for k := range tracks {
			t := &tracks[k]
			t.gap.look(s.axis, n, difference(s.u, &u, k))
			if q.rho {
				t.rho.look(s.axis, n, difference(&image, &u, k))
			}
			low, high := bounds(s.u, k, nil)
			lowest, highest := bounds(d.u, k, near)
			t.a.sgd, t.a.sgdError = (low+high)/2, (high-low)/2+steady*t.range0
			t.a.diffusion, t.a.diffError = (lowest+highest)/2, (highest-lowest)/2+steady*t.range0
			left := high - low + highest - lowest
			done = done && (left <= 10*rounding*t.range0 || !q.limits && left <= settled*t.gap.value ||
				!q.limits && max(high-lowest, highest-low) <= t.gap.value && (!q.rho || highest-lowest <= t.rho.value))
		}
		if done {
			answers := make([]answer, len(phi))
			for k, t := range tracks {
				a := t.a
				a.blur = blurred * t.range0
				a.gap, a.n, a.x, a.rho = t.gap.value, t.gap.n, t.gap.x, t.rho.value
				if a.gap < 100*rounding*t.range0 {
					return nil, errNothing
				}
				a.sgd += phi[k].offset
				a.diffusion += phi[k].offset
				answers[k] = a
			}
			return answers, nil
		}
	}
	return nil, errTooLong
}

// Reasons for which a reference gives no answer.
var (
	errNothing = errors.New("the gap is within rounding of zero")
	errTooLong = errors.New("the fields do not settle within the work that is allowed")
)

// track is what is kept of one observable while a march goes on.
type track struct {
	gap, rho supremum
	range0   float64
	a        answer
}

// difference returns a column of a - b.
func difference(a, b *mat.Dense, k int) []float64 {
	n, _ := a.Dims()
	v := make([]float64, n)
	for i := range v {
		v[i] = a.At(i, k) - b.At(i, k)
	}
	return v
}

// bounds returns the range of a column, at the rows given or at all.
func bounds(m *mat.Dense, k int, rows []int) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	if rows == nil {
		n, _ := m.Dims()
		for i := range n {
			low, high = min(low, m.At(i, k)), max(high, m.At(i, k))
		}
		return low, high
	}
	for _, i := range rows {
		low, high = min(low, m.At(i, k)), max(high, m.At(i, k))
	}
	return low, high
}

// supremum is the largest modulus that a sequence of fields has taken, where and when.
type supremum struct {
	value, x float64
	n        int
}

// nearly is the share of the largest value from which on the maxima of a field are looked for between its points.
const nearly = 0.95

// look compares the field with values v on the axis at step n. Its largest maxima are found between the points,
// on the polynomial through them, by golden sections.
func (s *supremum) look(a *axis, n int, v []float64) {
	top := 0.0
	for _, y := range v {
		top = max(top, math.Abs(y))
	}
	if top < nearly*s.value || top == 0 {
		return
	}
	for i, y := range v {
		y = math.Abs(y)
		if y < nearly*top || i > 0 && math.Abs(v[i-1]) > y || i+1 < len(v) && math.Abs(v[i+1]) > y {
			continue
		}
		low, high := a.low, a.high
		if i > 0 {
			low = a.x[i-1]
		}
		if i+1 < len(v) {
			high = a.x[i+1]
		}
		x, value := golden(func(x float64) float64 { return math.Abs(a.at(v, x)) }, low, high)
		if value > s.value {
			s.value, s.x, s.n = value, x, n
		}
	}
}

// golden returns the largest of f's values at low, at high, and at its maximum between them by golden sections.
func golden(f func(float64) float64, low, high float64) (x, value float64) {
	const ratio = 0.6180339887498949
	x, value = low, f(low)
	if v := f(high); v > value {
		x, value = high, v
	}
	a, b := low, high
	c, d := b-ratio*(b-a), a+ratio*(b-a)
	fc, fd := f(c), f(d)
	for range 40 {
		if fc > fd {
			b, d, fd = d, c, fc
			c = b - ratio*(b-a)
			fc = f(c)
		} else {
			a, c, fc = c, d, fd
			d = a + ratio*(b-a)
			fd = f(d)
		}
	}
	if fc > value {
		x, value = c, fc
	}
	if fd > value {
		x, value = d, fd
	}
	return x, value
}
