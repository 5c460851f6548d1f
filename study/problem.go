package study

import (
	"fmt"

	"kolmo/compare"
	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
	"kolmo/process"
)

// spaces are the names of the discretisations in x that a study may choose.
var spaces = map[string]compare.Space{"auto": compare.SpaceAuto, "chebyshev": compare.SpaceChebyshev, "uniform": compare.SpaceUniform}

// schemes returns the schemes in t by their names.
func schemes() map[string]scheme.Scheme {
	m := make(map[string]scheme.Scheme)
	for _, s := range scheme.Schemes() {
		m[s.Name()] = s
	}
	return m
}

// studyNames returns the kinds of studies.
func studyNames() []string {
	var names []string
	for _, s := range compare.Studies() {
		names = append(names, string(s))
	}
	return names
}

// timeNames returns the propagations in t that a study may choose.
func timeNames() []string {
	names := []string{"auto", "polynomial"}
	for _, s := range scheme.Schemes() {
		names = append(names, s.Name())
	}
	return names
}

// Problem returns what the study compares.
func (s *Study) Problem() (*compare.Problem, error) {
	dynamics := s.dynamics()
	p := &compare.Problem{
		Name: s.Name, Title: s.Title, Dynamics: dynamics,
		Ball: regionOf(dynamics, s), Accuracy: s.Accuracy, Horizon: s.Horizon, SpectrumCount: s.Spectrum, Asked: s.Asked, Etas: s.Eta,
		Solver: compare.Solver{Order: s.Solver.Order, Nodes: s.Solver.Nodes},
		Fields: compare.FieldRequest{Every: s.Output.Every},
	}
	for _, phi := range s.Observables {
		p.Observables = append(p.Observables, process.Placed(dynamics, phi))
	}
	var ok bool
	if p.Solver.Space, ok = spaces[s.Solver.Space]; !ok {
		return nil, fmt.Errorf("study: unknown solver.space %q", s.Solver.Space)
	}
	switch s.Solver.Time {
	case "auto":
	case "polynomial":
		p.Solver.Time = compare.TimePolynomial
	default:
		p.Solver.Time = compare.TimeScheme
		if p.Solver.Scheme, ok = schemes()[s.Solver.Time]; !ok {
			return nil, fmt.Errorf("study: unknown solver.time %q", s.Solver.Time)
		}
	}
	for _, name := range s.Studies {
		p.Studies = append(p.Studies, compare.Study(name))
	}
	var err error
	if p.Models, err = process.Named(p.Dynamics, s.Models...); err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	for _, r := range s.Output.Eta {
		p.Fields.Etas = append(p.Fields.Etas, r.Value)
	}
	for _, name := range s.Output.Fields {
		f, err := compare.ParseFieldName(name, len(s.State))
		if err != nil {
			return nil, fmt.Errorf("study: %w", err)
		}
		if f.J != nil {
			p.Fields.Derivatives = append(p.Fields.Derivatives, f)
		}
	}
	return p, nil
}

// regionOf returns the starting points in the dynamics' coordinates.
func regionOf(d process.Dynamics, s *Study) grid.Ball {
	if c, ok := d.(process.Charted); ok {
		return c.State().Starts(c.Region())
	}
	return grid.Ball{Center: s.Center, R: s.R}
}
