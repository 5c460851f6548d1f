package spectrum

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"kolmo/compare"
	"kolmo/export/field"
	"kolmo/export/nc"
)

// The file of eigenfunctions has those with values, an imaginary part beside its real one, with
// what they are of; kolmo's own reader describes and draws them.
func TestEigenfunctionsAreFields(t *testing.T) {
	t.Parallel()
	for _, plane := range []bool{false, true} {
		r := eigenResult(plane)
		f := &r.Eigenfunctions[0]
		f.Imag = f.Real
		for i := range r.Eigenfunctions { // away from the origin
			move(&r.Eigenfunctions[i])
		}
		path := filepath.Join(t.TempDir(), eigenFile.Names[0])
		if written, err := eigenFile.Write(path, r); !written || err != nil {
			t.Fatal(written, err)
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(path), eigenFile.Names[1])); err != nil {
			t.Error(err)
		}
		file, err := nc.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(file.Fields) != 5 || len(file.Axes) != len(f.Center) || len(file.T) != 1 {
			t.Fatalf("%d fields on %d axes at %d times, want 5 on %d at 1", len(file.Fields), len(file.Axes), len(file.T), len(f.Center))
		}
		for _, name := range []string{"sgd_eta1_4_k1", "sgd_eta1_4_k1_imag", "second-order_eta1_8_k1"} {
			v, ok := file.Field(name)
			if !ok {
				t.Fatalf("no field %s", name)
			}
			for i, got := range v.Values[0] {
				if got != float64(f.Real[i]) {
					t.Fatalf("%s, point %d: %g, want %g", name, i, got, f.Real[i])
				}
			}
		}
		s, err := field.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		d, err := s.Picture("second-order_eta1_8_k1", 0, false)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(math.Abs(d.Value)-1) > 1e-9 || math.Abs(d.At[0]-far) < 0.99 || d.Title != "eigenfunction 1 of second-order at eta = 1/8" {
			t.Errorf("%q, largest value %g", d.Title, d.Value)
		}
		attrs := map[string]any{}
		v, _ := file.Field("sgd_eta1_4_k1")
		for _, a := range v.Attrs {
			attrs[a.Name] = a.Value
		}
		if attrs["model"] != "sgd" || attrs["eta"] != 0.25 || attrs["k"] != int64(1) || attrs["error"] != 1e-9 || attrs["rate"] == nil || attrs["rate_error"] == nil {
			t.Errorf("attributes %v", attrs)
		}
	}
	path := filepath.Join(t.TempDir(), eigenFile.Names[0])
	if written, err := eigenFile.Write(path, &compare.Result{}); written || err != nil {
		t.Errorf("without eigenfunctions: written %v, %v", written, err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("a file without eigenfunctions: %v", err)
	}
}

// far is where the balls are.
const far = 5

// move takes an eigenfunction from the origin to far.
func move(f *compare.Eigenfunction) {
	for k := range f.Center {
		f.Center[k] += far
	}
	x := make([]compare.Number, len(f.X1))
	for i, v := range f.X1 {
		x[i] = v + far
	}
	f.X1 = x
	if f.X2 != nil {
		f.X2 = x
	}
}
