package process

// Varied is a dynamics whose first variations d_i X(n; x) and d_i X(t; x) are known (2.14):
// what moves them beside X itself. The errors say in a sentence why they are not.
type Varied interface {
	Dynamics
	// StepVariation returns a step of the chain: images of x and the Jacobians DF there.
	StepVariation(eta float64) (Variation, error)
	// RootVariation returns the columns sigma_k of the root of a diffusion's a, and their
	// Jacobians D sigma_k. Moments of first variations depend on the root; Root names it.
	RootVariation(m *Diffusion, eta float64) (Variation, error)
}

// Variation is a list of vectors at points with their Jacobians. It is immutable.
type Variation interface {
	// Len returns the number of vectors.
	Len() int
	// Root names the root of a in a line; empty for a step and where there is no noise.
	Root() string
	// NewVariator returns a workspace.
	NewVariator() Variator
}

// Variator evaluates a Variation: one goroutine at a time.
type Variator interface {
	// VectorsTo stores the vectors at x, entry i of vector k in vectors[k*D+i], their Jacobians,
	// d_j of entry i in jacobians[(k*D+i)*D+j], and their probabilities in weights; the columns
	// of a root have the weight one.
	VectorsTo(weights, vectors, jacobians, x []float64)
}
