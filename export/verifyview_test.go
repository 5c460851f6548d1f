package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"kolmo/compare"
)

func verificationForTest() *compare.Verification {
	nan := compare.Number(math.NaN())
	why := "a path from x = [2] is not finite after 3 steps"
	first := compare.Solution{Gap: 1.25e-3, Error: 1e-6, Certified: true, Space: "chebyshev", SpaceOrder: 23, Nodes: 24, Scheme: "polynomial", S: "chebyshev, 24 nodes"}
	second := compare.Solution{Gap: 1.26e-3, Error: 1e-6, Space: "uniform", SpaceOrder: 8, Nodes: 36, Scheme: "hundsdorfer-verwer, 4 steps per SGD step", S: "uniform of order 8, 36 nodes"}
	none := second
	none.Gap, none.Error = nan, nan
	return &compare.Verification{Schema: 1, Study: "pair", Seed: 3, Paths: 1000, Sigmas: 5, Warnings: []string{"careful"},
		Gap: []compare.VerifiedGap{
			{Observable: "square", Model: "modified", Eta: 0.25, EtaText: "1/4", First: first, Second: second, Difference: 1e-5, Allowed: 2e-6, Verdict: compare.Disagrees},
			{Observable: "square", Model: "modified", Eta: 0.125, EtaText: "1/8", First: first, Second: none, Difference: nan, Allowed: nan, Verdict: compare.Incomplete},
		},
		Sampled: []compare.SampledMean{
			{Observable: "square", Eta: 0.25, EtaText: "1/4", N: 7, T: 1.75, X: []compare.Number{1, -2}, Grid: 0.5, GridError: 1e-9, Mean: 0.51, Error: 0.01, Deviations: 1, Difference: 0.01, Allowed: 0.05, Verdict: compare.Agrees},
			{Observable: "square", Eta: 0.25, EtaText: "1/4", N: 7, T: 1.75, X: []compare.Number{0, 0}, Grid: 0.5, GridError: 1e-9, Mean: nan, Error: nan, Deviations: nan, Difference: nan, Allowed: nan, Verdict: compare.Incomplete, Reason: &why},
		}}
}

func TestVerificationText(t *testing.T) {
	t.Parallel()
	v := verificationForTest()
	var b bytes.Buffer
	if err := WriteVerification(&b, v); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{
		"verification of study pair: pair\n", "square, modified\n", "disagrees\n", "1.260e-03*", "* not certified, compared all the same\n",
		"mean of 1000 paths of the chain from x (seed 3)", "(1.000, -2.000)", "1.00  agrees\n", "incomplete: square, eta = 1/4: a path from x", "warning: careful\n",
		"modified: chebyshev by polynomial, S chebyshev | uniform of order 8 by hundsdorfer-verwer", "(eta = 1/4, 1/8)",
		"\n0 of 2 gaps and 1 of 2 sampled means agree\n", "1 gaps and 1 sampled means could not be compared",
	} {
		// Lines are broken anywhere.
		if !strings.Contains(text, want) && !strings.Contains(strings.Join(strings.Fields(text), " "), strings.TrimSpace(want)) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestVerificationFiles(t *testing.T) {
	t.Parallel()
	v, dir := verificationForTest(), t.TempDir()
	if err := WriteVerifyJSON(dir, v); err != nil {
		t.Fatal(err)
	}
	if err := WriteVerifyCSV(dir, v); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, VerifyJSONFile))
	if err != nil {
		t.Fatal(err)
	}
	var back compare.Verification
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), `"gap": null`) || back.Gap[0].Difference != 1e-5 || !math.IsNaN(float64(back.Gap[1].Second.Gap)) || *back.Sampled[1].Reason != *v.Sampled[1].Reason {
		t.Errorf("not read back: %s", b)
	}
	if back.Disagreeing() != 1 || back.Complete() {
		t.Errorf("%d disagree, complete %v", back.Disagreeing(), back.Complete())
	}
	f, err := os.Open(filepath.Join(dir, VerifyCSVFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll() // all rows of one length
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(records[1], ","); got != "gap,square,modified,0.25,1/4,0.00125,1e-06,0.00126,1e-06,1e-05,2e-06,disagrees,true,false,,," {
		t.Errorf("first row %s", got)
	}
	if got := strings.Join(records[3], ","); got != "mean,square,,0.25,1/4,0.5,1e-09,0.51,0.01,0.01,0.05,agrees,,,7,1,-2" {
		t.Errorf("third row %s", got)
	}
	if len(records) != 5 || records[2][7] != "" {
		t.Errorf("rows %q", records)
	}
}
