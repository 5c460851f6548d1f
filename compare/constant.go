package compare

// ConstantRow is the leading constant of the gap of one observable and model:
//
//	gap/eta^k -> sup_t sup_{|x|<=R} |e(x,t)|,   e = lim (U^n - u(., n eta))/eta^k,
//
// k the model's weak order and t from zero to infinity, predicted without learning
// rates (doc/theory.md) beside what the study measured.
type ConstantRow struct {
	Observable string `json:"observable" col:"observable"`
	Model      string `json:"model" col:"model"`
	Order      int    `json:"order" col:"k; some"` // k
	Predicted  Number `json:"predicted" col:"predicted; 5g"`
	// Error is irregularSafety times the difference of two grids, of the suprema or of the
	// fields where |e| may be the largest, and what is left of the limit t to infinity.
	Error Number `json:"error" col:"+- error; error"`
	// T and X are where |e| is largest; a nil T is infinity. Where f is not convex |e|
	// grows, and what is predicted and measured is over t <= Horizon, nil otherwise.
	T       *float64 `json:"t" col:"t; .3 nil=inf"`
	X       []Number `json:"x" col:"x; .2"`
	Horizon *float64 `json:"horizon" col:"up to; .3 any @t"`
	ConstantMeasured
	// Richardson is the limit extrapolated from RichardsonEtas, the two smallest
	// certified learning rates or, where f is not convex, those with an error estimate.
	Richardson      Number    `json:"richardson" col:"extrapolated; 5g"`
	RichardsonError Number    `json:"richardson_error" col:"+- error; error"`
	RichardsonEtas  []float64 `json:"richardson_etas"`
	Reason          *string   `json:"reason"` // why there is no prediction
}

// ConstantMeasured is what a study measured of a leading constant.
type ConstantMeasured struct {
	// Measured is gap/eta^k at Eta, the smallest learning rate; Certified is its row's. Over
	// t <= Horizon its error is that of the horizon study at these times or, where there is none,
	// that of the row, whose times are all of the study's.
	Measured      Number  `json:"measured" col:"measured; 5g *Certified"`
	MeasuredError Number  `json:"measured_error" col:"+- error; error"`
	Eta           float64 `json:"eta" col:"eta"`
	EtaText       string  `json:"eta_text"`
	Certified     bool    `json:"certified"`
}

// String describes the prediction beside the measurement.
func (c *ConstantRow) String() string {
	if c.Reason != nil {
		return "no prediction: " + *c.Reason
	}
	at := "as t tends to infinity"
	if c.T != nil {
		at = Say("at t = %.4g", *c.T)
	}
	return Say("predicted %.6g %s, measured %.6g at eta = %.4g, extrapolated %.6g", float64(c.Predicted), at, float64(c.Measured), c.Eta, float64(c.Richardson))
}
