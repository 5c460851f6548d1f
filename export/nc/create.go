package nc

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"kolmo/internal/h5"
)

// Spec describes a results file to be written.
type Spec struct {
	Axes []Axis // as Axis says
	// Coordinates are further coordinates of the nodes, such as those of users where the axes are others.
	Coordinates []Coordinate
	Fields      []Variable // defined on the whole grid; at least one
	Series      []Variable // one value per step
	Attrs       []Attr     // of the root, after Conventions, which they may not name

	// Step says what n counts, its long_name. Default "step".
	Step string
	// Steps is the number of steps that will be appended, or more: Close takes less
	// time if it is right.
	Steps int
	// Compression is 0 for none or the level of deflate, from 1 to 9, before which the
	// bytes of the numbers are sorted by their place in the number. The file is
	// written uncompressed and once more, compressed, by Close.
	Compression int
}

// Create starts the results file path, whose steps are then given to Append. It
// writes to path + ".part" until Close; a .part that a killed run left there is
// replaced, and so is a complete file at path, but only by Close. While another
// process writes the same .part, Create fails; within one process a path must
// have one Writer at a time.
func Create(path string, s *Spec) (*Writer, error) {
	if err := checkCreate(path, s); err != nil {
		return nil, fmt.Errorf("nc: create %s: %w", path, err)
	}
	w := &Writer{path: path, spec: *s, gridLen: gridLen(s.Axes)}
	w.side = sidecar{base: filepath.Base(path)}
	for _, a := range s.Axes {
		w.side.shape = append(w.side.shape, len(a.Nodes))
	}
	for _, f := range s.Fields {
		w.side.fields = append(w.side.fields, f.Name)
	}
	if err := w.start(); err != nil {
		return nil, err
	}
	return w, nil
}

// start makes the .part: first under a hidden name, complete but for the steps, and
// then under its own.
func (w *Writer) start() error {
	hidden := hiddenPath(w.path)
	for _, old := range []string{w.partPath(), hidden} {
		if err := checkFree(old); err != nil {
			return fmt.Errorf("nc: create %s: %w", w.path, err)
		}
	}
	if err := removeAny(hidden); err != nil {
		return fmt.Errorf("nc: create %s: %w", w.path, err)
	}
	plain := w.spec
	plain.Compression = 0
	b, err := newBody(hidden, &plain, w.spec.Steps)
	if err != nil {
		return fmt.Errorf("nc: create %s: %w", w.path, err)
	}
	if w.extents, err = openExtents(b, hidden); err == nil {
		if err = w.extents.set(0); err == nil {
			err = b.file.Rename(w.partPath())
		}
	}
	if err != nil {
		w.extents.close()
		b.discard(hidden, err)
		return fmt.Errorf("nc: create %s: %w", w.path, err)
	}
	w.body = b
	return nil
}

// hiddenPath returns the name of a file that is not yet fit to be seen, beside path.
func hiddenPath(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
}

// checkFree returns an error if another process is writing the file path.
func checkFree(path string) error {
	f, err := h5.OpenFile(path) // who made it is not known
	if err == nil {
		f.Close() // opened for reading, nothing to lose
	}
	if errors.Is(err, syscall.EAGAIN) {
		return fmt.Errorf("another process is writing %s", path)
	}
	return nil
}

// removeAny removes the file path if there is one.
func removeAny(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// checkCreate returns an error unless the arguments are as Create says.
func checkCreate(path string, s *Spec) error {
	if ext := filepath.Ext(path); ext == sidecarExt || ext == partExt {
		return fmt.Errorf("%s is the ending of other files", ext)
	}
	if strings.ContainsAny(filepath.Base(path), ":\r\n") {
		return fmt.Errorf("the sidecar cannot refer to a name with colon or line break")
	}
	if s.Steps < 0 {
		return fmt.Errorf("%d steps", s.Steps)
	}
	if s.Compression < 0 || s.Compression > 9 {
		return fmt.Errorf("compression %d, want 0 to 9", s.Compression)
	}
	if err := checkAxes(s.Axes); err != nil {
		return err
	}
	if err := checkCoordinates(s.Axes, s.Coordinates); err != nil {
		return err
	}
	if len(s.Fields) == 0 {
		return fmt.Errorf("no fields")
	}
	if err := checkNames(s.Axes, variables(s.Coordinates), s.Fields, s.Series); err != nil {
		return err
	}
	for _, v := range slices.Concat(s.Fields, s.Series) {
		if err := checkAttrs(v.Attrs, reservedAttrs...); err != nil {
			return fmt.Errorf("%s: %w", v.Name, err)
		}
	}
	return checkAttrs(s.Attrs, "Conventions")
}

// checkAttrs returns an error if a name occurs twice or is one of those taken.
func checkAttrs(attrs []Attr, taken ...string) error {
	for i, a := range attrs {
		if slices.Contains(taken, a.Name) || slices.ContainsFunc(attrs[:i], func(b Attr) bool { return b.Name == a.Name }) {
			return fmt.Errorf("attribute %q is given twice", a.Name)
		}
	}
	return nil
}

// discard closes the file and removes it from path. Its content is let go first,
// which makes room on a full disk for what the library still writes on closing.
// HDF5 1.10 cannot close a file after a failed flush: it keeps the descriptor, then
// of an empty file, until the process ends. So its error is of no interest here.
// cause is the reason: a file of another process stays.
func (b *body) discard(path string, cause error) error {
	if b.file == nil && errors.Is(cause, os.ErrExist) {
		return nil
	}
	os.Truncate(path, 0)
	if b.file != nil {
		b.file.Close()
	}
	return removeAny(path)
}

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
