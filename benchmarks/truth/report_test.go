package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kolmo/study"
)

// The table counts what is certified, wrong and dropped, and lists what is wrong.
func TestReportCounts(t *testing.T) {
	t.Parallel()
	p := &problem{id: "line-5"}
	r := newReport(1, 10, 0, 0, time.Minute)
	row := func(value, bar, truth float64, certified, wrong bool, dropped string) verdict {
		return verdict{problem: p, what: gap, observable: "a", model: "modified", eta: "1/8", value: value, bar: bar, truth: truth,
			certified: certified, inside: true, wrong: wrong, dropped: dropped}
	}
	r.add("line plain", []verdict{row(1, 0.25, 1.125, true, false, ""), row(1, 0.25, 1.0625, true, false, ""), row(1, 0.25, 2, true, true, ""), row(1, 0.25, 0, false, false, ""), row(1, 0.25, 1, true, false, "x")})
	r.addEndless("line plain")
	limit := row(1, 0.25, 1.125, true, false, "")
	limit.what = limitOfSGD
	r.add("line limits", []verdict{limit})
	var b bytes.Buffer
	if err := r.write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| line plain | 2 | 5 | 4 | 1 | 4 of 5 (80 %) | 2 | 4 | 1 | 1 |\n",
		"| line limits | 1 | 0 | 0 | 0 | - | - | - | 0 | 0 |\n",
		"| all gaps | 3 | 5 | 4 | 1 | 4 of 5 (80 %) | 2 | 4 | 1 | 1 |\n",
		"| limit of SGD | 1 | 1 | 1 | 0 | 1 of 1 (100 %) | 2 | 0.5 | 0 | 0 |\n",
		"| line-5 | gap | a | modified | 1/8 | 1 +- 0.25 | 2 | 4 |\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
	if r.wrong() != 1 {
		t.Errorf("%d rows are wrong, want 1", r.wrong())
	}
}

// doc/truth.md has the words that this program prints.
func TestDocumentIsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../doc/truth.md")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := newReport(1, 1, 1, 1, time.Minute).write(&b); err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(b.String(), "| all gaps")
	number := regexp.MustCompile(`(\d+h)?(\d+m)?\d+s|\d+`)
	for line := range strings.Lines(head) {
		line = number.ReplaceAllString(line, "#")
		if !strings.Contains(number.ReplaceAllString(string(text), "#"), line) {
			t.Errorf("doc/truth.md lacks %q; make truth", line)
		}
	}
}

// The problems that kolmo does not solve yet are read.
func TestOpenProblemsAreRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/open/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no problems in testdata/open (%v)", err)
	}
	for _, f := range files {
		s, err := study.Load(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Problem(); err != nil {
			t.Fatal(err)
		}
	}
}
