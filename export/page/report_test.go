package page

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"html"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/export/kinds"
	"kolmo/export/kinds/gap"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/internal/madeup"
	"kolmo/internal/slow"
)

// report returns the report of r.
func report(t *testing.T, r *compare.Result, meta Meta) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	p, err := DrawPictures(r, meta.Parameters, nil, shownDPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteReport(path, r, meta, p); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestReport(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for name, r := range madeup.EdgeCases() {
		text := report(t, r, syntheticMeta())
		checkSelfContained(t, name, text)
		checkComplete(t, name, text, r)
	}
}

// checkSelfContained checks that the page is well formed and loads nothing.
func checkSelfContained(t *testing.T, name, text string) {
	t.Helper()
	loads := regexp.MustCompile(`(?i)url\s*\(|@import|https?://[^"\s]*\.(js|css|woff2?|png|svg)`)
	pictures := 0
	for _, s := range madeup.Tokens(t, []byte(text)) {
		checkElement(t, name, s)
		if s.Name.Local == "svg" || s.Name.Local == "img" {
			pictures++
		}
	}
	if got, want := pictures > 0, name != "empty" && name != "zero"; got != want {
		t.Errorf("%s: pictures: %v, want %v", name, got, want)
	}
	if m := loads.FindString(text); m != "" {
		t.Errorf("%s: the page loads %q", name, m)
	}
	if strings.Contains(text, "ZgotmplZ") {
		t.Errorf("%s: the template refused a value", name)
	}
}

// checkElement checks that an element runs nothing and loads nothing.
func checkElement(t *testing.T, name string, s xml.StartElement) {
	t.Helper()
	kind := ""
	for _, a := range s.Attr {
		if a.Name.Local == "type" {
			kind = a.Value
		}
	}
	switch s.Name.Local {
	case "script":
		if kind != "application/json" && kind != "" {
			t.Errorf("%s: a script of type %q", name, kind)
		}
	case "link", "iframe", "object", "embed", "base":
		t.Errorf("%s: a <%s> element", name, s.Name.Local)
	}
	for _, a := range s.Attr {
		switch k := strings.ToLower(a.Name.Local); {
		case k == "src" || k == "href" || k == "srcset" || k == "data":
			own := k == "href" && s.Name.Local == "a" && (strings.HasPrefix(a.Value, "#") || strings.HasPrefix(a.Value, "data:application/yaml;base64,") || strings.HasPrefix(a.Value, "data:text/csv;base64,"))
			if !strings.HasPrefix(a.Value, "data:image/png;base64,") && !own {
				t.Errorf("%s: <%s %s=%.60q>", name, s.Name.Local, k, a.Value)
			}
		case strings.HasPrefix(k, "on"):
			t.Errorf("%s: <%s %s>", name, s.Name.Local, k)
		}
	}
}

// checkComplete checks that the page says all that r and its study have to say.
func checkComplete(t *testing.T, name, text string, r *compare.Result) {
	t.Helper()
	text = html.UnescapeString(text)
	meta := syntheticMeta()
	want := []string{meta.StudyText, meta.Command, html.UnescapeString(string(table.Prose(meta.Ball))), "@article{", meta.Sample, meta.Accuracy, results.TitleOf(r), r.Kolmo,
		"Methods and Applications of Analysis 30(3)", "<msub><mi>w</mi><mn>1</mn></msub>", "backward Kolmogorov equation"}
	for _, o := range r.Order {
		want = append(want, html.UnescapeString(string(table.Prose(o.Verdict))))
	}
	if len(r.Gap) > 0 {
		want = append(want, "How to read a row")
	}
	for i := range r.Gap {
		if !r.Gap[i].Certified {
			want = append(want, ": "+html.UnescapeString(string(table.Prose(results.ReasonOf(&r.Gap[i])))))
		}
	}
	for _, w := range r.Warnings {
		want = append(want, html.UnescapeString(string(table.Prose(w))))
	}
	for k := range r.Run {
		want = append(want, k)
	}
	for _, s := range want {
		// Control characters have no place in HTML and are replaced there.
		s = strings.NewReplacer("\a", "\uFFFD", "\x1b", "\uFFFD").Replace(s)
		if !strings.Contains(text, s) {
			t.Errorf("%s: no %q", name, s)
		}
	}
}

func TestReportEscapes(t *testing.T) {
	t.Parallel()
	const evil = `<script>alert("1")</script><img src=x onerror='a()'>`
	r := madeup.Result(1)
	r.Title, r.Study, r.Kolmo = evil, evil, evil
	r.Warnings = []string{evil}
	r.Gap[0].Certified, r.Gap[0].Reason = false, madeup.Ptr(evil)
	r.Algorithm.Title = evil
	for i := range r.Curves {
		r.Curves[i].Observable, r.Curves[i].Model, r.Curves[i].EtaText = evil, evil, evil
	}
	for i := range r.Gap {
		r.Gap[i].Observable, r.Gap[i].EtaText, r.Gap[i].ClosedBy = evil, evil, madeup.Ptr(evil)
	}
	for i := range r.Rasters {
		r.Rasters[i].Observable = evil
	}
	r.Order[0].Verdict, r.Order[0].Observable = evil, evil
	r.Run = map[string]any{evil: evil}
	r.Assumptions = map[string]any{evil: map[string]any{"value": 1, "status": evil}}
	ne := []NameExpr{{evil, evil}}
	text := report(t, r, Meta{evil, evil, evil, evil, ne, []string{evil}, []string{evil}, OverState{}, evil, evil, ne, evil, evil, evil, []byte(evil)})
	if n := strings.Count(text, "<script"); n != 2 || strings.Count(text, string(scriptElement)) != 1 || strings.Contains(text, "<img src=x") {
		t.Errorf("text of the study became markup: %d scripts", n)
	}
	for _, s := range madeup.Tokens(t, []byte(text)) {
		checkElement(t, "evil", s)
	}
}

func TestReportOfAnEmptyMeta(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "report.html")
	r := madeup.EdgeCases()["one"]
	p, err := DrawPictures(r, nil, nil, shownDPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteReport(path, r, Meta{}, p); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	for _, s := range []string{">loss<", ">ball<", ">parameters<", "The study file"} {
		if strings.Contains(text, s) {
			t.Errorf("%q is shown though it is empty", s)
		}
	}
}

// Every verdict has its sentence.
func TestFindings(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	nan := compare.Number(math.NaN())
	r.Constant = []compare.ConstantRow{
		{Observable: "a", Model: "modified", Order: 2, Predicted: 2, Error: 0.02, Richardson: 2.1, RichardsonError: 0.04},
		{Observable: "b", Model: "first-order", Order: 1, Predicted: 3, Error: 0.01, Richardson: nan, RichardsonError: nan},
		{Observable: "c", Model: "modified", Order: 2, Predicted: nan, Reason: madeup.Ptr("the loss is odd")},
		{Observable: "d", Model: "modified", Order: 2, Predicted: 7, Richardson: 1, Horizon: madeup.Ptr(8.0)},
	}
	r.LocalError = []compare.LocalErrorRow{{Holds: madeup.Ptr(true)}, {}, {Reason: madeup.Ptr("unstable")}}
	r.LocalOrder = []compare.OrderRow{{Observable: "a", Model: "modified", Slope: 2.99, Low: 2.9, High: 3.1, Verdict: "confirmed"}, {Observable: "b", Model: "modified", Slope: nan, Verdict: "too few"}}
	for k, v := range []string{compare.DecayPass, compare.DecayFail, compare.DecayZero, compare.DecayNotResolved} {
		r.Decay = append(r.Decay, compare.DecayRow{Key: compare.Key{Observable: "a", Eta: 0.25, EtaText: "1/4"}, J: []int{k + 1}, Gamma: 1.5 - 2*compare.Number(k), Low: 1.4, High: 1.6, SpectralGap: 1.25, Verdict: v})
	}
	r.Decay = append(r.Decay, compare.DecayRow{Key: compare.Key{Observable: "a", Eta: 0.5}, J: []int{9}, Verdict: compare.DecayPass})
	found := gap.Findings(r)
	for _, s := range kinds.Sections(r, true) {
		found = append(found, s.Findings...)
	}
	got := strings.Join(found, "\n")
	for _, want := range []string{
		"expected_loss, modified: the gap falls with the order 2.0002 +- 0.0003 (fitted 2.004, scatter 1.990 to 2.018), where theory says eta^2; ",
		"where theory says eta; ", "square, first-order: not certified, and left out of the order: 1 of 6 learning rates.",
		"a, modified: the gap is predicted to be 2 eta^2 for small eta, and extrapolates to 2.1 eta^2: they differ by 5 %, and their errors add up to 3 %.",
		"b, first-order: the gap is predicted to be 3 eta for small eta; too few", "c, modified: no constant is predicted: the loss is odd.",
		"d, modified: the gap over t <= 8 is predicted to be 7 eta^2 in the limit",
		"a, modified: the one-step error falls like eta^2.990 (scatter 2.900 to 3.100); confirmed.", "b, modified: too few.", "for 1 of 2 rows.",
		"a, J = (1), eta = 1/4: the derivative decays like e^(-1.500 t), between 1.400 and 1.600; the spectral gap is 1.25.",
		"J = (2), eta = 1/4: the derivative grows, its rate is -0.500.", "J = (3), eta = 1/4: the derivative is zero to its error.", "J = (4), eta = 1/4: neither decay nor growth",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "(9)") {
		t.Error("a learning rate that is not the smallest has a sentence")
	}
}

// One parameter is no vector, and is not equal to itself; points and intervals have minus
// signs.
func TestReportOfOneParameter(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	r := madeup.Result(1)
	r.Assumptions = map[string]any{"eta0": map[string]any{"value": 1.5, "status": "proved", "at": []float64{-1.4785, -1e-5}, "sample": 2}, "minimizer": []float64{-0.25}}
	for i := range r.Order {
		r.Order[i].Low = -0.01
	}
	r.Constant = []compare.ConstantRow{{Observable: "square", Model: "modified", Order: 2, Predicted: 2, Error: 0.02, X: []compare.Number{-0.55}, ConstantMeasured: compare.ConstantMeasured{Eta: 0.25}}}
	for name, want := range map[string]string{
		"x": "<dt>parameter</dt><dd><math><mi>x</mi></math></dd>",
		"w": "<dt>parameter</dt><dd><math><mi>x</mi><mo>=</mo></math> <math><mi>w</mi></math></dd>",
	} {
		meta := syntheticMeta()
		meta.Parameters = []string{name}
		text := report(t, r, meta)
		for _, s := range []string{want, "PROVED, at (−1.4785, −1 × 10<sup>−5</sup>), sample 2", "x* = (−0.25)", "<td class=\"name\">(−0.55)</td>", "[−0.010, "} {
			if !strings.Contains(text, s) {
				t.Errorf("parameter %s: no %q", name, s)
			}
		}
	}
	if text := report(t, r, syntheticMeta()); !strings.Contains(text, "<dt>parameters</dt><dd><math><mi>x</mi><mo>=</mo></math> (<math>") {
		t.Error("two parameters are no vector")
	}
}

// The page allows the one script that it has, by its digest, and nothing from elsewhere.
func TestReportPolicy(t *testing.T) {
	t.Parallel()
	text := report(t, madeup.EdgeCases()["one"], syntheticMeta())
	_, rest, _ := strings.Cut(text, "script-src '")
	policy, _, _ := strings.Cut(rest, "'")
	body := strings.TrimSuffix(strings.TrimPrefix(string(scriptElement), "<script>"), "</script>")
	sum := sha256.Sum256([]byte(body))
	if want := "sha256-" + base64.StdEncoding.EncodeToString(sum[:]); policy != want || !strings.Contains(text, "default-src 'none'") {
		t.Errorf("the policy allows %q, want %q", policy, want)
	}
}

// What the report carries reproduces it: the study and its data, byte for byte.
func TestReportCarriesStudyAndData(t *testing.T) {
	t.Parallel()
	meta := syntheticMeta()
	meta.DataFile, meta.Data = "rows.csv", []byte("a,b\n1,\"<2>\"\n")
	text := html.UnescapeString(report(t, madeup.EdgeCases()["one"], meta))
	for kind, want := range map[string]string{"application/yaml": meta.StudyText, "text/csv": string(meta.Data)} {
		_, rest, _ := strings.Cut(text, `href="data:`+kind+";base64,")
		coded, _, _ := strings.Cut(rest, `"`)
		got, err := base64.StdEncoding.DecodeString(coded)
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", kind, got, err, want)
		}
	}
}

// The report opens with the answer of each kind that was asked for, and does not speak of gaps
// that were not.
func TestReportOpensWithAnswers(t *testing.T) {
	t.Parallel()
	r := madeup.SpectrumResult()
	r.Gap = madeup.Result(1).Gap
	for i := range r.Gap {
		r.Gap[i].Certified = false
	}
	text := report(t, r, Meta{})
	opening, _, _ := strings.Cut(text, "<nav")
	for _, want := range []string{"4 of 6 rows are answered", "2.000000 ± 1.0 × 10<sup>−6</sup> times as fast", "Figure 1.", `aria-label="slowest rates`, "<table>"} {
		if !strings.Contains(opening, want) {
			t.Errorf("the report does not open with %q", want)
		}
	}
	if !strings.Contains(opening, `class="badge part"`) || strings.Contains(opening, `class="badge good"`) {
		t.Error("the badge of a study that is answered in part is not of that mood")
	}
	r.Spectrum = r.Spectrum[:2]
	if whole, _, _ := strings.Cut(report(t, r, Meta{}), "<nav"); !strings.Contains(whole, `class="badge good"`) {
		t.Error("the badge of a study whose rows are all answered is not good")
	}
	if strings.Contains(text, "not certified") || strings.Contains(text, `id="results"`) {
		t.Error("a study of rates speaks of gaps that are not certified")
	}
	if whole := report(t, madeup.Result(1), Meta{}); !strings.Contains(whole, "<caption>expected_loss, modified</caption>") || !strings.Contains(whole, "<caption>expected_loss: gap ± error</caption>") || strings.Contains(whole, "Expected_loss") {
		t.Error("captions do not begin with the names of observables as they are")
	}
	if got := regexp.MustCompile(`Figure [0-9]+\.`).FindAllString(report(t, madeup.Result(1), Meta{}), -1); !slices.Equal(got, []string{"Figure 1.", "Figure 2.", "Figure 3.", "Figure 4."}) {
		t.Errorf("figures are numbered %q", got)
	}
}

// What is compared is said of the chain that is compared.
func TestReportNamesTheChain(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	r.Algorithm.Title, r.Algorithm.Imitates = "heavy ball", 0.25
	text := report(t, r, Meta{})
	for _, want := range []string{"that is in 1/l with", "The chain (heavy ball) moves", "Uⁿ, heavy ball", "means U<sup>n</sup> of heavy ball"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(text, "SGD") || strings.Contains(text, "tochastic gradient descent draws") {
		t.Error("the report of another chain speaks of SGD")
	}
}

// shownDPI is the resolution where details do not matter.
const shownDPI = 50
