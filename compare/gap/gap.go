package gap

import (
	"context"
	"slices"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
)

// Run measures sup_n sup_{|x-center|<=R} |U^n - u(., n eta)| (Theorem 1) for some
// models at one learning rate, with error estimates. Other learning rates are looked at
// only to know where refinement begins: all units can be computed on their own.
func (s *Kind) Run(ctx context.Context, i int, models []int) error {
	for k := range min(i, pilots) {
		if err := s.Run(ctx, k, models); err != nil {
			return err
		}
	}
	models, err := unit.Missing(s.Setup, &s.Units, compare.StudyGap, i, models)
	if err != nil || models == nil {
		return err
	}
	return s.solve(ctx, i, models)
}

// Collect collects all units and fits the orders in eta.
func (s *Kind) Collect(res *compare.Result) error {
	p := s.Problem
	if unit.ToHorizon(s.Setup) {
		h := s.Until()
		res.Until = &h
		why := s.NotConvex()
		if !p.Transient() {
			why += compare.Say(" (smallest curvature found %.4g)", (s.Mu+s.Slow)/p.Pace())
		}
		res.Warnings = append(res.Warnings, compare.Say("%s: suprema are over t <= %.4g", why, h))
	}
	for i := range p.Etas {
		for m := range p.Models {
			u := s.Units.At(i, m)
			res.Choices = append(res.Choices, u.Choices...)
			for _, w := range u.Warnings {
				if !slices.Contains(s.Warnings, w) {
					s.Warnings = append(s.Warnings, w)
				}
			}
		}
	}
	for o, phi := range p.Observables {
		for m := range p.Models {
			for i := range p.Etas {
				u := s.Units.At(i, m)
				res.Gap = append(res.Gap, u.Rows[o].V)
				for _, c := range u.Curves {
					if c.Observable == phi.Name() {
						res.Curves = append(res.Curves, c)
					}
				}
				for _, r := range u.Rasters {
					if r.Observable == phi.Name() {
						res.Rasters = append(res.Rasters, r)
					}
				}
				for _, f := range s.fields {
					if f.Observable == phi.Name() && f.Model == p.Models[m].Name && f.Eta == p.Etas[i].Value {
						res.Fields = append(res.Fields, f)
					}
				}
			}
		}
	}
	res.Order = fit.Orders(p, res.Gap, res.Curves)
	return nil
}

// give hands over the fields of a finished row, or keeps them for the result.
func (s *Kind) give(f *compare.FieldSet, row *compare.GapRow) error {
	if s.Config.Fields != nil {
		return s.Config.Fields(f, row)
	}
	s.fields = append(s.fields, *f)
	return nil
}

// Study declares the kind.
var Study = unit.Kind{
	Name: compare.StudyGap, Share: 1,
	New: func(s *unit.Setup) unit.Study { return Of(s) },
}

// Of returns the gaps of a setup, on whose grids other kinds are taken.
func Of(s *unit.Setup) *Kind { return unit.Shared(s, New) }

// Kind is the study of the gap (Theorem 1).
type Kind struct {
	*unit.Setup
	chooser
	Units  unit.Table[Unit]
	fields []compare.FieldSet // of finished units
	// Given, if not nil, chooses the discretisations instead of the study: of S, of
	// the model with index i, what that goes over to, and the nodes to begin with.
	Given func(i int, eta compare.Rate) (forS, forL survey.Method, fallback *survey.Method, nodes float64, err error)
}

// New returns the study of a setup.
func New(s *unit.Setup) *Kind {
	return &Kind{Setup: s, chooser: chooser{Setup: s, probed: make([]*probed, len(s.Problem.Models))}}
}

// Outcome is a finished row with what is drawn and stored of it.
type Outcome struct {
	obs      int
	Row      compare.GapRow
	curve    compare.Curve
	raster   *compare.Raster
	fields   *compare.FieldSet
	ofS      compare.Number // the part of the interpolation's error that S has without u
	target   float64        // what the discretisation may err by
	resolved bool           // the discretisation meets the accuracy
	// The last two levels of u and of U, and how far their fields are apart.
	pairL, pairS levelPair
	limit        string         // why no finer grid was tried, if it is not resolved
	narrow       bool           // the loss has features between the nodes
	expanded     float64        // see expansion
	widest       float64        // the largest gap that the ranges of U and u allow; infinite where they allow any
	ofFields     compare.Errors // the parts of the error before the ranges shrink them
}
