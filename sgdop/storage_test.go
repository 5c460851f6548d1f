package sgdop

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kolmo/grid"
	"kolmo/sgd"
)

// kept assembles with the given storage.
func kept(t testing.TB, g *grid.Grid, o *gradients, eta float64, cfg Config) *Operator {
	t.Helper()
	s, err := Assemble(context.Background(), g, sgd.NewChain(o, eta), &cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// outliers is a law most samples of which move a node little and two of which far,
// in different directions.
func outliers(d int) *gradients {
	shifts := []float64{0.01, -0.013, 0.02, 0, 1.1, -0.9}
	return &gradients{d: d, weights: []float64{0.3, 0.25, 0.2, 0.15, 0.06, 0.04}, grad: func(dst, x []float64, k int) {
		for i := range dst {
			dst[i] = x[i]/2 + shifts[k]*float64(1+(i+k)%2)
		}
	}}
}

// Whatever is kept of the weights, S is the same: applied to one and several fields,
// its adjoint, its entries, its rows.
func TestStoragesAgree(t *testing.T) {
	t.Parallel()
	forMethods(t, func(t *testing.T, g *grid.Grid, width int) {
		o := outliers(g.Dim())
		const eta = 0.5
		want := kept(t, g, o, eta, Config{Width: width, Storage: StorageWindows})
		rnd := rand.New(rand.NewPCG(7, 1))
		u := [][]float64{randomField(rnd, g.Len()), randomField(rnd, g.Len()), randomField(rnd, g.Len())}
		v := [][]float64{make([]float64, g.Len()), make([]float64, g.Len()), make([]float64, g.Len())}
		p := make([]float64, g.Len())
		want.ApplyAllTo(1, v, u)
		want.AdjointTo(1, p, u[0])
		for _, storage := range []Storage{StorageFactors, StorageNone} {
			s := kept(t, g, o, eta, Config{Width: width, Storage: storage})
			if c := s.Choice(); c.Storage != storage || !c.MatrixFree() || s.Stored() != 0 {
				t.Fatalf("chose %v", c)
			}
			for _, workers := range []int{1, 3} {
				got := [][]float64{randomField(rnd, g.Len()), randomField(rnd, g.Len()), randomField(rnd, g.Len())}
				s.ApplyAllTo(workers, got, u)
				for f := range got {
					if diff := maxDiff(got[f], v[f]); diff > 1e-12*maxAbs(u[f])*want.Lebesgue() {
						t.Fatalf("%v, %d workers: field %d differs by %.3g", storage, workers, f, diff)
					}
				}
				s.AdjointTo(workers, got[0], u[0])
				if diff := maxDiff(got[0], p); diff > 1e-12*float64(g.Len())*want.Lebesgue() {
					t.Fatalf("%v: the adjoint differs by %.3g", storage, diff)
				}
			}
			one := make([]float64, g.Len())
			s.ApplyTo(one, u[1])
			if diff := maxDiff(one, v[1]); diff > 1e-12*maxAbs(u[1])*want.Lebesgue() {
				t.Fatalf("%v: ApplyTo differs by %.3g", storage, diff)
			}
			if math.Abs(s.Lebesgue()-want.Lebesgue()) > 1e-12*want.Lebesgue() || s.Leakage() != want.Leakage() {
				t.Errorf("%v: factor %v, leakage %+v; with windows %v, %+v", storage, s.Lebesgue(), s.Leakage(), want.Lebesgue(), want.Leakage())
			}
			for i := 0; i < g.Len(); i += 1 + g.Len()/5 {
				for j := 0; j < g.Len(); j += 3 {
					if a, b := s.At(i, j), want.At(i, j); math.Abs(a-b) > 1e-12*want.Lebesgue() {
						t.Fatalf("%v: entry %d, %d is %v, with windows %v", storage, i, j, a, b)
					}
				}
			}
		}
	})
}

// Far samples get windows of their own: the row is a fraction of the smallest one
// window around all, and the product the same. Near ones share one window.
func TestOutliersGetWindowsOfTheirOwn(t *testing.T) {
	t.Parallel()
	for d := 2; d <= 3; d++ {
		g := cube(t, grid.KindUniform, d, 2, []int{0, 0, 61, 25}[d])
		s := kept(t, g, outliers(d), 1, Config{Width: 4})
		if s.Windows() <= g.Len() {
			t.Fatalf("d=%d: %d windows of %d rows", d, s.Windows(), g.Len())
		}
		around := 0
		lo, hi := [3]int32{}, [3]int32{}
		for i := range g.Len() {
			for x := s.first[i]; x < s.first[i+1]; x++ {
				v := s.win.At(int(x))
				at := [3]int32{}
				u := int(v.U)
				for k := range d {
					at[k] = int32(g.Index(u, k))
				}
				for k, e := range [3]int32{v.E1, v.E2, v.E3} {
					if x == s.first[i] {
						lo[k], hi[k] = at[k], at[k]+e
					}
					lo[k], hi[k] = min(lo[k], at[k]), max(hi[k], at[k]+e)
				}
			}
			around += int(hi[0]-lo[0]) * int(hi[1]-lo[1]) * int(hi[2]-lo[2])
		}
		t.Logf("d=%d: %d windows in %d rows, %d weights, %d around all", d, s.Windows(), g.Len(), s.Stored(), around)
		if 2*s.Stored() > around {
			t.Errorf("d=%d: %d weights, %d around all", d, s.Stored(), around)
		}
		one := kept(t, g, curved(d), 0.05, Config{Width: 4})
		if one.Windows() != g.Len() {
			t.Errorf("d=%d: near samples have %d windows in %d rows", d, one.Windows(), g.Len())
		}
	}
}

// The budget decides: windows while they fit, then factors, then nothing; each is
// said. Asked-for storage that does not fit is refused with what it needs.
func TestBudgetDecides(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindUniform, 3, 2, 14)
	o := curved(3)
	free := kept(t, g, o, 0.25, Config{Width: 8})
	factors := kept(t, g, o, 0.25, Config{Width: 8, Storage: StorageFactors})
	for _, c := range []struct {
		most int64
		want Storage
		say  string
	}{
		{free.Choice().Bytes, StorageWindows, "fit in memory"},
		{free.Choice().Bytes - 1, StorageFactors, "windows would need"},
		{factors.Choice().Bytes, StorageFactors, "windows would need"},
		{factors.Choice().Bytes - 1, StorageNone, "factors"},
	} {
		s := kept(t, g, o, 0.25, Config{Width: 8, MaxBytes: c.most})
		if got := s.Choice(); got.Storage != c.want || !strings.Contains(got.Why, c.say) || got.Bytes > c.most && c.want != StorageNone {
			t.Errorf("%d bytes: %v", c.most, got)
		}
	}
	if free.Choice().Bytes != 8*int64(free.Stored())+windowBytes*int64(free.Windows()) {
		t.Errorf("%d bytes for %d weights in %d windows", free.Choice().Bytes, free.Stored(), free.Windows())
	}
	for _, storage := range []Storage{StorageWindows, StorageFactors} {
		_, err := Assemble(t.Context(), g, sgd.NewChain(o, 0.25), &Config{Width: 8, Storage: storage, MaxBytes: 1000})
		var e *SizeError
		if !errors.As(err, &e) || e.Bytes <= 1000 {
			t.Errorf("%v: error %v", storage, err)
		}
	}
}

// Progress is told in order, ends at 1, and no two calls overlap (the race detector
// sees them).
func TestProgress(t *testing.T) {
	t.Parallel()
	for _, storage := range []Storage{StorageAuto, StorageFactors, StorageNone} {
		for _, width := range []int{0, 6} {
			var told []float64
			g := cube(t, grid.KindUniform, 2, 2, 20)
			kept(t, g, curved(2), 0.25, Config{Width: width, Workers: 3, Storage: storage, Progress: func(share float64) { told = append(told, share) }})
			if len(told) < 3 || !slices.IsSorted(told) || told[len(told)-1] != 1 || told[0] <= 0 {
				t.Errorf("%v, width %d: told %v", storage, width, told)
			}
		}
	}
}

// Wrong choices are refused.
func TestAssembleRefuses(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindUniform, 2, 2, 9)
	for name, f := range map[string]func() error{
		"dimension": func() error { _, err := Assemble(t.Context(), g, sgd.NewChain(curved(1), 0.1), nil); return err },
		"width": func() error {
			_, err := Assemble(t.Context(), g, sgd.NewChain(curved(2), 0.1), &Config{Width: -3})
			return err
		},
		"no probe": func() error {
			_, err := Assemble(t.Context(), g, sgd.NewChain(curved(2), 0.1), &Config{Width: WidthAuto})
			return err
		},
	} {
		if err := f(); err == nil || !strings.HasPrefix(err.Error(), "sgdop: ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// No application allocates, on one worker. (AllocsPerRun forbids t.Parallel.)
func TestApplicationsDoNotAllocate(t *testing.T) {
	g := cube(t, grid.KindUniform, 2, 2, 14)
	u := [][]float64{make([]float64, g.Len()), make([]float64, g.Len()), make([]float64, g.Len())}
	v := [][]float64{make([]float64, g.Len()), make([]float64, g.Len()), make([]float64, g.Len())}
	for _, cfg := range []Config{{Width: 6}, {}, {Width: 6, Storage: StorageFactors}, {Width: 6, Storage: StorageNone}} {
		s := kept(t, g, outliers(2), 0.5, cfg)
		s.AdjointTo(1, v[0], u[0])
		s.ApplyAllTo(1, v, u) // workspaces are made once
		if n := testing.AllocsPerRun(3, func() { s.ApplyAllTo(1, v, u); s.ApplyTo(v[0], u[0]) }); n != 0 {
			t.Errorf("%v: %v allocations", s.Choice(), n)
		}
		if n := testing.AllocsPerRun(3, func() { s.AdjointTo(1, v[0], u[0]) }); n > 1 {
			t.Errorf("%v: the adjoint makes %v allocations", s.Choice(), n)
		}
	}
}
