package study

import (
	"fmt"

	"kolmo/compare"
	"kolmo/grid"
	"kolmo/kolmogorov"
)

// The names of the discretisations that a study may choose.
var (
	spaces = map[string]compare.Space{"auto": compare.SpaceAuto, "chebyshev": compare.SpaceChebyshev, "uniform": compare.SpaceUniform}
	times  = map[string]compare.Time{"auto": compare.TimeAuto, "polynomial": compare.TimePolynomial, "hundsdorfer-verwer": compare.TimeHundsdorferVerwer}
)

// Problem returns what the study compares.
func (s *Study) Problem() (*compare.Problem, error) {
	p := &compare.Problem{
		Name: s.Name, Title: s.Title, Objective: s.Objective, Observables: s.Observables,
		Ball: grid.Ball{Center: s.Center, R: s.R}, R2: s.R2, Accuracy: s.Accuracy, Horizon: s.Horizon,
		Solver: compare.Solver{Order: s.Solver.Order, Nodes: s.Solver.Nodes},
		Fields: compare.FieldRequest{Every: s.Output.Every},
	}
	var ok bool
	if p.Solver.Space, ok = spaces[s.Solver.Space]; !ok {
		return nil, fmt.Errorf("study: unknown solver.space %q", s.Solver.Space)
	}
	if p.Solver.Time, ok = times[s.Solver.Time]; !ok {
		return nil, fmt.Errorf("study: unknown solver.time %q", s.Solver.Time)
	}
	for _, name := range s.Models {
		m, err := kolmogorov.ParseModel(name)
		if err != nil {
			return nil, fmt.Errorf("study: %w", err)
		}
		p.Models = append(p.Models, m)
	}
	for _, r := range s.Eta {
		p.Etas = append(p.Etas, compare.Rate(r))
	}
	for _, r := range s.Output.Eta {
		p.Fields.Etas = append(p.Fields.Etas, r.Value)
	}
	return p, nil
}
