package h5

/*
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#define MOST_TEXT 65536 // bytes of an attribute's text

// put_scalar creates a scalar attribute. It owns neither type nor value.
static herr_t put_scalar(hid_t object, const char *name, hid_t stored, hid_t given, const void *value)
{
	herr_t status = -1;
	hid_t attr = -1, space = H5Screate(H5S_SCALAR);
	if (space >= 0)
		attr = H5Acreate2(object, name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
	if (attr >= 0) {
		status = H5Awrite(attr, given, value);
		if (H5Aclose(attr) < 0)
			status = -1;
	}
	if (space >= 0)
		H5Sclose(space);
	return status;
}

// string_type returns a string type of size bytes without a terminator.
static hid_t string_type(size_t size, int utf8)
{
	hid_t type = H5Tcopy(H5T_C_S1);
	if (type < 0)
		return type;
	if (H5Tset_size(type, size) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0 ||
	    H5Tset_cset(type, utf8 ? H5T_CSET_UTF8 : H5T_CSET_ASCII) < 0) {
		H5Tclose(type);
		return -1;
	}
	return type;
}

static herr_t put_string(hid_t object, const char *name, const char *value, size_t size, int utf8)
{
	hid_t type = string_type(size, utf8);
	herr_t status = type < 0 ? -1 : put_scalar(object, name, type, type, value);
	if (type >= 0)
		H5Tclose(type);
	return status;
}

static herr_t put_double(hid_t object, const char *name, double value)
{
	return put_scalar(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

static herr_t put_int64(hid_t object, const char *name, int64_t value)
{
	return put_scalar(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

// count_attrs exists because H5Aget_num_attrs does not take a file for its root.
static int count_attrs(hid_t object)
{
	int count = -1;
	hid_t same = H5Oopen(object, ".", H5P_DEFAULT);
	if (same >= 0) {
		count = H5Aget_num_attrs(same);
		H5Oclose(same);
	}
	return count;
}

// What get_attr found.
enum { KIND_OTHER, KIND_STRING, KIND_DOUBLE, KIND_INT64 };

typedef struct {
	int kind;
	double real;
	int64_t integer;
	char *text; // to be freed; not terminated
	size_t size;
} found_attr;

static herr_t get_text(hid_t attr, hid_t type, found_attr *out)
{
	htri_t variable = H5Tis_variable_str(type);
	if (variable < 0)
		return -1;
	if (variable) {
		char *text = NULL;
		if (H5Aread(attr, type, &text) < 0)
			return -1;
		if (text != NULL) {
			out->size = strlen(text);
			out->text = out->size > MOST_TEXT ? NULL : strdup(text);
			H5free_memory(text);
			if (out->text == NULL)
				return -1;
		}
		return 0;
	}
	out->size = H5Tget_size(type);
	if (out->size > MOST_TEXT)
		return -1;
	out->text = calloc(out->size + 1, 1);
	if (out->text == NULL || H5Aread(attr, type, out->text) < 0)
		return -1;
	out->size = strnlen(out->text, out->size);
	return 0;
}

// get_attr reads a scalar attribute; anything it does not know is KIND_OTHER.
static herr_t get_attr(hid_t object, const char *name, found_attr *out)
{
	herr_t status = -1;
	hid_t attr = -1, type = -1, space = -1;
	memset(out, 0, sizeof *out);
	if ((attr = H5Aopen(object, name, H5P_DEFAULT)) < 0)
		return -1;
	type = H5Aget_type(attr);
	space = H5Aget_space(attr);
	if (type >= 0 && space >= 0) {
		status = 0;
		if (H5Sget_simple_extent_npoints(space) == 1) {
			switch (H5Tget_class(type)) {
			case H5T_STRING:
				out->kind = KIND_STRING;
				status = get_text(attr, type, out);
				break;
			case H5T_FLOAT:
				out->kind = KIND_DOUBLE;
				status = H5Aread(attr, H5T_NATIVE_DOUBLE, &out->real);
				break;
			case H5T_INTEGER:
				out->kind = KIND_INT64;
				status = H5Aread(attr, H5T_NATIVE_INT64, &out->integer);
				break;
			default:
				break;
			}
		}
	}
	if (space >= 0)
		H5Sclose(space);
	if (type >= 0)
		H5Tclose(type);
	H5Aclose(attr);
	return status;
}
*/
import "C"

import (
	"fmt"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// Attr is a named scalar: a string, a float64 or an int64.
type Attr struct {
	Name  string
	Value any
}

// MaxText is the length in bytes of the longest string an attribute may hold. HDF5
// keeps attributes in the header of their object, whose messages are limited to 64 KiB.
const MaxText = 64000

// SetAttr gives the file's root group an attribute.
//
// The value must be a string, a float64 or an int64. Strings are stored with
// fixed length, as ASCII where that is enough and else as UTF-8; they must be
// valid, without NUL, and at most MaxText bytes long.
func (f *File) SetAttr(a Attr) error {
	return f.setAttr("", a, func() int64 { return f.file.ID() })
}

// SetAttr gives the dataset an attribute; see File.SetAttr.
func (d *Dataset) SetAttr(a Attr) error {
	return d.file.setAttr(d.name+":", a, func() int64 { return d.set.ID() })
}

// setAttr stores a with the object that id returns, owner being the prefix of
// its name in messages.
func (f *File) setAttr(owner string, a Attr, id func() int64) error {
	if err := a.check(); err != nil {
		return fmt.Errorf("h5: write %s (attribute %s%s): %w", f.path, owner, a.Name, err)
	}
	return f.call("write", "attribute "+owner+a.Name, func() error {
		object, name := C.hid_t(id()), C.CString(a.Name)
		defer C.free(unsafe.Pointer(name))
		switch v := a.Value.(type) {
		case float64:
			return checkCall(C.put_double(object, name, C.double(v)))
		case int64:
			return checkCall(C.put_int64(object, name, C.int64_t(v)))
		}
		s := a.Value.(string) // check knows no other
		text := C.CString(s)
		defer C.free(unsafe.Pointer(text))
		wide := C.int(0)
		if strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
			wide = 1
		}
		// No string type is empty: "" is one NUL of padding.
		return checkCall(C.put_string(object, name, text, C.size_t(max(len(s), 1)), wide))
	})
}

// check returns an error for a name or value that HDF5 cannot hold.
func (a Attr) check() error {
	if a.Name == "" || strings.ContainsRune(a.Name, 0) || !utf8.ValidString(a.Name) {
		return fmt.Errorf("%q is no name of an attribute", a.Name)
	}
	switch v := a.Value.(type) {
	case float64, int64:
	case string:
		if len(v) > MaxText {
			return fmt.Errorf("%d bytes of text where at most %d fit", len(v), MaxText)
		}
		if strings.ContainsRune(v, 0) || !utf8.ValidString(v) {
			return fmt.Errorf("%.40q is not UTF-8 without NUL", v)
		}
	default:
		return fmt.Errorf("a %T is neither string, float64 nor int64", v)
	}
	return nil
}

// Attrs returns the attributes of the root group, sorted by name. Those that
// are not one string, float or integer are left out; floats and integers of
// other sizes are converted.
func (f *File) Attrs() ([]Attr, error) {
	if f.far != nil {
		return f.far.attrs(nil)
	}
	return f.attrs("", func() int64 { return f.file.ID() })
}

// Attrs returns the attributes of the dataset; see File.Attrs.
func (d *Dataset) Attrs() ([]Attr, error) {
	if d.file.far != nil {
		return d.file.far.attrs(d)
	}
	return d.file.attrs(d.name, func() int64 { return d.set.ID() })
}

// attrs reads the attributes of the object that id returns.
func (f *File) attrs(object string, id func() int64) ([]Attr, error) {
	var attrs []Attr
	err := f.call("read attributes", object, func() error {
		n := C.count_attrs(C.hid_t(id()))
		if n < 0 {
			return errCall
		}
		if n > maxAttrs {
			return f.attrFault(object, fmt.Sprintf("%d attributes, at most %d are read", n, maxAttrs))
		}
		total := 0
		for i := range n {
			a, err := readAttr(C.hid_t(id()), C.hsize_t(i))
			if err != nil {
				return err
			}
			text, _ := a.Value.(string)
			if total += len(a.Name) + len(text); total > maxAttrBytes {
				return f.attrFault(object, fmt.Sprintf("attributes of more than %d MiB", maxAttrBytes>>20))
			}
			if a.Value != nil {
				attrs = append(attrs, a)
			}
		}
		return nil
	})
	return attrs, err
}

// attrFault returns an error about the attributes of an object that HDF5 did not raise.
func (f *File) attrFault(object, text string) error {
	return &Error{Op: "read attributes", Path: f.path, Object: object, Text: text}
}

// readAttr reads attribute i in the order of names. Its value is nil if it is
// of no type an Attr can have.
func readAttr(object C.hid_t, i C.hsize_t) (Attr, error) {
	dot := C.CString(".")
	defer C.free(unsafe.Pointer(dot))
	size := C.H5Aget_name_by_idx(object, dot, C.H5_INDEX_NAME, C.H5_ITER_INC, i, nil, 0, C.H5P_DEFAULT)
	if size < 0 || size > maxName {
		return Attr{}, errCall
	}
	name := (*C.char)(C.calloc(C.size_t(size)+1, 1))
	defer C.free(unsafe.Pointer(name))
	if C.H5Aget_name_by_idx(object, dot, C.H5_INDEX_NAME, C.H5_ITER_INC, i, name, C.size_t(size)+1, C.H5P_DEFAULT) < 0 {
		return Attr{}, errCall
	}
	var found C.found_attr
	status := C.get_attr(object, name, &found)
	defer C.free(unsafe.Pointer(found.text))
	if found.size > C.MOST_TEXT {
		return Attr{}, fmt.Errorf("an attribute whose text has %d bytes, at most %d are read", uint64(found.size), C.MOST_TEXT)
	}
	if status < 0 {
		return Attr{}, errCall
	}
	a := Attr{Name: C.GoString(name)}
	switch found.kind {
	case C.KIND_STRING:
		a.Value = C.GoStringN(found.text, C.int(found.size))
	case C.KIND_DOUBLE:
		a.Value = float64(found.real)
	case C.KIND_INT64:
		a.Value = int64(found.integer)
	}
	return a, nil
}
