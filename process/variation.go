package process

// Varied is a dynamics whose first variations d_i X(n; x) and d_i X(t; x) are known (2.14): what moves
// them beside X itself. Points q are of the dynamics, and all vectors and Jacobians of the users' coordinates z (see Charted).
// The errors say in a sentence why they are not known.
type Varied interface {
	Dynamics
	// StepVariation returns a step of the chain: images of points and the Jacobians DF there.
	StepVariation(eta float64) (Variation, error)
	// RootVariation returns the drift of a diffusion and columns sigma_k of a root of its a. Moments of first
	// variations depend on the root, which Root names. It is nil where the diffusion has no noise.
	RootVariation(m *Diffusion, eta float64) (Root, error)
}

// Variation is a list of images with their Jacobians. It is immutable.
type Variation interface {
	// Len returns the number of images.
	Len() int
	// NewVariator returns a workspace.
	NewVariator() Variator
}

// Variator evaluates a Variation: one goroutine at a time.
type Variator interface {
	// ImagesTo stores the images of q, which are points too, entry i of image k in images[k*D+i], the Jacobians,
	// d_j of entry i in jacobians[(k*D+i)*D+j], and probabilities in weights. Where noise ends only because the
	// computation needs that (see Tapered), its end has no derivative.
	ImagesTo(weights, images, jacobians, q []float64)
}

// Root is a drift with the columns of a root. It is immutable.
type Root interface {
	// Len returns the number of columns, none where they do not depend on the point.
	Len() int
	// String names the root in a line; empty without columns.
	String() string
	// NewRooter returns a workspace.
	NewRooter() Rooter
}

// Rooter evaluates a Root: one goroutine at a time.
type Rooter interface {
	// ColumnsTo stores the drift at q, entry i of column k in columns[k*D+i], and returns by what the noise of
	// the point ends only because the computation needs that (see Tapered), 1 elsewhere.
	ColumnsTo(drift, columns, q []float64) (end float64)
}
