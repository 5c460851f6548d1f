package ledger

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// The ledger has a line per step, the reasons of those without a value, and says what gives away most.
func TestLedgerSection(t *testing.T) {
	t.Parallel()
	if ledgerSection(new(compare.Result)) != nil {
		t.Error("a section without a ledger")
	}
	r, nan := new(compare.Result), compare.Number(math.NaN())
	for _, d := range []float64{8, 16} {
		value := compare.Number(1 / d)
		for i, step := range []string{compare.LedgerGap, compare.LedgerTelescoped, compare.LedgerLemma, compare.LedgerProposition, compare.LedgerOneRate} {
			factor := compare.Number(1 + i)
			row := compare.LedgerRow{Observable: "o", Model: "modified", Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), Step: step, Value: value * factor, Error: 1e-6, Factor: factor, Scaled: 3, Constant: nan}
			if value = row.Value; i == 0 {
				row.Factor = nan
			}
			if d == 16 && i > 1 {
				row.Value, row.Error, row.Factor, row.Scaled, row.Reason = nan, nan, nan, nan, madeup.Ptr("it hides")
			}
			r.Ledger = append(r.Ledger, row)
		}
	}
	var text bytes.Buffer
	ledgerSection(r).Write(&text)
	for _, want := range []string{"Of the modified model", "o 1/8 one-rate 1.500000e+01", "does not count: o, eta = 1/16, lemma-3; o, eta = 1/16, proposition-1; o, eta = 1/16, one-rate: it hides",
		"o, eta = 1/8: the proof's bound is 120 times the gap; most of it, a factor of 5, goes with one-rate: one rate for all J"} {
		if !strings.Contains(strings.Join(strings.Fields(text.String()), " "), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	// A model without a known order has bounds and no powers of eta.
	for i := range r.Ledger {
		if v := &r.Ledger[i]; v.Eta == 1./8 {
			v.Model, v.Scaled, v.Reason = "mine", nan, madeup.Ptr("the weak order of mine is not known")
		}
	}
	text.Reset()
	ledgerSection(r).Write(&text)
	got := strings.Join(strings.Fields(text.String()), " ")
	for _, want := range []string{"o 1/8 one-rate 1.500000e+01", "does not count: o, eta = 1/16, lemma-3;", "over no power of eta, and K not known: o, eta = 1/8: the weak order of mine is not known", "the proof's bound is 120 times the gap"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
}
