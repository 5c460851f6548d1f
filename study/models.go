package study

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kolmo/derived"
	"kolmo/given"
	"kolmo/grid"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/process"
	"kolmo/study/document"
)

// models reads the names of the models, of which mappings are the study's own.
func (r formulaReader) models(s *Study, v *document.Value) error {
	items, err := r.List(v, "models")
	if err != nil {
		return err
	}
	known := s.kind().models
	for _, item := range items {
		name, at := "", item
		if item.Kind == document.Mapping {
			if name, at, err = r.givenName(s, item, known); err == nil {
				s.givenAt = append(s.givenAt, item)
			}
		} else if err = r.derivedModel(s, item); err == nil {
			name, err = r.Choice(item, known)
		}
		if err != nil {
			return err
		}
		if slices.Contains(s.Models, name) {
			return r.Errorf(at, "%s is there twice", name)
		}
		s.Models = append(s.Models, name)
	}
	return nil
}

// givenName reads the name of a model of the study's own, and returns where it stands.
func (r formulaReader) givenName(s *Study, item *document.Value, known []string) (string, *document.Value, error) {
	if err := r.Keys(item, []string{"name", "drift", "diffusion"}, []string{"name", "drift"}); err != nil {
		return "", nil, err
	}
	at := item.Get("name")
	name, err := r.Words(at)
	switch {
	case err != nil:
		return "", nil, err
	case slices.Contains(known, name):
		return "", nil, r.Errorf(at, "the name %s is taken by a model of %s", name, s.Algorithm)
	case name == s.kind().kind:
		return "", nil, r.Errorf(at, "the name %s is taken by the algorithm", name)
	}
	return name, at, r.FileName(name, at.Path, at.Line, at.Column)
}

// given reads the formulas of the study's own models and looks at what they are in the
// ball. scope has the names that the loss may use.
func (r formulaReader) given(s *Study, scope expr.Scope) error {
	n := given.Names{Parameters: s.Parameters, State: s.State, Variables: s.Loss.Nodes().Variables}
	n.Definitions, n.Hidden = visible(s, scope)
	_, single := s.Objective.(*objective.Loss)
	n.Batch = !single
	for _, item := range s.givenAt {
		if what := r.names[given.Eta]; what != "" {
			return r.Errorf(item, "%s is the learning rate in a model by formulas, and here the name of a %s too; rename that", given.Eta, what)
		}
		m := &given.Model{Name: item.Get("name").Text, Parameters: s.State, Loss: s.Parameters}
		if err := r.formulas(m, item, n); err != nil {
			return err
		}
		s.given = append(s.given, m)
	}
	if len(s.given) == 0 {
		return nil
	}
	if d, ok := s.made.(*derived.Dynamics); ok {
		p := given.NewPhase(d, s.etas(), s.given...)
		s.made = p
		return s.LossError(p.Check(0))
	}
	return s.LossError(s.dynamics().(given.Checked).Check(0))
}

// formulas reads the drift and the diffusion of a model.
func (r formulaReader) formulas(m *given.Model, item *document.Value, n given.Names) error {
	axis := func(e document.Member) (int, error) {
		k := slices.Index(n.State, e.Key)
		if k >= 0 {
			return k, nil
		}
		return 0, r.ErrorAt(e.Line, e.Column, e.Value.Path, "unknown parameter; known are %s", strings.Join(n.State, ", "))
	}
	formula := func(v *document.Value) (*given.Formula, error) {
		if v.Kind != document.Scalar {
			return nil, r.Errorf(v, "expected an expression, found %s", v.Describe())
		}
		f, err := given.Parse(v.Text, n)
		return f, r.Inside(v, err)
	}
	entries := func(v *document.Value) ([]document.Member, error) {
		if v.Kind != document.Mapping {
			return nil, r.Errorf(v, "expected a mapping of parameters, found %s", v.Describe())
		}
		return v.Entries, nil
	}
	drift, err := entries(item.Get("drift"))
	if err != nil {
		return err
	}
	for _, e := range drift {
		k, err := axis(e)
		if err == nil {
			m.Drift[k], err = formula(e.Value)
		}
		if err != nil {
			return err
		}
	}
	if item.Get("diffusion") == nil {
		return nil
	}
	rows, err := entries(item.Get("diffusion"))
	if err != nil {
		return err
	}
	for _, row := range rows {
		k, err := axis(row)
		if err != nil {
			return err
		}
		columns, err := entries(row.Value)
		if err != nil {
			return err
		}
		for _, e := range columns {
			l, err := axis(e)
			if err != nil {
				return err
			}
			f, err := formula(e.Value)
			if err != nil {
				return err
			}
			at := &m.Diffusion[min(k, l)][max(k, l)]
			if *at != nil && !(*at).Equal(f) {
				return r.Errorf(e.Value, "the diffusion is symmetric, and the entry of %s and %s is given twice, as %s and %s", n.State[min(k, l)], n.State[max(k, l)], *at, f)
			}
			*at = f
		}
	}
	return nil
}

// withGiven returns the dynamics with the study's own models beside its own.
func (s *Study) withGiven(d process.Dynamics) process.Dynamics {
	base, ok := d.(given.Base)
	if len(s.given) == 0 || !ok {
		return d
	}
	return given.Beside(base, grid.Ball{Center: s.Center, R: s.R}, s.etas(), s.given...)
}

// etas returns the learning rates.
func (s *Motion) etas() []float64 {
	etas := make([]float64, len(s.Eta))
	for i, r := range s.Eta {
		etas[i] = r.Value
	}
	return etas
}

// givenError gives an error about a model of the study's own its place; it returns others
// as they are.
func (s *places) givenError(err error) error {
	var e *given.Error
	if !errors.As(err, &e) {
		return err
	}
	for _, item := range s.givenAt {
		if at := item.Get(e.Entry); at != nil && item.Get("name").Text == e.Model {
			return s.doc.Errorf(at, "%s", e.Error())
		}
	}
	return err
}

// lacking refuses models that are not there for what the study compares.
func (r formulaReader) lacking(s *Study, v *document.Value) error {
	models, err := process.Named(s.dynamics(), s.Models...)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	for i, m := range models {
		if m.Lacks == nil {
			continue
		}
		if why := m.Lacks(); why != "" {
			return r.Errorf(v.Items[i], "%s %s", m.Name, why)
		}
	}
	return nil
}
