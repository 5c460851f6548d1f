package main

// separable is a loss that is a sum of losses of one coordinate each, with independent samples. A product of
// observables of one coordinate has U^n and u that are products of solutions on the line; so has a sum.
type separable struct {
	factors []*process   // of one radius, about the origin
	phi     []observable // one per coordinate
	sum     bool
	radius  float64
}

// side is U or u: a march per coordinate.
type side []*march

func (s side) advance() {
	for _, m := range s {
		m.advance()
	}
}

// combine returns the product or the sum of the values.
func (p *separable) combine(v []float64) float64 {
	if p.sum {
		total := 0.0
		for _, x := range v {
			total += x
		}
		return total
	}
	total := 1.0
	for _, x := range v {
		total *= x
	}
	return total
}

// at returns the value at y, through all points of every axis.
func (p *separable) at(s side, y []float64) float64 {
	v := make([]float64, len(s))
	for i, m := range s {
		v[i] = m.axis.at(m.u.RawMatrix().Data, y[i])
	}
	return p.combine(v)
}

// solve returns the answer of the one observable.
func (p *separable) solve(q request, want float64) ([]answer, error) {
	return refined(q, want, func(r resolution) ([]answer, error) { return p.solveAt(q, r) })
}

// solveAt returns the supremum over the ball and over n at one resolution.
func (p *separable) solveAt(q request, r resolution) ([]answer, error) {
	dims := len(p.factors)
	var sgd, diffusion side
	work := 0.0
	for i, f := range p.factors {
		phi := []observable{p.phi[i]}
		sgd = append(sgd, newSGD(f, q.eta, r, phi))
		d, err := newDiffusion(f, q.model, q.eta, r, phi)
		if err != nil {
			return nil, err
		}
		diffusion = append(diffusion, d)
		work += float64(r.sgd*r.sgd + r.diffusion*r.diffusion)
	}
	points := newBallPoints(dims, p.radius)
	a, b := points.viewer(sgd), points.viewer(diffusion)
	work += float64(points.count())
	var best ballSupremum
	range0 := 0.0
	for n := 1; float64(n)*work < mostWork; n++ {
		sgd.advance()
		diffusion.advance()
		u, v := a.look(), b.look()
		left := u.swing() + v.swing()
		if range0 == 0 {
			range0 = left
		}
		low, high := points.scan(p, u, v, func(y []float64) float64 { return p.at(sgd, y) - p.at(diffusion, y) }, n, &best)
		if max(low, high) <= best.value || left <= settled*best.value || left <= rounding*range0 {
			if best.value < 100*rounding*range0 {
				return nil, errNothing
			}
			return []answer{{gap: best.value, n: best.n, x: best.y[0]}}, nil
		}
	}
	return nil, errTooLong
}

// stays reports that one step from anywhere in the ball ends in it, at points of it and all combinations of the
// samples' extremes.
func (p *separable) stays(eta float64) bool {
	dims := len(p.factors)
	supports := make([][]float64, dims)
	for i, f := range p.factors {
		if f.law.density == nil {
			supports[i] = f.law.values
		} else {
			supports[i] = []float64{f.law.low, f.law.high}
		}
	}
	for _, y := range sphere(dims) {
		for _, share := range []float64{1, 0.9, 0.7, 0.5, 0.25} {
			// The coordinates' samples are independent: the worst square of each adds up.
			sum := 0.0
			for i, f := range p.factors {
				worst := 0.0
				for _, s := range supports[i] {
					x := share * p.radius * y[i]
					x -= eta * f.loss.grad(x, s)
					worst = max(worst, x*x)
				}
				sum += worst
			}
			if sum > p.radius*p.radius {
				return false
			}
		}
	}
	return true
}
