package exit

import "math"

// band is a killed chain on numbered states: from state i it goes to j with the probability
// row(i)[j-i+half], |j-i| <= half, and is killed with out[i]; wait[i] is the mean time spent.
// States are joined to their neighbours' up to half away.
type band struct {
	half            int
	to              []float64 // row after row, 2 half + 1 long
	out, wait, mean []float64
}

// newBand returns n states that nothing joins yet.
func newBand(n, half int) *band {
	return &band{half: half, to: make([]float64, n*(2*half+1)), out: make([]float64, n), wait: make([]float64, n), mean: make([]float64, n)}
}

// row returns the probabilities of going from i to i-half .. i+half.
func (b *band) row(i int) []float64 {
	w := 2*b.half + 1
	return b.to[i*w : (i+1)*w]
}

// solve stores in mean the mean times until the chain is killed, which may be infinite. It takes
// one state after another out of the chain, the last first. Like Grassmann, Taksar and Heyman's
// elimination it only adds and multiplies positive numbers, the probability of leaving a state
// among them: every mean is known to about n roundings relative to itself, however large it is.
// The probabilities are used up. It returns the number of multiplications.
func (b *band) solve() (work float64) {
	n := len(b.out)
	leave := make([]float64, n) // the probability of leaving a state for one with a lower number, or for good
	for k := n - 1; k >= 0; k-- {
		from := b.row(k)
		lo := max(0, k-b.half)
		leave[k] = b.out[k]
		for j := lo; j < k; j++ {
			leave[k] += from[j-k+b.half]
		}
		if leave[k] == 0 { // once here it stays
			for i := lo; i < k; i++ {
				if b.row(i)[k-i+b.half] > 0 {
					b.wait[i] = math.Inf(1)
				}
			}
			continue
		}
		for from[lo-k+b.half] == 0 && lo < k {
			lo++
		}
		down := from[lo-k+b.half : b.half]
		for i := max(0, k-b.half); i < k; i++ {
			row := b.row(i)
			p := row[k-i+b.half] / leave[k]
			if p == 0 {
				continue
			}
			dst := row[lo-i+b.half:]
			dst = dst[:len(down)]
			work += float64(len(down))
			for j, v := range down {
				dst[j] += p * v
			}
			b.out[i] += p * b.out[k]
			b.wait[i] += p * b.wait[k]
		}
	}
	for k := range n {
		from, sum := b.row(k), b.wait[k]
		for j := max(0, k-b.half); j < k; j++ {
			if p := from[j-k+b.half]; p != 0 { // 0 times infinity is none
				sum += p * b.mean[j]
			}
		}
		b.mean[k] = sum / leave[k]
	}
	return work
}
