package compare

import (
	"slices"
)

// Algorithm names a chain.
type Algorithm struct {
	Kind       string             `json:"kind"`
	Title      string             `json:"title"` // for sentences
	Parameters map[string]float64 `json:"parameters"`
	Schedule   *Schedule          `json:"schedule,omitempty"` // of step sizes that fall
	// Epoch reports that a step goes through all samples once, in random order.
	Epoch bool `json:"epoch,omitempty"`
	// Imitates is the learning rate whose noise per time a step has at every eta (SVAG); 0: it has its own.
	Imitates float64 `json:"imitates,omitempty"`
	Step
}

// Step is one step by formulas; nothing of it is known of a chain whose step everyone knows.
type Step struct {
	// State are the coordinates and Noise the laws of the variables beside the sample, where the study names them.
	State []string          `json:"state"`
	Noise map[string]string `json:"noise,omitempty"`
	// Update is a line per coordinate that moves, and Where says in sentences what stands in the lines.
	Update []UpdateLine `json:"update"`
	Where  []string     `json:"where"`
}

// UpdateLine is the next value of a coordinate, an expression of the old values; a name with a prime is a next value.
type UpdateLine struct {
	Name    string `json:"name"`
	Formula string `json:"formula"`
}

// Schedule says how step sizes fall.
type Schedule struct {
	Kind string  `json:"kind"`
	Rate float64 `json:"rate"`
}

// Result is what a study found: about itself, and a part for each of its kinds, which parts lists.
// It marshals to results.json, where the parts are not seen.
type Result struct {
	About
	GapResults
	LocalResults
	DecayResults
	HorizonResults

	Choices []Choice       `json:"choices"` // of what the study left open
	Run     map[string]any `json:"run"`     // what is needed to run again: seed, solver, accuracy, Go version, architecture, digests of study and data
	// FieldFiles are the files of the fields, beside the results.
	FieldFiles []FieldFile `json:"field_files"`

	StationaryResults
	Rates
	CrossingResults
	VariationResults
	ExitResults

	Ledger []LedgerRow `json:"ledger"` // of the proof of Theorem 1

	Drawn
}

// parts returns the parts of a result, one for each kind of study, in the order in which the kinds
// are run. This is the list of the kinds: what has a part here is one.
func (r *Result) parts() []part {
	return []part{&r.GapResults, &r.LocalResults, &r.DecayResults, &r.HorizonResults, &r.StationaryResults, &r.Rates, &r.CrossingResults, &r.VariationResults, &r.ExitResults}
}

// About is what a study was.
type About struct {
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
	Until  *float64    `json:"until"`
	Models []ModelInfo `json:"models"` // of the rows
}

// Drawn is what is drawn, and not in results.json.
type Drawn struct {
	Curves          []Curve          `json:"-"`
	LocalCurves     []LocalCurve     `json:"-"`
	DecayCurves     []DecayCurve     `json:"-"`
	VariationCurves []VariationCurve `json:"-"`
	Rasters         []Raster         `json:"-"`
	Fields          []FieldSet       `json:"-"`
}

// NewResult returns an empty result.
func NewResult(p *Problem) *Result {
	r := &Result{
		About:   About{Schema: 1, Study: p.Name, Title: p.Title, Models: modelInfos(p), Warnings: []string{}},
		Choices: []Choice{},
	}
	for _, part := range r.parts() {
		empty(part)
	}
	return r
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
	// Symbols says in sentences what stands in them; none is said of those of sgd.
	Symbols []string `json:"symbols"`
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
		infos[i] = ModelInfo{m.Name, slices.Index(p.Dynamics.Diffusions(), m), m.Order, m.Claim, m.Note, m.Formula.Drift, m.Formula.Diffusion, m.Formula.Symbols, m.Control, m.Term, m.TermName}
	}
	return infos
}

// FieldFile is a file of fields: its name in the folder of the results, and what it holds.
type FieldFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}
