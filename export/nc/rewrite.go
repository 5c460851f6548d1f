package nc

import (
	"fmt"
	"os"

	"kolmo/internal/h5"
)

// rewrite replaces the .part, which is closed, by a file of the same steps that is
// compressed if that was asked for, and has room for no more steps. The new file has
// a hidden name until it is whole.
func (w *Writer) rewrite() error {
	hidden := hiddenPath(w.path)
	err := w.copyTo(hidden)
	if err == nil {
		err = syncFile(hidden)
	}
	if err == nil {
		err = os.Rename(hidden, w.partPath())
	}
	if err != nil {
		removeAny(hidden)
		return fmt.Errorf("nc: close %s: %w", w.path, err)
	}
	return nil
}

// copyTo writes the steps of the .part to a new file path.
func (w *Writer) copyTo(path string) error {
	r, err := open(w.partPath(), h5.OpenOwn)
	if err != nil {
		return err
	}
	defer r.Close() // opened for reading, nothing to lose
	if err := removeAny(path); err != nil {
		return err
	}
	b, err := newBody(path, &w.spec, w.steps())
	if err != nil {
		return err
	}
	if err := b.copySteps(r, &w.spec); err != nil {
		b.discard(path, err)
		return err
	}
	if err := b.file.Close(); err != nil {
		os.Truncate(path, 0) // what HDF5 may still hold open
		return err
	}
	return nil
}

// copySteps stores all steps of r.
func (b *body) copySteps(r *Reader, s *Spec) error {
	series := make([][]float64, len(s.Series))
	for k, v := range s.Series {
		var err error
		if series[k], err = r.Values(v.Name); err != nil {
			return err
		}
	}
	fields := make([][]float64, len(s.Fields))
	for k := range fields {
		fields[k] = make([]float64, r.Len())
	}
	values := make([]float64, len(series))
	for i := range r.T {
		for k, v := range s.Fields {
			if err := r.StepTo(fields[k], v.Name, i); err != nil {
				return err
			}
		}
		for k := range series {
			values[k] = series[k][i]
		}
		if err := b.put(i, r.T[i], r.N[i], fields, values); err != nil {
			return err
		}
	}
	return nil
}
