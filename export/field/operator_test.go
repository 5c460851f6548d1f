package field

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kolmo/internal/h5"
)

// sparse is a matrix with random entries, some of which are hard to print.
type sparse struct {
	columns [][]int
	values  [][]float64
	n       int
}

func newSparse(n int) *sparse {
	rnd := rand.New(rand.NewPCG(1, 1))
	m := &sparse{n: n, columns: make([][]int, n), values: make([][]float64, n)}
	hard := []float64{0.1, 1. / 3, -5e-324, math.MaxFloat64, math.Nextafter(1, 2), -1e-300}
	for i := range n {
		if i == 2 {
			continue // an empty row
		}
		for j := range n {
			if rnd.IntN(3) == 0 {
				m.columns[i] = append(m.columns[i], j)
				m.values[i] = append(m.values[i], rnd.NormFloat64())
			}
		}
		if k := len(m.values[i]); k > 0 {
			m.values[i][rnd.IntN(k)] = hard[i%len(hard)]
		}
	}
	return m
}

func (m *sparse) Dims() (int, int) { return m.n, m.n }

func (m *sparse) Rows() iter.Seq2[[]int, []float64] {
	return func(yield func([]int, []float64) bool) {
		for i := range m.n {
			if !yield(slices.Clone(m.columns[i]), slices.Clone(m.values[i])) {
				return
			}
		}
	}
}

var operatorMeta = OperatorMeta{
	Eta: 1. / 16, EtaText: "1/16", Study: "coin", StudyText: "name: coin\n", Kolmo: "v0", Axes: [][]float64{{-1, 0, 1}, {-2, 0, 0.1, 2}}, Parameters: []string{"x", "y"},
	Choice: "width 8,\nwindows", Width: 8, Lebesgue: 1.5, LeakageDistance: 0.25, LeakageProbability: 0.5,
}

// readMatrixMarket reads a matrix as the format says.
func readMatrixMarket(path string) (*sparse, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	if !in.Scan() || in.Text() != "%%MatrixMarket matrix coordinate real general" {
		return nil, fmt.Errorf("first line %q", in.Text())
	}
	for in.Scan() && strings.HasPrefix(in.Text(), "%") {
		continue
	}
	var rows, columns, entries, count int
	if _, err := fmt.Sscan(in.Text(), &rows, &columns, &entries); err != nil || rows != columns {
		return nil, fmt.Errorf("sizes %q: %v", in.Text(), err)
	}
	m := &sparse{n: rows, columns: make([][]int, rows), values: make([][]float64, rows)}
	for in.Scan() {
		var i, j int
		var v float64
		if _, err := fmt.Sscan(in.Text(), &i, &j, &v); err != nil || i < 1 || i > rows || j < 1 || j > columns {
			return nil, fmt.Errorf("entry %q: %v", in.Text(), err)
		}
		m.columns[i-1] = append(m.columns[i-1], j-1)
		m.values[i-1] = append(m.values[i-1], v)
		count++
	}
	if count != entries {
		return nil, fmt.Errorf("%d entries, %d announced", count, entries)
	}
	return m, in.Err()
}

func sameMatrix(a, b *sparse) error {
	if a.n != b.n {
		return fmt.Errorf("%d rows, want %d", a.n, b.n)
	}
	for i := range a.n {
		if !slices.Equal(a.columns[i], b.columns[i]) || !slices.Equal(a.values[i], b.values[i]) {
			return fmt.Errorf("row %d is %v %v, want %v %v", i, a.columns[i], a.values[i], b.columns[i], b.values[i])
		}
	}
	return nil
}

// A MatrixMarket file reads back bit by bit; its comments are one line each.
func TestMatrixMarket(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "S.mtx")
	m := newSparse(12)
	for range 2 { // the second replaces the first
		if err := WriteMatrixMarket(t.Context(), path, m, operatorMeta); err != nil {
			t.Fatal(err)
		}
	}
	got, err := readMatrixMarket(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := sameMatrix(got, m); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"eta = 0.0625\n", "% study: coin\n", "% choice: width 8, windows\n", "% x2: 4 nodes from -2 to 2, "} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

// An HDF5 file reads back bit by bit, with its axes and attributes.
func TestOperatorH5(t *testing.T) {
	path := filepath.Join(t.TempDir(), "S.h5")
	m := newSparse(12)
	for range 2 {
		if err := WriteOperatorH5(t.Context(), path, m, operatorMeta); err != nil {
			t.Fatal(err)
		}
	}
	f, err := h5.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	start, index, data := make([]int64, 13), []int64{}, []float64{}
	read := func(name string, into func(d *h5.Dataset) error) {
		d, err := f.Dataset(name)
		if err == nil {
			err = into(d)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	read("S/indptr", func(d *h5.Dataset) error { return h5.Read(d, start) })
	index, data = make([]int64, start[12]), make([]float64, start[12])
	read("S/indices", func(d *h5.Dataset) error { return h5.Read(d, index) })
	read("S/data", func(d *h5.Dataset) error { return h5.Read(d, data) })
	got := &sparse{n: 12}
	for i := range 12 {
		var columns []int
		for _, j := range index[start[i]:start[i+1]] {
			columns = append(columns, int(j))
		}
		got.columns = append(got.columns, columns)
		got.values = append(got.values, data[start[i]:start[i+1]])
	}
	if err := sameMatrix(got, m); err != nil {
		t.Error(err)
	}
	shape, x2 := make([]int64, 2), make([]float64, 4)
	read("S/shape", func(d *h5.Dataset) error { return h5.Read(d, shape) })
	read("axes/x2", func(d *h5.Dataset) error { return h5.Read(d, x2) })
	if !slices.Equal(shape, []int64{12, 12}) || !slices.Equal(x2, operatorMeta.Axes[1]) {
		t.Errorf("shape %v, x2 %v", shape, x2)
	}
	attrs, err := f.Attrs()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]any{}
	for _, a := range attrs {
		found[a.Name] = a.Value
	}
	for name, want := range map[string]any{"eta": 0.0625, "format": "csr", "study": "coin", "width": int64(8), "lebesgue": 1.5, "leakage_probability": 0.5, "parameters": "x y", "study_yaml": "name: coin\n"} {
		if found[name] != want {
			t.Errorf("attribute %s is %v, want %v", name, found[name], want)
		}
	}
}

// Where a file cannot be written nothing is left.
func TestOperatorLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	blocked := filepath.Join(dir, "S")
	if err := os.MkdirAll(filepath.Join(blocked, "in the way"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(context.Context, string, Operator, OperatorMeta) error{WriteMatrixMarket, WriteOperatorH5} {
		if err := write(t.Context(), blocked, newSparse(5), operatorMeta); err == nil {
			t.Error("a folder was replaced by a file")
		}
		if err := write(t.Context(), filepath.Join(dir, "no", "S"), newSparse(5), operatorMeta); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("error %v for a folder that is not there", err)
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}

// interrupted is a matrix whose second row is not there before the writing is given up
// and what it made is gone.
type interrupted struct {
	*sparse
	cancel context.CancelFunc
	gone   func()
}

func (m *interrupted) Rows() iter.Seq2[[]int, []float64] {
	return func(yield func([]int, []float64) bool) {
		for i := range m.n {
			if i == 1 {
				m.cancel()
				m.gone()
			}
			if !yield(m.columns[i], m.values[i]) {
				return
			}
		}
	}
}

// A writing that is given up ends with the context's error at the next row, and its
// temporary file is gone before that, so that a process need not wait for it.
func TestOperatorInterrupted(t *testing.T) {
	t.Parallel()
	for _, write := range []func(context.Context, string, Operator, OperatorMeta) error{WriteMatrixMarket, WriteOperatorH5} {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		gone := func() {
			const enough = 2000 // hundredths of a second, far above what a busy machine takes
			for range enough {
				if list, err := os.ReadDir(dir); err == nil && len(list) == 0 {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Error("the temporary file is still there")
		}
		err := write(ctx, filepath.Join(dir, "S"), &interrupted{newSparse(5), cancel, gone}, operatorMeta)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if list, err := os.ReadDir(dir); err != nil || len(list) != 0 {
			t.Errorf("%v, %v", list, err)
		}
	}
}

// Python reads both files as the same matrix: h5py and scipy.sparse the HDF5 one,
// scipy.io the other.
func TestOperatorInPython(t *testing.T) {
	t.Parallel()
	const python, script = "/usr/bin/python3", `
import sys
try:
    import h5py, scipy.sparse, scipy.io
except ImportError:
    sys.exit(3)
with h5py.File(sys.argv[1]) as f:
    s = f["S"]
    a = scipy.sparse.csr_matrix((s["data"][:], s["indices"][:], s["indptr"][:]), shape=tuple(s["shape"][:]))
    assert f.attrs["eta"] == 0.0625 and list(f["axes/x1"]) == [-1, 0, 1], "eta or axes"
a.check_format(full_check=True)
assert a.has_sorted_indices
b = scipy.io.mmread(sys.argv[2]).tocsr()
assert a.shape == b.shape and a.nnz == b.nnz and (a != b).nnz == 0, "the files differ"
print(a.shape[0], a.nnz)
`
	dir := t.TempDir()
	m := newSparse(12)
	one, two := filepath.Join(dir, "S.h5"), filepath.Join(dir, "S.mtx")
	if err := errors.Join(WriteOperatorH5(t.Context(), one, m, operatorMeta), WriteMatrixMarket(t.Context(), two, m, operatorMeta)); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, "-c", script, one, two).CombinedOutput()
	if exit := (*exec.ExitError)(nil); errors.Is(err, os.ErrNotExist) || errors.As(err, &exit) && exit.ExitCode() == 3 {
		if os.Getenv(mustRead) == "1" {
			t.Error("python3 with h5py and scipy is not installed")
		}
		t.Log("python3 with h5py and scipy is not installed: not checked")
		return
	}
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	entries := 0
	for _, row := range m.columns {
		entries += len(row)
	}
	if got, want := strings.TrimSpace(string(out)), fmt.Sprint(12, " ", entries); got != want {
		t.Errorf("Python found %s, want %s", got, want)
	}
}

// mustRead is the environment variable that makes a missing reader a failure.
const mustRead = "KOLMO_READERS"
