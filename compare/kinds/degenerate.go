package kinds

import (
	"fmt"
	"slices"

	"kolmo/compare"
)

// lookedAt is the number of points that degenerate problems are known by.
const lookedAt = 32

// Degenerate says in sentences where a problem has nothing to compare: observables that are constant, and a chain that has no
// noise or stands still, as far as points of the region tell. It takes at most as many images of all samples as there are points.
func Degenerate(p *compare.Problem) []string {
	var out []string
	points := p.Region(p.Ball.R).Spread(lookedAt) // and not only where it is started
	for _, phi := range p.Observables {
		value := phi.NewFunc()
		first := value(points[0])
		if !slices.ContainsFunc(points, func(x []float64) bool { return value(x) != first }) {
			out = append(out, compare.Say("the observable %s has the value %.6g at all of %d points of the region: if it is constant, all its gaps are zero", phi.Name(), first, lookedAt))
		}
	}
	chain := p.Dynamics.Chain(p.Etas[0].Value)
	d, own := chain.Dim(), chain.NewImager()
	weights, images := make([]float64, chain.Images()), make([]float64, chain.Images()*d)
	moves := false
	for _, x := range points {
		if own.ImagesTo(weights, images, x) != nil {
			return out
		}
		for k := d; k < len(images); k += d {
			if !slices.Equal(images[k:k+d], images[:d]) {
				return out
			}
		}
		moves = moves || !slices.Equal(images[:d], x)
	}
	if !moves {
		return append(out, fmt.Sprintf("no step moves any of %d points of the region, as where the loss does not depend on its parameters", lookedAt))
	}
	return append(out, fmt.Sprintf("every step has one outcome, at all of %d points of the region: there is no noise, as where all samples have the same gradient", lookedAt))
}
