package exit

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/internal/slow"
	"kolmo/process"
)

// plane is a chain of the plane by its images, each with its probability.
type plane struct {
	process.Chain
	images  []func(x, y float64) (float64, float64)
	weights []float64
}

func (s *plane) Images() int               { return len(s.images) }
func (s *plane) NewImager() process.Imager { return s }
func (s *plane) ImagesTo(weights, images, x []float64) error {
	copy(weights, s.weights)
	for m, f := range s.images {
		images[2*m], images[2*m+1] = f(x[0], x[1])
	}
	return nil
}

// add adds an image.
func (s *plane) add(weight float64, f func(x, y float64) (float64, float64)) {
	s.weights, s.images = append(s.weights, weight), append(s.images, f)
}

// to returns a step by a vector.
func to(u, v float64) func(x, y float64) (float64, float64) {
	return func(x, y float64) (float64, float64) { return x + u, y + v }
}

// A walk on whole numbers with steps along axes and to a diagonal has the times of a small linear system: on cells whose
// corners are the walk's points to what the solver leaves, and within the errors on others.
func TestBoxChainIsLatticeWalk(t *testing.T) {
	t.Parallel()
	steps := [5][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}}
	weights := [5]float64{0.2, 0.3, 0.15, 0.25, 0.1}
	at := &Box{Lo: [2]float64{-3.5, -2.5}, Hi: [2]float64{4.5, 3.5}} // 8 x 6 points, from the origin
	const nx, ny = 8, 6
	a, one := mat.NewDense(nx*ny, nx*ny, nil), mat.NewVecDense(nx*ny, nil)
	walk := new(plane)
	for m, s := range steps {
		walk.add(weights[m], to(float64(s[0]), float64(s[1])))
	}
	for i := range nx {
		for j := range ny {
			a.Set(i*ny+j, i*ny+j, 1)
			one.SetVec(i*ny+j, 1)
			for m, s := range steps {
				if u, v := i+s[0], j+s[1]; u >= 0 && u < nx && v >= 0 && v < ny {
					a.Set(i*ny+j, u*ny+v, a.At(i*ny+j, u*ny+v)-weights[m])
				}
			}
		}
	}
	var v mat.VecDense
	if err := v.SolveVec(a, one); err != nil {
		t.Fatal(err)
	}
	want := v.AtVec(3*ny + 2)
	got, spent, err := (&Planar{Chain: walk, Box: at}).On(t.Context(), 48)
	if err != nil || math.Abs(got/want-1) > 1e-6 || spent.Bytes < hopBytes*5*49*49 || spent.Work < 5*49*49 {
		t.Errorf("%.12g steps, want %.12g; %+v, %v", got, want, spent, err)
	}
	f, err := climbChain(t.Context(), planeChain, 0.01, 0, (&Planar{Chain: walk, Box: at}).On)
	if err != nil || math.Abs(f.t-want) > f.space || f.space > 0.02*want {
		t.Errorf("%.9g +- %.2g, want %.9g", f.t, f.space, want)
	}
	walk.weights[0], walk.weights[1] = -0.2, 0.7
	if _, _, err := (&Planar{Chain: walk, Box: at}).On(t.Context(), 48); err != errSigned {
		t.Errorf("%v: want a refusal of negative weights", err)
	}
}

// Where the other coordinate never leaves, times are those of the line on the same cells, along either axis.
func TestBoxChainIsThatOfTheLine(t *testing.T) {
	t.Parallel()
	line, along, across := &steps{weights: []float64{0.5, 0.5}}, new(plane), new(plane)
	for _, xi := range []float64{-1, 1} {
		f := func(x float64) float64 { return x - 0.125*(x*x*x-x+xi) }
		line.images = append(line.images, f)
		along.add(0.5, func(x, y float64) (float64, float64) { return f(x), 0.8*y + 0.03*math.Sin(x) })
		across.add(0.5, func(x, y float64) (float64, float64) { return 0.8*x + 0.03*math.Sin(y), f(y) })
	}
	want, _, err := OfChain(line, &Place{Lo: -1.3, Hi: 0.2, X: -0.9}, 120)
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]*Planar{
		"along":  {Chain: along, Box: &Box{Lo: [2]float64{-1.3, -4}, Hi: [2]float64{0.2, 5}, X: [2]float64{-0.9, 0.3}}},
		"across": {Chain: across, Box: &Box{Lo: [2]float64{-4, -1.3}, Hi: [2]float64{5, 0.2}, X: [2]float64{0.3, -0.9}}},
	} {
		got, spent, err := p.On(t.Context(), 120)
		if err != nil || math.Abs(got/want-1) > spent.Left+1e-12 || spent.Left > 1e-6 || want < 50 {
			t.Errorf("%s: %.12g +- %.2g steps, on the line %.12g; %v", name, got, spent.Left, want, err)
		}
	}
}

// Where nothing leaves, the time is infinite, also from where a trap may be reached; elsewhere it is not.
func TestBoxChainThatCannotLeave(t *testing.T) {
	t.Parallel()
	trap := new(plane) // left of 0.5 paths stay, on the right they get there or out
	for _, u := range []float64{-2, 1} {
		trap.add(0.5, func(x, y float64) (float64, float64) {
			if x < 0.5 {
				return x / 2, y / 2
			}
			return x + u, y / 2
		})
	}
	at := &Box{Lo: [2]float64{-2, -1}, Hi: [2]float64{1.5, 1}, X: [2]float64{1, 0.3}}
	if got, _, err := (&Planar{Chain: trap, Box: at}).On(t.Context(), 40); err != nil || !math.IsInf(got, 1) {
		t.Errorf("%g, %v: want an infinite time, a trap is reached with probability 1/2", got, err)
	}
	if f, err := climbChain(t.Context(), planeChain, 0.01, 0, (&Planar{Chain: trap, Box: at}).On); err != nil || f.why != endless {
		t.Errorf("%+v, %v", f, err)
	}
	at.Lo[0] = -0.5 // what goes left is out
	if got, _, err := (&Planar{Chain: trap, Box: at}).On(t.Context(), 40); err != nil || math.Abs(got-1) > 1e-6 {
		t.Errorf("%g, %v: want one step", got, err)
	}
}

// What errors of chains in the plane are made of: a line in h^2 has all that it adds, what the last grids are
// apart counts three times, errors of the grid before may fall by h^4, and what solvers leave is added.
func TestErrorsOfPlaneChains(t *testing.T) {
	t.Parallel()
	on := func(scatter, left float64) onChain {
		k := -1
		return func(_ context.Context, n int) (float64, Spent, error) {
			k++
			sign := []float64{1, -1, 0, -1, 1}[k%5]
			return 50 * math.Exp(-20/float64(n*n)+sign*scatter), Spent{Left: left}, nil
		}
	}
	climb := func(fixed int, on onChain) *found {
		f, err := climbChain(t.Context(), planeChain, 0, fixed, on)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	line := climb(100, on(0, 0))
	if want := 50 * 20. / 100 / 100; math.Abs(line.t-50) > 1e-9 || math.Abs(line.space/want-1) > 0.01 || line.cells != 100 {
		t.Errorf("a line: %.9g +- %.4g, want 50 +- %.4g", line.t, line.space, want)
	}
	if left := climb(100, on(0, 1e-3)); math.Abs((left.space-line.space)/left.t/1e-3-1) > 0.01 {
		t.Errorf("the solver's 0.001 adds %.3g", (left.space-line.space)/left.t)
	}
	if f := climb(100, on(1e-3, 0)); f.space-line.space < 5*1e-3*f.t || math.Abs(f.t-50) > 2e-3*f.t {
		t.Errorf("scatter of 0.001: %.6g +- %.4g", f.t, f.space)
	}
	// One grid among those before scatters, and no more among the last.
	once := func(_ context.Context, n int) (float64, Spent, error) {
		if n == 24 {
			return 60, Spent{}, nil
		}
		if n > 100 {
			return 50, Spent{Work: 1e12}, nil
		}
		return 50, Spent{}, nil
	}
	f, err := climbChain(t.Context(), planeChain, 0, 0, once)
	if err != nil || f.cells != 116 {
		t.Fatalf("%+v, %v", f, err)
	}
	five, err := climbChain(t.Context(), planeChain, 0, 85, once)
	if err != nil || five.cells != 85 || !(five.space > 0.1) {
		t.Fatalf("%+v, %v", five, err)
	}
	if want := five.space / math.Pow(chainFiner, 4); !(math.Abs(f.space/want-1) < 0.2) {
		t.Errorf("after %.3g the error is %.3g, want %.3g", five.space, f.space, want)
	}
	// A solver that leaves too much ends the grids; so does memory.
	if f := climb(0, on(0, 0.5)); f.why != unknown {
		t.Errorf("%+v", f)
	}
	heavy := func(context.Context, int) (float64, Spent, error) { return 1, Spent{Bytes: 1e9}, nil }
	if f := climb(0, heavy); f.why != crowded {
		t.Errorf("%+v", f)
	}
	late := func(_ context.Context, n int) (float64, Spent, error) {
		if n > 200 {
			return 7, Spent{Left: math.Inf(1)}, nil
		}
		return 50 * math.Exp(-20/float64(n*n)), Spent{}, nil
	}
	if f := climb(0, late); f.cells > 200 || f.cells < 100 || math.Abs(f.t-50) > f.space {
		t.Errorf("%+v", f)
	}
}

// Errors of coarse grids hold what finer ones find, for chains drawn at random: gradient descent on quadratics
// with correlated noise, on a double well, and heavy balls.
func TestBoxChainErrorsHold(t *testing.T) {
	t.Parallel()
	slow.Skip(t)
	rnd := rand.New(rand.NewPCG(7, 2))
	held := 0
	for k := range 18 {
		eta, c, m := []float64{0.25, 0.125, 0.0625}[k%3], 0.4*rnd.Float64(), rnd.Float64()
		chain := new(plane)
		for _, a := range []float64{-1, 1} {
			for _, b := range []float64{-1, 1} {
				chain.add(0.25, [3]func(x, y float64) (float64, float64){
					func(x, y float64) (float64, float64) {
						return x - eta*(x+c*y+a+m*b), y - eta*(1.5*y+c*x+b)
					},
					func(x, y float64) (float64, float64) { return x - eta*(x*x*x-x+c*y+a), y - eta*(y+c*x+m*b) },
					func(x, v float64) (float64, float64) {
						v -= eta * ((1+c)*v + x + a*(1+m*b)/2)
						return x + eta*v, v
					},
				}[k/3%3])
			}
		}
		at := &Box{Lo: [2]float64{-0.3 - 0.3*rnd.Float64(), -0.4 - 0.2*rnd.Float64()}, Hi: [2]float64{0.3 + 0.2*rnd.Float64(), 0.4 + 0.3*rnd.Float64()}}
		for j := range at.X {
			at.X[j] = at.Lo[j] + (at.Hi[j]-at.Lo[j])*(0.2+0.6*rnd.Float64())
		}
		fine, err := climbChain(t.Context(), planeChain, 0, 240, (&Planar{Chain: chain, Box: at}).On)
		if err != nil || fine.why != "" {
			continue
		}
		held++
		for _, cells := range []int{90, 130} {
			f, err := climbChain(t.Context(), planeChain, 0, cells, (&Planar{Chain: chain, Box: at}).On)
			if err != nil || math.Abs(f.t-fine.t) > f.space+fine.space/2 {
				t.Errorf("%d, eta = %g, %+v, %d cells: %.6g +- %.2g, finest %.8g +- %.2g", k, eta, *at, cells, f.t, f.space, fine.t, fine.space)
			}
		}
	}
	if held < 16 {
		t.Errorf("%d of 18 chains have a time, want 16", held)
	}
}
