package compare

import (
	"context"
	"fmt"
	"math"

	"kolmo/compare/spectrum"
	"kolmo/process"
)

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
	// and the quadrature over xi.
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
}

// DefaultSpectrumCount is the number of eigenvalues of a spectrum study.
const DefaultSpectrumCount = 4

// spectrumUnit are the rows of one model, or of the chain, at one learning rate.
type spectrumUnit struct{ Rows []asJSON[SpectrumRow] }

// spectra finds the leading eigenvalues of S and of some models at one learning rate.
func (s *gapStudy) spectra(ctx context.Context, i int, models []int) error {
	if err := s.chainSpectrum(ctx, i); err != nil {
		return err
	}
	models, err := missing(s, &s.modes, StudySpectrum, i, models)
	if err != nil || models == nil {
		return err
	}
	eta := s.p.Etas[i]
	for k, m := range models {
		model := s.p.Models[m]
		s.progress(eta, float64(k+1)/float64(len(models)+1), 1, fmt.Sprintf("eta = %s: eigenvalues of the %s model", eta.Text, model))
		c, err := s.modelModes(ctx, model, eta.Value)
		if err != nil {
			return err
		}
		if err := keep(s, &s.modes, StudySpectrum, i, m, s.spectrumRows(model.Name, eta, c)); err != nil {
			return err
		}
	}
	return nil
}

// chainSpectrum finds or loads the rows of S at a learning rate. They belong to no model.
func (s *gapStudy) chainSpectrum(ctx context.Context, i int) error {
	eta := s.p.Etas[i]
	return chainUnit(s, &s.chainModes, StudySpectrum, i, func() (*spectrumUnit, error) {
		s.progress(eta, 0, 1, fmt.Sprintf("eta = %s: eigenvalues of S", eta.Text))
		c, err := s.stepModes(ctx, eta.Value)
		if err != nil {
			return nil, err
		}
		return s.spectrumRows(s.p.Dynamics.Name(), eta, c), nil
	})
}

// spectrumCount is the number of eigenvalues asked for.
func (s *gapStudy) spectrumCount() int {
	if s.p.SpectrumCount > 0 {
		return s.p.SpectrumCount
	}
	return DefaultSpectrumCount
}

// spectrumRows judges what a climb found.
func (s *gapStudy) spectrumRows(name string, eta Rate, c *climb) *spectrumUnit {
	u := new(spectrumUnit)
	nan := Number(math.NaN())
	for k := range s.spectrumCount() {
		row := SpectrumRow{Model: name, Eta: eta.Value, EtaText: eta.Text, K: k + 1, Rate: nan, Imag: nan, Error: nan,
			Errors: SpectrumErrors{nan, nan, nan}, Nodes: c.nodes, Box: Number(c.half), Ratio: nan, RatioError: nan}
		switch {
		case k < c.zeros:
			row.Rate, row.Imag, row.Error, row.Errors, row.Certified = 0, 0, 0, SpectrumErrors{}, true
			row.because(c.zerosWhy)
		case c.zeros > 0:
			row.because(c.zerosWhy + "; what else there is is not resolved")
		case k >= len(c.found):
			row.because(c.missing())
		default:
			f, rules := c.found[k], c.rules[k]
			row.Errors = SpectrumErrors{Space: Number(f.Grid), Algebra: Number(f.Algebra), Quadrature: Number(rules)}
			row.Error = Number(f.Error + rules)
			if f.Below {
				row.Error = Number(f.Floor)
				row.because(fmt.Sprintf("below the floor: rounding does not tell rates below %.1e from zero", f.Floor))
				break
			}
			row.Rate, row.Imag = Number(real(f.Rate)), Number(imag(f.Rate))
			switch {
			case c.why != "":
				row.because(c.why)
			case f.Doubt:
				row.because("a slower eigenvalue is seen on some grids only")
			case row.Error != row.Error:
				row.because(noRuleSpectrum)
			case !(float64(row.Error) <= s.p.Accuracy*real(f.Rate)):
				row.because(fmt.Sprintf("the error is above %g of the rate", s.p.Accuracy))
			default:
				row.Certified = true
			}
		}
		u.Rows = append(u.Rows, asJSON[SpectrumRow]{row})
	}
	return u
}

// noRuleSpectrum is the reason of rows without an error by the quadrature.
const noRuleSpectrum = "the error of the quadrature over xi is not known: the eigenvalue is not seen under a richer rule"

// because gives the row its reason.
func (r *SpectrumRow) because(why string) { r.Reason = &why }

// spectrumResults collects the rows: those of S first, then the models'.
func (s *gapStudy) spectrumResults(res *Result) {
	for i := range s.p.Etas {
		for _, r := range s.chainModes[i].Rows {
			res.Spectrum = append(res.Spectrum, r.V)
		}
	}
	for m := range s.p.Models {
		for i := range s.p.Etas {
			for k, r := range s.modes.at(i, m).Rows {
				row := r.V
				if own := s.chainModes[i].Rows[k].V; own.Rate > 0 && row.Rate > 0 && own.Certified && row.Certified {
					row.Ratio = row.Rate / own.Rate
					row.RatioError = row.Ratio * (row.Error/row.Rate + own.Error/own.Rate)
				}
				res.Spectrum = append(res.Spectrum, row)
			}
		}
	}
}

// wellsOf returns the intervals that the chain on the line cannot leave.
func (s *gapStudy) wellsOf(eta, half float64) ([]spectrum.Interval, error) {
	if len(s.p.Ball.Center) > 1 || s.mu > 0 {
		return nil, nil
	}
	chain := s.p.Dynamics.Chain(eta)
	im, x := chain.NewImager(), []float64{0}
	var failed error
	wells := spectrum.Wells(chain.Images(), func(at, weights []float64, z float64) {
		x[0] = z
		if err := im.ImagesTo(weights, at, x); err != nil && failed == nil {
			failed = err
		}
	}, spectrum.Interval{Lo: s.p.Ball.Center[0] - half, Hi: s.p.Ball.Center[0] + half})
	return wells, failed
}

// invariantBoxes are the half-widths over R at which the chain is looked for to stay.
var invariantBoxes = []float64{1, 1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5}

// invariantHalf returns the radius of the smallest ball tried that the chain does not leave,
// and R with a reason where there is none.
func (s *gapStudy) invariantHalf(eta float64) (float64, string) {
	chain, state := s.p.Dynamics.Chain(eta), s.p.Dynamics.State()
	for _, share := range invariantBoxes {
		if in, _ := chain.Keeps(process.Region{State: state, R: share * s.p.Ball.R}); in {
			return share * s.p.Ball.R, ""
		}
	}
	return s.p.Ball.R, fmt.Sprintf("a step leaves the ball of radius R, and all tried up to %g R, so that S on it says nothing of the chain for certain", invariantBoxes[len(invariantBoxes)-1])
}
