package nc

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestStepsOnlyOverwrite: Append changes no more bytes of the file than the step's own
// numbers and one count for each dataset, and Close none but a mark that no reader of
// such files asks for. That is why a kill cannot damage a .part.
func TestStepsOnlyOverwrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.nc")
	s := newSample(2, 300) // more than a chunk of t
	w, err := s.create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	read := func(path string) []byte {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := read(path + partExt)
	own := 8 * (len(s.fields)*gridLen(s.axes) + len(s.series) + 2)
	counts := 8 * (len(s.fields) + len(s.series) + 2)
	for i := range s.t {
		if err := w.Append(s.step(i)); err != nil {
			t.Fatal(err)
		}
		after := read(path + partExt)
		changed := 0
		for k := range after {
			if k < len(before) && before[k] != after[k] {
				changed++
			}
		}
		if len(after) != len(before) || changed == 0 || changed > own+counts {
			t.Fatalf("step %d: %d of %d bytes changed, %d are the step's own; %d bytes before", i, changed, len(after), own, len(before))
		}
		before = after
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	const mark = 20 // where the first block says that the file is open for writing
	after := read(path)
	before[mark] = after[mark]
	if !bytes.Equal(before, after) {
		t.Error("Close changed the file")
	}
}

// TestFewerSteps: a file of fewer steps than announced has no trace of the others, nor
// has a compressed one of its uncompressed self.
func TestFewerSteps(t *testing.T) {
	for _, compression := range []int{0, 1, 9} {
		dir := t.TempDir()
		exact, spare := newSample(2, 40), newSample(2, 40)
		spare.spare = 1000
		exact.compression, spare.compression = compression, compression
		var sizes []int64
		for _, s := range []*sample{exact, spare} {
			path := filepath.Join(dir, "run.nc")
			if err := s.write(path); err != nil {
				t.Fatal(err)
			}
			f, err := Read(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.diff(f, 40); err != nil {
				t.Error(err)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, info.Size())
			if got := listing(t, dir); !slices.Equal(got, []string{"run.nc", "run.xmf2"}) {
				t.Errorf("files %v", got)
			}
		}
		if sizes[0] != sizes[1] {
			t.Errorf("compression %d: %d bytes, %d where more steps were announced", compression, sizes[0], sizes[1])
		}
	}
}

// TestCompressionSaves: smooth fields take less room.
func TestCompressionSaves(t *testing.T) {
	var sizes []int64
	for _, compression := range []int{0, 1} {
		path := filepath.Join(t.TempDir(), "run.nc")
		x := make([]float64, 5000)
		u := make([]float64, len(x))
		for i := range x {
			x[i] = float64(i)
			u[i] = x[i] * x[i] / 64
		}
		w, err := Create(path, &Spec{Axes: []Axis{{Name: "x1", Nodes: x}}, Fields: []Variable{{Name: "u"}}, Steps: 5, Compression: compression})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			if err := w.Append(float64(i), int64(i), [][]float64{u}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, info.Size())
	}
	if !(2*sizes[1] < sizes[0]) {
		t.Errorf("%d bytes compressed, %d not", sizes[1], sizes[0])
	}
}

// TestHiddenLeftover: what a run that was killed in Create left is no obstacle.
func TestHiddenLeftover(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "run.nc")
	for _, p := range []string{hiddenPath(path), hiddenPath(sidecarPath(path))} {
		if err := os.WriteFile(p, []byte("rubbish"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := newSample(1, 2).write(path); err != nil {
		t.Fatal(err)
	}
	if got := listing(t, dir); !slices.Equal(got, []string{"run.nc", "run.xmf2"}) {
		t.Errorf("files %v", got)
	}
}
