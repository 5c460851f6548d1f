// Package nc writes and reads results files: fields on a tensor grid and
// per-time series, at a growing number of times, in one HDF5 file shaped as
// netCDF-4 (name.nc), with a text sidecar for ParaView (name.xmf2).
//
// # Layout
//
// With N_k nodes on axis k = 1..d, d = 1, 2 or 3, and nt saved steps the file
// holds, in its root group,
//
//	t    (nt)                 times, dimension scale
//	n    (nt)                 SGD step indices, int64
//	xk   (N_k)                nodes of axis k, dimension scales
//	x    ([N_3,[N_2,]]N_1)    further coordinates of the nodes, if there are any
//	u    (nt,[N_3,[N_2,]]N_1) every field, x1 fastest
//	norm (nt)                 every series
//
// and metadata as scalar attributes of the root. Fields carry the scales
// t, x3, x2, x1 and coordinates="n", with the names of further ones. doc/results-file.md describes the file for
// its readers: xarray, h5py, ncdump, h5dump and ParaView.
//
// # Life of a file
//
// Create makes the file under a hidden name, with all datasets at their final
// extents and a place for every block, sets the extents to zero, and calls it
// name.nc.part. Append overwrites the step's numbers and then the extents, each a
// write of eight bytes, that of t last; HDF5 writes none of its own structures any
// more. So whenever the process dies the .part opens, with the steps appended.
// Close compresses if that was asked for, into a hidden file again, waits for the
// disk, renames the file to name.nc and then writes the sidecar, so a sidecar always
// belongs to a complete file. Abort leaves nothing.
//
// Disk and other system errors unwrap to a syscall.Errno, and leave the steps
// before in the .part.
//
// # Example
//
//	w, err := nc.Create("run.nc", &nc.Spec{
//		Axes:   []nc.Axis{{Name: "x1", Nodes: []float64{-1, 0, 1}}},
//		Fields: []nc.Variable{{Name: "u", LongName: "solution of the Kolmogorov equation"}},
//		Steps:  1,
//	})
//	if err != nil {
//		return err
//	}
//	defer w.Abort() // does nothing after Close
//	if err := w.Append(0, 0, [][]float64{{1, 0, 1}}, nil); err != nil {
//		return err
//	}
//	return w.Close()
//
// References: Unidata, NetCDF-4 file format (appendix C of the NetCDF Users'
// Guide); B. Eaton et al., NetCDF Climate and Forecast (CF) metadata
// conventions 1.8 (2020); Kitware, XDMF model and format, version 2.
package nc
