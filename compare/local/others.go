package local

import (
	"context"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/unit"
)

// otherRun is a run that a model's is held against besides the coarser one: a share of what
// they differ by is error, and why is said where it failed.
type otherRun struct {
	e     *march.Engine
	share func(observable int) float64
	why   string
}

// nearer runs a plan with noise that ends nearer to the region, where a model's noise, or the
// chain's, ends for the computation's sake; nil otherwise.
func (s *Kind) nearer(ctx context.Context, p march.Planned, eta compare.Rate) ([]otherRun, error) {
	if !s.Problem.Models[p.Model].Tapered && !s.Noisy() {
		return nil, nil
	}
	moved, err := s.Nearer()
	if err != nil {
		return nil, err
	}
	engines, err := New(moved, s.gaps).rhoEngines(ctx, moved.Cache, eta, []march.Planned{p}, s.Share)
	if err != nil {
		return nil, err
	}
	return []otherRun{{engines[0], unit.FadingOfGaps(s.Setup, s.Problem.Models[p.Model], eta.Value).Of, "what the end of the noise does is not known: a nearer end is unstable"}}, nil
}
