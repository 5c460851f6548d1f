//go:build !race

package langevin_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/internal/slow"
	"kolmo/study"
)

// Where the end of the noise matters, the error covers what it does to the gap, and the reason
// names it and its cure: the law of xi has two values and no quadrature to raise.
func TestEndsThatMatter(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range []struct{ name, loss, ball, beta, eta, reason string }{
		{"hot", "(x - xi)^2/2", "{R: 2, taper: [2, 4]}", "2", "1/16", "most of it from where the noise ends: let it end farther out, by ball.taper"},
		{"hotter", "(x - xi)^2/2", "{R: 2, taper: [2, 3]}", "0.5", "1/4", "the ball of radius 3, where the noise of a step ends, is not invariant at eta = 1/4"},
		{"steep", "1.5*(x - xi)^2/2", "{R: 2, taper: [2, 2.6]}", "8", "1/4", "most of it from the quadratures over xi and the noise of a step"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := strings.NewReplacer("(x - xi)^2/2", c.loss, "{R: 2}", c.ball, "beta: 4", "beta: "+c.beta, "[1/8, 1/16, 1/32, 1/64]", "["+c.eta+"]").Replace(linear)
			s, err := study.Parse("test.yaml", []byte(text), ".")
			if err != nil {
				t.Fatal(err)
			}
			p, err := s.Problem()
			if err != nil {
				t.Fatal(err)
			}
			res, err := kinds.Run(context.Background(), p, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range res.Gap {
				if c.name == "steep" && row.Model == "gradient-flow" {
					continue // its supremum is closed before richer rules matter
				}
				// The ends of the step's noise alone may be less than the accuracy.
				if few := c.name == "hot" && row.Model == "gradient-flow" && row.Certified; !few && !strings.Contains(reasonOf(row), c.reason) {
					t.Errorf("%s, %s: certified %v, %v, want %q", row.Observable, row.Model, row.Certified, reasonOf(row), c.reason)
				}
				if c.name != "hot" {
					continue
				}
				square, cosine := gaps(row.Model, row.Eta, 2, 2, 20)
				want := square
				if row.Observable == "cosine" {
					want = cosine
				}
				if off := math.Abs(float64(row.Gap) - want); !(off <= float64(row.Error)) {
					t.Errorf("%s, %s: gap %.8g, closed form %.8g, off by %.2g and the error is %.2g", row.Observable, row.Model, row.Gap, want, off, row.Error)
				}
			}
		})
	}
}

// reasonOf returns a row's reason, or nothing.
func reasonOf(row compare.GapRow) string {
	if row.Reason == nil {
		return ""
	}
	return *row.Reason
}
