package sgd

import (
	"kolmo/grid"
	"kolmo/internal/par"
)

// ThirdMoments implements process.Dynamics: the third central moments of
// grad f(x;xi). Cost: one evaluation of all samples per point.
func (d *Dynamics) ThirdMoments(x [][]float64, workers int) [][]float64 {
	const tasks = 16
	dim := d.o.Dim()
	fields := make([][]float64, dim*(dim+1)*(dim+2)/6)
	for f := range fields {
		fields[f] = make([]float64, len(x))
	}
	par.Do(workers, tasks, func(task int) {
		ev := d.o.NewEvaluator()
		n := d.o.Law().Len()
		weights, grads, t := make([]float64, n), make([]float64, n*dim), make([]float64, len(fields))
		lo, hi := par.Split(len(x), tasks, task)
		for i := lo; i < hi; i++ {
			ev.NodesTo(weights, grads, x[i])
			thirdsTo(t, weights, grads, dim)
			for f, v := range t {
				fields[f][i] = v
			}
		}
	})
	return fields
}

// thirdsTo stores the third central moments M_ijk, i <= j <= k, of a law.
func thirdsTo(t, weights, grads []float64, d int) {
	var mean [grid.MaxDim]float64
	for m, w := range weights {
		for k := range d {
			mean[k] += w * grads[m*d+k]
		}
	}
	clear(t)
	for m, w := range weights {
		n := 0
		for i := range d {
			for j := i; j < d; j++ {
				for k := j; k < d; k++ {
					t[n] += w * (grads[m*d+i] - mean[i]) * (grads[m*d+j] - mean[j]) * (grads[m*d+k] - mean[k])
					n++
				}
			}
		}
	}
}
