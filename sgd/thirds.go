package sgd

import "kolmo/process"

// ThirdMoments implements process.Dynamics: the third central moments of
// grad f(x;xi). Cost: one evaluation of all samples per point.
func (d *Dynamics) ThirdMoments(x [][]float64, workers int) [][]float64 {
	return process.ThirdMoments(x, d.o.Dim(), d.o.Law().Len(), workers, func() func(weights, grads, x []float64) bool {
		ev := d.o.NewEvaluator()
		return func(weights, grads, x []float64) bool {
			ev.NodesTo(weights, grads, x)
			return true
		}
	})
}
