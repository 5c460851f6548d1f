package crossing

import (
	"math"
)

const (
	// halvings is the number of bisections, enough for the last bit.
	halvings = 60
	// deepest is how often a piece is halved at most where it turns close to the level.
	deepest = 40
	// rounding is what sums of terms are trusted to, over the sum of their sizes.
	rounding = 0x1p-50
)

// crossed is a crossing on one grid: its time, the derivative there, the error in t, and the step before.
type crossed struct {
	t, slope, time float64
	n              int
}

// search finds the first time at which a function crosses a level, from polynomials in t piece after piece. A start
// on the level is no crossing. A piece is looked at by its Bernstein coefficients b: the function lies between them and is
// monotone where they are; pieces that turn and may be closer to the level than half of what their ends are, are halved.
type search struct {
	level float64
	side  float64  // 1 above the level, -1 below, 0 as long as it stays where it starts
	near  float64  // how close it comes where it turns before the crossing, a lower bound; 0: it may touch the level
	last  float64  // how far it is from the level in the end
	lost  float64  // the sum of the pieces' errors
	at    *crossed // nil: not crossed
}

// newSearch returns a search at its start.
func newSearch(level float64) *search { return &search{level: level, near: math.Inf(1)} }

// open reports that the search goes on.
func (s *search) open() bool { return s.at == nil && s.near > 0 }

// nearest is how close the function comes to the level that it does not cross.
func (s *search) nearest() float64 { return min(s.near, s.last) }

// add looks at one more piece, sum_k coef[k] s^k with s from 0 to 1 over the time dt, which is off by less than rest and
// by rounding; lines (n = 1) are taken as they are.
func (s *search) add(from, dt float64, coef []float64, rest float64) {
	if !s.open() {
		return
	}
	b, tol := bernstein(coef), rest
	if len(coef) > 2 {
		for _, a := range coef {
			tol += rounding * math.Abs(a)
		}
	}
	for j := range b {
		b[j] -= s.level
	}
	if s.side == 0 && math.Abs(b[0]) > tol {
		s.side = math.Copysign(1, b[0])
	}
	s.lost += tol
	s.piece(b, from, dt, tol, deepest)
	s.last = max(0, s.side*b[len(b)-1])
}

// piece looks at the Bernstein coefficients of a piece, less the level.
func (s *search) piece(b []float64, from, dt, tol float64, depth int) {
	if !s.open() {
		return
	}
	side := s.side
	if side == 0 {
		side = 1
	}
	first, last := side*b[0], side*b[len(b)-1]
	least, most, rises, falls := first, first, true, true
	for j := 1; j < len(b); j++ {
		least, most = min(least, side*b[j]), max(most, side*b[j])
		rises, falls = rises && side*b[j] >= side*b[j-1], falls && side*b[j] <= side*b[j-1]
	}
	flat := least >= -tol && most <= tol
	switch {
	case least != least:
		s.near = 0
	case s.side == 0 && (rises || falls || flat):
		if math.Abs(last) > tol {
			s.side = math.Copysign(1, last)
		}
	case s.side != 0 && last <= -tol && (falls || depth == 0):
		s.cross(b, from, dt)
	case s.side != 0 && falls && !rises: // it comes closer
	case s.side != 0 && rises:
		s.near = min(s.near, max(0, first))
	case s.side != 0 && least > tol && least >= min(first, last)/2:
		s.near = min(s.near, least)
	case flat || depth == 0:
		s.near = 0
	default:
		left, right := halves(b)
		s.piece(left, from, dt/2, tol, depth-1)
		s.piece(right, from+dt/2, dt/2, tol, depth-1)
	}
}

// cross keeps the crossing in a piece that ends beyond the level.
func (s *search) cross(b []float64, from, dt float64) {
	lo, hi := 0.0, 1.0
	for range halvings {
		if mid := (lo + hi) / 2; s.side*valueOf(b, mid) <= 0 {
			hi = mid
		} else {
			lo = mid
		}
	}
	rate := make([]float64, len(b)-1)
	for j := range rate {
		rate[j] = float64(len(rate)) * (b[j+1] - b[j]) / dt
	}
	slope := valueOf(rate, hi)
	s.at = &crossed{t: from + dt*hi, slope: slope, time: s.lost / math.Abs(slope)}
}

// bernstein returns the Bernstein coefficients of sum_k a[k] s^k on [0, 1], which are b_j = sum_k C(j,k)/C(n,k) a_k.
func bernstein(a []float64) []float64 {
	n := len(a) - 1
	b := make([]float64, n+1)
	for j := range b {
		for k, w := 0, 1.0; k <= j; k++ {
			b[j] += w * a[k]
			w *= float64(j-k) / float64(max(1, n-k))
		}
	}
	return b
}

// halves returns the Bernstein coefficients of the two halves, by de Casteljau.
func halves(b []float64) (left, right []float64) {
	n := len(b)
	left, right = make([]float64, n), append([]float64(nil), b...)
	for j := range n {
		left[j] = right[0]
		for i := range n - 1 - j {
			right[i] = (right[i] + right[i+1]) / 2
		}
	}
	return left, right
}

// valueOf returns the value at s in [0, 1], by de Casteljau.
func valueOf(b []float64, s float64) float64 {
	v := append([]float64(nil), b...)
	for n := len(v) - 1; n > 0; n-- {
		for i := range n {
			v[i] += s * (v[i+1] - v[i])
		}
	}
	return v[0]
}
