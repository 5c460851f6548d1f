package fit

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"kolmo/compare"
)

// Outlook predicts, from the levels that a refinement has been through, whether the finest one
// will do. Where the loss or an observable is not smooth the error falls like a low power of
// the nodes, and the finest grids cost more than all others together.
type Outlook struct {
	nodes  []float64 // log of the nodes per axis, in the mean of S and the model
	excess []float64 // log of the largest error of a row over what it may be
}

// Constants of the outlook.
const (
	// outlookKnown is the error relative to the gap up to which a level says how errors fall.
	outlookKnown = 0.5
	// outlookLeast is the fewest levels that tell a power.
	outlookLeast = 5
	// slowestPower and fastestPower bound the powers of the nodes with which an error falls
	// where something is not smooth. A slower one has not begun to fall; that of smooth
	// functions falls faster.
	slowestPower, fastestPower = 0.5, 2.5
	// outlookSteady is by how much the power may grow over the later half of the levels.
	outlookSteady = 1.5
	// outlookSafety bounds the error predicted for the finest level, over the one allowed:
	// beyond it that level is not tried.
	outlookSafety = 3
)

// Add tells of one more level, and of the largest error of a row relative to its gap there.
// A level on which a gap does not stand above its error says nothing of how errors fall, nor
// do those before it.
func (o *Outlook) Add(nodes, excess, share float64) {
	if !(share <= outlookKnown) {
		*o = Outlook{}
		return
	}
	o.nodes, o.excess = append(o.nodes, math.Log(nodes)), append(o.excess, math.Log(excess))
}

// Hopeless returns why the finest level, which has so many nodes per axis, need not be tried;
// "" where it is or may be worth it.
func (o *Outlook) Hopeless(finest float64) string {
	n := len(o.nodes)
	if n < outlookLeast || o.nodes[n-1] == o.nodes[0] {
		return ""
	}
	at, slope := stat.LinearRegression(o.nodes, o.excess, nil, false)
	half := n / 2
	_, late := stat.LinearRegression(o.nodes[half:], o.excess[half:], nil, false)
	predicted := at + slope*math.Log(finest)
	if o.misfit(math.Exp) < o.misfit(func(x float64) float64 { return x }) {
		return "" // geometric, as for analytic functions
	}
	if power := -slope; !(power >= slowestPower && power <= fastestPower && -late <= outlookSteady*power) || !(predicted > math.Log(outlookSafety)) {
		return ""
	}
	return compare.Say("the error falls like nodes^%.1f only, as where a loss or an observable is not smooth, and would still be %.2g times what it may be on the finest grid there is", slope, math.Exp(predicted))
}

// misfit returns by how much the logarithm of the excess is off a line in a function of that of
// the nodes, in the mean square.
func (o *Outlook) misfit(of func(x float64) float64) float64 {
	var x []float64
	for _, v := range o.nodes {
		x = append(x, of(v))
	}
	at, slope := stat.LinearRegression(x, o.excess, nil, false)
	sum := 0.0
	for i := range x {
		off := o.excess[i] - at - slope*x[i]
		sum += off * off
	}
	return sum / float64(len(x))
}
