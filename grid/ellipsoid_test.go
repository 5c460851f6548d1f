package grid_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"kolmo/grid"
)

// metrics are some, by dimension.
var metrics = [][]float64{nil, {2.5}, {1.5, 0.7, 0.7, 0.9}, {2, 0.3, -0.5, 0.3, 1, 0.4, -0.5, 0.4, 0.8}}

// The sphere of y is that of z in the metric, both changes of coordinates are inverse, and the box touches it.
func TestEllipsoidIsABallInItsCoordinates(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		for _, metric := range [][]float64{nil, metrics[d]} {
			e, err := grid.NewEllipsoid([]float64{0.3, -1, 2}[:d], 1.7, metric)
			if err != nil {
				t.Fatal(err)
			}
			z, back := make([]float64, d), make([]float64, d)
			most := make([]float64, d)
			for _, y := range e.Ball().Sphere(200 / d) {
				e.FromBall(z, y)
				e.ToBall(back, z)
				square := 0.0
				for k := range d {
					if math.Abs(back[k]-y[k]) > 1e-14 {
						t.Fatalf("%v comes back as %v", y, back)
					}
					most[k] = max(most[k], math.Abs(z[k]-e.Center[k]))
					for l := range d {
						p := 0.0
						if metric != nil {
							p = metric[k*d+l]
						} else if k == l {
							p = 1
						}
						square += (z[k] - e.Center[k]) * p * (z[l] - e.Center[l])
					}
				}
				if math.Abs(math.Sqrt(square)-e.R) > 1e-13 || !e.Contains(z) {
					t.Fatalf("|%v|_P = %g, inside %v", z, math.Sqrt(square), e.Contains(z))
				}
				for k := range z {
					z[k] += 1e-6 * (z[k] - e.Center[k])
				}
				if e.Contains(z) {
					t.Fatalf("%v is taken for inside", z)
				}
			}
			for k, half := range e.Half() {
				if !(most[k] <= half*(1+1e-14)) || most[k] < half*(1-2e-3) {
					t.Errorf("d = %d, axis %d reaches %g of %g", d, k, most[k], half)
				}
				if line := e.Box(5)[k]; line[0] != e.Center[k]-half || line[2] != e.Center[k] || line[4] != e.Center[k]+half {
					t.Errorf("box %v", line)
				}
			}
		}
	}
}

// A section is what is left of the set on a plane.
func TestSectionOfAnEllipsoid(t *testing.T) {
	t.Parallel()
	for _, metric := range [][]float64{nil, metrics[3]} {
		e, err := grid.NewEllipsoid([]float64{0.3, -1, 2}, 1.7, metric)
		if err != nil {
			t.Fatal(err)
		}
		for across := range 3 {
			offset := -0.6 * e.Half()[across]
			s := e.Section(across, offset)
			z, flat := []float64{0, 0, 0}, []float64{0, 0}
			for _, far := range []float64{0.5, 1 - 1e-9, 1 + 1e-9} {
				for _, y := range s.Ball().With(s.R * far).Sphere(50) {
					s.FromBall(flat, y)
					copy(z, slices.Insert(slices.Clone(flat), across, e.Center[across]+offset))
					if e.Contains(z) != (far < 1) {
						t.Fatalf("across %d: %v at %g of the section's edge is inside: %v", across, z, far, far > 1)
					}
				}
			}
		}
	}
}

// What is no metric is refused.
func TestNoEllipsoid(t *testing.T) {
	t.Parallel()
	for _, metric := range [][]float64{{1, 2, 2, 1}, {1, 0.5, 0.4, 1}, {1, 0, 0}, {1, 0, 0, math.NaN()}, {math.Inf(1), 0, 0, 1}, {-1, 0, 0, 1}} {
		if _, err := grid.NewEllipsoid([]float64{0, 0}, 1, metric); !errors.Is(err, grid.ErrMetric) {
			t.Errorf("%v: %v", metric, err)
		}
	}
}
