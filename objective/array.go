package objective

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"kolmo/internal/h5"
)

// Limits of tables from HDF5 files, besides maxTable for the elements of all columns.
const (
	maxArrayRows    = 1 << 24
	maxArrayColumns = 1 << 12
)

// ReadArrays reads a table of numbers from an HDF5 file with elements of 64 bits:
// the columns of the 2-D dataset called sets[0], which are named c1, c2, ..; or
// the 1-D datasets called sets, a column each, of equal length; or, if sets is
// nil, all 1-D datasets of the root group. A dataset that cannot be a column is a
// *DatasetError. No other file is opened: links and datasets that lead to one are
// errors.
func ReadArrays(path string, sets []string) (*Table, error) {
	f, err := h5.OpenFile(path)
	if err != nil {
		return nil, arrayError(path, err)
	}
	defer f.Close()
	columns, err := openColumns(f, sets)
	if err != nil {
		return nil, err
	}
	t := &Table{binary: true}
	for _, d := range columns {
		values, err := readNumbers(d)
		if err != nil {
			return nil, arrayError(path, err)
		}
		shape := d.Shape()
		if len(shape) == 1 {
			t.names, t.numbers = append(t.names, d.Name()), append(t.numbers, values)
			continue
		}
		for c := range shape[1] {
			column := make([]float64, shape[0])
			for r := range column {
				column[r] = values[r*shape[1]+c]
			}
			t.names, t.numbers = append(t.names, fmt.Sprintf("c%d", c+1)), append(t.numbers, column)
		}
	}
	return t, nil
}

// openColumns opens the datasets that make a table, and checks their extents, alone and
// in total, before anything is read.
func openColumns(f *h5.File, sets []string) ([]*h5.Dataset, error) {
	all := sets == nil
	if all {
		var err error
		if sets, err = f.Names(); err != nil {
			var fault *h5.Error
			if errors.As(err, &fault) && fault.Object != "" { // a link
				return nil, &DatasetError{fault.Object, -1, reason(err)}
			}
			return nil, arrayError(f.Path(), err)
		}
	}
	var columns []*h5.Dataset
	elements, width := 0, 0
	for i, name := range sets {
		fail := func(format string, args ...any) ([]*h5.Dataset, error) {
			return nil, &DatasetError{name, i, fmt.Sprintf(format, args...)}
		}
		d, err := f.Dataset(name)
		if err != nil {
			return fail("%s", reason(err))
		}
		shape := d.Shape()
		if all && len(shape) != 1 {
			continue
		}
		switch {
		case len(shape) > 2 || len(shape) == 2 && len(sets) > 1:
			return fail("it has %d dimensions; a column has one, and a table of two stands alone", len(shape))
		case len(columns) > 0 && shape[0] != columns[0].Shape()[0]:
			return fail("it has %d elements, and %s has %d", shape[0], columns[0].Name(), columns[0].Shape()[0])
		case shape[0] > maxArrayRows:
			return fail("it has %d rows, at most %d are read", shape[0], maxArrayRows)
		}
		// Neither sum can overflow: h5 knows that an int holds every product.
		width += d.RowLen()
		if width > maxArrayColumns {
			return fail("with it the table has %d columns, at most %d are read", width, maxArrayColumns)
		}
		elements += d.Len()
		if elements > maxTable/8 {
			return fail("with it the table is larger than 1 GiB")
		}
		columns = append(columns, d)
	}
	if len(columns) == 0 {
		return nil, &DatasetError{"", -1, "no dataset of one dimension is in the root group"}
	}
	if elements == 0 {
		return nil, &DatasetError{columns[0].Name(), 0, "it has no elements"}
	}
	return columns, nil
}

// DatasetError is a dataset of an HDF5 file that cannot be read as columns.
type DatasetError struct {
	Name  string
	Index int // in the list of names, -1 if none is to blame
	Msg   string
}

func (e *DatasetError) Error() string {
	if e.Name == "" {
		return e.Msg
	}
	return fmt.Sprintf("the dataset %s: %s", e.Name, e.Msg)
}

func readNumbers(d *h5.Dataset) ([]float64, error) {
	x := make([]float64, d.Len())
	if !d.Integer() {
		return x, h5.Read(d, x)
	}
	n := make([]int64, len(x))
	err := h5.Read(d, n)
	for i, v := range n {
		x[i] = float64(v)
	}
	return x, err
}

// reason returns why HDF5 failed, without the file's name.
func reason(err error) string {
	if crash, ok := errors.AsType[*h5.CrashError](err); ok {
		return "the file " + crash.Text
	}
	if e, ok := errors.AsType[*h5.Error](err); ok {
		if e.Errno != 0 {
			return e.Errno.Error()
		}
		return e.Text
	}
	return err.Error()
}

func arrayError(path string, err error) error {
	return &os.PathError{Op: "read", Path: path, Err: errors.New(reason(err))}
}

// number returns the text of a number that reads back as the same.
func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
