package exit

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// drawKilled returns a chain on 6 x 7 corners drawn at random that is killed with probability about rate, and
// its mean numbers of steps by a dense solve.
func drawKilled(t *testing.T, rnd *rand.Rand, rate float64) (*killed, []float64) {
	t.Helper()
	const rows, width, n = 6, 7, 42
	k := &killed{width: width, first: []int{0}, most: 3}
	a, one := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		a.Set(i, i, 1)
		one.SetVec(i, 1)
		for range 3 {
			h := hop{to: int32(rnd.IntN(rows-1)*width + rnd.IntN(width-1))}
			s, r := rnd.Float64(), rnd.Float64()
			h.w = [4]float64{(1 - s) * (1 - r), (1 - s) * r, s * (1 - r), s * r}
			for c, to := range [4]int{0, 1, width, width + 1} {
				h.w[c] *= (1 - 2*rate*rnd.Float64()) / 3
				a.Set(i, int(h.to)+to, a.At(i, int(h.to)+to)-h.w[c])
			}
			k.hops = append(k.hops, h)
		}
		k.first = append(k.first, len(k.hops))
	}
	var v mat.VecDense
	if err := v.SolveVec(a, one); err != nil {
		t.Fatal(err)
	}
	return k, v.RawVector().Data
}

// The solver has the times of a dense solve within its bound, which is small.
func TestKilledIsDenseSolve(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 1))
	for _, rate := range []float64{0.3, 1e-2, 1e-5} {
		k, want := drawKilled(t, rnd, rate)
		got := make([]float64, len(want))
		for i := range got {
			got[i] = 1
		}
		bound, applied, err := k.solve(t.Context(), got)
		if err != nil || !(bound <= 1e-6) || applied > 200 {
			t.Fatalf("rate %g: bound %.2g by %d applications, %v", rate, bound, applied, err)
		}
		for i := range got {
			if off := math.Abs(got[i]/want[i] - 1); off > bound+1e-9 {
				t.Errorf("rate %g: %.12g, want %.12g, bound %.2g", rate, got[i], want[i], bound)
			}
		}
	}
}

// The bound holds for whatever is near the times, is attained by multiples of them, and counts rounding.
func TestWithinHolds(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 2))
	for _, rate := range []float64{0.3, 0.03} {
		k, want := drawKilled(t, rnd, rate)
		rest, near := make([]float64, len(want)), make([]float64, len(want))
		for _, off := range []float64{0, 1e-3, -1e-3, 0.02, -0.02} {
			worst := 0.0
			for i, v := range want {
				near[i] = v * (1 + off*(1+0.01*rnd.Float64()))
				worst = math.Max(worst, math.Abs(v/near[i]-1))
			}
			if bound, _ := k.within(rest, near); !(bound >= worst) {
				t.Errorf("rate %g: off by %.3g, bound %.3g", rate, worst, bound)
			}
			for i, v := range want {
				near[i] = v * (1 + off)
			}
			bound, _ := k.within(rest, near)
			if least := math.Abs(1/(1+off) - 1); !(bound >= least*(1-1e-9)-1e-15 && bound <= math.Abs(off)/(1-math.Abs(off))*(1+1e-6)+1e-10) {
				t.Errorf("rate %g: a multiple off by %.3g has the bound %.3g", rate, off, bound)
			}
		}
		near[3] = -1e-9
		if bound, _ := k.within(rest, near); !math.IsInf(bound, 1) {
			t.Errorf("a negative time has the bound %g", bound)
		}
	}
	// One corner that is left with probability 2^-40 a step: the rest is zero, and rounding what remains.
	k := &killed{width: 2, first: []int{0, 1, 2, 3, 4}, most: 1}
	for range 4 {
		k.hops = append(k.hops, hop{w: [4]float64{1 - 0x1p-40, 0, 0, 0}})
	}
	const steps = 0x1p40
	bound, rounding := k.within(make([]float64, 4), []float64{steps, steps, steps, steps})
	if least := steps * 0x1p-53; !(bound >= least && rounding >= least && bound <= 100*least) {
		t.Errorf("bound %.3g, rounding %.3g, a last place is %.3g", bound, rounding, least)
	}
	if got, _, err := k.solve(t.Context(), []float64{1, 1, 1, 1}); err != nil || !(got <= 100*steps*0x1p-53) {
		t.Errorf("bound %.3g, %v", got, err)
	}
}
