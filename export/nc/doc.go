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
//	u    (nt,[N_3,[N_2,]]N_1) every field, x1 fastest, NaN where not written
//	norm (nt)                 every series
//
// and metadata as scalar attributes of the root. Fields carry the scales
// t, x3, x2, x1 and coordinates="n". doc/results-file.md describes the file for
// its readers: xarray, h5py, ncdump, h5dump and ParaView.
//
// # Life of a file
//
// Create writes name.nc.part. Append adds one step and hands the file to the
// operating system in a state that opens, the time last: if the process dies
// between two Appends, the .part opens with all the steps appended. If it dies
// inside Append, that step may be missing and, rarely, the file may not open:
// HDF5's flush is several writes and not atomic. Close renames the file to
// name.nc and then writes the sidecar, so a sidecar always belongs to a
// complete file. Abort leaves nothing.
//
// Disk and other system errors unwrap to a syscall.Errno.
//
// # Example
//
//	axes := []nc.Axis{{Name: "x1", Nodes: []float64{-1, 0, 1}}}
//	fields := []nc.Variable{{Name: "u", LongName: "solution of the Kolmogorov equation"}}
//	w, err := nc.Create("run.nc", axes, fields, nil, []nc.Attr{{Name: "eta", Value: 0.25}})
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
