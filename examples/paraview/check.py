#!/usr/bin/env pvpython
"""Open results files of kolmo in ParaView and compare all they show with h5py's.

    pvpython check.py FILE.nc...

Each file is opened twice: by its sidecar FILE.xmf2, whose ending makes ParaView
choose the reader, and by the NetCDF reader. Times, coordinates and every field
must agree with the file to the last bit.
"""
import sys

import h5py
import numpy
from paraview.simple import Delete, NetCDFReader, OpenDataFile
from vtkmodules.util.numpy_support import vtk_to_numpy


def bits(values):
    return numpy.ascontiguousarray(values, dtype="<f8").view("<u8")


class Fault(Exception):
    pass


def same(what, got, want):
    if len(got) != len(want) or (bits(got) != bits(want)).any():
        raise Fault(f"{what}: {got} differs from {want}")


def axes_of(data):
    """The coordinates of a dataset along x, y and z, whatever its kind."""
    if hasattr(data, "GetXCoordinates"):
        return [vtk_to_numpy(c) for c in (data.GetXCoordinates(), data.GetYCoordinates(), data.GetZCoordinates())]
    start, step, n = data.GetOrigin(), data.GetSpacing(), data.GetDimensions()
    return [start[k] + step[k] * numpy.arange(n[k]) for k in range(3)]


def check(reader, file, how):
    """Compare what an open reader shows with the h5py file."""
    t = file["t"][:]
    same(f"{how}: times", numpy.array(reader.TimestepValues, ndmin=1), t)
    axes = [file[x][:] for x in ("x1", "x2", "x3") if x in file]
    fields = sorted(name for name in file if file[name].ndim == len(axes) + 1)
    if not fields:
        raise Fault(f"{how}: the file has no fields")
    for i in range(len(t)):
        reader.UpdatePipeline(t[i])
        data = reader.GetClientSideObject().GetOutputDataObject(0)
        if data.IsA("vtkMultiBlockDataSet"):
            data = data.GetBlock(0)
        # An axis the file lacks is a single node.
        for k, got in enumerate(axes_of(data)):
            if k >= len(axes):
                same(f"{how}: number of nodes of axis {k + 1}", [len(got)], [1])
            elif data.IsA("vtkImageData"):  # evenly spaced nodes are rounded otherwise
                if len(got) != len(axes[k]) or abs(got - axes[k]).max() > 1e-14 * numpy.ptp(axes[k]):
                    raise Fault(f"{how}: axis {k + 1}: {got} differs from {axes[k]}")
            else:
                same(f"{how}: axis {k + 1}", got, axes[k])
        for name in fields:
            array = data.GetPointData().GetArray(name)
            if array is None:
                raise Fault(f"{how}: no field {name}")
            same(f"{how}: {name} at t = {t[i]}", vtk_to_numpy(array), file[name][i].ravel())
    return len(t) * len(fields)


faults = 0
for path in sys.argv[1:]:
    with h5py.File(path, "r") as file:
        for reader in (OpenDataFile(path[: -len(".nc")] + ".xmf2"), NetCDFReader(FileName=[path])):
            how = f"{path}: {reader.GetXMLName()}"
            try:
                print(f"{how}: {check(reader, file, how)} fields agree to the last bit", flush=True)
            except Fault as fault:
                faults += 1
                print(fault, flush=True)
            Delete(reader)
sys.exit(1 if faults else 0)
