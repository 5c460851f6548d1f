package fit

// Constants of the error estimate.
const (
	// DiscretisationShare is the share of the accuracy from which a row counts
	// as resolved.
	DiscretisationShare = 0.5
	// OrderSafety multiplies estimates that rest on a known or measured order.
	OrderSafety = 2
	// IrregularSafety multiplies the difference of two levels of collocation whose
	// error falls irregularly.
	IrregularSafety = 3
	// CalmGrowth is the transient growth up to which collocation converges as if the
	// ends of the box amplified nothing.
	CalmGrowth = 4
	// WildGrowth is the transient growth from which collocation is held against another box
	// where its noise reaches the faces: what it amplifies differs little from level to level.
	// f = 1.244 x^2/2 + xi (0.95 x + 0.475 softplus(0.685 - 1.049 x)), xi = +-1, on [-1,1], phi
	// = exp(-4.677 (x - 0.382)^2), second-order, eta = 1/2, grows by 9655 at 20 nodes. It is
	// off by 7.7e-3 of the gap 0.27, where 16 nodes differ by 7e-4.
	WildGrowth = 100
	// OrderLost is what the order may fall short of its name at these
	// resolutions: closures at the ends, interpolation once per step.
	OrderLost = 2
	// CutoffOrder is the highest order taken for granted for the modified model,
	// whose cutoff is not analytic.
	CutoffOrder = 6
	// Roundoff is the relative rounding error of one step, with what the
	// interpolation adds.
	Roundoff = 4e-16
	// CertifiedFloor is the error, relative to |phi|, that is always good enough.
	CertifiedFloor = 1e-12
)

// SupTolerance is the relative accuracy of a maximum that Newton's method has polished until it gains less than 1e-13 of
// it, with what rounding leaves.
const SupTolerance = 1e-11

// Constants of verdicts.
const (
	// ZeroShare is the size of a derivative, relative to sup |phi|/R^|J|, below which
	// it is zero, and zeroError that up to which its error may hide it.
	ZeroShare, ZeroError = 1e-9, 1e-3
	// ErrorSafety is the ratio to its error up to which a value is not told from zero.
	ErrorSafety = 3
	// MostMultiple is the largest multiple of the spectral gap that a rate is named by.
	MostMultiple = 4
)

// NearSup is the share of the largest gap of a step from which a point, with what two plans
// differ by there, may be the one.
const NearSup = 0.98
