package nc

import (
	"fmt"
	"slices"

	"kolmo/internal/h5"
)

// File is the content of a results file.
type File struct {
	Axes   []Axis // x1, x2, x3
	T      []float64
	N      []int64
	Fields []Field  // sorted by name
	Series []Series // sorted by name
	Attrs  []Attr   // of the root, sorted by name, with Conventions
}

// Field is a field at every step: Values[i] belongs to T[i] and has prod N_k
// elements, x1 fastest.
type Field struct {
	Variable
	Values [][]float64
}

// Series has one value per step: Values[i] belongs to T[i].
type Series struct {
	Variable
	Values []float64
}

// Field returns the field of the given name and whether there is one.
func (f *File) Field(name string) (Field, bool) {
	i := slices.IndexFunc(f.Fields, func(v Field) bool { return v.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return f.Fields[i], true
}

// Attr returns the value of the root's attribute of the given name, or nil.
func (f *File) Attr(name string) any {
	i := slices.IndexFunc(f.Attrs, func(a Attr) bool { return a.Name == name })
	if i < 0 {
		return nil
	}
	return f.Attrs[i].Value
}

// Read reads a results file whole, complete or .part; memory for all of it is
// needed. Of a .part whose writer died inside Append, the step being written is
// left out. A file of another layout gives an error.
func Read(path string) (*File, error) {
	file, err := h5.OpenFile(path)
	if err != nil {
		return nil, err
	}
	r := &reader{file: file}
	f, err := r.read()
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// A reader reads an open file.
type reader struct {
	file  *h5.File
	out   File
	shape []int // N_d .. N_1
}

// read reads the coordinates, then every other dataset by its shape.
func (r *reader) read() (*File, error) {
	var err error
	if r.out.Attrs, err = r.file.Attrs(); err != nil {
		return nil, err
	}
	names, err := r.file.Names()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"t", "n", axisName(0)} {
		if !slices.Contains(names, name) {
			return nil, r.refuse(name, "missing, so this is no results file of kolmo")
		}
	}
	for k := 0; k < maxAxes && slices.Contains(names, axisName(k)); k++ {
		if err := r.readAxis(axisName(k)); err != nil {
			return nil, err
		}
	}
	r.shape = gridShape(r.out.Axes)
	if err := r.readTimes(); err != nil {
		return nil, err
	}
	for _, name := range names {
		if name == "t" || name == "n" || slices.ContainsFunc(r.out.Axes, func(a Axis) bool { return a.Name == name }) {
			continue
		}
		if err := r.readVariable(name); err != nil {
			return nil, err
		}
	}
	return &r.out, nil
}

// readAxis reads the nodes of an axis.
func (r *reader) readAxis(name string) error {
	d, err := r.open(name, false, 1)
	if err != nil {
		return err
	}
	a := Axis{Name: name, Nodes: make([]float64, d.Len())}
	if err := h5.Read(d, a.Nodes); err != nil {
		return err
	}
	a.LongName, err = longName(d)
	r.out.Axes = append(r.out.Axes, a)
	return err
}

// readTimes reads t, which says how many steps there are, and n.
func (r *reader) readTimes() error {
	t, err := r.open("t", false, 1)
	if err != nil {
		return err
	}
	n, err := r.open("n", true, 1)
	if err != nil {
		return err
	}
	r.out.T = make([]float64, t.Len())
	if err := h5.Read(t, r.out.T); err != nil {
		return err
	}
	r.out.N, err = readSteps[int64](r, n)
	return err
}

// readVariable reads a field or a series.
func (r *reader) readVariable(name string) error {
	d, err := r.open(name, false, 0)
	if err != nil {
		return err
	}
	v := Variable{Name: name}
	if v.LongName, err = longName(d); err != nil {
		return err
	}
	shape := d.Shape()
	switch {
	case len(shape) == 1:
		s := Series{Variable: v}
		if s.Values, err = readSteps[float64](r, d); err != nil {
			return err
		}
		r.out.Series = append(r.out.Series, s)
	case slices.Equal(shape[1:], r.shape):
		f := Field{Variable: v}
		if shape[0] < len(r.out.T) {
			return r.tooShort(d)
		}
		for i := range r.out.T {
			row := make([]float64, d.RowLen())
			if err := h5.ReadRow(d, row, i); err != nil {
				return err
			}
			f.Values = append(f.Values, row)
		}
		r.out.Fields = append(r.out.Fields, f)
	default:
		return r.refuse(name, fmt.Sprintf("extents %v do not fit the grid's %v", shape[1:], r.shape))
	}
	return nil
}

// readSteps reads a series and returns as many of its values as there are times.
func readSteps[T h5.Number](r *reader, d *h5.Dataset) ([]T, error) {
	if d.Len() < len(r.out.T) {
		return nil, r.tooShort(d)
	}
	values := make([]T, d.Len())
	if err := h5.Read(d, values); err != nil {
		return nil, err
	}
	return values[:len(r.out.T):len(r.out.T)], nil
}

// open opens a dataset and checks its type and, unless rank is 0, its rank.
func (r *reader) open(name string, integer bool, rank int) (*h5.Dataset, error) {
	d, err := r.file.Dataset(name)
	if err != nil {
		return nil, err
	}
	if d.Integer() != integer {
		return nil, r.refuse(name, "elements of the wrong type")
	}
	if rank > 0 && len(d.Shape()) != rank {
		return nil, r.refuse(name, fmt.Sprintf("%d dimensions, want %d", len(d.Shape()), rank))
	}
	return d, nil
}

// tooShort returns the error for a dataset with fewer steps than t.
func (r *reader) tooShort(d *h5.Dataset) error {
	return r.refuse(d.Name(), fmt.Sprintf("%d steps where t has %d", d.Shape()[0], len(r.out.T)))
}

// refuse returns an error about the dataset name.
func (r *reader) refuse(name, text string) error {
	return fmt.Errorf("nc: read %s (%s): %s", r.file.Path(), name, text)
}

// longName returns d's long_name, or "".
func longName(d *h5.Dataset) (string, error) {
	attrs, err := d.Attrs()
	if err != nil {
		return "", err
	}
	for _, a := range attrs {
		if s, ok := a.Value.(string); ok && a.Name == "long_name" {
			return s, nil
		}
	}
	return "", nil
}
