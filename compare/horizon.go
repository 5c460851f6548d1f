package compare

// HorizonRow is the gap as a function of time up to a horizon,
//
//	gap(t) = sup_{|x|<=R} |U^n - u(., n eta)|,   t = n eta <= horizon,
//
// of one observable, model and learning rate (Proposition 2).
type HorizonRow struct {
	Key
	Horizon float64 `json:"horizon"`
	// Times are n eta, of every step or, beyond 2048 steps, of every k-th and the last;
	// Gap and its Error are taken there.
	Times []Number `json:"t"`
	Gap   []Number `json:"gap"`
	Error []Number `json:"error"`
	// Plateau is the gap at the horizon. T is the last time with a gap of at most half
	// of that, interpolated between steps; null where the gap has not levelled off, the
	// plateau is not above its error, T is before the first step or its error is not below T, as TReason says.
	Plateau      Number `json:"plateau" col:"plateau; ~PlateauError"`
	PlateauError Number `json:"plateau_error" col:"+- error; error"`
	T            Number `json:"T" col:"T; .4"`
	TError       Number `json:"T_error" col:"+- error; error"`
	// Alpha are the growth rates of the derivatives of u, |J| = 1, 2, ..
	Alpha []GrowthRate `json:"alpha"`
	// Sup are the suprema over t <= beta ln(1/eta).
	Sup       []HorizonSup `json:"sup"`
	Invariant bool         `json:"invariant"` // the ball, as in GapRow
	// Reason is why the row has no curve; nil where it has one. TReason is why a row with a curve has no T.
	Reason  *string `json:"reason"`
	TReason *string `json:"T_reason"`
}

// GrowthRate is alpha in sup |d^J u| ~ e^{alpha t}, the supremum over the nodes of the
// ball and all J of one |J|.
type GrowthRate struct {
	J     int    `json:"J"` // |J|
	Alpha Number `json:"alpha"`
	// Low and High are the least and the largest of the rates over Window and over its
	// two halves.
	Low    Number    `json:"low"`
	High   Number    `json:"high"`
	Window [2]Number `json:"window"` // times
}

// HorizonSup is the supremum of the gap over t <= T = beta ln(1/eta).
type HorizonSup struct {
	Beta float64 `json:"beta"`
	T    float64 `json:"t"`
	// Steps is the supremum over the steps n eta <= T, Gap that over all such t with the
	// gap interpolated linearly between steps. Null where T is less than a step or
	// beyond the horizon.
	Steps Number `json:"steps"`
	Gap   Number `json:"gap"`
	Error Number `json:"error"`
}

// HorizonOrder is the order in eta of sup_{t <= beta ln(1/eta)} gap(t) of one
// observable and model.
type HorizonOrder struct {
	Observable string    `json:"observable" col:"observable"`
	Model      string    `json:"model" col:"model"`
	Beta       float64   `json:"beta" col:"beta"`
	Slope      Number    `json:"slope" col:"order; .3"`        // over Etas
	Low        Number    `json:"low" col:"scatter; ..High .3"` // 95 % confidence interval
	High       Number    `json:"high"`                         //
	Etas       []float64 `json:"etas"`                         // at most the last four
	// Last is the slope at the smallest learning rate, of the parabola through the last
	// three points: the order drifts with ln(1/eta).
	Last      Number `json:"last" col:"at the smallest eta; .3"`
	LastError Number `json:"last_error"`
	// Leading is the slope over Etas of eta^k sup |e|, the leading term of the gap as it is
	// predicted (ConstantRow), over the same times: what the fitted slope is without the
	// terms of higher order in eta. Null where e is not resolved that far.
	Leading Number `json:"leading"`
	// Expected is k - alpha beta, k the model's weak order and Alpha the growth rate of
	// d^J u, |J| = J, at the smallest learning rate where it is known; J is zero where D is not.
	Expected Number `json:"expected" col:"k - alpha beta; .3"`
	Alpha    Number `json:"alpha" col:"alpha; .3"`
	J        int    `json:"J" col:"of |J|"`
	Verdict  string `json:"verdict"`
}

// HorizonTime is the slope of T(eta) in ln(1/eta) of one observable and model.
type HorizonTime struct {
	Observable string    `json:"observable"`
	Model      string    `json:"model"`
	Slope      Number    `json:"slope"`
	Low        Number    `json:"low"` // 95 % confidence interval
	High       Number    `json:"high"`
	Etas       []float64 `json:"etas"` // at most the last four
	// Last is the slope at the smallest learning rate, of the parabola through the last
	// three points: the correction to T falls with eta.
	Last      Number `json:"last"`
	LastError Number `json:"last_error"`
	// PlateauOrder is the order p of the plateaus in eta over Etas, and Expected
	// (k - p)/alpha: eta^k e^{alpha T} ~ eta^p.
	PlateauOrder Number `json:"plateau_order"`
	Expected     Number `json:"expected"`
	Verdict      string `json:"verdict"`
}

// HorizonResults is what a study up to a horizon found.
type HorizonResults struct {
	Horizon      []HorizonRow   `json:"horizon"`
	HorizonOrder []HorizonOrder `json:"horizon_order"`
	HorizonTime  []HorizonTime  `json:"horizon_time"`
}

// StudyHorizon asks for the gap up to a horizon (Proposition 2); it is answered by gaps up to a horizon.
const StudyHorizon Study = "horizon"

func (*HorizonResults) study() Study { return StudyHorizon }

func (p *HorizonResults) answered() (answered, rows int) {
	return count(p.Horizon, func(r *HorizonRow) bool { return len(r.Gap) > 0 })
}
