package compare

import (
	"math"

	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/objective"
)

// lossSurvey is the loss at points of the ball that are denser than the nodes of most
// grids: what lies between the nodes of all levels shows there.
type lossSurvey struct {
	q     *points
	index []int // of the tensor grid's points at which there are moments
	at    []objective.Moments
	size  lossMiss // of the moments themselves
	laws  []pointLaw
}

// pointLaw is the law of grad f(x;xi) at a point, in the layout of Evaluator.NodesTo.
type pointLaw struct{ x, weights, grads []float64 }

// lossDensity is R over the spacing of these points, about: they are 2 R/(2 n - 1) apart
// along each axis.
var lossDensity = [grid.MaxDim + 1]int{0, 512, 48, 12}

// lawPairs bounds the number of points times samples at which the law itself is kept;
// moments are bounded by surveyPairs.
const lawPairs = 400_000

// newLossSurvey evaluates the loss at the points, or a part of them where the law has
// many samples.
func newLossSurvey(p *Problem, workers int) *lossSurvey {
	d := len(p.Ball.Center)
	s := &lossSurvey{q: newPoints(p.Ball, lossDensity[d])}
	samples := p.Objective.Law().Len()
	var x [][]float64
	stride := max(1, len(s.q.inside)*samples/surveyPairs)
	for i := 0; i < len(s.q.inside); i += stride {
		s.index = append(s.index, s.q.inside[i])
		x = append(x, s.q.x[i])
	}
	s.at = momentsAt(p.Objective, x, workers)
	for f, of := range momentFields(d) {
		for i := range s.at {
			s.size.keep(f, of(&s.at[i]))
		}
	}
	stride = (len(s.q.inside)*samples + lawPairs - 1) / lawPairs
	x = nil
	for i := 0; i < len(s.q.inside); i += stride {
		x = append(x, s.q.x[i])
	}
	s.laws = lawsAt(p.Objective, x, workers)
	return s
}

// lawsAt evaluates the law of grad f(x;xi) at points.
func lawsAt(o objective.Objective, x [][]float64, workers int) []pointLaw {
	const tasks = 16
	laws := make([]pointLaw, len(x))
	n, d := o.Law().Len(), o.Dim()
	par.Do(workers, tasks, func(task int) {
		ev := o.NewEvaluator()
		lo, hi := par.Split(len(x), tasks, task)
		for i := lo; i < hi; i++ {
			laws[i] = pointLaw{x: x[i], weights: make([]float64, n), grads: make([]float64, n*d)}
			ev.NodesTo(laws[i].weights, laws[i].grads, x[i])
		}
	})
	return laws
}

// momentField is one of the fields that drifts, diffusions and D are made of.
type momentField struct {
	part momentPart
	k, l int
}

// momentPart says which moment a field is an entry of.
type momentPart int

const (
	gradPart  momentPart = iota // grad f
	shiftPart                   // hess f grad f
	sigmaPart                   // Sigma
	hessPart                    // hess f
)

// lossMiss is by how much interpolants miss moments of the loss, at the worst of the
// surveyed points: the gradient m, H m, Sigma and H = hess f, entry by entry.
type lossMiss struct {
	grad, shift [grid.MaxDim]float64
	sigma, hess [grid.MaxDim][grid.MaxDim]float64
}

func (m *lossMiss) keep(f momentField, v float64) {
	v = math.Abs(v)
	switch f.part {
	case gradPart:
		m.grad[f.k] = max(m.grad[f.k], v)
	case shiftPart:
		m.shift[f.k] = max(m.shift[f.k], v)
	case sigmaPart:
		m.sigma[f.k][f.l] = max(m.sigma[f.k][f.l], v)
	case hessPart:
		m.hess[f.k][f.l] = max(m.hess[f.k][f.l], v)
	}
}

// hiddenFloor is the miss, relative to the largest entry of a moment, that is rounding.
const hiddenFloor = 1e-13

// largest returns the largest entry of a moment.
func (m *lossMiss) largest(part momentPart) float64 {
	v, t := &m.grad, &m.sigma
	switch part {
	case shiftPart:
		v = &m.shift
	case hessPart:
		t = &m.hess
	}
	most := 0.0
	for k := range v {
		if part == gradPart || part == shiftPart {
			most = max(most, v[k])
			continue
		}
		for _, e := range t[k] {
			most = max(most, e)
		}
	}
	return most
}

// momentFields yields the fields in d dimensions with their values at a point.
func momentFields(d int) func(yield func(momentField, func(*objective.Moments) float64) bool) {
	return func(yield func(momentField, func(*objective.Moments) float64) bool) {
		for k := range d {
			if !yield(momentField{gradPart, k, k}, func(m *objective.Moments) float64 { return m.Grad[k] }) {
				return
			}
			shift := func(m *objective.Moments) float64 {
				sum := 0.0
				for l := range d {
					sum += m.Hess[k][l] * m.Grad[l]
				}
				return sum
			}
			if !yield(momentField{shiftPart, k, k}, shift) {
				return
			}
			for l := k; l < d; l++ {
				if !yield(momentField{sigmaPart, k, l}, func(m *objective.Moments) float64 { return m.Sigma[k][l] }) ||
					!yield(momentField{hessPart, k, l}, func(m *objective.Moments) float64 { return m.Hess[k][l] }) {
					return
				}
			}
		}
	}
}

// miss returns by how much the interpolants of the moments at the nodes of a grid miss
// them at the points. The cutoff of the modified model, which is 1 on the ball and is not
// analytic beyond, plays no part: it hides nothing of the loss.
func (s *lossSurvey) miss(at *kolmogorov.Moments, width int) *lossMiss {
	m := &lossMiss{}
	transfer := grid.NewTransfer(at.Grid, s.q.axes, width)
	u, v := make([]float64, at.Grid.Len()), make([]float64, transfer.Len())
	for f, of := range momentFields(at.Grid.Dim()) {
		for i := range u {
			u[i] = of(&at.At[i])
		}
		transfer.ApplyTo(v, u)
		for i, node := range s.index {
			if miss := v[node] - of(&s.at[i]); math.Abs(miss) > hiddenFloor*s.size.largest(f.part) {
				m.keep(f, miss)
			}
		}
	}
	return m
}

// rateL is the error per unit of time that the misses leave in u with the given
// derivatives under a model: of b.grad u + (1/2) a:hess u.
func (m *lossMiss) rateL(model kolmogorov.Model, eta float64, d int, slope *slopes) float64 {
	sum := 0.0
	for k := range d {
		b := m.grad[k]
		if model.WeakOrder() == 2 {
			b += eta / 2 * m.shift[k]
		}
		sum += b * slope.first[k]
		for l := k; l < d && model != kolmogorov.GradientFlow; l++ {
			sum += eta / 2 * multiplicity(k, l) * m.sigma[k][l] * slope.second[k][l]
		}
	}
	return sum
}

// rateS is the same for U under S, to second order in eta.
func (m *lossMiss) rateS(eta float64, d int, slope *slopes) float64 {
	return m.rateL(kolmogorov.FirstOrder, eta, d, slope)
}

// multiplicity is the number of orders of two indices.
func multiplicity(k, l int) float64 {
	if k == l {
		return 1
	}
	return 2
}

// slopes are the largest derivatives of fields on the ball, in magnitude.
type slopes struct {
	first  [grid.MaxDim]float64
	second [grid.MaxDim][grid.MaxDim]float64
}

// slopeStride tells that every such point is looked at, by dimension.
var slopeStride = [grid.MaxDim + 1]int{0, 1, 3, 5}

// slopesOf returns those of the interpolants of fields on a grid, at a part of the
// points q.
func slopesOf(q *points, g *grid.Grid, width int, fields ...[]float64) *slopes {
	s := &slopes{}
	in := grid.NewInterpolator(g, width)
	var jet grid.Jet
	d := g.Dim()
	for i := 0; i < len(q.x); i += slopeStride[d] {
		in.LocateJet(q.x[i])
		for _, u := range fields {
			in.JetTo(&jet, u)
			for k := range d {
				s.first[k] = max(s.first[k], math.Abs(jet.Grad[k]))
				for l := k; l < d; l++ {
					s.second[k][l] = max(s.second[k][l], math.Abs(jet.Hess[k][l]))
				}
			}
		}
	}
	return s
}

// stepProducts bounds the products of one field's oneStepMiss.
const stepProducts = 3_000_000

// oneStepMiss returns, per field u on the grid of S, by how much the interpolant of S u,
// given in su at the nodes, misses S u itself at the points where the law is known: all
// that the law of grad f(x;xi) hides between the nodes, not only its moments. S u is the
// mean of u's interpolant over the images, so that what u itself hides does not count.
func (s *lossSurvey) oneStepMiss(g *grid.Grid, width int, eta float64, u, su [][]float64, workers int) []float64 {
	const tasks = 16
	d := g.Dim()
	products := float64(len(s.laws) * len(s.laws[0].weights))
	for k := range d {
		products *= float64(g.Axis(k).Width(width))
	}
	stride := int(math.Ceil(products / stepProducts))
	parts := make([][]float64, tasks)
	par.Do(workers, tasks, func(task int) {
		in := grid.NewInterpolator(g, width)
		y := make([]float64, d)
		worst, mean := make([]float64, len(u)), make([]float64, len(u))
		for i := task * stride; i < len(s.laws); i += tasks * stride {
			at := &s.laws[i]
			clear(mean)
			for m, w := range at.weights {
				for k := range d {
					y[k] = at.x[k] - eta*at.grads[m*d+k]
				}
				in.Locate(y)
				for o := range u {
					mean[o] += w * in.Value(u[o])
				}
			}
			in.Locate(at.x)
			for o := range u {
				worst[o] = max(worst[o], math.Abs(in.Value(su[o])-mean[o]))
			}
		}
		parts[task] = worst
	})
	worst := make([]float64, len(u))
	for _, part := range parts {
		for o := range worst {
			worst[o] = max(worst[o], part[o])
		}
	}
	return worst
}
