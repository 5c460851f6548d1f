package kernel

import "math"

// Softplus stores in v the values log(1 + exp(u)) of softplus, in d its first and in dd
// its second derivatives, all from one exponential. v may be nil, which saves the
// logarithm; otherwise the slices must be as long as u and must not overlap, or it
// panics. The values agree with exact ones to a few units in the last place, and to the
// last bit with those of plain Go. Cost: about 60 operations an entry; no branch depends
// on the data but where exp(-|u|) is below the normal numbers; no allocation.
func Softplus(v, d, dd, u []float64) { sigmoid(softplusAVX2, softplusGo, v, d, dd, u) }

// Logistic stores in v the values 1/(1 + exp(-u)) of the logistic function, in d its first
// and in dd its second derivatives. v may be nil. Otherwise it is like Softplus.
func Logistic(v, d, dd, u []float64) { sigmoid(logisticAVX2, logisticGo, v, d, dd, u) }

// sigmoid goes over u by the assembly where there is one, and by plain Go over what that
// leaves.
func sigmoid(fast func(n int, v, d, dd, u *float64) int, plain func(v, d, dd, u []float64), v, d, dd, u []float64) {
	if len(d) != len(u) || len(dd) != len(u) || v != nil && len(v) != len(u) {
		panic("kernel: slices of different lengths")
	}
	for n := 0; useAVX2 && n+four <= len(u); n += four {
		var first *float64
		if v != nil {
			first = &v[n]
		}
		n += fast((len(u)-n)&^(four-1), first, &d[n], &dd[n], &u[n])
		if n+four <= len(u) { // four that the assembly leaves
			plain(from(v, n, n+four), d[n:n+four], dd[n:n+four], u[n:n+four])
		}
	}
	n := 0
	if useAVX2 {
		n = len(u) &^ (four - 1)
	}
	plain(from(v, n, len(u)), d[n:], dd[n:], u[n:])
}

// from returns v[i:j], nil of nil.
func from(v []float64, i, j int) []float64 {
	if v == nil {
		return nil
	}
	return v[i:j]
}

// four is the number of entries that the assembly takes at a time.
const four = 4

// Constants of expNegative: ln 2 split so that k ln2High is exact, and the number
// whose addition rounds to an integer and leaves it in the lowest bits.
const (
	ln2High  = 6.93147180369123816490e-01
	ln2Low   = 1.90821492927058770002e-10
	rounder  = 3 << 51
	smallest = -708 // exp is normal above
)

// expNegative returns exp(x) for x <= 0: x = k ln 2 + r with |r| <= (ln 2)/2, and
// the Taylor polynomial of degree 13 of exp(r), whose remainder is below 1e-17; where
// the result is subnormal it is math.Exp's.
func expNegative(x float64) float64 {
	if x < smallest {
		return math.Exp(x)
	}
	t := x*math.Log2E + rounder
	k := t - rounder
	r := (x - k*ln2High) - k*ln2Low
	r2 := r * r
	r4 := r2 * r2
	low := (1 + r) + r2*(1./2+r*(1./6))
	mid := (1./24 + r*(1./120)) + r2*(1./720+r*(1./5040))
	high := (1./40320 + r*(1./362880)) + r2*(1./3628800+r*(1./39916800)) + r4*(1./479001600+r*(1./6227020800))
	return (low + r4*(mid+r4*high)) * math.Float64frombits(math.Float64bits(t)<<52+1023<<52)
}

// pick returns a where mask is zero and b where it is all ones.
func pick(a, b float64, mask uint64) float64 {
	return math.Float64frombits(math.Float64bits(a)&^mask | math.Float64bits(b)&mask)
}

// Coefficients of log1p(f) = f - (f^2/2 - s (f^2/2 + R(s^2))), s = f/(2 + f), for
// sqrt(1/2) <= 1 + f <= sqrt(2) (FreeBSD, s_log1p.c).
const (
	lp1 = 6.666666666666735130e-01
	lp2 = 3.999999999940941908e-01
	lp3 = 2.857142874366239149e-01
	lp4 = 2.222219843214978396e-01
	lp5 = 1.818357216161805012e-01
	lp6 = 1.531383769920937332e-01
	lp7 = 1.479819860511658591e-01
)

// logOnePlus returns log(1 + q) for 0 <= q <= 1; above sqrt(2) - 1 it is
// log(2) + log((1 + q)/2).
func logOnePlus(q float64) float64 {
	const limit = 0x3FDA827999FCEF34 // the bits of sqrt(2) - 1
	mask := uint64((limit - int64(math.Float64bits(q))) >> 63)
	f := pick(q, (q-1)/2, mask)
	s := f / (2 + f)
	z := s * s
	z2 := z * z
	r := z*(lp1+z2*(lp3+z2*(lp5+z2*lp7))) + z2*(lp2+z2*(lp4+z2*lp6))
	h := f * f / 2
	return pick(0, math.Ln2, mask) + (f - (h - s*(h+r)))
}

// softplusGo is Softplus in plain Go.
func softplusGo(v, d, dd, u []float64) {
	d, dd = d[:len(u)], dd[:len(u)]
	for l, x := range u {
		q := expNegative(-math.Abs(x))
		negative := uint64(int64(math.Float64bits(x)) >> 63)
		p := 1 / (1 + q)
		d1 := q * p
		if v != nil {
			v[l] = pick(x, 0, negative) + logOnePlus(q)
		}
		d[l] = pick(p, d1, negative)
		dd[l] = d1 * p
	}
}

// logisticGo is Logistic in plain Go.
func logisticGo(v, d, dd, u []float64) {
	d, dd = d[:len(u)], dd[:len(u)]
	for l, x := range u {
		q := expNegative(-math.Abs(x))
		negative := uint64(int64(math.Float64bits(x)) >> 63)
		p := 1 / (1 + q)
		qp := q * p
		d1 := qp * p
		d2 := d1 * (1 - q) * p
		if v != nil {
			v[l] = pick(p, qp, negative)
		}
		d[l] = d1
		dd[l] = pick(-d2, d2, negative)
	}
}
