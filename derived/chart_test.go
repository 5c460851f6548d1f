package derived

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kolmo/process"
)

// charts draws a chart of a state of two or three coordinates, and returns R and |z - center|_P too.
func charts(t *rapid.T) (c *Chart, R float64, length func(z []float64) float64) {
	d := rapid.IntRange(2, 3).Draw(t, "d")
	R = rapid.Float64Range(0.5, 5).Draw(t, "R")
	bend := rapid.SampledFrom(bends).Draw(t, "c")
	var ranges []*process.Interval
	if at := rapid.IntRange(-1, d-1).Draw(t, "ranged"); at >= 0 {
		ranges = make([]*process.Interval, d)
		ranges[at] = &process.Interval{Low: -1, High: 1, StartLow: 0.5, StartHigh: 1}
		if a := rapid.Float64Range(-1, 30).Draw(t, "clock"); a > -0.5 {
			ranges[at].Clock = &process.Clock{Bend: max(a, 0)}
		}
		d--
	}
	p := make([]float64, d*d)
	entry := rapid.Float64Range(-0.3, 0.3)
	for k := range d {
		p[k*d+k] = rapid.Float64Range(0.7, 3).Draw(t, "diagonal")
		for l := range k {
			v := entry.Draw(t, "entry")
			p[k*d+l], p[l*d+k] = v, v
		}
	}
	center := rapid.SliceOfN(rapid.Float64Range(-1, 1), d, d).Draw(t, "center")
	if rapid.Bool().Draw(t, "identity") {
		p = nil
	}
	c, err := NewChart(center, p, R, 1.5*R, bend, ranges...)
	if err != nil {
		t.Fatal(err)
	}
	return c, R, func(z []float64) float64 {
		var round []float64
		for k, v := range z {
			if !c.ranged(k) {
				round = append(round, v)
			}
		}
		return process.Far(round, center, p)
	}
}

// Charts map the ball to a ball and back, and |y| is the length in P.
func TestChartProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, R, length := charts(t)
		q, z, back := make([]float64, c.d), make([]float64, c.d), make([]float64, c.d)
		for k := range q {
			if q[k] = rapid.Float64Range(-1, 1).Draw(t, "q"); !c.ranged(k) {
				q[k] = c.middle(k) + q[k]*c.far(1.5*R)
			}
		}
		c.toState(z, q)
		c.toChart(back, z)
		for k := range q {
			if c.ranged(k) && c.ranges[k].Clock == nil && z[k] != q[k] {
				t.Fatalf("the coordinate with a range moved from %v to %v", q[k], z[k])
			}
			if c.ranged(k) && (math.Abs(q[k]) == 1 || c.ranges[k].Clock != nil && c.ranges[k].Clock.Bend == 0) && z[k] != q[k] {
				t.Fatalf("the end of a range, or a clock that is not bent, moved from %v to %v", q[k], z[k])
			}
			if math.Abs(back[k]-q[k]) > 1e-9*(1+math.Abs(q[k])) {
				t.Fatalf("%v comes back as %v", q, back)
			}
		}
		if y := c.norm(z); math.Abs(c.radius(q)-y) > 1e-10*(1+y) || math.Abs(length(z)-y) > 1e-10*(1+y) {
			t.Fatalf("|y| is %v, that of q %v and |z - center|_P %v", y, c.radius(q), length(z))
		}
		for k, i := range c.intervals() {
			if i != nil && (i.StartHigh != 1 || c.unbent(k, i.StartLow) < 0.5-1e-12 || c.unbent(k, i.StartLow) > 0.5+1e-12) {
				t.Fatalf("starts from 0.5 to 1 are from %v to %v in q", i.StartLow, i.StartHigh)
			}
		}
		if y := c.near(c.ball().R); math.Abs(y-R) > 1e-12*R {
			t.Fatalf("the ball has the radius %v, want %v", y, R)
		}
	})
}

// A generator says the same of a function in both coordinates.
func TestChartGenerator(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, R, _ := charts(t)
		d := c.d
		phi := func(z []float64) float64 { return math.Sin(z[0]+z[1]/2) + z[d-1]*z[0] }
		q, z := make([]float64, d), make([]float64, d)
		for k := range q {
			if q[k] = rapid.Float64Range(-0.5, 0.5).Draw(t, "q"); !c.ranged(k) {
				q[k] *= c.far(R)
			}
		}
		c.toState(z, q)
		var b Vector
		var a Matrix
		for k := range d {
			b[k] = rapid.Float64Range(-1, 1).Draw(t, "b")
			for l := range k + 1 {
				a[k][l] = rapid.Float64Range(-1, 1).Draw(t, "a")
				a[l][k] = a[k][l]
			}
		}
		j := c.jetAt(z)
		bq := c.pushDrift(j, &b)
		aq, ito := c.pushDiffusion(j, &a)
		for k := range d {
			bq[k] += ito[k]
		}
		in := generator(phi, z, &b, &a, d, 1e-3)
		there := generator(func(q []float64) float64 {
			to := make([]float64, d)
			c.toState(to, q)
			return phi(to)
		}, q, &bq, &aq, d, 1e-3)
		if math.Abs(in-there) > 2e-4*(1+math.Abs(in)) {
			t.Fatalf("L phi is %v in the state and %v in the chart", in, there)
		}
	})
}

// generator is b.grad f + (1/2) a:hess f by central differences.
func generator(f func([]float64) float64, x []float64, b *Vector, a *Matrix, d int, h float64) float64 {
	at := func(k, l int, s, r float64) float64 {
		y := append([]float64(nil), x...)
		y[k] += s * h
		y[l] += r * h
		return f(y)
	}
	sum := 0.0
	for k := range d {
		sum += b[k] * (at(k, k, 1, 0) - at(k, k, -1, 0)) / (2 * h)
		for l := range d {
			second := (at(k, l, 1, 1) - at(k, l, 1, -1) - at(k, l, -1, 1) + at(k, l, -1, -1)) / (4 * h * h)
			sum += a[k][l] * second / 2
		}
	}
	return sum
}

// Metrics that are none are refused.
func TestChartErrors(t *testing.T) {
	t.Parallel()
	for _, p := range [][]float64{{1, 2, 2, 1}, {1, 0.5, 0.4, 1}, {0, 0, 0, 0}, {-1, 0, 0, -2}} {
		if _, err := NewChart([]float64{0, 0}, p, 1, 1.5, 0); err == nil {
			t.Errorf("no error for %v", p)
		}
	}
}

// The general formulas with noise in the limit are those of Langevin dynamics:
// b = -g - (eta/2)(H g - T/beta) and a = (2/beta)(I + eta H) + eta Sigma, g = grad f,
// T = grad Lap f.
func TestNoisyMoments(t *testing.T) {
	t.Parallel()
	const beta, eta = 3.0, 0.1
	g, T := Vector{0.7, -1.2}, Vector{0.4, 0.9}
	h := Matrix{{1.5, 0.3}, {0.3, 0.8}}
	sigma := Matrix{{0.5, -0.1}, {-0.1, 0.2}}
	var m Moments
	for k := range 2 {
		m.M12[k], m.L12[k] = -g[k], -T[k]/beta
		m.M22[k][k] = 2 / beta
		for l := range 2 {
			m.D12[k][l] = -h[k][l]
			m.M24[k][l] = g[k]*g[l] + sigma[k][l]
		}
	}
	b, a := m.Diffusion(2, 2, eta)
	for k := range 2 {
		want := -g[k] - eta/2*(h[k][0]*g[0]+h[k][1]*g[1]-T[k]/beta)
		if math.Abs(b[k]-want) > 1e-14 {
			t.Errorf("b = %v, want %v in entry %d", b, want, k)
		}
		for l := range 2 {
			want := eta*sigma[k][l] + 2/beta*eta*h[k][l]
			if k == l {
				want += 2 / beta
			}
			if math.Abs(a[k][l]-want) > 1e-14 {
				t.Errorf("a = %v, want %v in entry (%d, %d)", a, want, k, l)
			}
		}
	}
}
