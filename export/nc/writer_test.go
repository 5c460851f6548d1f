package nc

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// create is Create for three steps.
func create(path string, axes []Axis, fields, series []Variable, attrs []Attr) (*Writer, error) {
	return Create(path, &Spec{Axes: axes, Fields: fields, Series: series, Attrs: attrs, Steps: 3})
}

func TestCreateChecksArguments(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "run.nc")
	x := func(nodes ...float64) []Axis { return []Axis{{Name: "x1", Nodes: nodes}} }
	u := []Variable{{Name: "u"}}
	for name, create := range map[string]func() (*Writer, error){
		"no axes":          func() (*Writer, error) { return create(path, nil, u, nil, nil) },
		"four axes":        func() (*Writer, error) { return create(path, make([]Axis, 4), u, nil, nil) },
		"axis name":        func() (*Writer, error) { return create(path, []Axis{{Name: "w", Nodes: []float64{1}}}, u, nil, nil) },
		"no nodes":         func() (*Writer, error) { return create(path, x(), u, nil, nil) },
		"equal nodes":      func() (*Writer, error) { return create(path, x(1, 1), u, nil, nil) },
		"falling nodes":    func() (*Writer, error) { return create(path, x(1, 0), u, nil, nil) },
		"NaN node":         func() (*Writer, error) { return create(path, x(math.NaN()), u, nil, nil) },
		"infinite node":    func() (*Writer, error) { return create(path, x(0, math.Inf(1)), u, nil, nil) },
		"no fields":        func() (*Writer, error) { return create(path, x(1), nil, u, nil) },
		"two fields u":     func() (*Writer, error) { return create(path, x(1), append(u, u...), nil, nil) },
		"field and series": func() (*Writer, error) { return create(path, x(1), u, u, nil) },
		"name t":           func() (*Writer, error) { return create(path, x(1), []Variable{{Name: "t"}}, nil, nil) },
		"name n":           func() (*Writer, error) { return create(path, x(1), u, []Variable{{Name: "n"}}, nil) },
		"name x1":          func() (*Writer, error) { return create(path, x(1), []Variable{{Name: "x1"}}, nil, nil) },
		"empty name":       func() (*Writer, error) { return create(path, x(1), []Variable{{}}, nil, nil) },
		"slash":            func() (*Writer, error) { return create(path, x(1), []Variable{{Name: "a/b"}}, nil, nil) },
		"leading sign":     func() (*Writer, error) { return create(path, x(1), []Variable{{Name: "-u"}}, nil, nil) },
		"trailing space":   func() (*Writer, error) { return create(path, x(1), []Variable{{Name: "u "}}, nil, nil) },
		"control":          func() (*Writer, error) { return create(path, x(1), []Variable{{Name: "u\n"}}, nil, nil) },
		"Conventions": func() (*Writer, error) {
			return create(path, x(1), u, nil, []Attr{{Name: "Conventions", Value: "CF-0"}})
		},
		"attribute twice": func() (*Writer, error) {
			return create(path, x(1), u, nil, []Attr{{Name: "a", Value: 1.0}, {Name: "a", Value: 2.0}})
		},
		"attribute int": func() (*Writer, error) { return create(path, x(1), u, nil, []Attr{{Name: "a", Value: 1}}) },
		"attribute too long": func() (*Writer, error) {
			return create(path, x(1), u, nil, []Attr{{Name: "a", Value: strings.Repeat("x", 70000)}})
		},
		"sidecar's name": func() (*Writer, error) { return create(filepath.Join(dir, "a.xmf2"), x(1), u, nil, nil) },
		"colon":          func() (*Writer, error) { return create(filepath.Join(dir, "a:b.nc"), x(1), u, nil, nil) },
		"part's name":    func() (*Writer, error) { return create(filepath.Join(dir, "a.part"), x(1), u, nil, nil) },
		"negative steps": func() (*Writer, error) { return Create(path, &Spec{Axes: x(1), Fields: u, Steps: -1}) },
		"coordinate's name": func() (*Writer, error) {
			return Create(path, &Spec{Axes: x(1), Fields: u, Coordinates: []Coordinate{{Name: "u", Values: []float64{1}}}})
		},
		"coordinate with a blank": func() (*Writer, error) {
			return Create(path, &Spec{Axes: x(1), Fields: u, Coordinates: []Coordinate{{Name: "a b", Values: []float64{1}}}})
		},
		"coordinate's values": func() (*Writer, error) {
			return Create(path, &Spec{Axes: x(1), Fields: u, Coordinates: []Coordinate{{Name: "a"}}})
		},
		"compression": func() (*Writer, error) { return Create(path, &Spec{Axes: x(1), Fields: u, Compression: 10}) },
		"attribute of a field": func() (*Writer, error) {
			return create(path, x(1), []Variable{{Name: "u", Attrs: []Attr{{Name: "long_name", Value: "u"}}}}, nil, nil)
		},
		"attribute of a series": func() (*Writer, error) {
			return create(path, x(1), u, []Variable{{Name: "s", Attrs: []Attr{{Name: "a", Value: 1.0}, {Name: "a", Value: 1.0}}}}, nil)
		},
		"no folder": func() (*Writer, error) { return create(filepath.Join(dir, "none", "a.nc"), x(1), u, nil, nil) },
	} {
		w, err := create()
		if err == nil || w != nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: got %v, %v", name, w, err)
		}
	}
	if got := listing(t, dir); len(got) != 0 {
		t.Errorf("files left: %v", got)
	}
}

func TestAppendChecksArguments(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.nc")
	s := newSample(2, 3)
	w, err := s.create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	for i := range s.t {
		time, n, fields, series := s.step(i)
		short := slices.Clone(fields)
		short[2] = short[2][1:]
		long := slices.Clone(fields)
		long[0] = append(slices.Clone(long[0]), 0)
		for name, err := range map[string]error{
			"NaN time":      w.Append(math.NaN(), n, fields, series),
			"infinite time": w.Append(math.Inf(1), n, fields, series),
			"negative step": w.Append(time, -1, fields, series),
			"no fields":     w.Append(time, n, nil, series),
			"field missing": w.Append(time, n, fields[1:], series),
			"short field":   w.Append(time, n, short, series),
			"long field":    w.Append(time, n, long, series),
			"short series":  w.Append(time, n, fields, series[1:]),
			"long series":   w.Append(time, n, fields, append(slices.Clone(series), 1)),
		} {
			if err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if i > 0 {
			if w.Append(s.t[i-1], n, fields, series) == nil || w.Append(time, s.n[i-1], fields, series) == nil {
				t.Error("time or step did not grow: no error")
			}
		}
		if err := w.Append(time, n, fields, series); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.diff(f, 3); err != nil {
		t.Errorf("refused steps left a trace: %v", err)
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "run.nc")
	s := newSample(3, 2)
	w, err := s.create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Append(s.step(0)); err != nil {
		t.Fatal(err)
	}
	if got := listing(t, dir); !slices.Equal(got, []string{"run.nc.part"}) {
		t.Errorf("files while writing: %v", got)
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	if got := listing(t, dir); len(got) != 0 {
		t.Errorf("files left: %v", got)
	}
	if err := w.Abort(); err != nil {
		t.Errorf("second Abort: %v", err)
	}
	if err := w.Append(s.step(1)); !errors.Is(err, ErrClosed) {
		t.Errorf("Append after Abort: %v", err)
	}
	if err := w.Close(); !errors.Is(err, ErrClosed) {
		t.Errorf("Close after Abort: %v", err)
	}
}

func TestAbortAfterCloseKeepsTheFile(t *testing.T) {
	dir := t.TempDir()
	s := newSample(1, 1)
	w, err := s.create(filepath.Join(dir, "run.nc"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Abort(); err != nil {
		t.Errorf("Abort: %v", err)
	}
	if err := w.Close(); !errors.Is(err, ErrClosed) {
		t.Errorf("second Close: %v", err)
	}
	if got := listing(t, dir); !slices.Equal(got, []string{"run.nc", "run.xmf2"}) {
		t.Errorf("files %v", got)
	}
}

// TestOldFilesAreReplaced: a complete file survives until the next one's Close,
// and an old .part, whatever it holds, is no obstacle.
func TestOldFilesAreReplaced(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "run.nc")
	old, fresh := newSample(2, 2), newSample(1, 4)
	if err := old.write(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".part", []byte("rubbish"), 0o666); err != nil {
		t.Fatal(err)
	}
	w, err := fresh.create(path)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := Read(path); err != nil || old.diff(f, 2) != nil {
		t.Errorf("the old file changed: %v", err)
	}
	for i := range fresh.t {
		if err := w.Append(fresh.step(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := fresh.diff(f, 4); err != nil {
		t.Error(err)
	}
	checkSidecar(t, path, fresh)
}

func TestWritersSideBySide(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			path := filepath.Join(dir, fmt.Sprintf("%d.nc", i))
			s := newSample(1+i%3, 3+i)
			if err := s.write(path); err != nil {
				t.Error(err)
				return
			}
			f, err := Read(path)
			if err == nil {
				err = s.diff(f, 3+i)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestFieldLayout(t *testing.T) {
	axes := func(n ...int) []Axis {
		var a []Axis
		for _, k := range n {
			a = append(a, Axis{Nodes: make([]float64, k)})
		}
		return a
	}
	for _, c := range []struct {
		axes  []Axis
		chunk []int
	}{
		{axes(5), []int{1, 5}},
		{axes(5, 4), []int{1, 4, 5}},
		{axes(5, 4, 3), []int{1, 3, 4, 5}},
		{axes(1024, 1024, 1024), []int{1, 256, 1024, 1024}}, // 8 GiB; 4 GiB is one byte too much
		{axes(1<<20, 1024, 1), []int{1, 1, 256, 1 << 20}},
	} {
		l := fieldLayout(c.axes, 7)
		if !slices.Equal(l.Chunk, c.chunk) || !slices.Equal(l.Shape[1:], gridShape(c.axes)) || l.Shape[0] != 7 {
			t.Errorf("got %+v, want chunk %v", l, c.chunk)
		}
	}
}
