//go:build !race

package momentum_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// curvatures and noise of (1 + 0.4 a) x^2/2 + 0.2 b x, a and b +-1.
var curvatures = []float64{0.6, 1.4}

// squares is the matrix of M -> sum_k w_k F_k^T M F_k on (M11, M12, M22).
func squares(list []*mat.Dense, weights []float64) *mat.Dense {
	out := mat.NewDense(3, 3, nil)
	for e, m := range []*mat.Dense{mat.NewDense(2, 2, []float64{1, 0, 0, 0}), mat.NewDense(2, 2, []float64{0, 1, 1, 0}), mat.NewDense(2, 2, []float64{0, 0, 0, 1})} {
		for k, f := range list {
			var t mat.Dense
			t.Product(f.T(), m, f)
			for i, v := range []float64{t.At(0, 0), t.At(0, 1), t.At(1, 1)} {
				out.Set(i, e, out.At(i, e)+weights[k]*v)
			}
		}
	}
	return out
}

// fastest is the largest size of an eigenvalue.
func fastest(m *mat.Dense, size func(complex128) float64) float64 {
	var eig mat.Eigen
	eig.Factorize(m, mat.EigenNone)
	most := math.Inf(-1)
	for _, v := range eig.Values(nil) {
		most = max(most, size(v))
	}
	return most
}

// rate is that of E|d_i X|^2 by products of random 2 x 2 matrices, or by the generator on M of a model.
func rate(kind, model string, eta, gamma float64) float64 {
	shift := 0.0
	if kind == "nesterov" {
		shift = eta * (1 - eta*gamma)
	}
	if model == kind {
		var steps []*mat.Dense
		for _, h := range curvatures {
			f := []float64{-eta * h, 1 - eta*gamma - eta*h*shift} // of v'
			steps = append(steps, mat.NewDense(2, 2, []float64{1 + eta*f[0], eta * f[1], f[0], f[1]}))
		}
		return -math.Log(fastest(squares(steps, []float64{0.5, 0.5}), func(v complex128) float64 { return math.Hypot(real(v), imag(v)) })) / eta
	}
	const h = 1 // of f
	db := []float64{0, 1, -h, -gamma}
	if model == "second-order" || model == "modified" {
		db[0] -= eta / 2 * h
		db[1] -= eta / 2 * gamma
		db[2] += eta / 2 * -gamma * h
		db[3] += eta / 2 * (h - gamma*gamma)
		if kind == "nesterov" {
			db[3] -= eta * h
		}
	}
	// D^T M + M D = ((1 + D)^T M (1 + D) - (1 - D)^T M (1 - D))/2.
	plus := mat.NewDense(2, 2, []float64{1 + db[0], db[1], db[2], 1 + db[3]})
	minus := mat.NewDense(2, 2, []float64{1 - db[0], -db[1], -db[2], 1 - db[3]})
	list, weights := []*mat.Dense{plus, minus}, []float64{0.5, -0.5}
	if model != "gradient-flow" && model != "constant-noise" {
		for _, own := range curvatures {
			list, weights = append(list, mat.NewDense(2, 2, []float64{0, 0, -(own - h), 0})), append(weights, eta/2)
		}
	}
	return -fastest(squares(list, weights), func(v complex128) float64 { return real(v) })
}

// Rates of first variations of heavy ball and Nesterov's step on a random curvature are those of small matrices, for which
// moments oscillate, and so are those of a step by formulas.
func TestVariationAgainstRandomMatrices(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const gamma = 1.5
	for kind, algorithm := range map[string]string{
		"momentum": "{kind: momentum, friction: 1.5}",
		"nesterov": "{kind: nesterov, friction: 1.5}",
		"custom":   "{kind: custom, state: {v_x: {}}, update: {v_x: v_x - eta*(1.5*v_x + grad(x)), x: x + eta*(v_x - eta*(1.5*v_x + grad(x)))}}",
	} {
		metric := ""
		if kind == "custom" {
			metric = ", metric: lyapunov"
		}
		_, res := solved.Run(t, fmt.Sprintf(`name: random
parameters: [x]
loss: (1 + 0.4*a)*x^2/2 + 0.2*b*x
sample: {kind: discrete, variables: [a, b], values: [[-1, -1], [-1, 1], [1, -1], [1, 1]]}
ball: {R: 4%s}
observables: {square: x^2}
eta: [1/8]
algorithm: %s
models: [second-order, first-order, gradient-flow]
studies: [variation]
solver: {nodes: [26, 26]}
output: {fields: []}
`, metric, algorithm))
		if len(res.Variation) != 2*4 {
			t.Fatalf("%s: %d rows", kind, len(res.Variation))
		}
		for _, row := range res.Variation {
			as, model := kind, row.Model
			if kind == "custom" { // it is heavy ball
				as = "momentum"
				if model == kind {
					model = as
				}
			}
			want := rate(as, model, row.Eta, gamma)
			most := 5e-4 // noise ends on few nodes
			if row.Model == kind {
				most = 1e-7
			}
			if d := math.Abs(float64(row.Rate) - want); row.Verdict != compare.DecayPass || !(d <= most*want) || !(float64(row.Low) <= want && want <= float64(row.High)) {
				t.Errorf("%s, %s, direction %d: rate %.8g in [%.8g, %.8g], want %.8g: %s", kind, row.Model, row.Direction, row.Rate, row.Low, row.High, want, row.Reason)
			}
		}
	}
}
