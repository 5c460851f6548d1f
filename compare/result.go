package compare

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
)

// Number is a float64 that is stored as null in JSON when it is NaN or
// infinite, and read back from null as NaN.
type Number float64

// MarshalJSON implements json.Marshaler.
func (v Number) MarshalJSON() ([]byte, error) {
	if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(v))
}

// UnmarshalJSON implements json.Unmarshaler.
func (v *Number) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		*v = Number(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(v))
}

// Tags of rows: json is the key in results.json, and col how tables show the field, as
// export has it.

// Errors are the parts of the error estimate of a gap, absolute values.
type Errors struct {
	Space         Number `json:"space" col:"space; error"`                 // discretisation of L
	Time          Number `json:"time" col:"time; error"`                   // propagation in t
	Interpolation Number `json:"interpolation" col:"interpolation; error"` // interpolation in S
	Quadrature    Number `json:"quadrature" col:"quadrature; error"`       // quadrature over xi
	Sup           Number `json:"sup" col:"sup; error"`                     // search for the supremum over the ball
	Tail          Number `json:"tail" col:"tail; error"`                   // steps beyond the last one computed
	Taper         Number `json:"taper" col:"taper; error"`                 // noise that ends beyond the region
}

// GapRow is sup_n sup_{|x|<=R} |U^n - u(., n eta)| (3.3) for one observable,
// model and learning rate.
type GapRow struct {
	Observable string  `json:"observable"`
	Model      string  `json:"model"`
	Eta        float64 `json:"eta" col:"eta"`
	EtaText    string  `json:"eta_text"` // as the study writes it: "1/128"
	Gap        Number  `json:"gap" col:"gap; ~Error"`
	Error      Number  `json:"error" col:"error; error"` // total, absolute, two-sided
	Errors     Errors  `json:"errors"`
	// N, T and X are where the largest computed value was: step, time n eta and
	// point.
	N int      `json:"n" col:"n"`
	T float64  `json:"t" col:"t; 4g spare"`
	X []Number `json:"x" col:"x; .4"`
	// Tail reports that the supremum is approached as n grows and not attained.
	Tail       bool   `json:"tail"`
	Nodes      int    `json:"nodes"` // per axis
	Space      string `json:"space"` // chebyshev or uniform
	SpaceOrder int    `json:"space_order"`
	// Scheme is the propagation in t: polynomial, or a scheme with its steps per
	// SGD step.
	Scheme string `json:"scheme"`
	// ClosedBy names the argument that closed the supremum over all n: "fit",
	// "oscillation", or nil; "horizon" where it is over t <= Horizon by definition.
	ClosedBy *string  `json:"closed_by"`
	Horizon  *float64 `json:"horizon,omitempty"`
	// Growth estimates max_t |e^{tL}| in the maximum norm.
	Growth    Number  `json:"growth"`
	Invariant bool    `json:"invariant"` // |x - center - eta grad f(x;xi)| <= R over ball and law
	Certified bool    `json:"certified" col:"certified; (Tail)"`
	Reason    *string `json:"reason"` // nil, or why the row is not certified
	// Steps is the number of SGD steps computed and LocalOrder the slope of the
	// gap between this eta and the preceding, larger one (NaN for the first).
	Steps      int    `json:"steps"`
	LocalOrder Number `json:"local_order" col:"order; .2 @n"`
}

// OrderRow is the fitted order of the gap in eta for one observable and model.
type OrderRow struct {
	Observable string    `json:"observable"`
	Model      string    `json:"model"`
	Slope      Number    `json:"slope"`
	Low        Number    `json:"low"`  // 95 % confidence interval
	High       Number    `json:"high"` //
	Etas       []float64 `json:"etas"` // the certified ones used, at most the last four
	Expected   int       `json:"expected"`
	Verdict    string    `json:"verdict"` // one line, for people
	// Extrapolated is the order that the last three of Etas extrapolate to, free of
	// the first correction in eta; NaN for fewer than three.
	Extrapolated      Number `json:"extrapolated"`
	ExtrapolatedError Number `json:"extrapolated_error"` // what the rows' errors can do to it, and what it still moves
}

// Algorithm names a chain.
type Algorithm struct {
	Kind       string             `json:"kind"`
	Title      string             `json:"title"` // for sentences
	Parameters map[string]float64 `json:"parameters"`
	Schedule   *Schedule          `json:"schedule,omitempty"` // of step sizes that fall
	// Epoch reports that a step goes through all samples once, in random order.
	Epoch bool `json:"epoch,omitempty"`
}

// Schedule says how step sizes fall.
type Schedule struct {
	Kind string  `json:"kind"`
	Rate float64 `json:"rate"`
}

// Result is what a study found. It marshals to results.json.
type Result struct {
	Schema int    `json:"schema"`
	Study  string `json:"study"`
	Title  string `json:"title"`
	Kolmo  string `json:"kolmo"`
	// Algorithm is the chain that is compared, as its study has it; set by whoever knows it.
	Algorithm   Algorithm `json:"algorithm"`
	Assumptions any       `json:"assumptions"`
	Warnings    []string  `json:"warnings"`
	// Until is the last t of all suprema where f is not strongly convex, but of those closed
	// by oscillation; nil where they are over all t.
	Until       *float64        `json:"until"`
	Models      []ModelInfo     `json:"models"` // of the rows
	Gap         []GapRow        `json:"gap"`
	Order       []OrderRow      `json:"order"`
	Constant    []ConstantRow   `json:"constant"`
	LocalError  []LocalErrorRow `json:"local_error"`
	LocalOrder  []OrderRow      `json:"local_order"`
	Decay       []DecayRow      `json:"decay"`
	DecayLimits []DecayLimit    `json:"decay_eta0"`
	Moments     []MomentRow     `json:"moments"`

	Horizon      []HorizonRow   `json:"horizon"`
	HorizonOrder []HorizonOrder `json:"horizon_order"`
	HorizonTime  []HorizonTime  `json:"horizon_time"`

	Choices []Choice       `json:"choices"` // of what the study left open
	Run     map[string]any `json:"run"`     // what is needed to run again: seed, solver, accuracy, Go version, architecture, digests of study and data
	// FieldFiles are the files of the fields, beside the results.
	FieldFiles []FieldFile `json:"field_files"`

	// Limits as n grows, section 4.1.
	Stationary      []StationaryRow `json:"stationary"`
	StationaryOrder []OrderRow      `json:"stationary_order"`
	MeanShift       []MeanShiftRow  `json:"mean_shift"`
	MeanShiftOrder  []OrderRow      `json:"mean_shift_order"` // of the remainders
	Spectrum        []SpectrumRow   `json:"spectrum"`         // of S, then of the models

	Crossing      []CrossingRow   `json:"crossing"` // of the chain, then of the models, by observable
	CrossingSlope []CrossingSlope `json:"crossing_slope"`
	Variation     []VariationRow  `json:"variation"` // of the chain, then of the models

	Ledger []LedgerRow `json:"ledger"` // of the proof of Theorem 1

	Curves          []Curve          `json:"-"`
	LocalCurves     []LocalCurve     `json:"-"`
	DecayCurves     []DecayCurve     `json:"-"`
	VariationCurves []VariationCurve `json:"-"`
	Rasters         []Raster         `json:"-"`
	Fields          []FieldSet       `json:"-"`
}

// ModelInfo says what a model of the rows is, for whoever shows them.
type ModelInfo struct {
	Name string `json:"name"`
	// Place is its number among all diffusions of the dynamics, for colours.
	Place int    `json:"place"`
	Order int    `json:"order"` // of its gap, by theory; 0: none is claimed
	Claim string `json:"claim"` // the statement about it, or ""
	Note  string `json:"note"`  // what sets it apart, or ""
	// Drift and Diffusion are formulas.
	Drift     string `json:"drift"`
	Diffusion string `json:"diffusion"`
	// Control is the model that this one is the negative control of, the same without
	// Term in the drift, called TermName; all may be "".
	Control  string `json:"control"`
	Term     string `json:"term"`
	TermName string `json:"term_name"`
}

// modelInfos describes the problem's models.
func modelInfos(p *Problem) []ModelInfo {
	infos := make([]ModelInfo, len(p.Models))
	for i, m := range p.Models {
		infos[i] = ModelInfo{m.Name, slices.Index(p.Dynamics.Diffusions(), m), m.Order, m.Claim, m.Note, m.Formula.Drift, m.Formula.Diffusion, m.Control, m.Term, m.TermName}
	}
	return infos
}

// FieldFile is a file of fields: its name in the folder of the results, and what it holds.
type FieldFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Curve is the gap over the ball as a function of time,
// Gap[i] = sup_{|x|<=R} |U^n - u(., n eta)| at T[i] = n eta.
type Curve struct {
	Observable, Model, EtaText string
	Eta                        float64
	T, Gap                     []float64
}

// Raster is U^n, u(., n eta) and their difference at the worst n, on a uniform
// raster of the interval (d = 1) or the square (d = 2) around the ball, for a
// picture. Entry j*len(X1)+i of U, Diffusion and Values belongs to (X1[i], X2[j]);
// points outside the ball are NaN. X2 is nil for d = 1.
//
// For d = 3 there are no values but three Slices, the planes through At that are
// orthogonal to the third, the second and the first axis. A slice is a Raster of
// its own with Center, R and At in its plane. A worst point near a pole of the
// ball would leave a slice of no size: slices stay within RasterPole R of the centre.
type Raster struct {
	Observable, Model, EtaText string
	Eta                        float64
	N                          int
	T                          float64
	Center                     []float64
	R                          float64
	At                         []float64 // the worst point
	Gap                        float64   // |U^n - u| there
	X1, X2                     []float64
	U, Diffusion               []float64 // U^n and u(., n eta)
	Values                     []float64 // U^n - u(., n eta)

	Slices []Raster // d = 3
	// Held says where coordinates with a range are whose starts differ: "m = 0.5"; they have no axis.
	Held   string
	Axes   [2]int  // of a slice: the axes of X1 and X2, from 0
	Normal int     // of a slice: the axis orthogonal to it
	Offset float64 // of a slice: the coordinate along that axis
}
