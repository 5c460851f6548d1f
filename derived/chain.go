package derived

import (
	"fmt"
	"math"
	"math/rand/v2"

	"kolmo/grid"
	"kolmo/process"
)

// Step is one step of an algorithm at one eta, in states. A value is immutable.
type Step interface {
	// Images returns the number M of images of a state.
	Images() int
	// NewImager returns a workspace that finds images; see process.Imager.
	NewImager() process.Imager
	// NewSampler returns a workspace that takes random steps, and false where the law
	// cannot be drawn from.
	NewSampler(rnd *rand.Rand) (process.Sampler, bool)
}

// Reaching is a step whose law reaches farther than the nodes of its quadrature.
type Reaching interface {
	Step
	// Reach returns the step over the ends of the law's support, and false where that
	// is all or nothing is known.
	Reach() (Step, bool)
}

// chain is a step in a chart.
type chain struct {
	Step
	d   *Dynamics
	eta float64
}

var _ process.Chain = (*chain)(nil)

func (c *chain) Eta() float64 { return c.eta }

func (c *chain) Dim() int { return c.d.chart.d }

func (c *chain) Moving() bool { return c.d.alg.Law().Moving }

// Time implements process.Chain: n eta.
func (c *chain) Time(n int) float64 { return float64(n) * c.eta }

func (c *chain) Support() (process.Chain, bool) {
	l := c.d.alg.Law()
	switch {
	case l.Unbounded, leaves(c.d.alg):
		return nil, false
	case l.Exact:
		return c, true
	}
	if of, ok := c.Step.(Reaching); ok {
		if far, ok := of.Reach(); ok {
			return &chain{far, c.d, c.eta}, true
		}
	}
	return nil, false
}

func (c *chain) Refine() (process.Chain, bool) {
	fine, ok := c.d.Refine()
	if !ok {
		return nil, false
	}
	return fine.Chain(c.eta), true
}

// What Keeps looks at: shells, and points on each.
const (
	keepsShells   = 32
	keepsDensity  = 64
	keepsRanged   = 16 // where coordinates have ranges
	keepsRounding = 1e-12
	keepsWork     = 4_000_000 // evaluations of samples, beyond which shells are left out
)

// Keeps implements process.Chain: the largest |y| of images of points of the region, by
// a search.
func (c *chain) Keeps(r process.Region) (bool, string) {
	ball, err := r.Ball()
	switch {
	case err != nil:
		return false, err.Error()
	case c.d.alg.Law().Unbounded:
		return false, "the law of xi is unbounded"
	}
	steps := []Step{c.Step}
	if of, ok := c.Step.(Reaching); ok {
		if far, ok := of.Reach(); ok {
			steps = append(steps, far)
		}
	}
	for _, s := range steps {
		if keeps, why := c.keeps(s, ball); !keeps {
			return false, why
		}
	}
	return true, ""
}

// keeps is Keeps for one step.
func (c *chain) keeps(s Step, ball grid.Ball) (bool, string) {
	ch, d := c.d.chart, c.Dim()
	im := s.NewImager()
	all, ends, z := make([]float64, s.Images()), make([]float64, s.Images()*d), make([]float64, d)
	work := len(ball.Sphere(keepsDensity)) * keepsShells * c.d.alg.Law().Points
	each := min(1+work/keepsWork, keepsShells)
	// Images that leave come from the outermost points first.
	for i := keepsShells; i >= 0; i-- {
		if (keepsShells-i)%each != 0 && i > 0 {
			continue
		}
		shell := ball.With(c.d.Reach() * float64(i) / keepsShells)
		points := [][]float64{ball.Center}
		switch {
		case ball.Ranges != nil:
			points = shell.Sphere(keepsRanged)
		case i > 0:
			points = shell.Sphere(keepsDensity)
		}
		for _, q := range points {
			ch.toState(z, q)
			if err := im.ImagesTo(all, ends, z); err != nil {
				return false, err.Error()
			}
			weights, images := all, ends
			if !math.IsInf(held(c.d), 1) {
				// Images are held on the sphere. Their mean, the step without noise, must not lead there.
				weights, images = meanOf(weights, images)
			}
			for m := range weights {
				image := images[m*d : (m+1)*d]
				if !(ch.norm(image) <= c.d.keeps()*(1+keepsRounding)) {
					return false, "one step leaves the region"
				}
				for k, i := range ch.ranges {
					if i == nil {
						continue
					}
					if slack := keepsRounding * (i.High - i.Low); !(image[k] >= i.Low-slack && image[k] <= i.High+slack) {
						return false, fmt.Sprintf("one step leaves the range of %s", c.d.alg.Names()[k])
					}
				}
			}
		}
	}
	return true, ""
}

// meanOf returns the mean of images as the one image of a step.
func meanOf(weights, images []float64) (one, mean []float64) {
	mean = make([]float64, len(images)/len(weights))
	for i, v := range images {
		mean[i%len(mean)] += weights[i/len(mean)] * v
	}
	return []float64{1}, mean
}

func (c *chain) NewImager() process.Imager {
	return &imager{c.Step.NewImager(), c.d.chart, held(c.d), make([]float64, c.Dim())}
}

// imager finds images in a chart.
type imager struct {
	of    process.Imager
	chart *Chart
	held  float64 // images are put on the sphere of this radius that lie beyond
	z     []float64
}

func (im *imager) ImagesTo(weights, images, q []float64) error {
	im.chart.toState(im.z, q)
	err := im.of.ImagesTo(weights, images, im.z)
	for d, m := len(q), 0; m < len(weights); m++ {
		image := images[m*d : (m+1)*d]
		im.chart.hold(image, im.held)
		im.chart.toChart(image, image)
	}
	return err
}

func (c *chain) NewSampler(rnd *rand.Rand) (process.Sampler, bool) {
	s, ok := c.Step.NewSampler(rnd)
	if !ok {
		return nil, false
	}
	return &sampler{of: s, chart: c.d.chart, held: held(c.d)}, true
}

// sampler takes random steps in a chart.
type sampler struct {
	of    process.Sampler
	chart *Chart
	held  float64
}

func (s *sampler) Step(q []float64) {
	d := s.chart.d
	if len(q)%d != 0 {
		panic("derived: points of another dimension")
	}
	for i := 0; i < len(q); i += d {
		s.chart.toState(q[i:i+d], q[i:i+d])
	}
	s.of.Step(q)
	for i := 0; i < len(q); i += d {
		s.chart.hold(q[i:i+d], s.held)
		s.chart.toChart(q[i:i+d], q[i:i+d])
	}
}
