package custom

import (
	"fmt"
	"math"

	"kolmo/derived"
	"kolmo/objective/expr"
)

// Kinked looks for a call of abs, min, max or huber in a step at eta whose kink lies between the states, where
// what vanishes at it has both signs for one sample. It returns the coordinate whose update has it, and what and near where in
// words; both are empty where none is met. The cost is that of the calls' arguments, at all states and samples.
func Kinked(of derived.Algorithm, eta float64, states [][]float64) (name, what string) {
	a := of.(*algorithm)
	n := len(a.nodes.weights)
	for i, e := range a.step {
		for _, kink := range e.Kinks() {
			p, err := expr.Compile(kink.Gap, a.in)
			if err != nil {
				continue // NewSeries has compiled what it is made of
			}
			m := p.Bind(n, a.nodes.columns).NewMachine()
			low, high, least, at := make([]float64, n), make([]float64, n), math.Inf(1), []float64(nil)
			for _, z := range states {
				m.Point(z, []float64{math.Sqrt(eta), eta}, 0)
				for k := 0; k < n; k += expr.Lanes {
					m.Block(k)
					for l, v := range m.Value() {
						low[k+l], high[k+l] = min(low[k+l], v), max(high[k+l], v)
						if low[k+l] < 0 && high[k+l] > 0 && math.Abs(v) < least {
							least, at = math.Abs(v), z
						}
					}
				}
			}
			if at != nil {
				return a.names[i], fmt.Sprintf("the update of %s has %s, which is not smooth near %s: moments of a step, and with them the models and their orders, are of smooth steps", a.names[i], clipped(kink.Call.String()), a.place(at))
			}
		}
	}
	return "", ""
}

// mostShown is the length from which a call is shown by its beginning.
const mostShown = 80

// clipped returns a text or its beginning.
func clipped(text string) string {
	if r := []rune(text); len(r) > mostShown {
		return string(r[:mostShown]) + " .."
	}
	return text
}
