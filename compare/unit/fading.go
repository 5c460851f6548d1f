package unit

import (
	"math"
	"slices"

	"kolmo/grid"
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
	// mostPower bounds the power like which the way to the ends gets harder, and mostBend by how much a power that grows does.
	mostPower, mostBend = 1e3, 2
	// leastPower is that of the distance like which the effect must fall; under less a change tells nothing.
	leastPower = 0.8
	// leastEnds is the thickness, over R, of a layer in which noise ends below which nearer ends tell nothing: steps lead
	// across it, and grids do not see it. Under normal noise with R = 1, ends from 1.02 to 1.03 and eta = 1/4 they
	// changed a crossing time by a hundredth of what the ends do.
	leastEnds = 0.04
	// layerParts are the parts of the layer in which noise ends that means over it are taken from.
	layerParts = 256
)

// Fading says how the effect of the noise's ends falls with their distance.
type Fading struct {
	s *Setup
	// The way to the radius r gets harder like (r/r0)^power at the inner end r0, and the power grows like (r/r0)^bend, the least over all
	// directions. near are points of the ball as far as a little before the inner end, span the logarithm of r0 over that radius, and far
	// those of the sphere of r0.
	power, bend, span float64
	near, far         [][]float64
	ends, moved       [2]float64
	byDefinition      bool // noise ends there, and nothing is missed
}

// NewFading looks at the ends of a model, or of the chain where it is nil. The effect e of ends falls with their
// distance r as what it takes to get there,
//
//	e ~ exp(-integral of 2 |b_r|/a_rr dr),   b_r and a_rr drift and noise along the radius,
//
// times the size there of what is observed. Under noise that grows with r the former is a power, and a power of r may make up for it.
func NewFading(s *Setup, m *process.Diffusion, eta float64) *Fading { return newFading(s, eta, m) }

// FadingOfGaps looks at the ends of a model and, where its noise ends too, of the chain: both are in gaps.
func FadingOfGaps(s *Setup, m *process.Diffusion, eta float64) *Fading {
	if s.Noisy() {
		return newFading(s, eta, m, nil)
	}
	return newFading(s, eta, m)
}

// newFading looks at the ends of processes, of which the one whose effect falls the least counts.
func newFading(s *Setup, eta float64, processes ...*process.Diffusion) *Fading {
	own, ok := s.Problem.Dynamics.(process.Tapered)
	if !ok {
		return &Fading{s: s, byDefinition: true}
	}
	f := &Fading{s: s, ends: own.Ends(), moved: own.Moved().(process.Tapered).Ends()}
	// Beyond the inner end noise has faded, and what is observed grows less than it would: all is looked at before it.
	end := f.ends[0]
	near := max(end-(f.ends[0]-f.moved[0]+f.ends[1]-f.moved[1])/2, end/2)
	f.span = math.Log(end / near)
	radius := func(i int) float64 { return near + (end-near)*(float64(i)+0.5)/fadingShells }
	var powers [fadingShells]float64
	for i := range powers {
		r := radius(i)
		powers[i] = mostPower
		for _, of := range processes {
			powers[i] = min(powers[i], r*slices.Min(inwardness(s, of, eta, r)))
		}
		// All that is nearer counts: a wave may vanish at the end.
		f.near = append(f.near, s.Problem.Region(near*float64(i+1)/fadingShells).Sphere(fadingDensity)...)
	}
	f.far = s.Problem.Region(end).Sphere(fadingDensity)
	const last = fadingShells - 1
	f.power = powers[last]
	if powers[0] > 0 {
		f.bend = max(0, min(math.Log(f.power/powers[0])/math.Log(radius(last)/radius(0)), mostBend))
		f.power *= math.Pow(end/radius(last), f.bend)
	}
	if slices.Contains(processes, nil) && s.Noisy() && !Lasting(s) {
		if jump := jumps(s, eta, f.ends[1]); jump < f.power {
			f.power, f.bend = jump, 0
		}
	}
	return f
}

// jumps returns the power of the distance like which the chance of one step from the ball to the distance r falls, in the
// mean from R to r. Under laws with heavy tails a single step leads farther out than a diffusion gets in many.
// It is infinite where no node of the richest rule leads so far. Steps that lead farther are put on the sphere of radius r.
func jumps(s *Setup, eta, r float64) float64 {
	p := s.Problem
	if n := len(s.Richer); n > 0 {
		p = s.Richer[n-1].Problem
	}
	chain, R, least := p.Dynamics.Chain(eta), p.Ball.R, math.Inf(1)
	im, d := chain.NewImager(), chain.Dim()
	weights, images := make([]float64, chain.Images()), make([]float64, chain.Images()*d)
	for _, x := range append(p.Region(R).Sphere(fadingDensity), p.Ball.Center) {
		if im.ImagesTo(weights, images, x) != nil {
			return 0
		}
		out, far := 0.0, 0.0
		for i, w := range weights {
			switch at := p.Ball.Distance(images[i*d : (i+1)*d]); {
			case at >= r*(1-keepsRounding):
				far += w
				fallthrough
			case at >= R:
				out += w
			}
		}
		if far > 0 {
			least = min(least, math.Log(out/far)/math.Log(r/R))
		}
	}
	return least
}

// Share is what a change with nearer ends is multiplied by to bound what the ends do to something of a size in
// space; nil says that it does not grow. Noise that ends over a layer has the mean there of the effect that sharp ends have, and nearer ends
// change it by the difference of two means. Infinite is the share where these hardly differ: where drift does not lead inward, or the size grows as fast.
func (f *Fading) Share(size func(x []float64) float64) float64 {
	if f.byDefinition {
		return taperSafety
	}
	growth := 0.0
	if size != nil {
		if near, far := largest(size, f.near), largest(size, f.far); far > near {
			growth = math.Log(far/near) / f.span
		}
	}
	own, r := f.effect(f.ends, growth)
	moved, s := f.effect(f.moved, growth)
	switch {
	case own == 0:
		return taperSafety
	case f.ends[1]-f.ends[0] < leastEnds*f.s.Problem.Ball.R, !(f.power > 0) || !(math.Log(moved/own) >= leastPower*math.Log(r/s)):
		return math.Inf(1)
	}
	return taperSafety * max(1, own/(moved-own))
}

// effect returns the mean of the effect of sharp ends, over that at the inner end, where noise ends in proportion to chi^2 over a layer, and that of
// their radii. What is observed grows like a power.
func (f *Fading) effect(ends [2]float64, growth float64) (e, r float64) {
	cut := process.Cutoff{Ball: grid.Ball{Center: []float64{0}, R: ends[0]}, R2: ends[1]}
	step, before := (ends[1]-ends[0])/layerParts, 1.0
	for i := range layerParts {
		at := ends[0] + step*(float64(i)+0.5)
		chi := cut.At([]float64{at + step/2})
		x := math.Log(at / f.ends[0])
		way := f.power * x
		if f.bend > 0 {
			way = f.power * math.Expm1(f.bend*x) / f.bend
		}
		fall := min(fadingShare*way, way-growth*x)
		if x < 0 {
			fall = max(fadingShare*way, way-growth*x)
		}
		share := before - chi*chi
		e, r = e+share*math.Exp(-fall), r+share*at
		before = chi * chi
	}
	return e, r
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

// Outward says why nothing is known of a number whose share is infinite, "" where it is not.
func Outward(share float64) string {
	if math.IsInf(share, 1) {
		return OutwardEnds
	}
	return ""
}

// OutwardEnds is the reason of rows where the share is infinite.
const OutwardEnds = "what the end of the noise does is not known, since it hardly falls with its distance: the drift leads outward there, what is observed grows too fast, or noise ends too suddenly; let it end elsewhere, by ball.taper, or take a larger ball"

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
