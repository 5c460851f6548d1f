package study

import (
	"math"
	"testing"
)

// TestLargerBall: for (x - xi)^2/2 with xi = 1 or -1 a step goes to (1 - eta) x + eta xi. So
// every ball with R >= 1 is invariant up to eta = 2R/(1 + R), and no other.
func TestLargerBall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ R, eta string }{{"0.5", "1/8"}, {"0.3", "1/2"}, {"0.07", "1/8"}} {
		s, err := Parse("test.yaml", []byte("name: a\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\n"+
			"ball: {R: "+c.R+"}\nobservables: {f: f}\neta: ["+c.eta+"]\nmodels: [modified]\n"), "")
		if err != nil {
			t.Fatal(err)
		}
		R, upTo, ok := s.LargerBall()
		if !ok || R != 1 || math.Abs(upTo-1) > 2e-3 {
			t.Errorf("R = %s: a ball with R = %v up to eta = %v, %v; want 1 up to 1", c.R, R, upTo, ok)
		}
	}
	s, err := Parse("test.yaml", []byte("name: a\nparameters: [x]\nloss: x^2/2 - 100*xi*x\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\n"+
		"ball: {R: 1}\nobservables: {f: f}\neta: [1/8]\nmodels: [modified]\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	if R, _, ok := s.LargerBall(); ok {
		t.Errorf("R = 1 where 100 is needed: found %v", R)
	}
	for x, want := range map[float64]float64{3.21: 3.3, 3.2: 3.2, 0.999: 1, 12.01: 13, 0.0101: 0.011, 1: 1, 1e9: 1e9} {
		if got := roundUp(x); got != want {
			t.Errorf("%v is rounded up to %v, want %v", x, got, want)
		}
	}
}
