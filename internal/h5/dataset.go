package h5

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/hdf5"
)

// Number is the type of a dataset's elements.
type Number interface{ float64 | int64 }

// Layout describes a dataset to be created.
type Layout struct {
	// Shape is the initial extent along every dimension. All entries must be
	// positive, but the first may be zero if Chunk is given.
	Shape []int
	// Chunk is the extent of the blocks the elements are stored in. With it the
	// first dimension can grow without limit. nil stores the elements in one
	// block of fixed size.
	Chunk []int
	// FillNaN makes elements that were never written read as NaN and not as 0.
	// It is for float64 only.
	FillNaN bool
	// Reserve gives every chunk of Shape its place in the file at once, without
	// writing anything there: elements not written then read as 0. WriteRow and
	// WriteChunk change nothing but the elements' bytes afterwards.
	Reserve bool
	// Deflate, from 1 to 9, compresses every chunk, its bytes sorted by their place in
	// the element before; 0 does not. It excludes Reserve.
	Deflate int
}

// Dataset is an open dataset of a File.
type Dataset struct {
	file    *File
	name    string
	far     int  // its number in the child process, if the file has one
	integer bool // elements are int64, else float64
	shape   []int
	chunk   []int // of a dataset created here, or nil
	whole   bool  // chunks hold whole rows, as they lie in memory
	set     *hdf5.Dataset
	row     *hdf5.Dataspace // one row's extent in memory; nil until needed
}

// CreateDataset creates the dataset name in the root group of f.
func CreateDataset[T Number](f *File, name string, l Layout) (*Dataset, error) {
	if err := l.check(); err != nil {
		return nil, fmt.Errorf("h5: create %s (%s): %w", f.path, name, err)
	}
	d := &Dataset{file: f, name: name, integer: isInteger[T](), shape: slices.Clone(l.Shape)}
	d.chunk = slices.Clone(l.Chunk)
	d.whole = l.Chunk != nil && l.Deflate == 0 && slices.Equal(l.Chunk[1:], l.Shape[1:])
	if l.FillNaN && d.integer {
		return nil, fmt.Errorf("h5: create %s (%s): an integer dataset cannot be filled with NaN", f.path, name)
	}
	err := f.call("create", name, func() error {
		list, err := l.propList()
		if err != nil {
			return err
		}
		defer list.Close()
		var limit []uint
		if l.Chunk != nil {
			limit = extent(l.Shape)
			limit[0] = ^uint(0) // H5S_UNLIMITED
		}
		space, err := hdf5.CreateSimpleDataspace(extent(l.Shape), limit)
		if err != nil {
			return err
		}
		defer space.Close()
		if d.set, err = createDataset(f.file, name, elementType(d.integer), space, list); err != nil {
			return err
		}
		f.sets = append(f.sets, d)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Dataset opens the dataset name, which must hold float64 or int64 elements,
// little-endian, in at least one dimension, all of them in this file: links but hard
// ones, external storage, virtual datasets, filters other than deflate, shuffle and
// fletcher32, and extents that the file is too small for, are errors.
func (f *File) Dataset(name string) (*Dataset, error) {
	d := &Dataset{file: f, name: name}
	if f.far != nil {
		return f.far.dataset(d)
	}
	err := f.call("open", name, func() error {
		deflated, err := d.openSet()
		if err == nil {
			err = d.describe(deflated)
		}
		if err != nil {
			if d.set != nil {
				d.set.Close()
			}
			return err
		}
		f.sets = append(f.sets, d)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Name returns the dataset's name.
func (d *Dataset) Name() string { return d.name }

// Integer reports whether the elements are int64; else they are float64.
func (d *Dataset) Integer() bool { return d.integer }

// Shape returns the present extent along every dimension.
func (d *Dataset) Shape() []int { return slices.Clone(d.shape) }

// Len returns the number of elements.
func (d *Dataset) Len() int { return product(d.shape) }

// RowLen returns the number of elements of one row: those that share an index
// along the first dimension.
func (d *Dataset) RowLen() int { return product(d.shape[1:]) }

// describe sets integer and shape from the open dataset.
func (d *Dataset) describe(deflated bool) error {
	typ, err := d.set.Datatype()
	if err != nil {
		return err
	}
	defer typ.Close()
	switch {
	case typ.Equal(elementType(true)):
		d.integer = true
	case !typ.Equal(elementType(false)):
		return d.refuse("open", "elements are neither 64-bit floats nor 64-bit integers, little-endian")
	}
	space := d.set.Space()
	if space == nil {
		return errCall
	}
	defer space.Close()
	if space.SimpleExtentNDims() < 1 {
		return d.refuse("open", "a scalar, not an array")
	}
	dims, _, err := space.SimpleExtentDims()
	if err != nil {
		return err
	}
	fileBytes := d.file.size
	if fileBytes < 0 { // what was written may not be there yet
		fileBytes = math.MaxInt64
	}
	if text := checkExtents(dims, uint64(fileBytes), deflated); text != "" {
		return d.refuse("open", text)
	}
	for _, n := range dims {
		d.shape = append(d.shape, int(n))
	}
	return nil
}

// release closes what the dataset holds. It must run on the library's thread.
func (d *Dataset) release() error {
	err := d.set.Close()
	if d.row != nil {
		if e := d.row.Close(); err == nil {
			err = e
		}
		d.row = nil
	}
	return err
}

// refuse returns an error about the dataset that HDF5 did not raise.
func (d *Dataset) refuse(op, text string) error {
	return &Error{Op: op, Path: d.file.path, Object: d.name, Text: text}
}

// check returns an error for shapes that HDF5 or gonum's package cannot take.
func (l *Layout) check() error {
	if len(l.Shape) == 0 {
		return fmt.Errorf("shape has no dimension")
	}
	if l.Chunk != nil && len(l.Chunk) != len(l.Shape) {
		return fmt.Errorf("chunk has %d dimensions and shape %d", len(l.Chunk), len(l.Shape))
	}
	for i, n := range l.Shape {
		if n < 0 || n == 0 && (i > 0 || l.Chunk == nil) {
			return fmt.Errorf("shape %v: extent %d is not positive", l.Shape, i)
		}
	}
	for _, n := range l.Chunk {
		if n <= 0 {
			return fmt.Errorf("chunk %v is not positive", l.Chunk)
		}
	}
	switch {
	case l.Deflate < 0 || l.Deflate > 9:
		return fmt.Errorf("deflate %d is not from 0 to 9", l.Deflate)
	case l.Deflate > 0 && l.Reserve:
		return fmt.Errorf("compressed chunks have no size to reserve")
	case (l.Deflate > 0 || l.Reserve) && l.Chunk == nil:
		return fmt.Errorf("no chunks to compress or reserve")
	}
	return nil
}

// propList returns the creation properties the layout asks for; the caller
// closes them.
func (l *Layout) propList() (*hdf5.PropList, error) {
	list, err := hdf5.NewPropList(hdf5.P_DATASET_CREATE)
	if err != nil {
		return nil, err
	}
	err = setNoTimes(list)
	if err == nil && l.Chunk != nil {
		err = list.SetChunk(extent(l.Chunk))
	}
	if err == nil && l.FillNaN {
		err = setFillNaN(list)
	}
	if err == nil && l.Reserve {
		err = setReserve(list)
	}
	if err == nil && l.Deflate > 0 {
		err = setDeflate(list, l.Deflate)
	}
	if err != nil {
		list.Close()
		return nil, err
	}
	return list, nil
}

// isInteger reports whether T is int64.
func isInteger[T Number]() bool {
	var zero T
	_, ok := any(zero).(int64)
	return ok
}

// elementType returns the stored type. It is the library's and is not closed.
func elementType(integer bool) *hdf5.Datatype {
	if integer {
		return hdf5.T_STD_I64LE
	}
	return hdf5.T_IEEE_F64LE
}

// extent returns shape in gonum's type, which HDF5 reads as hsize_t.
func extent(shape []int) []uint {
	e := make([]uint, len(shape))
	for i, n := range shape {
		e[i] = uint(n)
	}
	return e
}

// product returns the number of elements of an array of the given shape.
func product(shape []int) int {
	n := 1
	for _, k := range shape {
		n *= k
	}
	return n
}
