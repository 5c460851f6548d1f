package compare

// StationaryRow is the limit of U^n and of u(., n eta) as n grows (section 4.1), the
// values pi(phi) of the invariant laws of SGD and of a model, for one observable and
// learning rate, and their difference
//
//	lim U^n - lim u(., n eta).
//
// Each limit is found twice: from the null vector of S^T - I or L^T, and from a run that
// goes on until the field is constant over the ball.
type StationaryRow struct {
	Key
	// SGD and Diffusion are of the two values those with the smaller error; SGD is the same
	// in the rows of all models, and Diffusion of gradient-flow is phi at the minimiser.
	SGD            Number `json:"sgd" col:"lim U; 0~SGDError 5g"`
	SGDError       Number `json:"sgd_error"`
	Diffusion      Number `json:"diffusion" col:"lim u; 0~DiffusionError 5g"`
	DiffusionError Number `json:"diffusion_error"`
	Difference     Number `json:"difference" col:"difference; ~Error"` // SGD - Diffusion
	Error          Number `json:"error" col:"+- error; error"`         // of Difference: the sum of the two
	StationaryNull
	StationaryRun
	// Agree reports that null vectors and runs agree within their errors, and those of
	// gradient-flow with Diffusion; nil where one of them is missing.
	Agree  *bool   `json:"agree" col:"methods agree"`
	Reason *string `json:"reason"` // nil, or why the row does not count
}

// StationaryRun are limits by long runs.
type StationaryRun struct {
	// The values by long runs up to time T: the middle of the field's range over the
	// ball, whose half is part of the error in place of the residual.
	SGDRun            Number `json:"sgd_run"`
	SGDRunError       Number `json:"sgd_run_error"`
	DiffusionRun      Number `json:"diffusion_run"`
	DiffusionRunError Number `json:"diffusion_run_error"`
	T                 Number `json:"t" col:"t; .1"`
}

// StationaryNull are limits by null vectors.
type StationaryNull struct {
	// The values by null vectors: their errors are what two grids differ by as fields, the
	// residual, the quadrature over xi and what of phi lies between the nodes.
	SGDNull            Number `json:"sgd_null"`
	SGDNullError       Number `json:"sgd_null_error"`
	DiffusionNull      Number `json:"diffusion_null"`
	DiffusionNullError Number `json:"diffusion_null_error"`
}

// StationaryResults is the limits as n grows, section 4.1; MeanShiftOrder is of the remainders.
type StationaryResults struct {
	Stationary      []StationaryRow `json:"stationary"`
	StationaryOrder []OrderRow      `json:"stationary_order"`
	MeanShift       []MeanShiftRow  `json:"mean_shift"`
	MeanShiftOrder  []OrderRow      `json:"mean_shift_order"`
}

// StudyStationary asks for the limits of U^n and of u (section 4.1); it is answered by limits that count.
const StudyStationary Study = "stationary"

func (*StationaryResults) study() Study { return StudyStationary }

func (p *StationaryResults) answered() (answered, rows int) {
	return count(p.Stationary, func(r *StationaryRow) bool { return r.Reason == nil })
}
