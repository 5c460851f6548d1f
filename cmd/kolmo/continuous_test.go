//go:build !race

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/cmd/kolmo/internal/words"
	"kolmo/internal/slow"
	"kolmo/study"
)

// continuousLaws are all the continuous laws of study files, with what their
// samples are at the ends of the support; "" where it is unbounded.
var continuousLaws = map[string]string{
	"{law: uniform, low: -3, high: 3}":     "xi = 3",
	"{law: normal, truncate: [-3, 3]}":     "xi = 3",
	"{law: beta, alpha: 2, beta: 3}":       "xi = 1",
	"{law: normal}":                        "",
	"{law: exponential, rate: 2}":          "",
	"{law: gamma, shape: 2, rate: 3}":      "",
	"{law: laplace, mean: 0.1, scale: .3}": "",
}

// continuousLosses are losses of xi and a sign zeta on |x| <= 2: whether Assumption 1
// (i) fails for bounded laws above, and whether the worst xi is an end of the support.
var continuousLosses = []struct {
	text       string
	fails, end bool
}{
	{"(x - xi/4)^2/2 + zeta*x/9", false, false},
	{"(x - 4*xi)^2/2 + zeta*x/9", true, true},
	{"xi*x - x^2/2 + zeta/9", true, false},
	{"x^2/2 + xi*cos(x)/2", false, false}, // xi = 3 is not convex
}

// TestCheckContinuous: kolmo check, as text and as JSON, and the warnings of kolmo run
// with every continuous law, for losses for which Assumption 1 holds, fails for many
// values of xi, and fails at the ends of the support. An end of the support is no
// sample of the law: it is told by its values, and `sample` is null.
func TestCheckContinuous(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for law, end := range continuousLaws {
		for _, loss := range continuousLosses {
			t.Run(law+loss.text, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "s.yaml")
				text := fmt.Sprintf("name: s\nparameters: [x]\nloss: %s\nsample: {kind: independent, variables: {xi: %s, zeta: {law: rademacher}}}\n"+
					"ball: {R: 2}\nobservables: {square: x^2}\neta: [1/4]\nmodels: [first-order]\n", loss.text, law)
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				var out bytes.Buffer
				if err := (&checker{stdout: &out, report: terminal.NewReporter(io.Discard)}).run(t.Context(), path); err != nil {
					t.Fatal(err)
				}
				s, err := study.Load(path)
				if err != nil {
					t.Fatal(err)
				}
				a, err := s.Check(nil)
				if err != nil {
					t.Fatal(err)
				}
				warnings := strings.Join(words.AssumptionWarnings(s, a), "\n")
				switch {
				case end == "" && !strings.Contains(warnings, "unbounded"):
					t.Errorf("no warning of the unbounded law: %q", warnings)
				case end != "" && loss.fails != strings.Contains(warnings, "Assumption 1 (i) fails: x.grad"):
					t.Errorf("warnings %q", warnings)
				}
				if end != "" && loss.end && (!strings.Contains(out.String(), ", "+end+", zeta = ") || !strings.Contains(warnings, " for "+end+", zeta = ")) {
					t.Errorf("the end %s is not named:\n%s", end, out.String())
				}
				out.Reset()
				if err := (&checker{json: true, stdout: &out, report: terminal.NewReporter(io.Discard)}).run(t.Context(), path); err != nil {
					t.Fatal(err)
				}
				var all map[string]json.RawMessage
				if err := json.Unmarshal(out.Bytes(), &all); err != nil {
					t.Fatal(err)
				}
				for name, raw := range all {
					var c struct{ Sample *int }
					if json.Unmarshal(raw, &c) == nil && c.Sample != nil && *c.Sample >= s.Objective.Law().Len() {
						t.Errorf("%s is of the sample %d of %d", name, *c.Sample, s.Objective.Law().Len())
					}
				}
			})
		}
	}
}
