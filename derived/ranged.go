package derived

import (
	"math"

	"kolmo/grid"
)

// Boxed reports that the drift of the limit does not lead out of the box around the region.
func (d *Dynamics) Boxed() bool { return d.boxedAt(d.chart.far(d.chart.r)) }

// Where RangedNoise looks: shells, and points on each.
const (
	noiseShells  = 4
	noiseDensity = 8
	noNoise      = 1e-14
)

// RangedNoise returns the first coordinate with a range that the noise of the diffusions moves, and
// false if there is none.
func (d *Dynamics) RangedNoise() (name string, ok bool) {
	moments, n := d.alg.NewMoments(), d.chart.d
	z := make([]float64, n)
	var moved [grid.MaxDim]bool
	for i := range noiseShells {
		for _, q := range d.Region().With(d.chart.far(d.chart.r) * float64(i+1) / noiseShells).Sphere(noiseDensity) {
			var v values
			v.set(d.chart, moments, z, q)
			for k := range n {
				size := math.Abs(v.n0[k][k]) + math.Abs(v.n1[k][k]) + math.Abs(v.n2[k][k])
				moved[k] = moved[k] || d.chart.ranged(k) && !(size <= noNoise*(1+v.b0[k]*v.b0[k]))
			}
		}
	}
	for k, is := range moved {
		if is {
			return d.alg.Names()[k], true
		}
	}
	return "", false
}

// starts returns where coordinates begin: center in the ball, and the middle of where those
// with a range start; held are the latter.
func starts(alg Algorithm, center []float64) (z []float64, held []bool) {
	n := len(alg.Names())
	z, held = make([]float64, n), make([]bool, n)
	ranges := rangesOf(alg)
	for k := range n {
		if k < len(ranges) && ranges[k] != nil {
			z[k], held[k] = ranges[k].StartLow/2+ranges[k].StartHigh/2, true
			continue
		}
		z[k], center = center[0], center[1:]
	}
	return z, held
}

// round returns the moments of the coordinates that are not held, alone.
func (m *Moments) round(held []bool) (r Moments) {
	i := 0
	for k := range held {
		if held[k] {
			continue
		}
		r.M12[i] = m.M12[k]
		j := 0
		for l := range held {
			if !held[l] {
				r.D12[i][j] = m.D12[k][l]
				j++
			}
		}
		i++
	}
	return r
}
