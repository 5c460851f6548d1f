package assumptions

import "math"

// ballPoints calls visit with points of the closed ball |x - center| <= r: the
// center, the ends of the axes, a polar set (d = 1: equidistant) with about
// budget points of which the outermost lie on the sphere, and for d > 1 half as
// many points of a cubic lattice, which hits poles at round coordinates. The slice passed is
// reused. It stops when visit returns false.
func ballPoints(center []float64, r float64, budget int, visit func(x []float64) bool) {
	d := len(center)
	x := make([]float64, d)
	at := func(radius float64, direction ...float64) bool {
		for i := range x {
			x[i] = center[i]
			if i < len(direction) {
				x[i] += radius * direction[i]
			}
		}
		return visit(x)
	}
	if !at(0) {
		return
	}
	for i := range d {
		e := make([]float64, d)
		for _, s := range [2]float64{1, -1} {
			e[i] = s
			if !at(r, e...) {
				return
			}
		}
	}
	n := float64(max(budget, 8))
	var shells int
	switch d {
	case 1:
		shells = int(n / 2)
	case 2:
		shells = int(math.Sqrt(n / 3))
	default:
		shells = int(math.Cbrt(n / 6))
	}
	shells = max(shells, 2)
	for k := shells; k >= 1; k-- { // the sphere first
		for _, u := range directions(d, int(n)/shells) {
			if !at(r*float64(k)/float64(shells), u...) {
				return
			}
		}
	}
	if d == 1 {
		return
	}
	m := max(1, 1<<int(math.Log2(math.Pow(n/2, 1/float64(d))/2))) // lattice spacing r/m
	var u [3]int
	for i := range u[:d] {
		u[i] = -m
	}
	for {
		v := make([]float64, d)
		square := 0
		for i := range v {
			v[i] = float64(u[i]) / float64(m)
			square += u[i] * u[i]
		}
		if square <= m*m && !at(r, v...) {
			return
		}
		i := 0
		for ; i < d; i++ {
			if u[i]++; u[i] <= m {
				break
			}
			u[i] = -m
		}
		if i == d {
			return
		}
	}
}

// directions returns about n unit vectors, evenly spread; in three dimensions
// along a Fibonacci spiral.
func directions(d, n int) [][]float64 {
	switch d {
	case 1:
		return [][]float64{{1}, {-1}}
	case 2:
		n = max(n, 8)
		u := make([][]float64, n)
		for k := range u {
			s, c := math.Sincos(2 * math.Pi * (float64(k) + 0.25) / float64(n))
			u[k] = []float64{c, s}
		}
		return u
	}
	n = max(n, 16)
	golden := math.Pi * (3 - math.Sqrt(5))
	u := make([][]float64, n)
	for k := range u {
		z := 1 - 2*(float64(k)+0.5)/float64(n)
		s, c := math.Sincos(golden * float64(k))
		rho := math.Sqrt(1 - z*z)
		u[k] = []float64{rho * c, rho * s, z}
	}
	return u
}
