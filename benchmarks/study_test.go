package benchmarks

import (
	"context"
	"testing"

	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/study"
)

// BenchmarkStudy is a whole shipped study: six learning rates, four models, two
// observables, each gap to 1 %.
func BenchmarkStudy(b *testing.B) {
	for _, name := range []string{"quad1d", "quad2d", "iris"} {
		b.Run(name, func(b *testing.B) {
			s, err := study.Load("../studies/" + name + ".yaml")
			if err != nil {
				b.Fatal(err)
			}
			p, err := s.Problem()
			if err != nil {
				b.Fatal(err)
			}
			p.Fields = compare.FieldRequest{}
			certified := 0
			for b.Loop() {
				r, err := kinds.Gap(context.Background(), p, nil)
				if err != nil {
					b.Fatal(err)
				}
				certified = 0
				for _, row := range r.Gap {
					if row.Certified {
						certified++
					}
				}
			}
			b.ReportMetric(float64(certified), "certified")
		})
	}
}
