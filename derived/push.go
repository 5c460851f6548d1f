package derived

// Algorithm returns what the dynamics is of.
func (d *Dynamics) Algorithm() Algorithm { return d.alg }

// Push takes drift and diffusion of the state at q to the chart, with noise that ends as
// that of the dynamics' own diffusions.
func (d *Dynamics) Push(b *Vector, a *Matrix, q []float64) {
	z := make([]float64, len(q))
	d.chart.toState(z, q)
	j := d.chart.jetAt(z)
	left := d.NoiseLeft(q)
	share := left * left
	drift := d.chart.pushDrift(j, b)
	noise, ito := d.chart.pushDiffusion(j, a)
	for k := range drift {
		drift[k] += share * ito[k]
		for l := range drift {
			noise[k][l] *= share
		}
	}
	*b, *a = drift, noise
}

// NoiseLeft returns by what columns of the noise of diffusions end at q, 1 in the region.
func (d *Dynamics) NoiseLeft(q []float64) float64 {
	return cutoff(d.ends).At([]float64{d.chart.radius(q)})
}

// NoiseRadius is the half-width of the box in which the noise of diffusions ends.
func (d *Dynamics) NoiseRadius() float64 { return d.chart.far(d.ends[1]) }
