package page

import (
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// The report prints the step of a chain that is not everyone's, and says what its symbols are.
func TestReportOfAStep(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	if text := report(t, r, syntheticMeta()); strings.Contains(text, "values before the step") || !strings.Contains(text, "is the expected loss") {
		t.Error("the step of SGD is not that of the display")
	}
	r.Algorithm = compare.Algorithm{Title: "toy", Step: compare.Step{
		Noise:  map[string]string{"z": "normal"},
		Update: []compare.UpdateLine{{Name: "v1", Formula: "v1 - eta*grad(x; x = x + v1)"}, {Name: "x", Formula: "x + eta*v1' + z"}},
		Where:  []string{"γ = 2 is the friction."},
	}}
	for i := range r.Models {
		r.Models[i].Drift, r.Models[i].Diffusion, r.Models[i].Symbols = "x: 1 < 2; v: −x", "Q", []string{"Q is `x^2`.", "R < 1."}
	}
	text := report(t, r, syntheticMeta())
	for _, want := range []string{
		`<mrow><msub><mi>v</mi><mn>1</mn></msub><mo lspace="0" rspace="0">′</mo></mrow></math> <math><mo>=</mo></math> <math><msub><mi>v</mi><mn>1</mn></msub></math> <math>`,
		"<mo>;</mo><mrow><mi>x</mi><mo>=</mo>",
		`<mi>η</mi><mspace width="0.17em"/><mrow><msub>`,
		"A prime marks values after the step", "grad is the derivative", "behind a semicolon",
		"z is noise of the step&#39;s own, independent of the sample: normal.", "γ = 2 is the friction.",
		"<td>x: 1 &lt; 2<br />v: −x</td>", "Q is <math><msup>", "R &lt; 1.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the report", want)
		}
	}
	if strings.Count(text, "Q is <math>") != 1 || strings.Contains(text, prime) || strings.Contains(text, "is the expected loss") {
		t.Error("a sentence comes twice, a letter stands for a prime, or symbols of SGD are there")
	}
	// Over epochs time is that of all samples.
	if strings.Contains(text, "<mi>n</mi><mi>N</mi><mi>η</mi>") {
		t.Error("time is that of epochs")
	}
	r.Algorithm.Epoch = true
	if text := report(t, r, syntheticMeta()); strings.Count(text, "<mi>n</mi><mi>N</mi><mi>η</mi>") != 2 {
		t.Error("time is not that of epochs")
	}
}
