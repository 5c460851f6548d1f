package studies_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

// changed runs a shipped study with other values of keys.
func changed(t *testing.T, name string, pairs ...string) *compare.Result {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(string(text), pairs[i]) {
			t.Fatalf("%s has no %s", name, pairs[i])
		}
	}
	_, res := solved.Run(t, strings.NewReplacer(pairs...).Replace(string(text)))
	return res
}

// halves wants two certified gaps of an observable, at rates a half apart, that fall at the orders 2 of second-order and 1 of first-order.
func halves(t *testing.T, res *compare.Result, observable string) {
	t.Helper()
	for model, order := range map[string]float64{"second-order": 2, "first-order": 1} {
		rows := gaps(res, observable, model)
		if len(rows) != 2 || !rows[0].Certified || !rows[1].Certified {
			t.Fatalf("%s: %+v", model, rows)
		}
		if seen := math.Log2(float64(rows[0].Gap / rows[1].Gap)); !(math.Abs(seen-order) <= 0.2) {
			t.Errorf("%s: order %.3g, want %g", model, seen, order)
		}
	}
}

// Heavy ball on iris has the orders 2 and 1, from rates a half apart.
func TestIrisMomentum(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	res := changed(t, "iris-momentum.yaml", "eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/16, 1/32]", "accuracy: 0.02", "accuracy: 0.05")
	halves(t, res, "expected_loss")
}

// On a double well without convexity gaps of Langevin dynamics are largest early, fall a thousandfold up to the horizon, and
// fall with eta at the orders 2 and 1.
func TestLangevinWells(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	res := changed(t, "langevin-wells.yaml", "eta: [1/8, 1/16, 1/32, 1/64]", "eta: [1/16, 1/32]", "studies: [gap, horizon, spectrum]", "studies: [gap, horizon]")
	halves(t, res, "x")
	for _, h := range res.Horizon {
		last := len(h.Gap) - 1
		most := compare.Number(0)
		for _, g := range h.Gap {
			most = max(most, g)
		}
		if !(h.Gap[last]+h.Error[last] <= most/1000) || !(h.Times[last] >= 60) {
			t.Errorf("%s, eta = %s: %.3g +- %.1g at t = %.3g, %.3g at most", h.Model, h.EtaText, h.Gap[last], h.Error[last], h.Times[last], most)
		}
	}
	if len(res.Horizon) != 4 {
		t.Errorf("%d rows over the horizon", len(res.Horizon))
	}
}
