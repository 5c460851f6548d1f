package kinds

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// Results must not depend on the number of workers, to the last bit.
func TestWorkersDoNotChangeResults(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad2d
	s.Etas = []int{8, 16}
	one, two := gapOf(t, trial.Build(t, s), &compare.Config{Workers: 1}), gapOf(t, trial.Build(t, s), &compare.Config{Workers: 3})
	if whole(t, one) != whole(t, two) {
		t.Error("one and three workers give different results")
	}
	if len(one.Curves) == 0 || len(one.Rasters) == 0 {
		t.Errorf("%d curves and %d rasters were compared", len(one.Curves), len(one.Rasters))
	}
}

// doubleWell is the problem of studies/doublewell.yaml.
var doubleWell = trial.Spec{Name: "doublewell", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-0.5}, {0.5}},
	Loss: "x^4/4 - x^2/2 + xi*x", Observables: [][2]string{{"x", "x"}}, R: 1.2, Etas: []int{4, 8, 16, 32, 64, 128}}

// horizon runs the horizon study of a spec for one model.
func horizonOf(t *testing.T, s trial.Spec, m string, h float64, cfg *compare.Config) *compare.Result {
	t.Helper()
	p := trial.Build(t, s)
	p.Models, p.Studies, p.Horizon = trial.ModelsOf(p, m), []compare.Study{compare.StudyHorizon}, h
	r, err := Run(context.Background(), p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Any number of workers gives the same bits.
func TestHorizonWorkers(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := doubleWell
	s.Etas = []int{4, 8}
	a := horizonOf(t, s, sgd.SecondOrder, 3, &compare.Config{Workers: 1})
	b := horizonOf(t, s, sgd.SecondOrder, 3, &compare.Config{Workers: 3})
	// As they are stored: NaN differs from itself.
	x, errX := json.Marshal(a.Horizon)
	y, errY := json.Marshal(b.Horizon)
	if errX != nil || errY != nil || !bytes.Equal(x, y) {
		t.Errorf("1 worker: %s (%v)\n3 workers: %s (%v)", x, errX, y, errY)
	}
	// t and T are different keys.
	var back []compare.HorizonRow
	if err := json.Unmarshal(x, &back); err != nil || len(back) != 2 || len(back[1].Times) != 25 || back[1].Times[24] != 3 {
		t.Errorf("read back: %+v (%v)", back, err)
	}
}

// One worker and three give the same bits.
func TestStationaryOnOneAndThreeWorkers(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{4, 8}
	p := trial.Build(t, s)
	p.Studies, p.Models = []compare.Study{compare.StudyStationary}, trial.ModelsOf(p, sgd.SecondOrder)
	var texts [2]string
	for i, workers := range []int{1, 3} {
		r, err := Run(context.Background(), p, &compare.Config{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal([]any{r.Stationary, r.MeanShift, r.StationaryOrder})
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(text)
	}
	if texts[0] != texts[1] || len(texts[0]) < 1000 {
		t.Errorf("%s\n%s", texts[0], texts[1])
	}
}
