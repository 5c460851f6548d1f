// Package ledger shows what each inequality of the proof of Theorem 1 gives away.
package ledger

import (
	"fmt"

	"kolmo/compare"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
)

// Kind is this kind of study.
var Kind = view.Kind{
	Name: "ledger", Section: ledgerSection,
	Files: []view.File{
		{Name: "ledger.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.Ledger) }},
	},
}

// ledgerNames are the steps of the ledger in words.
var ledgerNames = map[string]string{
	compare.LedgerGap:         "the gap",
	compare.LedgerTelescoped:  "sum of rho_j (Lemma 1)",
	compare.LedgerLemma:       "K eta^(k+1) sum of D_j (Lemma 3)",
	compare.LedgerProposition: "D_j by C_J e^(-gamma_J t) (Proposition 1)",
	compare.LedgerOneRate:     "one rate for all J",
}

// ledgerSection puts the inequalities of the proof of Theorem 1 beside their values; nil if gap,
// one-step errors and decay were not studied together.
func ledgerSection(r *compare.Result) *view.Section {
	if len(r.Ledger) == 0 {
		return nil
	}
	s := &view.Section{
		Short: "the proof's ledger",
		Title: "the ledger of the proof of Theorem 1: what each inequality gives away",
		Intro: "The proof bounds the gap by the sum of the one-step errors ρⱼ; these by Kη^(k+1) times Dⱼ, the derivatives of u of orders one to four in step j (Lemma 3; k is the model's order); the derivatives by C_J e^(−γ_J t) (Proposition 1); and takes the least rate for all. Each line is the measured value of one bound, with the least constants that make it true, and the factor by which it exceeds the line before. The last column is the bound over η^k, the C of Theorem 1 that the step leaves; the constant is K, ΣC_J and β.",
	}
	t := table.Of(r.Ledger)
	var all, unscaled view.Reasons
	model := ""
	for i := range r.Ledger {
		v := &r.Ledger[i]
		model = v.Model
		if v.Value == v.Value {
			unscaled.Add(v.Reason, fmt.Sprintf("%s, eta = %s", v.Observable, v.EtaText))
		} else {
			all.Add(v.Reason, fmt.Sprintf("%s, eta = %s, %s", v.Observable, v.EtaText, v.Step))
		}
	}
	t.Caption = "Of the " + model + " model"
	s.Tables = append(s.Tables, t)
	s.Verdicts = append(s.Verdicts, all.Lines("does not count")...)
	s.Verdicts = append(append(s.Verdicts, unscaled.Lines("over no power of eta, and K not known")...), ledgerVerdict(r)...)
	return s
}

// ledgerVerdict says for each observable what gives away most at its smallest learning rate.
func ledgerVerdict(r *compare.Result) []string {
	worst := map[string]*compare.LedgerRow{}
	whole := map[string]*compare.LedgerRow{}
	var names []string
	for i := range r.Ledger {
		v := &r.Ledger[i]
		names = results.AppendNew(names, v.Observable)
		if w := whole[v.Observable]; v.Step == compare.LedgerOneRate && v.Value == v.Value && (w == nil || v.Eta < w.Eta) {
			whole[v.Observable] = v
		}
	}
	var out []string
	for _, name := range names {
		last := whole[name]
		if last == nil {
			continue
		}
		gap := compare.Number(0)
		for i := range r.Ledger {
			v := &r.Ledger[i]
			if v.Observable != name || v.Eta != last.Eta {
				continue
			}
			if v.Step == compare.LedgerGap {
				gap = v.Value
			}
			if w := worst[name]; v.Factor == v.Factor && (w == nil || v.Factor > w.Factor) {
				worst[name] = v
			}
		}
		if w := worst[name]; w != nil && gap > 0 {
			out = append(out, compare.Say("%s, eta = %s: the proof's bound is %.3g times the gap; most of it, a factor of %.3g, goes with %s: %s",
				name, table.Clean(table.Eta(last.Eta, last.EtaText)), float64(last.Value/gap), float64(w.Factor), w.Step, ledgerNames[w.Step]))
		}
	}
	return out
}
