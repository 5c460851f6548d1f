package kinds

import (
	"context"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/constant"
	"kolmo/compare/fit"
	"kolmo/compare/trial"
	"kolmo/process"
	"kolmo/sgd"
)

// withoutDefect returns a problem's model of a name as it is where its D is not known.
func withoutDefect(p *compare.Problem, name string) *process.Diffusion {
	m := *trial.ModelsOf(p, name)[0]
	m.Defect = process.Defect{}
	return &m
}

// Where D is not known no constant is predicted, and the row says so; gaps, their
// certificates and their order are the same as where it is.
func TestNoDefectNoConstant(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{16, 32, 64}
	p := trial.Build(t, s)
	p.Models = []*process.Diffusion{trial.ModelsOf(p, sgd.SecondOrder)[0], withoutDefect(p, sgd.SecondOrder)}
	p.Models[1].Name = "unknown"
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Constant) != 4 {
		t.Fatalf("%d constants", len(r.Constant))
	}
	for i, c := range r.Constant {
		unknown := c.Model == "unknown"
		if unknown != (c.Reason != nil && *c.Reason == constant.NoDefect) || unknown == (c.Predicted == c.Predicted) || c.Measured != r.Constant[i/2*2].Measured {
			t.Errorf("%s, %s: predicted %v, measured %v, reason %q", c.Observable, c.Model, c.Predicted, c.Measured, deref(c.Reason))
		}
	}
	for _, row := range r.Gap {
		if !row.Certified {
			t.Errorf("%s, %s, %s is not certified: %s", row.Observable, row.Model, row.EtaText, deref(row.Reason))
		}
	}
}

// Over a horizon the gap, T and the growth of derivatives are measured; nothing stands
// beside them.
func TestNoDefectOverHorizon(t *testing.T) {
	t.Parallel()
	s := doubleWell
	s.Etas = []int{4, 8, 16}
	p := trial.Build(t, s)
	p.Models, p.Studies, p.Horizon = []*process.Diffusion{withoutDefect(p, sgd.SecondOrder)}, []compare.Study{compare.StudyHorizon}, 3
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.HorizonOrder) == 0 || len(r.HorizonTime) != 1 {
		t.Fatalf("%d orders, %d times", len(r.HorizonOrder), len(r.HorizonTime))
	}
	for _, o := range r.HorizonOrder {
		if o.J != 0 || o.Expected == o.Expected || strings.Contains(o.Verdict, "no growth") || len(o.Etas) >= fit.LeastVerdictEtas && !strings.Contains(o.Verdict, constant.NoDefect) {
			t.Errorf("beta %g: |J| = %d, expected %v, %q", o.Beta, o.J, o.Expected, o.Verdict)
		}
	}
	if v := r.HorizonTime[0].Verdict; strings.Contains(v, "no growth") || strings.Contains(v, "confirmed") {
		t.Error(v)
	}
}
