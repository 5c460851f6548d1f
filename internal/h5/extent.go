package h5

/*
#include <hdf5.h>

#if H5_VERSION_GE(1, 12, 0)
typedef H5O_info1_t object_info;
#else
typedef H5O_info_t object_info;
#endif

// header_address returns where an object's header begins in the file, or
// HADDR_UNDEF.
static haddr_t header_address(hid_t object)
{
	object_info info;
	if (H5Oget_info1(object, &info) < 0)
		return HADDR_UNDEF;
	return info.addr;
}
*/
import "C"

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// ExtentOffset returns the offset in the file of the number of rows of d, eight
// bytes, little-endian. Who writes a smaller number there, after File.Flush, makes
// the rows from it on invisible to everybody who opens the file later, and a write
// of eight bytes is there or not: unlike HDF5's own change of an extent, which is
// several writes, it leaves no moment at which the file cannot be opened. This
// library goes on with the shape of d. bytes gives access to the flushed file.
//
// Source: The HDF Group, HDF5 File Format Specification, version 2.0, sections
// IV.A.1.a (version 1 object headers) and IV.A.2.b (the dataspace message).
func (d *Dataset) ExtentOffset(bytes io.ReaderAt) (int64, error) {
	var at int64
	err := d.file.call("find the extent in", d.name, func() error {
		address := C.header_address(C.hid_t(d.set.ID()))
		if uint64(address) > math.MaxInt64 {
			return errCall
		}
		at = int64(address)
		return nil
	})
	if err != nil {
		return 0, err
	}
	offset, err := findExtent(bytes, at, d.shape)
	if err != nil {
		return 0, d.refuse("find the extent in", err.Error())
	}
	return offset, nil
}

// Sizes and numbers of version 1 object headers.
const (
	headerPrefix   = 16 // bytes before the first message
	messagePrefix  = 8  // bytes before a message's data
	dataspaceType  = 0x0001
	continueType   = 0x0010
	dataspaceStart = 8       // bytes before the extents
	mostHeader     = 1 << 20 // bytes of one block, more than any has
)

// findExtent returns the offset of the first extent in the object header at
// address, which must be that of a dataset of the given shape whose first
// dimension is unlimited.
func findExtent(file io.ReaderAt, address int64, shape []int) (int64, error) {
	prefix := make([]byte, headerPrefix)
	if _, err := file.ReadAt(prefix, address); err != nil {
		return 0, err
	}
	if prefix[0] != 1 {
		return 0, fmt.Errorf("an object header of version %d, want 1", prefix[0])
	}
	type block struct{ start, size int64 }
	blocks := []block{{address + headerPrefix, int64(binary.LittleEndian.Uint32(prefix[8:]))}}
	for k := 0; k < len(blocks) && k < 1000; k++ {
		b := blocks[k]
		if b.size < 0 || b.size > mostHeader {
			return 0, fmt.Errorf("an object header of %d bytes", b.size)
		}
		data := make([]byte, b.size)
		if _, err := file.ReadAt(data, b.start); err != nil {
			return 0, err
		}
		for at := 0; at+messagePrefix <= len(data); {
			kind, size := binary.LittleEndian.Uint16(data[at:]), int(binary.LittleEndian.Uint16(data[at+2:]))
			at += messagePrefix
			if at+size > len(data) {
				return 0, fmt.Errorf("a message that ends beyond its header")
			}
			message := data[at : at+size]
			switch {
			case kind == dataspaceType && isExtent(message, shape):
				return b.start + int64(at) + dataspaceStart, nil
			case kind == dataspaceType:
				return 0, fmt.Errorf("a dataspace message of another form than expected")
			case kind == continueType && size >= 16:
				blocks = append(blocks, block{int64(binary.LittleEndian.Uint64(message)), int64(binary.LittleEndian.Uint64(message[8:]))})
			}
			at += size
		}
	}
	return 0, fmt.Errorf("no dataspace message in the object header")
}

// isExtent reports whether message is a dataspace message, version 1, of the given
// shape and without limit in the first dimension alone.
func isExtent(message []byte, shape []int) bool {
	rank := len(shape)
	if len(message) < dataspaceStart+16*rank || message[0] != 1 || int(message[1]) != rank || message[2] != 1 {
		return false
	}
	var extents []uint64
	for k := range 2 * rank {
		extents = append(extents, binary.LittleEndian.Uint64(message[dataspaceStart+8*k:]))
	}
	limits := []uint64{math.MaxUint64}
	for k, n := range shape {
		if extents[k] != uint64(n) {
			return false
		}
		if k > 0 {
			limits = append(limits, uint64(n))
		}
	}
	return slices.Equal(extents[rank:], limits)
}
