package compare

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kolmo/kolmogorov"
	"kolmo/process"
)

// Gap is Run for the gap alone.
func Gap(ctx context.Context, p *Problem, cfg *Config) (*Result, error) {
	q := *p
	q.Studies = []Study{StudyGap}
	return Run(ctx, &q, cfg)
}

// Run measures sup_n sup_{|x-center|<=R} |U^n - u(., n eta)| (Theorem 1) for some
// models at one learning rate, with error estimates. Other learning rates are looked at
// only to know where refinement begins: all units can be computed on their own.
func (s *gapKind) Run(ctx context.Context, i int, models []int) error {
	for k := range min(i, pilots) {
		if err := s.Run(ctx, k, models); err != nil {
			return err
		}
	}
	models, err := missing(s.setup, &s.units, StudyGap, i, models)
	if err != nil || models == nil {
		return err
	}
	return s.solve(ctx, i, models)
}

// Collect collects all units and fits the orders in eta.
func (s *gapKind) Collect(res *Result) {
	p := s.p
	if s.mu <= 0 {
		h := s.until()
		res.Until = &h
		if p.transient() {
			res.Warnings = append(res.Warnings, fmt.Sprintf("%s: suprema are over t <= %g", s.notConvex(), h))
		} else {
			res.Warnings = append(res.Warnings, fmt.Sprintf("%s (smallest curvature found %.4g): suprema are over t <= %g only", s.notConvex(), s.mu/p.pace(), h))
		}
	}
	for i := range p.Etas {
		for m := range p.Models {
			u := s.units.at(i, m)
			res.Choices = append(res.Choices, u.Choices...)
			for _, w := range u.Warnings {
				if !slices.Contains(s.warnings, w) {
					s.warnings = append(s.warnings, w)
				}
			}
		}
	}
	for o, phi := range p.Observables {
		for m := range p.Models {
			for i := range p.Etas {
				u := s.units.at(i, m)
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
	res.Order = orders(p, res.Gap, res.Curves)
}

// give hands over the fields of a finished row, or keeps them for the result.
func (s *gapKind) give(f *FieldSet, row *GapRow) error {
	if s.cfg.Fields != nil {
		return s.cfg.Fields(f, row)
	}
	s.fields = append(s.fields, *f)
	return nil
}

// gapKind is the study of the gap (Theorem 1).
type gapKind struct {
	*setup
	chooser
	units  unitTable[gapUnit]
	nearer *setup     // whose noise ends nearer to the region; nil until needed
	fields []FieldSet // of finished units
	// given, if not nil, chooses the discretisations instead of the study: of S, of
	// the model with index i, what that goes over to, and the nodes to begin with.
	given func(i int, eta Rate) (forS, forL method, fallback *method, nodes float64, err error)
}

// newGapKind returns the study of a setup.
func newGapKind(s *setup) *gapKind {
	return &gapKind{setup: s, chooser: chooser{setup: s, probed: make([]*probed, len(s.p.Models))}}
}

// outcome is a finished row with what is drawn and stored of it.
type outcome struct {
	obs, model int
	row        GapRow
	curve      Curve
	raster     *Raster
	fields     *FieldSet
	ofS        Number  // the part of the interpolation's error that S has without u
	target     float64 // what the discretisation may err by
	resolved   bool    // the discretisation meets the accuracy
	// The last two levels of u and of U, and how far their fields are apart.
	pairL, pairS levelPair
	limit        string  // why no finer grid was tried, if it is not resolved
	narrow       bool    // the loss has features between the nodes
	expanded     float64 // see expansion
}

// rowOf returns the engine's row, or nil.
func (e *engine) rowOf(m *process.Diffusion, obs int) *rowRun {
	for _, r := range e.rows {
		if r.m.model.Name == m.Name && r.obs == obs {
			return r
		}
	}
	return nil
}

// instability turns a model's failure into a reason.
func instability(err error) string {
	reason := strings.TrimPrefix(err.Error(), "kolmogorov: ")
	if errors.Is(err, kolmogorov.ErrUnstable) {
		return "unstable: " + reason
	}
	return reason
}
