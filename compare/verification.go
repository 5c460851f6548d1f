package compare

import (
	"slices"
)

// Verdict is the outcome of one comparison of Verify.
type Verdict string

// The verdicts.
const (
	Agrees     Verdict = "agrees"
	Disagrees  Verdict = "disagrees"
	Incomplete Verdict = "incomplete" // a side has no value, no error estimate, or errors above the value
)

// Solution is a gap by one of the two methods.
type Solution struct {
	Gap        Number  `json:"gap"`
	Error      Number  `json:"error"` // total, absolute, two-sided
	Certified  bool    `json:"certified"`
	Reason     *string `json:"reason"` // nil, or why it is not certified
	Space      string  `json:"space"`  // of the model: chebyshev or uniform
	SpaceOrder int     `json:"space_order"`
	Nodes      int     `json:"nodes"` // per axis
	Scheme     string  `json:"scheme"`
	S          string  `json:"s"` // the discretisation of S: "uniform of order 8, 52 nodes"
}

// VerifiedGap is a gap by two methods.
type VerifiedGap struct {
	Observable string   `json:"observable"`
	Model      string   `json:"model"`
	Eta        float64  `json:"eta"`
	EtaText    string   `json:"eta_text"`
	First      Solution `json:"first"`
	Second     Solution `json:"second"`
	Difference Number   `json:"difference"` // of the gaps, absolute
	Allowed    Number   `json:"allowed"`    // the sum of the errors
	Verdict    Verdict  `json:"verdict"`
}

// Verification is how the gaps of a study compare with those of a second method, and
// the means of SGD with sampled ones. It marshals to verify.json.
type Verification struct {
	Schema   int           `json:"schema"`
	Study    string        `json:"study"`
	Title    string        `json:"title"`
	Kolmo    string        `json:"kolmo"`
	Seed     uint64        `json:"seed"`
	Paths    int           `json:"paths"`  // from every point
	Sigmas   float64       `json:"sigmas"` // standard errors that a sampled mean may be off
	Agree    bool          `json:"agree"`  // nothing disagrees
	Warnings []string      `json:"warnings"`
	Gap      []VerifiedGap `json:"gap"`
	Sampled  []SampledMean `json:"sampled"`
}

// Complete reports whether everything could be compared.
func (v *Verification) Complete() bool {
	gap := func(g VerifiedGap) bool { return g.Verdict == Incomplete }
	mean := func(m SampledMean) bool { return m.Verdict == Incomplete }
	return !slices.ContainsFunc(v.Gap, gap) && !slices.ContainsFunc(v.Sampled, mean)
}

// Disagreeing returns the number of comparisons that disagree.
func (v *Verification) Disagreeing() int {
	n := 0
	for _, g := range v.Gap {
		if g.Verdict == Disagrees {
			n++
		}
	}
	for _, m := range v.Sampled {
		if m.Verdict == Disagrees {
			n++
		}
	}
	return n
}

// SampledMean is U^n(x) = E phi(X_n), X_0 = x, from the grid of S and from paths.
type SampledMean struct {
	Observable string   `json:"observable"`
	Eta        float64  `json:"eta" col:"eta"`
	EtaText    string   `json:"eta_text"`
	N          int      `json:"n" col:"n"`
	T          float64  `json:"t"`
	X          []Number `json:"x" col:"x; .3"`
	Grid       Number   `json:"grid" col:"U^n; ~Error"`
	GridError  Number   `json:"grid_error"` // interpolation, quadrature, rounding
	Mean       Number   `json:"mean" col:"paths; ~Error"`
	Error      Number   `json:"error" col:"+- error; error"` // standard error of Mean
	// Deviations is (Mean - Grid)/Error; null where no path differs from another.
	Deviations Number  `json:"deviations" col:"sigmas; .2"`
	Difference Number  `json:"difference"` // |Mean - Grid|
	Allowed    Number  `json:"allowed"`    // Verification.Sigmas standard errors and the grid's error
	Verdict    Verdict `json:"verdict" col:"verdict"`
	Reason     *string `json:"reason"` // nil, or why there is no sampled mean
}
