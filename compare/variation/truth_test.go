//go:build !race

package variation_test

import (
	"fmt"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/internal/solved"
)

// rateOnLine is a rate of a model on the line, by a program of its own.
type rateOnLine struct {
	model string
	eta   float64
	p     int
	want  float64
}

// Rates of modes with narrow peaks, which grids of hundreds of nodes miss, and of steps so long between two looks that rounding is a
// large share of what they leave. True values are by exponentially fitted differences of 16 000 to 64 000 cells with the eigenvalues of a
// symmetric tridiagonal matrix (LAPACK), and of SGD by powers of piecewise linear interpolation on 20 000 and 160 000 cells.
func TestRatesOnTheLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		loss, sample string
		r            float64
		etas         string
		models       string
		want         []rateOnLine
	}{
		{"1.147*x^2/2 + 0.279*cos(2*x + 2.608)/2 + 0.278*xi*x", "variables: [xi], values: [[-1], [0], [1]]", 3, "[0.6111, 0.55, 0.5, 0.45, 0.35]", "[modified]",
			[]rateOnLine{{"modified", 0.6111, 4, 9.949575}, {"modified", 0.55, 4, 9.627996}, {"modified", 0.5, 4, 9.364002}, {"modified", 0.45, 4, 9.099229},
				{"modified", 0.35, 4, 8.567238}, {"modified", 0.5, 2, 4.691030}, {"sgd", 0.6111, 2, 10.956563}, {"sgd", 0.6111, 4, 21.535316}, {"sgd", 0.5, 4, 13.695311}}},
		{"0.629*x^2/2 + 0.33*cos(2*x + 2.572)/2 + 0.056*xi*x + 0.358*xi*sin(2*x)/2", "variables: [xi], values: [[-1], [1]]", 3, "[0.9333]", "[modified]",
			[]rateOnLine{{"modified", 0.9333, 2, 3.535600}, {"modified", 0.9333, 4, 2.592864}, {"sgd", 0.9333, 4, 2.535584}}},
		{"0.979*x^2/2 + 0.179*tanh(3*x) + 0.202*xi*x*exp(-x^2) + 0.08*zeta*x", "variables: [xi, zeta], values: [[1, 1], [-1, 0.5], [0, -1.5]], probabilities: [0.25, 0.25, 0.5]", 2, "[0.3]", "[second-order]",
			[]rateOnLine{{"second-order", 0.3, 2, 5.660010}, {"second-order", 0.3, 4, 11.299000}, {"sgd", 0.3, 4, 13.644143}}},
		{"0.905*x^2/2 + 0.327*cos(x + 2.910) + 0.186*cos(3*x + 3.709)/3 + 0.033*xi*x + 0.056*xi*x*exp(-x^2)", "variables: [xi], values: [[-1], [2]], probabilities: [2/3, 1/3]", 3, "[0.4936]", "[first-order]",
			[]rateOnLine{{"sgd", 0.4936, 4, 14.459845}, {"first-order", 0.4936, 4, 6.784646}}},
		{"0.414*x^2/2 + 0.342*cos(x + 1.501) + 0.024*cos(3*x + 4.363)/3 + 0.039*xi*x", "variables: [xi], values: [[-1], [2]], probabilities: [2/3, 1/3]", 2, "[0.5715]", "[gradient-flow]",
			[]rateOnLine{{"sgd", 0.5715, 2, 1.288476}, {"sgd", 0.5715, 4, 2.572235}, {"gradient-flow", 0.5715, 2, 1.078842}}},
	} {
		_, res := solved.Run(t, fmt.Sprintf(`name: line
parameters: [x]
loss: %s
sample: {kind: discrete, %s}
ball: {R: %g}
observables: {x: x}
eta: %s
models: %s
studies: [variation]
output: {fields: []}
`, c.loss, c.sample, c.r, c.etas, c.models))
		for _, w := range c.want {
			holdsRate(t, res, w)
		}
	}
}

// Where neither drift nor noise moves a point moments fall, or grow, as they do there, also if the point is not stable and
// between nodes: at p b' + p (p-1)/2 sum s'^2 of a model and by E|DF|^p of the chain.
func TestRatesAtRest(t *testing.T) {
	t.Parallel()
	_, res := solved.Run(t, `name: rest
parameters: [x]
loss: (x - 0.12345)^4/4 - (x - 0.12345)^2/2 + 0.3*xi*(x - 0.12345)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1.5}
observables: {x: x}
eta: [1/4]
models: [gradient-flow, second-order, first-order]
solver: {nodes: 24}
studies: [variation]
output: {fields: []}
`)
	const eta, slope = 0.25, 0.25 * 0.3 * 0.3
	for _, p := range []int{2, 4} {
		q := float64(p)
		noise := q * (q - 1) / 2 * slope
		holdsRate(t, res, rateOnLine{"gradient-flow", eta, p, -q})
		holdsRate(t, res, rateOnLine{"first-order", eta, p, -q - noise})
		holdsRate(t, res, rateOnLine{"second-order", eta, p, -q*(1-eta/2) - noise})
		holdsRate(t, res, rateOnLine{"sgd", eta, p, -math.Log((math.Pow(1+eta*0.7, q)+math.Pow(1+eta*1.3, q))/2) / eta})
	}
}

// rateDigits is the error of the true values, relatively, and usefulBar the largest bar that is useful.
const rateDigits, usefulBar = 2e-6, 5e-5

// holdsRate wants a true rate within a small bar.
func holdsRate(t *testing.T, res *compare.Result, w rateOnLine) {
	t.Helper()
	for _, row := range res.Variation {
		if row.Model != w.model || row.Eta != w.eta || row.P != w.p {
			continue
		}
		low, high := float64(row.Low), float64(row.High)
		if digits := rateDigits * math.Abs(w.want); row.Verdict == compare.DecayNotResolved || !(low-digits <= w.want && w.want <= high+digits) || !(high-low <= 2*usefulBar*math.Abs(w.want)) {
			t.Errorf("%s, eta = %g, p = %d: %.9g in [%.9g, %.9g], want %.8g; %s", w.model, w.eta, w.p, float64(row.Rate), low, high, w.want, row.Reason)
		}
		return
	}
	t.Errorf("no row of %s, eta = %g, p = %d", w.model, w.eta, w.p)
}
