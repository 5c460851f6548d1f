package study

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/reshuffle"
)

// reader reads one study.
type reader struct {
	*document
	dir   string
	names names
	batch batch
	seed  uint64 // of random rules
	notes []string
}

var (
	known = []string{
		"name", "title", "parameters", "define", "loss", "sample", "ball", "observables", "eta", "models",
		"algorithm", "schedule", "accuracy", "studies", "horizon", "spectrum", "crossing", "solver", "output", "seed",
	}
	required = []string{"name", "parameters", "loss", "sample", "ball", "observables", "eta", "models"}
	fileName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
)

// study reads everything; expressions come after the names they use.
func (r *reader) study(s *Study, root *value) error {
	if err := r.keys(root, known, required); err != nil {
		return err
	}
	scope := expr.Scope{Hidden: map[string]string{objective.ExpectedLoss: "f is the expected loss, known to observables only"}}
	for _, step := range []func() error{
		func() error { return r.title(s, root) },
		func() error { return r.parameters(s, root.get("parameters")) },
		func() error { return r.algorithm(s, root.get("algorithm")) },
		func() error { return r.schedule(s, root.get("schedule")) },
		func() error { return r.epoch(s, root.get("sample")) },
		func() error { return r.ball(s, root.get("ball")) },
		func() error { return r.rates(s, root.get("eta")) },
		func() error { return r.settings(s, root) },
		func() error { return r.solver(s, root.get("solver")) },
		func() error { return r.output(s, root.get("output")) },
		func() error { return r.loss(s, root, &scope) },
		func() error { return r.custom(s, root, scope) },
		func() error { return r.observables(s, root.get("observables"), scope) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	if err := r.region(s, root); err != nil {
		return err
	}
	if err := r.needsEnds(s, root.get("models")); err != nil {
		return err
	}
	if err := r.given(s, scope); err != nil {
		return err
	}
	return r.needsRest(s, root.get("models"))
}

func (r *reader) title(s *Study, root *value) (err error) {
	v := root.get("name")
	if s.Name, err = r.words(v); err != nil {
		return err
	}
	if !fileName.MatchString(s.Name) || strings.Trim(s.Name, ".") == "" {
		return r.errorf(v, "expected a name of letters, digits and . _ -, found %s", v.describe())
	}
	if err := r.short(s.Name, v.path, v.line, v.column); err != nil {
		return err
	}
	if v := root.get("title"); v != nil {
		s.Title, err = r.words(v)
	}
	return err
}

func (r *reader) parameters(s *Study, v *value) error {
	items, err := r.list(v, "names")
	if err != nil {
		return err
	}
	for i, item := range items {
		if i == expr.MaxParameters {
			return r.errorf(item, "a fourth parameter; possible are 1, 2 and 3")
		}
		name, err := r.words(item)
		if err != nil {
			return err
		}
		if err := r.take(r.names, name, "parameter", item.path, item.line, item.column); err != nil {
			return err
		}
		s.Parameters = append(s.Parameters, name)
	}
	return nil
}

// length reads a radius.
func (r *reader) length(v *value) (float64, error) {
	x, err := r.positive(v)
	if err == nil && (x < leastLength || x > mostLength) {
		err = r.errorf(v, "expected a number from %g to %g, found %s", leastLength, mostLength, v.text)
	}
	return x, err
}

// loss reads the law, the definitions and the loss; scope receives all names.
func (r *reader) loss(s *Study, root *value, scope *expr.Scope) error {
	r.seed = s.Seed
	law, err := r.sample(root.get("sample"))
	if err != nil {
		return err
	}
	scope.Parameters, scope.Variables = s.Parameters, law.Variables()
	if algorithmOf(s.Algorithm).formulas {
		s.hide(scope.Hidden)
	}
	if v := root.get("define"); v != nil {
		if v.kind != mapping {
			return r.errorf(v, "expected a mapping of names to expressions, found %s", v.describe())
		}
		for _, e := range v.entries {
			if err := r.take(r.names, e.key, "definition", e.value.path, e.line, e.column); err != nil {
				return err
			}
			x, err := r.expression(e.value, *scope)
			if err != nil {
				return err
			}
			scope.Definitions = append(scope.Definitions, expr.Definition{Name: e.key, Expr: x})
		}
	}
	s.lossAt = root.get("loss")
	e, err := r.expression(s.lossAt, *scope)
	if err != nil {
		return err
	}
	l, err := objective.New(s.Parameters, e, law)
	if err != nil {
		return r.errorf(s.lossAt, "%s", strings.TrimPrefix(err.Error(), "objective: "))
	}
	s.Loss = l
	if s.Reshuffled {
		if s.epoch, err = reshuffle.NewEpoch(l, law.Len()); err != nil {
			return r.errorf(r.batch.replacementAt, "%v", err)
		}
		s.Objective = l
		return nil
	}
	s.Objective, err = r.batched(l)
	return err
}

// observables reads functions of the parameters and f: sample variables, and
// definitions that depend on them, are hidden.
func (r *reader) observables(s *Study, v *value, all expr.Scope) error {
	if v.kind != mapping || len(v.entries) == 0 {
		return r.errorf(v, "expected a mapping of names to expressions, found %s", v.describe())
	}
	scope := expr.Scope{Parameters: s.State, Externals: []string{objective.ExpectedLoss}, Hidden: map[string]string{}}
	const hidden = "an observable is a function of the parameters and of f, the expected loss"
	for _, name := range all.Variables {
		scope.Hidden[name] = "it is a sample variable, and " + hidden
	}
	for _, d := range all.Definitions {
		if len(d.Expr.Variables()) > 0 {
			scope.Hidden[d.Name] = "it depends on the sample, and " + hidden
		} else {
			scope.Definitions = append(scope.Definitions, d)
		}
	}
	if n := len(v.entries); n > mostObservables {
		return r.errorf(v, "expected at most %d observables, found %d", mostObservables, n)
	}
	if n := len(v.entries) * len(s.Eta) * len(s.Models); n > mostRows {
		return r.errorf(v, "observables, models and learning rates make %d rows of results; at most %d are possible", n, mostRows)
	}
	for _, e := range v.entries {
		if err := r.short(e.key, e.value.path, e.line, e.column); err != nil {
			return err
		}
		if !fileName.MatchString(e.key) || strings.Trim(e.key, ".") == "" {
			return r.errorAt(e.line, e.column, e.value.path, "expected a name of letters, digits and . _ -")
		}
		x, err := r.expression(e.value, scope)
		if err != nil {
			return err
		}
		phi, err := objective.NewPhi(e.key, x, s.Loss, s.State[len(s.Parameters):]...)
		if err != nil {
			return r.errorf(e.value, "%s", strings.TrimPrefix(err.Error(), "objective: "))
		}
		s.Observables = append(s.Observables, phi)
		s.observablesAt[e.key] = e.value
	}
	return nil
}

// rate reads a number or a fraction > 0.
func (r *reader) rate(v *value) (Rate, error) {
	bad := r.errorf(v, "expected a number or a fraction greater than 0, found %s", v.describe())
	if v.kind != scalar || v.style != plain {
		return Rate{}, bad
	}
	x, err := ParseRate(v.text)
	if errors.Is(err, expr.ErrNoNumber) {
		return Rate{}, bad
	}
	if err != nil {
		return Rate{}, r.errorf(v, "%v", err)
	}
	return x, nil
}

// ParseRate reads a learning rate as study files have it, a number or a fraction of
// numbers that is greater than 0.
func ParseRate(text string) (Rate, error) {
	x, err := parseReal(text)
	switch {
	case err != nil:
		return Rate{}, err
	case !(x > 0):
		return Rate{}, fmt.Errorf("expected a number or a fraction greater than 0, found %s", text)
	case len(text) > mostRateText:
		return Rate{}, fmt.Errorf("the learning rate is written with %d characters; at most %d are possible", len(text), mostRateText)
	case x < leastRate || x > mostRate:
		return Rate{}, fmt.Errorf("expected a learning rate from %g to %g, found %s", leastRate, mostRate, text)
	}
	return Rate{x, text}, nil
}

func (r *reader) rates(s *Study, v *value) error {
	items, err := r.list(v, "numbers or fractions")
	if err != nil {
		return err
	}
	if len(items) > mostRates {
		return r.errorf(v, "expected at most %d learning rates, found %d", mostRates, len(items))
	}
	for _, item := range items {
		x, err := r.rate(item)
		if err != nil {
			return err
		}
		for _, before := range s.Eta {
			if before.Value == x.Value {
				return r.errorf(item, "%s is there twice", x.Text)
			}
		}
		s.Eta = append(s.Eta, x)
	}
	sortRates(s.Eta)
	return nil
}

func sortRates(eta []Rate) {
	slices.SortFunc(eta, func(a, b Rate) int {
		if a.Value > b.Value {
			return -1
		}
		return 1
	})
}
