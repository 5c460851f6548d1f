package benchmarks

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/james-bowman/sparse"
	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/sgd"
	"kolmo/sgdop"
)

// logistic returns the loss of ridge logistic regression over n made-up rows with d
// features.
func logistic(tb testing.TB, d, n int) *objective.Loss {
	tb.Helper()
	r := rand.New(rand.NewPCG(uint64(d), 1))
	names := []string{"a", "b", "c"}[:d]
	columns := make([][]float64, d+1)
	for range n {
		y := float64(2*r.IntN(2) - 1)
		for i := range names {
			columns[i] = append(columns[i], r.NormFloat64()+y)
		}
		columns[d] = append(columns[d], y)
	}
	xi, err := law.Data(append(names, "y"), columns)
	if err != nil {
		tb.Fatal(err)
	}
	sum, ridge := "w1*a", "w1^2"
	for i := 1; i < d; i++ {
		sum += fmt.Sprintf(" + w%d*%s", i+1, names[i])
		ridge += fmt.Sprintf(" + w%d^2", i+1)
	}
	scope := expr.Scope{Parameters: []string{"w1", "w2", "w3"}[:d], Variables: xi.Variables()}
	e, err := expr.Parse("softplus(-y*("+sum+")) + 0.05*("+ridge+")", scope)
	if err != nil {
		tb.Fatal(err)
	}
	l, err := objective.New(scope.Parameters, e, xi)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// operator returns S on n nodes per axis of [-4, 4]^d.
func operator(tb testing.TB, kind grid.Kind, l *objective.Loss, n int, eta float64, cfg *sgdop.Config) *sgdop.Operator {
	tb.Helper()
	g, err := grid.Box(kind, []int{n}, make([]float64, l.Dim()), 4)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := sgdop.Assemble(context.Background(), g, sgd.NewChain(l, eta), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// BenchmarkApplyAgainstSparse multiplies S, degree 7, of 100 samples at eta = 1/16,
// with one field: in turn by its windows on one goroutine, by its windows on all
// processors, and by sparse.MulMatVec on its CSR view, which has one goroutine. All
// merge duplicates and hold the same non-zeros. It reports the ratios of the times
// (aims: 1.9 for d = 2, 2.5 for d = 3), and per non-zero the times themselves.
func BenchmarkApplyAgainstSparse(b *testing.B) {
	for _, c := range []struct {
		name string
		d, n int
	}{
		{"2d/cached", 2, 40}, {"2d/memory", 2, 256}, {"3d/cached", 3, 12}, {"3d/memory", 3, 48},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := operator(b, grid.KindUniform, logistic(b, c.d, 100), c.n, 1./16, &sgdop.Config{Width: 8})
			m := s.CSR()
			n := s.Grid().Len()
			r := rand.New(rand.NewPCG(1, 1))
			u, v, y := make([]float64, n), make([]float64, n), make([]float64, n)
			for i := range u {
				u[i] = r.NormFloat64()
			}
			x, out := mat.NewVecDense(n, u), mat.NewVecDense(n, y)
			// Small operators are applied several times per turn.
			turns := max(1, 2_000_000/m.NNZ())
			var windows, all, csr time.Duration
			in, res := [][]float64{u}, [][]float64{v}
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				for range turns {
					s.ApplyTo(v, u)
				}
				middle := time.Now()
				for range turns {
					s.ApplyAllTo(0, res, in)
				}
				last := time.Now()
				for range turns {
					clear(y) // MulMatVec adds
					sparse.MulMatVec(false, 1, m, x, out)
				}
				windows += middle.Sub(start)
				all += last.Sub(middle)
				csr += time.Since(last)
			}
			for i := range v {
				if d := v[i] - y[i]; d > 1e-10 || d < -1e-10 {
					b.Fatalf("node %d: %v by windows, %v by sparse", i, v[i], y[i])
				}
			}
			per := float64(b.N) * float64(turns) * float64(m.NNZ())
			b.ReportMetric(csr.Seconds()/windows.Seconds(), "sparse/windows")
			b.ReportMetric(csr.Seconds()/all.Seconds(), "sparse/windows-all")
			b.ReportMetric(float64(windows.Nanoseconds())/per, "ns/non-zero")
			b.ReportMetric(float64(csr.Nanoseconds())/per, "sparse-ns/non-zero")
			b.ReportMetric(float64(m.NNZ())/float64(n), "non-zeros/row")
			b.ReportMetric(float64(s.Stored())/float64(n), "stored/row")
		})
	}
}

// BenchmarkAssemble assembles S at eta = 1/16 on 96 x 96 nodes with all processors: of
// iris (100 rows; aim 2 s) with local windows on uniform and whole axes on Chebyshev
// nodes, and of 10 000 made-up rows (aim 60 s).
func BenchmarkAssemble(b *testing.B) {
	iris := load(b).Loss
	for _, c := range []struct {
		name string
		kind grid.Kind
		loss *objective.Loss
		cfg  sgdop.Config
	}{
		{"iris/degree=7", grid.KindUniform, iris, sgdop.Config{Width: 8}},
		{"iris/whole", grid.KindChebyshev, iris, sgdop.Config{}},
		{"rows=10000/degree=7", grid.KindUniform, logistic(b, 2, 10_000), sgdop.Config{Width: 8}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var s *sgdop.Operator
			for b.Loop() {
				s = operator(b, c.kind, c.loss, 96, 1./16, &c.cfg)
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/assembly")
			b.ReportMetric(float64(s.Choice().Bytes)/(1<<20), "MiB")
		})
	}
}

// BenchmarkApplyFields applies S, degree 7, d = 2, in memory rather than in the cache,
// to one field and to four, in turn, and by its adjoint, one goroutine each: it reports how
// many times faster than in one pass each a field is among four.
func BenchmarkApplyFields(b *testing.B) {
	const fields = 4
	l := logistic(b, 2, 100)
	s := operator(b, grid.KindUniform, l, 256, 1./16, &sgdop.Config{Width: 8})
	n := s.Grid().Len()
	r := rand.New(rand.NewPCG(1, 1))
	u, v := make([][]float64, fields), make([][]float64, fields)
	for f := range u {
		u[f], v[f] = make([]float64, n), make([]float64, n)
		for i := range u[f] {
			u[f][i] = r.NormFloat64()
		}
	}
	var one, four, adjoint time.Duration
	for b.Loop() {
		t0 := time.Now()
		s.ApplyTo(v[0], u[0])
		t1 := time.Now()
		s.ApplyAllTo(1, v, u)
		t2 := time.Now()
		s.AdjointTo(1, v[0], u[0])
		one, four, adjoint = one+t1.Sub(t0), four+t2.Sub(t1), adjoint+time.Since(t2)
	}
	b.ReportMetric(fields*one.Seconds()/four.Seconds(), "gain-of-four-fields")
	b.ReportMetric(adjoint.Seconds()/one.Seconds(), "adjoint/apply")
}

// BenchmarkThreeDimensions applies S on 24^3 Chebyshev nodes, three samples, whole axes
// from factors and degree 11 from windows and from factors: what is chosen where
// whole-axis windows, 1.5 GB, are too many (doc/dev/operator.md).
func BenchmarkThreeDimensions(b *testing.B) {
	l := logistic(b, 3, 3)
	for _, c := range []struct {
		name string
		cfg  sgdop.Config
	}{
		{"degree=11/windows", sgdop.Config{Width: 12}},
		{"degree=11/factors", sgdop.Config{Width: 12, Storage: sgdop.StorageFactors}},
		{"whole/factors", sgdop.Config{Storage: sgdop.StorageFactors}},
		{"whole/none", sgdop.Config{Storage: sgdop.StorageNone}},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := operator(b, grid.KindChebyshev, l, 24, 1./16, &c.cfg)
			u, v := [][]float64{make([]float64, s.Grid().Len())}, [][]float64{make([]float64, s.Grid().Len())}
			for b.Loop() {
				s.ApplyAllTo(0, v, u)
			}
			b.ReportMetric(float64(s.Choice().Bytes)/(1<<20), "MiB")
		})
	}
}

// BenchmarkAssemblySamples is the assembly of S on 28 x 28 nodes for many samples.
func BenchmarkAssemblySamples(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			l := logistic(b, 2, n)
			b.ReportAllocs()
			for b.Loop() {
				operator(b, grid.KindChebyshev, l, 28, 1./16, nil)
			}
		})
	}
}
