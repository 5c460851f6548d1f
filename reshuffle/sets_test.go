package reshuffle

import (
	"math"
	"testing"

	"kolmo/objective"
)

// mean returns the mean of f over the images of z.
func mean(t *testing.T, e *Epoch, eta float64, z []float64, f func(x []float64) float64) float64 {
	t.Helper()
	step := New(make([]string, len(z)), e).Step(eta)
	weights, images := make([]float64, step.Images()), make([]float64, step.Images()*len(z))
	if err := step.NewImager().ImagesTo(weights, images, z); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for m, w := range weights {
		sum += w * f(images[m*len(z):(m+1)*len(z)])
	}
	return sum
}

// overOrders is the same by all orders, one by one.
func overOrders(l *objective.Loss, eta float64, z []float64, f func(x []float64) float64) float64 {
	ev, n := l.NewEvaluator(), l.Law().Len()
	var from func(x []float64, left []int) float64
	from = func(x []float64, left []int) float64 {
		if len(left) == 0 {
			return f(x)
		}
		g, sum := make([]float64, n*len(x)), 0.0
		ev.GradsTo(g, x)
		for j, i := range left {
			y := append([]float64(nil), x...)
			for k := range y {
				y[k] -= eta * g[i*len(x)+k]
			}
			sum += from(y, append(append([]int(nil), left[:j]...), left[j+1:]...))
		}
		return sum / float64(len(left))
	}
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return from(z, all)
}

// tenValues are ten different ones.
var tenValues = [][]float64{{-1}, {1}, {-0.8}, {0.8}, {-0.5}, {0.5}, {-0.3}, {0.3}, {-0.1}, {0.1}}

// Means over the sets are those over all orders: to rounding up to five samples, and beyond that to an error
// that richer laws tell.
func TestMeansOverOrders(t *testing.T) {
	t.Parallel()
	seen := 0.0
	for n := 2; n <= 7; n++ {
		for d, l := range []*objective.Loss{parsed(t, []string{"x"}, "x^2/2 + 0.5*cos(xi + 2*x) + xi*x/2", tenValues[:n], nil), lossOf(t, tenValues[:n], nil)} {
			for i, eta := range []float64{1. / 4, 1. / 16} {
				z := []float64{0.4, -0.7}[:d+1]
				wave := func(x []float64) float64 { return math.Cos(3*x[0] - x[len(x)-1]) }
				e, err := NewEpoch(l, n)
				if err != nil {
					t.Fatal(err)
				}
				want, own, bar := overOrders(l, eta, z, wave), mean(t, e, eta, z, wave), 1e-14
				if exact := e.exact(); exact != (n <= 5) || exact != New(nil, e).Law().Exact {
					t.Errorf("%d samples: exact is %v", n, exact)
				}
				if fine, ok := New(nil, e).Refine(); ok != (n > 5) {
					t.Errorf("%d samples: a richer law is %v", n, ok)
				} else if ok {
					bar += 1.25 * math.Abs(own-mean(t, fine.(*algorithm).Epoch, eta, z, wave))
				}
				off := math.Abs(own - want)
				seen = max(seen, off)
				if most := [2][2]float64{{2e-10, 2e-14}, {6e-4, 3e-8}}[d][i]; !(off <= bar) || !(bar <= most) {
					t.Errorf("%d samples, %d coordinates, eta = %g: off by %.2g, told %.2g", n, d+1, eta, off, bar)
				}
			}
		}
	}
	if seen < 1e-9 {
		t.Errorf("no error to tell: %.2g", seen)
	}
}

// Ten different samples: 2^N N/2 steps of laws, each of few points, and the moments of a linear
// step in closed form.
func TestTenSamples(t *testing.T) {
	t.Parallel()
	const eta, n = 1. / 8, 10
	l := parsed(t, []string{"x"}, "(x - xi)^2/2", tenValues, nil)
	epoch, err := NewEpoch(l, n)
	if err != nil {
		t.Fatal(err)
	}
	steps, points := 0, 0
	for _, s := range epoch.all {
		steps += len(s.last)
		points = max(points, s.atoms)
	}
	if steps != n<<(n-1) || len(epoch.all) != 1<<n || points > nodes[1] {
		t.Errorf("%d steps of laws of up to %d points, %d sets; want %d, %d, %d", steps, points, len(epoch.all), n<<(n-1), nodes[1], 1<<n)
	}
	keep, spread := linearEpoch(eta)
	x := []float64{1.3}
	if got, want := mean(t, epoch, eta, x, func(y []float64) float64 { return y[0] }), keep*x[0]; math.Abs(got-want) > 1e-14 {
		t.Errorf("mean %.17g, closed form %.17g", got, want)
	}
	if got := mean(t, epoch, eta, x, func(y []float64) float64 { return (y[0] - keep*x[0]) * (y[0] - keep*x[0]) }); math.Abs(got-spread) > 1e-14 {
		t.Errorf("variance %.17g, closed form %.17g", got, spread)
	}
}

// linearEpoch is what an epoch of (x - xi)^2/2 over the ten values does: x -> keep x + Z, Z of the variance
// spread. Z is eta sum (1 - eta)^j xi_order(j), and E xi_i xi_j = -E xi^2/9 for i != j.
func linearEpoch(eta float64) (keep, spread float64) {
	const n = 10
	square, sum, squares := 0.0, 0.0, 0.0
	for j, v := range tenValues {
		square += v[0] * v[0] / n
		sum += math.Pow(1-eta, float64(j))
		squares += math.Pow(1-eta, float64(2*j))
	}
	return math.Pow(1-eta, n), eta * eta * square * (squares - (sum*sum-squares)/(n-1))
}
