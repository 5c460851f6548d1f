package kolmogorov

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
)

// forSpaces runs a test for every space discretisation in one to three
// dimensions, with another number of nodes along every axis.
func forSpaces(t *testing.T, test func(t *testing.T, g *grid.Grid, order int)) {
	for _, s := range spaces {
		for d := 1; d <= 3; d++ {
			t.Run(fmt.Sprintf("%s/%dd", s.name, d), func(t *testing.T) {
				t.Parallel()
				test(t, box(t, s.kind, d, 1.3, s.nodes, s.nodes+2, s.nodes+1), s.order)
			})
		}
	}
}

func randomCoefficients(rnd *rand.Rand, g *grid.Grid) *Coefficients {
	c := new(Coefficients)
	for k := range g.Dim() {
		c.B[k] = randomField(rnd, g.Len())
		for l := k; l < g.Dim(); l++ {
			c.A[k][l] = randomField(rnd, g.Len())
		}
	}
	return c
}

// Coefficients that are zero at all nodes take no derivatives and change no bit: the operator is that of nil ones.
func TestZeroCoefficients(t *testing.T) {
	t.Parallel()
	forSpaces(t, func(t *testing.T, g *grid.Grid, order int) {
		rnd := rand.New(rand.NewPCG(2, 1))
		last := g.Dim() - 1
		lacking := randomCoefficients(rnd, g) // a drift alone along the last axis
		zero := *lacking
		for k := range g.Dim() {
			lacking.A[k][last], zero.A[k][last] = nil, make([]float64, g.Len())
		}
		a, b := newOperator(t, g, lacking, order), newOperator(t, g, &zero, order)
		if b.Mixed() != (g.Dim() > 2) || a.derivatives() != b.derivatives() {
			t.Errorf("mixed derivatives: %t; %d of one axis, want %d", b.Mixed(), b.derivatives(), a.derivatives())
		}
		v, got, want := randomField(rnd, g.Len()), make([]float64, g.Len()), make([]float64, g.Len())
		a.ApplyTo(want, nil, 0.3, v)
		b.ApplyTo(got, nil, 0.3, v)
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("node %d has %v, want %v", i, got[i], want[i])
			}
		}
	})
}

// c L v is the sum of c L_0 v, .., c L_d v to rounding, and the parts add to what
// is there.
func TestApplyToIsTheSumOfTheParts(t *testing.T) {
	t.Parallel()
	forSpaces(t, func(t *testing.T, g *grid.Grid, order int) {
		rnd := rand.New(rand.NewPCG(1, 1))
		op := newOperator(t, g, randomCoefficients(rnd, g), order)
		n := g.Len()
		v, whole, parts := randomField(rnd, n), randomField(rnd, n), randomField(rnd, n)
		before := append([]float64(nil), parts...)
		const c = -0.7
		op.ApplyTo(whole, nil, c, v)
		op.AddMixedTo(parts, c, v)
		for k := g.Dim() - 1; k >= 0; k-- {
			op.AddAxisTo(k, parts, c, v)
		}
		for i := range parts {
			parts[i] -= before[i]
		}
		if diff, size := maxDiff(whole, parts), maxAbs(whole); diff > 1e-13*size {
			t.Errorf("ApplyTo differs from the sum of the parts by %.3g of %.3g", diff, size)
		}
		// u + c L v, beside u and in its place.
		u, sum, beside := randomField(rnd, n), make([]float64, n), randomField(rnd, n)
		for i := range sum {
			sum[i] = u[i] + parts[i]
		}
		op.ApplyTo(beside, u, c, v)
		op.ApplyTo(u, u, c, v)
		for name, got := range map[string][]float64{"beside": beside, "in place": u} {
			if diff, size := maxDiff(got, sum), maxAbs(sum); diff > 1e-13*size {
				t.Errorf("u + c L v %s differs from the sum of the parts by %.3g of %.3g", name, diff, size)
			}
		}
	})
}

// L u at the nodes is exact for polynomials u of degree up to the order, here at
// most 4 in every variable, with polynomial coefficients.
func TestApplyToIsExactOnPolynomials(t *testing.T) {
	t.Parallel()
	forSpaces(t, func(t *testing.T, g *grid.Grid, order int) {
		d := g.Dim()
		degree := 4
		if order != fd.FullWidth {
			degree = min(degree, order)
		}
		rnd := rand.New(rand.NewPCG(2, 1))
		u := poly{}
		for range 12 {
			var e [3]int
			for k := range d {
				e[k] = rnd.IntN(degree + 1)
			}
			u[e] = rnd.NormFloat64()
		}
		var top [3]int // the highest powers of all variables at once
		for k := range d {
			top[k] = degree
		}
		u[top] = 1
		p := newClosedProblem(d, 1)
		op := newOperator(t, g, p.on(g), order)
		got, at := make([]float64, g.Len()), sample(g, u.at)
		op.ApplyTo(got, nil, 1, at)
		want := sample(g, p.apply(u).at)
		// Sinh axes of high order have large weights of both signs next to the ends.
		if diff, size := maxDiff(got, want), maxAbs(want); diff > max(2e-12*size, 1e-16*rowSum(op)*maxAbs(at)) {
			t.Errorf("L u is off by %.3g of %.3g", diff, size)
		}
	})
}

// rowSum bounds the sum of the absolute weights in a row of L.
func rowSum(op *Operator) float64 {
	d := op.Dim()
	sums := func(m *grid.AxisMatrix) float64 {
		n, _ := m.Dims()
		most := 0.0
		for i := range n {
			sum := 0.0
			for j := range n {
				sum += math.Abs(m.At(i, j))
			}
			most = max(most, sum)
		}
		return most
	}
	total := 0.0
	for k := range d {
		total += maxAbs(op.c.B[k])*sums(op.first[k]) + maxAbs(op.c.A[k][k])/2*sums(op.second[k])
		for l := k + 1; l < d; l++ {
			total += maxAbs(op.c.A[k][l]) * sums(op.first[k]) * sums(op.first[l])
		}
	}
	return total
}

// One degree more than the order is not exact: the test above could tell.
func TestApplyToIsNotExactBeyondTheOrder(t *testing.T) {
	t.Parallel()
	for _, order := range []int{2, 4, 6} {
		g := box(t, grid.KindUniform, 1, 1.3, 12)
		p := newClosedProblem(1, 1)
		op := newOperator(t, g, p.on(g), order)
		u := poly{{order + 2}: 1}
		got := make([]float64, g.Len())
		op.ApplyTo(got, nil, 1, sample(g, u.at))
		if diff := maxDiff(got, sample(g, p.apply(u).at)); diff < 1e-5 {
			t.Errorf("order %d: degree %d is off by %.3g only", order, order+2, diff)
		}
	}
}

// Coefficients that are nil are zero.
func TestNilCoefficientsAreZero(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindChebyshev, 2, 1, 8, 9)
	rnd := rand.New(rand.NewPCG(3, 1))
	full := randomCoefficients(rnd, g)
	zero := make([]float64, g.Len())
	v := randomField(rnd, g.Len())
	for name, drop := range map[string]func(c *Coefficients, to []float64){
		"b_1":  func(c *Coefficients, to []float64) { c.B[0] = to },
		"b_2":  func(c *Coefficients, to []float64) { c.B[1] = to },
		"a_11": func(c *Coefficients, to []float64) { c.A[0][0] = to },
		"a_12": func(c *Coefficients, to []float64) { c.A[0][1] = to },
		"a_22": func(c *Coefficients, to []float64) { c.A[1][1] = to },
	} {
		without, with := *full, *full
		drop(&without, nil)
		drop(&with, zero)
		a, b := newOperator(t, g, &without, fd.FullWidth), newOperator(t, g, &with, fd.FullWidth)
		got, want := make([]float64, g.Len()), make([]float64, g.Len())
		a.ApplyTo(got, nil, 1, v)
		b.ApplyTo(want, nil, 1, v)
		if diff := maxDiff(got, want); diff > 1e-12 {
			t.Errorf("%s nil: L v differs from %s zero by %.3g", name, name, diff)
		}
		for k := range g.Dim() {
			lu, err := a.Factor(k, 1e-3)
			if err != nil {
				t.Fatal(err)
			}
			ref, err := b.Factor(k, 1e-3)
			if err != nil {
				t.Fatal(err)
			}
			copy(got, v)
			copy(want, v)
			lu.SolveTo([][]float64{got})
			ref.SolveTo([][]float64{want})
			if diff := maxDiff(got, want); diff > 1e-12 {
				t.Errorf("%s nil: the solve along axis %d differs by %.3g", name, k+1, diff)
			}
		}
	}
}

// Constants are in the kernel of L to rounding.
func TestApplyToMapsConstantsToZero(t *testing.T) {
	t.Parallel()
	forSpaces(t, func(t *testing.T, g *grid.Grid, order int) {
		rnd := rand.New(rand.NewPCG(4, 1))
		op := newOperator(t, g, randomCoefficients(rnd, g), order)
		one, got := make([]float64, g.Len()), make([]float64, g.Len())
		for i := range one {
			one[i] = 1
		}
		op.ApplyTo(got, nil, 1, one)
		v := make([]float64, g.Len())
		op.ApplyTo(v, nil, 1, randomField(rnd, g.Len()))
		if size := maxAbs(got); size > 1e-14*maxAbs(v) {
			t.Errorf("L 1 = %.3g where L v = %.3g", size, maxAbs(v))
		}
	})
}

// An axis with too few nodes is an error, not a panic; wrong shapes panic.
func TestOperatorRefusesWrongShapes(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindUniform, 2, 1, 9, 6)
	c := newClosedProblem(2, 1).on(g)
	if _, err := NewOperator(g, c, 8); err == nil {
		t.Error("order 8 with 6 nodes gives no error")
	}
	op := newOperator(t, g, c, 4)
	n := g.Len()
	short := *c
	short.A[0][1] = make([]float64, n-1)
	for name, f := range map[string]func(){
		"coefficients": func() { _, _ = NewOperator(g, &short, 4) },
		"dst":          func() { op.ApplyTo(make([]float64, n-1), nil, 1, make([]float64, n)) },
		"v":            func() { op.ApplyTo(make([]float64, n), nil, 1, make([]float64, n+1)) },
		"axis dst":     func() { op.AddAxisTo(1, make([]float64, n+1), 1, make([]float64, n)) },
		"mixed u":      func() { op.AddMixedTo(make([]float64, n), 1, make([]float64, n-1)) },
	} {
		func() {
			defer func() {
				if s, ok := recover().(string); !ok || len(s) < 12 || s[:12] != "kolmogorov: " {
					t.Errorf("%s of a wrong length: no panic of this package (%v)", name, s)
				}
			}()
			f()
		}()
	}
}

// Factor and SolveTo invert I - c L_k. The factorisation does not pivot, which
// costs digits where c L_k is large and the closures are of high order.
func TestFactorInvertsApply(t *testing.T) {
	t.Parallel()
	forSpaces(t, func(t *testing.T, g *grid.Grid, order int) {
		p := newClosedProblem(g.Dim(), 0.5)
		op := newOperator(t, g, p.on(g), order)
		rnd := rand.New(rand.NewPCG(5, 1))
		for k := range g.Dim() {
			for c, tol := range map[float64]float64{0.003: 1e-12, 0.05: 3e-8} {
				lu, err := op.Factor(k, c)
				if err != nil {
					t.Fatalf("axis %d, c = %v: %v", k+1, c, err)
				}
				v := randomField(rnd, g.Len())
				w := append([]float64(nil), v...)
				op.AddAxisTo(k, w, -c, v)
				lu.SolveTo([][]float64{w})
				if diff := maxDiff(w, v); diff > tol {
					t.Errorf("axis %d, c = %v: solving what was applied is off by %.3g", k+1, c, diff)
				}
			}
		}
	})
}

// A line matrix with a pivot of zero is reported with its axis.
func TestFactorReportsSingularLines(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindUniform, 2, 1, 6, 7)
	one := sample(g, func([]float64) float64 { return 1 })
	op := newOperator(t, g, &Coefficients{B: [grid.MaxDim][]float64{one, one}}, 2)
	c := 1 / op.first[1].At(0, 0) // the first entry of I - c D is zero
	if _, err := op.Factor(1, c); !isSingular(err) {
		t.Errorf("error %v, want fd.ErrSingular", err)
	}
	if _, err := NewStepping(op, scheme.HundsdorferVerwer{}, c/scheme.ThetaHV, 1, nil); !isSingular(err) {
		t.Errorf("the scheme's error is %v, want fd.ErrSingular", err)
	}
	if math.IsNaN(c) {
		t.Fatal("the case is not as constructed")
	}
}
