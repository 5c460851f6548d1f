// Package h5 writes and reads the few shapes of HDF5 file that kolmo needs:
// numeric datasets of any rank whose first dimension may grow, dimension
// scales, and scalar attributes, in the root group or in groups of it. It stands on
// gonum.org/v1/hdf5, adds the calls that package lacks, and is the only place
// of the project with cgo. It knows nothing about what is stored; the layout of
// results files is that of package export/nc.
//
// # Rules of the C library
//
// HDF5 keeps global state and reports errors per operating system thread. Every
// call of it therefore runs on one goroutine locked to its thread; the exported
// functions hand their work to that goroutine and may be called from any. A
// *File with its datasets still has one owner: concurrent calls are safe for
// the library, but their order is then anybody's.
//
// HDF5's own printing of errors is replaced by a function that keeps the text,
// and a failed call returns an *Error that holds it. Where the operating system
// refused, the *Error unwraps to a syscall.Errno:
//
//	errors.Is(err, syscall.ENOSPC) // the disk is full
//
// A file stays unreadable for others while anything of it is open. File.Close
// closes the datasets that were left open; attributes, types, dataspaces and
// property lists never outlive the call that opened them. Programs that the process
// starts meanwhile get no copy of its descriptor, as HDF5 alone would have it, and
// File.Close gives up its lock.
//
// # Writing that a kill cannot damage
//
// HDF5's own growth of a dataset is several writes, between which the file does not
// open. A Layout with Reserve gives every chunk its place at once; WriteRow and
// WriteChunk then change elements only, and the number of rows that readers see can be
// set by a single write of eight bytes (Dataset.ExtentOffset).
//
// # Files of unknown origin
//
// A file can make the library open other files, load code, take any memory, crash, or
// never end. OpenFile and File.Dataset refuse the first three: links but hard ones,
// external storage, virtual datasets, filters that are not known, extents that the file
// is too small for. For the rest, ReadApart makes OpenFile start a child process that
// opens the file and answers over pipes; its end is a *CrashError.
//
// # Values
//
// Elements are float64 or int64, stored little-endian whatever the machine,
// in row-major order: the last dimension varies fastest. A slice's length is
// checked against the dataset before HDF5 sees its memory.
//
// # Example
//
//	f, err := h5.CreateFile("run.h5")
//	if err != nil {
//		return err
//	}
//	defer f.Close()
//	u, err := h5.CreateDataset[float64](f, "u", h5.Layout{Shape: []int{2, 3}, Chunk: []int{1, 3}})
//	if err != nil {
//		return err
//	}
//	return h5.WriteRow(u, []float64{1, 2, 3}, 1)
//
// References: The HDF Group, HDF5 Reference Manual, release 1.10 (H5D, H5DS,
// H5E); Unidata, NetCDF-4 file format, "Dimensions" (why scales are needed).
package h5
