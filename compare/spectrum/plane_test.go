package spectrum

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/derived"
	"kolmo/grid"
	"kolmo/law"
	"kolmo/momentum"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/process"
	"kolmo/sgd"
	"kolmo/study"
)

// planeProblem is gradient descent of a loss of x and y with noise of two or of four values.
func planeProblem(t *testing.T, loss string, noise [2]float64, R float64) *compare.Problem {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var values [][]float64
	for _, u := range []float64{-1, 1} {
		for _, v := range []float64{-1, 1} {
			values = append(values, []float64{u * noise[0], v * noise[1]})
		}
	}
	xi, err := law.Discrete([]string{"xi", "ze"}, values, nil)
	check(err)
	tree, err := expr.Parse(loss, expr.Scope{Parameters: []string{"x", "y"}, Variables: []string{"xi", "ze"}})
	check(err)
	f, err := objective.New([]string{"x", "y"}, tree, xi)
	check(err)
	ball := grid.Ball{Center: []float64{0, 0}, R: R}
	return &compare.Problem{Dynamics: sgd.New(f, ball, 1.5*R), Ball: ball}
}

// rotated is a loss of u and v with these turned by an angle, and noise in the turned directions.
func rotated(loss string, angle float64) string {
	sin, cos := math.Sincos(angle)
	u, v := fmt.Sprintf("(%.17g*x + %.17g*y)", cos, sin), fmt.Sprintf("(%.17g*y - %.17g*x)", cos, sin)
	return strings.NewReplacer("u", u, "v", v).Replace(loss)
}

// Points of rest of a separable loss are those of its factors, turned by any angle: wells are ordered by their first
// coordinates, and by their second where these are the same; and Eyring's and Kramers' rate is
// lambda/(2 pi) sqrt(f”(m)/|f”(s)|) e^{-2 (f(s) - f(m))/(eta sigma^2)}, whatever the other factor.
func TestWellsOfSeparableLoss(t *testing.T) {
	t.Parallel()
	const tilt = 0.1
	f := func(x float64) float64 { return x*x*x*x/4 - x*x/2 + tilt*x }
	bend := func(x float64) float64 { return 3*x*x - 1 }
	root := func(x float64) float64 {
		for range 50 {
			x -= (x*x*x - x + tilt) / bend(x)
		}
		return x
	}
	rest, top := []float64{root(-1), root(1)}, root(0.1)
	const eta, sigma = 1. / 16, 0.8
	for _, angle := range []float64{0, 2.5, 3 * math.Pi / 2} {
		p := planeProblem(t, rotated("u^4/4 - u^2/2 + 0.1*u + 3*v^2/2 + xi*u + ze*v", angle), [2]float64{sigma, 0.3}, 1.6)
		sin, cos := math.Sincos(angle)
		along := func(z []float64) float64 { return cos*z[0] + sin*z[1] }
		models, err := process.Named(p.Dynamics, sgd.FirstOrder, sgd.SecondOrder)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range append(models, nil) {
			name := sgd.Name
			if m != nil {
				name = m.Name
			}
			l, err := landscapeOf(p, m, eta, p.Ball.With(1.7))
			if err != nil || l.why != "" {
				t.Fatalf("angle %g, %s: %v %s", angle, name, err, l.why)
			}
			want := []float64{rest[0], rest[1]}
			if cos < -1e-9 || math.Abs(cos) < 1e-9 && sin < 0 {
				want[0], want[1] = want[1], want[0]
			}
			for k, z := range [][]float64{l.left, l.right, l.saddle} {
				w := append(want[:2:2], top)[k]
				if math.Abs(along(z)-w) > 1e-12 || math.Abs(cos*z[1]-sin*z[0]) > 1e-12 {
					t.Errorf("angle %g, %s: a point of rest %v, want u = %g", angle, name, z, w)
				}
			}
			if m != nil && name == sgd.FirstOrder {
				for k, z := range [][]float64{l.left, l.right} {
					w := want[k]
					pass := 2 * (f(top) - f(w)) / (eta * sigma * sigma)
					if got := l.small.pass(z); math.Abs(got/pass-1) > 1e-10 {
						t.Errorf("angle %g: exponent %.14g, want %.14g", angle, got, pass)
					}
					kramers := math.Sqrt(-bend(top)*bend(w)) / (2 * math.Pi) * math.Exp(-pass)
					if got, same := l.small.rates(z); math.Abs(got/kramers-1) > 1e-9 || got != same {
						t.Errorf("angle %g: Kramers' rate %.14g and %.14g, want %.14g", angle, got, same, kramers)
					}
				}
			}
			if m == nil && l.small != nil {
				t.Error("the chain has a barrier in the plane")
			}
		}
	}
}

// A heavy ball rests where the loss does, with the velocity 0, in whatever coordinates its grids are: those of the first-order model move
// there by (v, -f' - friction v), and that has no potential with noise in the velocity alone.
func TestWellsOfHeavyBall(t *testing.T) {
	t.Parallel()
	e, err := expr.Parse("x^4/4 - x^2/2 + xi*x", expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	xi, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	loss, err := objective.New([]string{"x"}, e, xi)
	if err != nil {
		t.Fatal(err)
	}
	for name, metric := range map[string][]float64{"euclidean": nil, "turned": {1.5, 0.5, 0.5, 1}} {
		d, err := derived.New(momentum.New(momentum.Name, []string{"x"}, loss, 1.5), []float64{0, 0}, metric, 2, [2]float64{2, 3})
		if err != nil {
			t.Fatal(err)
		}
		p := &compare.Problem{Dynamics: d, Ball: grid.Ball{Center: d.Region().Center, R: d.Region().R}}
		models, err := process.Named(d, "first-order")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range append(models, nil) {
			l, err := landscapeOf(p, m, 0.125, p.Ball)
			if err != nil || l.why != "" || l.small != nil {
				t.Fatalf("%s, %v: %v %s, potential %v", name, m, err, l.why, l.small)
			}
			for k, q := range [][]float64{l.left, l.saddle, l.right} {
				if z := p.ToUser(q); math.Abs(float64(z[0])-float64(k-1)) > 1e-9 || math.Abs(float64(z[1])) > 1e-9 {
					t.Errorf("%s, %v: at rest in %v, want (%d, 0)", name, m, z, k-1)
				}
			}
		}
	}
}

// What is not two wells with a saddle between them is said, with how many points of rest of each kind there are.
func TestOtherLandscapesOfThePlane(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		loss   string
		stable int
		why    string
	}{
		{"x^2/2 + y^2 + xi*x + ze*y", 1, "1 stable points of rest, 0 saddles and 0 others"},
		{"x^2*(x^2 - 1)^2 + y^2/2 + xi*x + ze*y", 3, "3 stable points of rest, 2 saddles and 0 others"},
		{"x^4/4 - x^2/2 + y^4/4 - y^2/2 + xi*x + ze*y", 4, "4 stable points of rest, 4 saddles and 1 others"},
		{"((x^2 + y^2)^2/4 - (x^2 + y^2)/2) + x/20 + y^2/8 + xi*x + ze*y", 2, "2 stable points of rest, 2 saddles and 1 others"},
		{"x^4/4 - x^2/2 + xi*x + ze*x", 0, "need not be all"},
		{"(x^2 + y^2)^2/4 - (x^2 + y^2)/2 + xi*x + ze*y", 0, "more than 32 points of rest"},
		{"x^3/3 - x*y^2 + xi*x + ze*y", 0, "turns otherwise along its edge"}, // three ways down from one point
		{"x^4/4 - x^2/2 + y^4 + xi*x + ze*y", 0, "0 stable points of rest, 0 saddles and 3 others"},
	} {
		p := planeProblem(t, c.loss, [2]float64{0.1, 0.1}, 1.5)
		l, err := landscapeOf(p, nil, 0.1, p.Ball)
		if err != nil || l.stable != c.stable || !strings.Contains(l.why, c.why) {
			t.Errorf("%s: %d stable, %q, %v; want %d, %q", c.loss, l.stable, l.why, err, c.stable, c.why)
		}
	}
}

// Paths leave a saddle to both sides, and lead to the points of rest there; where both lead to one of two, the other
// lies in an unstable cycle, and the saddle is no way from it.
func TestSaddleBetween(t *testing.T) {
	t.Parallel()
	p := planeProblem(t, "x^2 + y^2", [2]float64{1, 1}, 2)
	in := newDisc(p, p.Ball)
	of := func(b func(x, y float64) (float64, float64)) flow {
		return func(points [][]float64) ([]float64, error) {
			var out []float64
			for _, z := range points {
				u, v := b(z[0], z[1])
				out = append(out, u, v)
			}
			return out, nil
		}
	}
	f := of(func(x, y float64) (float64, float64) { return x - x*x*x, -y })
	r, err := f.restsInPlane(in)
	if err != nil || r.why != "" || len(r.saddles) != 1 || len(r.stable) != 2 {
		t.Fatal(err, r)
	}
	at, err := f.arrivals(r.saddles[0], r.ways[0], in, r.fastest, r.stable)
	if err != nil || at[0] < 0 || at[1] < 0 || r.stable[at[0]][0]*r.ways[0][0] < 0.9 || r.stable[at[1]][0]*r.ways[0][0] > -0.9 {
		t.Errorf("the ways along and against %v lead to %v of %v: %v", r.ways[0], at, r.stable, err)
	}
	// Wells that are narrow for the ball, and a flow that is not finite once it has left.
	f = of(func(x, y float64) (float64, float64) { return x * (0.0004 - x*x) / (0.0004 + x*x), -y })
	if r, err = f.restsInPlane(in); err != nil || len(r.saddles) != 1 || len(r.stable) != 2 {
		t.Fatal(err, r)
	}
	if at, err = f.arrivals(r.saddles[0], r.ways[0], in, r.fastest, r.stable); err != nil || at[0]+at[1] != 1 {
		t.Errorf("narrow wells: the ways lead to %v: %v", at, err)
	}
	f = func(points [][]float64) ([]float64, error) {
		var out []float64
		for _, z := range points {
			if math.Abs(z[0]) > 4*in.size {
				return nil, errors.New("not finite")
			}
			out = append(out, z[0]+math.Max(0, z[0]*z[0]*z[0])+math.Min(0, -0.999*z[0]), -z[1])
		}
		return out, nil
	}
	if at, err = f.arrivals([]float64{0, 0}, [2]float64{1, 0}, in, 50, nil); err != nil || at != [2]int{-1, -1} {
		t.Errorf("ways that leave lead to %v: %v", at, err)
	}
	// A particle whose friction is small and positive at the left minimum, negative around it, and large at the right one.
	f = of(func(x, v float64) (float64, float64) {
		square := (x + 1) * (x + 1)
		return v, x - x*x*x - (0.05-square+0.4*square*square)*v
	})
	if r, err = f.restsInPlane(in); err != nil || r.why != "" || len(r.saddles) != 1 || len(r.stable) != 2 {
		t.Fatal(err, r)
	}
	if at, err = f.arrivals(r.saddles[0], r.ways[0], in, r.fastest, r.stable); err != nil || at[0] != at[1] || at[0] < 0 || r.stable[at[0]][0] < 0.9 {
		t.Errorf("the ways lead to %v of %v, want the right one: %v", at, r.stable, err)
	}
}

// Two stable points of rest and a saddle whose paths both lead to the right one are no two wells: around the left one lies a cycle.
func TestCycleAroundAWell(t *testing.T) {
	t.Parallel()
	parsed, err := study.Parse("test.yaml", []byte(`name: cycle
parameters: [x]
loss: x^2/2 + xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2, metric: euclidean}
observables: {x: x}
eta: [1/256]
algorithm: {kind: custom, state: {v: {}}, update: {x: x + eta*v, v: v + eta*(x - x^3 - (0.05 - (x + 1)^2 + 0.4*(x + 1)^4)*v)}}
models: [gradient-flow]
`), ".")
	if err != nil {
		t.Fatal(err)
	}
	p, err := parsed.Problem()
	if err != nil {
		t.Fatal(err)
	}
	l, err := landscapeOf(p, nil, 1./256, p.Ball)
	if err != nil || l.stable != 2 || !strings.HasPrefix(l.why, "paths from the saddle are not seen to lead to both") {
		t.Errorf("%+v: %v", l, err)
	}
}

// There is no potential where the noise varies, where a^{-1} b has none, where there is noise in one direction only, or where a point of rest
// lies beyond the ball.
func TestNoPotential(t *testing.T) {
	t.Parallel()
	const well = "x^4/4 - x^2/2 + y^2/2"
	for _, c := range []struct {
		what, loss string
		noise      [2]float64
		R          float64
		is         bool
	}{
		{"constant noise", well + " + xi*x + ze*y", [2]float64{0.8, 0.3}, 1.5, true},
		{"coupled, of equal noise", well + " + x*y/4 + xi*x + ze*y", [2]float64{0.5, 0.5}, 1.5, true},
		{"coupled, of noise that is not equal", well + " + x*y/4 + xi*x + ze*y", [2]float64{0.8, 0.3}, 1.5, false},
		{"noise that varies", well + " + xi*(x + x^2/6) + ze*y", [2]float64{0.8, 0.3}, 1.5, false},
		{"noise in one direction", well + " + xi*x", [2]float64{0.8, 0.3}, 1.5, false},
		{"wells beyond the ball", well + " + xi*x + ze*y", [2]float64{0.8, 0.3}, 0.9, false},
	} {
		p := planeProblem(t, c.loss, c.noise, c.R)
		m, err := process.Named(p.Dynamics, sgd.FirstOrder)
		if err != nil {
			t.Fatal(err)
		}
		l, err := landscapeOf(p, m[0], 1./16, p.Ball.With(max(c.R, 1.5)))
		if err != nil || l.why != "" {
			t.Fatalf("%s: %v %s", c.what, err, l.why)
		}
		if (l.small != nil) != c.is {
			t.Errorf("%s: potential %v, want %v", c.what, l.small != nil, c.is)
		}
	}
}
