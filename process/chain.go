package process

import "math/rand/v2"

// Chain is a Markov chain at one eta, with finitely many images of every point. A value
// is immutable and may be shared by goroutines.
type Chain interface {
	// Eta returns the small parameter.
	Eta() float64
	// Dim returns the number D of coordinates.
	Dim() int
	// Images returns the number M of images of a point.
	Images() int
	// Moving reports that the probabilities of the images depend on the point.
	Moving() bool
	// Time returns the time of the diffusions at which step n ends.
	Time(n int) float64
	// NewImager returns a workspace that finds images.
	NewImager() Imager
	// NewSampler returns a workspace that takes random steps with the numbers of rnd, and
	// false where the chain cannot be sampled. See Sampler.
	NewSampler(rnd *rand.Rand) (Sampler, bool)
	// Keeps reports that no image of a point of the region leaves it, and if not, why.
	Keeps(r Region) (bool, string)
	// Support returns the chain over nodes that reach to the ends of the law's support,
	// whose weights say nothing, and false where no such nodes are known.
	Support() (Chain, bool)
	// Refine returns the chain under a richer quadrature of its law, and false where
	// nothing is to be estimated.
	Refine() (Chain, bool)
}

// Imager finds the images of points. It is a workspace: one goroutine at a time.
type Imager interface {
	// ImagesTo stores the images of x and their probabilities: image m in
	// images[m*D:(m+1)*D], with the probability weights[m]. len(weights) must be M,
	// len(images) M D and len(x) D. The error is one that NonFinite knows, where an image
	// is not finite; all others are stored then too. It does not allocate otherwise.
	ImagesTo(weights, images, x []float64) error
}

// Sampler takes random steps. It is a workspace: one goroutine at a time.
type Sampler interface {
	// Step moves every point z_p = z[p*D : (p+1)*D] by one random step, independently. It
	// panics if len(z) is no multiple of D.
	Step(z []float64)
}

// Affine is a chain whose images lie on rays: image m of x is x + Scale() v_m(x), with
// directions v_m and probabilities that do not depend on eta.
type Affine interface {
	Chain
	// Scale returns the factor of the directions.
	Scale() float64
	// Directions identifies the directions: it is equal (==) for chains that have the same.
	Directions() any
	// NewDirector returns a workspace that stores the directions where an Imager stores
	// images.
	NewDirector() Imager
}
