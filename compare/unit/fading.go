package unit

import (
	"math"

	"kolmo/process"
)

const (
	// taperSafety multiplies what nearer ends of the noise show of what the ends do.
	taperSafety = 2
	// fadingShells are the radii at which the fall of the effect is looked at, and fadingDensity says how
	// densely on each.
	fadingShells  = 4
	fadingDensity = 16
	// fadingShare is the share of the fall that is believed: fields grow on the way out, as x^6 and third
	// eigenfunctions do, and their effect falls more slowly.
	fadingShare = 0.5
)

// TaperShare is what a change with nearer ends is multiplied by to bound what the ends do, of a model or of the
// chain where it is nil. The effect e of ends falls with their distance r as what it takes to get there:
//
//	e ~ exp(-integral of 2 |b_r|/a_rr dr),   b_r and a_rr drift and noise along the radius.
//
// Ends that are nearer by a length over which that falls to the share q have the effect e/q, and e is q/(1-q) of the
// change. q is the largest over all directions, and infinite is the share where drift does not lead inward.
func TaperShare(s *Setup, m *process.Diffusion, eta float64) float64 {
	own, ok := s.Problem.Dynamics.(process.Tapered)
	if !ok {
		return taperSafety
	}
	from, to := own.Ends(), own.Moved().(process.Tapered).Ends()
	// Where the inner end cannot move, the middle of the layer moves by half as much as the outer end.
	step := (from[0] - to[0] + from[1] - to[1]) / 2 / fadingShells
	steepness := []float64{}
	for i := range fadingShells {
		// Beyond the inner end noise has faded, and would seem to be less.
		r := min(to[0]+step*(float64(i)+0.5), from[0])
		for k, v := range inwardness(s, m, eta, r) {
			if i == 0 {
				steepness = append(steepness, 0)
			}
			steepness[k] += v * step
		}
	}
	least := math.Inf(1)
	for _, v := range steepness {
		least = min(least, v)
	}
	if !(least > 0) {
		return math.Inf(1)
	}
	return taperSafety * max(1, 1/math.Expm1(fadingShare*least))
}

// OutwardEnds is the reason of rows where the share is infinite.
const OutwardEnds = "the drift leads outward where the noise ends, so that what the end does is not known: let it end elsewhere, by ball.taper, or take a larger ball"

// Tapered is what the ends do to a number that nearer ends change by d.
func Tapered(share, d float64) float64 {
	if math.IsInf(share, 1) {
		return share
	}
	return share * d
}

// inwardness returns 2 |b_r|/a_rr at points of the sphere of radius r, negative where drift leads outward, and infinite
// where there is no noise along the radius. b_r has the part that Ito's formula adds to it.
func inwardness(s *Setup, m *process.Diffusion, eta, r float64) []float64 {
	sphere := s.Problem.Region(r)
	points := sphere.Sphere(fadingDensity)
	f := s.Problem.Dynamics.At(points, s.Config.Workers)
	c := s.Problem.Dynamics.Limit(f)
	if m != nil {
		c = m.Coefficients(f, eta)
	}
	out := make([]float64, len(points))
	for i, x := range points {
		drift, noise, trace := 0.0, 0.0, 0.0
		for k, v := range x {
			if sphere.Range(k) != nil {
				continue
			}
			n := (v - sphere.Center[k]) / r
			if c.B[k] != nil {
				drift += n * c.B[k][i]
			}
			for l, w := range x {
				if sphere.Range(l) == nil && c.A[k][l] != nil {
					noise += n * c.A[k][l][i] * (w - sphere.Center[l]) / r
				}
			}
			if c.A[k][k] != nil {
				trace += c.A[k][k][i]
			}
		}
		drift += (trace - noise) / (2 * r)
		switch {
		case noise > 0:
			out[i] = -2 * drift / noise
		case drift > 0:
			out[i] = math.Inf(-1)
		default:
			out[i] = math.Inf(1)
		}
	}
	return out
}
