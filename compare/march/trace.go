package march

import (
	"math"

	"kolmo/compare/fit"
	"kolmo/internal/par"
)

// trace lists the steps at which the points' values are kept.
type trace struct {
	N    []int
	U    [][][]float64 // [entry][observable] U at the points
	rhoN []int         // those of them with one-step errors
}

// traceSpacing is the time between trace entries, in units of one over the problem's
// fastest rate.
const traceSpacing = 0.1

// firstTraces is the number of first steps that are all traced.
const firstTraces = 8

// rhoApart is the least growth of n between one-step errors of the trace: their decay is read
// over half the time so far, which holds as many at any time, and each costs an application of S.
const rhoApart = 1.05

// rhoDue reports that the one-step errors of a traced step are asked for.
func (t *trace) rhoDue(n int) bool {
	k := len(t.rhoN)
	return n <= firstTraces || k == 0 || float64(n) >= rhoApart*float64(t.rhoN[k-1])
}

// Traced reports that a step is traced.
func (e *Engine) Traced(n int) bool { return n <= firstTraces || n%e.Stride(n, traceSpacing) == 0 }

// thinnedFrom is the number of looks from which every second one is left out, and again
// at every doubling of the time: a slow problem takes many times the fastest rate's, and
// what is seen late changes slowly.
const thinnedFrom = 256

// Stride is the number of steps between looks at about step n that are as far apart as
// spacing, in units of one over the problem's fastest rate, or farther late.
func (e *Engine) Stride(n int, spacing float64) int {
	stride := 1
	if apart := spacing / (e.rate * e.Eta); apart < math.MaxInt32 {
		stride = max(1, int(math.Round(apart)))
	}
	for n >= thinnedFrom*stride {
		stride *= 2
	}
	return stride
}

// traceStep keeps the points' values at step n, which is entry j of the block, computes the
// one-step errors there if they are due, and tries to close the rows.
func (e *Engine) traceStep(n, j int) {
	m := len(e.Points.X)
	e.Trace.N = append(e.Trace.N, n)
	var values [][]float64
	for f := range e.u {
		v := make([]float64, m)
		e.uTrace.SampleTo(v, e.uOut[j][f], 1)
		values = append(values, v)
	}
	e.Trace.U = append(e.Trace.U, values)

	var sups []float64
	if e.everyRho || e.Trace.rhoDue(n) {
		e.Trace.rhoN = append(e.Trace.rhoN, n)
		sups = e.OneStep(j, func(r *Row, su []float64) float64 {
			if e.everyRho {
				r.RhoAt[n] = r.OneStepAt(su)
				return fit.MaxOf(r.RhoAt[n])
			}
			at := make([]float64, m)
			r.Tracer.SampleTo(at, su, 1)
			return fit.MaxOf(at)
		})
	}
	for _, r := range e.Rows {
		r.lookAhead(e, n)
	}
	par.Do(e.Workers, len(e.Rows), func(i int) {
		r := e.Rows[i]
		if !r.Model.open() {
			return
		}
		hasRho := sups != nil && r.asksRho(e)
		if hasRho {
			r.rho = append(r.rho, sups[i])
		}
		u := make([]float64, m)
		r.ownTracer.SampleTo(u, r.out[j][0], 1)
		r.TraceAtU = append(r.TraceAtU, u)
		if e.EveryGap {
			through := make([]float64, m)
			r.Tracer.SampleTo(through, r.onS[j], 1)
			r.TraceOnS = append(r.TraceOnS, through)
		}
		r.close(e, n, j, hasRho)
	})
}
