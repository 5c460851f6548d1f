package law_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/internal/slow"
	"kolmo/objective"
)

// TestBatch compares the law of the batch gradient and its covariance with all
// batches one by one: enumerated, and by the quadrature in its place, whose
// moments agree up to degree 5.
func TestBatch(t *testing.T) {
	t.Parallel()
	for _, c := range batchCases {
		x := []float64{0.4, -0.3, 0.2}[:c.d]
		for _, replacement := range []bool{true, false} {
			for m := 1; m <= 4; m++ {
				name := fmt.Sprintf("d = %d, m = %d, replacement %v", c.d, m, replacement)
				b, err := objective.NewBatch(c.loss(t), m, replacement)
				if err != nil {
					t.Fatal(err)
				}
				if !b.Law().Exact || b.Law().Moving {
					t.Errorf("%s: not enumerated", name)
				}
				var got objective.Moments
				b.NewEvaluator().MomentsTo(&got, x)
				want := newMoments5()
				bruteForce(t, c, m, replacement, x, func(p float64, g [3]float64) { want.add(p, g, got.Grad) })
				for i, a := range want.list {
					if a[0]+a[1]+a[2] != 2 {
						continue
					}
					var at []int
					for j := range 3 {
						for range a[j] {
							at = append(at, j)
						}
					}
					if s := got.Sigma[at[0]][at[1]]; math.Abs(s-want.sum[i]) > 1e-13*(1+want.size[i]) {
						t.Errorf("%s: Sigma[%d][%d] = %.15g, want %.15g", name, at[0], at[1], s, want.sum[i])
					}
				}
				of := newBatch(t, b.Loss(), m, replacement)
				checkLaw(t, name, b.NewEvaluator(), b.Law().Len(), x, got.Grad, want)
				checkLaw(t, name+", without a loss", of, len(of.Weights()), x, got.Grad, want)
				if m < 3 { // too few batches for their number of moments in small data
					continue
				}
				of.Batches = of.OnGrid()
				checkLaw(t, name+", matched", of, len(of.Weights()), x, got.Grad, want)
				of.Batches = of.AtRandom()
				if replacement { // subsets of seven rows are too few to be drawn from
					checkLaw(t, name+", drawn", of, len(of.Weights()), x, got.Grad, want)
				}
			}
		}
	}
}

// checkLaw compares the moments at x of the law of n nodes with those wanted.
func checkLaw(t *testing.T, name string, of interface {
	NodesTo(weights, grads, x []float64)
}, n int, x []float64, mean [3]float64, want *moments5) {
	t.Helper()
	d := len(x)
	weights, grads := make([]float64, n), make([]float64, n*d)
	of.NodesTo(weights, grads, x)
	got := newMoments5()
	for q, p := range weights {
		var g [3]float64
		copy(g[:], grads[q*d:(q+1)*d])
		if !(p >= 0) {
			t.Errorf("%s: weight %g", name, p)
		}
		got.add(p, g, mean)
	}
	for i, a := range want.list {
		if math.Abs(got.sum[i]-want.sum[i]) > 1e-10*(1e-3+want.size[i]) {
			t.Errorf("%s: moment %v is %.12g, want %.12g", name, a, got.sum[i], want.sum[i])
		}
	}
}

// TestBatchDefectOrderSix: S with the quadrature in place of the batch law
// differs from S by O(eta^6).
func TestBatchDefectOrderSix(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	u := func(x []float64) float64 {
		s := 0.3
		for i, v := range x {
			s += (0.6 + 0.2*float64(i)) * v
		}
		return math.Cos(s) + math.Exp(0.5*math.Sin(s))
	}
	apply := func(b batch, x []float64, eta float64) float64 {
		n, d := len(b.Weights()), len(x)
		weights, grads := make([]float64, n), make([]float64, n*d)
		b.NodesTo(weights, grads, x)
		y := make([]float64, d)
		var s, lost float64 // compensated
		for q, p := range weights {
			for i := range y {
				y[i] = x[i] - eta*grads[q*d+i]
			}
			add := p*u(y) - lost
			sum := s + add
			lost = (sum - s) - add
			s = sum
		}
		return s
	}
	r := rand.New(rand.NewPCG(1, 1))
	points := make([][]float64, 25)
	for i := range points {
		points[i] = []float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
	}
	for _, c := range batchCases {
		for _, replacement := range []bool{true, false} {
			exact := newBatch(t, c.loss(t), 3, replacement)
			matched := batch{exact.loss, exact.OnGrid()}
			var logs []float64
			for _, eta := range []float64{1. / 2, 1. / 4, 1. / 8, 1. / 16} {
				var sup float64
				for _, x := range points {
					sup = max(sup, math.Abs(apply(matched, x[:c.d], eta)-apply(exact, x[:c.d], eta)))
				}
				logs = append(logs, math.Log2(sup))
			}
			// At 1/2 terms of higher order still count.
			if slope := (logs[1] - logs[3]) / 2; math.Abs(slope-6) > 0.4 || !(logs[0]-logs[1] > 3.5) {
				t.Errorf("d = %d, replacement %v: slope %.2f, want 6; logarithms %.2f", c.d, replacement, slope, logs)
			}
		}
	}
}

// TestBatchHard: laws that no tilted grid reaches, and those without noise in
// some direction, keep their moments up to degree 5.
func TestBatchHard(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	far := func(n int) [][]float64 {
		rows := make([][]float64, n)
		for k := range rows {
			rows[k] = []float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
		}
		rows[3] = []float64{30, -20, 10}
		return rows
	}
	lines := make([][]float64, 30)
	for k := range lines {
		a := r.ExpFloat64()
		lines[k] = []float64{a, 2 * a, 1}
	}
	for name, c := range map[string]batchCase{
		"one far row, d = 1":       {1, "a*x + x^2", far(300)},
		"one far row, d = 2":       {2, "a*x + b*y + x^2", far(300)},
		"one far row, d = 3":       {3, "a*x + b*y + c*z + x^2", far(300)},
		"a line, d = 2":            {2, "a*x + b*y", lines},
		"a plane, d = 3":           {3, "a*x + b*y + (2*a - c)*z + a^2*y", lines},
		"no noise in y, d = 2":     {2, "a*x + y^2", lines},
		"no noise, d = 2":          {2, "x^2 + y^2", lines},
		"nearly a line, d = 2":     {2, "a*x + (a + 1e-6*b*b)*y", lines},
		"two values, d = 1":        {1, "x*min(a, 0.5)", lines},
		"two values, a line":       {2, "(x + y)*min(a*1000, 0.5)", lines[:2]},
		"small noise, large drift": {2, "1e-5*(a*x + b^2*y) + 1000*x", lines},
	} {
		x := []float64{0.4, -0.3, 0.2}[:c.d]
		for _, m := range []int{2, 7} {
			for _, replacement := range []bool{true, false} {
				if m > len(c.rows) && !replacement {
					continue
				}
				b := newBatch(t, c.loss(t), m, replacement)
				b.Batches = b.OnGrid()
				checkOwnMoments(t, fmt.Sprintf("%s, m = %d, replacement %v", name, m, replacement), b, x)
			}
		}
	}
}

// checkOwnMoments compares the quadrature with the moments of the batch law that
// follow from those of one sample by the formulas that TestBatch checks.
func checkOwnMoments(t *testing.T, name string, b batch, x []float64) {
	t.Helper()
	n := len(b.Weights())
	weights, grads := make([]float64, n), make([]float64, n*len(x))
	w, samples := b.NewWork(), b.samples(x)
	w.NodesTo(weights, grads, samples)
	got, want := w.OwnMoments(weights, grads, samples)
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-7*(1+math.Abs(want[i]))) {
			t.Errorf("%s: moment %d is %.10g, want %.10g", name, i, got[i], want[i])
		}
	}
}

// TestBatchLarge: a law that is not enumerated says so, does not allocate, and
// has another quadrature.
func TestBatchLarge(t *testing.T) {
	l := logistic(t, 300)
	for _, replacement := range []bool{true, false} {
		for _, m := range []int{3, 200} {
			b := newBatch(t, l, m, replacement)
			if !b.Matched() || b.Random() || b.Note() == "" || b.Size() != m || b.Replacement() != replacement {
				t.Errorf("%+v", b)
			}
			x := []float64{0.3, -0.4}
			checkOwnMoments(t, fmt.Sprintf("m = %d", m), b, x)
			random := batch{l, b.AtRandom()}
			if !random.Random() || len(random.Weights()) == len(b.Weights()) {
				t.Errorf("%d nodes, at random %d", len(b.Weights()), len(random.Weights()))
			}
			checkOwnMoments(t, fmt.Sprintf("m = %d, at random", m), random, x)
			w, samples, n := b.NewWork(), b.samples(x), len(b.Weights())
			weights, grads := make([]float64, n), make([]float64, 2*n)
			if n := testing.AllocsPerRun(5, func() { w.NodesTo(weights, grads, samples) }); n != 0 {
				t.Errorf("%v allocations", n)
			}
		}
	}
}

// TestBatchEstimate: what the quadrature at random changes in S is near what the quadrature changes.
func TestBatchEstimate(t *testing.T) {
	t.Parallel()
	c := batchCases[1]
	exact := newBatch(t, c.loss(t), 3, true)
	r := rand.New(rand.NewPCG(1, 1))
	points := make([][]float64, 20)
	for i := range points {
		points[i] = []float64{r.NormFloat64(), r.NormFloat64()}
	}
	apply := func(b batch, x []float64) float64 {
		n := len(b.Weights())
		weights, grads := make([]float64, n), make([]float64, n*2)
		b.NodesTo(weights, grads, x)
		var s float64
		for q, p := range weights {
			s += p * math.Cos(0.5*grads[2*q]-grads[2*q+1])
		}
		return s
	}
	matched := batch{exact.loss, exact.OnGrid()}
	drawn := batch{exact.loss, matched.AtRandom()}
	var defect, estimate float64
	for _, x := range points {
		defect = max(defect, math.Abs(apply(matched, x)-apply(exact, x)))
		estimate = max(estimate, math.Abs(apply(matched, x)-apply(drawn, x)))
	}
	if !(estimate > defect/3 && estimate < 10*defect) {
		t.Errorf("defect %.3g, estimated as %.3g", defect, estimate)
	}
}

func BenchmarkBatchNodes(b *testing.B) {
	for d := 1; d <= 3; d++ {
		b.Run(fmt.Sprintf("d=%d", d), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 1))
			rows := make([][]float64, 200)
			for k := range rows {
				rows[k] = []float64{r.NormFloat64(), r.NormFloat64(), r.ExpFloat64()}
			}
			c := batchCase{d, []string{"", "a*x + sin(b*x)", "a*x + sin(b*y) + c*y", "a*x + sin(b*y) + c*z"}[d], rows}
			batch, err := objective.NewBatch(c.loss(b), 8, true)
			if err != nil {
				b.Fatal(err)
			}
			e := batch.NewEvaluator()
			n := batch.Law().Len()
			weights, grads := make([]float64, n), make([]float64, n*d)
			b.ReportAllocs()
			for b.Loop() {
				e.NodesTo(weights, grads, []float64{0.3, -0.4, 0.2}[:d])
			}
		})
	}
}
