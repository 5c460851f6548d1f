package sgdop

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"kolmo/grid"
)

// Growth is how powers of S treat random fields.
type Growth struct {
	// Factor is max |S^n v|/|v| over the steps n >= 1 for a field v that the grid
	// resolves, and Step the n of that maximum. Lemma 1 says at most 1.
	Factor float64
	Step   int
	// Rough is the same for independent values at the nodes. No grid resolves these;
	// between the nodes the interpolation enlarges them, by powers of its
	// Lebesgue factor at first, which is no fault.
	Rough float64
	// Rate is the factor per step by which max - min of S^n v changes over the second
	// half of the steps, for the rough v: more than 1 means that S has
	// eigenvalues beyond 1, and that errors grow without bound. It is 0 where nothing
	// but rounding is left.
	Rate float64
	// Steps is the number of steps looked at, and Seed that of the fields.
	Steps int
	Seed  uint64
}

// mostGrowth is the factor up to which |S^n v| <= |v| counts as fulfilled.
const mostGrowth = 1.001

// Unstable reports that powers of S still grow at the last step.
func (g Growth) Unstable() bool { return !(g.Rate <= mostRate) }

// mostRate is the rate up to which powers count as bounded: 1, up to what the
// approach of a limit leaves.
const mostRate = 1 + 1e-6

// resolvedShare is the share of |v| below which what is left of S^n v is taken for
// rounding.
const resolvedShare = 1e-10

// Warning returns a sentence that names the excess, or "" if there is none.
func (g Growth) Warning() string {
	switch {
	case g.Unstable():
		return fmt.Sprintf("powers of S grow %.6g times per step after %d steps (seed %d): errors grow without bound", g.Rate, g.Steps, g.Seed)
	case !(g.Factor <= mostGrowth):
		return fmt.Sprintf("S^%d enlarges a random field %.4g times (seed %d); Lemma 1 allows 1, and more than %g means that errors grow too", g.Step, g.Factor, g.Seed, mostGrowth)
	}
	return ""
}

// The resolved field is a sum of so many plane waves, the shortest of which has so
// many of the widest intervals of every axis.
const (
	waves        = 8
	perWave      = 16
	noiseStreams = 2
)

// Growth applies S steps times to two random fields, a resolved one and a rough one, and
// returns the largest |S^n v| over the nodes of the ball (nil: all nodes) in units of
// |v|, the largest value of v's interpolant in the box, looked for at the nodes and
// between them. The error is the context's. Cost: steps applications and an
// interpolation to 3^d times as many points.
func (s *Operator) Growth(ctx context.Context, workers, steps int, seed uint64, ball *grid.Ball) (Growth, error) {
	r := Growth{Steps: steps, Seed: seed}
	u := [][]float64{s.waves(rand.New(rand.NewPCG(seed, 1))), make([]float64, s.g.Len())}
	rnd := rand.New(rand.NewPCG(seed, noiseStreams))
	for i := range u[1] {
		u[1][i] = rnd.NormFloat64()
	}
	v := [][]float64{make([]float64, s.g.Len()), make([]float64, s.g.Len())}
	size := [2]float64{s.supremum(u[0]), s.supremum(u[1])}
	inside := s.inside(ball)
	var middle, last float64 // max - min of the rough field
	for n := 1; n <= steps; n++ {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		s.ApplyAllTo(workers, v, u)
		u, v = v, u
		var factor [2]float64
		low, high := math.Inf(1), math.Inf(-1)
		for f := range u {
			for _, i := range inside {
				if a := math.Abs(u[f][i]) / size[f]; !(a <= factor[f]) {
					factor[f] = a
				}
				if f == 1 {
					low, high = min(low, u[f][i]), max(high, u[f][i])
				}
			}
		}
		if n == (steps+1)/2 {
			middle = high - low
		}
		last = high - low
		if !(factor[0] <= r.Factor) {
			r.Factor, r.Step = factor[0], n
		}
		if !(factor[1] <= r.Rough) {
			r.Rough = factor[1]
		}
		if math.IsNaN(factor[1]) || math.IsInf(factor[1], 0) {
			r.Rate = math.Inf(1)
			return r, nil
		}
	}
	if last > resolvedShare*size[1] && steps > 1 {
		r.Rate = math.Pow(last/middle, 1/float64(steps/2))
	}
	return r, nil
}

// waves returns a random sum of plane waves that the grid resolves.
func (s *frame) waves(rnd *rand.Rand) []float64 {
	d := s.g.Dim()
	widest := make([]float64, d)
	for k := range widest {
		a := s.g.Axis(k)
		for i := range a.Len() - 1 {
			widest[k] = max(widest[k], a.Node(i+1)-a.Node(i))
		}
	}
	u, x := make([]float64, s.g.Len()), make([]float64, d)
	for range waves {
		amplitude, phase := rnd.NormFloat64(), 2*math.Pi*rnd.Float64()
		wave := make([]float64, d)
		for k := range wave {
			wave[k] = (2*rnd.Float64() - 1) * 2 * math.Pi / (perWave * widest[k])
		}
		for i := range u {
			s.g.PointTo(x, i)
			sum := phase
			for k, v := range x {
				sum += wave[k] * v
			}
			u[i] += amplitude * math.Cos(sum)
		}
	}
	return u
}
