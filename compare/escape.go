package compare

// EscapeRow is the rate at which one of two wells of the line or of the plane is left. With the second
// eigenfunction as weights chi of the wells, 0 at the one point of rest and 1 at the other,
// E chi(X_t) solves the equation of a process of two states. These are its rates: the
// slowest rate times the other well's stationary weight.
type EscapeRow struct {
	Model   string  `json:"model" col:"process"` // the dynamics' name for S
	Eta     float64 `json:"eta" col:"eta"`
	EtaText string  `json:"eta_text"`
	EscapeWell
	// Weight is the well's under the stationary law.
	Weight      Number `json:"weight"`
	WeightError Number `json:"weight_error"`
	Rate        Number `json:"rate" col:"rate; ~Error"`
	Error       Number `json:"error" col:"+- error; error"`
	// Action is -eta ln(Rate), which tends to the barrier as eta -> 0; null where a step has noise
	// of its own, whose rates tend to a constant.
	Action      Number `json:"action" col:"-eta ln rate; .5"`
	ActionError Number `json:"action_error"`
	EscapeTheory
	// Ratio is Rate over that of S; null for S and where one is not certified.
	Ratio      Number  `json:"ratio" col:"ratio; 5g"`
	RatioError Number  `json:"ratio_error"`
	Certified  bool    `json:"certified" col:"certified"`
	Reason     *string `json:"reason"` // nil, or why the row is not certified, or why the rate is zero
}

// EscapeWell is a well and where it is.
type EscapeWell struct {
	Well   string `json:"well" col:"well"` // left or right, by the first coordinates of the points of rest
	Rest   Point  `json:"rest"`            // its stable point of rest; null where there are not two wells
	Saddle Point  `json:"saddle"`          // the unstable one between the wells
}

// EscapeTheory is what small noise says of the rate of leaving a well.
type EscapeTheory struct {
	// Barrier is the exponent of small noise times eta: the integral from Rest to Saddle of
	// 2|b|/a for a diffusion, of the root q of E e^{q (F(x) - x)} = 1 for S. In the plane it is the difference
	// of the potential W of a diffusion with b = -a grad W/2, times eta; null where there is none.
	Barrier Number `json:"barrier" col:"barrier; 5g"`
	// Kramers is his rate with the noise everywhere as at the saddle, and SmallNoise what the mean time of passage
	// tends to with the noise as it is; null for S. In the plane both are Eyring's and Kramers' rate, or null.
	Kramers    Number `json:"kramers" col:"Kramers; 4g"`
	SmallNoise Number `json:"small_noise" col:"small noise; 4g"`
}

// Names of wells.
const (
	WellLeft  = "left"
	WellRight = "right"
)

// EscapeLimit is what the actions of one well extrapolate to as eta -> 0.
type EscapeLimit struct {
	Model string    `json:"model"`
	Well  string    `json:"well"`
	Etas  []float64 `json:"etas"` // the smallest certified ones, at most three
	// Barrier is the limit of -eta ln(rate) by a polynomial through Etas, and Error how far it
	// may be off.
	Barrier Number `json:"barrier"`
	Error   Number `json:"error"`
	// Theory is the small-noise barrier in the limit; null where there is none.
	Theory Number  `json:"theory"`
	Reason *string `json:"reason"` // nil, or why there is no limit
}
