package compare

// CrossingRow is the time at which a mean from a point crosses a level (section 4.2): that of
// the chain on the line between U^n(x) and U^{n+1}(x), that of a model where u(x,t) does.
type CrossingRow struct {
	Key   `heads:"model=process"` // Model is the dynamics' name for the chain
	Level float64                 `json:"level"`
	X     []float64               `json:"x"`
	T     Number                  `json:"t" col:"t; ~Error"`
	Error Number                  `json:"error" col:"+- error; error"`
	// Errors are how far two grids, of models on two boxes, are apart, what polynomials in t leave
	// out, the quadrature over xi, and noise that ends beyond the region.
	Errors CrossingErrors `json:"errors"`
	N      *int           `json:"n"` // the last step before it
	// OnSteps is where the line between the values at the steps n eta first crosses: T for the
	// chain, later than T or null where u returns between steps. Difference is a model's less
	// the chain's, both on steps.
	OnSteps         Number  `json:"t_on_steps"`
	Difference      Number  `json:"difference" col:"difference; ~DifferenceError"`
	DifferenceError Number  `json:"difference_error" col:"+- error; error"`
	Nodes           int     `json:"nodes"` // per axis, of the finest grid
	Certified       bool    `json:"certified" col:"certified"`
	Reason          *string `json:"reason"` // nil, or why the row is not certified
}

// CrossingErrors are the parts of the error of a crossing time.
type CrossingErrors struct {
	Space      Number `json:"space"`
	Time       Number `json:"time"`
	Quadrature Number `json:"quadrature"`
	Taper      Number `json:"taper"`
}

// CrossingSlope is the slope of the crossing time against ln(1/eta), over the smallest certified
// learning rates. The interval holds what errors, scatter and the drift of the slope
// still to come may do.
type CrossingSlope struct {
	Observable string    `json:"observable" col:"observable"`
	Model      string    `json:"model" col:"process"`
	Slope      Number    `json:"slope" col:"slope; .4"`
	Low        Number    `json:"low" col:"low; .4"`
	High       Number    `json:"high" col:"high; .4"`
	Etas       []float64 `json:"etas"`
	// Theory is 1/(2 lambda) where the limit eta -> 0 rests at the point and its fastest growth
	// is lambda > 0.
	Theory  Number `json:"theory" col:"theory; .4"`
	Verdict string `json:"verdict"`
}

// Crossing is what a crossing study is asked for.
type Crossing struct {
	Level float64
	// X are the coordinates of the point but for those that start at one value, as that of a schedule does; nil: the
	// middle of where paths start.
	X []float64
}

// CrossingResults is what a study of crossing times found, of the chain, then of the models, by observable.
type CrossingResults struct {
	Crossing      []CrossingRow   `json:"crossing"`
	CrossingSlope []CrossingSlope `json:"crossing_slope"`
}

// StudyCrossing asks for the times at which means cross a level (section 4.2); it is answered by certified crossing times.
const StudyCrossing Study = "crossing"

func (*CrossingResults) study() Study { return StudyCrossing }

func (p *CrossingResults) answered() (answered, rows int) {
	return count(p.Crossing, func(r *CrossingRow) bool { return r.Certified })
}
