package objective

import (
	"math"
	"testing"

	"kolmo/law"
	"kolmo/objective/expr"
)

// The derivatives of samples, of batches and of pairs against central differences of the gradients, at the nodes of
// the objective's own law.
func TestDerivatives(t *testing.T) {
	t.Parallel()
	few, many := logistic(t, 7), logistic(t, 2*expr.Lanes+3)
	with, err := NewBatch(few, 3, true)
	if err != nil {
		t.Fatal(err)
	}
	without, err := NewBatch(few, 2, false)
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := NewPairs(few, 4)
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]Objective{"samples": many, "batches": with, "without replacement": without, "pairs": pairs.With(4, func([]float64) float64 { return 0.5 })} {
		d, m := o.Dim(), o.Law().Len()
		x := make([]float64, d)
		for k := range x {
			x[k] = 0.3 - 0.2*float64(k)
		}
		jets, err := NewJets(o)
		if err != nil {
			t.Fatal(err)
		}
		if jets.Len() != m {
			t.Fatalf("%s: %d nodes, want %d", name, jets.Len(), m)
		}
		weights, grads, hess := make([]float64, m), make([]float64, m*d), make([]float64, m*d*d)
		jets.NewDerivatives().DerivativesTo(weights, grads, hess, x)
		ev := o.NewEvaluator()
		want, share := make([]float64, m*d), make([]float64, m)
		ev.NodesTo(share, want, x)
		for i, g := range want {
			if math.Abs(grads[i]-g) > 1e-14 || weights[i/d] != share[i/d] {
				t.Errorf("%s: gradient %d is %g with the weight %g, want %g with %g", name, i, grads[i], weights[i/d], g, share[i/d])
			}
		}
		const h = 1e-5
		up, down := make([]float64, m*d), make([]float64, m*d)
		for j := range d {
			x[j] += h
			ev.GradsTo(up, x)
			x[j] -= 2 * h
			ev.GradsTo(down, x)
			x[j] += h
			for i := range m * d {
				if v := (up[i] - down[i]) / (2 * h); math.Abs(hess[i*d+j]-v) > 1e-6*(1+math.Abs(v)) {
					t.Errorf("%s: node %d: d_%d of entry %d is %g, want %g", name, i/d, j, i%d, hess[i*d+j], v)
				}
			}
		}
	}
}

// Batches that are too many have, of one parameter, a quadrature with the mixed moments of gradient and second derivative
// up to the fifth; here two and two of them against those of independent draws.
func TestDerivativesOfMatchedBatches(t *testing.T) {
	t.Parallel()
	values := make([][]float64, 40)
	for i := range values {
		values[i] = []float64{math.Sin(float64(i * i)), math.Cos(3 * float64(i))}
	}
	loss, err := expr.Parse("softplus(a*x) + b*x^2", expr.Scope{Parameters: []string{"x"}, Variables: []string{"a", "b"}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := law.Discrete([]string{"a", "b"}, values, nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := New([]string{"x"}, loss, s)
	if err != nil {
		t.Fatal(err)
	}
	const size = 16
	o, err := NewBatch(l, size, true)
	if err != nil {
		t.Fatal(err)
	}
	if !o.Law().Moving {
		t.Fatal("want batches that are not enumerated")
	}
	moments := func(o Objective) (mean [2]float64, square [2][2]float64, cube float64) {
		j, err := NewJets(o)
		if err != nil {
			t.Fatal(err)
		}
		n := j.Len()
		w, g, h := make([]float64, n), make([]float64, n), make([]float64, n)
		j.NewDerivatives().DerivativesTo(w, g, h, []float64{0.3})
		for k := range n {
			mean[0], mean[1] = mean[0]+w[k]*g[k], mean[1]+w[k]*h[k]
		}
		for k := range n {
			v := [2]float64{g[k] - mean[0], h[k] - mean[1]}
			for a := range v {
				for b := range v {
					square[a][b] += w[k] * v[a] * v[b]
				}
			}
			cube += w[k] * v[0] * v[1] * v[1]
		}
		return mean, square, cube
	}
	mean, square, cube := moments(l)
	fine, ok := o.Refine()
	if !ok {
		t.Fatal("no richer rule")
	}
	for name, o := range map[string]Objective{"rule": o, "richer rule": fine} {
		m, s, c := moments(o)
		for a := range m {
			if math.Abs(m[a]-mean[a]) > 1e-10 {
				t.Errorf("%s: mean %g, want %g", name, m[a], mean[a])
			}
			for b := range m {
				if want := square[a][b] / size; math.Abs(s[a][b]-want) > 1e-10 {
					t.Errorf("%s: covariance %d %d is %g, want %g", name, a, b, s[a][b], want)
				}
			}
		}
		if want := cube / (size * size); math.Abs(c-want) > 1e-10 {
			t.Errorf("%s: third moment %g, want %g", name, c, want)
		}
	}
	if wide, err := NewBatch(logistic(t, 40), size, true); err != nil {
		t.Fatal(err)
	} else if _, err := NewJets(wide); err == nil {
		t.Error("batches of two parameters that are not enumerated have a law of Hessians")
	}
}
