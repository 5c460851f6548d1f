package study

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kolmo/compare"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/objective/expr/numeral"
	"kolmo/reshuffle"
	"kolmo/study/document"
)

// reader reads one study.
type reader struct {
	*document.Document
	dir   string
	names document.Names
	batch batch
	seed  uint64 // of random rules
	notes []string
}

// What reads the sections of a study.
type (
	lawReader     struct{ *reader } // sample, and laws elsewhere
	formulaReader struct{ *reader } // updates and models by formulas
	settingReader struct{ *reader } // what is asked for, and how
)

// study reads everything; expressions come after the names they use.
func (r *reader) study(s *Study, root *document.Value) error {
	if err := r.Keys(root, document.Sections[""], document.Required); err != nil {
		return err
	}
	scope := expr.Scope{Hidden: map[string]string{objective.ExpectedLoss: "f is the expected loss, known to observables only"}}
	for _, step := range []func() error{
		func() error { return r.title(s, root) },
		func() error { return r.parameters(s, root.Get("parameters")) },
		func() error { return r.algorithm(s, root.Get("algorithm")) },
		func() error { return r.schedule(s, root.Get("schedule")) },
		func() error { return r.svag(s, root.Get("sample")) },
		func() error { return r.epoch(s, root.Get("sample")) },
		func() error { return r.ball(s, root.Get("ball")) },
		func() error { return r.rates(s, root.Get("eta")) },
		func() error { return settingReader{r}.settings(s, root) },
		func() error { return settingReader{r}.solver(s, root.Get("solver")) },
		func() error { return settingReader{r}.output(s, root.Get("output")) },
		func() error { return r.loss(s, root, &scope) },
		func() error { return formulaReader{r}.custom(s, root, scope) },
		func() error { return r.observables(s, root.Get("observables"), scope) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	if err := r.region(s, root); err != nil {
		return err
	}
	if err := (formulaReader{r}).needsEnds(s, root.Get("models")); err != nil {
		return err
	}
	if err := (formulaReader{r}).given(s, scope); err != nil {
		return err
	}
	if err := (formulaReader{r}).idleTaper(s); err != nil {
		return err
	}
	return formulaReader{r}.lacking(s, root.Get("models"))
}

func (r *reader) title(s *Study, root *document.Value) (err error) {
	v := root.Get("name")
	if s.Name, err = r.Words(v); err != nil {
		return err
	}
	if err := r.FileName(s.Name, v.Path, v.Line, v.Column); err != nil {
		return err
	}
	if v := root.Get("title"); v != nil {
		s.Title, err = r.Words(v)
	}
	return err
}

func (r *reader) parameters(s *Study, v *document.Value) error {
	items, err := r.List(v, "names")
	if err != nil {
		return err
	}
	for i, item := range items {
		if i == expr.MaxParameters {
			return r.Errorf(item, "a fourth parameter; possible are 1, 2 and 3")
		}
		name, err := r.Words(item)
		if err != nil {
			return err
		}
		if err := r.Take(r.names, name, "parameter", item.Path, item.Line, item.Column); err != nil {
			return err
		}
		s.Parameters = append(s.Parameters, name)
	}
	return nil
}

// length reads a radius.
func (r *reader) length(v *document.Value) (float64, error) {
	x, err := r.Positive(v)
	if err == nil && (x < leastLength || x > mostLength) {
		err = r.Errorf(v, "expected a number from %g to %g, found %s", leastLength, mostLength, v.Text)
	}
	return x, err
}

// loss reads the law, the definitions and the loss; scope receives all names.
func (r *reader) loss(s *Study, root *document.Value, scope *expr.Scope) error {
	r.seed = s.Seed
	law, err := lawReader{r}.sample(root.Get("sample"))
	if err != nil {
		return err
	}
	scope.Parameters, scope.Variables = s.Parameters, law.Variables()
	if algorithmOf(s.Algorithm).formulas {
		s.hide(scope.Hidden)
	}
	if v := root.Get("define"); v != nil {
		if v.Kind != document.Mapping {
			return r.Errorf(v, "expected a mapping of names to expressions, found %s", v.Describe())
		}
		for _, e := range v.Entries {
			if err := r.Take(r.names, e.Key, "definition", e.Value.Path, e.Line, e.Column); err != nil {
				return err
			}
			x, err := r.Expression(e.Value, *scope)
			if err != nil {
				return err
			}
			scope.Definitions = append(scope.Definitions, expr.Definition{Name: e.Key, Expr: x})
		}
	}
	s.lossAt = root.Get("loss")
	e, err := r.Expression(s.lossAt, *scope)
	if err != nil {
		return err
	}
	l, err := objective.New(s.Parameters, e, law)
	if err != nil {
		return r.Errorf(s.lossAt, "%s", strings.TrimPrefix(err.Error(), "objective: "))
	}
	s.Loss = l
	if s.Reshuffled {
		if s.epoch, err = reshuffle.NewEpoch(l, law.Len()); err != nil {
			return r.Errorf(r.batch.replacementAt, "%v", err)
		}
		s.Objective = l
		return nil
	}
	if s.Imitated != nil {
		s.Objective = l
		return r.imitation(s)
	}
	s.Objective, err = r.batched(l)
	return err
}

// observables reads functions of the parameters and f: sample variables, and
// definitions that depend on them, are hidden.
func (r *reader) observables(s *Study, v *document.Value, all expr.Scope) error {
	if v.Kind != document.Mapping || len(v.Entries) == 0 {
		return r.Errorf(v, "expected a mapping of names to expressions, found %s", v.Describe())
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
	if n := len(v.Entries); n > mostObservables {
		return r.Errorf(v, "expected at most %d observables, found %d", mostObservables, n)
	}
	if n := len(v.Entries) * len(s.Eta) * len(s.Models); n > mostRows {
		return r.Errorf(v, "observables, models and learning rates make %d rows of results; at most %d are possible", n, mostRows)
	}
	files := map[string]compare.Key{} // of fields
	for _, e := range v.Entries {
		if err := r.FileName(e.Key, e.Value.Path, e.Line, e.Column); err != nil {
			return err
		}
		for _, m := range s.Models {
			key := compare.Key{Observable: e.Key, Model: m, EtaText: s.Eta[0].Text}
			if other, ok := files[key.File()]; ok && len(s.Output.Fields) > 0 && len(s.Output.Eta) > 0 {
				return r.ErrorAt(e.Line, e.Column, e.Value.Path, "fields of %s for %s would have the same file as those of %s for %s, %s; rename one of the observables", m, e.Key, other.Model, other.Observable, key.File())
			}
			files[key.File()] = key
		}
		x, err := r.Expression(e.Value, scope)
		if err != nil {
			return err
		}
		phi, err := objective.NewPhi(e.Key, x, s.Loss, s.State[len(s.Parameters):]...)
		if err != nil {
			return r.Errorf(e.Value, "%s", strings.TrimPrefix(err.Error(), "objective: "))
		}
		s.Observables = append(s.Observables, phi)
		s.observablesAt[e.Key] = e.Value
	}
	return nil
}

// rate reads a number or a fraction > 0.
func (r *reader) rate(v *document.Value) (Rate, error) {
	bad := r.Errorf(v, "expected a number or a fraction greater than 0, found %s", v.Describe())
	if v.Kind != document.Scalar || v.Style != document.Plain {
		return Rate{}, bad
	}
	x, err := ParseRate(v.Text)
	if errors.Is(err, numeral.ErrNone) {
		return Rate{}, bad
	}
	if err != nil {
		return Rate{}, r.Errorf(v, "%v", err)
	}
	return x, nil
}

// ParseRate reads a learning rate as study files have it, a number or a fraction of
// numbers that is greater than 0.
func ParseRate(text string) (Rate, error) {
	x, err := document.ParseReal(text)
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
	return Rate{Value: x, Text: text}, nil
}

func (r *reader) rates(s *Study, v *document.Value) error {
	items, err := r.List(v, "numbers or fractions")
	if err != nil {
		return err
	}
	if len(items) > mostRates {
		return r.Errorf(v, "expected at most %d learning rates, found %d", mostRates, len(items))
	}
	for _, item := range items {
		x, err := r.rate(item)
		if err != nil {
			return err
		}
		for _, before := range s.Eta {
			if before.Value == x.Value {
				return r.Errorf(item, "%s is there twice", x.Text)
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
