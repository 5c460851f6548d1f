package derived

import "kolmo/internal/par"

// thirdEta is the eta at which a step's third moments are looked at; they are those of
// the limit up to its order.
const thirdEta = 1e-3

// ThirdMoments implements process.Dynamics, by the images of a step at a small eta.
func (d *Dynamics) ThirdMoments(x [][]float64, workers int) [][]float64 {
	const tasks = 16
	n := d.dim()
	fields := make([][]float64, n*(n+1)*(n+2)/6)
	for f := range fields {
		fields[f] = make([]float64, len(x))
	}
	c := d.Chain(thirdEta)
	par.Do(workers, tasks, func(task int) {
		im := c.NewImager()
		weights, images := make([]float64, c.Images()), make([]float64, c.Images()*n)
		lo, hi := par.Split(len(x), tasks, task)
		for i := lo; i < hi; i++ {
			if im.ImagesTo(weights, images, x[i]) != nil {
				continue // the grid's own nodes are checked
			}
			for f, v := range thirds(weights, images, n) {
				fields[f][i] = v / (thirdEta * thirdEta * thirdEta)
			}
		}
	})
	return fields
}

// thirds returns the third central moments M_ijk, i <= j <= k, of a law.
func thirds(weights, at []float64, d int) []float64 {
	var mean Vector
	for m, w := range weights {
		for k := range d {
			mean[k] += w * at[m*d+k]
		}
	}
	var out []float64
	for i := range d {
		for j := i; j < d; j++ {
			for k := j; k < d; k++ {
				sum := 0.0
				for m, w := range weights {
					sum += w * (at[m*d+i] - mean[i]) * (at[m*d+j] - mean[j]) * (at[m*d+k] - mean[k])
				}
				out = append(out, sum)
			}
		}
	}
	return out
}
