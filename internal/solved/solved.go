// Package solved runs studies from their text for tests of algorithms, and holds the results to
// what all of them claim.
package solved

import (
	"context"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/study"
)

// Run runs a study's text.
func Run(t testing.TB, text string) (*compare.Problem, *compare.Result) {
	t.Helper()
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
	return p, res
}

// mostOff is by how much an extrapolated order may differ from theory's.
const mostOff = 0.03

// Holds wants every row certified, and orders of 2 of the named model and 1 of the others.
func Holds(t testing.TB, res *compare.Result, second string) {
	t.Helper()
	for _, row := range res.Gap {
		if !row.Certified {
			t.Errorf("%s, %s, eta = %s is not certified: %s", row.Observable, row.Model, row.EtaText, *row.Reason)
		}
	}
	if len(res.Order) == 0 {
		t.Error("no orders")
	}
	for _, o := range res.Order {
		want := 1.0
		if o.Model == second {
			want = 2
		}
		t.Logf("%s, %s: order %.4f +- %.4f", o.Observable, o.Model, o.Extrapolated, o.ExtrapolatedError)
		if !(math.Abs(float64(o.Extrapolated)-want) <= mostOff) {
			t.Errorf("%s, %s: order %.4f, want %g", o.Observable, o.Model, o.Extrapolated, want)
		}
	}
}
