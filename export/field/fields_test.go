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

// overState writes fields that were computed in coordinates q in which a ball in a metric is round, q = y/sqrt(1 - bend
// |y|^2) with y = U (z - center), to a file over z, and opens it; they are of(z) and twice that.
func overState(t *testing.T, d int, of func(z []float64) float64) (*grid.Ellipsoid, string) {
	t.Helper()
	const bend, R = 0.1, 2.0
	far := R / math.Sqrt(1-bend*R*R)
	e, err := grid.NewEllipsoid([]float64{0.3, -1, 0.5}[:d], R, [][]float64{{2}, {1.5, 0.7, 0.7, 0.9}, {2, 0.3, -0.5, 0.3, 1, 0.4, -0.5, 0.4, 0.8}}[d-1])
	if err != nil {
		t.Fatal(err)
	}
	g, err := grid.Box(grid.KindChebyshev, slices.Repeat([]int{[]int{0, 40, 32, 20}[d]}, d), make([]float64, d), 1.02*far)
	if err != nil {
		t.Fatal(err)
	}
	u, half := make([]float64, g.Len()), make([]float64, g.Len())
	q, z := make([]float64, d), make([]float64, d)
	scaled := func(q []float64, by float64) {
		square := 0.0
		for _, v := range q {
			square += v * v
		}
		for k := range q {
			q[k] /= math.Sqrt(1 + by*square)
		}
	}
	for i := range u {
		g.PointTo(q, i)
		scaled(q, bend)
		for k := range q {
			q[k] += e.Center[k]
		}
		e.FromBall(z, q)
		half[i], u[i] = of(z), 2*of(z)
	}
	r := withFields(t)
	r.Fields = []compare.FieldSet{{Chain: "sgd", Key: compare.Key{Observable: "o", Model: "m", EtaText: "1/4", Eta: 0.25}, Grid: g, N: []int{0},
		U: [][]float64{u}, Diffusion: [][]float64{half}, Sup: []float64{0}}}
	dir := t.TempDir()
	meta := Meta{Parameters: []string{"y1", "y2", "y3"}[:d], Center: e.Center, R: R, R2: 3, OfState: OfState{Axes: "interpolated", Ball: "|z|_P <= 2", Own: []string{"x", "v_x", "w"}[:d], Users: e,
		FromState: func(q, z []float64) {
			e.ToBall(q, z)
			for k := range q {
				q[k] -= e.Center[k]
			}
			scaled(q, -bend)
		}}}
	if err := writeAll(dir, r, []string{"u", "U", "gap"}, meta); err != nil {
		t.Fatal(err)
	}
	return e, filepath.Join(dir, Dir, "o-m-eta1_4.nc")
}

// Fields that were computed in other coordinates than the study's are stored over these, exact to the interpolation
// from the grid, and nowhere outside the region.
func TestFieldsOverTheState(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		of := func(z []float64) float64 { return math.Cos(z[0]) + 0.5*z[d-1] + z[0]*z[d-1] }
		e, path := overState(t, d, of)
		f, err := nc.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		if f.Axes[0].LongName != "state x" || f.Attr("metric") != numberList(e.Metric) || f.Attr("center") != numberList(e.Center) || f.Attr("R") != 2.0 || f.Attr("parameters") != nil || f.Attr("space") != "uniform" {
			t.Errorf("axis %s, attributes %+v", f.Axes[0].LongName, f.Attrs)
		}
		u, _ := f.Field("u")
		gap, _ := f.Field("gap")
		z, inside := make([]float64, d), 0
		for i, v := range u.Values[0] {
			rest, square := i, 0.0
			for k, a := range f.Axes {
				z[k] = a.Nodes[rest%len(a.Nodes)]
				rest /= len(a.Nodes)
			}
			for k := range z {
				for l := range z {
					square += (z[k] - e.Center[k]) * e.Metric[k*d+l] * (z[l] - e.Center[l])
				}
			}
			switch in := square <= 4*(1+1e-12); {
			case in != (v == v) || in != (gap.Values[0][i] == gap.Values[0][i]):
				t.Fatalf("d = %d: %g at %v, which is inside: %v", d, v, z, in)
			case in && (math.Abs(v-of(z)) > 1e-6 || math.Abs(gap.Values[0][i]-of(z)) > 1e-6):
				t.Fatalf("d = %d: %g and %g at %v, want %g", d, v, gap.Values[0][i], z, of(z))
			case in:
				inside++
			}
		}
		if inside < len(u.Values[0])/4 {
			t.Errorf("d = %d: %d of %d nodes inside", d, inside, len(u.Values[0]))
		}
	}
}

// Such a file is described and drawn over its region up to the edge, on which fields are largest.
func TestPicturesOverTheState(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		of := func(z []float64) float64 { return math.Cos(z[0]) + 0.5*z[d-1] + z[0]*z[d-1] }
		e, path := overState(t, d, of)
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		most, z := 0.0, make([]float64, d)
		for _, y := range e.Ball().Sphere(90 / d) {
			e.FromBall(z, y)
			most = max(most, math.Abs(of(z)))
		}
		const off = 2e-3 // by points and interpolation
		p, err := f.Picture("u", 0, true)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.Names, []string{"x", "v_x", "w"}[:d]) || math.Abs(math.Abs(p.Value)-most) > off*most || math.Abs(p.Value-of(p.At)) > off || !e.Contains(p.At) {
			t.Errorf("d = %d: %g at %v of %v, want %g of a sup of %g", d, p.Value, p.At, p.Names, of(p.At), most)
		}
		summary, err := f.Summary()
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		if err := summary.WriteText(&text); err != nil {
			t.Fatal(err)
		}
		if want := "  ball        |z|_P <= 2; R2 = 3\n  axes        interpolated\n"; !strings.Contains(text.String(), want) || !slices.Equal(summary.Metric, e.Metric) {
			t.Errorf("no %q in %s", want, &text)
		}
		if sup := float64(summary.Fields[2].First.Sup); summary.Fields[2].Name != "u" || math.Abs(sup-most) > off*most {
			t.Errorf("d = %d: %s up to %g, want %g", d, summary.Fields[2].Name, sup, most)
		}
		if d == 1 {
			continue
		}
		values, err := f.values("u", 0)
		if err != nil {
			t.Fatal(err)
		}
		maps, ok := f.Planes(p.Names, values, p.At, true)
		if !ok || len(maps) != []int{0, 0, 1, 3}[d] {
			t.Fatalf("d = %d: %d planes, %v", d, len(maps), ok)
		}
		for k, m := range maps {
			section, across, offset := e, -1, 0.0
			if d == 3 {
				across = 2 - k
				offset = f.Offset(across, p.At[across])
				section = e.Section(across, offset)
			}
			flat := make([]float64, 2)
			for _, far := range []float64{0.3, 0.7, 0.99} {
				for _, y := range section.Ball().With(far * section.R).Sphere(5) {
					m.Over.To(flat, y)
					at := slices.Clone(flat)
					if across >= 0 {
						at = slices.Insert(at, across, e.Center[across]+offset)
					}
					if got := m.Raster.At(y[0], y[1]); math.Abs(got-of(at)) > off || !e.Contains(at) {
						t.Fatalf("d = %d, plane %d: %g at %v, want %g", d, k, got, at, of(at))
					}
				}
			}
		}
	}
}

// Values beyond the region are those of the polynomial through six nodes along an axis, but for rounding, which grows
// by a factor from ring to ring.
func TestFillContinuesPolynomials(t *testing.T) {
	t.Parallel()
	e, err := grid.NewEllipsoid([]float64{0, 0}, 1, []float64{1.5, 0.7, 0.7, 0.9})
	if err != nil {
		t.Fatal(err)
	}
	lines := e.Box(31)
	l, err := NewLattice(lines, e)
	if err != nil {
		t.Fatal(err)
	}
	values, want, x, missing := make([]float64, 31*31), make([]float64, 31*31), make([]float64, 2), 0
	for i := range values {
		pointTo(x, lines, i)
		want[i] = 1 + x[0] - math.Pow(x[1], 5) + math.Pow(x[0], 4)*x[1]
		if values[i] = want[i]; !e.Contains(x) {
			values[i] = math.NaN()
			missing++
		}
	}
	l.fill(values)
	for i, v := range values {
		if pointTo(x, lines, i); math.Abs(v-want[i]) > 1e-5 {
			t.Errorf("%g at %v, want %g", v, x, want[i])
		}
	}
	if missing < 200 {
		t.Errorf("%d nodes are outside", missing)
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
		got, err := nc.Read(filepath.Join(dir, Dir, f.File()))
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
