package compare

// VariationRow is the decay of a moment of a first variation ((2.15), (2.16)),
//
//	sup_{|x|<=R} E|d_i X(t;x)|^p <= C e^{-rate t},
//
// of the chain, t = n eta, or of a model.
type VariationRow struct {
	Model     string  `json:"model" col:"process"` // the dynamics' name for the chain
	Eta       float64 `json:"eta" col:"eta"`
	EtaText   string  `json:"eta_text"`
	Direction int     `json:"direction" col:"i"` // i, from 1
	P         int     `json:"p" col:"p"`
	VariationFit
	// PMu is p mu, mu the least curvature of f on the ball, or the rate at which the drift contracts it: what the
	// rate is at least as eta falls. Null where that is not positive.
	PMu Number `json:"p_mu" col:"p mu; 4g"`
	// Floor is the largest error of the moment: how far two grids are apart, rounding, the quadrature over xi, and
	// where noise ends.
	Floor   Number `json:"floor"`
	Root    string `json:"root"`  // of the noise; empty for the chain and without noise
	Nodes   int    `json:"nodes"` // per axis, of the finest grid
	Verdict string `json:"verdict" col:"verdict"`
	Reason  string `json:"reason"` // of the verdict
}

// VariationFit is how a moment of a first variation falls.
type VariationFit struct {
	// Rate is that as t grows, by the largest eigenvalue of a step, with its interval; null where it is
	// not known, negative where the moment grows, and 0 where it is constant to rounding. C is over the times of Window, in which the moment stands
	// above its error.
	Rate   Number    `json:"rate" col:"rate; .4"`
	Low    Number    `json:"low" col:"low; .4"`
	High   Number    `json:"high" col:"high; .4"`
	C      Number    `json:"C" col:"C; 4g"`
	CError Number    `json:"c_error"`
	Window [2]Number `json:"window"`
}

// VariationCurve is sup_{|x|<=R} E|d_i X(t;x)|^p.
type VariationCurve struct {
	Model, EtaText string
	Eta            float64
	Direction, P   int
	T, Sup         []float64
}

// VariationResults is what a study of first variations found, of the chain, then of the models.
type VariationResults struct {
	Variation []VariationRow `json:"variation"`
}

// StudyVariation asks for the moments of first variations, (2.14) to (2.20); it is answered by moments whose rate was resolved.
const StudyVariation Study = "variation"

func (*VariationResults) study() Study { return StudyVariation }

func (p *VariationResults) answered() (answered, rows int) {
	return count(p.Variation, func(r *VariationRow) bool { return r.Verdict != DecayNotResolved })
}
