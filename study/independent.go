package study

import (
	"slices"
	"strings"

	"kolmo/law"
	"kolmo/study/document"
)

func (r lawReader) independent(v *document.Value) (*law.Samples, error) {
	if err := r.Keys(v, document.IndependentKeys, []string{"variables"}); err != nil {
		return nil, err
	}
	at := v.Get("variables")
	if at.Kind != document.Mapping || len(at.Entries) == 0 {
		return nil, r.Errorf(at, "expected a mapping of variables to laws, found %s", at.Describe())
	}
	var variables []law.Variable
	for _, e := range at.Entries {
		if err := r.Take(r.names, e.Key, "sample variable", e.Value.Path, e.Line, e.Column); err != nil {
			return nil, err
		}
		xi, err := r.marginal(e.Value)
		if err != nil {
			return nil, err
		}
		variables = append(variables, law.Variable{Name: e.Key, Law: xi})
	}
	rule, at, err := r.rule(v.Get("quadrature"), at)
	if err != nil {
		return nil, err
	}
	if n := law.Nodes(variables, rule); n > law.MaxNodes {
		return nil, r.Errorf(at, "the rule has %.6g nodes in %d variables; at most %d are possible", n, len(variables), law.MaxNodes)
	}
	s, err := law.IndependentBy(variables, rule)
	if err != nil {
		return nil, r.Errorf(at, "%s", strings.TrimPrefix(err.Error(), "law: "))
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
func (r lawReader) rule(q, at *document.Value) (law.Rule, *document.Value, error) {
	if q == nil {
		return law.Tensor{Points: law.DefaultPoints}, at, nil
	}
	kind := "gauss"
	if k := q.Get("rule"); k != nil {
		var err error
		if kind, err = r.Choice(k, []string{"gauss", "smolyak", "qmc"}); err != nil {
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
	if err := r.Keys(q, []string{"rule", key}, nil); err != nil {
		return nil, at, err
	}
	if p := q.Get(key); p != nil {
		var err error
		if n, err = r.Integer(p, 1, most); err != nil {
			return nil, at, err
		}
		if at = p; kind == "qmc" && (n < 2 || n&(n-1) != 0) {
			return nil, at, r.Errorf(p, "expected a power of 2, found %s", p.Text)
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

func (r lawReader) marginal(v *document.Value) (law.Marginal, error) {
	if v.Kind != document.Mapping {
		return nil, r.Errorf(v, "expected {law: uniform, low: .., high: ..} or {law: normal, mean: .., std: ..}, found %s", v.Describe())
	}
	if v.Get("law") == nil {
		return nil, r.Keys(v, document.LawKeys, []string{"law"})
	}
	var names []string
	for _, l := range laws {
		names = append(names, l.name)
	}
	name, err := r.Choice(v.Get("law"), names)
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
	if err := r.Keys(v, known, l.required); err != nil {
		return nil, err
	}
	for _, q := range l.parameters {
		p[q.key] = q.value
		w := v.Get(q.key)
		switch {
		case w == nil:
		case q.positive:
			p[q.key], err = r.Positive(w)
		default:
			p[q.key], err = r.Number(w)
		}
		if err != nil {
			return nil, err
		}
	}
	switch xi := l.law(p).(type) {
	case law.Uniform:
		if !(xi.Low < xi.High) {
			return nil, r.Errorf(v.Get("high"), "expected a number greater than low, %s, found %s", v.Get("low").Text, v.Get("high").Text)
		}
		return xi, nil
	case law.Bernoulli:
		if !(xi.P >= 0 && xi.P <= 1) {
			return nil, r.Errorf(v.Get("p"), "expected a probability from 0 to 1, found %s", v.Get("p").Text)
		}
		return xi, nil
	case law.Normal:
		return r.truncated(xi, v.Get("truncate"))
	default:
		return xi, nil
	}
}

// truncated reads the interval to which a normal law is restricted, nil for none.
func (r lawReader) truncated(g law.Normal, t *document.Value) (law.Marginal, error) {
	if t == nil {
		return g, nil
	}
	ends, err := r.Numbers(t, 2)
	if err != nil {
		return nil, err
	}
	if !(ends[0] < ends[1]) {
		return nil, r.Errorf(t.Items[1], "expected a number greater than the lower end, %s, found %s", t.Items[0].Text, t.Items[1].Text)
	}
	if from := max(ends[0]-g.Mean, g.Mean-ends[1]); from > mostReach*g.Std {
		return nil, r.Errorf(t, "expected an interval within %d standard deviations of the mean, beyond which the law has nothing in double precision, found %s", mostReach, t.Flow())
	}
	return law.Truncated{Normal: g, Low: ends[0], High: ends[1]}, nil
}
