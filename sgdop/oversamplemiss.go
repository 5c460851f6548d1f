package sgdop

import (
	"math"

	"kolmo/grid"
	"kolmo/internal/kernel"
)

// missBy returns by how much S of the fields by windows differs from that by whole axes, at
// some of the nodes, relative to each field. Of many images it looks at some, those that reach
// farthest among them; it ends where a row misses more than most.
func (s *frame) missBy(o *oversampled, width int, fields [][]float64, most float64) ([]float64, error) {
	whole, near := newLocator(s.g, s.chain, 0), s.fineLocator(o, width)
	up := grid.NewGridTransfer(s.g, o.fine, 0)
	fine := make([]float64, o.fine.Len())
	worst := make([]float64, len(fields))
	for f, u := range fields {
		size := kernel.MaxAbs(u)
		if size == 0 {
			continue
		}
		up.ApplyTo(fine, u)
		for r := range missRows {
			i := spreadNode(s.g, r)
			for _, a := range []*locator{whole, near} {
				if err := a.locate(i); err != nil {
					return nil, err
				}
			}
			if s.g.Dim() == 2 && whole.leaves() {
				continue
			}
			miss := func(m int) float64 {
				return near.prob[m] * (near.interpolate(fine, m) - whole.interpolate(u, m))
			}
			if d := missOfRow(near, miss) / size; !(d <= worst[f]) {
				worst[f] = d
			}
			if !(worst[f] <= most) {
				return worst, nil
			}
		}
	}
	return worst, nil
}

// spreadSteps are the steps along the axes of points that fill a square and a cube evenly, and
// each axis as well: powers of 1/g, g^(d+1) = g + 1 (Roberts, The unreasonable effectiveness of
// quasirandom sequences, 2018).
var spreadSteps = [grid.MaxDim + 1][grid.MaxDim]float64{
	1: {0.6180339887498949},
	2: {0.7548776662466927, 0.5698402909980532},
	3: {0.8191725133961645, 0.6710436067037893, 0.5497004779019703},
}

// spreadNode returns the r-th of nodes that are spread over a grid and over all of its axes,
// whatever their lengths.
func spreadNode(g *grid.Grid, r int) int {
	i := 0
	for k := range g.Dim() {
		_, share := math.Modf(0.5 + float64(r)*spreadSteps[g.Dim()][k])
		n := g.Axis(k).Len()
		i += min(int(share*float64(n)), n-1) * g.Stride(k)
	}
	return i
}

// missOfRow sums the misses of the images that a has located, or, of many, the absolute
// values of some for all and of the outermost ones besides.
func missOfRow(a *locator, miss func(m int) float64) float64 {
	n := len(a.prob)
	sum := 0.0
	if n <= missImages {
		for m := range n {
			sum += miss(m)
		}
		return math.Abs(sum)
	}
	stride := (n + missImages - 1) / missImages
	for m := 0; m < n; m += stride {
		sum += math.Abs(miss(m))
	}
	sum *= float64(stride)
	for k := range a.g.Dim() {
		var low, high int
		for m := range n {
			if a.image(m, k) < a.image(low, k) {
				low = m
			}
			if a.image(m, k) > a.image(high, k) {
				high = m
			}
		}
		sum += math.Abs(miss(low)) + math.Abs(miss(high))
	}
	return sum
}

// interpolate returns the interpolant of a field on the locator's grid at image m.
func (a *locator) interpolate(u []float64, m int) float64 {
	s2, s3 := stridesOf(a.g)
	return kernel.DotTensor(u[a.node(m):], s2, s3, a.axis(0, m), a.axis(1, m), a.axis(2, m))
}
