package waves

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"

	"kolmo/grid"
	"kolmo/process"
)

// steps are those of x' = x - eta (slope(x) + noise xi), xi = +-1 with equal probabilities.
type steps struct {
	eta, noise float64
	slope      func(x float64) float64
}

func (s steps) Eta() float64                                  { return s.eta }
func (s steps) Dim() int                                      { return 1 }
func (s steps) Images() int                                   { return 2 }
func (s steps) Moving() bool                                  { return false }
func (s steps) Time(n int) float64                            { return float64(n) * s.eta }
func (s steps) NewImager() process.Imager                     { return s }
func (s steps) NewSampler(*rand.Rand) (process.Sampler, bool) { return nil, false }
func (s steps) Keeps(process.Region) (bool, string)           { return true, "" }
func (s steps) Support() (process.Chain, bool)                { return nil, false }
func (s steps) Refine() (process.Chain, bool)                 { return nil, false }
func (s steps) ImagesTo(weights, images, x []float64) error {
	for j, xi := range []float64{-1, 1} {
		weights[j], images[j] = 0.5, x[0]-s.eta*(s.slope(x[0])+s.noise*xi)
	}
	return nil
}

func looked(t *testing.T, half float64, s ...steps) *Waves {
	t.Helper()
	g, err := grid.Box(grid.KindChebyshev, []int{160}, []float64{0}, half)
	if err != nil {
		t.Fatal(err)
	}
	var chains []process.Chain
	for _, c := range s {
		chains = append(chains, c)
	}
	return New(chains, g, s[0].eta)
}

// power returns the steps of |x|^p/p.
func power(p, noise, eta float64) steps {
	return steps{eta, noise, func(x float64) float64 { return math.Copysign(math.Pow(math.Abs(x), p-1), x) }}
}

// along is the direction of waves on the line.
var along = [grid.MaxDim]float64{1}

// Derivatives of functions of a linear step fall by 1 - eta each, whatever the noise is.
func TestRateOfALinearStep(t *testing.T) {
	w := looked(t, 2, power(2, 0.5, 0.1))
	for _, m := range []float64{0.5, 1, 3, 7.5} {
		if got, want := w.rate(along, m), -m*math.Log(0.9)/0.1; math.Abs(got-want) > 1e-3*want {
			t.Errorf("order %g: %.6g, want %.6g", m, got, want)
		}
	}
	if got := w.Limit(10, 50); got != 50 {
		t.Errorf("a limit of %g where waves fall at any rate", got)
	}
}

// The first derivative of the slowest mode is the leading function of S with the weight DF, so that r_1 belongs to its rate: 0.061651531 and
// 0.124163345 by collocation on 600 and 760 nodes. Of functions that turn between images, by the same, the slowest have 0.102482200
// and 0.370713479, 0.044690008 for x^12/12 and 1.512910690 for
// 0.32 x^4 - 0.365 x^2: no limit of a grid that does not resolve them may be above.
func TestLimitsOfFlatLosses(t *testing.T) {
	for _, c := range []struct {
		chain             steps
		half, first, turn float64
	}{
		{power(8, 0.5, 0.1), 1.3, 0.061651531, 0.102482200},
		{power(4, 0.4, 0.1), 1.4, 0.124163345, 0.370713479},
		{power(12, 0.4, 0.1), 1.0, 0, 0.044690008},
		{steps{0.1, 0.54, func(x float64) float64 { return 1.28*x*x*x - 0.73*x }}, 1.5, 0, 1.512910690},
	} {
		w := looked(t, c.half, c.chain)
		if got := w.rate(along, 1); c.first > 0 && math.Abs(got-c.first) > 2e-3*c.first {
			t.Errorf("order 1: %.8g, want %.8g", got, c.first)
		}
		lattice := math.Pi / (c.chain.eta * c.chain.noise) // w of waves of which images differ by whole ones
		if got := w.Limit(0.5*lattice, 3); !(got <= c.turn && got > 0.2*c.turn) {
			t.Errorf("a limit of %.6g, want at most %.6g, and not much less", got, c.turn)
		}
		if coarse, fine := w.Limit(0.5*lattice, 3), w.Limit(4.5*lattice, 3); !(fine > coarse) {
			t.Errorf("limits of %.6g and %.6g beyond nine times as many waves", coarse, fine)
		}
	}
}

// Waves that images of every point add up are multiples of the lattice's, and are seen from its own on; those of noise that ends are other
// ones at every point.
func TestRepeatedWaves(t *testing.T) {
	w := looked(t, 1.3, power(8, 0.5, 0.1))
	lattice := math.Pi / 0.05
	if turn, ok := w.Repeated(1.4*lattice, 2); !ok || math.Abs(turn-lattice) > 0.1*lattice {
		t.Errorf("waves from %g on, %t, want %g", turn, ok, lattice)
	}
	if _, ok := w.Repeated(0.7*lattice, 2); ok {
		t.Error("waves are repeated of which none is resolved")
	}
}

// In a band with whole waves between the images of every point nothing is gained, wherever a scan has its points.
func TestWholeWavesAreKept(t *testing.T) {
	w := looked(t, 1.3, power(8, 0.5, 0.1))
	for _, share := range []float64{0.8, 0.83, 0.87, 0.9, 0.95} {
		m := w.order(along, share*math.Pi/0.05)
		if kept, all := w.rateOf(along, m), w.rate(along, m); !(kept <= all*(1+1e-9)) {
			t.Errorf("from %g of a wave on: a rate of %.8g, want %.8g", share, kept, all)
		}
	}
}

// Of many images waves see the means of those that are close.
func TestManyImagesAreMerged(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	y, weights := make([]float64, 5000), make([]float64, 5000)
	for j := range y {
		y[j], weights[j] = rnd.NormFloat64(), 1.0/5000
	}
	p := &projection{along: [][]float64{y}, weights: [][]float64{weights}, spread: floats.Max(y) - floats.Min(y), eta: 0.1}
	const turn = 2
	few := p.merged(0.1 / turn)
	if n := len(few.along[0]); n > 200 {
		t.Errorf("%d images, want few", n)
	}
	if a, b := few.rate(turn), p.rate(turn); math.Abs(a-b) > 1e-3*b {
		t.Errorf("a rate of %.8g, want %.8g", a, b)
	}
}

// Images that one rule for a law with a density adds up and another does not are the rule's.
func TestWavesOfTwoRules(t *testing.T) {
	one, two := looked(t, 1.3, power(8, 0.5, 0.1)), looked(t, 1.3, power(8, 0.5, 0.1), power(8, 0.37, 0.1))
	// Between pi and 1.3 pi over eta times the noise the first has a whole wave, and the second none.
	resolved := 0.98 * math.Pi / 0.05
	if a, b := one.Limit(resolved, 0.5), two.Limit(resolved, 0.5); !(a < 0.2 && b == 0.5) {
		t.Errorf("limits of %.6g with one rule and %.6g with two", a, b)
	}
}
