// Package interval is outward-rounded interval arithmetic: for every operation
//
//	{ op(a, b) : a in A, b in B, op(a, b) defined }  is contained in  Op(A, B),
//
// rounding included. It serves proofs about a loss over a box, where a maximum
// over sampled points proves nothing.
//
// An Interval [Lo, Hi] is closed, Lo <= Hi, and may have infinite ends; Entire is
// the whole line. Operations whose argument leaves their domain return Entire, so
// that a bound drawn from them is void rather than wrong. Sums, products,
// quotients and roots are rounded to nearest by the processor and moved out by at
// least one unit in the last place. Elementary functions are those of package
// math, moved out by slack of relative size 2^-49, eight units in the last place;
// a test compares them with 200-bit series.
//
//	x := interval.Interval{Lo: -1, Hi: 2}
//	y := x.Sqr().Sub(interval.Point(1))   // [-1, 3]
//
// Reference: Moore, Kearfott and Cloud, Introduction to Interval Analysis, SIAM
// 2009, chapters 2-5; Rump, Zimmermann, Boldo and Melquiond, Computing predecessor
// and successor in rounding to nearest, BIT 49, 2009, for the rounding.
package interval
