package nc

import "slices"

// File is the content of a results file.
type File struct {
	Axes []Axis // x1, x2, x3
	// Coordinates are further ones of the nodes, sorted by name.
	Coordinates []Coordinate
	T           []float64
	N           []int64
	Fields      []Field  // sorted by name
	Series      []Series // sorted by name
	Attrs       []Attr   // of the root, sorted by name, with Conventions
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
func (f *File) Attr(name string) any { return attrOf(f.Attrs, name) }

// Read reads a results file whole, complete or .part; memory for all of it is
// needed, and Open does with less. A file of another layout gives an error.
func Read(path string) (*File, error) {
	r, err := Open(path)
	if err != nil {
		return nil, err
	}
	f, err := r.read()
	if closed := r.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// read reads all values.
func (r *Reader) read() (*File, error) {
	f := &File{Axes: r.Axes, Coordinates: r.Coordinates, T: r.T, N: r.N, Attrs: r.Attrs}
	for _, v := range r.Fields {
		values, err := r.All(v.Name)
		if err != nil {
			return nil, err
		}
		f.Fields = append(f.Fields, Field{Variable: v, Values: values})
	}
	for _, v := range r.Series {
		values, err := r.Values(v.Name)
		if err != nil {
			return nil, err
		}
		f.Series = append(f.Series, Series{Variable: v, Values: values})
	}
	return f, nil
}
