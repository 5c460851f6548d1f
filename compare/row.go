package compare

import (
	"errors"
	"math"

	"kolmo/grid"
	"kolmo/kolmogorov"
)

// rowRun follows one (model, observable): u and its gap.
type rowRun struct {
	m     *modelRun
	obs   int
	prop  kolmogorov.Propagator
	out   [][][]float64 // [step][0], on the model's grid
	onS   [][]float64   // [step], on the grid of S
	last  []float64     // at the last step, on the grid of S
	err   error         // met in parallel; the model's once all have met
	curve []float64     // sup over the ball at n = 0, 1, ..
	largestGap
	workspace
	oneSteps
	toHorizon
	rowTrace
	hidden *hiddenLoss
	tail   tailState
}

// largestGap is the largest gap so far.
type largestGap struct {
	best     float64
	bestN    int
	bestX    []float64
	bestE    []float64 // the field at bestN
	bestL    []float64 // u at bestN on the model's grid
	bestS    []float64 // and on the grid of S
	deficit  float64   // by how much, relatively, samples were seen to miss a maximum
	polished bool
}

// workspace is what a row's gaps are taken with.
type workspace struct {
	transfer *grid.Transfer // to the grid of S
	e        []float64      // block x n: U - u
	values   []float64      // block x points
	sampler  *sampler       // at the search's points
	tracer   *sampler       // at the traced points
	// ownTracer is tracer for fields on the model's grid.
	ownTracer *sampler
	finder    *maxFinder
}

// oneSteps are the one-step errors of a row.
type oneSteps struct {
	rho     []float64 // at the trace
	rhos    []float64 // and at every step, polished, if the engine keeps them
	rhoTime []float64 // what the error in t does to these
	late    rhoSeries // and of some later steps
	// rhoAt are the one-step error's values at the points, by traced step.
	rhoAt map[int][]float64
	// The differences that tell the error in t, on the grid of S, [step][coarse, fine],
	// and those at the last step; nil where it is a bound.
	differs  *kolmogorov.Differences
	differ   [][2][]float64
	differed [2][]float64
}

// toHorizon is what a horizon study asks for: the suprema of derivatives, a denser search at
// the traced steps, and by how much, relatively, that ever raised a polished gap.
type toHorizon struct {
	derivatives *derivativeSups
	dense       *denseSearch
	supShare    float64
}

// rowTrace are values at the points, per trace entry.
type rowTrace struct {
	traceAtU [][]float64 // u
	traceOnS [][]float64 // u through the grid of S, if gaps of every step are kept
}

// Which steps' gaps are polished: those whose sampled value might reach the
// largest so far if polishing raised it by twice as much as it ever did, and a
// little more. The others stand in the curve as sampled.
const (
	firstDeficit  = 0.05 // before anything was polished
	deficitFactor = 2
	deficitSpare  = 1e-3
)

// advance computes u over a block of steps.
func (r *rowRun) advance(steps int) {
	if !r.m.open() {
		return
	}
	if r.err = r.prop.Advance(r.out[:steps]); r.err != nil {
		return
	}
	for j := range steps {
		r.transfer.ApplyTo(r.onS[j], r.out[j][0])
		if r.differs != nil {
			coarse, fine := r.differs.At(j, 0)
			r.transfer.ApplyTo(r.differ[j][0], coarse)
			r.transfer.ApplyTo(r.differ[j][1], fine)
		}
	}
}

// goOn makes the last of a block of steps the one to go on from.
func (r *rowRun) goOn(steps int) {
	copy(r.last, r.onS[steps-1])
	for i := range r.differed {
		if r.differs != nil {
			copy(r.differed[i], r.differ[steps-1][i])
		}
	}
}

// follow computes the row's gaps over a block of steps after step n.
func (r *rowRun) follow(e *engine, n, steps int) {
	if !r.m.open() {
		return
	}
	size := e.data.g.Len()
	for j := range steps {
		u, v, d := e.uOut[j][r.obs], r.onS[j], r.e[j*size:(j+1)*size]
		v, d = v[:len(u)], d[:len(u)]
		for i := range u {
			d[i] = u[i] - v[i]
		}
	}
	r.sampler.sampleTo(r.values, r.e, steps)
	m := len(e.search.x)
	sups, top := make([]float64, steps), 0
	for j := range sups {
		for _, v := range r.values[j*m : (j+1)*m] {
			if a := math.Abs(v); !(a <= sups[j]) {
				sups[j] = a
			}
		}
		if math.IsNaN(sups[j]) || math.IsInf(sups[j], 0) {
			r.err = errors.New("the fields are not finite")
			return
		}
		if sups[j] > sups[top] {
			top = j
		}
	}
	// The largest sample first: while the gap grows the others then stay below it.
	for k := range steps {
		j := k - 1
		switch {
		case k == 0:
			j = top
		case k <= top:
		default:
			j = k
		}
		sup := sups[j]
		if !(e.everyGap || sup*(1+deficitFactor*r.deficit+deficitSpare) >= r.best) || sup == 0 {
			continue
		}
		field := r.e[j*size : (j+1)*size]
		polished := max(sup, r.finder.find(field, r.values[j*m:(j+1)*m]))
		if r.polished {
			r.deficit = max(r.deficit, polished/sup-1)
		} else {
			r.deficit, r.polished = max(firstDeficit/10, polished/sup-1), true
		}
		if sups[j] = polished; polished > r.best {
			r.best, r.bestN = polished, n+j+1
			copy(r.bestX, r.finder.best)
			copy(r.bestE, field)
			copy(r.bestL, r.out[j][0])
			copy(r.bestS, r.onS[j])
		}
	}
	for j, sup := range sups {
		if r.dense != nil && e.traced(n+j+1) {
			more := r.dense.find(r.e[j*size : (j+1)*size])
			if more > sup {
				r.supShare, sup = max(r.supShare, more/sup-1), more
			}
		}
		r.curve = append(r.curve, sup)
		if r.derivatives != nil {
			r.derivatives.keep(r.out[j][0])
		}
	}
}
