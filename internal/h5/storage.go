package h5

/*
#include <hdf5.h>
#include <math.h>
#include <stdlib.h>

static herr_t set_fill_nan(hid_t list)
{
	double fill = NAN;
	return H5Pset_fill_value(list, H5T_NATIVE_DOUBLE, &fill);
}
*/
import "C"

import (
	"unsafe"

	"gonum.org/v1/hdf5"
)

// createDataset creates a dataset and opens it. gonum's own call keeps a copy
// of the type that it never closes.
func createDataset(f *hdf5.File, name string, typ *hdf5.Datatype, space *hdf5.Dataspace, list *hdf5.PropList) (*hdf5.Dataset, error) {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	id := C.H5Dcreate2(C.hid_t(f.ID()), text, C.hid_t(typ.ID()), C.hid_t(space.ID()),
		C.H5P_DEFAULT, C.hid_t(list.ID()), C.H5P_DEFAULT)
	if id < 0 || C.H5Dclose(id) < 0 {
		return nil, errCall
	}
	return f.OpenDataset(name)
}

// setExtent changes the extent of a chunked dataset.
func setExtent(set *hdf5.Dataset, shape []int) error {
	size := make([]C.hsize_t, len(shape))
	for i, n := range shape {
		size[i] = C.hsize_t(n)
	}
	return checkCall(C.H5Dset_extent(C.hid_t(set.ID()), &size[0]))
}

// writeChunk stores the last row of a dataset of the given shape, one chunk, as
// it lies in memory. HDF5's usual way copies a chunk that has a fill value once
// more on its way to the file.
func writeChunk(set *hdf5.Dataset, shape []int, row []byte) error {
	offset := make([]C.hsize_t, len(shape))
	offset[0] = C.hsize_t(shape[0] - 1)
	return checkCall(C.H5Dwrite_chunk(C.hid_t(set.ID()), C.H5P_DEFAULT, 0, &offset[0], C.size_t(len(row)), unsafe.Pointer(&row[0])))
}

// setFillNaN makes NaN the value of elements that were never written.
func setFillNaN(list *hdf5.PropList) error {
	return checkCall(C.set_fill_nan(C.hid_t(list.ID())))
}
