package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/cmd/kolmo/internal/words"
	"kolmo/study"
)

const heavy = `
name: heavy
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 4}
observables: {square: x^2}
eta: [2, 1/8]
algorithm: {kind: momentum, friction: 1}
models: [second-order]
`

// Of an algorithm that is not the paper's, check and the start of a run say which assumptions
// speak of it, up to which eta it keeps its region, and which rows cannot be certified.
func TestNoAssumptions(t *testing.T) {
	t.Parallel()
	s, err := study.Parse("test.yaml", []byte(heavy), ".")
	if err != nil {
		t.Fatal(err)
	}
	text := words.AssumptionText(s, nil)
	for _, want := range []string{"heavy: momentum: none of the paper's assumptions speaks of it", "no step leaves the region up to eta = ", "warning: eta = 2: a step leaves the region"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	_, eta, why := s.EtaInvariant()
	// Of the type that the paper's constants have.
	for rates, want := range map[string]string{"[2, 1/8]": fmt.Sprintf(`{"value":%v,"status":"found","enclosure":null,"at":null,"sample":null},"reason":null}`, eta),
		"[1/8]\nball: {R: 4, metric: [[1, 0], [0, 1]]}": `"eta_invariant":{"value":null,"status":"fails","enclosure":null,"at":null,"sample":null},"reason":"`} {
		text := strings.Replace(heavy, "[2, 1/8]", rates, 1)
		if strings.Contains(rates, "metric") {
			text = strings.Replace(text, "\nball: {R: 4}", "", 1)
		}
		s, err := study.Parse("test.yaml", []byte(text), ".")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(words.OtherAlgorithm(s)); err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s: %s, %v, want %s", rates, got, err, want)
		}
	}
	if in, _ := s.Keeps(eta); !in || why != "" {
		t.Errorf("eta = %g: %s", eta, why)
	}
	if in, _ := s.Keeps(1.01 * eta); in {
		t.Errorf("the region is kept at %g too", 1.01*eta)
	}
	for _, c := range []struct{ rates, want string }{
		{"[2, 1/8]", "eta = 2: a step of momentum leaves the region, so these rows cannot be certified; it is kept up to eta = "},
		{"[1/8]", ""},
	} {
		s, err := study.Parse("test.yaml", []byte(strings.Replace(heavy, "[2, 1/8]", c.rates, 1)), ".")
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := (&runner{study: s, report: terminal.NewReporter(&b)}).certifiable(nil); err != nil {
			t.Error(err)
		}
		if told := strings.Join(strings.Fields(b.String()), " "); !strings.Contains(told, c.want) || c.want == "" && b.Len() > 0 {
			t.Errorf("%q, want %q", b.String(), c.want)
		}
	}
}

// What is said of a study reaches kolmo check of all algorithms, and no warning is of exit times, which ask of nothing outside
// their interval.
func TestNotesOfOtherAlgorithms(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("algorithm: {kind: momentum, friction: 1}", "algorithm: {kind: custom, noise: {z: {law: normal}}, update: {x: x - eta*grad(x)}}\nexit: {interval: [-1, 1], x: 0}",
		"[2, 1/8]", "[4, 1/8]").Replace(heavy)
	for studies, want := range map[string][2]bool{"[gap]": {true, true}, "[exit]": {false, false}} {
		s, err := study.Parse("test.yaml", []byte(text+"studies: "+studies+"\n"), ".")
		if err != nil {
			t.Fatal(err)
		}
		told := strings.Join(strings.Fields(words.AssumptionText(s, nil)), " ")
		for i, part := range []string{"exit: the key is of exit studies", "a step leaves the region"} {
			if strings.Contains(told, part) != want[i] {
				t.Errorf("%s: %q is told: %v in\n%s", studies, part, !want[i], told)
			}
		}
		if !strings.Contains(told, "no update has z, which plays no part") {
			t.Errorf("%s: the unused noise is not told in\n%s", studies, told)
		}
	}
}
