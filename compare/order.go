package compare

// OrderRow is the fitted order of the gap in eta for one observable and model.
type OrderRow struct {
	Observable string    `json:"observable"`
	Model      string    `json:"model"`
	Slope      Number    `json:"slope"`
	Low        Number    `json:"low"`  // 95 % confidence interval
	High       Number    `json:"high"` //
	Etas       []float64 `json:"etas"` // the certified ones used, at most the last four, of one sign
	Expected   int       `json:"expected"`
	Verdict    string    `json:"verdict"` // one line, for people
	// Extrapolated is the order that the last three of Etas extrapolate to, free of
	// the first correction in eta; NaN for fewer than three.
	Extrapolated      Number `json:"extrapolated"`
	ExtrapolatedError Number `json:"extrapolated_error"` // what the rows' errors can do to it, and what it still moves
}

// Constants of what orders say.
const (
	// OrderWithin is how far an order may be from the theory's and still confirm it.
	OrderWithin = 0.1
	// WidestOrder is the half-width of an order's interval beyond which it says nothing.
	WidestOrder = 0.5
)

// Falls reports that the quantity falls with eta at the learning rates used.
func (o *OrderRow) Falls() bool { return o.Slope > OrderWithin }
