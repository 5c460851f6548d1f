package derived

import (
	"strings"
	"testing"

	"kolmo/process"
)

// Every symbol that stands in a formula by moments is explained, and each model has the formula of its kind.
func TestFormulasByMoments(t *testing.T) {
	t.Parallel()
	for _, noisy := range []bool{false, true} {
		f := byMoments(noisy, false)
		f.Where = append([]string{origin}, f.Where...)
		var list []*process.Diffusion
		for _, name := range Names() {
			list = append(list, &process.Diffusion{Name: name})
		}
		f.describe(list)
		for _, m := range list {
			all := strings.Join(m.Formula.Symbols, " ")
			for _, symbol := range []string{"m₁₂", "m₁₄", "m₂₂", "m₂₄", "L₀", "sym(", "Dm₁₂", "χ", "z*"} {
				if strings.Contains(m.Formula.Drift+m.Formula.Diffusion, symbol) && !strings.Contains(all, symbol) {
					t.Errorf("%s: nothing is said of %s in %s", m.Name, symbol, m.Formula.Diffusion)
				}
			}
			if strings.Contains(all, "χ") != (m.Name == Modified) {
				t.Errorf("%s: %s", m.Name, all)
			}
		}
		if got, want := list[0].Formula.Diffusion, map[bool]string{false: "χ² (η (m₂₄ − m₁₂m₁₂ᵀ))", true: "χ² (m₂₂ + η (m₂₄ − m₁₂m₁₂ᵀ − sym((Dm₁₂) m₂₂) − ½ L₀m₂₂))"}[noisy]; got != want {
			t.Errorf("modified has the diffusion %s, want %s", got, want)
		}
		if got, want := list[4].Formula.Diffusion, map[bool]string{false: "[η (m₂₄ − m₁₂m₁₂ᵀ)](z*)", true: "[m₂₂ + η (m₂₄ − m₁₂m₁₂ᵀ)](z*)"}[noisy]; got != want {
			t.Errorf("constant-noise has the diffusion %s, want %s", got, want)
		}
	}
	if got := scaled("χ²", "η diag(0, Σ)"); got != "χ² η diag(0, Σ)" {
		t.Error(got)
	}
	quiet := byMoments(false, true)
	if quiet.First != "0" || quiet.Second != "0" || quiet.Limit != "0" {
		t.Errorf("without noise the diffusions are %+v", quiet)
	}
	f := linear([]Line{{"x", "mean(-grad(x))"}, {"v", "-v"}})
	if !strings.Contains(strings.Join(f.Where, " "), "m₁₂ is x: `mean(-grad(x))`, v: `-v`") {
		t.Errorf("%q", f.Where)
	}
}
