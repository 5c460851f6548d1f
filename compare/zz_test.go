package compare

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"kolmo/kolmogorov"
)

func TestZZ(t *testing.T) {
	cases := map[string]spec{
		"trig1d": {name: "trig1d", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{1}, {-1}},
			loss: "x^2/2 + 2*xi*cos(x)", observables: [][2]string{{"half", "x^2/2"}, {"gauss", "exp(-x^2/2)"}}, r: 5, etas: []int{4, 8, 16, 32, 64, 128, 256}},
		"trig2d": {name: "trig2d", parameters: []string{"x", "y"}, variables: []string{"a", "b"}, values: [][]float64{{1, .5}, {-1, -.5}, {.5, -1}, {-.5, 1}},
			loss: "(x^2+y^2)/2 + 0.2*x*y + a*sin(x) + b*cos(x+y)", observables: [][2]string{{"half", "(x^2+y^2)/2"}, {"gauss", "exp(-(x^2+y^2)/2)"}}, r: 3, etas: []int{4, 8, 16, 32, 64, 128}},
		"well": {name: "well", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{.5}, {-.5}},
			loss: "x^4/4 - x^2/2 + xi*x", observables: [][2]string{{"x", "x"}}, r: 1.4, etas: []int{16, 32, 64, 128}},
		"const": {name: "const", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{1}, {-1}},
			loss: "(x-xi)^2/2", observables: [][2]string{{"one", "3"}, {"lin", "x"}}, r: 2, etas: []int{4, 8, 16}},
		"quad3d": {name: "quad3d", parameters: []string{"x", "y", "z"}, variables: []string{"a"}, values: [][]float64{{1}, {-1}},
			loss: "(x-a)^2/2 + (y+0.5*a)^2/2 + z^2 + 0.2*x*z + 0.3*a*z", observables: [][2]string{{"sq", "x^2+y^2+z^2"}}, r: 2, etas: []int{4, 8, 16, 32, 64}},
		"quad1d": quad1d, "quad2d": quad2d,
	}
	p := build(t, cases[os.Getenv("ZZ")])
	switch os.Getenv("SP") {
	case "u":
		p.Solver.Space = SpaceUniform
	case "c":
		p.Solver.Space = SpaceChebyshev
	case "hv":
		p.Solver.Space = SpaceUniform
		p.Solver.Time = TimeHundsdorferVerwer
	}
	if os.Getenv("M") != "" {
		m, _ := kolmogorov.ParseModel(os.Getenv("M"))
		p.Models = []kolmogorov.Model{m}
	}
	t0 := time.Now()
	r, err := Gap(context.Background(), p, &Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range r.Gap {
		fmt.Printf("%-8s %-13s %5s %.6e rel %.1e n %d steps %d t %.2f x %.4f nodes %d %s growth %.1e %v %s %s tail %v S %.1e I %.1e sup %.1e T %.1e time %.1e\n", g.Observable, g.Model, g.EtaText, g.Gap, float64(g.Error/g.Gap), g.N, g.Steps, g.T, g.X, g.Nodes, g.Space, g.Growth, g.Certified, deref(g.ClosedBy), deref(g.Reason), g.Tail, g.Errors.Space/g.Gap, g.Errors.Interpolation/g.Gap, g.Errors.Sup/g.Gap, g.Errors.Tail/g.Gap, g.Errors.Time/g.Gap)
	}
	for _, o := range r.Order {
		fmt.Println(o.Verdict)
	}
	for _, w := range r.Warnings {
		fmt.Println(w)
	}
	fmt.Println(time.Since(t0))
}
