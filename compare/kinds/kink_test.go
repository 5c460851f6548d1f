package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/sgd"
)

// For x <- (1 - eta) x + eta xi, xi = +-1, and phi = |x| against the gradient flow all suprema are at
// x = 0, where u = 0: gaps and one-step errors are means of |x| that a sum over signs gives. Grids miss the kink
// alike.
func TestKinksBetweenTheNodes(t *testing.T) {
	t.Parallel()
	const eta = 1. / 4
	spec := trial.Quad1d
	spec.Etas, spec.Observables = []int{1 / eta}, [][2]string{{"size", "abs(x)"}}
	p := trial.Build(t, spec)
	p.Models, p.Accuracy, p.Horizon = trial.ModelsOf(p, sgd.GradientFlow), 0.05, 2
	p.Studies = []compare.Study{compare.StudyHorizon, compare.StudyLocalError}
	r, err := Run(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	images := []float64{0}
	var mean []float64
	for range 1 + int(p.Horizon/eta) {
		sum := 0.0
		var next []float64
		for _, y := range images {
			sum += math.Abs(y) / float64(len(images))
			next = append(next, (1-eta)*y+eta, (1-eta)*y-eta)
		}
		mean, images = append(mean, sum), next
	}
	held := 0
	hold := func(what string, value, bar compare.Number, want float64) {
		if held++; !(math.Abs(float64(value)-want) <= float64(bar)) || !(float64(bar) <= 0.1*want) {
			t.Errorf("%s: %.6g +- %.2g, want %.6g", what, float64(value), float64(bar), want)
		}
	}
	for _, h := range r.Horizon {
		for k, at := range h.Times {
			if n := int(math.Round(float64(at) / eta)); n > 0 {
				hold("gap", h.Gap[k], h.Error[k], mean[n])
			}
		}
	}
	for _, l := range r.LocalError {
		hold("one-step error", l.Rho, l.Error, eta) // of the first step
	}
	if held != len(mean) {
		t.Errorf("%d numbers, want %d", held, len(mean))
	}
}
