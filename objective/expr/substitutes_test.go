package expr

import (
	"errors"
	"kolmo/objective/expr/numeral"
	"math"
	"strings"
	"testing"

	"kolmo/objective/expr/function"
)

// TestSubstitutes: what is advised for a function that is not there can be written so, and no
// advice stands in the way of a function that is there.
func TestSubstitutes(t *testing.T) {
	t.Parallel()
	scope := Scope{Parameters: []string{"u", "v"}, Variables: []string{"u1", "u2", "v1", "v2", "y", "low", "high"}}
	for name, advice := range substitutes {
		if function.Named(name) != nil {
			t.Errorf("%s is a function", name)
		}
		_, err := Parse(name+"(u)", scope)
		if err == nil || !strings.HasSuffix(err.Error(), "unknown function "+name+"; write "+advice) {
			t.Errorf("%s: %v", name, err)
		}
		text := advice
		if i := strings.Index(text, ", "); i >= 0 && strings.Count(text[:i], "(") == strings.Count(text[:i], ")") {
			text = text[:i] // words follow
		}
		text, _, _ = strings.Cut(text, "; ")
		if strings.HasPrefix(text, "no function") || strings.HasPrefix(text, "standardize") || strings.HasPrefix(text, "center") {
			continue
		}
		if _, err := Parse(text, scope); err != nil {
			t.Errorf("%s: %q cannot be written: %v", name, text, err)
		}
	}
	for text, want := range map[string]string{"Sigmoid(u)": "write logistic(u)", "LN(u)": "write log(u)", "log_10(u)": "write log(u)/log(10)", "Exp(u)": "did you mean exp?", "sinn(u)": "did you mean sin?"} {
		if _, err := Parse(text, scope); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestParseNumber: decimal numbers alone, and none that double precision cannot hold.
func TestParseNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"1": 1, " -2.5 ": -2.5, "+.5": 0.5, "3.": 3, "1e3": 1000, "1E-2": 0.01, "0e-999": 0, "-0.0": math.Copysign(0, -1), "5e-324": 5e-324, "1.7e308": 1.7e308,
	} {
		if x, err := numeral.Parse(text); x != want || err != nil {
			t.Errorf("%q is %v, %v", text, x, err)
		}
	}
	for _, text := range []string{"", ".", "-", "+-1", "e3", "1e", "1e+", "0x1", "1_0", "inf", "nan", "1,5", "1 2", "1.2.3", "١"} {
		if _, err := numeral.Parse(text); !errors.Is(err, numeral.ErrNone) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"1e400", "-1e309", "1e-400", "0." + strings.Repeat("0", 400) + "1"} {
		if _, err := numeral.Parse(text); err == nil || errors.Is(err, numeral.ErrNone) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
