package process

import (
	"fmt"

	"kolmo/kolmogorov"
)

// Diffusion is a diffusion that approximates a chain: data that all packages above go by.
type Diffusion struct {
	Name string
	// Order is the weak order: the gap is O(eta^Order). 0: none is claimed.
	Order int
	// StationaryOrder is the order in eta of the difference of stationary values. 0: none
	// is claimed.
	StationaryOrder int
	// Radius is where the process lives: the half-width of its box, and of the ball that
	// keeps its paths; 0: the region's own.
	Radius float64
	// Analytic reports that b and a are as smooth as the chain's moments; a cutoff is not
	// analytic, and polynomials resolve it slowly.
	Analytic bool
	Noise    Noise
	// Tapered reports that the noise ends beyond the region for the computation's sake, and
	// not by the diffusion's definition: what that does is an error. See Tapered.
	Tapered bool
	// OwnRest reports that it need not rest where the limit eta -> 0 does, also where there
	// is no noise.
	OwnRest bool
	// Lacks says in a clause after its name why there is no such diffusion, "is made of ..",
	// and is empty where there is; nil: there always is.
	Lacks func() string
	// Preferred ranks the diffusions for studies that look at one of them: the largest;
	// those with 0 are looked at if there is no other.
	Preferred int
	// Coefficients returns b and a at the points of fields.
	Coefficients func(f Fields, eta float64) *kolmogorov.Coefficients
	// Weights weighs the parts of the fields as they enter b and a.
	Weights Weights
	// Defect is what its one-step defect is made of.
	Defect Defect
	// Claim names the statement about it, for verdicts: "Theorem 1"; may be empty.
	Claim string
	// Formula gives b and a for people.
	Formula Formula
	// Note says in a clause what sets it apart: "has no noise"; may be empty.
	Note string
	// Control, if not empty, names the diffusion that this one is the negative control of:
	// the same without Term in the drift, with its sign, called TermName: "the eta/4 term".
	Control, Term, TermName string
}

// Noise says where the noise of a diffusion acts.
type Noise int

// The reaches of noise.
const (
	NoNoise      Noise = iota // a = 0
	NoiseEndsIn               // a vanishes at the faces of the box
	NoiseAtFaces              // a acts up to the faces of the box
)

// Formula is how b and a read in a report, in plain text.
type Formula struct {
	Drift, Diffusion string
	Symbols          []string // sentences on what stands in them; nil: what everyone knows
}

// Defect describes the leading coefficient D of a diffusion's one-step defect.
type Defect struct {
	// New returns D at fields on a grid; nil: no constant is predicted. The grid should
	// be a Chebyshev one: derivatives are by all nodes of an axis.
	New func(f Fields, workers int) (*kolmogorov.Defect, error)
	// Uses reports whether D is made of a part, and whether of its derivatives.
	Uses func(p Part) (part, derivatives bool)
	// ThirdMoments reports that D has the third central moments of a step.
	ThirdMoments bool
	// Same is equal for diffusions with the same D in the ball, and not empty then.
	Same string
}

// String returns the name.
func (d *Diffusion) String() string { return d.Name }

// Named returns the diffusions of a dynamics with the given names, in their order. The
// error names one that there is not.
func Named(d Dynamics, names ...string) ([]*Diffusion, error) {
	list := make([]*Diffusion, len(names))
	for i, name := range names {
		for _, m := range d.Diffusions() {
			if m.Name == name {
				list[i] = m
			}
		}
		if list[i] == nil {
			return nil, fmt.Errorf("process: %s has no diffusion %q", d.Name(), name)
		}
	}
	return list, nil
}
