package compare

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"kolmo/internal/slow"
	"kolmo/sgd"
)

// Results must not depend on the number of workers, to the last bit.
func TestWorkersDoNotChangeResults(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := quad2d
	s.etas = []int{8, 16}
	one, two := gap(t, build(t, s), &Config{Workers: 1}), gap(t, build(t, s), &Config{Workers: 3})
	if whole(t, one) != whole(t, two) {
		t.Error("one and three workers give different results")
	}
	if len(one.Curves) == 0 || len(one.Rasters) == 0 {
		t.Errorf("%d curves and %d rasters were compared", len(one.Curves), len(one.Rasters))
	}
}

// doubleWell is the problem of studies/doublewell.yaml.
var doubleWell = spec{name: "doublewell", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{-0.5}, {0.5}},
	loss: "x^4/4 - x^2/2 + xi*x", observables: [][2]string{{"x", "x"}}, r: 1.2, etas: []int{4, 8, 16, 32, 64, 128}}

// horizon runs the horizon study of a spec for one model.
func horizon(t *testing.T, s spec, m string, h float64, cfg *Config) *Result {
	t.Helper()
	p := build(t, s)
	p.Models, p.Studies, p.Horizon = modelsOf(p, m), []Study{StudyHorizon}, h
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
	s.etas = []int{4, 8}
	a := horizon(t, s, sgd.SecondOrder, 3, &Config{Workers: 1})
	b := horizon(t, s, sgd.SecondOrder, 3, &Config{Workers: 3})
	// As they are stored: NaN differs from itself.
	x, errX := json.Marshal(a.Horizon)
	y, errY := json.Marshal(b.Horizon)
	if errX != nil || errY != nil || !bytes.Equal(x, y) {
		t.Errorf("1 worker: %s (%v)\n3 workers: %s (%v)", x, errX, y, errY)
	}
	// t and T are different keys.
	var back []HorizonRow
	if err := json.Unmarshal(x, &back); err != nil || len(back) != 2 || len(back[1].Times) != 25 || back[1].Times[24] != 3 {
		t.Errorf("read back: %+v (%v)", back, err)
	}
}

// One worker and three give the same bits.
func TestStationaryOnOneAndThreeWorkers(t *testing.T) {
	t.Parallel()
	s := quad1d
	s.etas = []int{4, 8}
	p := build(t, s)
	p.Studies, p.Models = []Study{StudyStationary}, modelsOf(p, sgd.SecondOrder)
	var texts [2]string
	for i, workers := range []int{1, 3} {
		r, err := Run(context.Background(), p, &Config{Workers: workers})
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
