package sgd

import (
	"errors"
	"math"
	"strings"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/objective"
	"kolmo/process"
)

// f(x;xi) = x^2/2 + 2 xi cos x: by collocation and by differences the shift is the same
// to the errors given, and it falls fast with eta and with the layer's distance: below
// 1e-8 at eta = 1/16 where the layer begins at R = 2 and ends at 3.5.
func TestCutoffShiftFallsWithEta(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	loss := lossOf(t, 1, "x1^2/2 + 2*xi*cos(x1)", []float64{-1, 1}, nil)
	phi := process.Moment([]float64{0}, 1)
	for _, c := range []struct {
		r2   float64
		want []float64 // about, at eta = 1/4, 1/8, 1/16
	}{
		{3, []float64{2.5e-4, 1.2e-5, 1.8e-7}},
		{3.5, []float64{4.4e-5, 1.2e-6, 8.6e-9}},
	} {
		cut := Cutoff{Ball: grid.Ball{Center: []float64{0}, R: 2}, R2: c.r2}
		last := 1.0
		for i, want := range c.want {
			eta := 0.25 / float64(int(1)<<i)
			a, err := NewCutoffShift(loss, cut, eta, phi, 1, Space{Kind: grid.KindChebyshev, Nodes: 144, Order: fd.FullWidth, Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			b, err := NewCutoffShift(loss, cut, eta, phi, 1, Space{Kind: grid.KindUniform, Nodes: 201, Order: 8, Workers: 2})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("R2 = %g, eta = %g: %.4g (%.1g) and %.4g (%.1g)", c.r2, eta, a.Value, a.Error, b.Value, b.Error)
			if math.Abs(a.Value-b.Value) > a.Error+b.Error || math.Abs(b.Value-want) > 0.05*want+b.Error || b.Error > 0.01*b.Value {
				t.Errorf("R2 = %g, eta = %g: %.4g to %.1g by collocation, %.4g to %.1g by differences, want %.2g", c.r2, eta, a.Value, a.Error, b.Value, b.Error, want)
			}
			if b.Value > last/15 {
				t.Errorf("R2 = %g, eta = %g: %.3g after %.3g at twice the rate", c.r2, eta, b.Value, last)
			}
			if last = b.Value; math.Abs(math.Abs(b.X[0])-2) > 1e-12 {
				t.Errorf("the largest shift is at %v, want the sphere, which is nearest to the layer", b.X)
			}
			if b.R2 != [2]float64{c.r2, c.r2 + (c.r2-2)/2} || b.Nodes != [2]int{201, 150} {
				t.Errorf("radii %v, nodes %v", b.R2, b.Nodes)
			}
		}
	}
}

// On grids that do not resolve the layer the error says that the shift is not known:
// with few nodes it is above the difference from the shift on a fine grid.
func TestCutoffShiftErrorIsAboveTheError(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, 1, "x1^2/2 + 2*xi*cos(x1)", []float64{-1, 1}, nil)
	phi := process.Moment([]float64{0}, 1)
	for _, c := range []struct{ r2, eta, want float64 }{{3, 0.25, 2.47e-4}, {3, 1.0 / 32, 6.6e-10}, {3.5, 0.125, 1.2e-6}} {
		cut := Cutoff{Ball: grid.Ball{Center: []float64{0}, R: 2}, R2: c.r2}
		for _, s := range []Space{{Kind: grid.KindChebyshev, Nodes: 48}, {Kind: grid.KindChebyshev, Nodes: 64}, {Kind: grid.KindUniform, Nodes: 61, Order: 6}} {
			got, err := NewCutoffShift(loss, cut, c.eta, phi, 1, s)
			if err != nil {
				t.Fatal(err)
			}
			if off := math.Abs(got.Value - c.want); off > got.Error+0.01*c.want {
				t.Errorf("R2 = %g, eta = %g, %v: %.3g is off by %.3g, the estimate is %.3g", c.r2, c.eta, s, got.Value, off, got.Error)
			}
		}
	}
}

// In two dimensions, with noise of rank one about a centre that is not the origin, by
// both methods; the result does not depend on the number of workers.
func TestCutoffShiftIn2D(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, 2, "(x1-1)^2/2 + (x2+1)^2*0.7 + xi*(sin(x1) + x2)", []float64{-1, 1}, nil)
	center := []float64{1, -1}
	phi := process.Moment(center, 1)
	cut := Cutoff{Ball: grid.Ball{Center: center, R: 1.5}, R2: 2.5}
	var found []*CutoffShift
	for _, s := range []Space{
		{Kind: grid.KindChebyshev, Nodes: 44, Workers: 1}, {Kind: grid.KindChebyshev, Nodes: 44, Workers: 2},
		{Kind: grid.KindUniform, Nodes: 73, Order: 6},
	} {
		c, err := NewCutoffShift(loss, cut, 0.25, phi, 0.5, s)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%v: %.4g (%.1g) at %.3v", s, c.Value, c.Error, c.X)
		found = append(found, c)
	}
	a, b := found[0], found[2]
	if a.Value != found[1].Value || a.Error != found[1].Error {
		t.Error("the shift depends on the number of workers")
	}
	if math.Abs(a.Value-b.Value) > a.Error+b.Error || b.Error > 0.2*b.Value || b.Value > 1e-2 || b.Value < 1e-8 {
		t.Errorf("%.4g to %.1g by collocation, %.4g to %.1g by differences", a.Value, a.Error, b.Value, b.Error)
	}
}

// What cannot be computed is refused.
func TestCutoffShiftErrors(t *testing.T) {
	t.Parallel()
	loss := lossOf(t, 1, "x1^2/2 + xi/(x1-3)", []float64{-1, 1}, nil)
	good := lossOf(t, 1, "x1^2/2 + xi*x1", []float64{-1, 1}, nil)
	phi := process.Moment([]float64{0}, 1)
	at := func(r, r2 float64) Cutoff { return Cutoff{Ball: grid.Ball{Center: []float64{0}, R: r}, R2: r2} }
	s := Space{Kind: grid.KindUniform, Nodes: 41, Order: 4}
	for _, c := range []struct {
		name      string
		o         objective.Objective
		cut       Cutoff
		eta, time float64
		s         Space
		says      string
	}{
		{"radius", good, at(2, 2), 0.1, 1, s, "R < R2"},
		{"eta", good, at(2, 3), 0, 1, s, "positive"},
		{"time", good, at(2, 3), 0.1, math.NaN(), s, "positive"},
		{"nodes", good, at(2, 3), 0.1, 1, Space{Kind: grid.KindUniform, Nodes: 7, Order: 2}, "at least 8"},
		{"order", good, at(2, 3), 0.1, 1, Space{Kind: grid.KindUniform, Nodes: 41, Order: 5}, "order 5"},
		{"dimension", good, Cutoff{Ball: grid.Ball{Center: []float64{0, 0}, R: 1}, R2: 2}, 0.1, 1, s, "2 dimensions"},
		{"pole at a node", loss, at(2, 3), 0.1, 1, s, "not finite"},
	} {
		if _, err := NewCutoffShift(c.o, c.cut, c.eta, phi, c.time, c.s); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.says)
		}
	}
	_, err := NewCutoffShift(loss, at(2, 3), 0.1, phi, 1, s)
	var e *objective.NonFiniteError
	if !errors.As(err, &e) {
		t.Errorf("error %v, want a *objective.NonFiniteError", err)
	}
}
