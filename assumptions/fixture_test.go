package assumptions

import (
	"math/rand/v2"
	"testing"

	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
)

// scopeOf is the scope of a loss in x, y, z and the law's variables.
func scopeOf(d int, s *law.Samples) expr.Scope {
	return expr.Scope{Parameters: []string{"x", "y", "z"}[:d], Variables: s.Variables()}
}

// build returns a loss over the first d of x, y, z.
func build(t testing.TB, d int, text string, s *law.Samples, err error) *objective.Loss {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	scope := scopeOf(d, s)
	e, err := expr.Parse(text, scope)
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New(scope.Parameters, e, s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// logistic is the loss of the iris study with n made-up rows.
func logistic(t testing.TB, n int) *objective.Loss {
	r := rand.New(rand.NewPCG(1, 1))
	columns := make([][]float64, 3)
	for range n {
		y := 1.0
		if r.IntN(2) == 0 {
			y = -1
		}
		columns[0] = append(columns[0], r.NormFloat64()+y)
		columns[1] = append(columns[1], r.NormFloat64()+y)
		columns[2] = append(columns[2], y)
	}
	s, err := law.Data([]string{"a", "b", "c"}, columns)
	return build(t, 2, "softplus(-c*(x*a + y*b)) + 0.05*(x^2 + y^2)", s, err)
}

func mustParse(t testing.TB, text string, s expr.Scope) *expr.Expr {
	t.Helper()
	e, err := expr.Parse(text, s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
