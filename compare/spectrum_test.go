//go:build !race

package compare

import (
	"context"
	"testing"

	"kolmo/sgd"
)

// spectrumOf runs the spectrum study of a problem.
func spectrumOf(t *testing.T, p *Problem, cfg *Config) *Result {
	t.Helper()
	p.Studies = []Study{StudySpectrum}
	r, err := Run(context.Background(), p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// escapeWell is the double well with noise of both signs.
var escapeWell = spec{name: "escape", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{-1}, {1}},
	loss: "x^4/4 - x^2/2 + xi*x", observables: [][2]string{{"x", "x"}}, r: 1.5, etas: []int{4, 8, 16, 32, 64}}

func TestTry(t *testing.T) {
	p := build(t, escapeWell)
	p.Models = modelsOf(p, sgd.Modified, sgd.SecondOrder, sgd.FirstOrder, sgd.GradientFlow)
	for _, r := range spectrumOf(t, p, nil).Spectrum {
		t.Logf("%-13s %5s %d %.10g %.6g +- %.2g (%.1e %.1e %.1e) %v nodes %d box %.4g ratio %.6g %v %s", r.Model, r.EtaText, r.K, r.Rate, r.Imag, r.Error, r.Errors.Space, r.Errors.Algebra, r.Errors.Quadrature, r.Certified, r.Nodes, r.Box, r.Ratio, r.RatioError, deref(r.Reason))
	}
}
