package nc

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
)

// ErrClosed is returned by Append and Close of a Writer that was closed or
// aborted.
var ErrClosed = errors.New("nc: writer already closed")

// Writer writes a results file step by step. It belongs to one goroutine at a
// time; several Writers may be used at once.
type Writer struct {
	path    string
	spec    Spec
	gridLen int
	body    *body // nil after Close or Abort
	extents *extents
	failed  error // what made the file incomplete; sticks
	side    sidecar
}

// partPath returns the name the file has until Close.
func (w *Writer) partPath() string { return w.path + partExt }

// partExt is the ending that a file has until it is whole.
const partExt = ".part"

// Append adds the step n at time t and hands the file to the operating system.
//
// fields[i] is the i-th field of the Spec, prod N_k values with x1 fastest, and
// series[i] the i-th series' value. t must be finite; t and n must exceed those
// of the step before, and n must not be negative. There may be Spec.Steps steps.
// Arguments that break a rule give an error and change nothing. If writing fails,
// the writer keeps the error: later calls of Append and Close return it, the .part
// keeps the steps before, and Abort removes it. The slices are not kept.
func (w *Writer) Append(t float64, n int64, fields [][]float64, series []float64) error {
	if w.body == nil {
		return ErrClosed
	}
	if w.failed != nil {
		return w.failed
	}
	if err := w.checkStep(t, n, fields, series); err != nil {
		return fmt.Errorf("nc: append to %s: %w", w.path, err)
	}
	i := w.steps()
	err := w.body.put(i, t, n, fields, series)
	if err == nil {
		err = w.extents.set(i + 1)
	}
	if err != nil {
		w.failed = err
		return err
	}
	w.side.times = append(w.side.times, t)
	w.side.steps = append(w.side.steps, n)
	return nil
}

// steps returns the number of steps appended.
func (w *Writer) steps() int { return len(w.side.times) }

// checkStep returns an error unless the arguments are as Append says.
func (w *Writer) checkStep(t float64, n int64, fields [][]float64, series []float64) error {
	switch done := w.steps(); {
	case done == w.spec.Steps:
		return fmt.Errorf("all %d steps were appended before", done)
	case math.IsNaN(t) || math.IsInf(t, 0):
		return fmt.Errorf("time is %v", t)
	case n < 0:
		return fmt.Errorf("step %d is negative", n)
	case done > 0 && t <= w.side.times[done-1]:
		return fmt.Errorf("time %v does not exceed the time before, %v", t, w.side.times[done-1])
	case done > 0 && n <= w.side.steps[done-1]:
		return fmt.Errorf("step %d does not exceed the step before, %d", n, w.side.steps[done-1])
	case len(fields) != len(w.spec.Fields):
		return fmt.Errorf("%d fields, want %d", len(fields), len(w.spec.Fields))
	case len(series) != len(w.spec.Series):
		return fmt.Errorf("%d series values, want %d", len(series), len(w.spec.Series))
	}
	for i, f := range fields {
		if len(f) != w.gridLen {
			return fmt.Errorf("field %s has %d values, want %d", w.spec.Fields[i].Name, len(f), w.gridLen)
		}
	}
	return nil
}

// Close completes the file: it compresses it if that was asked for, waits for the
// disk, renames the file to the path given to Create and writes the sidecar. If a
// step could not be written, or anything of this fails, it returns that error and
// leaves the .part with the steps appended.
func (w *Writer) Close() error {
	if w.body == nil {
		return ErrClosed
	}
	b := w.body
	w.body = nil
	err := b.file.Close()
	w.extents.close()
	if w.failed != nil {
		return w.failed
	}
	if err != nil {
		return err
	}
	if w.spec.Compression > 0 || w.steps() < w.spec.Steps {
		if err := w.rewrite(); err != nil {
			return err
		}
	}
	if err := w.finish(); err != nil {
		return fmt.Errorf("nc: close %s: %w", w.path, err)
	}
	return w.side.write(w.path)
}

// finish gives the .part its final name.
func (w *Writer) finish() error {
	if err := syncFile(w.partPath()); err != nil {
		return err
	}
	// An older sidecar would describe another file.
	if err := removeAny(sidecarPath(w.path)); err != nil {
		return err
	}
	if err := os.Rename(w.partPath(), w.path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(w.path))
}

// syncFile waits until a file, or the names in a folder, are on the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// Abort gives the file up: closes it and removes the .part. It does nothing
// after Close or Abort, so it may be deferred.
func (w *Writer) Abort() error {
	if w.body == nil {
		return nil
	}
	w.extents.close()
	err := w.body.discard(w.partPath(), nil)
	w.body = nil
	if err != nil {
		return fmt.Errorf("nc: abort %s: %w", w.path, err)
	}
	return nil
}
