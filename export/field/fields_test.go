package field

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/export/nc"
	"kolmo/export/results"
	"kolmo/grid"
	"kolmo/internal/h5"
	"kolmo/internal/madeup"
)

// withFields returns a result with two field sets on a grid of 4 x 3 nodes.
func withFields(t *testing.T) *compare.Result {
	t.Helper()
	g, err := grid.Box(grid.KindUniform, []int{4, 3}, []float64{0, 1}, 2)
	if err != nil {
		t.Fatal(err)
	}
	r := madeup.Result(2)
	for i := range r.Gap {
		r.Gap[i].Scheme = "polynomial"
	}
	own, ofS := compare.Discretisation{Space: "uniform", Nodes: []int{40, 30}, Order: 8}, compare.Discretisation{Space: "chebyshev", Nodes: []int{4, 3}, Order: 3}
	field := func(v float64) []float64 { return slices.Repeat([]float64{v}, g.Len()) }
	r.Fields = []compare.FieldSet{
		{Chain: "sgd", Key: compare.Key{Observable: "square", Model: "first-order", EtaText: "1/4", Eta: 0.25}, Grid: g, N: []int{0, 8},
			U: [][]float64{field(1), field(3)}, Diffusion: [][]float64{field(1), field(2.5)}, Sup: []float64{0, 0.5}, Every: 8, Own: own, OfS: ofS},
		{Chain: "sgd", Key: compare.Key{Observable: "square", Model: "modified", EtaText: "0.0625", Eta: 0.0625}, Grid: g, N: []int{0},
			U: [][]float64{field(1)}, Diffusion: [][]float64{field(1)}, Sup: []float64{0}},
	}
	return r
}

// writeAll writes all field sets of a result, each with its row.
func writeAll(dir string, r *compare.Result, fields []string, meta Meta) error {
	meta.Study, meta.Title, meta.Kolmo = r.Study, results.TitleOf(r), r.Kolmo
	for i := range r.Fields {
		f := &r.Fields[i]
		var row *compare.GapRow
		for k := range r.Gap {
			if g := &r.Gap[k]; g.Observable == f.Observable && g.Model == f.Model && g.Eta == f.Eta {
				row = g
			}
		}
		if err := WriteSet(dir, f, row, fields, meta); err != nil {
			return err
		}
	}
	return nil
}

// Where axes are no coordinates of the study, files have these beside them, and a summary and a picture speak
// of them. One that is called as something else in the file has another name there.
func TestStateBesideAxes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := withFields(t)
	meta := Meta{Parameters: []string{"y1", "y2"}, Center: []float64{0, 1}, R: 2, R2: 3, OfState: OfState{
		Axes: "y = [1 0; 1 1] ((u, v_u) - [0 0])", Ball: "|z|_P <= 7, z = (u, v_u)", Own: []string{"u", "v_u"},
		ToState: func(z, q []float64) { z[0], z[1] = q[0], q[1]-q[0] },
	}}
	if err := writeAll(dir, r, []string{"gap", "u"}, meta); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, Dir, "square-first-order-eta1_4.nc")
	f, err := nc.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Coordinates) != 2 || f.Coordinates[0].Name != "state_u" || f.Coordinates[0].LongName != "state u" || f.Coordinates[1].Name != "v_u" || f.Axes[0].LongName != "axis y1" {
		t.Fatalf("coordinates %+v, axis %s", f.Coordinates, f.Axes[0].LongName)
	}
	for i, v := range f.Coordinates[1].Values {
		if want := f.Axes[1].Nodes[i/4] - f.Axes[0].Nodes[i%4]; v != want {
			t.Errorf("v_u at node %d is %v, want %v", i, v, want)
		}
	}
	stored, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Close()
	names, z := stateOf(stored, []float64{0.5, 1.25})
	if !slices.Equal(names, []string{"u", "v_u"}) || math.Abs(z[0]-0.5) > 1e-14 || math.Abs(z[1]-0.75) > 1e-14 {
		t.Errorf("the state is %v of %v", z, names)
	}
	summary, err := stored.Summary()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := summary.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"  ball        |z|_P <= 7, z = (u, v_u)\n              |y - (0, 1)| <= 2; R2 = 3 on the axes\n  axes        y = ["} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in %s", want, &text)
		}
	}
}

// The plane of a chart that bends is found again from its values: from undoes to in the ball, and leads out of
// it where a point lies outside.
func TestStateTable(t *testing.T) {
	t.Parallel()
	const bend, R = 0.4, 2.0 // |y| < 1/sqrt(bend)
	bent := func(z, q []float64) {
		s := 1 / math.Sqrt(1+bend*(q[0]*q[0]+q[1]*q[1]))
		z[0], z[1] = s*(0.9*q[0]-0.4*q[1])+0.3, s*(1.2*q[1]-0.4*q[0])
	}
	g, err := grid.Box(grid.KindChebyshev, []int{30, 30}, []float64{0, 0}, 1.1*R)
	if err != nil {
		t.Fatal(err)
	}
	r := withFields(t)
	field := make([]float64, g.Len())
	r.Fields = []compare.FieldSet{{Chain: "sgd", Key: compare.Key{Observable: "o", Model: "m", EtaText: "1/4", Eta: 0.25}, Grid: g, N: []int{0},
		U: [][]float64{field}, Diffusion: [][]float64{field}, Sup: []float64{0}}}
	dir := t.TempDir()
	if err := writeAll(dir, r, []string{"u"}, Meta{Center: []float64{0, 0}, R: R, OfState: OfState{Own: []string{"x", "a"}, ToState: bent}}); err != nil {
		t.Fatal(err)
	}
	f, err := Open(filepath.Join(dir, Dir, "o-m-eta1_4.nc"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := overState(f)
	if w == nil || !slices.Equal(w.Names, []string{"x", "a"}) {
		t.Fatalf("over %+v", w)
	}
	q, z, back := make([]float64, 2), make([]float64, 2), make([]float64, 2)
	for i := range 400 {
		sin, cos := math.Sincos(2.4 * float64(i))
		far := R * math.Sqrt(float64(i)/400)
		q[0], q[1] = far*cos, far*sin
		bent(z, q)
		if w.From(back, z); math.Hypot(back[0]-q[0], back[1]-q[1]) > 1e-3 {
			t.Errorf("%v comes back as %v", q, back)
		}
		z[0], z[1] = 0.3+(z[0]-0.3)*10/(far+0.1), z[1]*10/(far+0.1) // further than the ball reaches
		if w.From(back, z); !(math.Hypot(back[0], back[1]) > R) && far > R/10 {
			t.Errorf("%v, outside, comes back as %v", z, back)
		}
	}
}

func TestWriteFields(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := withFields(t)
	meta := Meta{Origin: Origin{StudyText: "name: synthetic2d\n", DataFile: "rows.csv", DataSHA256: "ab12"}, Parameters: []string{"w", "v"}, Center: []float64{0, 1}, R: 2, R2: 3, Seed: 7, Scheme: "some", Algorithm: "momentum over epochs"}
	if err := writeAll(dir, r, []string{"gap", "U", "u"}, meta); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, Dir))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := []string{"square-first-order-eta1_4.nc", "square-first-order-eta1_4.xmf2", "square-modified-eta0.0625.nc", "square-modified-eta0.0625.xmf2"}
	if !slices.Equal(names, want) {
		t.Fatalf("files %q, want %q", names, want)
	}
	f, err := nc.Read(filepath.Join(dir, Dir, want[0]))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(f.T, []float64{0, 2}) || !slices.Equal(f.N, []int64{0, 8}) || !slices.Equal(f.Series[0].Values, []float64{0, 0.5}) {
		t.Errorf("t = %v, n = %v, %s = %v", f.T, f.N, f.Series[0].Name, f.Series[0].Values)
	}
	for name, value := range map[string]float64{"u": 2.5, "U": 3, "gap": 0.5} {
		field, ok := f.Field(name)
		if !ok || field.Values[1][11] != value || field.LongName == "" {
			t.Errorf("field %s: %v, %+v", name, ok, field)
		}
	}
	if u, _ := f.Field("U"); u.LongName != "U^n(x) = E phi(X_n) of momentum over epochs, phi = square" {
		t.Errorf("U is %q", u.LongName)
	}
	if len(f.Axes) != 2 || f.Axes[0].LongName != "parameter w" || !slices.Equal(f.Axes[1].Nodes, []float64{-1, 1, 3}) {
		t.Errorf("axes %+v", f.Axes)
	}
	for name, value := range map[string]any{
		"study": "synthetic2d", "observable": "square", "model": "first-order", "eta": 0.25, "eta_text": "1/4",
		"R": 2.0, "R2": 3.0, "center": "0 1", "kolmo": r.Kolmo, "seed": int64(7), "scheme": "some", "nodes": "4 x 3", "space": "uniform",
		"study_yaml": meta.StudyText, "study_yaml_left_out": nil, "data_file": "rows.csv", "data_sha256": "ab12", "parameters": "w v", "every": int64(8),
		"model_nodes": "40 x 30", "model_space": "uniform", "model_order": int64(8), "sgd_nodes": "4 x 3", "sgd_order": int64(3), "every_note": nil,
		"go": runtime.Version(), "arch": runtime.GOARCH, "gap_scheme": "polynomial",
		"certified": "no: the error estimate is 30 % of the gap, more than the 1 % asked for",
	} {
		if got := f.Attr(name); got != value {
			t.Errorf("%s = %v, want %v", name, got, value)
		}
	}
	f, err = nc.Read(filepath.Join(dir, Dir, want[2]))
	if err != nil {
		t.Fatal(err)
	}
	if f.Attr("certified") != "yes" || f.Attr("gap_value") == nil || f.Attr("gap_error") == nil {
		t.Errorf("attributes %+v", f.Attrs)
	}
}

// TestValueErrors: a stored field has the parts of the gap's error that belong to it, or says
// that it has none.
func TestValueErrors(t *testing.T) {
	t.Parallel()
	row := &compare.GapRow{Errors: compare.Errors{Space: 1, Time: 2, Interpolation: 4, Quadrature: 8, Sup: 16, Tail: 32, Taper: 64}}
	for name, want := range map[string]float64{"u": 67, "U": 76, "gap": 79} {
		if attrs := valueAttrs(name, row); len(attrs) != 2 || attrs[0].Name != "error" || attrs[0].Value != want {
			t.Errorf("%s: %v, want the error %v", name, attrs, want)
		}
	}
	unknown := &compare.GapRow{Errors: compare.Errors{Time: compare.Number(math.NaN())}}
	outward := &compare.GapRow{Errors: compare.Errors{Taper: compare.Number(math.Inf(1))}}
	for _, r := range []*compare.GapRow{nil, unknown, outward} {
		if attrs := valueAttrs("u", r); len(attrs) != 1 || attrs[0].Name != "error_estimate" || attrs[0].Value != "none" {
			t.Errorf("no error is known: %v", attrs)
		}
	}
}

// TestWriteFieldsText: a study that is too long for an attribute is left out, and
// the file says so.
func TestWriteFieldsText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		size  int
		found bool
	}{{h5.MaxText, true}, {h5.MaxText + 1, false}} {
		dir := t.TempDir()
		meta := Meta{Origin: Origin{StudyText: strings.Repeat("#", c.size)}}
		if err := writeAll(dir, withFields(t), []string{"u"}, meta); err != nil {
			t.Fatal(err)
		}
		f, err := nc.Read(filepath.Join(dir, Dir, "square-first-order-eta1_4.nc"))
		if err != nil {
			t.Fatal(err)
		}
		if found := f.Attr("study_yaml") != nil; found != c.found {
			t.Errorf("%d bytes: stored %v", c.size, found)
		}
		if said := f.Attr("study_yaml_left_out") != nil; said == c.found {
			t.Errorf("%d bytes: said to be left out %v", c.size, said)
		}
	}
}

// TestWriteFieldSet: derivatives have names that need no quotes, their method and
// error; compressed files hold the same values.
func TestWriteFieldSet(t *testing.T) {
	t.Parallel()
	f := &withFields(t).Fields[0]
	at := func(v float64) [][]float64 {
		return [][]float64{slices.Repeat([]float64{v}, f.Grid.Len()), slices.Repeat([]float64{v / 3}, f.Grid.Len())}
	}
	f.Derivatives = []compare.FieldDerivative{
		{Name: compare.FieldName{Of: "u", J: []int{1, 0}}, Values: at(1), Method: "by hand", Error: 0.125},
		{Name: compare.FieldName{Of: "gap", J: []int{0, 2}}, Values: at(2), Method: "by hand", Error: math.NaN()},
	}
	f.Note = "fewer"
	for _, compression := range []int{0, 1} {
		dir := t.TempDir()
		if err := WriteSet(dir, f, nil, []string{"d(1,0)u", "d(0,2)gap", "U"}, Meta{Study: "s", Kolmo: "v1", Compression: compression}); err != nil {
			t.Fatal(err)
		}
		got, err := nc.Read(filepath.Join(dir, Dir, File(f)))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, v := range got.Fields {
			names = append(names, v.Name)
		}
		if !slices.Equal(names, []string{"U", "d_0_2_gap", "d_1_0_u"}) {
			t.Fatalf("fields %q", names)
		}
		if u := got.Fields[2]; u.Values[1][11] != 1./3 || u.LongName != "d^(1,0) of u(x, n eta) = E phi(X) of the diffusion (first-order), phi = square" {
			t.Errorf("%+v", u)
		}
		if gap := got.Fields[1]; gap.Values[0][0] != 2 || gap.LongName != "d^(0,2) of U - u, phi = square" {
			t.Errorf("%+v", gap)
		}
		for i, want := range []map[string]any{1: {"derivative": "d(0,2)gap", "method": "by hand", "error": nil}, 2: {"derivative": "d(1,0)u", "method": "by hand", "error": 0.125}} {
			for name, value := range want {
				var found any
				for _, a := range got.Fields[i].Attrs {
					if a.Name == name {
						found = a.Value
					}
				}
				if found != value {
					t.Errorf("%s: %s = %v, want %v", got.Fields[i].Name, name, found, value)
				}
			}
		}
		for name, value := range map[string]any{"study": "s", "title": "s", "kolmo": "v1", "gap_value": nil, "certified": nil, "every_note": "fewer"} {
			if got.Attr(name) != value {
				t.Errorf("%s = %v, want %v", name, got.Attr(name), value)
			}
		}
	}
	err := WriteSet(t.TempDir(), f, nil, []string{"d(2,0)u"}, Meta{})
	if err == nil || !strings.Contains(err.Error(), "d(2,0)u was not computed") {
		t.Errorf("%v", err)
	}
}

func TestWriteFieldsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := writeAll(dir, withFields(t), nil, Meta{}); err != nil {
		t.Error(err)
	}
	if err := writeAll(dir, madeup.Result(2), []string{"u"}, Meta{}); err != nil {
		t.Error(err)
	}
	if err := writeAll(t.TempDir(), withFields(t), []string{"v"}, Meta{}); err == nil || !strings.Contains(err.Error(), "found v") {
		t.Errorf("an unknown field: %v", err)
	}
	if entries, err := os.ReadDir(filepath.Join(dir, Dir)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v, %v", entries, err)
	}
}
