package law

import (
	"errors"
	"fmt"
	"math"
)

// BatchLimit is the largest number of different batches whose law is enumerated;
// beyond it a quadrature with matched moments stands for it.
const BatchLimit = 20_000

// MatchedDegree is the degree up to which the moments of the quadrature for the
// batch gradient are those of its law.
const MatchedDegree = 5

// Errors of NewBatches.
var (
	// ErrBatchSize: no batch, or more rows than there are without replacement.
	ErrBatchSize = errors.New("bad batch size")
	// ErrReplacement: a draw without replacement from a law that has no rows, or
	// unequal ones.
	ErrReplacement = errors.New("a draw without replacement needs rows of equal probability")
	// ErrSigned: a law that stands for another with negative weights.
	ErrSigned = errors.New("batches need a quadrature with positive weights")
)

// Batches is the law of the mean of a vector in R^d over m samples,
//
//	g_B = (1/m) sum_{k in B} g_k,
//
// drawn independently or without replacement, whatever the vectors g_k of the nodes are.
// It is enumerated while there are at most BatchLimit different batches. Beyond that a
// quadrature stands for it, made anew for every g, with non-negative weights and the
// moments of g_B up to degree MatchedDegree. It is immutable.
type Batches struct {
	of          *Merged
	d, size     int
	replacement bool
	population  int // N without replacement
	counts      []int
	list        *batchList // nil: matched
	weights     []float64
	matching    *matching // nil: enumerated
	random      bool      // matched over batches drawn at random
}

// NewBatches returns the law of batches of the given size of vectors in R^d, d <= 3.
// Without replacement the rows of the law must be equally probable and at least size.
func NewBatches(of *Merged, d, size int, replacement bool) (*Batches, error) {
	if size < 1 {
		return nil, fmt.Errorf("law: %w: %d", ErrBatchSize, size)
	}
	if signed, _ := of.Signed(); signed {
		return nil, fmt.Errorf("law: %w", ErrSigned)
	}
	b := &Batches{of: of, d: d, size: size, replacement: replacement}
	if !replacement {
		n, err := of.of.rows()
		if err != nil {
			return nil, err
		}
		if size > n {
			return nil, fmt.Errorf("law: %w: %d without replacement from %d rows; at most %d are possible", ErrBatchSize, size, n, n)
		}
		b.population = n
		for _, w := range of.Weights {
			b.counts = append(b.counts, int(math.Round(w*float64(n))))
		}
	}
	if list, weights, ok := b.enumerate(); ok {
		b.list, b.weights = list, weights
		return b, nil
	}
	b.match(gridCandidates(d))
	return b, nil
}

// match makes b a quadrature over candidates.
func (b *Batches) match(c *candidates) {
	b.list, b.matching = nil, newMatching(c, b.coefficients())
	b.weights = make([]float64, b.matching.slots)
	for i := range b.weights {
		b.weights[i] = 1 / float64(len(b.weights))
	}
}

// rows returns the number N of equally probable rows of the law.
func (s *Samples) rows() (int, error) {
	if s.finer != nil {
		return 0, fmt.Errorf("law: %w", ErrReplacement)
	}
	for _, w := range s.weights {
		if math.Abs(w*float64(len(s.weights))-1) > sumTolerance {
			return 0, fmt.Errorf("law: %w", ErrReplacement)
		}
	}
	return len(s.weights), nil
}

// Size returns the number m of samples in a batch.
func (b *Batches) Size() int { return b.size }

// Replacement reports whether the samples of a batch are independent.
func (b *Batches) Replacement() bool { return b.replacement }

// Weights returns the probabilities of the batches. Where the law is Matched only their
// number is that of the quadrature's nodes, whose weights depend on the vectors.
func (b *Batches) Weights() []float64 { return b.weights }

// Matched reports that a quadrature stands for the law.
func (b *Batches) Matched() bool { return b.matching != nil }

// Random reports that the quadrature is one over batches drawn at random.
func (b *Batches) Random() bool { return b.random }

// AtRandom returns, for a law that is Matched, another quadrature: batches drawn at
// random, always the same, with weights that give them the same moments. Their higher
// moments are near those of the law. Any other law is returned as it is.
func (b *Batches) AtRandom() *Batches {
	if !b.Matched() {
		return b
	}
	r := *b
	r.match(r.drawnCandidates())
	r.random = true
	return &r
}

// Note says in one sentence what stands for the law, "" if it is enumerated.
func (b *Batches) Note() string {
	if !b.Matched() {
		return ""
	}
	how := "with replacement"
	if !b.replacement {
		how = fmt.Sprintf("of %d rows without replacement", b.population)
	}
	return fmt.Sprintf("the law of batches of %d %s has more than %d values; a quadrature with its moments up to degree %d stands for it, and the quadrature error includes an estimate of the difference",
		b.size, how, BatchLimit, MatchedDegree)
}

// MostNodes returns the largest number of values of one sample whose batches are
// enumerated.
func (b *Batches) MostNodes() int {
	for n := 1; ; n++ {
		// binomial(n+m, m) batches of m from n+1 values
		batches := 1.0
		for k := 1; k <= min(n, b.size); k++ {
			batches *= float64(n+b.size+1-k) / float64(k)
		}
		if batches > BatchLimit {
			return n
		}
	}
}

// Factor returns the covariance of the batch mean over that of one sample: 1/m, without
// replacement from N rows times (N - m)/(N - 1).
func (b *Batches) Factor() float64 {
	c := 1 / float64(b.size)
	if !b.replacement && b.population > 1 {
		c *= float64(b.population-b.size) / float64(b.population-1)
	}
	return c
}

// BatchWork makes the nodes of a law of batches. It is a workspace: calls do not
// allocate, and one BatchWork serves one goroutine at a time.
type BatchWork struct {
	b     *Batches
	match *matchWork // nil: enumerated
}

// NewWork returns a workspace.
func (b *Batches) NewWork() *BatchWork {
	w := &BatchWork{b: b}
	if b.Matched() {
		w.match = b.matching.newWork(b.of.Len())
	}
	return w
}

// NodesTo stores in dst the vectors of the nodes and in weights their probabilities, for
// the vectors of the single samples: entry i of node k is vectors[k*d+i], and so in dst.
// len(weights) must be len(b.Weights()), len(dst) that times d, len(vectors) d times the
// number of the merged nodes.
func (w *BatchWork) NodesTo(weights, dst, vectors []float64) {
	d := w.b.d
	if len(weights) != len(w.b.weights) || len(dst) != len(weights)*d || len(vectors) != w.b.of.Len()*d {
		panic("law: shape mismatch")
	}
	if w.match != nil {
		w.match.nodesTo(weights, dst, w.b.of.Weights, vectors)
		return
	}
	copy(weights, w.b.weights)
	w.b.list.meansTo(dst, vectors, d)
}

// batchList holds all different batches: batch q has the rows row[k], each with
// the share[k] of the batch, k = start[q] .. start[q+1]-1.
type batchList struct {
	start []int
	row   []int
	share []float64
}

func (l *batchList) meansTo(dst, grads []float64, d int) {
	for q := range len(l.start) - 1 {
		for i := range d {
			var s float64
			for k := l.start[q]; k < l.start[q+1]; k++ {
				s += l.share[k] * grads[l.row[k]*d+i]
			}
			dst[q*d+i] = s
		}
	}
}

// enumerate lists the batches, as numbers of draws of every different row, with
// their multinomial probabilities, hypergeometric without replacement. It
// returns false if there are more than BatchLimit.
func (b *Batches) enumerate() (*batchList, []float64, bool) {
	rows := len(b.of.Weights)
	left := make([]int, rows+1) // the most draws from rows k, k+1, ..
	for k := rows - 1; k >= 0; k-- {
		left[k] = left[k+1] + b.most(k)
		if left[k] > b.size {
			left[k] = b.size
		}
	}
	list := &batchList{start: []int{0}}
	var logs []float64
	var row, draws []int
	var visit func(k, rest int, log float64) bool
	visit = func(k, rest int, log float64) bool {
		if rest == 0 {
			if len(logs) == BatchLimit {
				return false
			}
			logs = append(logs, log)
			for i, r := range row {
				list.row = append(list.row, r)
				list.share = append(list.share, float64(draws[i])/float64(b.size))
			}
			list.start = append(list.start, len(list.row))
			return true
		}
		for ; k < rows && left[k] >= rest; k++ {
			for n := min(rest, b.most(k)); n >= 1; n-- {
				if left[k+1] < rest-n {
					break
				}
				row, draws = append(row, k), append(draws, n)
				ok := visit(k+1, rest-n, log+b.logWays(k, n))
				row, draws = row[:len(row)-1], draws[:len(draws)-1]
				if !ok {
					return false
				}
			}
		}
		return true
	}
	if !visit(0, b.size, 0) {
		return nil, nil, false
	}
	largest := math.Inf(-1)
	for _, l := range logs {
		largest = max(largest, l)
	}
	weights := make([]float64, len(logs))
	for q, l := range logs {
		weights[q] = math.Exp(l - largest)
	}
	normalise(weights)
	return list, weights, true
}

// most returns how often row k can be in a batch.
func (b *Batches) most(k int) int {
	if b.replacement {
		return b.size
	}
	return min(b.size, b.counts[k])
}

// logWays returns the logarithm of what n draws of row k contribute to the
// probability of a batch, up to a common factor: w^n/n!, or the number of ways
// to take n of its copies.
func (b *Batches) logWays(k, n int) float64 {
	if b.replacement {
		return float64(n)*math.Log(b.of.Weights[k]) - logFactorial(n)
	}
	c := b.counts[k]
	return logFactorial(c) - logFactorial(n) - logFactorial(c-n)
}

func logFactorial(n int) float64 {
	v, _ := math.Lgamma(float64(n) + 1)
	return v
}

// Draws returns the nodes that every batch has, Size of them, and false unless the batches
// are enumerated.
func (b *Batches) Draws() ([][]int, bool) {
	if b.list == nil {
		return nil, false
	}
	draws := make([][]int, len(b.weights))
	for q := range draws {
		for k := b.list.start[q]; k < b.list.start[q+1]; k++ {
			for range int(math.Round(b.list.share[k] * float64(b.size))) {
				draws[q] = append(draws[q], b.list.row[k])
			}
		}
	}
	return draws, true
}
