package exit

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/unit"
	"kolmo/derived"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/law"
	"kolmo/momentum"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/process"
)

// heavyBall is a heavy ball on f = x^2/2 + xi (x + x^2/4), xi = -1 or 1, in a metric and with noise that ends at R2.
func heavyBall(t *testing.T, metric []float64) (*compare.Problem, *derived.Dynamics) {
	t.Helper()
	e, err := expr.Parse("x^2/2 + xi*(x + x^2/4)", expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	samples, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, []float64{0.5, 0.5})
	if err != nil {
		t.Fatal(err)
	}
	loss, err := objective.New([]string{"x"}, e, samples)
	if err != nil {
		t.Fatal(err)
	}
	d, err := derived.New(momentum.New(momentum.Name, []string{"x"}, loss, 1.5), []float64{0, 0}, metric, 2, [2]float64{2, 3})
	if err != nil {
		t.Fatal(err)
	}
	center := d.Region().Center
	return &compare.Problem{Dynamics: d, Ball: grid.Ball{Center: center, R: d.Region().R}}, d
}

// In the user's coordinates a heavy ball's images, drifts and diffusions are those by hand, whatever its metric.
func TestUsersCoordinates(t *testing.T) {
	t.Parallel()
	const eta, g = 0.125, 1.5
	points := [][]float64{{0.1, 0}, {-0.4, 0.6}, {0.3, -0.5}}
	for name, metric := range map[string][]float64{"euclidean": nil, "lyapunov": {1.4, 1. / 3, 1. / 3, 2. / 3}, "bent": {3, 0.2, 0.2, 0.5}} {
		p, d := heavyBall(t, metric)
		im, weights, images := unit.InUsers(d, eta).NewImager(), make([]float64, 2), make([]float64, 4)
		for _, z := range points {
			if err := im.ImagesTo(weights, images, z); err != nil {
				t.Fatal(err)
			}
			for m, xi := range []float64{-1, 1} {
				v := z[1] - eta*(g*z[1]+z[0]+xi*(1+z[0]/2))
				if x := z[0] + eta*v; math.Abs(images[2*m]-x)+math.Abs(images[2*m+1]-v) > 1e-12 || weights[m] != 0.5 {
					t.Errorf("%s: image (%.9g, %.9g), want (%.9g, %.9g)", name, images[2*m], images[2*m+1], x, v)
				}
			}
		}
		for _, model := range d.Diffusions() {
			second := map[string]float64{"first-order": 0, "second-order": 1}
			s, ok := second[model.Name]
			if !ok {
				continue
			}
			c := unit.UsersPlane(p, d, model, eta, 1)(points)
			for i, z := range points {
				b, a, cross := c.At(i)
				force := -g*z[1] - z[0]
				want := [2]float64{z[1] + s*eta/2*force, force + s*eta/2*(z[1]+g*force)}
				noise := eta * (1 + z[0]/2) * (1 + z[0]/2)
				if math.Abs(b[0]-want[0]) > 1e-8 || math.Abs(b[1]-want[1]) > 1e-8 || math.Abs(a[1]-noise) > 1e-9 || math.Abs(a[0]) > 1e-10 || math.Abs(cross) > 1e-10 {
					t.Errorf("%s, %s: b = %.9g, want %.9g; a = %.9g, %.3g, want %.9g", name, model.Name, b, want, a, cross, noise)
				}
			}
			at := &Box{Lo: [2]float64{-0.4, -0.6}, Hi: [2]float64{0.4, 0.6}}
			nodes := at.nodes([2]int{8, 8})
			if noisy, why := at.noisy(unit.UsersPlane(p, d, model, eta, 1)(nodes), nodes); why != "" || noisy != [2]bool{false, true} {
				t.Errorf("%s, %s: noise along %v; %s", name, model.Name, noisy, why)
			}
		}
	}
}

// A diffusion without drift in bent coordinates has that of Ito's formula in the user's.
func TestUsersDrift(t *testing.T) {
	t.Parallel()
	p, d := heavyBall(t, []float64{1.4, 1. / 3, 1. / 3, 2. / 3})
	m := &process.Diffusion{Coefficients: func(f process.Fields, _ float64) *kolmogorov.Coefficients {
		c := new(kolmogorov.Coefficients)
		for range f.Len() {
			c.A[0][0], c.A[0][1], c.A[1][1] = append(c.A[0][0], 0.5), append(c.A[0][1], 0.2), append(c.A[1][1], 0.3)
		}
		return c
	}}
	c := unit.UsersPlane(p, d, m, 0.1, 1)([][]float64{{0.2, 0.4}})
	// The drift of z is half the second derivative of z along the columns of a root of a.
	root := [2][2]float64{{math.Sqrt(0.5), 0}, {0.2 / math.Sqrt(0.5), math.Sqrt(0.3 - 0.08)}}
	q, z := make([]float64, 2), make([]float64, 2)
	d.FromUser(q, []float64{0.2, 0.4})
	const h = 1e-3
	var want [2]float64
	for col := range 2 {
		for _, s := range []float64{-1, 1} {
			d.ToUser(z, []float64{q[0] + s*h*root[0][col], q[1] + s*h*root[1][col]})
			want[0] += (z[0] - 0.2) / 2 / h / h
			want[1] += (z[1] - 0.4) / 2 / h / h
		}
	}
	if b, _, _ := c.At(0); math.Abs(b[0]-want[0])+math.Abs(b[1]-want[1]) > 1e-6 {
		t.Errorf("drift (%.9g, %.9g), want (%.9g, %.9g)", b[0], b[1], want[0], want[1])
	}
	t.Logf("drift %v", want)
}
