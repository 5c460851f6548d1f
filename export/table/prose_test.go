package table

import "testing"

func TestProse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"gap <= C eta^2 uniformly in time":        "gap ≤ C η<sup>2</sup> uniformly in time",
		"like eta^1.992 (scatter 1.984 to 2.000)": "like η<sup>1.992</sup> (scatter 1.984 to 2.000)",
		"-(eta/4) grad |grad f|^2":                "−(η/4) ∇|∇f|<sup>2</sup>",
		"E|X|^2m <= C (1 + |x|^2m e^(-gamma t))":  "E|X|<sup>2m</sup> ≤ C (1 + |x|<sup>2m</sup> e<sup>−γ t</sup>)",
		"|d^J u| at 1/8 .. 1/64":                  "|∂<sup>J</sup> u| at 1/8 … 1/64",
		"gradient-flow, beta_2, a-1":              "gradient-flow, beta_2, a-1",
		"theory's 1/(2 lambda) = 0.5, p mu, nu":   "theory&#39;s 1/(2 λ) = 0.5, p μ, ν",
		"<b>^2":                                   "&lt;b&gt;<sup>2</sup>",
		"xi, zeta: one of 3 values":               "ξ, ζ: one of 3 values",
		"-(1/2) H^-1 (T:C)":                       "−(1/2) H<sup>−1</sup> (T:C)",
	} {
		if got := string(Prose(in)); got != want {
			t.Errorf("prose(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTypeset(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1.2e-04": "1.2 × 10<sup>−4</sup>", "-3e+10": "−3 × 10<sup>10</sup>", "-": "–", "0": "0", "-1.5000": "−1.5000",
		"1.735e-03 +- 1e-05*": "1.735 × 10<sup>−3</sup> ± 1 × 10<sup>−5</sup>*", "1.0625e+00": "1.0625",
		"(-5.0 +- 0.2)e-07": "(−5.0 ± 0.2) × 10<sup>−7</sup>", "(5 +- 1)e+00*": "(5 ± 1)*",
	} {
		if got := string(Typeset(in)); got != want {
			t.Errorf("typeset(%q) = %q, want %q", in, got, want)
		}
	}
}
