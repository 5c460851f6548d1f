package process

import "kolmo/internal/par"

// ThirdMoments returns the third central moments M_ijk, i <= j <= k, of laws at points x of
// R^d, a field each. at returns a workspace that stores a law's n nodes and weights; where it
// returns false the moments are 0. No result depends on workers.
func ThirdMoments(x [][]float64, d, n, workers int, at func() func(weights, nodes, x []float64) bool) [][]float64 {
	const tasks = 16
	fields := make([][]float64, d*(d+1)*(d+2)/6)
	for f := range fields {
		fields[f] = make([]float64, len(x))
	}
	par.Do(workers, tasks, func(task int) {
		law := at()
		weights, nodes, mean := make([]float64, n), make([]float64, n*d), make([]float64, d)
		lo, hi := par.Split(len(x), tasks, task)
		for p := lo; p < hi; p++ {
			if !law(weights, nodes, x[p]) {
				continue
			}
			clear(mean)
			for m, w := range weights {
				for k := range d {
					mean[k] += w * nodes[m*d+k]
				}
			}
			f := 0
			for i := range d {
				for j := i; j < d; j++ {
					for k := j; k < d; k++ {
						for m, w := range weights {
							fields[f][p] += w * (nodes[m*d+i] - mean[i]) * (nodes[m*d+j] - mean[j]) * (nodes[m*d+k] - mean[k])
						}
						f++
					}
				}
			}
		}
	})
	return fields
}
