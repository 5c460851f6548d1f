package benchmarks

import (
	"math"
	"strconv"
	"syscall"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
)

// OU2D: u_t = -(Bx).grad u + (eta/2) Sigma:hess u with B = (I + (eta/2) A) A and
// phi = cos(k.x), which has a closed form.
const ouEta = 0.1

var (
	ouA     = mat.NewSymDense(2, []float64{1, 0.3, 0.3, 2})
	ouSigma = mat.NewSymDense(2, []float64{1, 0.4, 0.4, 0.5})
)

func ouB() *mat.Dense {
	var b mat.Dense
	b.Mul(ouA, ouA)
	b.Scale(ouEta/2, &b)
	b.Add(&b, ouA)
	return &b
}

// ouExact returns the factors of u(x,1) = amplitude cos(q.x).
func ouExact(k [2]float64) (q [2]float64, amplitude float64) {
	b := ouB()
	decay := func(t float64) *mat.Dense {
		var m mat.Dense
		m.Scale(-t, b)
		m.Exp(&m)
		return &m
	}
	kv := mat.NewVecDense(2, k[:])
	// k.C k = int_0^1 |sigma^T e^{-B^T s} k|^2 eta ds by Gauss-Legendre panels.
	const panels = 64
	sum := 0.0
	for i := range panels {
		for _, g := range []float64{-math.Sqrt(0.6), 0, math.Sqrt(0.6)} {
			w := 5. / 18
			if g == 0 {
				w = 8. / 18
			}
			s := (float64(i) + 0.5 + g/2) / panels
			var v mat.VecDense
			v.MulVec(decay(s).T(), kv)
			sum += w / panels * ouEta * mat.Inner(&v, ouSigma, &v)
		}
	}
	var v mat.VecDense
	v.MulVec(decay(1).T(), kv)
	return [2]float64{v.AtVec(0), v.AtVec(1)}, math.Exp(-sum / 2)
}

// ouRows are the rows of BenchmarkOU2D: the accuracy of a row is shared between space, for
// which it has as many nodes as it needs, and time, where the basis stops by its own bound.
var ouRows = []struct {
	name, accuracy string
	k              [2]float64
	nodes          int
	tolerance      float64 // in time
}{
	{"easy", "1e-4", [2]float64{1, 0.5}, 9, 5e-5},
	{"easy", "1e-6", [2]float64{1, 0.5}, 12, 3e-7},
	{"easy", "1e-8", [2]float64{1, 0.5}, 14, 1e-9},
	{"hard", "1e-4", [2]float64{8, 4}, 34, 1e-5},
	{"hard", "1e-6", [2]float64{8, 4}, 38, 1e-7},
	{"hard", "1e-8", [2]float64{8, 4}, 42, 3e-9},
}

// BenchmarkOU2D solves OU2D on [-3,3]^2 to t = 1 by collocation and a basis that stops by
// its own bound, grid, matrices and assembly of L included and nothing kept between runs.
// error is the largest at the nodes with |x| <= 2 and digits its -log10, bound-digits that of
// the basis's bound in time, and least-cpu-ms the least processor time of a run, which other
// processes inflate least.
func BenchmarkOU2D(b *testing.B) {
	for _, row := range ouRows {
		q, amplitude := ouExact(row.k)
		b.Run(row.name+"/"+row.accuracy, func(b *testing.B) {
			var s ouSolution
			least := math.Inf(1)
			for b.Loop() {
				start := processorTime(b)
				s = ouSolve(b, row.k, row.nodes, row.tolerance)
				least = min(least, (processorTime(b) - start).Seconds())
			}
			b.ReportMetric(1e3*least, "least-cpu-ms")
			b.ReportMetric(s.worst(q, amplitude), "error")
			b.ReportMetric(-math.Log10(s.worst(q, amplitude)), "digits")
			b.ReportMetric(-math.Log10(s.bound), "bound-digits")
			b.ReportMetric(float64(s.vectors), "vectors")
		})
	}
}

// TestOU2D: the rows of the benchmark have the accuracy that they are named after.
func TestOU2D(t *testing.T) {
	t.Parallel()
	for _, row := range ouRows {
		want, err := strconv.ParseFloat(row.accuracy, 64)
		if err != nil {
			t.Fatal(err)
		}
		q, amplitude := ouExact(row.k)
		s := ouSolve(t, row.k, row.nodes, row.tolerance)
		if got := s.worst(q, amplitude); got > want || s.bound > row.tolerance {
			t.Errorf("%s/%s: error %.3g, bound in time %.3g, want %.3g", row.name, row.accuracy, got, s.bound, row.tolerance)
		}
	}
}

// ouSolution is u at t = 1.
type ouSolution struct {
	g       *grid.Grid
	u       []float64
	bound   float64
	vectors int
}

func ouSolve(tb testing.TB, k [2]float64, nodes int, tolerance float64) ouSolution {
	g, err := grid.Box(grid.KindChebyshev, []int{nodes}, []float64{0, 0}, 3)
	if err != nil {
		tb.Fatal(err)
	}
	drift := ouB()
	c := new(kolmogorov.Coefficients)
	for i := range 2 {
		c.B[i] = make([]float64, g.Len())
		for j := i; j < 2; j++ {
			c.A[i][j] = make([]float64, g.Len())
		}
	}
	u, out := make([]float64, g.Len()), make([]float64, g.Len())
	x := make([]float64, 2)
	for i := range u {
		g.PointTo(x, i)
		for l := range 2 {
			c.B[l][i] = -drift.At(l, 0)*x[0] - drift.At(l, 1)*x[1]
			for m := l; m < 2; m++ {
				c.A[l][m][i] = ouEta * ouSigma.At(l, m)
			}
		}
		u[i] = math.Cos(k[0]*x[0] + k[1]*x[1])
	}
	op, err := kolmogorov.NewOperator(g, c, fd.FullWidth)
	if err != nil {
		tb.Fatal(err)
	}
	p := kolmogorov.NewBasis(op, 1, &kolmogorov.BasisConfig{Tolerance: tolerance})
	p.Start([][]float64{u})
	if err := p.Advance([][][]float64{{out}}); err != nil {
		tb.Fatal(err)
	}
	return ouSolution{g, out, p.TimeError(), p.Vectors()}
}

// worst returns the largest error at the nodes with |x| <= 2.
func (s ouSolution) worst(q [2]float64, amplitude float64) float64 {
	x, worst := make([]float64, 2), 0.0
	for i, v := range s.u {
		if s.g.PointTo(x, i); math.Hypot(x[0], x[1]) <= 2 {
			worst = max(worst, math.Abs(v-amplitude*math.Cos(q[0]*x[0]+q[1]*x[1])))
		}
	}
	return worst
}

// processorTime returns the processor time of this process so far.
func processorTime(tb testing.TB) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
