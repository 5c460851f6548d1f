package nc

import (
	"cmp"
	"slices"

	"kolmo/internal/h5"
)

// body is the datasets of a results file that is being made. Its extents are fixed:
// steps rows, all of which have their place in the file unless they are compressed.
type body struct {
	file   *h5.File
	t      column[float64]
	n      column[int64]
	fields []*h5.Dataset
	series []column[float64]
}

// column is a dataset of one value per step with the block of it that is being
// filled, which is written whole.
type column[T h5.Number] struct {
	set   *h5.Dataset
	block []T
}

// put stores the value of step i.
func (c column[T]) put(i int, v T) error {
	if i%seriesChunk == 0 {
		clear(c.block)
	}
	c.block[i%seriesChunk] = v
	return h5.WriteChunk(c.set, c.block, i-i%seriesChunk)
}

// newBody creates the file path, which must not exist, with all datasets and
// attributes for a number of steps, and hands it to the operating system. If that
// fails no file is left.
func newBody(path string, s *Spec, steps int) (*body, error) {
	file, err := h5.CreateFile(path)
	b := &body{file: file}
	if err == nil {
		err = b.define(s, steps)
	}
	if err != nil {
		b.discard(path, err)
		return nil, err
	}
	return b, nil
}

// define creates all datasets and attributes, and flushes.
func (b *body) define(s *Spec, steps int) error {
	for _, a := range append([]Attr{{Name: "Conventions", Value: conventions}}, s.Attrs...) {
		if err := b.file.SetAttr(a); err != nil {
			return err
		}
	}
	if err := b.defineTime(steps, cmp.Or(s.Step, "step")); err != nil {
		return err
	}
	scales := []*h5.Dataset{b.t.set} // t, xd, .., x1: the order of a field's dimensions
	for _, a := range s.Axes {
		x, err := b.defineAxis(a)
		if err != nil {
			return err
		}
		scales = slices.Insert(scales, 1, x)
	}
	for _, v := range s.Series {
		d, err := b.defineVariable(v, seriesLayout(steps), scales[:1])
		if err != nil {
			return err
		}
		b.series = append(b.series, column[float64]{d, make([]float64, seriesChunk)})
	}
	coordinates := "n"
	for _, c := range s.Coordinates {
		if err := b.defineCoordinate(c, gridShape(s.Axes), scales[1:]); err != nil {
			return err
		}
		coordinates += " " + c.Name
	}
	layout := fieldLayout(s.Axes, steps)
	if s.Compression > 0 {
		layout.Reserve, layout.Deflate = false, s.Compression
	}
	for _, f := range s.Fields {
		d, err := b.defineVariable(f, layout, scales)
		if err != nil {
			return err
		}
		if err := d.SetAttr(Attr{Name: "coordinates", Value: coordinates}); err != nil {
			return err
		}
		b.fields = append(b.fields, d)
	}
	return b.file.Flush()
}

// defineTime creates t and n, which counts what step says. The units of t are "1": with seconds, readers
// would make dates of it.
func (b *body) defineTime(steps int, step string) error {
	t, err := h5.CreateDataset[float64](b.file, "t", seriesLayout(steps))
	if err != nil {
		return err
	}
	b.t = column[float64]{t, make([]float64, seriesChunk)}
	if err := t.SetScale("t"); err != nil {
		return err
	}
	attrs := []Attr{{Name: "axis", Value: "T"}, {Name: "units", Value: "1"}, {Name: longName, Value: "time n eta"}}
	for _, a := range attrs {
		if err := t.SetAttr(a); err != nil {
			return err
		}
	}
	n, err := h5.CreateDataset[int64](b.file, "n", countLayout(steps))
	if err != nil {
		return err
	}
	b.n = column[int64]{n, make([]int64, seriesChunk)}
	if err := n.AttachScale(0, t); err != nil {
		return err
	}
	return n.SetAttr(Attr{Name: longName, Value: step})
}

// defineAxis creates and writes the nodes of an axis. It gets no attribute
// "axis": ParaView would take X, Y, Z for longitude, latitude and height.
func (b *body) defineAxis(a Axis) (*h5.Dataset, error) {
	x, err := h5.CreateDataset[float64](b.file, a.Name, h5.Layout{Shape: []int{len(a.Nodes)}})
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

// defineCoordinate creates and writes a coordinate of the nodes.
func (b *body) defineCoordinate(c Coordinate, shape []int, scales []*h5.Dataset) error {
	d, err := b.defineVariable(Variable{Name: c.Name, LongName: c.LongName}, h5.Layout{Shape: shape}, scales)
	if err != nil {
		return err
	}
	return h5.Write(d, c.Values)
}

// defineVariable creates a field or series, attaches the scales of its dimensions
// and gives it its attributes.
func (b *body) defineVariable(v Variable, l h5.Layout, scales []*h5.Dataset) (*h5.Dataset, error) {
	d, err := h5.CreateDataset[float64](b.file, v.Name, l)
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

// put stores step i. Without compression everything is in the hands of the
// operating system then, and no byte but those of this step's elements changed.
func (b *body) put(i int, t float64, n int64, fields [][]float64, series []float64) error {
	for k, f := range fields {
		if err := h5.WriteRow(b.fields[k], f, i); err != nil {
			return err
		}
	}
	for k, v := range series {
		if err := b.series[k].put(i, v); err != nil {
			return err
		}
	}
	if err := b.n.put(i, n); err != nil {
		return err
	}
	return b.t.put(i, t)
}

// steppedSets returns every dataset with one row per step, t last.
func (b *body) steppedSets() []*h5.Dataset {
	sets := slices.Clone(b.fields)
	for _, c := range b.series {
		sets = append(sets, c.set)
	}
	return append(sets, b.n.set, b.t.set)
}
