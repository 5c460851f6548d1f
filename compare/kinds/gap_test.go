package kinds

import (
	"context"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/law"
)

func gapOf(t *testing.T, p *compare.Problem, cfg *compare.Config) *compare.Result {
	t.Helper()
	r, err := Gap(context.Background(), p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// wantReason holds every row to be uncertified for a reason that contains text.
func wantReason(t *testing.T, r *compare.Result, text string) {
	t.Helper()
	for _, row := range r.Gap {
		if row.Certified || row.Reason == nil || !strings.Contains(*row.Reason, text) {
			t.Errorf("%s, %s, eta = %s: certified %v, reason %q, want one with %q", row.Observable, row.Model, row.EtaText, row.Certified, deref(row.Reason), text)
		}
	}
}

type watcher func(float64, string)

func (w watcher) Progress(share float64, stage string) { w(share, stage) }

func (w watcher) Finished(compare.FinishedUnit) {}

func independent(t *testing.T, m law.Marginal, points int) *law.Samples {
	t.Helper()
	xi, err := law.Independent([]law.Variable{{Name: "xi", Law: m}}, points)
	if err != nil {
		t.Fatal(err)
	}
	return xi
}
