package objective

import (
	"math"
	"testing"

	"kolmo/law"
	"kolmo/objective/expr"
)

// quartic is f(x;xi) = (x1 a - b)^4/4 + x1 x2 a + x2^2 b, as functions and as an
// expression.
var quartic = Functions{
	Loss: func(x, xi []float64) float64 {
		s := x[0]*xi[0] - xi[1]
		return s*s*s*s/4 + x[0]*x[1]*xi[0] + x[1]*x[1]*xi[1]
	},
	Grad: func(dst, x, xi []float64) {
		s := x[0]*xi[0] - xi[1]
		dst[0], dst[1] = s*s*s*xi[0]+x[1]*xi[0], x[0]*xi[0]+2*x[1]*xi[1]
	},
	Hess: func(dst [][]float64, x, xi []float64) {
		s := x[0]*xi[0] - xi[1]
		dst[0][0] += 3 * s * s * xi[0] * xi[0] // the entries are zero before
		dst[1][1] += 2 * xi[1]
		dst[0][1] += xi[0]
		dst[1][0] += xi[0]
	},
}

const quarticText = "(x1*a - b)^4/4 + x1*x2*a + x2^2*b"

// A loss by functions is the same loss by an expression: nodes, moments, the richer
// rule and the ends of the support.
func TestFuncAgainstExpression(t *testing.T) {
	t.Parallel()
	values, err := law.Discrete([]string{"a", "b"}, [][]float64{{1, -0.5}, {-2, 0.25}, {0.5, 2}}, []float64{0.2, 0.5, 0.3})
	if err != nil {
		t.Fatal(err)
	}
	continuous, err := law.Independent([]law.Variable{{Name: "a", Law: law.Uniform{Low: -1, High: 2}}, {Name: "b", Law: law.Rademacher{}}}, 3)
	if err != nil {
		t.Fatal(err)
	}
	e, err := expr.Parse(quarticText, expr.Scope{Parameters: []string{"x1", "x2"}, Variables: []string{"a", "b"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, xi := range []*law.Samples{values, continuous} {
		want, err := New([]string{"x1", "x2"}, e, xi)
		if err != nil {
			t.Fatal(err)
		}
		got, err := NewFunc(2, quartic, xi)
		if err != nil {
			t.Fatal(err)
		}
		sameObjective(t, got, want)
		fine, ok := got.Refine()
		wantFine, wantOK := want.Refine()
		if ok != wantOK {
			t.Fatalf("a richer rule: %v, want %v", ok, wantOK)
		}
		if ok {
			sameObjective(t, fine, wantFine)
			sameObjective(t, got.Law().Hull, want.Law().Hull)
		}
	}
}

// sameObjective compares laws, gradients and moments at some points.
func sameObjective(t *testing.T, got, want Objective) {
	t.Helper()
	lg, lw := got.Law(), want.Law()
	if lg.Exact != lw.Exact || lg.Unbounded != lw.Unbounded || lg.Len() != lw.Len() || (lg.Hull == nil) != (lw.Hull == nil) {
		t.Fatalf("the law %+v, want %+v", lg, lw)
	}
	eg, ew := got.NewEvaluator(), want.NewEvaluator()
	for _, x := range [][]float64{{0.3, -0.7}, {-1.5, 2}, {0, 0}} {
		n := lg.Len()
		wg, ww, gg, gw := make([]float64, n), make([]float64, n), make([]float64, 2*n), make([]float64, 2*n)
		eg.NodesTo(wg, gg, x)
		ew.NodesTo(ww, gw, x)
		for k := range gg {
			if math.Abs(gg[k]-gw[k]) > 1e-12*(1+math.Abs(gw[k])) || math.Abs(wg[k/2]-ww[k/2]) > 1e-15 {
				t.Errorf("node %d at %v: gradients %v, want %v", k/2, x, gg, gw)
			}
		}
		var mg, mw Moments
		eg.MomentsTo(&mg, x)
		ew.MomentsTo(&mw, x)
		pairs := [][2]float64{{mg.F, mw.F}}
		for i := range 2 {
			pairs = append(pairs, [2]float64{mg.Grad[i], mw.Grad[i]})
			for j := range 2 {
				pairs = append(pairs, [2]float64{mg.Hess[i][j], mw.Hess[i][j]}, [2]float64{mg.Sigma[i][j], mw.Sigma[i][j]})
			}
		}
		for i, p := range pairs {
			if math.Abs(p[0]-p[1]) > 1e-12*(1+math.Abs(p[1])) {
				t.Errorf("moment %d at %v: %.15g, want %.15g", i, x, p[0], p[1])
			}
		}
	}
}

func TestFuncErrors(t *testing.T) {
	t.Parallel()
	xi, err := law.Discrete([]string{"a", "b"}, [][]float64{{1, 2}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewFunc(4, quartic, xi); err == nil {
		t.Error("four parameters are accepted")
	}
	if _, err := NewFunc(2, Functions{Loss: quartic.Loss, Grad: quartic.Grad}, xi); err == nil {
		t.Error("a loss without a hessian is accepted")
	}
	sparse, err := law.IndependentBy([]law.Variable{{Name: "a", Law: law.Uniform{Low: -1, High: 1}}, {Name: "b", Law: law.Uniform{Low: -1, High: 1}}}, law.Smolyak{Level: 3})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewFunc(2, quartic, sparse); err == nil {
		t.Error("negative weights are accepted")
	}
}
