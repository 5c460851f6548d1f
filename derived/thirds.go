package derived

import "kolmo/process"

// thirdEta is the eta at which a step's third moments are looked at; they are those of
// the limit up to its order.
const thirdEta = 1e-3

// ThirdMoments implements process.Dynamics, by the images of a step at a small eta.
func (d *Dynamics) ThirdMoments(x [][]float64, workers int) [][]float64 {
	c := d.Chain(thirdEta)
	fields := process.ThirdMoments(x, d.chart.d, c.Images(), workers, func() func(weights, images, x []float64) bool {
		im := c.NewImager()
		return func(weights, images, x []float64) bool {
			return im.ImagesTo(weights, images, x) == nil // the grid's own nodes are checked
		}
	})
	for _, field := range fields {
		for i := range field {
			field[i] /= thirdEta * thirdEta * thirdEta
		}
	}
	return fields
}
