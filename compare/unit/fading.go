package unit

import (
	"math"
	"slices"

	"kolmo/process"
)

const (
	// taperSafety multiplies what nearer ends of the noise show of what the ends do.
	taperSafety = 2
	// fadingShells are the radii at which the fall of the effect is looked at, and fadingDensity says how
	// densely on each.
	fadingShells  = 4
	fadingDensity = 16
	// fadingShare is the largest share of the fall that is believed: fields grow on the way out, and their effect
	// falls more slowly.
	fadingShare = 0.5
)

// Fading says how the effect of the noise's ends falls with their distance.
type Fading struct {
	s *Setup
	// fall is the exponent by which the way to the ends gets harder from the nearer ends to the ends, the least over all
	// directions. near are points of the ball as far as there, and far those of a sphere.
	fall         float64
	near, far    [][]float64
	byDefinition bool // noise ends there, and nothing is missed
}

// NewFading looks at the ends of a model, or of the chain where it is nil. The effect e of ends falls with their
// distance r as what it takes to get there,
//
//	e ~ exp(-integral of 2 |b_r|/a_rr dr),   b_r and a_rr drift and noise along the radius,
//
// times the size there of what is observed. Under noise that grows with r the former is a power, and a power of r may make up for it.
func NewFading(s *Setup, m *process.Diffusion, eta float64) *Fading {
	own, ok := s.Problem.Dynamics.(process.Tapered)
	if !ok {
		return &Fading{s: s, byDefinition: true}
	}
	from, to := own.Ends(), own.Moved().(process.Tapered).Ends()
	// Where the inner end cannot move, the middle of the layer moves by half as much as the outer end.
	length := (from[0] - to[0] + from[1] - to[1]) / 2
	step := length / fadingShells
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
	near := to[0]
	if from[0] == to[0] {
		near = (to[0] + to[1]) / 2
	}
	f := &Fading{s: s, fall: math.Inf(1), far: s.Problem.Region(near + length).Sphere(fadingDensity)}
	for _, v := range steepness {
		f.fall = min(f.fall, v)
	}
	// All that is nearer counts: a wave may vanish at the end.
	for i := range fadingShells {
		f.near = append(f.near, s.Problem.Region(near*float64(i+1)/fadingShells).Sphere(fadingDensity)...)
	}
	return f
}

// Share is what a change with nearer ends is multiplied by to bound what the ends do to something of a size in
// space; nil says that it does not grow. Ends that are nearer by a length over which the effect falls to the share q have the effect e/q, and e is
// q/(1-q) of the change. Infinite is the share where it does not fall: where drift does not lead inward, or the size grows as fast.
func (f *Fading) Share(size func(x []float64) float64) float64 {
	if f.byDefinition {
		return taperSafety
	}
	fall := fadingShare * f.fall
	if size != nil {
		if near, far := largest(size, f.near), largest(size, f.far); far > near {
			fall = min(fall, f.fall-math.Log(far/near))
		}
	}
	if !(fall > 0) {
		return math.Inf(1)
	}
	return taperSafety * max(1, 1/math.Expm1(fall))
}

// Of is the share of numbers of an observable, whose size is its distance from its value at the centre. Beyond
// the observables there are coordinates, which do not grow faster than the half that is not believed.
func (f *Fading) Of(observable int) float64 {
	if observable >= len(f.s.Problem.Observables) {
		return f.Share(nil)
	}
	phi := f.s.Problem.Observables[observable].NewFunc()
	at0 := phi(f.s.Problem.Ball.Center)
	return f.Share(func(x []float64) float64 { return math.Abs(phi(x) - at0) })
}

// Center is the ball's centre.
func (f *Fading) Center() []float64 { return f.s.Problem.Ball.Center }

// largest returns the largest value at points.
func largest(size func(x []float64) float64, points [][]float64) float64 {
	most := 0.0
	for _, x := range points {
		most = max(most, size(x))
	}
	return most
}

// OutwardEnds is the reason of rows where the share is infinite.
const OutwardEnds = "what the end of the noise does is not known, since it does not fall with its distance: the drift leads outward there, or what is observed grows too fast; let it end elsewhere, by ball.taper, or take a larger ball"

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
	if m == nil && c.A[0][0] == nil {
		// The noise of a chain whose limit has none is that of its diffusions.
		all := s.Problem.Dynamics.Diffusions()
		if i := slices.IndexFunc(all, func(m *process.Diffusion) bool { return m.Tapered }); i >= 0 {
			m = all[i]
		}
	}
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
