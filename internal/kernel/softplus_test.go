package kernel

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// fused reports that the compiler joins a multiplication and an addition, so that plain Go
// rounds less often than the assembly.
func fused() bool {
	x := []float64{1 + 0x1p-30}[rand.IntN(2)*0]
	return x*x-float64(x*x) != 0
}

// agree fails unless got and want are the same bits, or NaN both; where the compiler fuses,
// within a few units in the last place of what is summed, about size.
func agree(t *testing.T, what string, at, size, got, want float64) {
	t.Helper()
	if got == want && math.Signbit(got) == math.Signbit(want) || math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if fused() && math.Abs(got-want) <= 8e-16*size {
		return
	}
	t.Errorf("%s at %g: %.17g, in plain Go %.17g", what, at, got, want)
}

// arguments returns ordinary, extreme and not finite ones, the latter at every place among
// four.
func arguments() []float64 {
	rnd := rand.New(rand.NewPCG(3, 4))
	u := []float64{0, math.Copysign(0, -1), 1e-300, -1e-300, 5e-324, 0.8813735870195430, 0.8813735870195431, -0.8813735870195429, 708, -708}
	for range 4000 {
		u = append(u, rnd.NormFloat64(), 30*rnd.NormFloat64(), 1416*rnd.Float64()-708)
	}
	for i, x := range []float64{math.Inf(1), math.Inf(-1), math.NaN(), 708.0000001, -708.0000001, 745, -745, -746, 1e300, -1e300, 710} {
		u = append(u, make([]float64, i%4)...)
		u = append(u, x)
		u = append(u, 1, 2, 3, 4, 5, 6)
	}
	return u
}

// TestSoftplusAgainstGo: the assembly does what plain Go does, entry by entry, at every
// length, and writes nowhere else.
func TestSoftplusAgainstGo(t *testing.T) {
	t.Parallel()
	all := arguments()
	for _, n := range []int{0, 1, 2, 3, 4, 5, 7, 8, 63, 64, len(all)} {
		for from := 0; from+n <= len(all); from += max(n, 1) * max(1, len(all)/(40*max(n, 1))) {
			u := all[from : from+n]
			for _, f := range []struct {
				name      string
				fast, go_ func(v, d, dd, u []float64)
			}{
				{"softplus", Softplus, softplusGo},
				{"logistic", Logistic, logisticGo},
				{"softplus'", func(_, d, dd, u []float64) { Softplus(nil, d, dd, u) }, func(_, d, dd, u []float64) { softplusGo(nil, d, dd, u) }},
				{"logistic'", func(_, d, dd, u []float64) { Logistic(nil, d, dd, u) }, func(_, d, dd, u []float64) { logisticGo(nil, d, dd, u) }},
			} {
				var got, want [3][]float64
				for i := range got {
					got[i], want[i] = make([]float64, n+1), make([]float64, n)
					got[i][n] = 7
				}
				f.fast(got[0][:n], got[1][:n], got[2][:n], u)
				f.go_(want[0], want[1], want[2], u)
				for i := range got {
					for l := range u {
						agree(t, f.name, u[l], math.Abs(want[i][l])+1e-16, got[i][l], want[i][l])
					}
					if got[i][n] != 7 {
						t.Errorf("%s writes beyond its %d entries", f.name, n)
					}
				}
			}
		}
	}
}

// TestSoftplusAccuracy: against exp and log in 200 bits.
func TestSoftplusAccuracy(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 6))
	u := []float64{0, -700, 700, 40, -40, 1e-9}
	for range 120 {
		u = append(u, 5*rnd.NormFloat64(), 100*rnd.NormFloat64())
	}
	n := len(u)
	var s, l [3][]float64
	for i := range s {
		s[i], l[i] = make([]float64, n), make([]float64, n)
	}
	Softplus(s[0], s[1], s[2], u)
	Logistic(l[0], l[1], l[2], u)
	worst := 0.0
	for k, x := range u {
		value, p, q := exactSoftplus(x)
		pq := new(big.Float).Mul(p, q)
		third := new(big.Float).Mul(pq, new(big.Float).Sub(q, p))
		for _, c := range []struct {
			got  float64
			want *big.Float
		}{{s[0][k], value}, {s[1][k], p}, {s[2][k], pq}, {l[0][k], p}, {l[1][k], pq}} {
			diff := new(big.Float).Sub(new(big.Float).SetFloat64(c.got), c.want)
			e, _ := diff.Quo(diff, c.want).Float64()
			worst = max(worst, math.Abs(e))
		}
		// 1 - exp(-|u|) cancels in the last.
		want, _ := third.Float64()
		size, _ := pq.Float64()
		if e := math.Abs(l[2][k] - want); e > 1e-15*size {
			t.Errorf("logistic'' at %g: %.17g, want %.17g", x, l[2][k], want)
		}
	}
	if worst > 8e-16 || worst < 1e-17 {
		t.Errorf("largest relative error %.2g, want below 8e-16", worst)
	}
}

// exactSoftplus returns log(1 + e^x), p = 1/(1 + e^-x) and q = 1 - p to about 200 bits.
func exactSoftplus(x float64) (value, p, q *big.Float) {
	const bits = 1400 // e^-700 beside 1, and 200 bits more
	number := func(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }
	// e^x = (e^(x/2^k))^(2^k), the inner one by its series.
	exp := func(x *big.Float) *big.Float {
		const halvings = 40
		y := new(big.Float).SetPrec(bits).SetMantExp(x, -halvings)
		sum, term := number(1), number(1)
		for i := 1; i < 60; i++ {
			term.Quo(term.Mul(term, y), number(float64(i)))
			sum.Add(sum, term)
		}
		for range halvings {
			sum.Mul(sum, sum)
		}
		return sum
	}
	e := exp(number(x))
	sum := new(big.Float).SetPrec(bits).Add(number(1), e)
	p = new(big.Float).SetPrec(bits).Quo(e, sum)
	q = new(big.Float).SetPrec(bits).Quo(number(1), sum)
	// log(sum) by Newton's method on e^y = sum.
	start, _ := sum.Float64()
	y := number(math.Log(start))
	if start == 1 { // log(1 + e) = e for e this small
		y = new(big.Float).SetPrec(bits).Set(e)
	}
	for range 6 {
		z := exp(y)
		diff := new(big.Float).SetPrec(bits).Sub(sum, z)
		y.Add(y, diff.Quo(diff, z))
	}
	return y, p, q
}

func BenchmarkSoftplus(b *testing.B) {
	u, v, d, dd := random(rand.New(rand.NewPCG(1, 1)), 64), make([]float64, 64), make([]float64, 64), make([]float64, 64)
	for _, c := range []struct {
		name string
		f    func(v, d, dd, u []float64)
		v    []float64
	}{{"all", Softplus, v}, {"derivatives", Softplus, nil}, {"go", softplusGo, v}, {"go-derivatives", softplusGo, nil}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.f(c.v, d, dd, u)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/64, "ns/entry")
		})
	}
}
