package objective

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

// Errors of NewBatch.
var (
	// ErrBatchSize: no batch, or more rows than there are without replacement.
	ErrBatchSize = errors.New("bad batch size")
	// ErrReplacement: a draw without replacement from a law that has no rows, or
	// unequal ones.
	ErrReplacement = errors.New("a draw without replacement needs rows of equal probability")
	// ErrSigned: a law that stands for another with negative weights.
	ErrSigned = errors.New("batches need a quadrature with positive weights")
)

// Batch is a loss whose gradient is averaged over m samples per step,
//
//	g(x;B) = (1/m) sum_{k in B} grad f(x;xi_k),
//
// drawn independently or without replacement. f and its derivatives are those of
// the loss, and Sigma is exactly that of the batch gradient: Sigma/m, without
// replacement from N rows times (N - m)/(N - 1). The law of g is enumerated
// while there are at most BatchLimit different batches. Beyond that it is a
// quadrature, made anew at every point, with non-negative weights and the
// moments of g up to degree MatchedDegree; what S does with it differs from the
// batch law's S by O(eta^6). Batch implements Objective.
type Batch struct {
	loss        *Loss
	size        int
	replacement bool
	population  int // N without replacement
	counts      []int
	law         Law
	batches     *batchList // nil: matched
	matching    *matching  // nil: enumerated
	drawn       bool       // matched over batches drawn at random
}

var _ Objective = (*Batch)(nil)

// NewBatch returns the loss with batches of the given size. Without replacement
// the rows of the loss's law must be equally probable and at least size.
func NewBatch(loss *Loss, size int, replacement bool) (*Batch, error) {
	if size < 1 {
		return nil, fmt.Errorf("objective: %w: %d", ErrBatchSize, size)
	}
	if loss.law.Signed {
		return nil, fmt.Errorf("objective: %w", ErrSigned)
	}
	b := &Batch{loss: loss, size: size, replacement: replacement}
	if !replacement {
		n, err := loss.samples.rows()
		if err != nil {
			return nil, err
		}
		if size > n {
			return nil, fmt.Errorf("objective: %w: %d without replacement from %d rows", ErrBatchSize, size, n)
		}
		b.population = n
		for _, w := range loss.law.Weights {
			b.counts = append(b.counts, int(math.Round(w*float64(n))))
		}
	}
	if list, weights, ok := b.enumerate(); ok {
		b.batches = list
		b.law = Law{Weights: weights, Exact: loss.law.Exact, Unbounded: loss.law.Unbounded, Hull: loss.law.Hull}
		return b, nil
	}
	b.match(gridCandidates(loss.Dim()))
	return b, nil
}

// match makes b a quadrature over candidates.
func (b *Batch) match(c *candidates) {
	b.batches, b.matching = nil, newMatching(c, b.coefficients())
	how := "with replacement"
	if !b.replacement {
		how = fmt.Sprintf("of %d rows without replacement", b.population)
	}
	weights := make([]float64, b.matching.slots)
	for i := range weights {
		weights[i] = 1 / float64(len(weights))
	}
	b.law = Law{
		Weights: weights, Moving: true, Unbounded: b.loss.law.Unbounded,
		Note: fmt.Sprintf("the law of batches of %d %s has more than %d values; a quadrature with its moments up to degree %d stands for it, and the quadrature error includes an estimate of the difference",
			b.size, how, BatchLimit, MatchedDegree),
	}
}

// rows returns the number N of equally probable rows of the law.
func (s *Samples) rows() (int, error) {
	if s.finer != nil {
		return 0, fmt.Errorf("objective: %w", ErrReplacement)
	}
	for _, w := range s.weights {
		if math.Abs(w*float64(len(s.weights))-1) > sumTolerance {
			return 0, fmt.Errorf("objective: %w", ErrReplacement)
		}
	}
	return len(s.weights), nil
}

// Loss returns the loss of one sample.
func (b *Batch) Loss() *Loss { return b.loss }

// Size returns the number m of samples in a batch.
func (b *Batch) Size() int { return b.size }

// Replacement reports whether the samples of a batch are independent.
func (b *Batch) Replacement() bool { return b.replacement }

// Dim implements Objective.
func (b *Batch) Dim() int { return b.loss.Dim() }

// Law implements Objective.
func (b *Batch) Law() Law { return b.law }

// Refine implements Objective. A quadrature of the batch law is refined to
// batches drawn at random, with weights that give them the same moments: their
// higher moments are near those of the batch law. If the law of xi is a
// quadrature, that is refined too, if possible so that the batches are enumerated
// where they are now.
func (b *Batch) Refine() (Objective, bool) {
	most := 0
	if b.batches != nil {
		most = b.mostNodes()
	}
	loss, finer := b.loss.refine(most)
	if !finer {
		if b.batches != nil || b.drawn || !b.loss.law.Exact {
			return nil, false
		}
		loss = b.loss
	}
	fine, err := NewBatch(loss, b.size, b.replacement)
	if err != nil {
		return nil, false
	}
	if fine.matching != nil {
		fine.match(fine.drawnCandidates())
		fine.drawn = true
	}
	return fine, true
}

// mostNodes returns the largest number of values of one sample whose batches are
// enumerated.
func (b *Batch) mostNodes() int {
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

// factor returns what multiplies Sigma.
func (b *Batch) factor() float64 {
	c := 1 / float64(b.size)
	if !b.replacement && b.population > 1 {
		c *= float64(b.population-b.size) / float64(b.population-1)
	}
	return c
}

// NewEvaluator implements Objective.
func (b *Batch) NewEvaluator() Evaluator {
	e := &batchEvaluator{b: b, sample: b.loss.newEvaluator()}
	e.grads = make([]float64, len(e.sample.grads))
	if b.matching != nil {
		e.work = b.matching.newWork(len(b.loss.law.Weights))
		e.weights = make([]float64, b.law.Len())
	}
	return e
}

// batchEvaluator implements Evaluator for a Batch.
type batchEvaluator struct {
	b       *Batch
	sample  *evaluator
	grads   []float64 // of the samples
	work    *matchWork
	weights []float64
}

var _ Evaluator = (*batchEvaluator)(nil)

// GradsTo implements Evaluator.
func (e *batchEvaluator) GradsTo(dst, x []float64) {
	if len(dst) != e.b.law.Len()*e.b.Dim() {
		panic("objective: shape mismatch")
	}
	e.sample.GradsTo(e.grads, x)
	if e.b.batches != nil {
		e.b.batches.gradsTo(dst, e.grads, e.b.Dim())
		return
	}
	e.work.nodesTo(e.weights, dst, e.sample.weights, e.grads)
}

// NodesTo implements Evaluator.
func (e *batchEvaluator) NodesTo(weights, grads, x []float64) {
	if len(weights) != e.b.law.Len() {
		panic("objective: shape mismatch")
	}
	e.GradsTo(grads, x)
	if e.b.batches != nil {
		copy(weights, e.b.law.Weights)
	} else {
		copy(weights, e.weights)
	}
}

// MomentsTo implements Evaluator.
func (e *batchEvaluator) MomentsTo(m *Moments, x []float64) {
	e.sample.MomentsTo(m, x)
	c := e.b.factor()
	for i := range m.Sigma {
		for j := range m.Sigma[i] {
			m.Sigma[i][j] *= c
		}
	}
}

// batchList holds all different batches: batch q has the rows row[k], each with
// the share[k] of the batch, k = start[q] .. start[q+1]-1.
type batchList struct {
	start []int
	row   []int
	share []float64
}

func (l *batchList) gradsTo(dst, grads []float64, d int) {
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
func (b *Batch) enumerate() (*batchList, []float64, bool) {
	rows := len(b.loss.law.Weights)
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
func (b *Batch) most(k int) int {
	if b.replacement {
		return b.size
	}
	return min(b.size, b.counts[k])
}

// logWays returns the logarithm of what n draws of row k contribute to the
// probability of a batch, up to a common factor: w^n/n!, or the number of ways
// to take n of its copies.
func (b *Batch) logWays(k, n int) float64 {
	if b.replacement {
		return float64(n)*math.Log(b.loss.law.Weights[k]) - logFactorial(n)
	}
	c := b.counts[k]
	return logFactorial(c) - logFactorial(n) - logFactorial(c-n)
}

func logFactorial(n int) float64 {
	v, _ := math.Lgamma(float64(n) + 1)
	return v
}
