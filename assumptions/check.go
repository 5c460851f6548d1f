package assumptions

import (
	"encoding/json"
	"math"

	"kolmo/objective"
)

// Status says what is known about a constant.
type Status string

// What may be known about a constant.
const (
	Proved Status = "proved" // enclosed by interval arithmetic
	Found  Status = "found"  // the best value that a search found: no bound
	Fails  Status = "fails"  // the condition fails, or there is no such constant
)

// Constant is one constant of the assumptions.
type Constant struct {
	// Value is the safe end of the enclosure if it is proved, the value found
	// if not, and NaN where there is none: a condition without which it is not
	// defined fails, or (Eta1) every eta works.
	Value     float64
	Status    Status
	Enclosure []float64 // [lo, hi] if it is proved, else nil
	At        []float64 // where the extreme was found, or the counterexample; nil if there is no such point
	Sample    int       // the node of the law there, from 0; -1 if there is none: the constant is not about one sample, or about an end of the support
	Values    string    // the loss's sample variables there, "a = 1, b = 2"; "" if the constant is not about one sample
}

// MarshalJSON implements json.Marshaler; what does not exist is null.
func (c Constant) MarshalJSON() ([]byte, error) {
	out := struct {
		Value     *float64  `json:"value"`
		Status    Status    `json:"status"`
		Enclosure []float64 `json:"enclosure"`
		At        []float64 `json:"at"`
		Sample    *int      `json:"sample"`
	}{Status: c.Status, Enclosure: c.Enclosure, At: c.At}
	if finite(c.Value) {
		out.Value = &c.Value
	}
	if c.Sample >= 0 {
		out.Sample = &c.Sample
	}
	return json.Marshal(out)
}

// Assumptions are the constants of Assumption 1 and of Lemmas 1 and 2 on a ball,
// and what follows from them. It marshals to the output of kolmo check --json.
type Assumptions struct {
	// Mu is the smallest eigenvalue of hess f on |x| <= R; Assumption 1 (ii).
	Mu Constant `json:"mu"`
	// Nu and L are the pair, among those with x.grad f(x;xi) >= nu |x|^2 for all
	// xi on L <= |x| <= R2, that maximises Eta0; Assumption 1 (i).
	Nu Constant `json:"nu"`
	L  Constant `json:"L"`
	// M1 and M2 are the largest |grad f(x;xi)| over xi and |x| <= L, |x| <= R.
	M1 Constant `json:"M1"`
	M2 Constant `json:"M2"`
	// Eta0 is min{(R - L)/M1, 2 nu L^2/M2^2}; Lemma 1.
	Eta0 Constant `json:"eta0"`
	// EtaInvariant is the largest eta for which no step from the ball leaves it.
	EtaInvariant Constant `json:"eta_invariant"`
	// Eta1 is the largest eta for which -(I + (eta/2) hess f) grad f points
	// inward everywhere on |x| = R2; Lemma 2. Its value is NaN if every eta works.
	Eta1 Constant `json:"eta1"`
	// NonconvexSamples counts the nodes of the law whose own loss was found not
	// to be convex somewhere in the ball.
	NonconvexSamples int `json:"nonconvex_samples"`
	// Minimizer is the minimizer x* of f in the ball, nil if none was found there.
	Minimizer []float64 `json:"minimizer"`
	// MeanShift is the displacement of the stationary mean from x* per unit eta,
	// -(1/2) H^{-1}(T:C)/eta, H C + C H = eta Sigma; nil if there is no x* or f is
	// not smooth enough there.
	MeanShift []float64 `json:"mean_shift"`

	Places `json:"-"`
	// Points is the number of grid points of the search, Samples that of its
	// samples, of which Ends are no nodes of the law but the ends and the middle of
	// a continuous law's support; Boxes is the budget of the proofs, in evaluations
	// of one sample over one box, per constant.
	Points, Samples, Ends, Boxes int `json:"-"`
	// Unbounded and Quadrature report a law with unbounded support, and one that
	// the nodes only stand for: nothing can be proved about it from the nodes.
	Unbounded, Quadrature bool `json:"-"`
}

// Places are where samples were found to be neither convex nor smooth.
type Places struct {
	// Nonconvex are the samples with the most negative curvature, at most ten,
	// the worst first.
	Nonconvex []Curvature
	Kink      *Kink // nil: none was found
}

// Curvature is the smallest eigenvalue of hess f(x;xi_k) found for one sample;
// Sample and Values are as in Constant.
type Curvature struct {
	Sample     int
	Values     string
	Eigenvalue float64
	At         []float64
}

// Check finds the constants of the assumptions for the ball |x - center| <= R and
// the modified model's R2 > R, and proves what it can.
//
// The search evaluates every sample on a polar grid and polishes the extremes by a
// pattern search. The proofs are branch and bound over boxes of polar coordinates
// with enclosures by interval arithmetic, mean value forms and a monotonicity
// test; each constant may evaluate proofWork operations of the loss's expression.
// A constant counts as proved if its enclosure is narrower than 1e-6, relatively.
// The cost is about a second for up to 10^4 samples and grows with their number beyond.
// Errors are *NonFiniteError.
//
// progress, if not nil, is told the share of the work that is done, in [0,1] and never less
// than before, from the goroutine of Check.
func Check(o objective.Objective, l *objective.Loss, center []float64, R, R2 float64, progress func(share float64)) (*Assumptions, error) {
	nodes := l.Law().Len()
	l, err := l.WithHull()
	if err != nil {
		return nil, err
	}
	c, err := newCheck(o, l, nodes, center, R, R2, progress)
	if err != nil {
		return nil, err
	}
	a := &Assumptions{
		Points: len(c.grid), Samples: l.Law().Len(), Ends: l.Law().Len() - nodes, Boxes: c.proof.budget,
		Unbounded: l.Law().Unbounded, Quadrature: !l.Law().Exact,
	}
	c.curvature(a)
	a.Kink = kinkOf(c)
	for _, part := range []struct {
		find  func(a *Assumptions)
		share float64 // of the work, for the progress alone
	}{{c.convexity, 0.35}, {c.confinement, 0.6}, {c.invariance, 0.7}, {c.inward, 0.95}, {c.stationary, 1}} {
		c.phase(part.share)
		part.find(a)
	}
	for _, k := range []*Constant{&a.Mu, &a.Nu, &a.L, &a.M1, &a.M2, &a.Eta0, &a.EtaInvariant, &a.Eta1} {
		k.Sample, k.Values = c.name(k.Sample)
	}
	for i := range a.Nonconvex {
		n := &a.Nonconvex[i]
		n.Sample, n.Values = c.name(n.Sample)
	}
	return a, nil
}

// name returns the node of the law that sample k of the search is, -1 if it is an
// end of the support or k is negative, and the values of the loss's variables there.
func (c *check) name(k int) (node int, values string) {
	if k < 0 {
		return -1, ""
	}
	values = c.l.Describe(k)
	if k >= c.nodes {
		k = -1
	}
	return k, values
}

// fails is the constant that does not exist.
func fails() Constant { return Constant{Value: math.NaN(), Status: Fails, Sample: -1} }

// relativeWidth is how narrow an enclosure must be to count as a proof.
const relativeWidth = 1e-6

// settle returns the constant with the verified enclosure [lo, hi], of which safe
// is the safe end, if it is narrow enough, and else the value found.
func settle(found, lo, hi, safe float64, at []float64, sample int) Constant {
	c := Constant{Value: found, Status: Found, At: at, Sample: sample}
	if finite(lo) && finite(hi) && lo <= hi && hi-lo <= relativeWidth*min(math.Abs(lo), math.Abs(hi)) {
		c.Value, c.Status, c.Enclosure = safe, Proved, []float64{lo, hi}
	}
	return c
}
