package derived

// Algorithm returns what the dynamics is of.
func (d *Dynamics) Algorithm() Algorithm { return d.alg }

// Push takes drift and diffusion of the state at q to the chart, with noise that ends as
// that of the dynamics' own diffusions.
func (d *Dynamics) Push(b *Vector, a *Matrix, q []float64) {
	z := make([]float64, len(q))
	d.chart.toState(z, q)
	j := d.chart.jetAt(z)
	m := model{chart: d.chart, cut: cutoff(d.ends)}
	share := m.ends(q)
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

// NoiseRadius is the half-width of the box in which the noise of diffusions ends.
func (d *Dynamics) NoiseRadius() float64 { return d.chart.far(d.ends[1]) }
