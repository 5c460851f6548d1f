package law_test

import (
	"errors"
	"math"
	"testing"

	"kolmo/law"
	"kolmo/objective"
)

func TestDiscrete(t *testing.T) {
	t.Parallel()
	values := [][]float64{{1, 2}, {3, 4}, {5, 6}}
	s, err := law.Discrete([]string{"a", "b"}, values, []float64{0.5, 0, 0.5})
	if l := build(t, 1, "a*x + b", s, err); l.Law().Len() != 2 {
		t.Errorf("law %+v", l.Law())
	}
	for _, p := range [][]float64{{0.5, 0.4, 0}, {0.5, 0.5}, {-0.5, 1, 0.5}, {math.NaN(), 0, 1}} {
		if _, err := law.Discrete([]string{"a", "b"}, values, p); !errors.Is(err, law.ErrProbabilities) {
			t.Errorf("probabilities %v: %v", p, err)
		}
	}
	if _, err := law.Discrete([]string{"a"}, values, nil); err == nil {
		t.Error("values of the wrong length accepted")
	}
	if _, err := law.Discrete([]string{"a"}, nil, nil); err == nil {
		t.Error("no values accepted")
	}
	if _, err := law.Data([]string{"a"}, [][]float64{{math.Inf(1)}}); err == nil {
		t.Error("an infinite value accepted")
	}
}

// moment returns E s^k for the law of a marginal by its n-point rule.
func moment(t *testing.T, m law.Marginal, n, k int) float64 {
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
			if got := moment(t, law.Uniform{-1, 2}, n, k); math.Abs(got-want) > 1e-13*math.Max(1, want) {
				t.Errorf("uniform, %d points, moment %d: %g, want %g", n, k, got, want)
			}
			want = 0
			if k%2 == 0 {
				want = 1
				for j := 1; j < k; j += 2 {
					want *= float64(j)
				}
			}
			if got := moment(t, law.Normal{0, 1}, n, k); math.Abs(got-want) > 1e-11*math.Max(1, want) {
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
				got := moment(t, law.Truncated{law.Normal{0, 1}, a, b}, n, k)
				if math.Abs(got-m[k%2]) > tolerance {
					t.Errorf("normal on [%g, %g], %d points, moment %d: %.15g, want %.15g", a, b, n, k, got, m[k%2])
				}
			}
		}
	}
	if got := moment(t, law.Normal{3, 2}, 4, 2); math.Abs(got-13) > 1e-12 {
		t.Errorf("second moment %g, want 13", got)
	}
	if got, want := moment(t, law.Truncated{law.Normal{3, 2}, 1, 5}, 8, 1), 3.0; math.Abs(got-want) > 1e-13 {
		t.Errorf("mean %g, want %g", got, want)
	}
}

func TestIndependent(t *testing.T) {
	t.Parallel()
	v := []law.Variable{{"a", law.Uniform{-1, 1}}, {"b", law.Normal{1, 2}}}
	s, err := law.Independent(v, 4)
	l := build(t, 1, "x*a^2*b^2", s, err)
	var m objective.Moments
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
	if _, err := law.Independent(v, 2000); !errors.Is(err, law.ErrTooManyNodes) {
		t.Errorf("four million nodes: %v", err)
	}
	for _, bad := range []law.Marginal{law.Uniform{1, 1}, law.Uniform{0, math.Inf(1)}, law.Normal{0, 0}, law.Normal{math.NaN(), 1}, law.Truncated{law.Normal{0, 1}, 2, 2}, law.Truncated{law.Normal{0, -1}, 1, 2}} {
		if _, err := law.Independent([]law.Variable{{"a", bad}}, 3); err == nil {
			t.Errorf("%+v accepted", bad)
		}
	}
}
