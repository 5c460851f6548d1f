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

static herr_t set_reserve(hid_t list)
{
	if (H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY) < 0)
		return -1;
	return H5Pset_fill_time(list, H5D_FILL_TIME_NEVER);
}

static herr_t set_deflate(hid_t list, unsigned level)
{
	if (H5Pset_shuffle(list) < 0)
		return -1;
	return H5Pset_deflate(list, level);
}

// create_file creates a file whose objects have the oldest form that can hold
// them, whatever the library's own choice is.
static hid_t create_file(const char *path)
{
	hid_t file = -1, list = H5Pcreate(H5P_FILE_ACCESS);
	if (list < 0)
		return -1;
	if (H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST) >= 0)
		file = H5Fcreate(path, H5F_ACC_EXCL, H5P_DEFAULT, list);
	H5Pclose(list);
	return file;
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

// writeChunk stores the chunk that begins at the given row, as it lies in memory.
// HDF5's usual way copies a chunk that has a fill value once more on its way to the
// file, or keeps it in memory; this one hands it to the operating system.
func writeChunk(set *hdf5.Dataset, rank, row int, elements []byte) error {
	offset := make([]C.hsize_t, rank)
	offset[0] = C.hsize_t(row)
	return checkCall(C.H5Dwrite_chunk(C.hid_t(set.ID()), C.H5P_DEFAULT, 0, &offset[0], C.size_t(len(elements)), unsafe.Pointer(&elements[0])))
}

// createFile creates a file and opens it. It must not exist.
func createFile(path string) (*hdf5.File, error) {
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	id := C.create_file(text)
	if id < 0 {
		return nil, errCall
	}
	defer C.H5Fclose(id)
	return hdf5.OpenFile(path, hdf5.F_ACC_RDWR) // the same file; the bounds stay
}

// setReserve makes chunks have their place in the file from the beginning.
func setReserve(list *hdf5.PropList) error {
	return checkCall(C.set_reserve(C.hid_t(list.ID())))
}

// setDeflate makes chunks be shuffled and compressed.
func setDeflate(list *hdf5.PropList, level int) error {
	return checkCall(C.set_deflate(C.hid_t(list.ID()), C.unsigned(level)))
}

// setFillNaN makes NaN the value of elements that were never written.
func setFillNaN(list *hdf5.PropList) error {
	return checkCall(C.set_fill_nan(C.hid_t(list.ID())))
}
