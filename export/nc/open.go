package nc

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"kolmo/internal/h5"
)

// Reader reads a results file piece by piece, complete or .part. It belongs to
// one goroutine at a time. What the file describes is read by Open; values are
// read when they are asked for.
type Reader struct {
	Axes []Axis // x1, x2, x3
	// Coordinates are further ones of the nodes, sorted by name.
	Coordinates []Coordinate
	T           []float64  // times of the steps written
	N           []int64    // their SGD steps; len(N) equals len(T)
	Fields      []Variable // sorted by name
	Series      []Variable // sorted by name
	Attrs       []Attr     // of the root, sorted by name, with Conventions

	file *h5.File
	sets map[string]*h5.Dataset
}

// Open opens a results file, also one that another process is writing, and
// describes it. Of a .part only whole steps count: T has those written so far. A
// file of another layout gives an error. The caller must Close the Reader.
func Open(path string) (*Reader, error) { return open(path, h5.OpenFile) }

// open is Open by one of the ways to open an HDF5 file.
func open(path string, opened func(string) (*h5.File, error)) (*Reader, error) {
	file, err := opened(path)
	if err != nil {
		return nil, err
	}
	r := &Reader{file: file, sets: map[string]*h5.Dataset{}}
	if err := r.describe(); err != nil {
		file.Close() // opened for reading, nothing to lose
		return nil, err
	}
	return r, nil
}

// Close closes the file. A second Close does nothing.
func (r *Reader) Close() error { return r.file.Close() }

// Path returns the path given to Open.
func (r *Reader) Path() string { return r.file.Path() }

// Part reports whether the file is one whose writer was not, or is not yet, done.
func (r *Reader) Part() bool { return filepath.Ext(r.Path()) == partExt }

// Len returns the number of values of a field at one step, prod N_k.
func (r *Reader) Len() int { return gridLen(r.Axes) }

// Attr returns the value of the root's attribute of the given name, or nil.
func (r *Reader) Attr(name string) any { return attrOf(r.Attrs, name) }

// Field returns the description of the field of the given name and whether there
// is one.
func (r *Reader) Field(name string) (Variable, bool) {
	i := slices.IndexFunc(r.Fields, func(v Variable) bool { return v.Name == name })
	if i < 0 {
		return Variable{}, false
	}
	return r.Fields[i], true
}

// Nearest returns the step whose time is nearest to t, the earlier one of two, or
// -1 if no step is written or t is not a finite number.
func (r *Reader) Nearest(t float64) int {
	best, at := math.Inf(1), -1
	for i, v := range r.T {
		if d := math.Abs(v - t); d < best {
			best, at = d, i
		}
	}
	return at
}

// Step returns the field's values at step i, x1 fastest.
func (r *Reader) Step(field string, i int) ([]float64, error) {
	dst := make([]float64, r.Len())
	if err := r.StepTo(dst, field, i); err != nil {
		return nil, err
	}
	return dst, nil
}

// StepTo stores the field's values at step i in dst, x1 fastest; len(dst) must be
// Len().
func (r *Reader) StepTo(dst []float64, field string, i int) error {
	if _, ok := r.Field(field); !ok {
		return r.refuse(field, "there is no such field")
	}
	if i < 0 || i >= len(r.T) {
		return r.refuse(field, fmt.Sprintf("step %d of %d", i, len(r.T)))
	}
	return h5.ReadRow(r.sets[field], dst, i)
}

// All returns the field's values at every step; memory for all of them is needed.
func (r *Reader) All(field string) ([][]float64, error) {
	if _, ok := r.Field(field); !ok {
		return nil, r.refuse(field, "there is no such field")
	}
	var values [][]float64
	for i := range r.T {
		row, err := r.Step(field, i)
		if err != nil {
			return nil, err
		}
		values = append(values, row)
	}
	return values, nil
}

// Values returns a series' values, one per step.
func (r *Reader) Values(series string) ([]float64, error) {
	if !slices.ContainsFunc(r.Series, func(v Variable) bool { return v.Name == series }) {
		return nil, r.refuse(series, "there is no such series")
	}
	return readSteps[float64](r, r.sets[series])
}

// describe reads everything but the fields' and series' values.
func (r *Reader) describe() error {
	var err error
	if r.Attrs, err = r.file.Attrs(); err != nil {
		return err
	}
	names, err := r.file.Names()
	if err != nil {
		return err
	}
	for _, name := range []string{"t", "n", axisName(0)} {
		if !slices.Contains(names, name) {
			return r.refuse(name, "missing, so this is no results file of kolmo")
		}
	}
	var axes []*h5.Dataset
	for k := 0; k < maxAxes && slices.Contains(names, axisName(k)); k++ {
		d, err := r.open(axisName(k), false, 1)
		if err != nil {
			return err
		}
		axes = append(axes, d)
	}
	t, err := r.open("t", false, 1)
	if err != nil {
		return err
	}
	n, err := r.open("n", true, 1)
	if err != nil {
		return err
	}
	var variables []*h5.Dataset
	for _, name := range names {
		if name == "t" || name == "n" || slices.ContainsFunc(axes, func(d *h5.Dataset) bool { return d.Name() == name }) {
			continue
		}
		if !legalName(name) {
			return r.refuse(fmt.Sprintf("%.80q", name), "no name of a variable")
		}
		d, err := r.open(name, false, 0)
		if err != nil {
			return err
		}
		variables = append(variables, d)
	}
	variables, coordinates, err := parted(variables, len(axes), axes[0].Len(), t.Len())
	if err != nil {
		return err
	}
	if err := r.checkExtents(axes, t, n, coordinates, variables); err != nil {
		return err
	}
	for _, d := range axes {
		if err := r.readAxis(d); err != nil {
			return err
		}
	}
	for _, d := range coordinates {
		if err := r.readCoordinate(d); err != nil {
			return err
		}
	}
	if err := r.readTimes(t, n); err != nil {
		return err
	}
	for _, d := range variables {
		if err := r.describeVariable(d); err != nil {
			return err
		}
	}
	return nil
}

// checkExtents returns an error unless all extents fit to one another, and to the limit
// of what is in memory at once: the axes, the times, the series and one step of a field.
// Nothing was read before.
func (r *Reader) checkExtents(axes []*h5.Dataset, t, n *h5.Dataset, coordinates, variables []*h5.Dataset) error {
	var grid []int
	for _, d := range slices.Backward(axes) {
		grid = append(grid, d.Len())
	}
	most := h5.MaxRead / 8
	take := func(d *h5.Dataset, elements int) error {
		if most -= elements; most < 0 {
			return r.refuse(d.Name(), fmt.Sprintf("with it more than %d MiB would be in memory at once", h5.MaxRead>>20))
		}
		return nil
	}
	for _, d := range coordinates {
		if !slices.Equal(d.Shape(), grid) {
			return r.refuse(d.Name(), fmt.Sprintf("extents %v do not fit the grid's %v", d.Shape(), grid))
		}
	}
	for _, d := range slices.Concat(axes, []*h5.Dataset{t, n}, coordinates) {
		if err := take(d, d.Len()); err != nil {
			return err
		}
	}
	if n.Len() < t.Len() {
		return tooShort(r, n, t.Len())
	}
	field := false
	for _, d := range variables {
		shape, elements := d.Shape(), d.Len()
		if len(shape) > 1 {
			if !slices.Equal(shape[1:], grid) {
				return r.refuse(d.Name(), fmt.Sprintf("extents %v do not fit the grid's %v", shape[1:], grid))
			}
			elements = d.RowLen()
			if field { // they are read one after the other
				elements = 0
			}
			field = true
		}
		if shape[0] < t.Len() {
			return tooShort(r, d, t.Len())
		}
		if err := take(d, elements); err != nil {
			return err
		}
	}
	return nil
}

// readAxis reads the nodes of an axis.
func (r *Reader) readAxis(d *h5.Dataset) error {
	a := Axis{Name: d.Name(), Nodes: make([]float64, d.Len())}
	if err := h5.Read(d, a.Nodes); err != nil {
		return err
	}
	attrs, err := d.Attrs()
	a.LongName, _ = attrOf(attrs, longName).(string)
	r.Axes = append(r.Axes, a)
	return err
}

// parted returns the variables that have a value per step, and the others, which attributes call coordinates. Attributes
// are read only where there may be such: of files that have none nothing is read before their extents are checked.
func parted(list []*h5.Dataset, axes, nodes, steps int) (variables, coordinates []*h5.Dataset, err error) {
	if !slices.ContainsFunc(list, func(d *h5.Dataset) bool {
		return len(d.Shape()) == axes && (axes > 1 || d.Shape()[0] != steps || nodes == steps)
	}) {
		return list, nil, nil
	}
	var names []string
	for _, d := range list {
		attrs, err := d.Attrs()
		if err != nil {
			return nil, nil, err
		}
		text, _ := attrOf(attrs, "coordinates").(string)
		names = append(names, strings.Fields(text)...)
	}
	for _, d := range list {
		if slices.Contains(names, d.Name()) {
			coordinates = append(coordinates, d)
		} else {
			variables = append(variables, d)
		}
	}
	return variables, coordinates, nil
}

// readCoordinate reads a coordinate of the nodes.
func (r *Reader) readCoordinate(d *h5.Dataset) error {
	c := Coordinate{Name: d.Name(), Values: make([]float64, d.Len())}
	if err := h5.Read(d, c.Values); err != nil {
		return err
	}
	attrs, err := d.Attrs()
	c.LongName, _ = attrOf(attrs, longName).(string)
	r.Coordinates = append(r.Coordinates, c)
	return err
}

// readTimes reads t, which says how many steps there are, and n.
func (r *Reader) readTimes(t, n *h5.Dataset) error {
	r.T = make([]float64, t.Len())
	if err := h5.Read(t, r.T); err != nil {
		return err
	}
	var err error
	r.N, err = readSteps[int64](r, n)
	return err
}

// describeVariable describes a field or a series.
func (r *Reader) describeVariable(d *h5.Dataset) error {
	v, err := readVariable(d)
	if err != nil {
		return err
	}
	r.sets[v.Name] = d
	if len(d.Shape()) == 1 {
		r.Series = append(r.Series, v)
	} else {
		r.Fields = append(r.Fields, v)
	}
	return nil
}

// readVariable reads what describes a variable. The library's own attributes, and
// the label of n, are no part of it.
func readVariable(d *h5.Dataset) (Variable, error) {
	attrs, err := d.Attrs()
	if err != nil {
		return Variable{}, err
	}
	v := Variable{Name: d.Name()}
	v.LongName, _ = attrOf(attrs, longName).(string)
	for _, a := range attrs {
		if !slices.Contains(reservedAttrs, a.Name) {
			v.Attrs = append(v.Attrs, a)
		}
	}
	return v, nil
}

// readSteps reads a series and returns as many of its values as there are times.
func readSteps[T h5.Number](r *Reader, d *h5.Dataset) ([]T, error) {
	values := make([]T, d.Len())
	if err := h5.Read(d, values); err != nil {
		return nil, err
	}
	return values[:len(r.T):len(r.T)], nil
}

// open opens a dataset and checks its type and, unless rank is 0, its rank.
func (r *Reader) open(name string, integer bool, rank int) (*h5.Dataset, error) {
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

// ErrLayout is what errors about files of another layout, and requests that a file
// cannot meet, unwrap to.
var ErrLayout = errors.New("not in the file")

// layoutError is an ErrLayout about one dataset.
type layoutError struct{ path, name, text string }

func (e *layoutError) Error() string {
	return fmt.Sprintf("nc: read %s (%s): %s", e.path, e.name, e.text)
}

func (e *layoutError) Unwrap() error { return ErrLayout }

// tooShort returns the error for a dataset with fewer steps than t has.
func tooShort(r *Reader, d *h5.Dataset, steps int) error {
	return r.refuse(d.Name(), fmt.Sprintf("%d steps where t has %d", d.Shape()[0], steps))
}

// refuse returns an error about the dataset name.
func (r *Reader) refuse(name, text string) error {
	return &layoutError{path: r.file.Path(), name: name, text: text}
}

// attrOf returns the value of the attribute of the given name, or nil.
func attrOf(attrs []Attr, name string) any {
	i := slices.IndexFunc(attrs, func(a Attr) bool { return a.Name == name })
	if i < 0 {
		return nil
	}
	return attrs[i].Value
}
