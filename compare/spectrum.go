package compare

// SpectrumRow is a leading eigenvalue of S or of a model's L as a rate: its eigenfunction
// falls like e^{-rate t}, t = n eta. Of two wells the slowest is the rate of leaving them.
type SpectrumRow struct {
	Model   string  `json:"model" col:"process"` // the dynamics' name for S
	Eta     float64 `json:"eta" col:"eta"`
	EtaText string  `json:"eta_text"`
	K       int     `json:"k" col:"k"` // 1: the slowest after the constant's
	// Rate is -ln|lambda|/eta for S and -Re lambda for L, Imag the angle of lambda over eta or
	// Im lambda; null where they are not known.
	Rate Number `json:"rate" col:"rate; ~Error"`
	Imag Number `json:"imag" col:"turning; 0~Error 5g any"`
	// Error is that of the complex rate: the sum of Errors, and the floor where the rate is
	// below it.
	Error Number `json:"error" col:"+- error; error"`
	// Errors are how far three grids are apart, rounding with the eigenvalue's condition,
	// the quadrature over xi, and noise that ends beyond the region.
	Errors SpectrumErrors `json:"errors"`
	Nodes  int            `json:"nodes"` // per axis, of the finest grid
	Box    Number         `json:"box"`   // half-width of its box
	// Ratio is Rate over that of S with the same k; null for S and where one is not certified.
	Ratio      Number  `json:"ratio" col:"ratio; 5g"`
	RatioError Number  `json:"ratio_error"`
	Certified  bool    `json:"certified" col:"certified"`
	Reason     *string `json:"reason"` // nil, or why the row is not certified, or why the rate is zero
}

// SpectrumErrors are the parts of the error of a rate.
type SpectrumErrors struct {
	Space      Number `json:"space"`
	Algebra    Number `json:"algebra"`
	Quadrature Number `json:"quadrature"`
	Taper      Number `json:"taper"`
}

// DefaultSpectrumCount is the number of eigenvalues of a spectrum study.
const DefaultSpectrumCount = 4

// Rates are the rows of a study of spectra.
type Rates struct {
	Spectrum      []SpectrumRow `json:"spectrum"`       // of S, then of the models
	SpectrumOrder []OrderRow    `json:"spectrum_order"` // of the models' rates less those of S, "rate 1" the slowest
	Escape        []EscapeRow   `json:"escape"`         // of two wells on the line, in the same order
	EscapeLimit   []EscapeLimit `json:"escape_limit"`   // of -eta ln(rate) as eta -> 0

	Eigenfunctions []Eigenfunction `json:"-"` // of the chain, then of the models
}

// StudySpectrum asks for the rates at which wells are left (section 4.1); it is answered by certified rates.
const StudySpectrum Study = "spectrum"

func (*Rates) study() Study { return StudySpectrum }

func (p *Rates) answered() (answered, rows int) {
	return count(p.Spectrum, func(r *SpectrumRow) bool { return r.Certified })
}
