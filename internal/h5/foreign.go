package h5

/*
#include <hdf5.h>
#include <stdlib.h>

// refuse_other_files makes the library forget external links, soft or direct, and load
// no plugins: those are code, found by the environment.
static herr_t refuse_other_files(void)
{
	if (H5PLset_loading_state(0) < 0)
		return -1;
	return H5Lunregister(H5L_TYPE_EXTERNAL);
}

static int link_type(hid_t file, const char *name)
{
	H5L_info_t info;
	if (H5Lget_info(file, name, &info, H5P_DEFAULT) < 0)
		return H5L_TYPE_ERROR;
	return info.type;
}

static int link_type_at(hid_t file, hsize_t i)
{
	H5L_info_t info;
	if (H5Lget_info_by_idx(file, ".", H5_INDEX_NAME, H5_ITER_INC, i, &info, H5P_DEFAULT) < 0)
		return H5L_TYPE_ERROR;
	return info.type;
}

// How a dataset is stored.
typedef struct {
	int layout;
	int external; // number of other files
	int deflates;
	int filter; // one that is not known, or -1
	hsize_t chunk; // elements, where the layout is chunked
} storage;

static herr_t chunk_of(hid_t list, storage *out)
{
	hsize_t dims[H5S_MAX_RANK];
	int rank = H5Pget_chunk(list, H5S_MAX_RANK, dims);
	if (rank < 0)
		return -1;
	out->chunk = 1;
	for (int i = 0; i < rank; i++) // each is below 2^32, and so are all together
		out->chunk = out->chunk > UINT32_MAX ? out->chunk : out->chunk * dims[i];
	return 0;
}

static herr_t storage_of_list(hid_t list, storage *out)
{
	int filters = H5Pget_nfilters(list);
	out->layout = H5Pget_layout(list);
	out->external = H5Pget_external_count(list);
	out->filter = -1;
	if (out->layout < 0 || out->external < 0 || filters < 0)
		return -1;
	if (out->layout == H5D_CHUNKED && chunk_of(list, out) < 0)
		return -1;
	for (int i = 0; i < filters; i++) {
		unsigned flags, values[16], config;
		size_t count = 16;
		char name[64];
		H5Z_filter_t filter = H5Pget_filter2(list, i, &flags, &count, values, sizeof name, name, &config);
		if (filter < 0)
			return -1;
		if (filter == H5Z_FILTER_DEFLATE)
			out->deflates++;
		else if (filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
			out->filter = filter;
	}
	return 0;
}

// storage_of asks the creation properties, which does not look at other files, as
// asking a virtual dataset for its extents does.
static herr_t storage_of(hid_t set, storage *out)
{
	hid_t list = H5Dget_create_plist(set);
	if (list < 0)
		return -1;
	herr_t status = storage_of_list(list, out);
	H5Pclose(list);
	return status;
}
*/
import "C"

import (
	"fmt"
	"strings"
	"unsafe"

	"gonum.org/v1/hdf5"
)

// Whoever made a file decides what the library opens and runs while it is read, so of
// everything that leads out of a file, or that calls code, nothing is followed.

// refuseOtherFiles prepares the library; it runs first on its thread.
func refuseOtherFiles() error { return checkCall(C.refuse_other_files()) }

// openSet opens a dataset to which hard links lead, and returns whether its chunks are
// compressed. Its extents may be asked for afterwards.
func (d *Dataset) openSet() (deflated bool, err error) {
	if err := d.walk(); err != nil {
		return false, err
	}
	if d.set, err = d.file.file.OpenDataset(d.name); err != nil {
		return false, err
	}
	var s C.storage
	if err := checkCall(C.storage_of(C.hid_t(d.set.ID()), &s)); err != nil {
		return false, err
	}
	switch {
	case s.layout == C.H5D_VIRTUAL:
		return false, d.refuse("open", "a virtual dataset, whose values are in other files: copy them into this one")
	case s.external > 0:
		return false, d.refuse("open", "its values are in other files (external storage): copy them into this one")
	case s.filter >= 0 || s.deflates > 1:
		return false, d.refuse("open", fmt.Sprintf("its chunks passed through filter %d: store it uncompressed or with deflate, shuffle and fletcher32", max(s.filter, C.H5Z_FILTER_DEFLATE)))
	case uint64(s.chunk) > MaxRead/8:
		return false, d.refuse("open", fmt.Sprintf("its chunks are larger than %d MiB", MaxRead>>20))
	}
	return s.deflates > 0, nil
}

// walk returns an error unless hard links lead to the dataset's name.
func (d *Dataset) walk() error {
	if d.name == "" || len(d.name) > maxName || strings.ContainsRune(d.name, 0) {
		return d.refuse("open", "no name of a dataset")
	}
	for i := 1; i <= len(d.name); i++ {
		if i < len(d.name) && d.name[i] != '/' || d.name[i-1] == '/' {
			continue
		}
		name := C.CString(d.name[:i])
		kind := C.link_type(C.hid_t(d.file.file.ID()), name)
		C.free(unsafe.Pointer(name))
		if kind == C.H5L_TYPE_ERROR {
			return errCall
		}
		if text := linkFault(kind); text != "" {
			return d.refuse("open", text)
		}
	}
	return nil
}

// linkFault returns why a link of this kind is not followed, "" for a hard one.
func linkFault(kind C.int) string {
	switch kind {
	case C.H5L_TYPE_HARD:
		return ""
	case C.H5L_TYPE_SOFT:
		return "a soft link, which is not followed: use the name that it leads to"
	case C.H5L_TYPE_EXTERNAL:
		return "an external link, to another file, which is not followed: copy the values into this one"
	}
	return "a link of a user-defined kind, which is not followed"
}

// names lists the root group; it must run on the library's thread.
func (f *File) names() ([]string, error) {
	n, err := f.file.NumObjects()
	if err != nil {
		return nil, err
	}
	if n > maxObjects {
		return nil, &Error{Op: "list", Path: f.path, Text: fmt.Sprintf("%d objects in the root group, at most %d are read", n, maxObjects)}
	}
	var names []string
	for i := range n {
		name, err := f.file.ObjectNameByIndex(i)
		if err != nil {
			return nil, err
		}
		kind := C.link_type_at(C.hid_t(f.file.ID()), C.hsize_t(i))
		if kind == C.H5L_TYPE_ERROR {
			return nil, errCall
		}
		if text := linkFault(kind); text != "" {
			return nil, &Error{Op: "list", Path: f.path, Object: name, Text: text}
		}
		object, err := f.file.ObjectTypeByIndex(i)
		if err != nil {
			return nil, err
		}
		if object == hdf5.H5G_DATASET {
			names = append(names, name)
		}
	}
	return names, nil
}
