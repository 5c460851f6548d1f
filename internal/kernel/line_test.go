package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// sweepCase is a block of lines in a field with room around it.
type sweepCase struct {
	counts       []int
	lanes, pitch int
	a, u         []float64
	at, ld       int
	scale        bool
}

// newSweep returns a case whose first row has earlier rows before it.
func newSweep(rnd *rand.Rand, rows, lanes, gap, earlier int, down, scale bool) *sweepCase {
	c := &sweepCase{lanes: lanes, pitch: (lanes + 3) &^ 3, ld: lanes + gap, scale: scale}
	need := 0
	for r := range rows {
		k := rnd.IntN(min(r+earlier, 6) + 1)
		c.counts = append(c.counts, k)
		need += k
		if scale {
			need++
		}
	}
	c.u = random(rnd, (rows+earlier)*c.ld)
	c.a = random(rnd, need*c.pitch)
	c.at = earlier * c.ld
	if down {
		c.at = (rows - 1) * c.ld
		c.ld = -c.ld
	}
	return c
}

// naive returns the field after the recurrence written out, with every product and
// its difference rounded together if fused is set.
func (c *sweepCase) naive(fused bool) []float64 {
	u := slices.Clone(c.u)
	for l := range c.lanes {
		next := 0
		for r, k := range c.counts {
			at := c.at + r*c.ld + l
			if c.scale {
				u[at] *= c.a[next*c.pitch+l]
				next++
			}
			for j := range k {
				a, x := c.a[next*c.pitch+l], u[at+(j-k)*c.ld]
				if fused {
					u[at] = math.FMA(-a, x, u[at])
				} else {
					u[at] -= float64(a * x)
				}
				next++
			}
		}
	}
	return u
}

// run returns what the kernel makes of the field.
func (c *sweepCase) run(sweep func(counts []int, a []float64, lanes, pitch int, u []float64, at, ld int, scale bool)) []float64 {
	u := slices.Clone(c.u)
	sweep(c.counts, c.a, c.lanes, c.pitch, u, c.at, c.ld, c.scale)
	return u
}

// Every number of lanes left over, rows upwards and downwards, with and without a
// factor, rows of an earlier sweep before the first. The assembly rounds once per
// term, in the order of the terms: the same to the last bit. What is not in the
// block stays as it is.
func TestSweepAgainstNaive(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(2, 1))
	for lanes := 1; lanes <= 40; lanes++ {
		for _, rows := range []int{1, 2, 9} {
			for _, gap := range []int{0, 3} {
				for mode := range 8 {
					c := newSweep(rnd, rows, lanes, gap, 2*(mode>>2), mode&1 == 1, mode&2 == 2)
					got, plain := c.run(Sweep), c.run(sweepGo)
					fused, naive := c.naive(true), c.naive(false)
					for i := range got {
						tol := 1e-10 * (1 + math.Abs(naive[i])) // numbers grow from row to row
						if useAVX2 && got[i] != fused[i] || !(math.Abs(got[i]-naive[i]) <= tol) || !(math.Abs(plain[i]-naive[i]) <= tol) {
							t.Fatalf("lanes %d rows %d gap %d mode %d: entry %d is %v and %v in plain Go, want %v (%v fused)",
								lanes, rows, gap, mode, i, got[i], plain[i], naive[i], fused[i])
						}
					}
				}
			}
		}
	}
}

// A lane has the same result whatever lanes lie beside it.
func TestSweepOfALaneDoesNotDependOnItsNeighbours(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 1))
	const lanes = 37
	c := newSweep(rnd, 8, lanes, 0, 0, false, true)
	all := c.run(Sweep)
	for l := range lanes {
		one := &sweepCase{counts: c.counts, lanes: 1, pitch: 4, ld: 1, scale: true}
		for i := l; i < len(c.u); i += lanes {
			one.u = append(one.u, c.u[i])
		}
		for i := l; i < len(c.a); i += c.pitch {
			one.a = append(one.a, c.a[i], 0, 0, 0)
		}
		for i, v := range one.run(Sweep) {
			if v != all[i*lanes+l] {
				t.Fatalf("lane %d row %d: %v alone, %v among others", l, i, v, all[i*lanes+l])
			}
		}
	}
}

func TestSweepWithoutRowsOrLanesOrCoefficients(t *testing.T) {
	t.Parallel()
	u := []float64{1, 2, 3}
	Sweep(nil, nil, 3, 4, u, 0, 3, true)
	Sweep([]int{0}, nil, 0, 0, u, 0, 3, true)
	Sweep([]int{0, 0, 0}, nil, 1, 4, u, 0, 1, false)
	if !slices.Equal(u, []float64{1, 2, 3}) {
		t.Errorf("%v", u)
	}
}

func TestSubMulAgainstNaive(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(4, 1))
	for n := range 41 {
		a, x, dst := random(rnd, n), random(rnd, n), random(rnd, n+1)
		want := slices.Clone(dst)
		for i := range a {
			want[i] -= a[i] * x[i]
		}
		plain := slices.Clone(dst)
		SubMul(dst[:n], a, x)
		subMulGo(plain[:n], a, x)
		for i := range want {
			if !(math.Abs(dst[i]-want[i]) <= 1e-14) || !(math.Abs(plain[i]-want[i]) <= 1e-14) {
				t.Fatalf("length %d: entry %d is %v and %v in plain Go, want %v", n, i, dst[i], plain[i], want[i])
			}
		}
	}
}

// Every size of edge, and nothing outside the block written.
func TestTransposeAgainstNaive(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 1))
	for m := range 18 {
		for n := range 18 {
			lds, ldd := n+2, m+1
			src := random(rnd, m*lds+1)
			for name, transpose := range map[string]func(m, n int, src []float64, lds int, dst []float64, ldd int){"dispatched": Transpose, "go": transposeGo} {
				dst := make([]float64, n*ldd+1)
				for i := range dst {
					dst[i] = 7
				}
				transpose(m, n, src, lds, dst, ldd)
				for j := range n {
					for i := range ldd {
						want := 7.0
						if i < m {
							want = src[i*lds+j]
						}
						if got := dst[j*ldd+i]; got != want {
							t.Fatalf("%s %d x %d: entry (%d,%d) is %v, want %v", name, m, n, j, i, got, want)
						}
					}
				}
			}
		}
	}
}

func TestLineKernelsPanic(t *testing.T) {
	t.Parallel()
	ten := make([]float64, 10)
	for name, f := range map[string]func(){
		"rows before the field":     func() { Sweep([]int{1}, ten, 2, 4, ten, 0, 2, false) },
		"rows beyond the field":     func() { Sweep([]int{1}, ten, 2, 4, ten, 8, -2, false) },
		"negative count":            func() { Sweep([]int{-1}, ten, 2, 4, ten, 2, 2, false) },
		"field too short":           func() { Sweep([]int{0, 0, 0}, nil, 4, 4, ten, 0, 4, false) },
		"field too short downwards": func() { Sweep([]int{0, 0, 0}, nil, 2, 4, ten, 2, -2, false) },
		"pitch":                     func() { Sweep([]int{0}, ten, 5, 5, ten, 0, 5, true) },
		"coefficients":              func() { Sweep([]int{0, 1}, ten[:7], 4, 4, ten, 0, 4, true) },
		"SubMul":                    func() { SubMul(ten, ten, ten[1:]) },
		"SubMul of another length":  func() { SubMul(ten, ten[1:], ten) },
		"Transpose from":            func() { Transpose(3, 4, ten, 4, make([]float64, 12), 3) },
		"Transpose to":              func() { Transpose(3, 4, make([]float64, 12), 4, ten, 3) },
		"Transpose stride":          func() { Transpose(2, 4, ten, 3, ten, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := fmt.Sprint(recover()); len(got) < 8 || got[:8] != "kernel: " {
					t.Errorf("panic %q", got)
				}
			}()
			f()
		})
	}
}

func BenchmarkSweep(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, lanes := range []int{16, 64, 256} {
		const rows, k = 64, 4
		counts := make([]int, rows)
		for r := range counts {
			counts[r] = min(r, k)
		}
		a, u := random(rnd, rows*(k+1)*lanes), random(rnd, rows*lanes)
		for i := range a {
			a[i] = 0.1 + 0.01*a[i]
		}
		for _, kern := range []struct {
			name  string
			sweep func(counts []int, a []float64, lanes, pitch int, u []float64, at, ld int, scale bool)
		}{{"dispatched", Sweep}, {"go", sweepGo}} {
			b.Run(fmt.Sprintf("lanes=%d/%s", lanes, kern.name), func(b *testing.B) {
				for b.Loop() {
					kern.sweep(counts, a, lanes, lanes, u, 0, lanes, true)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows*lanes), "ns/node")
			})
		}
	}
}
