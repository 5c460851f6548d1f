package export

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
)

// contract is the keys that results.json must have.
var contract = map[string][]string{
	"": {"schema", "study", "kolmo", "assumptions", "warnings", "gap", "order"},
	"gap": {"observable", "model", "eta", "gap", "error", "errors", "n", "t", "x", "tail", "nodes", "space",
		"space_order", "closed_by", "growth", "invariant", "certified", "reason"},
	"errors": {"space", "time", "interpolation", "quadrature", "sup", "tail"},
	"order":  {"observable", "model", "slope", "low", "high", "etas"},
}

// broken is a synthetic result with values that are not finite.
func broken() *compare.Result {
	r := synthetic(2)
	nan, inf := compare.Number(math.NaN()), compare.Number(math.Inf(1))
	r.Gap[0].Gap, r.Gap[0].Error, r.Gap[0].Errors.Tail, r.Gap[0].Growth = nan, inf, nan, inf
	r.Gap[0].X[1], r.Gap[0].Certified, r.Gap[0].ClosedBy = nan, false, nil
	r.Gap[0].Reason = ptr(`the gap is not a number: "NaN" <= 1 is false, in 50 % of the ball`)
	r.Gap[7].Gap, r.Gap[7].Tail = 0, true
	r.Order[0].Slope, r.Order[0].Low, r.Order[0].High, r.Order[0].Etas = nan, nan, nan, nil
	return r
}

func TestJSONHasTheContractsKeysAndNoNaN(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), ResultsFile)
	if err := WriteJSON(path, broken()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Strings may say NaN, numbers may not: a decoder refuses them.
	var all struct {
		Top   map[string]json.RawMessage
		Gap   []map[string]json.RawMessage
		Order []map[string]json.RawMessage
	}
	if err := json.Unmarshal(text, &all.Top); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Gap) != 48 || len(all.Order) != 8 {
		t.Fatalf("%d gap rows and %d orders, want 48 and 8", len(all.Gap), len(all.Order))
	}
	check := func(where string, got map[string]json.RawMessage) {
		t.Helper()
		for _, k := range contract[where] {
			if _, ok := got[k]; !ok {
				t.Errorf("%s: key %q is missing", where, k)
			}
		}
	}
	check("", all.Top)
	for _, g := range all.Gap {
		check("gap", g)
		var e map[string]json.RawMessage
		if err := json.Unmarshal(g["errors"], &e); err != nil {
			t.Fatal(err)
		}
		check("errors", e)
		if len(e) != len(contract["errors"]) {
			t.Errorf("errors has %d keys, want %d", len(e), len(contract["errors"]))
		}
	}
	for _, o := range all.Order {
		check("order", o)
	}
	for key, want := range map[string]string{"gap": "null", "error": "null", "growth": "null", "closed_by": "null"} {
		if got := string(all.Gap[0][key]); got != want {
			t.Errorf("%s of the broken row: %s, want %s", key, got, want)
		}
	}
	if got := string(all.Order[0]["etas"]); got != "[]" {
		t.Errorf("etas: %s, want []", got)
	}
}

func TestJSONNilListsBecomeEmpty(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), ResultsFile)
	if err := WriteJSON(path, &compare.Result{Study: "empty", Gap: []compare.GapRow{{}}}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"schema": 1`, `"warnings": []`, `"order": []`, `"x": []`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		path := filepath.Join(t.TempDir(), ResultsFile)
		want := synthetic(d)
		for i := range want.Gap { // NaN is not equal to itself
			if math.IsNaN(float64(want.Gap[i].LocalOrder)) {
				want.Gap[i].LocalOrder = 0
			}
		}
		if err := WriteJSON(path, want); err != nil {
			t.Fatal(err)
		}
		got, err := ReadJSON(path)
		if err != nil {
			t.Fatal(err)
		}
		want.Curves, want.Rasters = nil, nil // not stored
		if !reflect.DeepEqual(got, want) {
			t.Errorf("d = %d: read back\n%+v\nwant\n%+v", d, got, want)
		}
	}
}

func TestReadJSONRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"cut": `{"schema": 1, "gap": [`, "empty": "", "trailing": `{"schema": 1} {}`} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadJSON(path); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	path := filepath.Join(dir, "schema")
	if err := os.WriteFile(path, []byte(`{"schema": 2}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadJSON(path); !errors.Is(err, ErrSchema) {
		t.Errorf("schema 2: %v, want ErrSchema", err)
	}
	if _, err := ReadJSON(filepath.Join(dir, "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent file: %v, want ErrNotExist", err)
	}
}

// A write that fails leaves the old file alone and no temporary file.
func TestWriteFileIsAtomic(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, ResultsFile)
	if err := WriteJSON(path, synthetic(1)); err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := synthetic(1)
	bad.Gap[3].T = math.NaN() // a plain float64, which JSON cannot hold
	if err := WriteJSON(path, bad); err == nil {
		t.Fatal("no error for a NaN that cannot be written")
	}
	now, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(old, now) {
		t.Error("the old file was changed")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("%d files in the folder, want 1: %v", len(entries), entries)
	}
}
