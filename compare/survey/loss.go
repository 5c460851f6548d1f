package survey

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"kolmo/compare"
	"kolmo/compare/look"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/process"
)

// lossSurvey is the loss at points of the ball that are denser than the nodes of most
// grids: what lies between the nodes of all levels shows there.
type lossSurvey struct {
	q     *look.Points
	index []int // of the tensor grid's points at which there are moments
	parts []process.FieldPart
	Size  LossMiss // of the parts themselves
	// laws are points at which S is applied to fields without the grid's help.
	laws  [][]float64
	dyn   process.Dynamics
	noise float64 // largest trace of the covariance of a step over eta^2
	once  sync.Once
	order []float64 // per part; see orders
}

// lossDensity is R over the spacing of these points, about: they are 2 R/(2 n - 1) apart
// along each axis.
var lossDensity = [grid.MaxDim + 1]int{0, 512, 48, 12}

// lawPairs bounds the number of points times samples at which the law itself is kept;
// moments are bounded by surveyPairs.
const lawPairs = 400_000

// newLossSurvey evaluates the loss at the points, or a part of them where the law has
// many samples.
func newLossSurvey(p *compare.Problem, workers int) *lossSurvey {
	d := len(p.Ball.Center)
	s := &lossSurvey{q: offNodes(look.NewPoints(p.Region(p.Ball.R), lossDensity[d])), dyn: p.Dynamics}
	samples := p.Dynamics.Law().Images
	var x [][]float64
	stride := max(1, len(s.q.Inside)*samples/surveyPairs)
	for i := 0; i < len(s.q.Inside); i += stride {
		s.index = append(s.index, s.q.Inside[i])
		x = append(x, s.q.X[i])
	}
	at := p.Dynamics.At(x, workers)
	s.parts = at.Parts()
	for _, f := range s.parts {
		most := 0.0
		for i := range at.Len() {
			most = max(most, math.Abs(f.At(i)))
		}
		s.Size = append(s.Size, partMiss{f.Part, most})
	}
	for i := range at.Len() {
		s.noise = max(s.noise, at.Noise(i))
	}
	stride = (len(s.q.Inside)*p.Dynamics.Law().Work() + lawPairs - 1) / lawPairs
	for i := 0; i < len(s.q.Inside); i += stride {
		s.laws = append(s.laws, s.q.X[i])
	}
	return s
}

// offNodes moves points of a tensor grid, of which grids of as many nodes have all as nodes, by up to half their spacing towards its middle, and none at its
// ends. The shares are the fractions of multiples of the golden section.
func offNodes(q *look.Points) *look.Points {
	for k, axis := range q.Axes {
		last := len(axis) - 1
		middle, moved := (axis[0]+axis[last])/2, slices.Clone(axis)
		for i := 1; i < last; i++ {
			_, share := math.Modf(float64(i) * math.Phi)
			step := share / 2 * (axis[i+1] - axis[i])
			moved[i] -= math.Copysign(min(step, math.Abs(axis[i]-middle)), axis[i]-middle)
		}
		q.Axes[k] = moved
	}
	for i, node := range q.Inside {
		x := make([]float64, len(q.Axes))
		for k, axis := range q.Axes {
			x[k] = axis[node%len(axis)]
			node /= len(axis)
		}
		q.X[i] = x
	}
	return q
}

// partMiss is by how much interpolants miss one of the fields that drifts, diffusions and
// defects are made of, at the worst of the surveyed points; or the size of that field.
type partMiss struct {
	process.Part
	Miss float64
}

// LossMiss has an entry for every part, in the order of process.Fields.
type LossMiss []partMiss

// hiddenFloor is the miss, relative to the largest entry of a vector or matrix, that is
// rounding.
const hiddenFloor = 1e-13

// Largest returns the largest entry of the vector or matrix that a part is an entry of.
func (m LossMiss) Largest(of process.Part) float64 {
	most := 0.0
	for _, e := range m {
		if e.Role == of.Role && e.Order == of.Order && e.Of == of.Of {
			most = max(most, e.Miss)
		}
	}
	return most
}

// Miss returns by how much the interpolants of the parts at the nodes of a grid miss
// them at the points. Cutoffs, which are 1 on the ball and are not analytic beyond,
// play no part: they hide nothing of the loss.
func (s *lossSurvey) Miss(at process.Fields, width int) LossMiss {
	g := at.Grid()
	var m LossMiss
	transfer := grid.NewTransfer(g, s.q.Axes, width)
	u, v := make([]float64, g.Len()), make([]float64, transfer.Len())
	for p, f := range at.Parts() {
		for i := range u {
			u[i] = f.At(i)
		}
		transfer.ApplyTo(v, u)
		most, floor := 0.0, hiddenFloor*s.Size.Largest(f.Part)
		for i, node := range s.index {
			if miss := math.Abs(v[node] - s.parts[p].At(i)); miss > floor {
				most = max(most, miss)
			}
		}
		m = append(m, partMiss{f.Part, most})
	}
	return m
}

// Rate is the error per unit of time that the misses leave in a field with the given
// derivatives: of b.grad u + (1/2) a:hess u, in which the parts enter by the weights.
func (m LossMiss) Rate(weights process.Weights, eta float64, d int, slope *Slopes) float64 {
	sum := 0.0
	for k := range d {
		b := 0.0
		for _, e := range m {
			if w := weights(e.Part, eta); w != 0 && e.Role == process.InDrift && e.K == k {
				b += w * e.Miss
			}
		}
		sum += b * slope.first[k]
		for _, e := range m {
			if w := weights(e.Part, eta); w != 0 && e.Role == process.InDiffusion && e.K == k {
				sum += w / 2 * multiplicity(k, e.L) * e.Miss * slope.second[k][e.L]
			}
		}
	}
	return sum
}

// multiplicity is the number of orders of two indices.
func multiplicity(k, l int) float64 {
	if k == l {
		return 1
	}
	return 2
}

// Slopes are the largest derivatives of fields on the ball, in magnitude.
type Slopes struct {
	first  [grid.MaxDim]float64
	second [grid.MaxDim][grid.MaxDim]float64
}

// slopeStride tells that every such point is looked at, by dimension.
var slopeStride = [grid.MaxDim + 1]int{0, 1, 3, 5}

// SlopesOf returns those of the interpolants of fields on a grid, at a part of the
// points q.
func SlopesOf(q *look.Points, g *grid.Grid, width int, fields ...[]float64) *Slopes {
	s := &Slopes{}
	in := grid.NewInterpolator(g, width)
	var jet grid.Jet
	d := g.Dim()
	for i := 0; i < len(q.X); i += slopeStride[d] {
		in.LocateJet(q.X[i])
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

// StepMiss is by how much an interpolant of S u misses S u itself at most in a part of the ball, and where.
type StepMiss struct {
	X    []float64
	Miss float64
}

// LargestMiss returns the largest of some misses.
func LargestMiss(list []StepMiss) (most float64) {
	for _, m := range list {
		most = max(most, m.Miss)
	}
	return most
}

// OneStepMiss returns, per field u on the grid of S and part of the ball, by how much the interpolant of S u,
// given in su at the nodes, misses S u itself at the points where the law is known. That
// is all that the law of grad f(x;xi) hides between the nodes, not only its moments. S u
// is the mean of u's interpolant over the images, so that what u itself hides does not
// count. The points miss tips at kinks, and so the miss of rough losses is climbed.
func (s *lossSurvey) OneStepMiss(g *grid.Grid, width int, eta float64, u, su [][]float64, rough bool, workers int) [][]StepMiss {
	const tasks = 16
	d := g.Dim()
	chain := s.dyn.Chain(eta)
	products := float64(len(s.laws) * chain.Images())
	for k := range d {
		products *= float64(g.Axis(k).Width(width))
	}
	stride := int(math.Ceil(products / stepProducts))
	worst := make([][]StepMiss, len(u))
	for o := range worst {
		worst[o] = make([]StepMiss, tasks)
	}
	par.Do(workers, tasks, func(task int) {
		in, im := grid.NewInterpolator(g, width), chain.NewImager()
		weights, images := make([]float64, chain.Images()), make([]float64, chain.Images()*d)
		mean, miss := make([]float64, len(u)), make([]float64, len(u))
		missesAt := func(x []float64) []float64 {
			clear(miss)
			if im.ImagesTo(weights, images, x) != nil {
				return miss // the grid's own nodes are checked
			}
			clear(mean)
			for m, w := range weights {
				in.Locate(images[m*d : (m+1)*d])
				for o := range u {
					mean[o] += w * in.Value(u[o])
				}
			}
			in.Locate(x)
			for o := range u {
				miss[o] = math.Abs(in.Value(su[o]) - mean[o])
			}
			return miss
		}
		lo, hi := par.Split((len(s.laws)+stride-1)/stride, tasks, task)
		for i := lo; i < hi; i++ {
			for o, v := range missesAt(s.laws[i*stride]) {
				if v > worst[o][task].Miss {
					worst[o][task] = StepMiss{s.laws[i*stride], v}
				}
			}
		}
		for o := range u {
			if m := &worst[o][task]; rough && m.X != nil {
				m.X, m.Miss = climbMiss(s.q.Ball, spacingOf(s.q.Axes[0]), m.X, m.Miss, func(x []float64) float64 { return missesAt(x)[o] })
			}
		}
	})
	return worst
}

// ThirdMiss returns by how much the interpolants of the third central moments of a step
// over eta^3 on a level's grid miss them at the points where S is known. It is relative to
// the largest trace of the step's covariance over eta^2, to the power 3/2. Cost: one evaluation of all samples
// per node, once per grid.
func (c *Cache) ThirdMiss(l Level, data *Data) float64 {
	key := fmt.Sprint(l.Kind, l.Nodes, l.Width)
	if v, ok := c.third[key]; ok {
		return v
	}
	g := data.Grid
	nodes := make([][]float64, g.Len())
	for i := range nodes {
		nodes[i] = make([]float64, g.Dim())
		g.PointTo(nodes[i], i)
	}
	loss := c.Survey.Loss
	fields, exact := c.Problem.Dynamics.ThirdMoments(nodes, c.workers), c.Problem.Dynamics.ThirdMoments(loss.laws, c.workers)
	worst := 0.0
	in := grid.NewInterpolator(g, l.Width)
	for i, x := range loss.laws {
		in.Locate(x)
		for f := range fields {
			worst = max(worst, math.Abs(in.Value(fields[f])-exact[f][i]))
		}
	}
	if scale := math.Pow(loss.noise, 1.5); scale > 0 {
		worst /= scale
	}
	c.third[key] = worst
	return worst
}
