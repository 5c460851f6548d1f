package study

import (
	"math"
	"strings"
	"testing"

	"kolmo/process"
	"kolmo/sgd"
)

const stretched = `name: stretched
parameters: [x, y]
loss: x^2 + y^2/2 - xi*x
sample: {kind: discrete, variables: [xi], values: [[-0.5], [0.5]]}
ball: {R: 2, metric: [[1, 0], [0, 4]]}
observables: {square: x^2}
eta: [1/8]
models: [second-order]
`

// SGD and langevin have the metric that the study says, lyapunov being H^-1/2 of the gradient flow, and SGD keeps its
// own dynamics in a Euclidean ball.
func TestMetricOfSGD(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"{kind: sgd}", "{kind: langevin, beta: 4}"} {
		for metric, want := range map[string][]float64{"[[1, 0], [0, 4]]": {1, 0, 0, 4}, "lyapunov": {0.25, 0, 0, 0.5}, "euclidean": nil} {
			s := parsed(t, strings.Replace(stretched, "[[1, 0], [0, 4]]", metric, 1)+"algorithm: "+algorithm+"\n")
			if len(s.Metric) != len(want) {
				t.Errorf("%s, %s: %v", algorithm, metric, s.Metric)
				continue
			}
			for i, v := range want {
				if math.Abs(s.Metric[i]-v) > 1e-12 {
					t.Errorf("%s, %s: %v, want %v", algorithm, metric, s.Metric, want)
				}
			}
			if _, ours := s.dynamics().(*sgd.Dynamics); ours != (metric == "euclidean" && algorithm == "{kind: sgd}") {
				t.Errorf("%s, %s: the dynamics is a %T", algorithm, metric, s.dynamics())
			}
		}
	}
}

// Faults of the metric are one sentence with line and key.
func TestMetricFaults(t *testing.T) {
	t.Parallel()
	const metric = "[[1, 0], [0, 4]]"
	for _, algorithm := range []string{"{kind: sgd}", "{kind: langevin, beta: 4}"} {
		for _, c := range []struct{ old, with, want string }{
			{metric, "[[1, 2], [2, 1]]", "the metric is not positive definite: its least eigenvalue is -1"},
			{metric, "[[1, 2], [0, 9]]", "the metric is not symmetric"},
			{metric, "[[1, 0], [0, 1e40]]", "the metric is too narrow: its eigenvalues are 1 and 1e+40"},
			{metric, "[[1]]", "expected 2 rows of 2 numbers, found 1 rows"},
			{metric, "[]", "expected a list of rows of a matrix, found an empty one"},
			{metric, "flat", "expected one of euclidean, lyapunov, found flat"},
			{"x^2 + y^2/2", "x^2 - y^2/2\nball: {R: 2, metric: lyapunov}\n#", "the drift is not drawn to its point of rest, and there is no Lyapunov metric"},
		} {
			text := strings.Replace(stretched, c.old, c.with, 1) + "algorithm: " + algorithm + "\n"
			if c.old != metric {
				text = strings.Replace(text, "ball: {R: 2, metric: "+metric+"}\n", "", 1)
			}
			_, err := Parse("test.yaml", []byte(text), ".")
			if err == nil || !strings.HasPrefix(err.Error(), "test.yaml:") || !strings.Contains(err.Error(), " ball.metric: "+c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v, want %q", c.with, err, c.want)
			}
		}
	}
}

// In another metric no constant of the paper is told. Steps keep |x|_P <= 2 as long as the image of (2, 0), which goes
// farthest, does not pass (-2, 0): 2 (2 eta - 1) + eta/2 <= 2, up to eta = 8/9.
func TestCheckInAMetric(t *testing.T) {
	t.Parallel()
	s := parsed(t, stretched)
	if a, err := s.Check(nil); a != nil || err != nil {
		t.Errorf("%v, %v", a, err)
	}
	if !strings.Contains(s.Speaks(), "about Euclidean balls") {
		t.Error(s.Speaks())
	}
	if least, most, why := s.EtaInvariant(); least != 0 || why != "" || math.Abs(most-8./9) > 2e-3 {
		t.Errorf("from %v to %v, %s", least, most, why)
	}
}

// The noise of SGD acts up to the faces and that of its modified model ends by R2 in the metric.
func TestEndsInAMetric(t *testing.T) {
	t.Parallel()
	s := parsed(t, strings.Replace(stretched, "[second-order]", "[modified, second-order]", 1))
	d := s.dynamics().(process.Charted)
	q := make([]float64, 2)
	for _, m := range d.Diffusions() {
		share := func(z ...float64) float64 {
			d.FromUser(q, z)
			a := m.Coefficients(d.At([][]float64{q}, 1), 0.125).A[0][0]
			if a == nil {
				return 0
			}
			return a[0]
		}
		inside, outside := share(0, 0.99), share(0, 1.51)
		switch m.Name {
		case sgd.Modified:
			if m.Tapered || m.Noise != process.NoiseEndsIn || m.Radius != 3 || !(inside > 0) || outside != 0 {
				t.Errorf("%s: %v and %v, %+v", m.Name, inside, outside, m)
			}
		case sgd.SecondOrder, sgd.FirstOrder:
			if m.Noise != process.NoiseAtFaces || m.Radius != 0 || inside != outside || !(inside > 0) {
				t.Errorf("%s: %v and %v, %+v", m.Name, inside, outside, m)
			}
		}
	}
}
