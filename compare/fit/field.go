package fit

import (
	"math"
)

// Distance returns max |u - v|.
func Distance(u, v []float64) float64 {
	most := 0.0
	for i := range u {
		most = max(most, math.Abs(u[i]-v[i]))
	}
	return most
}

func MaxOf(u []float64) float64 {
	top := 0.0
	for _, v := range u {
		top = max(top, math.Abs(v))
	}
	return top
}

func Limits(u []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range u {
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}
