package compare

// LocalErrorRow is the one-step error rho_j = sup_{|x|<=R} |S u^{j-1} - u^j|,
// u^j = u(., j eta), of one observable, model and learning rate (Lemma 3), and the
// bound of Theorem 1's proof that is telescoped from it,
//
//	gap <= sum_j rho_j.
type LocalErrorRow struct {
	Key
	Rho   Number `json:"rho" col:"sup rho; ~Error"`   // sup over j
	Error Number `json:"error" col:"+- error; error"` // of Rho: what two grids' fields differ by, the error in t and, where closures matter, another order
	N     int    `json:"n"`                           // the j of the supremum
	// Rate is beta in rho_j ~ e^{-beta j eta}, fitted over Window (times) with its interval,
	// which is for the rate as j grows; null where rho_j does not rise above its error long
	// enough.
	Rate   Number    `json:"rate" col:"beta; .3"`
	Low    Number    `json:"low" col:"interval; ..High .3"`
	High   Number    `json:"high"`
	Window [2]Number `json:"window"`
	LocalSum
	Gap      Number `json:"gap" col:"gap; ~GapError"`
	GapError Number `json:"gap_error"`
	// Holds tells that the gap is within the bound, errors counted; null where the errors
	// exceed the values.
	Holds    *bool   `json:"holds" col:"gap within sum; nil=undecided"`
	ClosedBy *string `json:"closed_by"`
	Reason   *string `json:"reason"` // why there are no numbers
}

// LocalSum is the bound on the gap by the sum of one-step errors.
type LocalSum struct {
	// Sum is the telescoped bound; of it Tail is extrapolated beyond the last step.
	Sum      Number `json:"sum" col:"sum of rho; ~SumError"`
	SumError Number `json:"sum_error" col:"+- error; error"`
	Tail     Number `json:"tail"`
}

// LocalCurve is rho_j, its running sum, and the gap at j eta: NaN where the gap is not
// followed any more, since no later step can matter to it.
type LocalCurve struct {
	Observable, Model, EtaText string
	Eta                        float64
	T, Rho, Sum, Gap           []float64
}

// LocalResults is what a study of one-step errors found.
type LocalResults struct {
	LocalError []LocalErrorRow `json:"local_error"`
	LocalOrder []OrderRow      `json:"local_order"`
}

// StudyLocalError asks for the one-step error (Lemma 3); it is answered by one-step errors with a value.
const StudyLocalError Study = "local-error"

func (*LocalResults) study() Study { return StudyLocalError }

func (p *LocalResults) answered() (answered, rows int) {
	return count(p.LocalError, func(r *LocalErrorRow) bool { return r.Rho == r.Rho })
}
