package kinds

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/process"
)

// A study that goes on from any set of finished units gives the results of one that was
// not interrupted, to the last bit, and computes no finished unit again.
func TestUnitsResume(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := everything(t)
	want := whole(t, run(t, p, nil))
	all := newShelf()
	if got := whole(t, run(t, p, &compare.Config{Store: all})); got != want {
		t.Fatal("a store changes the results")
	}
	if n := len(all.units); all.found != 0 || n != 3*4*5+3+2*3+3+3+3*3*5 { // limits of SGD and spectra of S, then crossings, variations and exit times
		t.Errorf("%d units, %d found in an empty store", n, all.found)
	}
	var keys []string
	for k := range all.units {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		some := newShelf()
		for _, k := range keys {
			if rng.IntN(2) == 0 {
				some.units[k] = all.units[k]
			}
		}
		n := len(some.units)
		if got := whole(t, run(t, p, &compare.Config{Store: some})); got != want {
			t.Fatalf("results differ when %d units are there", n)
		}
		if some.found != n || len(some.units) != len(keys) {
			t.Errorf("%d of %d units were found, %d in the end, want %d", some.found, n, len(some.units), len(keys))
		}
		for _, k := range keys {
			if !bytes.Equal(some.units[k], all.units[k]) {
				t.Errorf("unit %s differs", k)
			}
		}
	}
}

// What a shard computes depends on no other shard: the units of all of them give the
// single run's results, to the last bit.
func TestShardsMerge(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := everything(t)
	p.Studies = []compare.Study{compare.StudyGap, compare.StudyDecay, compare.StudyStationary}
	want := whole(t, run(t, p, nil))
	for _, of := range []int{3, 40} {
		merged, sum := newShelf(), 0
		for k := 1; k <= of; k++ {
			own := newShelf()
			if err := Compute(context.Background(), p, &compare.Config{Store: own}, compare.Shard{K: k, Of: of}); err != nil {
				t.Fatal(err)
			}
			sum += len(own.units)
			for key, b := range own.units {
				if old, ok := merged.units[key]; ok && !bytes.Equal(old, b) {
					t.Errorf("%d shards: unit %s depends on the shard", of, key)
				}
				merged.units[key] = b
			}
		}
		merged.missed = 0
		if got := whole(t, run(t, p, &compare.Config{Store: merged})); got != want {
			t.Errorf("%d shards: results differ", of)
		}
		if merged.missed != 0 {
			t.Errorf("%d shards left %d units out", of, merged.missed)
		}
		if of == 3 && sum > 2*len(merged.units) {
			t.Errorf("3 shards computed %d units to get %d", sum, len(merged.units))
		}
	}
}

// Every unit belongs to exactly one shard.
func TestShardsDivideAllUnits(t *testing.T) {
	t.Parallel()
	p := everything(t)
	s := newTestSetup(t, p, &compare.Config{})
	pairs := newKinds(s).constant.Pairs()
	for of := 1; of <= 20; of++ {
		count := make(map[string]int)
		for k := 1; k <= of; k++ {
			own := split(compare.Shard{K: k, Of: of}, s, pairs)
			for i, models := range own.models {
				for _, m := range models {
					count[s.UnitName(compare.StudyGap, i, m)]++
				}
			}
			for _, pair := range own.constants {
				count[fmt.Sprint(pair)]++
			}
		}
		if len(count) != 3*4+2*3 {
			t.Errorf("%d shards have %d units", of, len(count))
		}
		for name, n := range count {
			if n != 1 {
				t.Errorf("%d shards: unit %s is computed %d times", of, name, n)
			}
		}
	}
}

// A model's rows do not depend on the models beside it, which need other grids and close
// after other numbers of steps.
func TestModelsDoNotDependOnEachOther(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	steps := make(map[int]bool)
	for _, q := range []trial.Spec{trial.Quad1d, trial.Quad2d} {
		p := trial.Build(t, q)
		p.Etas = p.Etas[:4]
		all := run(t, p, nil)
		for _, m := range p.Models {
			one := *p
			one.Models = []*process.Diffusion{m}
			r := run(t, &one, nil)
			var rows []compare.GapRow
			for _, g := range all.Gap {
				if g.Model == m.Name {
					rows = append(rows, g)
				}
				if q.Name == trial.Quad1d.Name && g.Eta == p.Etas[3].Value {
					steps[g.Steps] = true
				}
			}
			if a, b := fmt.Sprintf("%+v", derefRows(rows)), fmt.Sprintf("%+v", derefRows(r.Gap)); a != b {
				t.Errorf("%s, %s alone:\n%s\nwith others:\n%s", q.Name, m, b, a)
			}
		}
	}
	if len(steps) < 2 {
		t.Errorf("all models close after the same number of steps: %v", steps)
	}
}

// derefRows returns rows as text, with what they point at.
func derefRows(rows []compare.GapRow) []string {
	var out []string
	for _, r := range rows {
		b, _ := json.Marshal(r)
		out = append(out, string(b))
	}
	return out
}

// Fields are handed over with their rows as soon as a unit is finished, and not kept.
func TestFieldsAreHandedOver(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Quad1d)
	p.Etas = p.Etas[:2]
	p.Fields = compare.FieldRequest{Etas: []float64{p.Etas[1].Value}, Every: 4}
	kept := run(t, p, nil)
	var given []compare.FieldSet
	r := run(t, p, &compare.Config{Fields: func(f *compare.FieldSet, row *compare.GapRow) error {
		if row.Observable != f.Observable || row.Model != f.Model || row.Eta != f.Eta {
			t.Errorf("fields of %s, %s with the row of %s, %s", f.Observable, f.Model, row.Observable, row.Model)
		}
		given = append(given, *f)
		return nil
	}})
	if len(r.Fields) != 0 || len(given) != len(kept.Fields) {
		t.Fatalf("%d kept, %d given, want 0 and %d", len(r.Fields), len(given), len(kept.Fields))
	}
	for _, f := range kept.Fields {
		i := slices.IndexFunc(given, func(g compare.FieldSet) bool { return g.Observable == f.Observable && g.Model == f.Model })
		if i < 0 || !reflect.DeepEqual(given[i].U, f.U) || !reflect.DeepEqual(given[i].Diffusion, f.Diffusion) {
			t.Errorf("fields of %s, %s differ", f.Observable, f.Model)
		}
	}
}
