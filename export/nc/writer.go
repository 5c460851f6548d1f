package nc

import (
	"errors"
	"fmt"
	"math"
	"os"

	"kolmo/internal/h5"
)

// ErrClosed is returned by Append and Close of a Writer that was closed or
// aborted.
var ErrClosed = errors.New("nc: writer already closed")

// Writer writes a results file step by step. It belongs to one goroutine at a
// time; several Writers may be used at once.
type Writer struct {
	path    string
	gridLen int
	file    *h5.File // nil after Close or Abort
	failed  error    // what made the file incomplete; sticks

	t, n   *h5.Dataset
	fields []*h5.Dataset
	series []*h5.Dataset

	lastN int64
	side  sidecar
}

// partPath returns the name the file has until Close.
func (w *Writer) partPath() string { return w.path + partExt }

// partExt is the ending that a file has until it is whole.
const partExt = ".part"

// Append adds the step n at time t and hands the file to the operating system.
//
// fields[i] is the i-th field of Create, prod N_k values with x1 fastest, and
// series[i] the i-th series' value. t must be finite; t and n must exceed those
// of the step before, and n must not be negative. Arguments that break a rule
// give an error and change nothing. If writing fails, the writer keeps the
// error: later calls of Append and Close return it, and Abort remains to be
// called. The slices are not kept.
func (w *Writer) Append(t float64, n int64, fields [][]float64, series []float64) error {
	if w.file == nil {
		return ErrClosed
	}
	if w.failed != nil {
		return w.failed
	}
	if err := w.checkStep(t, n, fields, series); err != nil {
		return fmt.Errorf("nc: append to %s: %w", w.path, err)
	}
	if err := w.write(t, n, fields, series); err != nil {
		w.failed = err
		return err
	}
	w.lastN = n
	w.side.times = append(w.side.times, t)
	w.side.steps = append(w.side.steps, n)
	return nil
}

// checkStep returns an error unless the arguments are as Append says.
func (w *Writer) checkStep(t float64, n int64, fields [][]float64, series []float64) error {
	switch done := len(w.side.times); {
	case math.IsNaN(t) || math.IsInf(t, 0):
		return fmt.Errorf("time is %v", t)
	case n < 0:
		return fmt.Errorf("step %d is negative", n)
	case done > 0 && t <= w.side.times[done-1]:
		return fmt.Errorf("time %v does not exceed the time before, %v", t, w.side.times[done-1])
	case done > 0 && n <= w.lastN:
		return fmt.Errorf("step %d does not exceed the step before, %d", n, w.lastN)
	case len(fields) != len(w.fields):
		return fmt.Errorf("%d fields, want %d", len(fields), len(w.fields))
	case len(series) != len(w.series):
		return fmt.Errorf("%d series values, want %d", len(series), len(w.series))
	}
	for i, f := range fields {
		if len(f) != w.gridLen {
			return fmt.Errorf("field %s has %d values, want %d", w.fields[i].Name(), len(f), w.gridLen)
		}
	}
	return nil
}

// write stores one step. The time comes last and alone, so that a file counts a
// step only when all else of it is in the hands of the operating system.
func (w *Writer) write(t float64, n int64, fields [][]float64, series []float64) error {
	for i, f := range fields {
		if err := h5.Append(w.fields[i], f); err != nil {
			return err
		}
	}
	for i, s := range series {
		if err := h5.Append(w.series[i], []float64{s}); err != nil {
			return err
		}
	}
	if err := h5.Append(w.n, []int64{n}); err != nil {
		return err
	}
	if err := w.file.Flush(); err != nil {
		return err
	}
	if err := h5.Append(w.t, []float64{t}); err != nil {
		return err
	}
	return w.file.Flush()
}

// Close completes the file: closes it, renames it to the path given to Create
// and writes the sidecar. If a step could not be written it returns that error
// and leaves the .part, which a failed write may have made unreadable.
func (w *Writer) Close() error {
	if w.file == nil {
		return ErrClosed
	}
	file := w.file
	w.file = nil
	err := file.Close()
	if w.failed != nil {
		return w.failed
	}
	if err != nil {
		return err
	}
	// An older sidecar would describe another file.
	if err := os.Remove(sidecarPath(w.path)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("nc: close %s: %w", w.path, err)
	}
	if err := os.Rename(w.partPath(), w.path); err != nil {
		return fmt.Errorf("nc: close %s: %w", w.path, err)
	}
	return w.side.write(sidecarPath(w.path))
}

// Abort gives the file up: closes it and removes the .part. It does nothing
// after Close or Abort, so it may be deferred.
func (w *Writer) Abort() error {
	if w.file == nil {
		return nil
	}
	err := w.discard()
	w.file = nil
	return err
}

// Shutdown releases the HDF5 library. It is meant for the end of main; no call
// of the package works after it. Writers still open lose nothing but stay as
// .part files.
func Shutdown() error { return h5.Shutdown() }
