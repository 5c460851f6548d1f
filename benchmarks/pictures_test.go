package benchmarks

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/export"
	"kolmo/export/page"
	"kolmo/study"
)

// BenchmarkExport writes what a folder of results has besides fields: four figures as PNG
// and SVG, the report and the tables. least-cpu-ms is the least processor time of a run;
// pictures-kB and report-kB are sizes.
func BenchmarkExport(b *testing.B) {
	s, err := study.Load("../studies/quad2d.yaml")
	if err != nil {
		b.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		b.Fatal(err)
	}
	p.Fields = compare.FieldRequest{}
	r, err := kinds.Gap(b.Context(), p, nil)
	if err != nil {
		b.Fatal(err)
	}
	dir, least := b.TempDir(), math.Inf(1)
	for b.Loop() {
		start := processorTime(b)
		if err := export.All(dir, r, page.Meta{Parameters: s.Parameters}); err != nil {
			b.Fatal(err)
		}
		least = min(least, (processorTime(b) - start).Seconds())
	}
	b.ReportMetric(1e3*least, "least-cpu-ms")
	b.ReportMetric(kilobytes(b, dir, "*.png")+kilobytes(b, dir, "*.svg"), "pictures-kB")
	b.ReportMetric(kilobytes(b, dir, "report.html"), "report-kB")
}

// kilobytes returns the size of the files of a pattern, of which there must be some.
func kilobytes(tb testing.TB, dir, pattern string) float64 {
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no %s in %s: %v", pattern, dir, err)
	}
	sum := 0.0
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			tb.Fatal(err)
		}
		sum += float64(info.Size()) / 1000
	}
	return sum
}
