package spectrum

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// The section has a row per row of the result, its reasons, the barrier and a picture; its
// answer names the smallest learning rate that both processes know.
func TestSpectrumSection(t *testing.T) {
	t.Parallel()
	if spectrumSection(new(compare.Result)) != nil || spectrumAnswer(new(compare.Result)) != nil {
		t.Error("a section or an answer without a study")
	}
	r := madeup.SpectrumResult()
	s := spectrumSection(r)
	var text bytes.Buffer
	s.Write(&text)
	for _, want := range []string{"1.353353e-01", "does not count: sgd, eta = 1/16, k = 1; second-order, eta = 1/16, k = 1: below the floor: here", "from eta = 1/4 to 1/8", "B = 0.5000 for sgd, 0.5000 for second-order"} {
		if !strings.Contains(strings.Join(strings.Fields(text.String()), " "), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "turning") {
		t.Error("a column of zeros")
	}
	if s.Figure == nil || s.Figure.Cols != 2 {
		t.Error("want a figure of two panels")
	}
	want := "slowest rate, eta = 1/8: 0.01831564 +- 1.0e-09 of SGD, 0.03663128 +- 1.0e-09 of the second-order diffusion, 2.000000 +- 1.0e-06 times as fast"
	if got := spectrumAnswer(r); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
	// A chain that cannot leave: its rate is zero, and the reason says why.
	for i := range r.Spectrum {
		if row := &r.Spectrum[i]; row.Model == "sgd" {
			row.Rate, row.Error, row.Certified, row.Reason = 0, 0, true, madeup.Ptr("sgd cannot leave [1, 2]")
		} else {
			row.Ratio = compare.Number(math.NaN())
		}
	}
	r.Spectrum[0].Imag = 3
	s = spectrumSection(r)
	if lines := strings.Join(s.Verdicts, "\n"); !strings.Contains(lines, "sgd, eta = 1/4, k = 1: the rate is zero: sgd cannot leave [1, 2]") || s.Figure.Cols != 1 {
		t.Errorf("%d panels, %s", s.Figure.Cols, lines)
	}
	if got := spectrumAnswer(r); len(got) != 1 || got[0] != "eta = 1/4: sgd cannot leave [1, 2]" {
		t.Errorf("%q", got)
	}
}

// Where no diffusion has a rate beside the chain's, those that are certified are said.
func TestRatesOfDiffusionsAlone(t *testing.T) {
	t.Parallel()
	r := &compare.Result{About: compare.About{Algorithm: compare.Algorithm{Kind: "sgd", Title: "SGD"}}}
	for _, model := range []string{"sgd", "first-order"} {
		r.Spectrum = append(r.Spectrum, compare.SpectrumRow{Model: model, Eta: 0.25, EtaText: "1/4", K: 1, Rate: 0.0037, Ratio: compare.Number(math.NaN()), Certified: model != "sgd"})
	}
	const want = "slowest rate: 0.0037000 of first-order at eta = 1/4; none is certified of both the chain and a diffusion"
	if got := spectrumAnswer(r); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
}
