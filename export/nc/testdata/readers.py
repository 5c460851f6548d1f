"""Compares a results file, as one reader sees it, with what was written.

usage: readers.py READER FILE EXPECTED [FILE EXPECTED ..]
READER is h5py, h5netcdf or netcdf4 (the latter two through xarray), or xml for
the sidecar FILE. EXPECTED is JSON; floats are given as the hexadecimal digits of
their bits. Exit status 3 means that the reader is not installed.
"""

import json
import sys

try:
    import numpy as np

    reader = sys.argv[1]
    if reader == "h5py":
        import h5py
    elif reader != "xml":
        import xarray as xr

        __import__({"h5netcdf": "h5netcdf", "netcdf4": "netCDF4"}[reader])
except ImportError as e:
    print(e)
    sys.exit(3)

failures = []
path = ""


def check(what, got, expected):
    if got != expected:
        failures.append(f"{path}: {what}: got {got!r}, want {expected!r}")


def text(v):
    return v.decode("utf-8") if isinstance(v, bytes) else v


def bits(a):
    """The hexadecimal digits of every float64 of a, in the file's order."""
    a = np.ascontiguousarray(a)
    if a.dtype != np.dtype("<f8"):
        return f"type {a.dtype}"
    return [format(v, "016x") for v in a.ravel().view("<u8").tolist()]


def check_attrs(what, got, expected):
    for name, value in expected.items():
        if name not in got:
            failures.append(f"{path}: {what}: no attribute {name}")
        elif isinstance(value, dict):  # a float by its bits
            check(f"{what}: {name}", bits(np.float64(got[name])), [value["bits"]])
        else:
            check(f"{what}: {name}", text(got[name]), value)


def check_file(path, want):
    if reader == "h5py":
        with h5py.File(path, "r") as f:
            check("datasets", sorted(f), sorted(want["variables"]))
            check_attrs("root", f.attrs, want["attrs"])
            for name, v in want["variables"].items():
                d = f[name]
                if name == "n":
                    check("n", [str(k) for k in d[...].tolist()], v["values"])
                    check("type of n", d.dtype, np.dtype("<i8"))
                else:
                    check(name, bits(d[...]), v["values"])
                check(f"shape of {name}", list(d.shape), v["shape"])
                check(f"chunks of {name}", list(d.chunks or []), v["chunks"])
                check(f"compression of {name}", (d.compression_opts or 0, d.shuffle), (v["deflate"], v["deflate"] > 0))
                limit = [None if v["chunks"] and i == 0 else n for i, n in enumerate(v["shape"])]
                check(f"limits of {name}", list(d.maxshape), limit)
                check_attrs(name, d.attrs, v["attrs"])
                check(f"axis of {name}", "axis" in d.attrs, name == "t")
                if len(v["shape"]) > 1 and v["chunks"]:
                    check(f"fill of {name}", bool(np.isnan(d.fillvalue)), True)
                if h5py.h5ds.is_scale(d.id):
                    check(f"scale {name}", v["dims"], [name])
                else:
                    scales = [[s.name for s in dim.values()] for dim in d.dims]
                    check(f"dims of {name}", scales, [["/" + s] for s in v["dims"]])
                for a in d.attrs:  # strings: scalar and of fixed length
                    kind = d.attrs.get_id(a).dtype
                    if a not in ("DIMENSION_LIST", "REFERENCE_LIST"):
                        check(f"{name}: kind of {a}", kind.kind in ("Sfi" if a in v["attrs"] else "S"), True)
                        check(f"{name}: shape of {a}", d.attrs.get_id(a).shape, ())
            for a in f.attrs:
                check(f"shape of {a}", f.attrs.get_id(a).shape, ())
                check(f"kind of {a}", f.attrs.get_id(a).dtype.kind in "Sfi", True)
    elif reader == "xml":
        import xml.etree.ElementTree as tree

        check("root", tree.parse(path).getroot().tag, "Xdmf")
    else:
        with xr.open_dataset(path, engine=reader) as f:
            coordinates = {name for name, v in want["variables"].items() if v["dims"] == [name]} | {"n", *want["coordinates"]}
            check("coordinates", set(f.coords), coordinates)
            check("variables", set(f.data_vars), set(want["variables"]) - coordinates)
            check_attrs("root", f.attrs, want["attrs"])
            for name, v in want["variables"].items():
                a = f[name]
                if name == "n":
                    check("n", [str(k) for k in a.values.tolist()], v["values"])
                else:
                    check(name, bits(a.values), v["values"])
                check(f"dims of {name}", list(a.dims), v["dims"])
                attrs = {k: x for k, x in v["attrs"].items() if k != "coordinates"}
                check_attrs(name, a.attrs, attrs)
            if want["steps"] > 0:  # selection by label
                t = f["t"].values[-1]
                check("u at the last t", bits(f["u"].sel(t=t).values), bits(f["u"].values[-1]))


for path, expected in zip(sys.argv[2::2], sys.argv[3::2]):
    with open(expected, encoding="utf-8") as f:
        check_file(path, json.load(f))

for line in failures[:20]:
    print(line[:400])
sys.exit(1 if failures else 0)
