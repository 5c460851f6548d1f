package h5

/*
#include <hdf5.h>

// The number of identifiers handed out before id, of its type, that are still
// valid. HDF5 numbers the identifiers of a type in sequence in the lower bits.
static long valid_before(hid_t id)
{
	long count = 0;
	hid_t serial = id & (((hid_t)1 << 56) - 1);
	for (hid_t i = 0; i < serial; i++)
		if (H5Iis_valid(id - serial + i) > 0)
			count++;
	return count;
}

// The dataspaces, property lists and types that are open; -1 for an error.
static long loose_ids(void)
{
	hid_t space = H5Screate(H5S_SCALAR);
	hid_t list = H5Pcreate(H5P_DATASET_CREATE);
	hid_t type = H5Tcopy(H5T_C_S1);
	long count = -1;
	if (space >= 0 && list >= 0 && type >= 0)
		count = valid_before(space) + valid_before(list) + valid_before(type);
	H5Sclose(space);
	H5Pclose(list);
	H5Tclose(type);
	return count;
}

static long open_objects(void)
{
	return (long)H5Fget_obj_count((hid_t)H5F_OBJ_ALL,
	                              H5F_OBJ_FILE | H5F_OBJ_DATASET | H5F_OBJ_GROUP | H5F_OBJ_ATTR);
}
*/
import "C"

// Open counts what the library holds open: objects in files (files, datasets,
// attributes), and loose identifiers, which belong to no file (dataspaces,
// property lists, types), the library's own included. A program that closed its
// files finds objects to be zero and loose what it was before. The cost grows
// with all identifiers ever handed out, so it is for tests.
func Open() (objects, loose int, err error) {
	err = do(func() error {
		clearErrors()
		n, ids := C.open_objects(), C.loose_ids()
		if n < 0 || ids < 0 {
			return newError("count", "open objects", "", errCall)
		}
		objects, loose = int(n), int(ids)
		return nil
	})
	return objects, loose, err
}
