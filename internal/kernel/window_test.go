package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// shape is a field's axes and a window's extents.
type shape struct{ n, e [3]int }

// shapes are all short runs, and some long ones, in one to three dimensions.
func shapes() []shape {
	var list []shape
	for e1 := 1; e1 <= 37; e1++ {
		list = append(list, shape{[3]int{e1 + 2, 1, 1}, [3]int{e1, 1, 1}})
		for _, e2 := range []int{1, 2, 3, 8} {
			list = append(list, shape{[3]int{e1 + 1, e2 + 1, 1}, [3]int{e1, e2, 1}})
		}
		for _, e3 := range []int{1, 2, 5} {
			list = append(list, shape{[3]int{e1 + 1, 4, e3}, [3]int{e1, 3, e3}})
		}
	}
	return list
}

// windowCase is a few windows at random places of a field. All that no window
// covers, of the field and between the weights, is NaN.
type windowCase struct {
	v         *Windows
	u, u1, w  []float64
	rows      int
	s2, s3    int
	inWindows []bool
}

func newWindowCase(rnd *rand.Rand, s shape) *windowCase {
	c := &windowCase{s2: s.n[0], s3: s.n[0] * s.n[1], rows: 3}
	field := c.s3 * s.n[2]
	c.u, c.u1, c.inWindows = random(rnd, field), random(rnd, field), make([]bool, field)
	nnz := s.e[0] * s.e[1] * s.e[2]
	var list []Window
	for i := range 5 {
		at := 0
		for k, stride := range []int{1, c.s2, c.s3} {
			at += rnd.IntN(s.n[k]-s.e[k]+1) * stride
		}
		list = append(list, Window{W: len(c.w) + 1, U: int32(at), Row: int32(i % c.rows), E1: int32(s.e[0]), E2: int32(s.e[1]), E3: int32(s.e[2])})
		c.w = append(append(append(c.w, math.NaN()), random(rnd, nnz)...), math.NaN())
		for k := range s.e[2] {
			for j := range s.e[1] {
				for l := range s.e[0] {
					c.inWindows[at+l+j*c.s2+k*c.s3] = true
				}
			}
		}
	}
	for i, in := range c.inWindows {
		if !in {
			c.u[i], c.u1[i] = math.NaN(), math.NaN()
		}
	}
	c.v = NewWindows(list, c.rows, field, len(c.w), c.s2, c.s3)
	return c
}

// naive returns the products written out.
func (c *windowCase) naive(u []float64) []float64 {
	out := []float64{7, 7, 7}
	for i := range c.v.Len() {
		x := c.v.At(i)
		at := x.W
		for k := range int(x.E3) {
			for j := range int(x.E2) {
				for l := range int(x.E1) {
					out[x.Row] += c.w[at] * u[int(x.U)+l+j*c.s2+k*c.s3]
					at++
				}
			}
		}
	}
	return out
}

func near(got, want []float64, tol float64) error {
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tol) {
			return fmt.Errorf("entry %d is %v, want %v", i, got[i], want[i])
		}
	}
	return nil
}

// The kernels agree with the sums written out for every length of run, read
// nothing outside the windows, and add to what is there; a pair of fields is
// bitwise what each is alone.
func TestDotWindowsAgainstNaive(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 1))
	seven := func() []float64 { return []float64{7, 7, 7} }
	for _, s := range shapes() {
		c := newWindowCase(rnd, s)
		want := c.naive(c.u)
		got, plain, p0, p1, q1 := seven(), seven(), seven(), seven(), seven()
		c.v.DotTo(got, c.u, c.w, 0, 2)
		c.v.DotTo(got, c.u, c.w, 2, 5)
		dotWindowsGo(c.v.list, plain, c.u, c.w, c.s2, c.s3)
		c.v.DotPairTo(p0, p1, c.u, c.u1, c.w, 0, 5)
		c.v.DotTo(q1, c.u1, c.w, 0, 5)
		for name, v := range map[string][]float64{"dispatched": got, "plain": plain, "pair": p0} {
			if err := near(v, want, 1e-12); err != nil {
				t.Fatalf("%v, %s: %v", s, name, err)
			}
		}
		for i := range p0 {
			if p0[i] != got[i] || p1[i] != q1[i] {
				t.Fatalf("%v: a pair of fields differs from the fields alone", s)
			}
		}
	}
}

// AddTo is the transpose of DotTo, <p, W u> = <W^T p, u>, node by node, and writes
// nothing outside the windows.
func TestAddWindowsIsTheTranspose(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(2, 1))
	for _, s := range shapes() {
		c := newWindowCase(rnd, s)
		p := random(rnd, c.rows)
		want := make([]float64, len(c.u))
		for i := range want {
			want[i] = 3
			if c.inWindows[i] { // row by row, by the response to a unit field
				unit := make([]float64, len(c.u))
				unit[i] = 1
				rows := make([]float64, c.rows)
				dotWindowsGo(c.v.list, rows, unit, c.w, c.s2, c.s3)
				for r, v := range rows {
					want[i] += p[r] * v
				}
			}
		}
		for name, add := range map[string]func(dst []float64){
			"dispatched": func(dst []float64) { c.v.AddTo(dst, p, c.w, 0, 5) },
			"plain":      func(dst []float64) { addWindowsGo(c.v.list, dst, p, c.w, c.s2, c.s3) },
		} {
			dst := make([]float64, len(c.u))
			for i := range dst {
				dst[i] = 3
			}
			add(dst)
			if err := near(dst, want, 1e-12); err != nil {
				t.Fatalf("%v, %s: %v", s, name, err)
			}
		}
	}
}

// Products of weights, not multiplied out, agree with those that are.
func TestDotTensorAgainstNaive(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 1))
	for _, s := range shapes() {
		s2, s3 := s.n[0], s.n[0]*s.n[1]
		w := [3][]float64{random(rnd, s.e[0]), random(rnd, s.e[1]), random(rnd, s.e[2])}
		u := random(rnd, s3*s.n[2])
		want := 0.0
		for k, c := range w[2] {
			for j, b := range w[1] {
				for i := range s.n[0] {
					if i < s.e[0] {
						want += w[0][i] * b * c * u[i+j*s2+k*s3]
					} else {
						u[i+j*s2+k*s3] = math.NaN()
					}
				}
			}
		}
		for name, got := range map[string]float64{
			"dispatched": DotTensor(u, s2, s3, w[0], w[1], w[2]), "plain": dotTensorGo(u, s2, s3, w[0], w[1], w[2]),
		} {
			if !(math.Abs(got-want) <= 1e-12*math.Sqrt(float64(s.e[0]*s.e[1]*s.e[2]))) {
				t.Fatalf("%v, %s: %v, want %v", s, name, got, want)
			}
		}
	}
}

// Windows that reach beyond what there is, and lists of other lengths, panic.
func TestWindowsRefuse(t *testing.T) {
	t.Parallel()
	good := Window{W: 1, U: 2, Row: 1, E1: 3, E2: 2, E3: 2}
	make1 := func(x Window, rows, field, weights int) *Windows {
		return NewWindows([]Window{x}, rows, field, weights, 5, 10)
	}
	last := 2 + 3 + 5 + 10
	v := make1(good, 2, last, 13)
	u, w, dst := make([]float64, last), make([]float64, 13), make([]float64, 2)
	v.DotTo(dst, u, w, 0, 1)
	for name, f := range map[string]func(){
		"short field":   func() { make1(good, 2, last-1, 13) },
		"few weights":   func() { make1(good, 2, last, 12) },
		"few rows":      func() { make1(good, 1, last, 13) },
		"no node":       func() { make1(Window{E1: 1, E2: 0, E3: 1}, 2, last, 13) },
		"negative":      func() { make1(Window{U: -1, E1: 1, E2: 1, E3: 1}, 2, last, 13) },
		"other field":   func() { v.DotTo(dst, u[:last-1], w, 0, 1) },
		"other rows":    func() { v.DotTo(dst[:1], u, w, 0, 1) },
		"other weights": func() { v.AddTo(u, dst, w[:12], 0, 1) },
		"other second":  func() { v.DotPairTo(dst, dst, u, u[:last-1], w, 0, 1) },
		"beyond list":   func() { v.DotTo(dst, u, w, 0, 2) },
		"tensor":        func() { DotTensor(u, 5, 10, w[:3], w[:2], w[:4]) },
		"no weights":    func() { DotTensor(u, 5, 10, w[:3], nil, w[:1]) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

// The kernels do not allocate. (AllocsPerRun forbids t.Parallel.)
func TestWindowsDoNotAllocate(t *testing.T) {
	c := newWindowCase(rand.New(rand.NewPCG(4, 1)), shape{[3]int{12, 5, 4}, [3]int{9, 3, 2}})
	dst, p := make([]float64, c.rows), make([]float64, c.rows)
	if n := testing.AllocsPerRun(5, func() {
		c.v.DotTo(dst, c.u, c.w, 0, 5)
		c.v.DotPairTo(dst, p, c.u, c.u1, c.w, 0, 5)
		c.v.AddTo(c.u, p, c.w, 0, 5)
		DotTensor(c.u, 12, 60, c.w[:9], c.w[:3], c.w[:2])
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkDotWindows times windows of 9 x 9 and 9 x 9 x 9 weights whose lines lie
// side by side, in the cache and beyond it.
func BenchmarkDotWindows(b *testing.B) {
	rnd := rand.New(rand.NewPCG(5, 1))
	for _, c := range []struct{ d, n int }{{2, 24}, {2, 256}, {3, 10}, {3, 24}} {
		const e = 9
		n3, e3, s3 := 1, 1, 0
		if c.d == 3 {
			n3, e3, s3 = c.n, e, c.n*c.n
		}
		var list []Window
		weights := 0
		for k := range n3 {
			for j := range c.n {
				for i := range c.n {
					at := min(i, c.n-e) + min(j, c.n-e)*c.n + min(k, n3-e3)*s3
					list = append(list, Window{W: weights, U: int32(at), Row: int32(len(list)), E1: e, E2: e, E3: int32(e3)})
					weights += e * e * e3
				}
			}
		}
		v := NewWindows(list, len(list), len(list), weights, c.n, s3)
		u, w, dst, u1, dst1 := random(rnd, len(list)), random(rnd, weights), make([]float64, len(list)), random(rnd, len(list)), make([]float64, len(list))
		for _, k := range []struct {
			name string
			run  func()
		}{
			{"dispatched", func() { v.DotTo(dst, u, w, 0, len(list)) }},
			{"go", func() { dotWindowsGo(list, dst, u, w, c.n, s3) }},
			{"pair", func() { v.DotPairTo(dst, dst1, u, u1, w, 0, len(list)) }},
			{"add", func() { v.AddTo(dst, u, w, 0, len(list)) }},
		} {
			b.Run(fmt.Sprintf("%dd/%d/%s", c.d, c.n, k.name), func(b *testing.B) {
				for b.Loop() {
					k.run()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(weights), "ns/weight")
			})
		}
	}
}
