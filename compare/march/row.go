package march

import (
	"errors"
	"math"

	"kolmo/compare/look"
	"kolmo/grid"
	"kolmo/kolmogorov"
)

// Row follows one (model, observable): u and its gap.
type Row struct {
	Model      *Model
	Observable int
	Prop       kolmogorov.Propagator
	out        [][][]float64 // [step][0], on the model's grid
	onS        [][]float64   // [step], on the grid of S
	last       []float64     // at the last step, on the grid of S
	err        error         // met in parallel; the model's once all have met
	Curve      []float64     // sup over the ball at n = 0, 1, ..
	largestGap
	workspace
	oneSteps
	ToHorizon
	rowTrace
	Hidden *HiddenLoss
	closing
}

// largestGap is the largest gap so far.
type largestGap struct {
	Best     float64
	BestN    int
	BestX    []float64
	BestE    []float64 // the field at bestN
	BestL    []float64 // u at bestN on the model's grid
	BestS    []float64 // and on the grid of S
	End      []float64 // u there at the last step, of an engine at rest
	deficit  float64   // by how much, relatively, samples were seen to miss a maximum
	polished bool
}

// workspace is what a row's gaps are taken with.
type workspace struct {
	transfer    *grid.Transfer // to the grid of S
	Differences []float64      // block x n: U - u
	values      []float64      // block x points
	sampler     *look.Sampler  // at the search's points
	Tracer      *look.Sampler  // at the traced points
	// ownTracer is tracer for fields on the model's grid.
	ownTracer *look.Sampler
	finder    *look.MaxFinder
}

// oneSteps are the one-step errors of a row.
type oneSteps struct {
	rho     []float64 // at the steps of the trace that have them
	Rhos    []float64 // and at every step, polished, if the engine keeps them
	rhoTime []float64 // what the error in t does to these
	Late    RhoSeries // and of some later steps
	// RhoAt are the one-step error's values at the points, by traced step.
	RhoAt map[int][]float64
	// The differences that tell the error in t, on the grid of S, [step][coarse, fine],
	// and those at the last step; nil where it is a bound.
	differs  *kolmogorov.Differences
	differ   [][2][]float64
	differed [2][]float64
	rhoLook  rhoLook
}

// ToHorizon is what a horizon study asks for: the suprema of derivatives, a denser search at
// the traced steps, and by how much, relatively, that ever raised a polished gap.
type ToHorizon struct {
	Derivatives *DerivativeSups
	Dense       *denseSearch
	SupShare    float64
}

// rowTrace are values at the points, per trace entry.
type rowTrace struct {
	TraceAtU [][]float64 // u
	TraceOnS [][]float64 // u through the grid of S, if gaps of every step are kept
}

// Which steps' gaps are polished: those whose sampled value might reach the
// largest so far if polishing raised it by twice as much as it ever did, and a
// little more. The others stand in the curve as sampled.
const (
	firstDeficit  = 0.05 // before anything was polished
	deficitFactor = 2
	deficitSpare  = 1e-3
)

// Advance computes u over a block of steps.
func (r *Row) Advance(steps int) {
	if !r.Model.open() {
		return
	}
	if r.err = r.Prop.Advance(r.out[:steps]); r.err != nil {
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

// GoOn makes the last of a block of steps the one to go on from.
func (r *Row) GoOn(steps int) {
	copy(r.last, r.onS[steps-1])
	for i := range r.differed {
		if r.differs != nil {
			copy(r.differed[i], r.differ[steps-1][i])
		}
	}
}

// follow computes the row's gaps over a block of steps after step n.
func (r *Row) follow(e *Engine, n, steps int) {
	if !r.Model.open() {
		return
	}
	size := e.Data.Grid.Len()
	for j := range steps {
		u, v, d := e.uOut[j][r.Observable], r.onS[j], r.Differences[j*size:(j+1)*size]
		v, d = v[:len(u)], d[:len(u)]
		for i := range u {
			d[i] = u[i] - v[i]
		}
	}
	r.sampler.SampleTo(r.values, r.Differences, steps)
	m := len(e.search.X)
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
		if !(e.EveryGap || sup*(1+deficitFactor*r.deficit+deficitSpare) >= r.Best) || sup == 0 {
			continue
		}
		field := r.Differences[j*size : (j+1)*size]
		polished := max(sup, r.finder.Find(field, r.values[j*m:(j+1)*m]))
		if r.polished {
			r.deficit = max(r.deficit, polished/sup-1)
		} else {
			r.deficit, r.polished = max(firstDeficit/10, polished/sup-1), true
		}
		if sups[j] = polished; polished > r.Best {
			r.Best, r.BestN = polished, n+j+1
			copy(r.BestX, r.finder.Best)
			copy(r.BestE, field)
			copy(r.BestL, r.out[j][0])
			copy(r.BestS, r.onS[j])
		}
	}
	for j, sup := range sups {
		if r.Dense != nil && e.Traced(n+j+1) {
			more := r.Dense.find(r.Differences[j*size : (j+1)*size])
			if more > sup {
				r.SupShare, sup = max(r.SupShare, more/sup-1), more
			}
		}
		r.Curve = append(r.Curve, sup)
		if r.Derivatives != nil {
			r.Derivatives.keep(r.out[j][0])
		}
	}
}

// HiddenLoss is what features of the loss between the nodes may do to a row: to U in one
// step from phi, and over time to U and to u; and what those of the layer in which noise ends do to u.
type HiddenLoss struct{ Step, S, L, Layer float64 }

// missSafety multiplies what S was seen to miss at some of the nodes.
const missSafety = 2

// MissedByPowers returns what a row's gaps miss because of the powers of S, and of how S is
// computed, which adds up over the steps.
func (e *ChainRun) MissedByPowers(r *Row) float64 {
	last := len(r.Curve) - 1
	most := e.SMiss[r.Observable] * float64(last)
	for n := range min(last, len(e.UMiss)) {
		most = max(most, e.UMiss[n]+e.SMiss[r.Observable]*float64(n+1))
	}
	return most * e.Data.Size[r.Observable]
}

// BetweenNodes returns by how much the interpolants of phi on the grids of S and of the row's model miss it in the ball,
// as at a kink. Grids may miss it alike, so that gaps and one-step errors err by as much whatever two of them differ by.
func BetweenNodes(e *Engine, r *Row) float64 {
	return e.Data.Missed[r.Observable] + r.Model.Data.Missed[r.Observable]
}

// DenseSup searches the row's worst field once more from denser points and all
// their good local maxima.
func (e *Engine) DenseSup(r *Row) float64 {
	return e.NewDenseSearch().find(r.BestE)
}

// denseSearch is a search from the engine's denser points. It owns workspace.
type denseSearch struct {
	sampler *look.Sampler
	finder  *look.MaxFinder
	values  []float64
}

func (e *Engine) NewDenseSearch() *denseSearch {
	if e.dense == nil {
		d := e.Problem.Ball.Free()
		e.dense = look.NewPoints(e.Problem.Ball, denseRefine[d]*look.SearchDensity(d, e.Level.Largest()))
		e.denseSphere = look.NewSphereMatrix(e.Data.Grid, e.Width, e.dense)
	}
	return &denseSearch{look.NewSampler(e.Data.Grid, e.Width, e.dense, e.denseSphere), look.NewMaxFinder(e.Data.Grid, e.Width, e.dense, denseStarts), make([]float64, len(e.dense.X))}
}

// find returns the largest |field| over the ball.
func (d *denseSearch) find(field []float64) float64 {
	d.sampler.SampleTo(d.values, field, 1)
	return d.finder.Find(field, d.values)
}

// How much denser, per dimension, and from how many starts.
var denseRefine = [grid.MaxDim + 1]int{0, 3, 2, 2}

const denseStarts = 12
