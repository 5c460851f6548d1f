package nc

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"kolmo/internal/h5"
	"kolmo/internal/slow"
)

// A sample is a results file's content, to be written and compared with.
type sample struct {
	axes   []Axis
	others []Coordinate
	fields []Variable
	series []Variable
	attrs  []Attr
	t      []float64
	n      []int64
	values [][][]float64 // [field][step][node]
	norms  [][]float64   // [series][step]

	spare       int // steps announced and not written
	compression int
}

// newSample returns content of dimension d with steps steps: a uniform x1, a
// Chebyshev x2, an x3 with widths of many magnitudes, and awkward numbers. The
// field "gap" holds infinities and NaN.
func newSample(d, steps int) *sample {
	rng := rand.New(rand.NewPCG(1, uint64(d)))
	axes := []Axis{
		{Name: "x1", LongName: "w1"},
		{Name: "x2", LongName: "größe"},
		{Name: "x3"},
	}
	for i := range 5 {
		axes[0].Nodes = append(axes[0].Nodes, -1+0.5*float64(i))
	}
	for i := range 4 {
		axes[1].Nodes = append(axes[1].Nodes, -math.Cos(math.Pi*float64(i)/3))
	}
	axes[2].Nodes = []float64{-1e300, math.SmallestNonzeroFloat64, 1.0 / 3}
	s := &sample{
		axes:   axes[:d],
		fields: []Variable{{Name: "u", LongName: "solution"}, {Name: "U"}, {Name: "gap", LongName: "U - u"}, {Name: "d(1,0)u", LongName: "derivative along x1", Attrs: []Attr{{Name: "error", Value: 1e-9}, {Name: "error_kind", Value: "größte Differenz"}}}},
		series: []Variable{{Name: "sup_gap", LongName: "largest |U - u| over the ball"}, {Name: "sup_u"}},
		attrs: []Attr{
			{Name: "eta", Value: 1.0 / 128},
			{Name: "seed", Value: int64(math.MaxInt64)},
			{Name: "study", Value: "name: iris\nη: [1/4]\n"},
			{Name: "version", Value: ""},
		},
		values: make([][][]float64, 4),
		norms:  make([][]float64, 2),
	}
	length := gridLen(s.axes)
	if d == 2 {
		s.others = []Coordinate{{Name: "v_w", LongName: "state v_w"}, {Name: "w"}}
		for i := range s.others {
			for range length {
				s.others[i].Values = append(s.others[i].Values, rng.NormFloat64())
			}
		}
	}
	for i := range steps {
		s.n = append(s.n, int64(3*i))
		s.t = append(s.t, float64(3*i)/7)
		for f := range s.fields {
			v := make([]float64, length)
			for j := range v {
				v[j] = math.Ldexp(rng.NormFloat64(), rng.IntN(200)-100)
			}
			v[0], v[1], v[2] = math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.MaxFloat64
			if s.fields[f].Name == "gap" {
				v[0], v[1], v[2] = math.NaN(), math.Inf(1), math.Inf(-1)
			}
			s.values[f] = append(s.values[f], v)
		}
		for k := range s.series {
			s.norms[k] = append(s.norms[k], rng.ExpFloat64())
		}
	}
	return s
}

// step returns the arguments of Append for step i.
func (s *sample) step(i int) (t float64, n int64, fields [][]float64, series []float64) {
	for f := range s.fields {
		fields = append(fields, s.values[f][i])
	}
	for k := range s.series {
		series = append(series, s.norms[k][i])
	}
	return s.t[i], s.n[i], fields, series
}

// coordinates is the attribute of that name of a field.
func (s *sample) coordinates() string {
	text := "n"
	for _, c := range s.others {
		text += " " + c.Name
	}
	return text
}

// create starts a file for s.
func (s *sample) create(path string) (*Writer, error) {
	return Create(path, &Spec{Axes: s.axes, Coordinates: s.others, Fields: s.fields, Series: s.series, Attrs: s.attrs, Step: "step of a chain", Steps: len(s.t) + s.spare, Compression: s.compression})
}

// write writes s whole.
func (s *sample) write(path string) error {
	w, err := s.create(path)
	if err != nil {
		return err
	}
	defer w.Abort()
	for i := range s.t {
		t, n, fields, series := s.step(i)
		if err := w.Append(t, n, fields, series); err != nil {
			return err
		}
	}
	return w.Close()
}

// diff returns the first difference between f and the leading steps of s.
func (s *sample) diff(f *File, steps int) error {
	if !sameBits(f.T, s.t[:steps]) || !slices.Equal(f.N, s.n[:steps]) {
		return fmt.Errorf("times %v, steps %v", f.T, f.N)
	}
	sameAxis := func(a, b Axis) bool {
		return a.Name == b.Name && a.LongName == b.LongName && sameBits(a.Nodes, b.Nodes)
	}
	if !slices.EqualFunc(f.Axes, s.axes, sameAxis) {
		return fmt.Errorf("axes %v", f.Axes)
	}
	sameCoordinate := func(a, b Coordinate) bool {
		return a.Name == b.Name && a.LongName == b.LongName && sameBits(a.Values, b.Values)
	}
	if !slices.EqualFunc(f.Coordinates, s.others, sameCoordinate) {
		return fmt.Errorf("coordinates %v", f.Coordinates)
	}
	if want := append([]Attr{{Name: "Conventions", Value: "CF-1.8"}}, s.attrs...); !slices.Equal(f.Attrs, want) {
		return fmt.Errorf("attributes %v, want %v", f.Attrs, want)
	}
	if len(f.Fields) != len(s.fields) || len(f.Series) != len(s.series) {
		return fmt.Errorf("%d fields, %d series", len(f.Fields), len(f.Series))
	}
	for i, v := range s.fields {
		got, ok := f.Field(v.Name)
		if !ok || !sameVariable(got.Variable, v) || !slices.EqualFunc(got.Values, s.values[i][:steps], sameBits) {
			return fmt.Errorf("field %s differs: %v", v.Name, got)
		}
	}
	for i, v := range s.series {
		if got := f.Series[i]; !sameVariable(got.Variable, v) || !sameBits(got.Values, s.norms[i][:steps]) {
			return fmt.Errorf("series %s differs: %v", v.Name, got)
		}
	}
	return nil
}

// sameVariable reports whether a and b are described alike.
func sameVariable(a, b Variable) bool {
	return a.Name == b.Name && a.LongName == b.LongName && slices.Equal(a.Attrs, b.Attrs)
}

// sameBits reports whether a and b are equal bit by bit.
func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// listing returns the names in dir.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestRoundTrip(t *testing.T) {
	for d := 1; d <= 3; d++ {
		for _, steps := range []int{0, 1, 5, 300} { // 300: more than a chunk of t
			t.Run(fmt.Sprintf("d=%d/steps=%d", d, steps), func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, "run.nc")
				s := newSample(d, steps)
				if err := s.write(path); err != nil {
					t.Fatal(err)
				}
				if got := listing(t, dir); !slices.Equal(got, []string{"run.nc", "run.xmf2"}) {
					t.Errorf("files %v", got)
				}
				f, err := Read(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := s.diff(f, steps); err != nil {
					t.Error(err)
				}
				if f.Attr("eta") != 1.0/128 || f.Attr("missing") != nil {
					t.Errorf("eta %v, missing %v", f.Attr("eta"), f.Attr("missing"))
				}
				if _, ok := f.Field("missing"); ok {
					t.Error("found a missing field")
				}
			})
		}
	}
}

func TestOneNodeAxesAndNoSeries(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.nc")
	axes := []Axis{{Name: "x1", Nodes: []float64{0}}, {Name: "x2", Nodes: []float64{7}}}
	w, err := create(path, axes, []Variable{{Name: "u"}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Append(0, 0, [][]float64{{3}}, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := Read(path)
	if err != nil || len(f.Fields) != 1 || f.Fields[0].Values[0][0] != 3 || len(f.Series) != 0 {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	r := &Reader{T: []float64{0, 0.5, 1}}
	for at, want := range map[float64]int{-3: 0, 0.25: 0, 0.26: 1, 9: 2, math.Inf(1): -1, math.Inf(-1): -1, math.NaN(): -1} {
		if got := r.Nearest(at); got != want {
			t.Errorf("nearest to %g: %d, want %d", at, got, want)
		}
	}
	if got := new(Reader).Nearest(0); got != -1 {
		t.Errorf("without steps: %d, want -1", got)
	}
}

func TestReadRefusesOtherFiles(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.nc")
	if err := os.WriteFile(text, []byte("text"), 0o666); err != nil {
		t.Fatal(err)
	}
	// plant writes an HDF5 file with datasets of the given shapes; the name n
	// makes integers.
	plant := func(name string, shapes map[string][]int) string {
		path := filepath.Join(dir, name)
		f, err := h5.CreateFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for set, shape := range shapes {
			if set == "n" {
				_, err = h5.CreateDataset[int64](f, set, h5.Layout{Shape: shape})
			} else {
				_, err = h5.CreateDataset[float64](f, set, h5.Layout{Shape: shape})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, path := range []string{
		filepath.Join(dir, "missing.nc"),
		dir,
		text,
		plant("empty.nc", nil),
		plant("no-axis.nc", map[string][]int{"t": {2}, "n": {2}}),
		plant("no-n.nc", map[string][]int{"t": {2}, "x1": {3}}),
		plant("short-n.nc", map[string][]int{"t": {2}, "n": {1}, "x1": {3}}),
		plant("flat-t.nc", map[string][]int{"t": {2, 1}, "n": {2}, "x1": {3}}),
		plant("shape.nc", map[string][]int{"t": {2}, "n": {2}, "x1": {3}, "u": {2, 4}}),
		plant("short-u.nc", map[string][]int{"t": {2}, "n": {2}, "x1": {3}, "u": {1, 3}}),
		plant("short-s.nc", map[string][]int{"t": {2}, "n": {2}, "x1": {3}, "s": {1}}),
	} {
		if f, err := Read(path); err == nil || f != nil {
			t.Errorf("%s: got %v, %v", path, f, err)
		}
	}
}

// TestNothingStaysOpen is not parallel: it counts for the whole process.
func TestNothingStaysOpen(t *testing.T) {
	slow.Skip(t)
	dir := t.TempDir()
	s := newSample(2, 2)
	use := func(i int) {
		path := filepath.Join(dir, fmt.Sprintf("%d.nc", i))
		if err := s.write(path); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err != nil {
			t.Fatal(err)
		}
		w, err := s.create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Abort(); err != nil {
			t.Fatal(err)
		}
	}
	use(0)
	_, before, err := h5.Open()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		use(i + 1)
	}
	objects, after, err := h5.Open()
	if err != nil || objects != 0 || after != before {
		t.Errorf("%d objects open; %d loose identifiers, %d before; %v", objects, after, before, err)
	}
}
