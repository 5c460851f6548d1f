package kinds

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// The order of the difference from the chain's rates is that of the closed forms: one for the
// first-order model and two for the second-order model, the slopes those of the exact rates.
func TestSpectrumOrder(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{4, 8, 16, 32}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder)
	p.SpectrumCount = 2
	r := spectrumOf(t, p, nil)
	if len(r.SpectrumOrder) != 4 {
		t.Fatalf("%d orders, want 4", len(r.SpectrumOrder))
	}
	for i, o := range r.SpectrumOrder {
		model, k := []string{"second-order", "first-order"}[i/2], i%2
		want := []float64{2, 1}[i/2]
		gap := func(eta float64) float64 {
			return math.Abs(closedRates(model, eta, []float64{1}, 2)[k] - closedRates("sgd", eta, []float64{1}, 2)[k])
		}
		if o.Model != model || o.Observable != []string{"rate 1", "rate 2"}[k] || len(o.Etas) != 4 {
			t.Fatalf("order %d: %s, %s, %v", i, o.Model, o.Observable, o.Etas)
		}
		// The fitted slope lies among those between neighbours.
		low, high := math.Log2(gap(1./16)/gap(1./32)), math.Log2(gap(1./4)/gap(1./8))
		if !(float64(o.Slope) > low-1e-3 && float64(o.Slope) < high+1e-3) || math.Abs(float64(o.Extrapolated)-want) > float64(o.ExtrapolatedError) || o.ExtrapolatedError > 0.05 {
			t.Errorf("%s, %s: order %.4f, want in [%.4f, %.4f]; extrapolated %.4f +- %.2g, want %g", o.Model, o.Observable, o.Slope, low, high, o.Extrapolated, o.ExtrapolatedError, want)
		}
		if !strings.Contains(o.Verdict, "confirmed") {
			t.Errorf("%s, %s: %s", o.Model, o.Observable, o.Verdict)
		}
	}
}

// All sums of three curvatures in space, for the chain and the models.
func TestSpectrumInSpaceAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Spec{Name: "space", Parameters: []string{"x", "y", "z"}, Variables: []string{"a", "b", "c"},
		Values: [][]float64{{1, 1, 1}, {-1, -1, 1}, {1, -1, -1}, {-1, 1, -1}},
		Loss:   "(x^2 + 1.5*y^2 + 2*z^2)/2 - a*x - b*y - c*z", Observables: [][2]string{{"x", "x"}}, R: 2, Etas: []int{8}}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder)
	p.SpectrumCount = 4
	rows := spectrumOf(t, p, nil).Spectrum
	if len(rows) != 12 {
		t.Fatalf("%d rows, want 12", len(rows))
	}
	for _, row := range rows {
		want := closedRates(row.Model, row.Eta, []float64{1, 1.5, 2}, 4)[row.K-1]
		off := math.Hypot(float64(row.Rate)-want, float64(row.Imag))
		if !row.Certified || !(off <= float64(row.Error)) || !(row.Error <= compare.Number(0.01*want)) {
			t.Errorf("%s, k = %d: %.10g + %.2g i +- %.2g, want %.10g; %s", row.Model, row.K, row.Rate, row.Imag, row.Error, want, deref(row.Reason))
		}
	}
}
