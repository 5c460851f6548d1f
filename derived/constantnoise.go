package derived

import (
	"fmt"
	"math"
	"sync"
)

// The models whose noise is that at the point of rest of the limit's drift, everywhere.
const (
	// ConstantNoise has drift of FirstOrder, and its diffusion at the point of rest.
	ConstantNoise = "constant-noise"
	// SecondConstantNoise has drift of SecondOrder, and its diffusion at the point of rest.
	SecondConstantNoise = "second-order-constant-noise"
)

// frozen is what a diffusion has of order eta where the limit rests, by parts. That is a point of the
// ball's coordinates: those with a range of their own keep their values, as the s of a step that falls.
// The diffusion of the limit is not held: it is the same in the whole ball, or lacks says that it
// is not.
type frozen struct {
	alg   Algorithm
	chart *Chart
	found func() (rest []float64, why string)

	mu      sync.Mutex
	moments func(m *Moments, z []float64)
	known   map[Vector]map[int]*Matrix // by states that rest in the ball's coordinates
}

func newFrozen(alg Algorithm, chart *Chart) *frozen {
	f := &frozen{alg: alg, chart: chart, known: map[Vector]map[int]*Matrix{}}
	f.found = sync.OnceValues(f.find)
	return f
}

// lacks says why there is nothing to be frozen, see process.Diffusion.
func (f *frozen) lacks() string {
	_, why := f.found()
	return why
}

// restAway is the speed, over that of points R away, below which a point rests, and sameNoise the
// relative difference of two m22 that are the same.
const (
	restAway  = 1e-8
	sameNoise = 1e-10
)

// find returns the point of rest, or says why there is no noise to be frozen there.
func (f *frozen) find() ([]float64, string) {
	if a, ok := f.alg.(Quiet); ok && a.Quiet() {
		return nil, "has no noise to freeze: the covariance of a step is smaller than of order eta^2"
	}
	rest, m, ok := restNearest(f.alg, f.chart)
	if !ok {
		return nil, "is made of the point of rest of the drift, and none was found in the region"
	}
	round := f.chart.held().Round()
	if _, ok := m.lyapunov(round); !ok {
		return nil, fmt.Sprintf("is made of the point of rest of the drift, and the nearest one, %.4g, does not attract", rest)
	}
	speed := 0.0
	for k := range round {
		for l := range round {
			speed = max(speed, math.Abs(m.D12[k][l])*f.chart.r)
		}
	}
	if k := f.movedBy(rest, restAway*speed); k >= 0 {
		return nil, fmt.Sprintf("is made of the point of rest of the drift, which moves with %s", f.alg.Names()[k])
	}
	if f.limitVaries(rest) {
		return nil, "has the noise of one point, and that of order sqrt(eta) varies from point to point: the limit would be another"
	}
	return rest, ""
}

// movedBy returns a coordinate with a range that at some value of its own makes the state at rest
// faster than slow in the coordinates of the ball, -1 if there is none.
func (f *frozen) movedBy(rest []float64, slow float64) int {
	moments, z := f.alg.NewMoments(), make([]float64, f.chart.d)
	for k, i := range f.chart.ranges {
		if i == nil {
			continue
		}
		for _, v := range []float64{i.Low, i.Low/2 + i.High/2, i.High} {
			copy(z, rest)
			z[k] = v
			var at Moments
			moments(&at, z)
			for l := range z {
				if !f.chart.ranged(l) && !(math.Abs(at.M12[l]) <= slow) {
					return k
				}
			}
		}
	}
	return -1
}

// limitVaries reports that m22 is not the same in the ball.
func (f *frozen) limitVaries(rest []float64) bool {
	moments, z := f.alg.NewMoments(), make([]float64, f.chart.d)
	var at, there Moments
	moments(&at, rest)
	ball := f.chart.held()
	for i := range noiseShells {
		for _, q := range ball.With(ball.R * float64(i+1) / noiseShells).Sphere(noiseDensity) {
			f.chart.toState(z, q)
			moments(&there, z)
			for k := range z {
				for l := range z {
					if !(math.Abs(there.M22[k][l]-at.M22[k][l]) <= sameNoise*math.Abs(at.M22[k][k]+at.M22[l][l])) {
						return true
					}
				}
			}
		}
	}
	return false
}

// at returns the part of order eta of the diffusion of the state z, and zero where lacks says
// why.
func (f *frozen) at(z []float64, part int) *Matrix {
	rest, why := f.found()
	if why != "" {
		return new(Matrix)
	}
	var key Vector
	for k, v := range rest {
		if key[k] = v; f.chart.ranged(k) {
			key[k] = z[k]
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	parts, ok := f.known[key]
	if !ok {
		if f.moments == nil {
			f.moments = f.alg.NewMoments()
		}
		var m Moments
		f.moments(&m, key[:len(rest)])
		first, second := m.terms(len(rest), 1), m.terms(len(rest), 2)
		parts = map[int]*Matrix{firstPart: &first.A1, secondPart: &second.A1}
		f.known[key] = parts
	}
	return parts[part]
}
