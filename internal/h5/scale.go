package h5

/*
#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// SetScale makes d a dimension scale of the given name: the nodes of an axis.
// d must have one dimension.
func (d *Dataset) SetScale(name string) error {
	if len(d.shape) != 1 {
		return d.refuse("write", fmt.Sprintf("a scale has 1 dimension, not %d", len(d.shape)))
	}
	return d.file.call("write", d.name, func() error {
		text := C.CString(name)
		defer C.free(unsafe.Pointer(text))
		return checkCall(C.H5DSset_scale(C.hid_t(d.set.ID()), text))
	})
}

// AttachScale makes scale, a dataset that SetScale was called on, the nodes of
// dimension dim of d.
func (d *Dataset) AttachScale(dim int, scale *Dataset) error {
	if dim < 0 || dim >= len(d.shape) {
		return d.refuse("write", fmt.Sprintf("dimension %d of %d", dim, len(d.shape)))
	}
	if scale.file != d.file {
		return d.refuse("write", fmt.Sprintf("the scale %s belongs to another file", scale.name))
	}
	return d.file.call("write", d.name, func() error {
		return checkCall(C.H5DSattach_scale(C.hid_t(d.set.ID()), C.hid_t(scale.set.ID()), C.uint(dim)))
	})
}
