package export

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"kolmo/compare"
	"kolmo/export/table"
	"kolmo/export/view"
)

// The files of a verification.
const (
	VerifyJSONFile = "verify.json"
	VerifyCSVFile  = "verify.csv"
)

// WriteVerification writes v as text, at most 80 columns wide. Per observable and model
// there is a row per learning rate with both gaps, their difference and the sum of their
// errors. Then come a row per sampled mean of every observable, the pairs of methods, and
// what came out. The text depends on v alone.
func WriteVerification(w io.Writer, v *compare.Verification) error {
	b := bufio.NewWriter(w)
	title := v.Title
	if title == "" {
		title = v.Study
	}
	table.Wrap(b, "", "", "verification of study "+v.Study+": "+title)
	for i := 0; i < len(v.Gap); {
		j := i
		for j < len(v.Gap) && v.Gap[j].Observable == v.Gap[i].Observable && v.Gap[j].Model == v.Gap[i].Model {
			j++
		}
		fmt.Fprintln(b)
		writeVerifiedGaps(b, v.Gap[i:j])
		i = j
	}
	writeSampledMeans(b, v)
	writeMethodPairs(b, v.Gap)
	for _, s := range v.Warnings {
		fmt.Fprintln(b)
		table.Wrap(b, "warning: ", "  ", s)
	}
	fmt.Fprintln(b)
	writeSummary(b, v)
	return b.Flush()
}

// writeVerifiedGaps writes the gaps of one observable and model.
func writeVerifiedGaps(w io.Writer, rows []compare.VerifiedGap) {
	t := table.Of(verifiedGaps(rows))
	t.Caption = rows[0].Observable + ", " + rows[0].Model
	for i := range rows {
		if !rows[i].First.Certified || !rows[i].Second.Certified {
			t.Note = "* not certified, compared all the same"
		}
	}
	t.Write(w)
}

// writeSampledMeans writes the means by paths.
func writeSampledMeans(w io.Writer, v *compare.Verification) {
	if len(v.Sampled) == 0 {
		return
	}
	fmt.Fprintln(w)
	table.Wrap(w, "", "  ", fmt.Sprintf("U^n(x) against the mean of %d paths of the chain from x (seed %d); more than %g standard errors disagree", v.Paths, v.Seed, v.Sigmas))
	for i, j := 0, 0; i < len(v.Sampled); i = j {
		for j < len(v.Sampled) && v.Sampled[j].Observable == v.Sampled[i].Observable {
			j++
		}
		t := table.Of(v.Sampled[i:j])
		t.Caption = v.Sampled[i].Observable
		t.Write(w)
	}
	var all view.Reasons
	for _, m := range v.Sampled {
		all.Add(m.Reason, m.Observable+", eta = "+table.Eta(m.Eta, m.EtaText))
	}
	for _, line := range all.Lines("incomplete") {
		table.Wrap(w, "  ", "    ", line)
	}
}

// methodOf names the discretisation of a solution.
func methodOf(s *compare.Solution) string {
	name := s.Space
	if s.Space == "uniform" {
		name += " of order " + strconv.Itoa(s.SpaceOrder)
	}
	return name + " by " + s.Scheme
}

// writeMethodPairs writes which methods were compared, equal neighbours once.
func writeMethodPairs(w io.Writer, rows []compare.VerifiedGap) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintln(w, "\nmethods compared (verify.json has their nodes)")
	var order []string
	etas := map[string][]string{}
	for _, g := range rows {
		first, _, _ := strings.Cut(methodOf(&g.First), ",")
		second, _, _ := strings.Cut(methodOf(&g.Second), ",")
		s1, _, _ := strings.Cut(g.First.S, ",")
		s2, _, _ := strings.Cut(g.Second.S, ",")
		pair := fmt.Sprintf("%s: %s, S %s | %s, S %s", g.Model, first, s1, second, s2)
		if _, ok := etas[pair]; !ok {
			order = append(order, pair)
		}
		at := table.Clean(table.Eta(g.Eta, g.EtaText))
		if !strings.Contains(", "+strings.Join(etas[pair], ", ")+",", ", "+at+",") {
			etas[pair] = append(etas[pair], at)
		}
	}
	for _, pair := range order {
		table.Wrap(w, "  ", "    ", pair+" (eta = "+strings.Join(etas[pair], ", ")+")")
	}
}

// writeSummary writes what came out.
func writeSummary(w io.Writer, v *compare.Verification) {
	count := func(gap, sampled compare.Verdict) (n, m int) {
		for i := range v.Gap {
			if v.Gap[i].Verdict == gap {
				n++
			}
		}
		for i := range v.Sampled {
			if v.Sampled[i].Verdict == sampled {
				m++
			}
		}
		return n, m
	}
	n, m := count(compare.Agrees, compare.Agrees)
	fmt.Fprintf(w, "%d of %d gaps and %d of %d sampled means agree\n", n, len(v.Gap), m, len(v.Sampled))
	if n, m := count(compare.Incomplete, compare.Incomplete); n+m > 0 {
		table.Wrap(w, "", "  ", fmt.Sprintf("%d gaps and %d sampled means could not be compared: no value, no error estimate, or errors above the value", n, m))
	}
}

// WriteVerifyJSON writes dir/verify.json.
func WriteVerifyJSON(dir string, v *compare.Verification) error {
	return writeFile(filepath.Join(dir, VerifyJSONFile), func(w io.Writer) error { return EncodeVerification(w, v) })
}

// EncodeVerification writes v as one JSON object. Lists that are nil become empty lists.
func EncodeVerification(w io.Writer, v *compare.Verification) error { return encodeJSON(w, *v) }

// verifyRow is a row of verify.csv. What a kind does not have is nil.
type verifyRow struct {
	Kind            string `json:"kind"`
	compare.Key     `heads:"observable= model="`
	First           compare.Number   `json:"first" col:"gap; ~FirstError *FirstCertified"`
	FirstError      compare.Number   `json:"first_error" col:"error; error"`
	Second          compare.Number   `json:"second" col:"second; ~SecondError *SecondCertified"`
	SecondError     compare.Number   `json:"second_error" col:"error; error"`
	Difference      compare.Number   `json:"difference" col:"apart; error"`
	Allowed         compare.Number   `json:"allowed" col:"allowed; error spare"`
	Verdict         compare.Verdict  `json:"verdict" col:"verdict"`
	FirstCertified  *bool            `json:"first_certified"`
	SecondCertified *bool            `json:"second_certified"`
	N               *int             `json:"n"`
	X               []compare.Number `json:"x"`
}

// verifiedGaps returns the rows of gaps.
func verifiedGaps(list []compare.VerifiedGap) []verifyRow {
	var rows []verifyRow
	for _, g := range list {
		rows = append(rows, verifyRow{Kind: "gap", Key: compare.Key{Observable: g.Observable, Model: g.Model, Eta: g.Eta, EtaText: g.EtaText},
			First: g.First.Gap, FirstError: g.First.Error, Second: g.Second.Gap, SecondError: g.Second.Error,
			Difference: g.Difference, Allowed: g.Allowed, Verdict: g.Verdict,
			FirstCertified: &g.First.Certified, SecondCertified: &g.Second.Certified})
	}
	return rows
}

// WriteVerifyCSV writes dir/verify.csv: a row per comparison, the gaps first, then the
// sampled means; cells that a kind does not have are empty.
func WriteVerifyCSV(dir string, v *compare.Verification) error {
	rows := verifiedGaps(v.Gap)
	for _, m := range v.Sampled {
		rows = append(rows, verifyRow{Kind: "mean", Key: compare.Key{Observable: m.Observable, Eta: m.Eta, EtaText: m.EtaText},
			First: m.Grid, FirstError: m.GridError, Second: m.Mean, SecondError: m.Error,
			Difference: m.Difference, Allowed: m.Allowed, Verdict: m.Verdict, N: &m.N, X: m.X})
	}
	return writeFile(filepath.Join(dir, VerifyCSVFile), table.CSVOf(rows).Write)
}
