package exit

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare/unit"
)

// sde returns coefficients by a function of a point that gives b and the entries 11, 12 and 22 of a.
func sde(f func(x, y float64) (b [2]float64, a [3]float64)) func(points [][]float64) *unit.Plane {
	return func(points [][]float64) *unit.Plane {
		c := new(unit.Plane)
		for _, x := range points {
			b, a := f(x[0], x[1])
			for k, v := range b {
				c.B[k] = append(c.B[k], v)
			}
			for k, v := range a {
				c.A[k] = append(c.A[k], v)
			}
		}
		return c
	}
}

// square returns what finds a model on n x n cells.
func square(c func(points [][]float64) *unit.Plane, at *Box) onModel {
	return func(n int) (t, thick float64, why string) { return OfModelInBox(c, at, [2]int{n, n}) }
}

// rectangle is the mean exit time of a Brownian motion with variances a in a box, by Fourier's series along the
// first axis.
func rectangle(a [2]float64, at *Box) float64 {
	sum, width, height := 0.0, at.Hi[0]-at.Lo[0], at.Hi[1]-at.Lo[1]
	for m := 1; m < 400; m += 2 {
		k := math.Pi * float64(m) / width
		al := k * math.Sqrt(a[0]/a[1])
		c := 8 / (math.Pi * float64(m)) / (a[0] * k * k)
		y := at.X[1] - (at.Lo[1]+at.Hi[1])/2
		sum += c * math.Sin(k*(at.X[0]-at.Lo[0])) * (1 - (math.Exp(al*(y-height/2))+math.Exp(-al*(y+height/2)))/(1+math.Exp(-al*height)))
	}
	return sum
}

// collocated2 solves L T = -1 with absorbing faces on Chebyshev nodes.
func collocated2(f func(x, y float64) (b [2]float64, a [3]float64), at *Box, n int) float64 {
	s, c := make([]float64, n+1), make([]float64, n+1)
	for i := range s {
		s[i], c[i] = math.Cos(math.Pi*float64(i)/float64(n)), math.Pow(-1, float64(i))
	}
	c[0], c[n] = 2*c[0], 2*c[n]
	d := mat.NewDense(n+1, n+1, nil)
	for i := range s {
		sum := 0.0
		for j := range s {
			if i != j {
				d.Set(i, j, c[i]/c[j]/(s[i]-s[j]))
				sum += d.At(i, j)
			}
		}
		d.Set(i, i, -sum)
	}
	var dd mat.Dense
	dd.Mul(d, d)
	half := [2]float64{(at.Hi[0] - at.Lo[0]) / 2, (at.Hi[1] - at.Lo[1]) / 2}
	w := n - 1
	l, rhs := mat.NewDense(w*w, w*w, nil), mat.NewVecDense(w*w, nil)
	for i := 1; i < n; i++ {
		for j := 1; j < n; j++ {
			row := (i-1)*w + j - 1
			rhs.SetVec(row, -1)
			b, a := f(at.Lo[0]+half[0]*(1+s[i]), at.Lo[1]+half[1]*(1+s[j]))
			for k := 1; k < n; k++ {
				for m := 1; m < n; m++ {
					v := a[1] * d.At(i, k) * d.At(j, m) / half[0] / half[1]
					if m == j {
						v += b[0]*d.At(i, k)/half[0] + a[0]/2*dd.At(i, k)/half[0]/half[0]
					}
					if k == i {
						v += b[1]*d.At(j, m)/half[1] + a[2]/2*dd.At(j, m)/half[1]/half[1]
					}
					l.Set(row, (k-1)*w+m-1, v)
				}
			}
		}
	}
	var u mat.VecDense
	if err := u.SolveVec(l, rhs); err != nil {
		return math.NaN()
	}
	bary := func(x float64) (v []float64) {
		v = make([]float64, n+1)
		sum := 0.0
		for i := range v {
			if v[i] = math.Pow(-1, float64(i)) / (x - s[i]); i == 0 || i == n {
				v[i] /= 2
			}
			sum += v[i]
		}
		for i := range v {
			v[i] /= sum
		}
		return v
	}
	p, q, t := bary((at.X[0]-at.Lo[0])/half[0]-1), bary((at.X[1]-at.Lo[1])/half[1]-1), 0.0
	for i := 1; i < n; i++ {
		for j := 1; j < n; j++ {
			t += p[i] * q[j] * u.AtVec((i-1)*w+j-1)
		}
	}
	return t
}

// Times of diffusions with noise in both coordinates are those of a series, of collocation, and of the line where the other
// faces are far: within the errors, also those of coarse grids, and to second order.
func TestBoxModelIsClosedForm(t *testing.T) {
	t.Parallel()
	at := Box{Lo: [2]float64{0, 0.5}, Hi: [2]float64{1, 2}, X: [2]float64{0.25, 0.875}} // a node of all
	constant := func(x, y float64) (b [2]float64, a [3]float64) { return b, [3]float64{0.3, 0, 0.7} }
	ou := func(x, y float64) (b [2]float64, a [3]float64) {
		return [2]float64{-2*(x-0.5) + 0.3*y, -1.5*(y-1.2) + x}, [3]float64{0.3, 0.15, 0.4}
	}
	varying := func(x, y float64) (b [2]float64, a [3]float64) {
		return [2]float64{y - 1, 1 - x*y}, [3]float64{0.3 + 0.1*x, -0.2 * math.Sqrt(1+x*y) / 1.5, 0.5 + 0.1*math.Sin(y)}
	}
	long := Box{Lo: [2]float64{0, 0}, Hi: [2]float64{1, 3}, X: [2]float64{0.25, 1.125}} // weights along its second axis are negative
	correlated := func(x, y float64) (b [2]float64, a [3]float64) {
		return [2]float64{0.5 - x, 0.3}, [3]float64{0.3, 0.2, 0.3}
	}
	line := func(x, y float64) (b [2]float64, a [3]float64) { // in 500 of the box's heights
		return [2]float64{-2 * (x - 0.5), 0}, [3]float64{0.2, 0, 1e-6}
	}
	scale := func(x float64) float64 { return -10 * (x - 0.5) * (x - 0.5) }
	for _, c := range []struct {
		name   string
		of     func(x, y float64) (b [2]float64, a [3]float64)
		want   float64
		margin float64 // of want
		order  float64
	}{
		{"series", constant, rectangle([2]float64{0.3, 0.7}, &at), 1e-9, 2},
		{"ou", ou, collocated2(ou, &at, 26), 2e-5, 2},
		{"varying", varying, collocated2(varying, &at, 26), 2e-5, 2},
		{"correlated", correlated, collocated2(correlated, &long, 32), 2e-5, 2},
		{"line", line, closed(scale, func(float64) float64 { return 0.2 }, &Place{Lo: 0, Hi: 1, X: 0.25}), 1e-9, 2},
	} {
		in := &at
		if c.name == "correlated" {
			in = &long
		}
		on := square(sde(c.of), in)
		for _, cells := range []int{0, 32, 64} {
			f, err := climbModel(t.Context(), planeModel, cells, on)
			if err != nil || f.why != "" || math.Abs(f.t-c.want) > f.space+c.margin*c.want || cells == 0 && f.space > 2e-3*c.want {
				t.Errorf("%s, %d cells: %.9g +- %.2g, want %.9g; %s", c.name, cells, f.t, f.space, c.want, f.why)
			}
		}
		if c.name == "line" { // and the other way round
			turned := at
			turned.Lo[0], turned.Lo[1], turned.Hi[0], turned.Hi[1], turned.X[0], turned.X[1] = at.Lo[1], at.Lo[0], at.Hi[1], at.Hi[0], at.X[1], at.X[0]
			got, _, _ := OfModelInBox(sde(func(x, y float64) (b [2]float64, a [3]float64) {
				b, a = c.of(y, x)
				return [2]float64{b[1], b[0]}, [3]float64{a[2], a[1], a[0]}
			}), &turned, [2]int{32, 24})
			if own, _, _ := OfModelInBox(sde(c.of), &at, [2]int{24, 32}); math.Abs(got/own-1) > 1e-11 {
				t.Errorf("turned: %.12g, want %.12g", got, own)
			}
		}
		coarse, _, _ := on(16)
		middle, _, _ := on(32)
		fine, _, _ := on(64)
		if order := math.Log2((coarse - middle) / (middle - fine)); math.Abs(order-c.order) > 0.15 {
			t.Errorf("%s: order %.3f, want %g", c.name, order, c.order)
		}
	}
}

// Errors hold wherever in its cell the point lies.
func TestBoxModelBetweenNodes(t *testing.T) {
	t.Parallel()
	for k := range 12 {
		at := &Box{Lo: [2]float64{0, 0.5}, Hi: [2]float64{1, 2}, X: [2]float64{0.083 + 0.071*float64(k), 0.61 + 0.093*float64(k)}}
		want := rectangle([2]float64{0.3, 0.7}, at)
		for _, cells := range []int{0, 32, 64} {
			f, err := climbModel(t.Context(), planeModel, cells, square(sde(func(x, y float64) (b [2]float64, a [3]float64) { return b, [3]float64{0.3, 0, 0.7} }), at))
			if err != nil || math.Abs(f.t-want) > f.space || f.space > 2e-2*want {
				t.Errorf("from %v, %d cells: %.9g +- %.2g, want %.9g", at.X, f.cells, f.t, f.space, want)
			}
		}
	}
}

// hypergeometric is F(1, -1/3; 7/6; x) by its series.
func hypergeometric(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := range 400 {
		term *= (float64(k) - 1./3) / (float64(k) + 7./6) * x
		sum += term
	}
	return sum
}

// A free particle whose velocity is a Brownian motion leaves an interval as Masoliver and Porra 1995 (doi:10.1103/PhysRevLett.75.189)
// say: with velocity zero at x of (0, 1), unit noise,
//
//	T = 2^{1/3} (4/3)^{1/6}/Gamma(7/3) (x (1-x))^{1/6} (F(1,-1/3;7/6;x) + F(1,-1/3;7/6;1-x)).
//
// A face absorbs where the velocity leads out. Errors of coarse grids hold too, whichever axis has the noise.
func TestBoxModelOfFreeParticle(t *testing.T) {
	t.Parallel()
	for _, x := range []float64{0.25, 0.5} {
		want := math.Cbrt(2) * math.Pow(4./3, 1./6) / math.Gamma(7./3) * math.Pow(x*(1-x), 1./6) * (hypergeometric(x) + hypergeometric(1-x))
		along := &Box{Lo: [2]float64{0, -4.5}, Hi: [2]float64{1, 4.5}, X: [2]float64{x, 0}}
		across := &Box{Lo: [2]float64{-4.5, 0}, Hi: [2]float64{4.5, 1}, X: [2]float64{0, x}}
		// Where the velocity leads in, the time at the face is that beside it.
		free := sde(func(_, v float64) (b [2]float64, a [3]float64) { return [2]float64{v, 0}, [3]float64{0, 0, 1} })
		face, beside := *along, *along
		face.X, beside.X = [2]float64{1e-6, 2}, [2]float64{1. / 256, 2}
		atFace, _, _ := OfModelInBox(free, &face, [2]int{256, 32})
		atNode, _, _ := OfModelInBox(free, &beside, [2]int{256, 32})
		if math.Abs(atFace/atNode-1) > 0.02 {
			t.Errorf("%.6g at the face, %.6g beside it", atFace, atNode)
		}
		for name, on := range map[string]onModel{
			"along": func(n int) (t, thick float64, why string) {
				return OfModelInBox(free, along, [2]int{driven * n, n})
			},
			"across": func(n int) (t, thick float64, why string) {
				return OfModelInBox(sde(func(v, _ float64) (b [2]float64, a [3]float64) { return [2]float64{0, v}, [3]float64{1, 0, 0} }), across, [2]int{n, driven * n})
			},
		} {
			for _, cells := range []int{32, 64, 0} {
				f, err := climbModel(t.Context(), drivenModel, cells, on)
				if err != nil || f.why != "" || math.Abs(f.t-want) > f.space || cells == 0 && f.space > 1e-2*want {
					t.Errorf("%s, x = %g, %d cells: %.6g +- %.2g, want %.6g; %s", name, x, cells, f.t, f.space, want, f.why)
				}
			}
		}
	}
}

// What two extrapolations are apart counts twice, and no less than a share of what the two before were.
func TestErrorsOfPlaneModels(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]ladder{"both": planeModel, "one": drivenModel} {
		values := map[int]float64{8: 1, 16: 2, 32: 2.7, 64: 2.8}
		extra := func(n int) float64 { return l.extrapolated(values[n], values[n/2], n, n/2) }
		f, err := climbModel(t.Context(), l, 64, func(n int) (t, thick float64, why string) { return values[n], 0, "" })
		if err != nil || f.cells != 64 || f.t != extra(64) {
			t.Fatalf("%s: %+v, %v", name, f, err)
		}
		if want := 2 * math.Abs(extra(64)-extra(32)); math.Abs(f.space/want-1) > 1e-9 {
			t.Errorf("%s: error %.6g, want %.6g", name, f.space, want)
		}
		p := math.Pow(2, float64(l.order))
		values[64] = ((p-1)*extra(32) + values[32]) / p // the last two extrapolations are alike
		f, err = climbModel(t.Context(), l, 64, func(n int) (t, thick float64, why string) { return values[n], 0, "" })
		want := 2 * l.fall * math.Abs(extra(32)-extra(16))
		if err != nil || math.Abs(extra(64)-extra(32)) > 1e-12 || math.Abs(f.space/want-1) > 1e-9 {
			t.Errorf("%s: error %.6g, want %.6g, %v", name, f.space, want, err)
		}
	}
}

// Noise that vanishes, that acts along one direction only, or is none of a diffusion has no time, and the reason says so.
func TestBoxModelWithoutNoise(t *testing.T) {
	t.Parallel()
	at := &Box{Lo: [2]float64{-1, -1}, Hi: [2]float64{1, 1}}
	for _, c := range []struct {
		of   func(x, y float64) (b [2]float64, a [3]float64)
		want string
	}{
		{func(x, y float64) (b [2]float64, a [3]float64) { return b, [3]float64{x * x, 0, 1} }, "its noise along axis 1 vanishes at (0, -1)"},
		{func(x, y float64) (b [2]float64, a [3]float64) { return b, [3]float64{1, 2, 4} }, "its noise at (-1, -1) acts along one direction that is no axis"},
		{func(x, y float64) (b [2]float64, a [3]float64) { return b, [3]float64{0, 0.1, 1} }, "its diffusion at (-1, -1) is not positive semidefinite"},
		{func(x, y float64) (b [2]float64, a [3]float64) { return [2]float64{1, 1}, a }, "it has no noise in the box"},
	} {
		if got, _, why := OfModelInBox(sde(c.of), at, [2]int{16, 16}); got == got || !strings.HasPrefix(why, c.want) {
			t.Errorf("%g, %q, want %q", got, why, c.want)
		}
	}
	thin := func(x, y float64) (b [2]float64, a [3]float64) {
		return [2]float64{-x, -y}, [3]float64{1e-4, 0, 1e-4}
	}
	if f, err := climbModel(t.Context(), planeModel, 64, square(sde(thin), at)); err != nil || !strings.HasPrefix(f.why, "layers not resolved") {
		t.Errorf("%+v, %v", f, err)
	}
}
