package export

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"kolmo/compare"
)

// The files of a verification.
const (
	VerifyJSONFile = "verify.json"
	VerifyCSVFile  = "verify.csv"
)

// WriteVerification writes v as text, at most 100 columns wide: per observable and
// model a row per learning rate with both gaps, their difference and the sum of
// their errors; per observable the sampled means; the pairs of methods; and what
// came out. The text depends on v alone.
func WriteVerification(w io.Writer, v *compare.Verification) error {
	b := bufio.NewWriter(w)
	title := v.Title
	if title == "" {
		title = v.Study
	}
	wrap(b, "", "", "verification of study "+v.Study+": "+title)
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
		wrap(b, "warning: ", "  ", s)
	}
	fmt.Fprintln(b)
	writeSummary(b, v)
	return b.Flush()
}

// writeVerifiedGaps writes the gaps of one observable and model.
func writeVerifiedGaps(w io.Writer, rows []compare.VerifiedGap) {
	wrap(w, "", "  ", rows[0].Observable+", "+rows[0].Model)
	lines := [][]string{{"eta", "gap", "error", "second method", "error", "difference", "allowed", "verdict"}}
	marks := false
	for i := range rows {
		g := &rows[i]
		mark := func(s *compare.Solution) string {
			if s.Certified {
				return ""
			}
			marks = true
			return " *"
		}
		lines = append(lines, []string{
			clean(formatEta(g.Eta, g.EtaText)),
			formatValue(float64(g.First.Gap), float64(g.First.Error)) + mark(&g.First), formatError(float64(g.First.Error)),
			formatValue(float64(g.Second.Gap), float64(g.Second.Error)) + mark(&g.Second), formatError(float64(g.Second.Error)),
			formatError(float64(g.Difference)), formatError(float64(g.Allowed)), string(g.Verdict),
		})
	}
	writeColumns(w, lines, 1, 3, 7)
	if marks {
		fmt.Fprintln(w, "  * not certified, compared all the same")
	}
}

// writeSampledMeans writes the means by paths.
func writeSampledMeans(w io.Writer, v *compare.Verification) {
	if len(v.Sampled) == 0 {
		return
	}
	fmt.Fprintln(w)
	wrap(w, "", "  ", fmt.Sprintf("U^n(x) against the mean of %d paths of the chain from x (seed %d); more than %g standard errors disagree", v.Paths, v.Seed, v.Sigmas))
	lines := [][]string{{"observable", "eta", "n", "x", "U^n", "paths", "std error", "deviations", "verdict"}}
	for i := range v.Sampled {
		m := &v.Sampled[i]
		x := make([]string, len(m.X))
		for k := range x {
			x[k] = formatFixed(float64(m.X[k]), 3)
		}
		deviations := absent
		if d := float64(m.Deviations); !math.IsNaN(d) {
			deviations = strconv.FormatFloat(d, 'f', 2, 64)
		}
		lines = append(lines, []string{clean(m.Observable), clean(formatEta(m.Eta, m.EtaText)), strconv.Itoa(m.N), "(" + strings.Join(x, ", ") + ")",
			formatValue(float64(m.Grid), float64(m.Error)/10), formatValue(float64(m.Mean), float64(m.Error)/10), formatError(float64(m.Error)), deviations, string(m.Verdict)})
	}
	writeColumns(w, lines, 0, 4, 5, 8)
	seen := map[string]bool{}
	for i := range v.Sampled {
		if s := orEmpty(v.Sampled[i].Reason); s != "" && !seen[s] {
			seen[s] = true
			wrap(w, "  incomplete: ", "    ", s)
		}
	}
}

// writeColumns lays out lines of cells two blanks apart, the first line being the
// head; the columns listed are flushed left, the others right.
func writeColumns(w io.Writer, lines [][]string, left ...int) {
	flush := make(map[int]bool)
	for _, k := range left {
		flush[k] = true
	}
	widths := columnWidths(lines)
	for _, cells := range lines {
		var s strings.Builder
		for k, c := range cells {
			pad := strings.Repeat(" ", widths[k]-utf8.RuneCountInString(c))
			if flush[k] {
				s.WriteString("  " + c + pad)
			} else {
				s.WriteString("  " + pad + c)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(s.String(), " "))
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
	for i := range rows {
		g := &rows[i]
		first, _, _ := strings.Cut(methodOf(&g.First), ",")
		second, _, _ := strings.Cut(methodOf(&g.Second), ",")
		s1, _, _ := strings.Cut(g.First.S, ",")
		s2, _, _ := strings.Cut(g.Second.S, ",")
		pair := fmt.Sprintf("%s: %s, S %s | %s, S %s", g.Model, first, s1, second, s2)
		if _, ok := etas[pair]; !ok {
			order = append(order, pair)
		}
		at := clean(formatEta(g.Eta, g.EtaText))
		if !strings.Contains(", "+strings.Join(etas[pair], ", ")+",", ", "+at+",") {
			etas[pair] = append(etas[pair], at)
		}
	}
	for _, pair := range order {
		wrap(w, "  ", "    ", pair+" (eta = "+strings.Join(etas[pair], ", ")+")")
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
		wrap(w, "", "  ", fmt.Sprintf("%d gaps and %d sampled means could not be compared: no value, no error estimate, or errors above the value", n, m))
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
	Kind            string           `json:"kind"`
	Observable      string           `json:"observable"`
	Model           string           `json:"model"`
	Eta             float64          `json:"eta"`
	EtaText         string           `json:"eta_text"`
	First           compare.Number   `json:"first"`
	FirstError      compare.Number   `json:"first_error"`
	Second          compare.Number   `json:"second"`
	SecondError     compare.Number   `json:"second_error"`
	Difference      compare.Number   `json:"difference"`
	Allowed         compare.Number   `json:"allowed"`
	Verdict         compare.Verdict  `json:"verdict"`
	FirstCertified  *bool            `json:"first_certified"`
	SecondCertified *bool            `json:"second_certified"`
	N               *int             `json:"n"`
	X               []compare.Number `json:"x"`
}

// WriteVerifyCSV writes dir/verify.csv: a row per comparison, the gaps first, then the
// sampled means; cells that a kind does not have are empty.
func WriteVerifyCSV(dir string, v *compare.Verification) error {
	var rows []verifyRow
	for i := range v.Gap {
		g := &v.Gap[i]
		rows = append(rows, verifyRow{Kind: "gap", Observable: g.Observable, Model: g.Model, Eta: g.Eta, EtaText: g.EtaText,
			First: g.First.Gap, FirstError: g.First.Error, Second: g.Second.Gap, SecondError: g.Second.Error,
			Difference: g.Difference, Allowed: g.Allowed, Verdict: g.Verdict,
			FirstCertified: &g.First.Certified, SecondCertified: &g.Second.Certified})
	}
	for i := range v.Sampled {
		m := &v.Sampled[i]
		rows = append(rows, verifyRow{Kind: "mean", Observable: m.Observable, Eta: m.Eta, EtaText: m.EtaText,
			First: m.Grid, FirstError: m.GridError, Second: m.Mean, SecondError: m.Error,
			Difference: m.Difference, Allowed: m.Allowed, Verdict: m.Verdict, N: &m.N, X: m.X})
	}
	return writeFile(filepath.Join(dir, VerifyCSVFile), csvTableOf(rows).write)
}
