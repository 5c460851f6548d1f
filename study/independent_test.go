package study

import (
	"strings"
	"testing"
)

func TestIndependent(t *testing.T) {
	t.Parallel()
	base := strings.Replace(good, `  kind: discrete
  variables: [xi, zeta]
  values: [[1, 1], [1, -1]]
  probabilities: [0.25, 0.75]
`, `  kind: independent
  variables:
    xi: {law: uniform, low: -1, high: 1}
    zeta: {law: normal, mean: 0, std: 2, truncate: [-3, 3]}
  quadrature: {points: 5}
`, 1)
	s, err := Parse("test.yaml", []byte(base), "")
	if err != nil {
		t.Fatal(err)
	}
	if l := s.Objective.Law(); l.Len() != 25 || l.Exact || l.Unbounded {
		t.Errorf("law %+v", l)
	}
	s, err = Parse("test.yaml", []byte(strings.Replace(base, ", truncate: [-3, 3]", "", 1)), "")
	if err != nil || !s.Objective.Law().Unbounded {
		t.Errorf("a normal law is not unbounded, %v", err)
	}
	for law, unbounded := range map[string]bool{
		"{law: exponential}": true, "{law: gamma, shape: 2}": true, "{law: beta, alpha: 2, beta: 3}": false, "{law: laplace}": true,
		"{law: rademacher}": false, "{law: bernoulli, p: 0.25}": false,
	} {
		for rule, nodes := range map[string]int{"{points: 5}": 5, "{rule: smolyak, level: 3}": 0, "{rule: qmc, points: 64}": 64, "{rule: gauss}": 12} {
			text := strings.NewReplacer("{law: uniform, low: -1, high: 1}", law, "{points: 5}", rule).Replace(base)
			s, err := Parse("test.yaml", []byte(text), "")
			if err != nil {
				t.Errorf("%s, %s: %v", law, rule, err)
				continue
			}
			l := s.Objective.Law()
			if l.Unbounded != unbounded || l.Exact || l.Signed && nodes != 0 {
				t.Errorf("%s, %s: law %+v", law, rule, l)
			}
			other := nodes
			if rule == "{rule: qmc, points: 64}" {
				other = 1
			}
			if strings.Contains(law, "ra") || strings.Contains(law, "bern") {
				other = 2
			}
			if nodes > 0 && l.Len() != nodes*other {
				t.Errorf("%s, %s: %d nodes", law, rule, l.Len())
			}
		}
	}
	for _, c := range []struct {
		old, new     string
		line, column int
		key, msg     string
	}{
		{"law: uniform, low: -1, high: 1", "law: gamma", 11, 9, "sample.variables.xi.shape", "missing"},
		{"law: uniform, low: -1, high: 1", "law: gamma, shape: 0", 11, 29, "sample.variables.xi.shape", "greater than 0"},
		{"law: uniform, low: -1, high: 1", "law: gamma, shape: 1, rate: x", 11, 38, "sample.variables.xi.rate", "expected a number"},
		{"law: uniform, low: -1, high: 1", "law: exponential, scale: 1", 11, 28, "sample.variables.xi.scale", "unknown key"},
		{"law: uniform, low: -1, high: 1", "law: beta, alpha: 1", 11, 9, "sample.variables.xi.beta", "missing"},
		{"law: uniform, low: -1, high: 1", "law: laplace, scale: -1", 11, 31, "sample.variables.xi.scale", "greater than 0"},
		{"law: uniform, low: -1, high: 1", "law: rademacher, p: 1", 11, 27, "sample.variables.xi.p", "unknown key"},
		{"law: uniform, low: -1, high: 1", "law: bernoulli, p: 1.5", 11, 29, "sample.variables.xi.p", "0 to 1"},
		{"law: uniform", "law: laplase", 11, 15, "sample.variables.xi.law", "did you mean laplace?"},
		{"law: uniform", "law: uniforn", 11, 15, "sample.variables.xi.law", "did you mean uniform?"},
		{", high: 1}", "}", 11, 9, "sample.variables.xi.high", "missing"},
		{"high: 1", "high: -1", 11, 39, "sample.variables.xi.high", "greater than low"},
		{"std: 2", "std: 0", 12, 39, "sample.variables.zeta.std", "greater than 0"},
		{"[-3, 3]", "[3, -3]", 12, 56, "sample.variables.zeta.truncate[2]", "lower end"},
		{"[-3, 3]", "[3]", 12, 52, "sample.variables.zeta.truncate", "expected 2 numbers"},
		{"points: 5", "rule: sobol", 13, 22, "sample.quadrature.rule", "expected one of gauss, smolyak, qmc"},
		{"points: 5", "rule: smolyak, points: 5", 13, 31, "sample.quadrature.points", "unknown key"},
		{"points: 5", "rule: smolyak, level: 0", 13, 38, "sample.quadrature.level", "whole number"},
		{"points: 5", "level: 5", 13, 16, "sample.quadrature.level", "unknown key"},
		{"points: 5", "rule: qmc, points: 524288", 13, 35, "sample.quadrature.points", "from 1 to 262144"},
		{"[-3, 3]", "[1e3, 1e4]", 12, 52, "sample.variables.zeta.truncate", "within 37 standard deviations"},
		{"points: 5", "rule: qmc, points: 100", 13, 35, "sample.quadrature.points", "power of 2"},
		{"points: 5}", "rule: smolyak}\n  batch: {size: 2}", 14, 17, "sample.batch.size", "positive weights"},
		{"points: 5}", "points: 5}\n  batch: {size: 2, replacement: false}", 14, 33, "sample.batch.replacement", "rows of equal probability"},
		{"points: 5", "points: 0", 13, 24, "sample.quadrature.points", "whole number"},
		{"{law: uniform, low: -1, high: 1}", "uniform", 11, 9, "sample.variables.xi", "law: uniform"},
	} {
		checkError(t, strings.Replace(base, c.old, c.new, 1), "", "test.yaml", c.line, c.column, c.key, c.msg)
	}
}
