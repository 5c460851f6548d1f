package custom

import (
	"fmt"
	"strings"
	"testing"

	"kolmo/derived"
	"kolmo/law"
)

// Rates are told of steps that are linear in eta, and as updates of their own they have the first moments
// of the step.
func TestRates(t *testing.T) {
	t.Parallel()
	l := lossOf(t, inTwo, "x", "y")
	for _, c := range []struct {
		updates []string
		want    string
	}{
		{[]string{"x - eta*grad(x; x = x + 0.1*grad(x), y = y - grad(y))", "y - eta*grad(y)*x"},
			"[{x mean(-grad(x; x = x + 0.1*grad(x), y = y - grad(y)))} {y mean(-(grad(y)*x))}]"},
		{[]string{"x - eta*(x + z/2)", "", "v + eta*(y - 2*v)/3"}, "[{x mean(-(x + z/2))} {v (y - 2*v)/3}]"},
		{[]string{"x - eta*grad(x; x = x + eta*v)", "", "v - eta*v"}, "[]"}, // its point depends on eta
		{[]string{"x/(1 + eta)"}, "[]"},
		{[]string{"x - eta*(1 - sqrt(eta)*z)"}, "[]"},
		{[]string{"x + eta*grad(x)*(" + strings.Repeat("x + ", 20) + "y)"}, "[]"}, // is long
	} {
		n := Names{Loss: l, State: []string{"x", "y", "v"}, Noise: []law.Variable{{Name: "z", Law: law.Rademacher{}}}}
		a := of(t, l, n, c.updates...)
		rates := a.(derived.Linear).Rates()
		if got := fmt.Sprint(rates); got != c.want {
			t.Errorf("%v has the rates %s, want %s", c.updates, got, c.want)
		}
		if rates == nil {
			continue
		}
		again := make([]string, 3)
		for _, r := range rates {
			k := map[string]int{"x": 0, "y": 1, "v": 2}[r.Name]
			again[k] = fmt.Sprintf("%s + eta*(%s)", r.Name, strings.TrimPrefix(r.Formula, "mean"))
		}
		var got, want derived.Moments
		z := []float64{0.4, -0.3, 0.7}
		of(t, l, n, again...).NewMoments()(&got, z)
		a.NewMoments()(&want, z)
		same(t, fmt.Sprint(c.updates), &got, &want, 1e-14)
		if want.M14 != (derived.Vector{}) || want.M12 == (derived.Vector{}) {
			t.Errorf("%v: m12 = %v, m14 = %v", c.updates, want.M12, want.M14)
		}
	}
}
