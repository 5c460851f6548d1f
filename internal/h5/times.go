package h5

/*
#include <hdf5.h>

static herr_t set_no_times(hid_t list) { return H5Pset_obj_track_times(list, 0); }
*/
import "C"

import "gonum.org/v1/hdf5"

// setNoTimes keeps the time of writing out of a dataset: files with the same contents
// are the same byte by byte.
func setNoTimes(list *hdf5.PropList) error {
	return checkCall(C.set_no_times(C.hid_t(list.ID())))
}
