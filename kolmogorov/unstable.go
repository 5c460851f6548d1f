package kolmogorov

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// ErrUnstable is wrapped by every UnstableError.
var ErrUnstable = errors.New("kolmogorov: unstable")

// UnstableError reports a field that grew beyond all that an average of the
// observable can be.
type UnstableError struct {
	Factor float64   // |u| over |phi|, infinite for values that are not finite
	X      []float64 // where; nil where the growth is an estimate for the grid
	Time   float64   // when
	Remedy string
}

func (e *UnstableError) Error() string {
	var b strings.Builder
	if e.X == nil {
		fmt.Fprintf(&b, "kolmogorov: |e^{tL}| grows to %.3g on this grid", e.Factor)
	} else if math.IsInf(e.Factor, 0) {
		fmt.Fprintf(&b, "kolmogorov: u is not finite at x = %s, t = %.4g", point(e.X), e.Time)
	} else {
		fmt.Fprintf(&b, "kolmogorov: |u| grew to %.3g |phi| at x = %s, t = %.4g", e.Factor, point(e.X), e.Time)
	}
	return b.String() + ": " + e.Remedy
}

// Unwrap returns ErrUnstable.
func (e *UnstableError) Unwrap() error { return ErrUnstable }

// point returns the coordinates in parentheses.
func point(x []float64) string {
	s := make([]string, len(x))
	for k, v := range x {
		s[k] = fmt.Sprintf("%.4g", v)
	}
	return "(" + strings.Join(s, ", ") + ")"
}

// remedyClosures is what helps where the closures at the faces amplify.
const remedyClosures = "the one-sided closures do not bear the noise at the faces of the box; use fewer nodes, a lower order, a wider box (a larger ball), or the modified model, whose noise vanishes there"

// remedyOutward is said where the drift leads out: polynomials of degree n then truly grow like those of the fastest drift,
// e^{n lambda t} for lambda x, and rounding with them.
const remedyOutward = "the drift leads out of the box, and fields are only extrapolated beyond; want a ball into which it leads"

// remedy says what helps against growth.
func (op *Operator) remedy() string {
	if op.Inward() {
		return remedyClosures
	}
	return remedyOutward
}

// Factors over |phi| from which a run is given up. Where the drift points inward
// on every face u is bounded by |phi| but for what closures and interpolation add;
// elsewhere paths leave the box and u may truly grow.
const (
	growthInward  = 1e3
	growthOutward = 1e8
)

// guard stops a run whose fields grow too much.
type guard struct {
	op     *Operator
	limit  float64
	remedy string
	eta    float64
	steps  int       // SGD steps done when check is called
	sizes  []float64 // |phi| of every field
}

func newGuard(op *Operator, remedy string) guard {
	g := guard{op: op, limit: growthOutward, remedy: remedy}
	if op.Inward() {
		g.limit = growthInward
	}
	return g
}

// start notes the sizes of the fields at t = 0.
func (g *guard) start(u [][]float64) {
	g.steps, g.sizes = 0, g.sizes[:0]
	for f := range u {
		g.sizes = append(g.sizes, max(maxAbs(u[f]), math.SmallestNonzeroFloat64))
	}
}

// check returns an *UnstableError if field f has grown too much or is not finite.
func (g *guard) check(f int, u []float64) error {
	if m := maxAbs(u); m <= g.limit*g.sizes[f] && !math.IsInf(m, 0) {
		return nil
	}
	e := &UnstableError{X: make([]float64, g.op.Dim()), Time: float64(g.steps) * g.eta, Remedy: g.remedy}
	at, most := 0, -1.0
	for i, v := range u {
		if a := math.Abs(v); math.IsNaN(a) || a > most {
			at, most = i, a
			if math.IsNaN(a) {
				most = math.Inf(1)
				break
			}
		}
	}
	if e.Factor = most / g.sizes[f]; math.IsInf(most, 0) {
		e.Factor = most
	}
	g.op.g.PointTo(e.X, at)
	return e
}

// Inward reports that the drift points inward, or along the face, at every node
// on every face of the box: then no boundary condition is to be imposed (Lemma 2).
func (op *Operator) Inward() bool {
	for i := range op.Len() {
		for k := range op.Dim() {
			if op.c.B[k] == nil {
				continue
			}
			j := op.g.Index(i, k)
			if b := op.c.B[k][i]; j == 0 && b < 0 || j == op.g.Axis(k).Len()-1 && b > 0 {
				return false
			}
		}
	}
	return true
}
