package grid

import "math"

// Ball is the closed ball |x - Center| <= R in the Euclidean norm; points have
// the length of Center, and its methods panic if they are shorter.
type Ball struct {
	Center []float64
	R      float64
}

// Distance returns |x - Center|.
func (b Ball) Distance(x []float64) float64 {
	sum := 0.0
	for k, c := range b.Center {
		sum += (x[k] - c) * (x[k] - c)
	}
	return math.Sqrt(sum)
}

// epsilon is the distance from 1 to the next number.
const epsilon = 0x1p-52

// Contains reports that x is in the closed ball, up to the rounding of x: 8 units
// in the last place of R + |Center|.
func (b Ball) Contains(x []float64) bool {
	size := b.R
	for _, c := range b.Center {
		size += math.Abs(c)
	}
	return b.Distance(x) <= b.R+8*epsilon*size
}

// Project moves x to the nearest point of the ball; a point of the ball stays.
func (b Ball) Project(x []float64) {
	if d := b.Distance(x); d > b.R {
		for k, c := range b.Center {
			x[k] = c + (x[k]-c)*(b.R/d)
		}
	}
}

// Sphere returns points on |x - Center| = R with a spacing of about R/density:
// the two ends for d = 1, equally spaced angles for d = 2, and a Fibonacci
// lattice for d = 3 (Gonzalez 2010, doi:10.1007/s11004-009-9257-x). density must
// be at least 1.
func (b Ball) Sphere(density int) [][]float64 {
	switch len(b.Center) {
	case 1:
		return [][]float64{{b.Center[0] - b.R}, {b.Center[0] + b.R}}
	case 2:
		// A multiple of 8 puts points on the axes and the diagonals.
		n := (int(math.Ceil(2*math.Pi*float64(density))) + 7) / 8 * 8
		pts := make([][]float64, n)
		for i := range pts {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			pts[i] = []float64{b.Center[0] + b.R*cos, b.Center[1] + b.R*sin}
		}
		return pts
	default:
		n := int(math.Ceil(4 * math.Pi * float64(density*density)))
		golden := math.Pi * (3 - math.Sqrt(5))
		pts := make([][]float64, n)
		for i := range pts {
			z := 1 - (2*float64(i)+1)/float64(n)
			r := math.Sqrt(1 - z*z)
			sin, cos := math.Sincos(golden * float64(i))
			pts[i] = []float64{b.Center[0] + b.R*r*cos, b.Center[1] + b.R*r*sin, b.Center[2] + b.R*z}
		}
		return pts
	}
}
