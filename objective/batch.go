package objective

import "kolmo/law"

// Batch is a loss whose gradient is averaged over m samples per step,
//
//	g(x;B) = (1/m) sum_{k in B} grad f(x;xi_k),
//
// drawn independently or without replacement. f and its derivatives are those of
// the loss, and Sigma is exactly that of the batch gradient: Sigma/m, without
// replacement from N rows times (N - m)/(N - 1). The law of g is that of
// law.Batches: enumerated, or a quadrature made anew at every point; what S does
// with the latter differs from the batch law's S by O(eta^6). Batch implements
// Objective.
type Batch struct {
	loss    *Loss
	batches *law.Batches
	law     Law
}

var _ Objective = (*Batch)(nil)

// NewBatch returns the loss with batches of the given size. Without replacement
// the rows of the loss's law must be equally probable and at least size. Errors are
// those of law.NewBatches.
func NewBatch(loss *Loss, size int, replacement bool) (*Batch, error) {
	b, err := law.NewBatches(loss.nodes, loss.Dim(), size, replacement)
	if err != nil {
		return nil, err
	}
	return batchOf(loss, b), nil
}

// batchOf returns the loss with the batches of its law.
func batchOf(loss *Loss, b *law.Batches) *Batch {
	l := Law{Weights: b.Weights(), Draws: b.Size(), Moving: b.Matched(), Unbounded: loss.law.Unbounded, Note: b.Note()}
	if !l.Moving {
		l.Exact, l.Hull = loss.law.Exact, loss.law.Hull
	}
	return &Batch{loss: loss, batches: b, law: l}
}

// Loss returns the loss of one sample.
func (b *Batch) Loss() *Loss { return b.loss }

// Batches returns the law of the batches.
func (b *Batch) Batches() *law.Batches { return b.batches }

// Size returns the number m of samples in a batch.
func (b *Batch) Size() int { return b.batches.Size() }

// Replacement reports whether the samples of a batch are independent.
func (b *Batch) Replacement() bool { return b.batches.Replacement() }

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
	if !b.batches.Matched() {
		most = b.batches.MostNodes()
	}
	loss, finer := b.loss.refine(most)
	if !finer {
		if !b.batches.Matched() || b.batches.Random() || !b.loss.law.Exact {
			return nil, false
		}
		loss = b.loss
	}
	fine, err := law.NewBatches(loss.nodes, loss.Dim(), b.Size(), b.Replacement())
	if err != nil {
		return nil, false
	}
	return batchOf(loss, fine.AtRandom()), true
}

// NewEvaluator implements Objective.
func (b *Batch) NewEvaluator() Evaluator {
	e := &batchEvaluator{b: b, sample: b.loss.newEvaluator(), work: b.batches.NewWork(), weights: make([]float64, b.law.Len())}
	e.grads = make([]float64, len(e.sample.grads))
	return e
}

// batchEvaluator implements Evaluator for a Batch.
type batchEvaluator struct {
	b       *Batch
	sample  *evaluator
	grads   []float64 // of the samples
	work    *law.BatchWork
	weights []float64
}

var _ Evaluator = (*batchEvaluator)(nil)

func (e *batchEvaluator) GradsTo(dst, x []float64) { e.NodesTo(e.weights, dst, x) }

func (e *batchEvaluator) NodesTo(weights, grads, x []float64) {
	if len(weights) != e.b.law.Len() || len(grads) != e.b.law.Len()*e.b.Dim() {
		panic("objective: shape mismatch")
	}
	e.sample.GradsTo(e.grads, x)
	e.work.NodesTo(weights, grads, e.grads)
}

func (e *batchEvaluator) MomentsTo(m *Moments, x []float64) {
	e.sample.MomentsTo(m, x)
	c := e.b.batches.Factor()
	for i := range m.Sigma {
		for j := range m.Sigma[i] {
			m.Sigma[i][j] *= c
		}
	}
}
