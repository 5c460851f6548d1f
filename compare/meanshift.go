package compare

// MeanShiftRow is the displacement of the stationary mean from the minimiser x* of f,
// per unit eta,
//
//	(E_pi X - x*)/eta,
//
// of SGD or of a model, beside the first-order prediction -(1/2) H^{-1} (T:C), H C + C H
// = Sigma, H and T the second and third derivatives of f at x* (section 4.1; zero for
// gradient-flow).
type MeanShiftRow struct {
	Process   string   `json:"process"` // the chain, or a model
	Eta       float64  `json:"eta"`
	EtaText   string   `json:"eta_text"`
	Minimizer []Number `json:"minimizer"`
	Shift     []Number `json:"shift"`
	Error     Number   `json:"error"` // largest of Shift's entries
	Predicted []Number `json:"predicted"`
	// PredictedError is the largest of Predicted's entries.
	PredictedError Number `json:"predicted_error"`
	// Remainder is |Shift - Predicted|, of order eta, and Relative its ratio to
	// |Predicted|, null where that is zero.
	Remainder      Number  `json:"remainder"`
	RemainderError Number  `json:"remainder_error"`
	Relative       Number  `json:"relative"`
	Reason         *string `json:"reason"` // nil, or why the row does not count
}
