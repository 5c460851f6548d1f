package study

import (
	"slices"
	"strings"

	"kolmo/law"
)

func (r *reader) independent(v *value) (*law.Samples, error) {
	if err := r.keys(v, []string{"kind", "variables", "quadrature", "batch"}, []string{"variables"}); err != nil {
		return nil, err
	}
	at := v.get("variables")
	if at.kind != mapping || len(at.entries) == 0 {
		return nil, r.errorf(at, "expected a mapping of variables to laws, found %s", at.describe())
	}
	var variables []law.Variable
	for _, e := range at.entries {
		if err := r.take(r.names, e.key, "sample variable", e.value.path, e.line, e.column); err != nil {
			return nil, err
		}
		xi, err := r.marginal(e.value)
		if err != nil {
			return nil, err
		}
		variables = append(variables, law.Variable{Name: e.key, Law: xi})
	}
	rule, at, err := r.rule(v.get("quadrature"), at)
	if err != nil {
		return nil, err
	}
	if n := law.Nodes(variables, rule); n > law.MaxNodes {
		return nil, r.errorf(at, "the rule has %.6g nodes in %d variables; at most %d are possible", n, len(variables), law.MaxNodes)
	}
	s, err := law.IndependentBy(variables, rule)
	if err != nil {
		return nil, r.errorf(at, "%s", strings.TrimPrefix(err.Error(), "law: "))
	}
	return s, nil
}

// Defaults of a study's quadrature.
const (
	defaultLevel  = 6
	defaultPoints = 4096 // of qmc
)

// rule reads the quadrature, nil for the default, and returns it with the value
// at which its errors stand.
func (r *reader) rule(q, at *value) (law.Rule, *value, error) {
	if q == nil {
		return law.Tensor{Points: law.DefaultPoints}, at, nil
	}
	kind := "gauss"
	if k := q.get("rule"); k != nil {
		var err error
		if kind, err = r.choice(k, []string{"gauss", "smolyak", "qmc"}); err != nil {
			return nil, at, err
		}
	}
	key, most, n := "points", 128.0, law.DefaultPoints
	switch kind {
	case "smolyak":
		key, most, n = "level", 60, defaultLevel
	case "qmc":
		most, n = 1<<18, defaultPoints
	}
	if err := r.keys(q, []string{"rule", key}, nil); err != nil {
		return nil, at, err
	}
	if p := q.get(key); p != nil {
		var err error
		if n, err = r.integer(p, 1, most); err != nil {
			return nil, at, err
		}
		if at = p; kind == "qmc" && (n < 2 || n&(n-1) != 0) {
			return nil, at, r.errorf(p, "expected a power of 2, found %s", p.text)
		}
	}
	switch kind {
	case "smolyak":
		return law.Smolyak{Level: n}, at, nil
	case "qmc":
		return law.QMC{Points: n, Seed: r.seed}, at, nil
	}
	return law.Tensor{Points: n}, at, nil
}

// laws are the laws of an independent variable; parameters that may be left out
// have a default.
var laws = []struct {
	name       string
	required   []string
	parameters []parameter
	law        func(p map[string]float64) law.Marginal
}{
	{"uniform", []string{"low", "high"}, []parameter{{"low", 0, false}, {"high", 0, false}},
		func(p map[string]float64) law.Marginal {
			return law.Uniform{Low: p["low"], High: p["high"]}
		}},
	{"normal", nil, []parameter{{"mean", 0, false}, {"std", 1, true}},
		func(p map[string]float64) law.Marginal { return law.Normal{Mean: p["mean"], Std: p["std"]} }},
	{"exponential", nil, []parameter{{"rate", 1, true}},
		func(p map[string]float64) law.Marginal { return law.Exponential(p["rate"]) }},
	{"gamma", []string{"shape"}, []parameter{{"shape", 0, true}, {"rate", 1, true}},
		func(p map[string]float64) law.Marginal {
			return law.Gamma{Shape: p["shape"], Rate: p["rate"]}
		}},
	{"beta", []string{"alpha", "beta"}, []parameter{{"alpha", 0, true}, {"beta", 0, true}},
		func(p map[string]float64) law.Marginal {
			return law.Beta{Alpha: p["alpha"], Beta: p["beta"]}
		}},
	{"laplace", nil, []parameter{{"mean", 0, false}, {"scale", 1, true}},
		func(p map[string]float64) law.Marginal {
			return law.Laplace{Mean: p["mean"], Scale: p["scale"]}
		}},
	{"rademacher", nil, nil, func(map[string]float64) law.Marginal { return law.Rademacher{} }},
	{"bernoulli", []string{"p"}, []parameter{{"p", 0, false}},
		func(p map[string]float64) law.Marginal { return law.Bernoulli{P: p["p"]} }},
}

// parameter is a number that a law depends on.
type parameter struct {
	key      string
	value    float64 // the default
	positive bool
}

func (r *reader) marginal(v *value) (law.Marginal, error) {
	if v.kind != mapping || v.get("law") == nil {
		return nil, r.errorf(v, "expected {law: uniform, low: .., high: ..} or {law: normal, mean: .., std: ..}")
	}
	var names []string
	for _, l := range laws {
		names = append(names, l.name)
	}
	name, err := r.choice(v.get("law"), names)
	if err != nil {
		return nil, err
	}
	l := laws[slices.Index(names, name)]
	known := []string{"law"}
	p := map[string]float64{}
	for _, q := range l.parameters {
		known = append(known, q.key)
	}
	if name == "normal" {
		known = append(known, "truncate")
	}
	if err := r.keys(v, known, l.required); err != nil {
		return nil, err
	}
	for _, q := range l.parameters {
		p[q.key] = q.value
		w := v.get(q.key)
		switch {
		case w == nil:
		case q.positive:
			p[q.key], err = r.positive(w)
		default:
			p[q.key], err = r.number(w)
		}
		if err != nil {
			return nil, err
		}
	}
	switch xi := l.law(p).(type) {
	case law.Uniform:
		if !(xi.Low < xi.High) {
			return nil, r.errorf(v.get("high"), "expected a number greater than low, %s", v.get("low").text)
		}
		return xi, nil
	case law.Bernoulli:
		if !(xi.P >= 0 && xi.P <= 1) {
			return nil, r.errorf(v.get("p"), "expected a probability from 0 to 1, found %s", v.get("p").text)
		}
		return xi, nil
	case law.Normal:
		return r.truncated(xi, v.get("truncate"))
	default:
		return xi, nil
	}
}

// truncated reads the interval to which a normal law is restricted, nil for none.
func (r *reader) truncated(g law.Normal, t *value) (law.Marginal, error) {
	if t == nil {
		return g, nil
	}
	ends, err := r.numbers(t, 2)
	if err != nil {
		return nil, err
	}
	if !(ends[0] < ends[1]) {
		return nil, r.errorf(t.items[1], "expected a number greater than the lower end, %s", t.items[0].text)
	}
	if from := max(ends[0]-g.Mean, g.Mean-ends[1]); from > mostReach*g.Std {
		return nil, r.errorf(t, "expected an interval within %d standard deviations of the mean, beyond which the law has nothing in double precision, found %s", mostReach, t.flow())
	}
	return law.Truncated{Normal: g, Low: ends[0], High: ends[1]}, nil
}
