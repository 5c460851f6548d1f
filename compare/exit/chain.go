package exit

import (
	"errors"

	"kolmo/process"
)

// Place is an open interval, and a point of it that times are taken from.
type Place struct{ Lo, Hi, X float64 }

// Spent is the number of multiplications that a time took, the memory, and a bound of the relative error that its
// solver left.
type Spent struct{ Work, Bytes, Left float64 }

// inside is the share of a cell by which the outer nodes lie in the interval: times jump at its
// ends.
const inside = 1e-7

// errSigned is the error, and the reason, of a law with negative weights.
var errSigned = errors.New("its law has negative weights, as that of an epoch of more than 120 orders, and stands for no paths that leave: want fewer samples an epoch")

// jump is where an image lies, with its probability.
type jump struct {
	to            int
	share, weight float64 // share of the cell
}

// jumpBytes is the memory of a jump.
const jumpBytes = 24

// OfChain returns the mean number of steps until a chain on the line has left an interval, with
// straight lines between the ends of equal cells. That is the time of a chain whose images go
// to the ends of their cell at random, with the right mean: it has a variance of up to h^2/4 a step
// more. T jumps where images cross the ends of the interval, and where theirs do; lines
// smear these jumps over cells, which makes errors of first order with changing signs. A law with
// negative weights is an error.
func OfChain(chain process.Chain, at *Place, cells int) (t float64, spent Spent, err error) {
	im, n := chain.NewImager(), chain.Images()
	images, weights := make([]float64, n), make([]float64, n)
	h := (at.Hi - at.Lo) / float64(cells)
	jumps, out := make([][]jump, cells+1), make([]float64, cells+1)
	half := 1
	for i := range jumps {
		x := at.Lo + h*min(max(float64(i), inside), float64(cells)-inside)
		if err := im.ImagesTo(weights, images, []float64{x}); err != nil {
			return 0, Spent{}, err
		}
		jumps[i] = make([]jump, 0, n)
		for m, y := range images {
			if weights[m] < 0 {
				return 0, Spent{}, errSigned
			}
			if !(y > at.Lo && y < at.Hi) {
				out[i] += weights[m]
				continue
			}
			s := (y - at.Lo) / h
			c := min(int(s), cells-1)
			jumps[i] = append(jumps[i], jump{c, s - float64(c), weights[m]})
			half = max(half, i-c, c+1-i)
		}
	}
	b := newBand(cells+1, half)
	for i := range jumps {
		row := b.row(i)
		b.out[i], b.wait[i] = out[i], 1
		for _, j := range jumps[i] {
			row[j.to-i+half] += j.weight * (1 - j.share)
			row[j.to+1-i+half] += j.weight * j.share
		}
	}
	of := float64(n) * float64(len(jumps))
	work := b.solve() + of
	return at.read(b.mean), Spent{Work: work, Bytes: 8*float64(len(b.to)) + jumpBytes*of}, nil
}

// read returns the value at the point of a field on the ends of equal cells.
func (at *Place) read(mean []float64) float64 {
	cells := len(mean) - 1
	s := (at.X - at.Lo) / (at.Hi - at.Lo) * float64(cells)
	c := min(int(s), cells-1)
	if s == float64(c) { // 0 times infinity is none
		return mean[c]
	}
	return mean[c]*(float64(c+1)-s) + mean[c+1]*(s-float64(c))
}
