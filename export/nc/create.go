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

// Create starts the results file path, whose steps are then given to Append. It
// writes to path + ".part" until Close; a .part that a killed run left there is
// replaced, and so is a complete file at path, but only by Close. While another
// process writes the same .part, Create fails; within one process a path must
// have one Writer at a time.
//
// fields are defined on the whole grid and there must be at least one; series
// have one value per step. attrs become attributes of the root, after
// Conventions, which they may not name. axes and names must be as Axis and
// Variable say.
func Create(path string, axes []Axis, fields []Variable, series []Variable, attrs []Attr) (*Writer, error) {
	if err := checkCreate(path, axes, fields, series, attrs); err != nil {
		return nil, fmt.Errorf("nc: create %s: %w", path, err)
	}
	w := &Writer{path: path, gridLen: gridLen(axes)}
	w.side = sidecar{base: filepath.Base(path)}
	for _, a := range axes {
		w.side.shape = append(w.side.shape, len(a.Nodes))
	}
	for _, f := range fields {
		w.side.fields = append(w.side.fields, f.Name)
	}
	if err := clearPart(w.partPath()); err != nil {
		return nil, fmt.Errorf("nc: create %s: %w", path, err)
	}
	file, err := h5.CreateFile(w.partPath())
	if err != nil {
		if !errors.Is(err, os.ErrExist) {
			os.Remove(w.partPath()) // on a full disk an empty file stays
		}
		return nil, err
	}
	w.file = file
	if err := w.define(axes, fields, series, attrs); err != nil {
		w.Abort()
		return nil, err
	}
	return w, nil
}

// clearPart removes a .part that nobody is writing any more, if there is one.
func clearPart(part string) error {
	f, err := h5.OpenFile(part)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case errors.Is(err, syscall.EAGAIN):
		return fmt.Errorf("another process is writing %s", part)
	case err == nil:
		f.Close() // opened for reading, nothing to lose
	}
	return os.Remove(part)
}

// checkCreate returns an error unless the arguments are as Create says.
func checkCreate(path string, axes []Axis, fields, series []Variable, attrs []Attr) error {
	if filepath.Ext(path) == sidecarExt {
		return fmt.Errorf("%s is the ending of sidecars", sidecarExt)
	}
	if strings.ContainsAny(filepath.Base(path), ":\r\n") {
		return fmt.Errorf("the sidecar cannot refer to a name with colon or line break")
	}
	if err := checkAxes(axes); err != nil {
		return err
	}
	if len(fields) == 0 {
		return fmt.Errorf("no fields")
	}
	if err := checkNames(axes, fields, series); err != nil {
		return err
	}
	for _, v := range slices.Concat(fields, series) {
		for i, a := range v.Attrs {
			if slices.Contains(reservedAttrs, a.Name) || slices.ContainsFunc(v.Attrs[:i], func(b Attr) bool { return b.Name == a.Name }) {
				return fmt.Errorf("attribute %q of %s is given twice", a.Name, v.Name)
			}
		}
	}
	for i, a := range attrs {
		if a.Name == "Conventions" || slices.ContainsFunc(attrs[:i], func(b Attr) bool { return b.Name == a.Name }) {
			return fmt.Errorf("attribute %q is given twice", a.Name)
		}
	}
	return nil
}

// define creates all datasets and attributes, and flushes, so that even a .part
// without steps opens.
func (w *Writer) define(axes []Axis, fields, series []Variable, attrs []Attr) error {
	for _, a := range append([]Attr{{Name: "Conventions", Value: conventions}}, attrs...) {
		if err := w.file.SetAttr(a); err != nil {
			return err
		}
	}
	if err := w.defineTime(); err != nil {
		return err
	}
	scales := []*h5.Dataset{w.t} // t, xd, .., x1: the order of a field's dimensions
	for _, a := range axes {
		x, err := w.defineAxis(a)
		if err != nil {
			return err
		}
		scales = slices.Insert(scales, 1, x)
	}
	for _, f := range fields {
		d, err := w.defineVariable(f, fieldLayout(axes), scales)
		if err != nil {
			return err
		}
		if err := d.SetAttr(Attr{Name: "coordinates", Value: "n"}); err != nil {
			return err
		}
		w.fields = append(w.fields, d)
	}
	for _, s := range series {
		d, err := w.defineVariable(s, seriesLayout(), scales[:1])
		if err != nil {
			return err
		}
		w.series = append(w.series, d)
	}
	return w.file.Flush()
}

// defineTime creates t and n. The units of t are "1": with seconds, readers
// would make dates of it.
func (w *Writer) defineTime() error {
	var err error
	if w.t, err = h5.CreateDataset[float64](w.file, "t", seriesLayout()); err != nil {
		return err
	}
	if err := w.t.SetScale("t"); err != nil {
		return err
	}
	attrs := []Attr{{Name: "axis", Value: "T"}, {Name: "units", Value: "1"}, {Name: "long_name", Value: "time n eta"}}
	for _, a := range attrs {
		if err := w.t.SetAttr(a); err != nil {
			return err
		}
	}
	if w.n, err = h5.CreateDataset[int64](w.file, "n", seriesLayout()); err != nil {
		return err
	}
	if err := w.n.AttachScale(0, w.t); err != nil {
		return err
	}
	return w.n.SetAttr(Attr{Name: "long_name", Value: "SGD step"})
}

// defineAxis creates and writes the nodes of an axis. It gets no attribute
// "axis": ParaView would take X, Y, Z for longitude, latitude and height.
func (w *Writer) defineAxis(a Axis) (*h5.Dataset, error) {
	x, err := h5.CreateDataset[float64](w.file, a.Name, h5.Layout{Shape: []int{len(a.Nodes)}})
	if err != nil {
		return nil, err
	}
	if err := h5.Write(x, a.Nodes); err != nil {
		return nil, err
	}
	if err := x.SetScale(a.Name); err != nil {
		return nil, err
	}
	return x, setLongName(x, a.LongName)
}

// defineVariable creates a field or series and attaches the scales of its
// dimensions.
func (w *Writer) defineVariable(v Variable, l h5.Layout, scales []*h5.Dataset) (*h5.Dataset, error) {
	d, err := h5.CreateDataset[float64](w.file, v.Name, l)
	if err != nil {
		return nil, err
	}
	for i, s := range scales {
		if err := d.AttachScale(i, s); err != nil {
			return nil, err
		}
	}
	if err := setLongName(d, v.LongName); err != nil {
		return nil, err
	}
	for _, a := range v.Attrs {
		if err := d.SetAttr(a); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// setLongName gives d its long_name unless that is empty.
func setLongName(d *h5.Dataset, text string) error {
	if text == "" {
		return nil
	}
	return d.SetAttr(Attr{Name: longName, Value: text})
}

// discard removes the .part. Its content is let go first, which makes room on a
// full disk for what the library still writes on closing. HDF5 1.10 cannot close
// a file after a failed flush: it keeps the descriptor, then of an empty file,
// until the process ends. So its error is of no interest here.
func (w *Writer) discard() error {
	os.Truncate(w.partPath(), 0)
	w.file.Close()
	if err := os.Remove(w.partPath()); err != nil {
		return fmt.Errorf("nc: abort %s: %w", w.path, err)
	}
	return nil
}
