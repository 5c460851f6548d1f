package variation

import (
	"kolmo/compare"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// Where the noise of a model that acts up to the faces of its box ends beyond the ball: differences at noisy faces grow, and
// what begins in the ball hardly gets there.
const (
	// leastOuter is the least half-width of such a box over R.
	leastOuter = 1.5
	// nearerOuter is how much of the layer is left when its end moves nearer, and endShare multiplies what that changes.
	nearerOuter, endShare = 0.75, 3
)

// outer is the half-width of the widest box of a model.
func outer(p *compare.Problem) float64 { return max(p.Outer(), leastOuter*p.Ball.R) }

// ended returns a diffusion whose noise ends between the ball and the half-width of a box, and by what its root ends.
func ended(m *process.Diffusion, p *compare.Problem, half float64) (*process.Diffusion, *process.Cutoff) {
	cut := &process.Cutoff{Ball: p.Ball, R2: half}
	e := *m
	e.Noise, e.Radius, e.Analytic = process.NoiseEndsIn, half, false
	e.Coefficients = func(f process.Fields, eta float64) *kolmogorov.Coefficients {
		c, x := m.Coefficients(f, eta), make([]float64, len(p.Ball.Center))
		for i := range f.Len() {
			f.PointTo(x, i)
			chi := cut.At(x)
			for k := range x {
				for l := k; l < len(x); l++ {
					if c.A[k][l] != nil {
						c.A[k][l][i] *= chi * chi
					}
				}
			}
		}
		return c
	}
	return &e, cut
}

// endedRoot is a root that ends, without a derivative of its end.
type endedRoot struct {
	process.Root
	cut *process.Cutoff
}

func (r *endedRoot) NewRooter() process.Rooter { return &endedRooter{r.Root.NewRooter(), r.cut} }

type endedRooter struct {
	process.Rooter
	cut *process.Cutoff
}

func (r *endedRooter) ColumnsTo(drift, columns, q []float64) (end float64) {
	return r.Rooter.ColumnsTo(drift, columns, q) * r.cut.At(q)
}
