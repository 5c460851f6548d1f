package survey

import (
	"math"
	"slices"

	"kolmo/compare/fit"
	"kolmo/process"
)

// MostRemaining bounds the share of a difference of grids that is taken to remain where they hardly converge.
const MostRemaining = 10

// Roughness says like which power of the spacing a grid misses coefficients that it does miss between its nodes: those of which a derivative of that
// order jumps, the first at a kink. Spacing is that of the nodes over the box's width. The zero value stands for a grid that misses nothing, or only of
// what is smooth.
type Roughness struct{ Order, Spacing float64 }

// Remaining returns the share q/(1-q) of the difference from a coarser grid that remains as the error of this one if errors fall like the spacing to the
// power Order + gain. Integrals against a law gain one power, and derivatives of u lose all but two. It is zero where the grid misses nothing.
func (r Roughness) Remaining(coarse Roughness, gain float64) float64 {
	if r.Spacing == 0 {
		return 0
	}
	if coarse.Spacing == 0 {
		coarse = r // it missed nothing that this one does
	}
	return remaining(math.Pow(r.Spacing/coarse.Spacing, r.Order+gain), 1)
}

// remaining returns what is left of a difference of two grids of which the errors are in proportion to two numbers.
func remaining(fine, coarse float64) float64 {
	if !(fine < coarse) {
		return MostRemaining
	}
	return min(fine/(coarse-fine), MostRemaining)
}

// RemainingOfMiss returns the share of the difference between two levels that remains as the error of the finer one, if
// errors fall no faster than what they miss of phi, of the given size: a kink is carried on as it is missed, whatever the
// order of the differences. It is zero where phi is missed by no more than rounding.
func RemainingOfMiss(fine, coarse, size float64) float64 {
	if !(fine > MissFloor*size) {
		return 0
	}
	return min(fit.OrderSafety*remaining(fine, coarse), MostRemaining)
}

// coefficientMiss is what a grid misses of coefficients, relative to them, below which it resolves them.
const coefficientMiss = 1e-7

// Rough returns the roughness of the coefficients that weights count at eta on a level's grid.
func (c *Cache) Rough(l Level, data *Data, weights process.Weights, eta float64) Roughness {
	loss, order := c.Survey.Loss, smoothOrder
	for p, e := range data.Hidden {
		if weights(e.Part, eta) != 0 && e.Miss > coefficientMiss*loss.Size.Largest(e.Part) {
			order = min(order, loss.orders()[p])
		}
	}
	if !(order < roughOrder) {
		return Roughness{}
	}
	spacing := 0.0
	for _, n := range l.Nodes {
		spacing = max(spacing, 1/float64(n-1))
	}
	return Roughness{order, spacing}
}

// Constants of the measure of roughness.
const (
	// smoothOrder is the power like which fourth differences of what is smooth fall, and roughOrder that below which something is rough:
	// methods of which errors fall faster anyway assume no more.
	smoothOrder, roughOrder = 4.0, 2.5
	// phases is the number of differences per step that are looked at: those of a kink depend on where in a step it is.
	phases = 8
	// differenceFloor is the size of fourth differences, relative to the field, that may be rounding.
	differenceFloor = 1e-11
)

// fourth are the weights of fourth differences.
var fourth = [...]float64{1, -4, 6, -4, 1}

// orders returns, per part, the power of the step like which its largest fourth differences fall when the step of the points is halved. Cost: the
// loss at some points per part and axis, once.
func (s *lossSurvey) orders() []float64 {
	s.once.Do(func() {
		if len(s.index)*s.dyn.Law().Images > surveyPairs { // points were left out
			for range s.parts {
				s.order = append(s.order, smoothOrder)
			}
			return
		}
		for p := range s.parts {
			s.order = append(s.order, s.orderOf(p))
		}
	})
	return s.order
}

// orderOf is orders of one part.
func (s *lossSurvey) orderOf(p int) float64 {
	place := make(map[int]int, len(s.index)) // in the list, by point of the tensor grid
	for i, node := range s.index {
		place[node] = i
	}
	order, floor, stride := smoothOrder, differenceFloor*s.Size.Largest(s.parts[p].Part), 1
	for k, axis := range s.q.Axes {
		worst, at, spacing := floor, -1, spacingOf(axis)
		for i, node := range s.index {
			first := node/stride%len(axis) - len(fourth)/2
			sum, inside := 0.0, first >= 0 && first+len(fourth) <= len(axis)
			for j := range fourth {
				n, ok := place[node+(j-len(fourth)/2)*stride]
				if inside = inside && ok; !inside {
					break
				}
				w := 24.0 // as divided differences, since the points are not equidistant
				for i := range fourth {
					if i != j {
						w *= spacing / (axis[first+j] - axis[first+i])
					}
				}
				sum += w * s.parts[p].At(n)
			}
			if inside && math.Abs(sum) > worst {
				worst, at = math.Abs(sum), i
			}
		}
		stride *= len(axis)
		if at >= 0 {
			order = min(order, s.orderAbout(p, s.q.X[at], k, spacing, floor))
		}
	}
	return order
}

// spacingOf returns the mean distance of the points of an axis.
func spacingOf(axis []float64) float64 {
	return (axis[len(axis)-1] - axis[0]) / float64(len(axis)-1)
}

// orderAbout measures the order of a part along an axis about a point, with fourth differences of half a step and of a whole one.
func (s *lossSurvey) orderAbout(p int, x []float64, axis int, step, floor float64) float64 {
	const reach = 4 * phases // on either side, in parts of a step
	var points [][]float64
	for i := -reach; i <= reach; i++ {
		y := slices.Clone(x)
		if y[axis] += step * float64(i) / phases; s.q.Ball.Contains(y) {
			points = append(points, y)
		}
	}
	at := s.dyn.At(points, 1).Parts()[p].At
	largest := func(stride int) (most float64) {
		for i := 0; i+(len(fourth)-1)*stride < len(points); i++ {
			sum := 0.0
			for j, w := range fourth {
				sum += w * at(i+j*stride)
			}
			most = max(most, math.Abs(sum))
		}
		return most
	}
	half, whole := largest(phases/2), largest(phases)
	if !(half > floor) || !(whole > 0) {
		return smoothOrder
	}
	return math.Log2(whole / half)
}
