package objective

import (
	"bytes"
	"compress/gzip"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"kolmo/objective/expr"
)

// scopeOf is the scope of a loss in x, y, z and the law's variables.
func scopeOf(d int, s *Samples) expr.Scope {
	return expr.Scope{Parameters: []string{"x", "y", "z"}[:d], Variables: s.Variables()}
}

// build returns a loss over the first d of x, y, z.
func build(t testing.TB, d int, text string, s *Samples, err error) *Loss {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	scope := scopeOf(d, s)
	e, err := expr.Parse(text, scope)
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(scope.Parameters, e, s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestMerge: equal samples are merged, in the variables that the loss uses.
func TestMerge(t *testing.T) {
	t.Parallel()
	columns := [][]float64{{1, 2, 1, 0, math.Copysign(0, -1)}, {5, 6, 5, 7, 7}, {1, 2, 3, 4, 5}}
	s, err := Data([]string{"a", "b", "unused"}, columns)
	l := build(t, 1, "(x - a)^2 + b", s, err)
	if w := l.Law().Weights; !slices.Equal(w, []float64{0.4, 0.2, 0.4}) || !l.Law().Exact || l.Law().Unbounded {
		t.Errorf("law %+v", l.Law())
	}
	if got := l.Describe(1); got != "a = 2, b = 6" {
		t.Errorf("described as %q", got)
	}
	if _, ok := l.Refine(); ok {
		t.Error("a finite law has a refinement")
	}
	if n := build(t, 1, "x^2", s, err).Law().Len(); n != 1 {
		t.Errorf("a loss without samples has %d nodes", n)
	}
}

func TestDiscrete(t *testing.T) {
	t.Parallel()
	values := [][]float64{{1, 2}, {3, 4}, {5, 6}}
	s, err := Discrete([]string{"a", "b"}, values, []float64{0.5, 0, 0.5})
	if l := build(t, 1, "a*x + b", s, err); l.Law().Len() != 2 {
		t.Errorf("law %+v", l.Law())
	}
	for _, p := range [][]float64{{0.5, 0.4, 0}, {0.5, 0.5}, {-0.5, 1, 0.5}, {math.NaN(), 0, 1}} {
		if _, err := Discrete([]string{"a", "b"}, values, p); !errors.Is(err, ErrProbabilities) {
			t.Errorf("probabilities %v: %v", p, err)
		}
	}
	if _, err := Discrete([]string{"a"}, values, nil); err == nil {
		t.Error("values of the wrong length accepted")
	}
	if _, err := Discrete([]string{"a"}, nil, nil); err == nil {
		t.Error("no values accepted")
	}
	if _, err := Data([]string{"a"}, [][]float64{{math.Inf(1)}}); err == nil {
		t.Error("an infinite value accepted")
	}
}

// moment returns E s^k for the law of a marginal by its n-point rule.
func moment(t *testing.T, m Marginal, n, k int) float64 {
	t.Helper()
	nodes, weights := make([]float64, n), make([]float64, n)
	if err := m.RuleTo(nodes, weights); err != nil {
		t.Fatal(err)
	}
	var s float64
	for i, x := range nodes {
		if !(weights[i] > 0) {
			t.Errorf("%+v: weight %g", m, weights[i])
		}
		s += weights[i] * math.Pow(x, float64(k))
	}
	return s
}

// TestRules holds the Gauss rules to closed-form moments up to degree 2n - 1.
func TestRules(t *testing.T) {
	t.Parallel()
	density := func(s float64) float64 { return math.Exp(-s*s/2) / math.Sqrt(2*math.Pi) }
	mass := func(a, b float64) float64 { return (math.Erfc(a/math.Sqrt2) - math.Erfc(b/math.Sqrt2)) / 2 }
	for _, n := range []int{1, 2, 5, 12, 18} {
		for k := range min(2*n, 12) {
			want := (math.Pow(2, float64(k+1)) - math.Pow(-1, float64(k+1))) / (3 * float64(k+1))
			if got := moment(t, Uniform{-1, 2}, n, k); math.Abs(got-want) > 1e-13*math.Max(1, want) {
				t.Errorf("uniform, %d points, moment %d: %g, want %g", n, k, got, want)
			}
			want = 0
			if k%2 == 0 {
				want = 1
				for j := 1; j < k; j += 2 {
					want *= float64(j)
				}
			}
			if got := moment(t, Normal{0, 1}, n, k); math.Abs(got-want) > 1e-11*math.Max(1, want) {
				t.Errorf("normal, %d points, moment %d: %g, want %g", n, k, got, want)
			}
			for _, ab := range [][2]float64{{-3, 3}, {-1, 0.5}, {2, 4}, {-40, 60}, {9, 12}} {
				// m_k = (k-1) m_{k-2} - [s^{k-1} density]/mass.
				a, b := ab[0], ab[1]
				m := [2]float64{1, -(density(b) - density(a)) / mass(a, b)}
				for j := 2; j <= k; j++ {
					p := float64(j - 1)
					m[j%2] = p*m[j%2] - (math.Pow(b, p)*density(b)-math.Pow(a, p)*density(a))/mass(a, b)
				}
				tolerance := 1e-11 * math.Max(1, math.Abs(m[k%2]))
				if a > 5 { // the recursion itself cancels there
					tolerance *= 1e4
					if k > 4 {
						continue
					}
				}
				got := moment(t, Truncated{Normal{0, 1}, a, b}, n, k)
				if math.Abs(got-m[k%2]) > tolerance {
					t.Errorf("normal on [%g, %g], %d points, moment %d: %.15g, want %.15g", a, b, n, k, got, m[k%2])
				}
			}
		}
	}
	if got := moment(t, Normal{3, 2}, 4, 2); math.Abs(got-13) > 1e-12 {
		t.Errorf("second moment %g, want 13", got)
	}
	if got, want := moment(t, Truncated{Normal{3, 2}, 1, 5}, 8, 1), 3.0; math.Abs(got-want) > 1e-13 {
		t.Errorf("mean %g, want %g", got, want)
	}
}

func TestIndependent(t *testing.T) {
	t.Parallel()
	v := []Variable{{"a", Uniform{-1, 1}}, {"b", Normal{1, 2}}}
	s, err := Independent(v, 4)
	l := build(t, 1, "x*a^2*b^2", s, err)
	var m Moments
	l.NewEvaluator().MomentsTo(&m, []float64{3})
	if want := 5. / 3; math.Abs(m.Grad[0]-want) > 1e-13 {
		t.Errorf("E a^2 b^2 = %g, want %g", m.Grad[0], want)
	}
	if l.Law().Len() != 16 || l.Law().Exact || !l.Law().Unbounded {
		t.Errorf("law %+v", l.Law())
	}
	fine, ok := l.Refine()
	if !ok || fine.Law().Len() != 256 {
		t.Errorf("refined to %d nodes", fine.Law().Len())
	}
	if _, err := Independent(v, 2000); !errors.Is(err, ErrTooManyNodes) {
		t.Errorf("four million nodes: %v", err)
	}
	for _, bad := range []Marginal{Uniform{1, 1}, Uniform{0, math.Inf(1)}, Normal{0, 0}, Normal{math.NaN(), 1}, Truncated{Normal{0, 1}, 2, 2}, Truncated{Normal{0, -1}, 1, 2}} {
		if _, err := Independent([]Variable{{"a", bad}}, 3); err == nil {
			t.Errorf("%+v accepted", bad)
		}
	}
}

func TestReadTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte("a\tb\n1\t2\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a.csv":    "\ufeffa,b\r\n1,2\r\n",
		"b.tsv":    "a\tb\n1\t2\n",
		"c.tsv.gz": zipped.String(),
		"d.csv":    "a,\"b\"\n\n\"1\",2",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		table, err := ReadTable(path, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if table.Len() != 1 || !slices.Equal(table.Names(), []string{"a", "b"}) || table.Cell(0, 0) != "1" || table.Cell(0, 1) != "2" {
			t.Errorf("%s: %+v", name, table)
		}
	}
	if _, err := ReadTable(filepath.Join(dir, "missing.csv"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

// TestPositions: cells are found by line and character, also behind quoted cells
// with line breaks and letters of several bytes.
func TestPositions(t *testing.T) {
	t.Parallel()
	table, err := ParseTable("a,b,c\n\"é,\n\",ü,1\n\n2,\"x\",y\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][4]int{{0, 0, 2, 1}, {0, 1, 3, 3}, {0, 2, 3, 5}, {1, 0, 5, 1}, {1, 1, 5, 3}, {1, 2, 5, 7}} {
		if line, column := table.Position(c[0], c[1]); line != c[2] || column != c[3] {
			t.Errorf("cell %d, %d is at %d:%d, want %d:%d", c[0], c[1], line, column, c[2], c[3])
		}
	}
}
