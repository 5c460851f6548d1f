package h5

import (
	"fmt"
	"unsafe"

	"gonum.org/v1/hdf5"
)

// Write stores src as all elements of d. len(src) must equal d.Len().
func Write[T Number](d *Dataset, src []T) error {
	if err := fits[T](d, "write", len(src), d.Len()); err != nil {
		return err
	}
	return d.file.call("write", d.name, func() error { return d.set.Write(&src) })
}

// WriteRow stores src as row i. len(src) must equal d.RowLen(). A dataset created
// with one uncompressed chunk per row hands it to the operating system; else HDF5
// may keep it in memory until File.Flush.
func WriteRow[T Number](d *Dataset, src []T, i int) error {
	if err := fits[T](d, "write", len(src), d.RowLen()); err != nil {
		return err
	}
	if i < 0 || i >= d.shape[0] {
		return d.refuse("write", fmt.Sprintf("row %d of %d", i, d.shape[0]))
	}
	return d.file.call("write", d.name, func() error { return storeRow(d, src, i) })
}

// storeRow stores row i. It must run on the library's thread.
func storeRow[T Number](d *Dataset, src []T, i int) error {
	if d.whole && d.chunk[0] == 1 {
		return writeChunk(d.set, len(d.shape), i, bytesOf(src))
	}
	return d.withRow(i, func(memory, file *hdf5.Dataspace) error {
		return d.set.WriteSubset(&src, memory, file)
	})
}

// WriteChunk stores src as the chunk that begins with row i, a multiple of the
// rows in a chunk, and hands it to the operating system. d must have been created,
// uncompressed, with chunks of whole rows; len(src) is that of a chunk, also where
// it reaches beyond the last row.
func WriteChunk[T Number](d *Dataset, src []T, i int) error {
	if !d.whole {
		return d.refuse("write", "chunks that are compressed or hold no whole rows")
	}
	if err := fits[T](d, "write", len(src), product(d.chunk)); err != nil {
		return err
	}
	if i < 0 || i >= d.shape[0] || i%d.chunk[0] != 0 {
		return d.refuse("write", fmt.Sprintf("a chunk of %d rows at row %d of %d", d.chunk[0], i, d.shape[0]))
	}
	return d.file.call("write", d.name, func() error { return writeChunk(d.set, len(d.shape), i, bytesOf(src)) })
}

// bytesOf returns the elements as they lie in memory.
func bytesOf[T Number](src []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&src[0])), 8*len(src))
}

// Read stores all elements in dst. len(dst) must equal d.Len(); elements of more than
// MaxRead bytes are an error.
func Read[T Number](d *Dataset, dst []T) error {
	if err := fits[T](d, "read", len(dst), d.Len()); err != nil {
		return err
	}
	if len(dst) == 0 {
		return nil
	}
	if len(dst) > MaxRead/8 {
		return d.tooLarge()
	}
	if d.file.far != nil {
		return d.file.far.read(bytesOf(dst), d, -1)
	}
	return d.file.call("read", d.name, func() error { return d.set.Read(&dst) })
}

// ReadRow stores row i, the elements with index i along the first dimension,
// in dst. len(dst) must equal d.RowLen(); a row of more than MaxRead bytes is an error.
func ReadRow[T Number](d *Dataset, dst []T, i int) error {
	if err := fits[T](d, "read", len(dst), d.RowLen()); err != nil {
		return err
	}
	if i < 0 || i >= d.shape[0] {
		return d.refuse("read", fmt.Sprintf("row %d of %d", i, d.shape[0]))
	}
	if len(dst) == 0 {
		return nil
	}
	if len(dst) > MaxRead/8 {
		return d.tooLarge()
	}
	if d.file.far != nil {
		return d.file.far.read(bytesOf(dst), d, i)
	}
	return d.file.call("read", d.name, func() error {
		return d.withRow(i, func(memory, file *hdf5.Dataspace) error {
			return d.set.ReadSubset(&dst, memory, file)
		})
	})
}

// tooLarge returns the error for elements beyond MaxRead.
func (d *Dataset) tooLarge() error {
	return d.refuse("read", fmt.Sprintf("more than %d MiB at once", MaxRead>>20))
}

// fits returns an error unless d's elements are of type T and a buffer of n of
// them is what want says. HDF5 itself checks neither.
func fits[T Number](d *Dataset, op string, n, want int) error {
	if isInteger[T]() != d.integer {
		var zero T
		return d.refuse(op, fmt.Sprintf("elements are not %T", zero))
	}
	if n != want {
		return d.refuse(op, fmt.Sprintf("buffer of %d elements where %d are needed", n, want))
	}
	return nil
}

// withRow calls fn with the extent of one row in memory and the selection of
// row i in the file. Both have the dataset's rank: HDF5 transfers equal shapes
// in blocks and others element by element.
func (d *Dataset) withRow(i int, fn func(memory, file *hdf5.Dataspace) error) error {
	count := extent(d.shape)
	count[0] = 1
	if d.row == nil {
		row, err := hdf5.CreateSimpleDataspace(count, nil)
		if err != nil {
			return err
		}
		d.row = row
	}
	space := d.set.Space()
	if space == nil {
		return errCall
	}
	defer space.Close()
	start := make([]uint, len(count))
	start[0] = uint(i)
	if err := space.SelectHyperslab(start, nil, count, nil); err != nil {
		return err
	}
	return fn(d.row, space)
}
