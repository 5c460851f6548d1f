package march

import (
	"math"

	"kolmo/compare/fit"
	"kolmo/process"
)

// closing is what closes the supremum over all later steps.
type closing struct {
	Tail    TailState
	ahead   *ahead // nil where no bases answered
	aheadAt int    // the least step at which they are asked again
}

// TailState says how the supremum over all later steps was closed.
type TailState struct {
	By    string  // byBasis, byFit, ByOscillation, or "" while open
	Bound float64 // by how much a later gap may exceed the largest so far
	rate  float64 // beta: decay rate of the one-step error, by the fit
}

// The closing arguments. That by oscillation holds whether f is convex or not; suprema that
// are over t <= horizon by definition are closed there.
const (
	byBasis       = "basis"
	byFit         = "fit"
	ByOscillation = "oscillation"
	ByHorizon     = "horizon"
)

// Constants of the closing arguments.
const (
	// tailShare is the share of the accuracy that a tail may take.
	tailShare = 0.05
	// tailWindow is the share of the time so far from which the decay of the
	// one-step error is read.
	tailWindow = 0.5
	// tailLeast is the fewest traced steps in that window.
	tailLeast = 6
	// tailSafety multiplies the extrapolated sum of one-step errors.
	tailSafety = 1.25
	// rhoFloor is the rounding error of a one-step error, relative to |phi|
	// less its offset, on a grid that amplifies nothing. Measured on two methods with 24 to
	// 80 nodes: 1e-16 to 1e-14, and times the growth up to 1e-13.
	rhoFloor = 4e-14
)

// close tries to close the supremum over the steps after n, entry j of the
// block, by one of three arguments:
//
//	basis:       gap_m <= gap_n + sup |D_m - D_n|, D = U - u, which the bases of
//	             U and u know for all m;
//	fit:         where they do not, gap_m <= gap_n + sum_{n<i<=m} rho_i, since
//	             |S v| <= |v| on an invariant ball; the sum is extrapolated from
//	             the slowest decay that rho showed over the second half of the
//	             time so far, and never faster than e^{-mu t}, mu the least
//	             curvature of f on the ball; a rho that is no more than rounding
//	             counts as that;
//	oscillation: gap_m <= max(max U^n - min u^n, max u^n - min U^n), for the
//	             models whose process stays in the ball where u is looked at.
//
// The second one needs a one-step error of this step.
func (r *Row) close(e *Engine, n, j int, hasRho bool) {
	if r.Tail.By != "" && r.Tail.Bound == 0 {
		return // no bound is smaller
	}
	if e.Problem.Transient() {
		return // all speak of later starting points
	}
	most := r.mostTail(e)
	if r.Tail.By != "" {
		most = r.Tail.Bound // still true later; keep the smaller bound
	}
	if r.ahead != nil {
		if b := r.ahead.bound(r, n); b <= most {
			r.Tail = TailState{By: byBasis, Bound: b}
			return
		}
	} else if hasRho {
		if b, rate, ok := r.fitBound(e, n); ok && b <= most {
			r.Tail = TailState{By: byFit, Bound: b, rate: rate}
			return
		}
	}
	if r.Tail.By != "" {
		return
	}
	if b, ok := r.oscillationBound(e, j); ok && b <= most {
		r.Tail = TailState{By: ByOscillation, Bound: b}
	}
}

// tailFloor is the tail, relative to |phi|, that is below what any gap is
// certified to.
const tailFloor = fit.CertifiedFloor / 4

// fitBound returns by how much gap_m, m > n, may exceed the largest gap so far.
func (r *Row) fitBound(e *Engine, n int) (bound, rate float64, ok bool) {
	last := len(r.rho) - 1
	rho := r.rho[last]
	if !(e.mu > 0) {
		return 0, 0, false
	}
	if rho == 0 {
		return max(0, r.Curve[n]*(1+r.deficit)-r.Best), math.Inf(1), last >= tailLeast
	}
	if rate, ok = r.decayTo(e, last, rho); !ok {
		if rho, rate, ok = r.fadedTo(e); !ok {
			return 0, 0, false
		}
	}
	// A slower mode may still hide below a faster one: f's own curvature bounds
	// the decay of every one.
	rate = min(rate, e.mu)
	sum := tailSafety * rho / math.Expm1(rate*e.Eta)
	return max(0, r.Curve[n]+sum-r.Best), rate, true
}

// decayTo returns the slowest decay to the one-step error rho at trace entry last, over the
// second half of the time until then; ok is false where there are too few entries, or
// no decay.
func (r *Row) decayTo(e *Engine, last int, rho float64) (rate float64, ok bool) {
	t := float64(e.Trace.rhoN[last]) * e.Eta
	rate = math.Inf(1)
	count := 0
	for i := last - 1; i >= 0; i-- {
		ti := float64(e.Trace.rhoN[i]) * e.Eta
		if ti < tailWindow*t {
			break
		}
		count++
		// Over less than a third of the window a rate is mostly noise.
		if t-ti >= tailWindow*t/3 {
			rate = min(rate, math.Log(r.rho[i]/rho)/(t-ti))
		}
	}
	return rate, count >= tailLeast && rate > 0
}

// fadedTo is decayTo for a one-step error that has been no more than rounding for tailLeast
// entries. One that falls by orders of magnitude with every step never shows as many above.
// What is left of it is at most the rounding rho, and the decay is the slowest to that value.
func (r *Row) fadedTo(e *Engine) (rho, rate float64, ok bool) {
	rho = rhoFloor * max(1, r.Model.Growth) * e.Spread[r.Observable]
	above := len(r.rho) - 1
	for above >= 0 && r.rho[above] <= rho {
		above--
	}
	if len(r.rho)-1-above < tailLeast {
		return 0, 0, false
	}
	rate = e.mu
	t := float64(e.Trace.rhoN[above+1])
	for i := above; i >= 0; i-- {
		if ti := float64(e.Trace.rhoN[i]); r.rho[i] > rho && (i == above || ti >= tailWindow*t) {
			rate = min(rate, math.Log(r.rho[i]/rho)/((t-ti)*e.Eta))
		}
	}
	return rho, rate, true
}

// oscillationBound is the second argument's bound at entry j of the block. Where
// the model's process leaves the ball, it holds only for a field that is constant
// on the whole grid, to what is certified in any case.
func (r *Row) oscillationBound(e *Engine, j int) (float64, bool) {
	uLo, uHi := fit.Limits(e.Trace.U[len(e.Trace.U)-1][r.Observable])
	field := r.out[j][0]
	lo, hi := fit.Limits(field)
	if r.Model.keepsBall() {
		lo, hi = math.Inf(1), math.Inf(-1)
		for _, i := range r.Model.inBall {
			lo, hi = min(lo, field[i]), max(hi, field[i])
		}
	} else if hi-lo > fit.CertifiedFloor*e.Size[r.Observable]/4 {
		return 0, false
	}
	// Both ranges were sampled: allow for what lies between.
	slackU, slack := rangeSlack*(uHi-uLo), rangeSlack*(hi-lo)
	return max(0, max(uHi-lo, hi-uLo)+slackU+slack-r.Best), true
}

// rangeSlack widens a sampled range on either side.
const rangeSlack = 0.05

// keepsBall reports that the model's process stays in the ball where u is looked at, if
// the drift points inward there: where its noise ends in (Lemma 2), or it has none.
func (m *Model) keepsBall() bool {
	return m.inward && m.Model.Noise != process.NoiseAtFaces
}
