package exit

import (
	"context"
	"math"

	"kolmo/process"
)

// Planar finds the mean numbers of steps of one chain in a box on finer and finer grids, each from what
// the one before found.
type Planar struct {
	Chain process.Chain // in the user's coordinates
	Box   *Box

	cells int
	last  []float64
}

// On returns the mean number of steps until the chain has left the box.
func (p *Planar) On(ctx context.Context, cells int) (t float64, spent Spent, err error) {
	if need := hopBytes * float64(p.Chain.Images()) * float64((cells+1)*(cells+1)); need > planeChain.bytes {
		return 0, Spent{Bytes: need, Left: math.Inf(1)}, nil
	}
	k, err := p.assemble(cells)
	if err != nil {
		return 0, Spent{}, err
	}
	if p.Box.meets(k.lost(), cells) {
		return math.Inf(1), Spent{}, nil
	}
	mean := p.start(cells)
	bound, applied, err := k.solve(ctx, mean)
	if err != nil {
		return 0, Spent{}, err
	}
	p.cells, p.last = cells, mean
	return p.Box.read(mean, [2]int{cells, cells}), Spent{Work: float64(applied) * float64(4*len(k.hops)+gmresBasis*len(mean)), Bytes: float64(hopBytes*len(k.hops) + 8*gmresBasis*len(mean)), Left: bound}, nil
}

// assemble finds the images of all corners. A law with negative weights is an error.
func (p *Planar) assemble(cells int) (*killed, error) {
	im, n, at := p.Chain.NewImager(), p.Chain.Images(), p.Box
	images, weights := make([]float64, 2*n), make([]float64, n)
	k := &killed{width: cells + 1, first: []int{0}, hops: make([]hop, 0, n*(cells+1)*(cells+1)), most: n}
	xs, ys := at.inner(0, cells), at.inner(1, cells)
	point := make([]float64, 2)
	for _, x := range xs {
		for _, y := range ys {
			point[0], point[1] = x, y
			if err := im.ImagesTo(weights, images, point); err != nil {
				return nil, err
			}
			for m, w := range weights {
				u, in := at.holds(0, images[2*m])
				v, also := at.holds(1, images[2*m+1])
				switch {
				case w < 0:
					return nil, errSigned
				case !in || !also:
					continue
				}
				i, s := at.locate(0, u, cells)
				j, r := at.locate(1, v, cells)
				k.hops = append(k.hops, hop{to: int32(i*(cells+1) + j), w: [4]float64{w * (1 - s) * (1 - r), w * (1 - s) * r, w * s * (1 - r), w * s * r}})
			}
			k.first = append(k.first, len(k.hops))
		}
	}
	return k, nil
}

// start interpolates what the last grid found; ones before.
func (p *Planar) start(cells int) []float64 {
	mean := make([]float64, 0, (cells+1)*(cells+1))
	old := *p.Box
	for _, x := range p.Box.axis(0, cells) {
		for _, y := range p.Box.axis(1, cells) {
			if p.last == nil {
				mean = append(mean, 1)
				continue
			}
			old.X = [2]float64{x, y}
			mean = append(mean, old.read(p.last, [2]int{p.cells, p.cells}))
		}
	}
	return mean
}
