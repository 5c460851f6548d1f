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
	"kolmo/internal/madeup"
)

// contract is the keys that results.json must have.
var contract = map[string][]string{
	"": {"schema", "study", "kolmo", "assumptions", "warnings", "gap", "order"},
	"gap": {"observable", "model", "eta", "gap", "error", "errors", "n", "t", "x", "tail", "nodes", "space",
		"space_order", "closed_by", "growth", "invariant", "certified", "reason"},
	"errors": {"space", "time", "interpolation", "quadrature", "sup", "tail", "taper"},
	"order":  {"observable", "model", "slope", "low", "high", "etas"},
}

func TestJSONHasTheContractsKeysAndNoNaN(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), ResultsFile)
	if err := WriteJSON(path, madeup.Broken()); err != nil {
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
	empty, rows := &compare.Result{About: compare.About{Study: "empty"}}, &compare.Result{}
	plantRows(reflect.ValueOf(rows).Elem())
	for _, r := range []*compare.Result{empty, rows} {
		path := filepath.Join(t.TempDir(), ResultsFile)
		if err := WriteJSON(path, r); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if got["schema"] != 1.0 {
			t.Errorf("schema %v, want 1", got["schema"])
		}
		if n := checkLists(t, "", reflect.TypeFor[compare.Result](), got); n < 17 {
			t.Errorf("%d lists looked at, want at least 17", n)
		}
	}
	if rows.Gap[0].X != nil || empty.Constant != nil {
		t.Error("the result itself was changed")
	}
	verified := &compare.Verification{}
	for range 2 {
		var b strings.Builder
		var got map[string]any
		if err := errors.Join(EncodeVerification(&b, verified), json.Unmarshal([]byte(b.String()), &got)); err != nil {
			t.Fatal(err)
		}
		checkLists(t, "", reflect.TypeFor[compare.Verification](), got)
		plantRows(reflect.ValueOf(verified).Elem())
	}
}

// plantRows gives every list of rows in v, a struct, one row, and in that row the same.
func plantRows(v reflect.Value) {
	for i := range v.NumField() {
		if v.Type().Field(i).Anonymous {
			plantRows(v.Field(i))
		}
		if f := v.Field(i); f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct && v.Type().Field(i).Tag.Get("json") != "-" {
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
			plantRows(f.Index(0))
		}
	}
}

// checkLists fails for every list of a struct that is no list in its JSON, rows of rows
// included, and returns how many lists there were.
func checkLists(t *testing.T, at string, of reflect.Type, got map[string]any) int {
	t.Helper()
	n := 0
	for i := range of.NumField() {
		f := of.Field(i)
		key := f.Tag.Get("json")
		if f.Anonymous {
			n += checkLists(t, at, f.Type, got)
			continue
		}
		if f.Type.Kind() != reflect.Slice || key == "-" {
			continue
		}
		n++
		list, ok := got[key].([]any)
		if !ok {
			t.Errorf("%s%s is %v, want a list", at, key, got[key])
		}
		for _, row := range list {
			n += checkLists(t, at+key+".", f.Type.Elem(), row.(map[string]any))
		}
	}
	return n
}

func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		path := filepath.Join(t.TempDir(), ResultsFile)
		want := madeup.Result(d)
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
		if !reflect.DeepEqual(*got, withLists(reflect.ValueOf(*want)).Interface()) {
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
	if err := WriteJSON(path, madeup.Result(1)); err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := madeup.Result(1)
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
