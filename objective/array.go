package objective

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"kolmo/internal/h5"
)

// ReadArrays reads a table of numbers from an HDF5 file with elements of 64 bits:
// the columns of the 2-D dataset called sets[0], which are named c1, c2, ..; or
// the 1-D datasets called sets, a column each, of equal length; or, if sets is
// nil, all 1-D datasets of the root group. A dataset that cannot be a column is a
// *DatasetError.
func ReadArrays(path string, sets []string) (*Table, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "read", Path: path, Err: errors.New("not a regular file")}
	}
	f, err := h5.OpenFile(path)
	if err != nil {
		return nil, arrayError(path, err)
	}
	defer f.Close()
	all := sets == nil
	if all {
		if sets, err = f.Names(); err != nil {
			return nil, arrayError(path, err)
		}
	}
	t := &Table{binary: true}
	for i, name := range sets {
		d, err := f.Dataset(name)
		if err != nil {
			return nil, &DatasetError{name, i, reason(err)}
		}
		shape := d.Shape()
		if all && len(shape) != 1 {
			continue
		}
		if len(shape) > 2 || len(shape) == 2 && len(sets) > 1 {
			return nil, &DatasetError{name, i, fmt.Sprintf("it has %d dimensions; a column has one, and a table of two stands alone", len(shape))}
		}
		if len(t.numbers) > 0 && shape[0] != len(t.numbers[0]) {
			return nil, &DatasetError{name, i, fmt.Sprintf("it has %d elements, and %s has %d", shape[0], t.names[0], len(t.numbers[0]))}
		}
		if d.Len() > maxTable/8 {
			return nil, &DatasetError{name, i, "it is larger than 1 GiB"}
		}
		values, err := readNumbers(d)
		if err != nil {
			return nil, arrayError(path, err)
		}
		if len(shape) == 1 {
			t.names, t.numbers = append(t.names, name), append(t.numbers, values)
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
	if len(t.numbers) == 0 {
		return nil, &DatasetError{"", -1, "no dataset of one dimension is in the root group"}
	}
	return t, nil
}

// DatasetError is a dataset of an HDF5 file that cannot be read as columns.
type DatasetError struct {
	Name  string
	Index int // in the list of names, -1 if none is to blame
	Msg   string
}

// Error implements error.
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
	var e *h5.Error
	if errors.As(err, &e) && e.Errno == 0 {
		return e.Text
	}
	return err.Error()
}

func arrayError(path string, err error) error {
	return &os.PathError{Op: "read", Path: path, Err: errors.New(reason(err))}
}

// number returns the text of a number that reads back as the same.
func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
