package kinds

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/sgd"
)

// shelf is a store in memory. It counts what it is asked for.
type shelf struct {
	units         map[string][]byte
	found, missed int
	full          int // units that it takes before it fails; 0: any number
}

var errFull = errors.New("the shelf is full")

func newShelf() *shelf { return &shelf{units: make(map[string][]byte)} }

func (s *shelf) Load(key string) ([]byte, error) {
	if b, ok := s.units[key]; ok {
		s.found++
		return b, nil
	}
	s.missed++
	return nil, nil
}

func (s *shelf) Save(key string, unit []byte) error {
	if s.full > 0 && len(s.units) >= s.full {
		return errFull
	}
	s.units[key] = slices.Clone(unit)
	return nil
}

// everything is a small problem that has all kinds of studies and a quadrature over xi.
func everything(t *testing.T) *compare.Problem {
	t.Helper()
	xi, err := law.Independent([]law.Variable{{Name: "xi", Law: law.Uniform{Low: -1, High: 1}}}, 8)
	if err != nil {
		t.Fatal(err)
	}
	p := trial.Build(t, trial.Spec{Name: "all", Parameters: []string{"x"}, Variables: []string{"xi"}, Law: xi,
		Loss: "x^2/2 + xi*cos(x)", Observables: [][2]string{{"square", "x^2"}, {"wave", "cos(x)"}}, R: 2, Etas: []int{4, 8, 16}})
	p.Solver = compare.Solver{Space: compare.SpaceUniform, Order: 6, Nodes: []int{48}}
	p.Models = trial.ModelsOf(p, sgd.Modified, sgd.SecondOrder, sgd.FirstOrder, sgd.GradientFlow)
	p.Studies, p.Crossing = compare.Studies(), &compare.Crossing{Level: 0.5, X: []float64{0}}
	x := 0.0
	p.Exit = &compare.Exit{Interval: [2]float64{-1, 1}, X: &x}
	p.Horizon = 2
	return p
}

// whole returns all that a result says, to the last bit.
func whole(t *testing.T, r *compare.Result) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	// Rasters hold NaN, which JSON has not.
	return fmt.Sprintf("%s\n%v\n%v\n%v\n%v", b, r.Curves, r.LocalCurves, r.DecayCurves, r.Rasters)
}

func run(t *testing.T, p *compare.Problem, cfg *compare.Config) *compare.Result {
	t.Helper()
	r, err := Run(context.Background(), p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A store that fails ends the run with its error; what it holds stays good.
func TestStoreErrors(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Quad1d)
	p.Etas = p.Etas[:2]
	s := newShelf()
	s.full = 3
	if _, err := Run(context.Background(), p, &compare.Config{Store: s}); !errors.Is(err, errFull) {
		t.Fatalf("error %v, want that of the store", err)
	}
	s.full = 0
	if got, want := run(t, p, &compare.Config{Store: s}), run(t, p, nil); whole(t, got) != whole(t, want) {
		t.Error("results differ after a store was full")
	}
	for k := range s.units {
		s.units[k] = []byte("garbage")
	}
	if _, err := Run(context.Background(), p, &compare.Config{Store: s}); err == nil {
		t.Error("damaged units are taken")
	}
}
