package gap

import (
	"context"
	"math"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
)

// Forecasts predicts all units of some kinds.
func (s *Kind) Forecasts(ctx context.Context, kinds []unit.Kind) ([]compare.UnitForecast, error) {
	// U is as smooth as u of a diffusion without a cutoff.
	of := s.Problem.Models[0]
	for _, m := range s.Problem.Dynamics.Diffusions() {
		if m.Analytic {
			of = m
			break
		}
	}
	p, err := s.probe(ctx, of, s.Problem.Etas[0].Value, []survey.Method{survey.Chebyshev()})
	if err != nil {
		return nil, err
	}
	var out []compare.UnitForecast
	for _, kind := range kinds {
		for i := range s.Problem.Etas {
			smooth := s.predict(p, &p.probes[0], of, s.Problem.Etas[i].Value).nodes
			for m := range s.Problem.Models {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				u, err := s.forecast(ctx, i, m, smooth)
				if err != nil {
					return nil, err
				}
				u.Kind = kind.Name
				if kind.Work != nil {
					u.Work, u.Known = kind.Work(s.Setup), true
				} else {
					u.Work *= kind.Share
				}
				u.Work += compare.UnitWork
				out = append(out, *u)
			}
		}
	}
	return out, nil
}

// Constants of the forecast, as shipped studies show them.
const (
	// closedBefore is the ratio of the time that limits are sized for to that after which the
	// supremum over all n is mostly closed.
	closedBefore = 6
	// A basis of S has firstVectors and vectorsPerRoot for every root of a step.
	firstVectors, vectorsPerRoot = 24, 7
	// mergedWeights is the number of weights per node of merged windows in the plane, and
	// imageWeights that of an image in space.
	mergedWeights, imageWeights = 400, 1000
	// windowWork is what an image's window takes in an assembly, per weight.
	windowWork = 40
)

// forecast predicts the gap unit of a model at a learning rate; smooth is the nodes that U needs.
func (s *Kind) forecast(ctx context.Context, i, m int, smooth float64) (*compare.UnitForecast, error) {
	p, eta, model := s.Problem, s.Problem.Etas[i], s.Problem.Models[m]
	d := len(p.Ball.Center)
	mS, mL, _, nodes, _, err := s.methods(ctx, m, eta)
	if err != nil {
		return nil, err
	}
	ladderS, err := mS.Ladder(survey.ForS, p, p.Solver.Nodes)
	if err != nil {
		return nil, err
	}
	ladder, err := mL.Ladder(survey.ForL, p, p.Solver.Nodes)
	if err != nil {
		return nil, err
	}
	c, err := s.candidateOf(ctx, mL, m, eta.Value)
	if err != nil {
		return nil, err
	}
	u := &compare.UnitForecast{Model: model.Name, Eta: eta, Method: mL.String(), Steps: s.Steps(eta.Value), Known: c.note == ""}
	steps := u.Steps
	if s.Mu > 0 {
		steps = math.Ceil(steps / closedBefore)
	}
	nodes = max(nodes, c.nodes)
	l := above(ladder, nodes)
	l.Sub = survey.FirstSub
	nS := above(ladderS, smooth)
	on, _ := l.OnBox(p, model)
	u.Nodes, u.NodesS = on.Largest(), nS.Largest()
	u.Bytes = march.Plan{S: nS, Models: p.Models[m : m+1], Levels: []survey.Level{l}}.Bytes(p)
	perTime := c.work
	if !u.Known {
		perTime = unit.MostWork[d] * eta.Value / steps
	}
	perNode, images := nS.Count(), float64(p.Dynamics.Law().Images) // weights of S
	perImage := min(perNode, imageWeights)
	switch {
	case nS.Width > 0:
		perNode = math.Pow(float64(nS.Width), float64(d))
		perImage = windowWork * perNode
	case d == 2:
		perNode = min(perNode, mergedWeights)
	case d == 3:
		perNode = min(perNode, imageWeights*images)
	}
	vectors := min(steps, firstVectors+vectorsPerRoot*math.Sqrt(steps))
	// The models that need the same grid of S share it.
	chain := vectors * nS.Count() * perNode / float64(len(p.Models))
	assembly := nS.Count() * images * perImage / float64(len(p.Models))
	// Under every richer rule of a quadrature S is assembled once.
	richer := 0.0
	for _, c := range s.Richer {
		richer += nS.Count() * float64(c.Problem.Dynamics.Law().Images) * windowWork * min(perNode, perImage) / float64(len(p.Models))
	}
	u.Work = richer + compare.Climbs*(assembly+float64(len(p.Observables))*(steps*(perTime*eta.Value+compare.LookWork*nS.Count())+chain))
	return u, nil
}

// candidateOf predicts what a method needs for a model at a learning rate.
func (s *chooser) candidateOf(ctx context.Context, me survey.Method, m int, eta float64) (*candidate, error) {
	model := s.Problem.Models[m]
	if s.probed[m] == nil {
		var err error
		if s.probed[m], err = s.probe(ctx, model, s.Problem.Etas[0].Value, []survey.Method{me.By(nil)}); err != nil {
			return nil, err
		}
	}
	for k := range s.probed[m].probes {
		if pr := &s.probed[m].probes[k]; pr.method.Kind == me.Kind && pr.method.Order == me.Order {
			c := s.predict(s.probed[m], pr, model, eta)
			return &c, nil
		}
	}
	return &candidate{method: me, work: math.Inf(1), note: "not looked at"}, nil
}

// above returns the second level of a ladder, or the one above the first with so many nodes.
func above(ladder []survey.Level, nodes float64) survey.Level {
	at := 1
	for at+1 < len(ladder) && float64(ladder[at-1].Largest()) < nodes {
		at++
	}
	return ladder[at]
}
