package compare

// ExitRow is the mean time in which a process leaves an interval of the line, or a box of the plane (section 4.1): of
// the chain n eta, n being the first step that ends outside; of a model the first time at an end or a face.
type ExitRow struct {
	Model   string  `json:"model" col:"process"` // the dynamics' name for the chain
	Eta     float64 `json:"eta" col:"eta"`
	EtaText string  `json:"eta_text"`
	ExitPlace
	// T is the mean time from X; null where it is not known, or infinite as Reason then says.
	T     Number `json:"t" col:"mean time; ~Error"`
	Error Number `json:"error" col:"+- error; error"`
	// Errors are how far grids are apart, and the quadrature over xi.
	Errors ExitErrors `json:"errors"`
	ExitAction
	// Ratio is T over that of the chain; null for the chain and where one is not certified.
	Ratio      Number  `json:"ratio" col:"ratio; ~RatioError"`
	RatioError Number  `json:"ratio_error" col:"+- error; error"`
	Cells      int     `json:"cells"` // of the finest grid, along an axis with noise
	Certified  bool    `json:"certified" col:"certified"`
	Reason     *string `json:"reason"` // nil, or why the row is not certified, or why the time is infinite
}

// ExitPlace is the interval or the box that is left, and from where, in the user's coordinates.
type ExitPlace struct {
	Interval *[2]Number  `json:"interval"` // null in the plane
	Box      [][2]Number `json:"box"`      // the ends along each axis; empty on the line
	X        Point       `json:"x"`
}

// ExitErrors are the parts of the error of a mean exit time.
type ExitErrors struct {
	Space      Number `json:"space"`
	Quadrature Number `json:"quadrature"`
}

// ExitAction is what Arrhenius' law speaks of: null where a step has noise of its own, which does not vanish with eta.
type ExitAction struct {
	// Action is eta ln(T), which tends to the barrier as eta -> 0.
	Action      Number `json:"action" col:"eta ln t; .5"`
	ActionError Number `json:"action_error"`
	// Barrier is eta times what the exponent of small noise rises by on the way from X out, once paths
	// have come to rest; 0 where they slide out, null where there is none.
	Barrier Number `json:"barrier" col:"barrier; 5g"`
}

// ExitLimit is what the actions of one process extrapolate to as eta -> 0.
type ExitLimit struct {
	Model string    `json:"model"`
	Etas  []float64 `json:"etas"` // the smallest certified ones, at most three
	// Barrier is the limit of eta ln(T) by B + c eta ln(eta) + d eta through Etas, and Error how far it may be off.
	Barrier Number `json:"barrier"`
	Error   Number `json:"error"`
	// Theory is the barrier of small noise in the limit; null where there is none.
	Theory Number  `json:"theory"`
	Reason *string `json:"reason"` // nil, or why there is no limit
}

// Exit is what a study of exit times is asked for: an interval on the line, or a box in the plane.
type Exit struct {
	Interval [2]float64
	X        *float64     // nil: the stable point of rest of the limit eta -> 0 in the interval
	Box      [][2]float64 // the ends along each axis; nil: the interval
	From     []float64    // the point of the box
}

// ExitResults is what a study of exit times found, of the chain, then of the models.
type ExitResults struct {
	Exit      []ExitRow   `json:"exit"`
	ExitOrder []OrderRow  `json:"exit_order"` // of |T/T_chain - 1|
	ExitLimit []ExitLimit `json:"exit_limit"`
}

// StudyExit asks for the mean times in which an interval or a box is left (section 4.1); it is answered by certified ones.
const StudyExit Study = "exit"

func (*ExitResults) study() Study { return StudyExit }

func (p *ExitResults) answered() (answered, rows int) {
	return count(p.Exit, func(r *ExitRow) bool { return r.Certified })
}
