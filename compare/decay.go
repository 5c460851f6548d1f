package compare

// DecayRow is the decay of one derivative of u (Proposition 1, (2.7)),
//
//	sup_{|x|<=R} |d^J u(.,t)| <= C e^{-gamma t},
//
// for one observable, multi-index 0 < |J| <= 4 and learning rate. On a ball the
// growth 1 + |x|^p of (2.7) is within C.
type DecayRow struct {
	Key `heads:"model="`
	J   []int `json:"J" col:"J"`
	// Gamma is fitted over Window (times), negative where the derivative grows; null
	// where there is nothing to fit. The interval is for the rate as t grows: it holds
	// what the errors can do to the slope, what is still to come of its drift, slower modes that the
	// window does not tell apart, though not below the spectral gap, and slower decay seen later. A mode that is never above the error is not in it.
	Gamma Number `json:"gamma" col:"gamma; .3"`
	Low   Number `json:"low" col:"interval; ..High .3"`
	High  Number `json:"high"`
	// C is the least constant of the bound with Gamma at all computed times, and CError how far
	// it may be off with that Gamma: by the errors of the derivative where it stands above them,
	// and by a maximum between the times.
	C      Number    `json:"C" col:"C; ~CError"`
	CError Number    `json:"c_error" col:"+- error; error"`
	Window [2]Number `json:"window" col:"window; .1"`
	// Floor is the largest error of sup |d^J u|: how far two grids' derivatives are
	// apart anywhere in the ball, and rounding.
	Floor Number `json:"floor" col:"floor; error"`
	// SpectralGap is -Re of the first nonzero eigenvalue of L on the grid: what Gamma
	// tends to over long times unless phi misses its eigenfunction.
	SpectralGap      Number `json:"spectral_gap" col:"spectral gap; ~SpectralGapError"`
	SpectralGapError Number `json:"spectral_gap_error"`
	Verdict          string `json:"verdict" col:"verdict"` // pass, fail, not-resolved or zero
	Reason           string `json:"reason"`                // of the verdict
}

// The verdicts on a derivative.
const (
	DecayPass        = "pass"         // it decays: the interval of gamma is positive
	DecayFail        = "fail"         // it grows: the interval of gamma is negative; or a moment is constant
	DecayNotResolved = "not-resolved" // neither is seen above the error
	DecayZero        = "zero"         // it is zero to its error
)

// DecayLimit is eta0(J) of Proposition 1 as far as it was tested: the largest learning
// rate from which on d^J u of every observable decays; nil: none.
type DecayLimit struct {
	Model   string   `json:"model"`
	J       []int    `json:"J"`
	Eta0    *float64 `json:"eta0"`
	EtaText string   `json:"eta_text"`
}

// MomentRow is the bound (2.10) on a moment of the diffusion,
//
//	E|X(t;x)|^{2m} <= C (1 + |x|^{2m} e^{-gamma t}),
//
// |.| from the ball's centre, on the ball.
type MomentRow struct {
	M       int       `json:"m" col:"m"`
	Model   string    `json:"model"`
	Eta     float64   `json:"eta" col:"eta"`
	EtaText string    `json:"eta_text"`
	Limit   Number    `json:"limit" col:"limit; ~Error"`   // of the moment as t grows
	Error   Number    `json:"error" col:"+- error; error"` // of Limit: how far two grids are apart and what still moves
	Gamma   Number    `json:"gamma" col:"gamma; .3"`       // of the approach to Limit, with its 95 % interval
	Low     Number    `json:"low" col:"interval; ..High .3"`
	High    Number    `json:"high"`
	C       Number    `json:"C" col:"C; ~CError"`            // the least constant with Gamma at all computed times
	CError  Number    `json:"c_error" col:"+- error; error"` // how far it may be off with that Gamma
	Window  [2]Number `json:"window" col:"window; .1"`
	Verdict string    `json:"verdict" col:"verdict"` // pass, fail, not-resolved or zero
	Reason  string    `json:"reason"`                // of the verdict
}

// DecayCurve is sup_{|x|<=R} |d^J u(.,t)| with its errors at the times T.
type DecayCurve struct {
	Observable, Model, EtaText string
	Eta                        float64
	J                          []int
	T, Sup, Error              []float64
}

// DecayResults is what a study of decay found.
type DecayResults struct {
	Decay       []DecayRow   `json:"decay"`
	DecayLimits []DecayLimit `json:"decay_eta0"`
	Moments     []MomentRow  `json:"moments"`
}

// StudyDecay asks for the derivatives of u (Proposition 1); it is answered by derivatives whose rate was resolved, or that vanish.
const StudyDecay Study = "decay"

func (*DecayResults) study() Study { return StudyDecay }

func (p *DecayResults) answered() (answered, rows int) {
	return count(p.Decay, func(r *DecayRow) bool { return r.Verdict != DecayNotResolved })
}
