package march

import (
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/compare/powers"
	"kolmo/compare/survey"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
	"kolmo/sgdop"
)

// Plan is what an engine computes: S at one level, and models, each at its own.
type Plan struct {
	S      survey.Level
	Models []*process.Diffusion
	Levels []survey.Level
}

// Groups divides a list into plans, one for every level of S; at tells which plan has
// each entry.
func Groups(p *compare.Problem, list []Planned) (plans []Plan, at []int) {
	for _, e := range list {
		k := slices.IndexFunc(plans, func(pl Plan) bool { return pl.S.Same(e.S) && pl.S.Width == e.S.Width })
		if k < 0 {
			k = len(plans)
			plans = append(plans, Plan{S: e.S})
		}
		plans[k].Models = append(plans[k].Models, p.Models[e.Model])
		plans[k].Levels = append(plans[k].Levels, e.L)
		at = append(at, k)
	}
	return plans, at
}

// Below returns a plan that is as much coarser than p as p is than fine, in S and in the
// model, with no fewer nodes than its stencils need.
func (p Planned) Below(fine Planned) Planned {
	p.S, p.L = p.S.Below(fine.S), p.L.Below(fine.L)
	return p
}

// followerVectors is the most vectors of a basis of L.
const followerVectors = 160

// follower is propagator for u from its beginning: on collocation grids a basis of L, as far
// as that serves. growth is that of e^{tL}.
func follower(l survey.Level, op *kolmogorov.Operator, eta, growth float64) (kolmogorov.Propagator, error) {
	if l.Scheme == nil && l.Kind == grid.KindChebyshev {
		return kolmogorov.NewBasisThenPolynomial(op, eta, &kolmogorov.BasisConfig{Tolerance: powers.PowersTolerance, Vectors: followerVectors, Growth: growth}), nil
	}
	return l.Propagator(op, eta)
}

// Bytes estimates the memory of a plan: the weights of S and the basis of its powers, the
// blocks of fields that are compared, and the terms or stages of every model and observable.
func (pl Plan) Bytes(p *compare.Problem) int64 {
	obs := len(p.Observables)
	nS := pl.S.Count()
	total := 8 * nS * nS
	if pl.S.Width > 0 {
		total = 16 * nS * math.Pow(float64(pl.S.Width), float64(len(pl.S.Nodes)))
	}
	if pl.S.Width == 0 {
		total += float64(sgdop.MeansBytes(int(nS), len(pl.S.Nodes), p.Dynamics.Law().Images))
	}
	total += 8 * float64(obs) * nS * powers.MostVectors
	const (
		termFields = 80 // of a polynomial
		lineFields = 60 // stages and factored lines of a scheme with its estimate
	)
	for i, l := range pl.Levels {
		l, _ = l.OnBox(p, pl.Models[i])
		fields := float64(BlockSteps + termFields)
		if l.Kind == grid.KindChebyshev {
			fields += followerVectors
		}
		if l.Scheme != nil {
			fields = BlockSteps + lineFields
		}
		total += float64(8*obs) * (fields*l.Count() + 2*BlockSteps*nS)
	}
	return int64(total)
}

// Finer returns a problem's plan with the next finer grids of S and of the model; ok is false if
// there are none.
func (p Planned) Finer(of *compare.Problem) (next Planned, ok bool) {
	next = p
	found := 0
	for i, side := range []struct {
		l *survey.Level
		r survey.Role
	}{{&next.S, survey.ForS}, {&next.L, survey.ForL}} {
		ladder, err := side.l.Method.Ladder(side.r, of, nil)
		if err != nil {
			return p, false
		}
		for _, l := range ladder {
			if l.Largest() > side.l.Largest() {
				l.Sub = side.l.Sub
				*side.l = l
				found |= 1 << i
				break
			}
		}
	}
	return next, found == 3
}

// Planned is a model at its level with the S that it is compared with.
type Planned struct {
	Model int // index in the problem's models
	S, L  survey.Level
}
