package spectrum

import (
	"math"
	"math/cmplx"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare/survey"
	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/kolmogorov"
)

// A matrix with known eigenvalues, far from normal: the values are within their errors, a
// pair comes with the one above the axis first, and the constant's is left out.
func TestDense(t *testing.T) {
	t.Parallel()
	// Block triangular: 0, -1, -2 +- 3i, -4 on the diagonal.
	a := mat.NewDense(5, 5, []float64{
		0, 50, 10, -30, 20,
		0, -1, 40, 10, 5,
		0, 0, -2, 3, 60,
		0, 0, -3, -2, -70,
		0, 0, 0, 0, -4,
	})
	s, err := Dense(a, []int{5}, Generator, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []complex128{1, 2 + 3i, 2 - 3i}
	if len(s.Modes) != len(want) || cmplx.Abs(s.Zero) > 1e-12 {
		t.Fatalf("%d modes, want %d; the constant's rate is %g", len(s.Modes), len(want), s.Zero)
	}
	for i, m := range s.Modes {
		if d := cmplx.Abs(m.Rate - want[i]); d > m.Algebra || m.Algebra > 1e-10 {
			t.Errorf("mode %d: %g +- %.1g, want %g", i, m.Rate, m.Algebra, want[i])
		}
	}
	// As a step of a chain: 1, 1/2 and -1/4.
	s, err = Dense(mat.NewDense(3, 3, []float64{1, 5, 7, 0, 0.5, 9, 0, 0, -0.25}), []int{3}, Power(0.5), 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []complex128{complex(2*math.Ln2, 0), complex(4*math.Ln2, 2*math.Pi)} {
		if d := cmplx.Abs(s.Modes[i].Rate - want); d > 1e-12 {
			t.Errorf("mode %d: %g, want %g", i, s.Modes[i].Rate, want)
		}
	}
}

// grids returns spectra of smooth modes with the given rates; a negative one stands for
// a mode that alternates.
func grids(lists ...[]float64) Grids {
	var g Grids
	for _, rates := range lists {
		s := &Spectrum{Least: 1e-12, Size: 1}
		for _, r := range rates {
			m := Mode{Rate: complex(math.Abs(r), 0)}
			if r < 0 {
				m.Rough = 1.7
			}
			s.Modes = append(s.Modes, m)
		}
		g = append(g, s)
	}
	return g
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		of    Grids
		want  []float64
		doubt []bool
	}{
		{"alike", grids([]float64{1, 2}, []float64{1.001, 2.001}, []float64{0.999, 2.002}), []float64{1, 2}, []bool{false, false}},
		{"multiple", grids([]float64{1, 1, 2}, []float64{1, 1, 2}, []float64{1, 1, 2}), []float64{1, 1, 2}, []bool{false, false, false}},
		{"the grids' own", grids([]float64{-0.5, 1}, []float64{1, -1.1}, []float64{-0.2, 1}), []float64{1}, []bool{false}},
		{"rough ones that agree", grids([]float64{-0.5, 1}, []float64{-0.5, 1}, []float64{-0.5, 1}), []float64{1}, []bool{true}},
		{"not on the coarsest", grids([]float64{0.3, 1}, []float64{0.3, 1}, []float64{1}), []float64{1}, []bool{true}},
		{"not on the finest", grids([]float64{1}, []float64{0.3, 1}, []float64{0.3, 1}), []float64{1}, []bool{true}},
		{"far apart", grids([]float64{0.1, 1}, []float64{0.2, 1}, []float64{0.3, 1}), []float64{1}, []bool{true}},
		// Heavy ball near critical damping: the mode at 1.511 is the operator's at 1.490.
		{"just behind", grids([]float64{1.505, 1.511}, []float64{1.5055, 1.537}, []float64{1.507, 1.591}), []float64{1.505}, []bool{true}},
		{"doubt behind", grids([]float64{1, 2}, []float64{1, 2.5}, []float64{1, 3}), []float64{1}, []bool{false}},
	} {
		found := c.of.Match()
		if len(found) != len(c.want) {
			t.Errorf("%s: %d modes, want %d", c.name, len(found), len(c.want))
			continue
		}
		for i, f := range found {
			if real(f.Rate) != c.want[i] || f.Doubt != c.doubt[i] {
				t.Errorf("%s: mode %d is %g, in doubt %v; want %g, %v", c.name, i, f.Rate, f.Doubt, c.want[i], c.doubt[i])
			}
		}
	}
	if f := grids([]float64{1}, []float64{1.004}, []float64{0.99}).Match(); math.Abs(f[0].Error-0.02) > 1e-15 {
		t.Errorf("error %g, want twice the largest distance", f[0].Error)
	}
	if f := grids([]float64{1e-13}, []float64{3e-13}, []float64{1e-14}).Match(); !f[0].Below {
		t.Errorf("%g is told from zero", f[0].Rate)
	}
	sensitive := grids([]float64{1, 2})
	sensitive[0].Modes[1].Algebra = 1e-2
	if a, b, c, d := grids([]float64{1}).Useless(1), (Grids{{Modes: []Mode{{Rate: -1e-3}}, Least: 1e-12}}).Useless(0), sensitive.Useless(2), sensitive.Useless(1); a != "" || b == "" || c == "" || d != "" {
		t.Errorf("%q, %q, %q, %q", a, b, c, d)
	}
	// A mode that rounding may move anywhere is none, and leaves those after it in doubt; slower ones are what they are.
	blurred := grids([]float64{0.5, 1, 2}, []float64{0.5, 1, 2}, []float64{0.5, 1, 2})
	blurred[1].Modes[1].Algebra = 1e-2
	if f := blurred.Match(); len(f) != 2 || real(f[0].Rate) != 0.5 || f[0].Doubt || real(f[1].Rate) != 2 || !f[1].Doubt {
		t.Errorf("with rounding in the second mode: %+v", f)
	}
	// Which of two rates is the slower may not be known.
	if f := (Grids{grids([]float64{1, 1.01})[0], grids([]float64{1, 1.01})[0], grids([]float64{1, 1.015})[0]}).Match(); math.Abs(f[1].Error-0.01) > 1e-12 || f[0].Error > 1e-12 {
		t.Errorf("%+v", f)
	}
}

// Two wells that bounded noise cannot leave, and noise that is just large enough: the
// largest slope of the barrier is 2/sqrt(27) = 0.3849.
func TestWells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		eta, noise float64
		want       int
	}{{0.25, 0.3, 2}, {0.0625, 0.38, 2}, {0.25, 0.39, 1}, {0.0625, 0.5, 1}, {0.0078125, 0.2, 2}, {0.25, 0, 2}} {
		wells := apart(kept(2, func(at, weights []float64, x float64) {
			for i, xi := range []float64{-c.noise, c.noise} {
				at[i], weights[i] = x-c.eta*(x*x*x-x+xi), 0.5
			}
		}, Interval{-1.5, 1.5}))
		// Noise that crosses leaves one interval at the most.
		if n := len(wells); c.want == 2 && n != 2 || c.want == 1 && n > 1 {
			t.Errorf("eta = %g, noise %g: %v, want %d", c.eta, c.noise, wells, c.want)
		}
		if len(wells) == 2 && !(wells[0].Hi < 0 && wells[1].Lo > 0 && wells[0].Lo < -1 && wells[1].Hi > 1) {
			t.Errorf("eta = %g, noise %g: %v", c.eta, c.noise, wells)
		}
	}
}

// Blocks find what the QR algorithm does, multiple modes included, within the errors of both.
func TestBlock(t *testing.T) {
	t.Parallel()
	const n = 80
	// Rates 0, 1/2, 1, 1, 2, 2 +- i, 3, 4, .. mixed by a transformation far from orthogonal.
	d := mat.NewDense(n, n, nil)
	for i, r := range []float64{0, 0.5, 1, 1, 2, 2, 2} {
		d.Set(i, i, -r)
	}
	d.Set(5, 6, 1)
	d.Set(6, 5, -1)
	for i := 7; i < n; i++ {
		d.Set(i, i, -float64(i-4))
	}
	mix := mat.NewDense(n, n, nil)
	for i := range n {
		mix.Set(i, i, 1)
		for j := range i {
			mix.Set(i, j, 0.1*math.Sin(float64(7*i+3*j)))
		}
	}
	var a, half mat.Dense
	half.Mul(mix, d)
	var inverse mat.Dense
	if err := inverse.Inverse(mix); err != nil {
		t.Fatal(err)
	}
	a.Mul(&half, &inverse)
	want := []complex128{0.5, 1, 1, 2, 2 + 1i, 2 - 1i, 3, 4}
	dense, err := Dense(&a, []int{n}, Generator, 8)
	if err != nil {
		t.Fatal(err)
	}
	block, err := Block(&a, []int{n}, Generator, 8, 6, InverseStep(&a, 3))
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*Spectrum{"dense": dense, "block": block} {
		if len(s.Modes) < 6 {
			t.Fatalf("%s: %d modes", name, len(s.Modes))
		}
		for k, m := range s.Modes[:6] {
			if !(cmplx.Abs(m.Rate-want[k]) <= m.Algebra+1e-11) || m.Algebra > 1e-9 {
				t.Errorf("%s, mode %d: %g +- %.1g, want %g", name, k, m.Rate, m.Algebra, want[k])
			}
		}
	}
}

// Blocks tell the slow modes that have settled where too many others have not.
func TestBlockOfManyModes(t *testing.T) {
	t.Parallel()
	const n = 80
	a := mat.NewDense(n, n, nil)
	for i, r := range []float64{0, 0.5, 1, 2} {
		a.Set(i, i, -r)
	}
	for i := 4; i < n; i++ {
		a.Set(i, i, -50-0.001*float64(i))
	}
	s, err := Block(a, []int{n}, Generator, 24, 6, InverseStep(a, 3))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Modes) < 3 {
		t.Fatalf("%d modes, want the three slow ones", len(s.Modes))
	}
	for k, want := range []complex128{0.5, 1, 2} {
		if m := s.Modes[k]; !(cmplx.Abs(m.Rate-want) <= m.Algebra+1e-12) {
			t.Errorf("mode %d: %g +- %.1g, want %g", k, m.Rate, m.Algebra, want)
		}
	}
}

// On more nodes than rounding bears, the eigenvalues of u” /8 - (9/8) x u' are a cloud beside the slow ones. None of it is
// moved far from where it is seen, so that none is taken for faster than it may be.
func TestModesOfACloudStay(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const n = 96
	g, err := grid.Box(grid.KindChebyshev, []int{n}, []float64{0}, 3)
	if err != nil {
		t.Fatal(err)
	}
	drift, noise, x := make([]float64, n), make([]float64, n), make([]float64, 1)
	for i := range n {
		g.PointTo(x, i)
		drift[i], noise[i] = -1.125*x[0], 0.25
	}
	c := new(kolmogorov.Coefficients)
	c.B[0], c.A[0][0] = drift, noise
	op, err := kolmogorov.NewOperator(g, c, survey.Chebyshev().Order)
	if err != nil {
		t.Fatal(err)
	}
	a, u, image := mat.NewDense(n, n, nil), make([]float64, n), make([]float64, n)
	for i := range n {
		u[i] = 1
		op.ApplyTo(image, nil, 1, u)
		u[i] = 0
		a.SetCol(i, image)
	}
	s, err := Dense(a, []int{n}, Generator, 28)
	if err != nil {
		t.Fatal(err)
	}
	cloud := 0
	for i, m := range s.Modes {
		if s.floor(m) > near*s.Size {
			cloud++
		}
		if i > 0 && real(s.Modes[i-1].Rate-m.Rate) > 2*near*s.Size {
			t.Errorf("mode %d at %.4g after one at %.4g", i, m.Rate, s.Modes[i-1].Rate)
		}
	}
	if cloud < 5 {
		t.Errorf("%d of %d modes are rounding", cloud, len(s.Modes))
	}
}

// Grids that know more modes do not take away what others know of the slow ones, and those that know fewer give what they know.
func TestModesFromSeveralGrids(t *testing.T) {
	t.Parallel()
	of := func(errs ...float64) (found []Found) {
		for k, e := range errs {
			found = append(found, Found{Rate: complex(float64(k+1), 0), Error: e * float64(k+1)})
		}
		return found
	}
	const target, accuracy = 1e-4, 1e-2
	few, many, late := &rung{at: 1}, &rung{at: 2}, &rung{at: 3}
	c := new(climbed)
	c.take(of(1e-9, 1e-3), few, true, target, accuracy)
	c.take(of(1e-3, 1e-5, 1e-2), many, true, target, accuracy)
	if !slices.Equal(c.from, []*rung{few, many, many}) || c.found[0].Error != 1e-9 || c.found[1].Error != 2e-5 {
		t.Errorf("better grids: %+v from %v", c.found, c.from)
	}
	c.take(of(1e-12, 1e-12, 1e-3, 1e-3), late, false, target, accuracy)
	if !slices.Equal(c.from, []*rung{few, many, late, late}) {
		t.Errorf("other grids: %+v from %v", c.found, c.from)
	}
	c.take(of(1e-5, math.Inf(1)), many, true, target, accuracy)
	if !slices.Equal(c.from, []*rung{many, many, late, late}) || c.found[1].Error != 2e-5 {
		t.Errorf("better grids that lose a mode: %+v from %v", c.found, c.from)
	}
}

// A matrix whose entries are no numbers, or leave nothing but rounding, is refused: balancing would not end.
func TestDenseRefusesLargeMatrices(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{math.NaN(), math.Inf(1), 1e16} {
		a := mat.NewDense(6, 6, nil)
		for i := range 6 {
			a.Set(i, i, 0.5)
			a.Set(i, (i+1)%6, 0.5)
		}
		a.Set(3, 1, v)
		if _, err := Dense(a, []int{6}, Power(0.1), 2); err != ErrLarge {
			t.Errorf("%g: %v", v, err)
		}
	}
}

// Where finer grids have another mode in a place, what follows moves on, and none is there twice; where they have the same one, what is
// known keeps no less error than its distance from it.
func TestWhatFinerGridsHold(t *testing.T) {
	t.Parallel()
	r := new(rung)
	mode := func(rate, err float64) Found { return Found{Rate: complex(rate, 0), Grid: err, Error: err} }
	c := &climbed{found: []Found{mode(1, 1e-6), mode(2, 0.1), mode(3, 1e-6)}, from: []*rung{r, r, r}}
	finer := []Found{mode(1, 1e-7), mode(3, 1e-7)}
	c.heldTo(finer)
	c.take(finer, r, true, 1e-9, 0.01)
	if len(c.found) != 2 || c.found[0].Rate != 1 || c.found[1].Rate != 3 {
		t.Errorf("%v, want the modes 1 and 3", c.found)
	}
	c = &climbed{found: []Found{mode(5, 1e-3)}, from: []*rung{r}}
	c.heldTo([]Found{mode(5.05, 0.1)})
	if want := 0.1; math.Abs(c.found[0].Error-want) > 1e-12 {
		t.Errorf("error %g, want %g", c.found[0].Error, want)
	}
	// Three grids agree to 1e-9; the one before them is off by 1e-2, and the one before that by 2e-2.
	found := []Found{mode(5, 1e-9)}
	grids := func(rate float64) *Spectrum { return &Spectrum{Size: 5, Modes: []Mode{{Rate: complex(rate, 0)}}} }
	since(found, grids(5.01), grids(5.02), 1)
	if want := 0.003; math.Abs(found[0].Error-want) > 1e-9 {
		t.Errorf("error %g, want %g", found[0].Error, want)
	}
	// What has moved farther than modes may has moved by so much at least.
	found = []Found{mode(5, 1e-9)}
	since(found, grids(7), nil, 1)
	if want := 0.03; math.Abs(found[0].Error-want) > 1e-9 {
		t.Errorf("error %g, want %g", found[0].Error, want)
	}
	// Fast convergence needs no such share.
	found = []Found{mode(5, 1e-9)}
	since(found, grids(5+1e-6), grids(5.01), 1)
	if want := 1e-9; math.Abs(found[0].Error-want) > 1e-10 {
		t.Errorf("error %g, want %g", found[0].Error, want)
	}
	// Where distances fall by 0.6, 3 0.6/(1 - 0.6) times the last one remains, and on the line half of that in what is faster.
	found = []Found{mode(5, 2*0.006), mode(9, 1e-9)}
	since(found, &Spectrum{Size: 5, Modes: []Mode{{Rate: 5.01}, {Rate: 9}}}, nil, 1)
	if math.Abs(found[0].Error-4.5*0.006) > 1e-9 || math.Abs(found[1].Error-2.25*0.006) > 1e-9 {
		t.Errorf("errors %g and %g, want %g and half of it", found[0].Error, found[1].Error, 4.5*0.006)
	}
}
