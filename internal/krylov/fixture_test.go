package krylov

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// What the tests share: chains and generators that are far from normal, whose powers and
// exponentials are averages, so that their growth is 1 exactly.

// drifting returns the generator of a walk on n places: jumps down at the rate drift x, and
// both ways at the rate noise. Rows sum to zero and its exponentials are averages.
func drifting(n int, drift, noise float64) *mat.Dense {
	q := mat.NewDense(n, n, nil)
	for i := range n {
		x := float64(i) / float64(n-1)
		down, up := noise+drift*x*float64(n), noise*(1-x)
		if i == 0 {
			down = 0
		}
		if i == n-1 {
			up = 0
		}
		if i > 0 {
			q.Set(i, i-1, down)
		}
		if i < n-1 {
			q.Set(i, i+1, up)
		}
		q.Set(i, i, -down-up)
	}
	return q
}

// chain returns I + q/rate: one step of a Markov chain.
func chain(q *mat.Dense) *mat.Dense {
	n, _ := q.Dims()
	rate := 0.0
	for i := range n {
		rate = max(rate, -q.At(i, i))
	}
	s := mat.DenseCopyOf(q)
	s.Scale(0.9/rate, s)
	for i := range n {
		s.Set(i, i, 1+s.At(i, i))
	}
	return s
}

func applyOf(a *mat.Dense) func(dst, src []float64) {
	n, _ := a.Dims()
	return func(dst, src []float64) {
		for i := range n {
			sum := 0.0
			for j, v := range a.RawRowView(i) {
				sum += v * src[j]
			}
			dst[i] = sum
		}
	}
}

func smooth(n int) []float64 {
	phi := make([]float64, n)
	for i := range phi {
		x := float64(i) / float64(n-1)
		phi[i] = 1 + math.Cos(3*x) + math.Exp(-20*(x-0.4)*(x-0.4))
	}
	return phi
}

func noisy(n int, seed uint64) []float64 {
	rnd := rand.New(rand.NewPCG(seed, 1))
	v := make([]float64, n)
	for i := range v {
		v[i] = rnd.NormFloat64()
	}
	return v
}

func newBasis(t *testing.T, a *mat.Dense, phi []float64, m int, cfg *Config) *Basis {
	t.Helper()
	b, err := New(applyOf(a), phi, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Extend(m); err != nil {
		t.Fatal(err)
	}
	return b
}

func distance(u, v []float64) float64 {
	d := 0.0
	for i := range u {
		d = max(d, math.Abs(u[i]-v[i]))
	}
	return d
}

func field(b *Basis, y []float64) []float64 {
	u := make([]float64, b.n)
	b.FieldTo(u, y)
	return u
}

func modulo(n int) *Config { return &Config{Modulo: []Constant{At(n, n/2)}} }

// expOf returns e^{ta}.
func expOf(a *mat.Dense, t float64) *mat.Dense {
	var e mat.Dense
	e.Scale(t, a)
	e.Exp(&e)
	return &e
}
