package schedule_test

import (
	"fmt"
	"testing"

	"kolmo/study"
)

// A step that draws its own noise from another law than the normal has other fourth moments than a diffusion, and the
// order of its models is 1 with a schedule and without; with normal noise it is 2.
func TestOrdersUnderOtherNoise(t *testing.T) {
	t.Parallel()
	const text = `name: rough
parameters: [x]
loss: x^2/2 + xi*x/4
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
algorithm: {kind: custom, noise: {z: {law: %s}}, update: {x: x - eta*grad(x) + sqrt(eta)*z}}
%sball: {R: 2}
observables: {square: x^2}
eta: [1/8]
horizon: 1
models: [second-order]
`
	for law, want := range map[string]int{"uniform, low: -1, high: 1": 1, "normal": 2} {
		for _, falling := range []string{"", "schedule: {kind: inverse, rate: 1}\n"} {
			s, err := study.Parse("rough.yaml", fmt.Appendf(nil, text, law, falling), ".")
			if err != nil {
				t.Fatal(err)
			}
			p, err := s.Problem()
			if err != nil {
				t.Fatal(err)
			}
			if m := p.Models[0]; m.Order != want || (m.Note != "") != (want == 1) {
				t.Errorf("noise %s, %q: order %d, %q, want %d", law, falling, m.Order, m.Note, want)
			}
		}
	}
}
