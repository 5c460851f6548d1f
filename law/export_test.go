package law

// What the tests outside the package see of its inside.
var (
	SobolTo  = sobolTo
	Scramble = scramble
	Powers   = powers
)

const (
	NetPoints = netPoints
	MaxSobol  = maxSobol
)

// OnGrid returns the quadrature that stands for the law where it is not enumerated.
func (b *Batches) OnGrid() *Batches {
	m := *b
	m.match(gridCandidates(b.d))
	return &m
}

// OwnMoments returns the moments of a quadrature of the batch law in the coordinates in which
// it has the unit covariance, and those that follow from the moments of one sample; nil
// where nothing is random.
func (w *BatchWork) OwnMoments(weights, dst, vectors []float64) (got, want []float64) {
	m, d, prob := w.match, w.b.d, w.b.of.Weights
	r := m.whiten(prob, vectors)
	if r == 0 {
		return nil, nil
	}
	basis := newBasis(r)
	got = make([]float64, len(basis.powers))
	mono := make([]float64, len(got))
	for q, p := range weights {
		var c, y [3]float64
		for i := range d {
			c[i] = dst[q*d+i] - m.mean[i]
		}
		m.whitened(&y, &c, r)
		basis.monomialsTo(mono, y[:])
		for i, v := range mono {
			got[i] += p * v
		}
	}
	m.target(basis, prob, vectors)
	return got, m.t[:len(got)]
}
