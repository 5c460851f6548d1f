package closedform

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// problem is a Reference beside the data it was made from.
type problem struct {
	*Reference
	law Linear
	phi Observable
}

// value returns phi(x) from the data.
func (p problem) value(x []float64) float64 {
	switch o := p.phi.(type) {
	case Cosine:
		return math.Cos(dot(o.K, x))
	case Quadratic:
		sum := o.Constant
		for i, row := range o.Q {
			sum += x[i] * dot(row, x)
		}
		return sum
	}
	panic("unknown observable")
}

// step returns x - eta grad f(x;z) from the data.
func (p problem) step(x, z []float64, eta float64) []float64 {
	next := make([]float64, len(x))
	for i, row := range p.law.A {
		next[i] = x[i] - eta*(dot(row, x)-z[i])
	}
	return next
}

// problems returns the two problems of the package and others with skewed
// laws, d = 1 to 3, so that the arguments of characteristic functions and all
// mixed terms count.
func problems(t *testing.T) []problem {
	t.Helper()
	pm := Linear{A: [][]float64{{1}}, Nodes: [][]float64{{1}, {-1}}, Weights: []float64{0.5, 0.5}}
	quad := Linear{
		A:       [][]float64{{1, 0.3}, {0.3, 2}},
		Nodes:   [][]float64{{1, 0.4}, {-1, -0.4}, {0.3, -0.6}, {-0.3, 0.6}},
		Weights: []float64{0.25, 0.25, 0.25, 0.25},
	}
	one := Linear{A: [][]float64{{1.5}}, Nodes: [][]float64{{1}, {-0.25}}, Weights: []float64{0.2, 0.8}}
	two := Linear{
		A:       [][]float64{{1, -0.4}, {-0.4, 0.8}},
		Nodes:   [][]float64{{2, 1}, {-1, 0.5}, {0, -2}},
		Weights: []float64{0.25, 0.5, 0.25},
	}
	three := Linear{
		A:       [][]float64{{2, 0.1, 0}, {0.1, 1, 0.3}, {0, 0.3, 1.5}},
		Nodes:   [][]float64{{1, 0, 1}, {0, 1, -1}, {-1, -1, 0}},
		Weights: []float64{1. / 3, 1. / 3, 1. / 3},
	}
	list := []problem{
		{Quad1D()[0], pm, Quadratic{Q: [][]float64{{1}}}},
		{Quad1D()[1], pm, Cosine{K: []float64{1}}},
		{Quad2D()[0], quad, Quadratic{Q: [][]float64{{1, 0}, {0, 1}}}},
		{Quad2D()[1], quad, Cosine{K: []float64{1, 0.5}}},
		{nil, one, Quadratic{Q: [][]float64{{-0.7}}, Constant: 3}},
		{nil, one, Cosine{K: []float64{2}}},
		{nil, two, Quadratic{Q: [][]float64{{1, 0.8}, {0, -2}}}},
		{nil, two, Cosine{K: []float64{-1, 1.5}}},
		{nil, three, Quadratic{Q: [][]float64{{1, 0, 1}, {0, 2, 0}, {0, 1, 0}}}},
		{nil, three, Cosine{K: []float64{1, -0.5, 0.25}}},
	}
	for i := range list {
		if list[i].Reference == nil {
			r, err := New("other", list[i].law, list[i].phi)
			if err != nil {
				t.Fatal(err)
			}
			list[i].Reference = r
		}
	}
	return list
}

// point returns a point with coordinates in [-2,2].
func point(rnd *rand.Rand, d int) []float64 {
	x := make([]float64, d)
	for i := range x {
		x[i] = 4*rnd.Float64() - 2
	}
	return x
}

func TestUAgainstAllPaths(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 1))
	for i, p := range problems(t) {
		var mean func(n int, x []float64, eta float64) float64
		mean = func(n int, x []float64, eta float64) float64 {
			if n == 0 {
				return p.value(x)
			}
			sum := 0.0
			for k, z := range p.law.Nodes {
				sum += p.law.Weights[k] * mean(n-1, p.step(x, z, eta), eta)
			}
			return sum
		}
		for n := range 6 {
			for _, eta := range []float64{0.9, 0.25, 0.01} { // 1 - eta a < 0 occurs
				x := point(rnd, p.Dim())
				want := mean(n, x, eta)
				if got := p.U(eta, n, x); math.Abs(got-want) > 1e-13*(1+math.Abs(want)) {
					t.Errorf("problem %d, eta %g, n %d: U = %.16g, all paths %.16g", i, eta, n, got, want)
				}
			}
		}
	}
}

func TestUSemigroup(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(2, 1))
	for i, p := range problems(t) {
		for _, n := range []int{0, 1, 7, 60, Limit} {
			const eta = 0.125
			x := point(rnd, p.Dim())
			sum := 0.0
			for k, z := range p.law.Nodes {
				sum += p.law.Weights[k] * p.U(eta, n, p.step(x, z, eta))
			}
			next := n + 1
			if n == Limit {
				next = Limit
			}
			if got := p.U(eta, next, x); math.Abs(got-sum) > 1e-13*(1+math.Abs(sum)) {
				t.Errorf("problem %d, n %d: U^{n+1} = %.16g, S U^n = %.16g", i, n, got, sum)
			}
		}
	}
}

func TestConstantIsKept(t *testing.T) {
	t.Parallel()
	law := problems(t)[3].law
	for _, phi := range []Observable{Quadratic{Q: square(2), Constant: 1}, Cosine{K: []float64{0, 0}}} {
		r, err := New("1", law, phi)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{0, 1, 50, Limit} {
			if got := r.U(0.25, n, []float64{1, -1}); got != 1 {
				t.Errorf("%T: U^%d 1 = %g", phi, n, got)
			}
		}
		for _, m := range Models() {
			if got := r.Diffusion(m, 0.25, 3, []float64{1, -1}); got != 1 {
				t.Errorf("%T, %s: u = %g for phi = 1", phi, m, got)
			}
			if gap, _, _, _ := r.Gap(m, 0.25, 2); gap != 0 {
				t.Errorf("%T, %s: gap %g for phi = 1", phi, m, gap)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	const eta = 0.25
	for i, p := range problems(t) {
		x := make([]float64, p.Dim())
		x[0] = 1.5
		if u, limit := p.U(eta, 400, x), p.U(eta, Limit, x); math.Abs(u-limit) > 1e-12 {
			t.Errorf("problem %d: U^400 = %.16g, limit %.16g", i, u, limit)
		}
		for _, m := range Models() {
			u, limit := p.Diffusion(m, eta, 100, x), p.Diffusion(m, eta, math.Inf(1), x)
			if math.Abs(u-limit) > 1e-12 {
				t.Errorf("problem %d, %s: u(.,100) = %.16g, limit %.16g", i, m, u, limit)
			}
		}
	}
}

func TestDifferenceIsUMinusU(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 1))
	for i, p := range problems(t) {
		for _, m := range Models() {
			for _, eta := range []float64{0.9, 0.25, 0.03125, 0.01} {
				for _, n := range []int{0, 1, 9, 100, Limit} {
					x := point(rnd, p.Dim())
					tn := float64(n) * eta
					if n == Limit {
						tn = math.Inf(1)
					}
					want := p.U(eta, n, x) - p.Diffusion(m, eta, tn, x)
					if got := p.Difference(m, eta, n, x); math.Abs(got-want) > 1e-13*(1+math.Abs(p.value(x))) {
						t.Errorf("problem %d, %s, eta %g, n %d: Difference = %g, U - u = %g", i, m, eta, n, got, want)
					}
				}
			}
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := problems(t)[0].law
	phi := Cosine{K: []float64{1}}
	for _, c := range []struct {
		name string
		law  Linear
		phi  Observable
		want error
	}{
		{"no dimension", Linear{}, phi, ErrShape},
		{"ragged A", Linear{A: [][]float64{{1, 2}}, Nodes: good.Nodes, Weights: good.Weights}, phi, ErrShape},
		{"node too long", Linear{A: good.A, Nodes: [][]float64{{1, 1}, {-1, -1}}, Weights: good.Weights}, phi, ErrShape},
		{"mean not zero", Linear{A: good.A, Nodes: [][]float64{{1}, {2}}, Weights: good.Weights}, phi, ErrLaw},
		{"mean not a number", Linear{A: good.A, Nodes: [][]float64{{1}, {math.NaN()}}, Weights: good.Weights}, phi, ErrLaw},
		{"sum of weights", Linear{A: good.A, Nodes: good.Nodes, Weights: []float64{0.4, 0.4}}, phi, ErrLaw},
		{"negative weight", Linear{A: good.A, Nodes: good.Nodes, Weights: []float64{-1, 2}}, phi, ErrLaw},
		{"A negative", Linear{A: [][]float64{{-1}}, Nodes: good.Nodes, Weights: good.Weights}, phi, ErrA},
		{"A not symmetric", Linear{A: [][]float64{{1, 0}, {0.5, 1}}, Nodes: good.Nodes, Weights: good.Weights}, phi, ErrA},
		{"k too long", good, Cosine{K: []float64{1, 2}}, ErrShape},
		{"Q ragged", good, Quadratic{Q: [][]float64{{1, 2}}}, ErrShape},
	} {
		if _, err := New(c.name, c.law, c.phi); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}
