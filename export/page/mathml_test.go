package page

import (
	"strings"
	"testing"
	"unicode/utf8"

	"kolmo/internal/madeup"
)

func TestFormula(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"w1^2":          "<math><msup><mrow><msub><mi>w</mi><mn>1</mn></msub></mrow><mrow><mn>2</mn></mrow></msup></math>",
		"-x^2":          "<math><mrow><mo>−</mo><msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup></mrow></math>",
		"(a + b)/(2*c)": "<math><mfrac><mrow><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mrow><mrow><mrow><mn>2</mn><mspace width=\"0.17em\"/><mi>c</mi></mrow></mrow></mfrac></math>",
		"1.5e-3*2":      "<math><mrow><mn>0.0015</mn><mo>⋅</mo><mn>2</mn></mrow></math>",
		"sqrt(xi_2)":    "<math><msqrt><msub><mi>ξ</mi><mn>2</mn></msub></msqrt></math>",
		"abs(x)":        `<math><mrow><mo stretchy="false">|</mo><mi>x</mi><mo stretchy="false">|</mo></mrow></math>`,
		"min(a, 2)":     `<math><mrow><mi>min</mi><mrow><mo stretchy="false">(</mo><mi>a</mi><mo>,</mo><mn>2</mn><mo stretchy="false">)</mo></mrow></mrow></math>`,
		"a*(b)":         "<math><mrow><mi>a</mi><mspace width=\"0.17em\"/><mi>b</mi></mrow></math>",
		"a*(b + c)":     `<math><mrow><mi>a</mi><mo>⋅</mo><mrow><mo stretchy="false">(</mo><mrow><mi>b</mi><mo>+</mo><mi>c</mi></mrow><mo stretchy="false">)</mo></mrow></mrow></math>`,
		"(-x)^2":        `<math><msup><mrow><mrow><mo stretchy="false">(</mo><mrow><mo>−</mo><mi>x</mi></mrow><mo stretchy="false">)</mo></mrow></mrow><mrow><mn>2</mn></mrow></msup></math>`,
		"(a/b)^2":       "<math><msup><mrow><mrow><mo>(</mo><mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac><mo>)</mo></mrow></mrow><mrow><mn>2</mn></mrow></msup></math>",
		"x - (a - b)":   `<math><mi>x</mi></math> <math><mo form="infix" lspace="0">−</mo><mrow><mo stretchy="false">(</mo><mrow><mi>a</mi><mo>−</mo><mi>b</mi></mrow><mo stretchy="false">)</mo></mrow></math>`,
		"(a/b)*c":       "<math><mrow><mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac><mspace width=\"0.17em\"/><mi>c</mi></mrow></math>",
		"a - b + c":     `<math><mi>a</mi></math> <math><mo form="infix" lspace="0">−</mo><mi>b</mi></math> <math><mo form="infix" lspace="0">+</mo><mi>c</mi></math>`,
		"(a - b - c)*d": `<math><mrow><mrow><mo stretchy="false">(</mo><mrow><mrow><mi>a</mi><mo>−</mo><mi>b</mi></mrow><mo>−</mo><mi>c</mi></mrow><mo stretchy="false">)</mo></mrow><mspace width="0.17em"/><mi>d</mi></mrow></math>`,
		"g(x; x = y)":   `<math><mrow><mi>g</mi><mrow><mo stretchy="false">(</mo><mi>x</mi><mo>;</mo><mrow><mi>x</mi><mo>=</mo><mi>y</mi></mrow><mo stretchy="false">)</mo></mrow></mrow></math>`,
		"g(x, y = 1)":   "<code>g(x, y = 1)</code>",
		"(x; y = 1)":    "<code>(x; y = 1)</code>",
		"a < b ? 1 : 2": "<code>a &lt; b ? 1 : 2</code>",
		`col("a b")`:    "<code>col(&#34;a b&#34;)</code>",
		"(a":            "<code>(a</code>",
		"a b":           "<code>a b</code>",
		"":              "<code></code>",
	} {
		if got := string(formula(in)); got != want {
			t.Errorf("formula(%q) = %s, want %s", in, got, want)
		}
	}
	// A line may end between summands, and where one of them is too wide, anywhere.
	long := strings.Repeat("a_long_name", 4)
	if got := string(formula(long + "/2 + " + long + "*xi - cos(" + long + ")")); strings.Count(got, "<math>") != 3 {
		t.Errorf("three summands became %s", got)
	}
	if got := string(formula("x + exp(" + long + " + " + long + ")")); !strings.HasPrefix(got, "<code>") {
		t.Errorf("a wide summand became %s", got)
	}
	deep := strings.Repeat("(", 1900) + "x" + strings.Repeat(")", 1900)
	if got := string(formula(deep)); !strings.HasPrefix(got, "<code>") {
		t.Errorf("deep nesting became %.40s", got)
	}
}

// Whatever is typed, the markup is well formed and the letters are escaped.
func FuzzFormula(f *testing.F) {
	for _, s := range []string{"softplus(-y*(w1*a + w2*b)) + 0.05*(w1^2 + w2^2)", "x^-y^2/3", "1..e+", "<b>", "_1", "x(", "x(y; y = x, z = 1)", "x(y; z", ",", "ξ*é2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := string(formula(s))
		if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0xfffe }) {
			return // no text of a study file
		}
		madeup.Tokens(t, []byte(out))
	})
}
