"""Checks files of writers that were killed, as one reader sees them.

usage: killed.py READER FILE...
READER is h5py, h5netcdf or netcdf4 (the latter two through xarray). Every FILE must
open, and every step that its t has must be whole; the values are those of
killSample in kill_test.go. Exit status 3 means that the reader is not installed.
"""

import sys

try:
    import numpy as np

    reader = sys.argv[1]
    if reader == "h5py":
        import h5py
    else:
        import xarray as xr

        __import__({"h5netcdf": "h5netcdf", "netcdf4": "netCDF4"}[reader])
except ImportError as e:
    print(e)
    sys.exit(3)


def check(path, get, attrs):
    t = get("t")
    if "round" not in attrs:
        return len(t)  # of the test's own, between two kills
    k = int(attrs["round"])
    # Where a kill left t shorter than a field netCDF pads it: that is not a step.
    steps = int(np.sum(t < 1e30))
    i = np.arange(steps)
    assert np.array_equal(t[:steps], i + k / 1024), (path, t)
    assert np.array_equal(get("n")[:steps], i + k), (path, get("n"))
    assert np.array_equal(get("sup_gap")[:steps], -i - k), (path, get("sup_gap"))
    for f, name in enumerate(["u", "U", "gap"]):
        v = get(name)[:steps]
        size = int(np.prod(v.shape[1:]))
        want = k + 1e3 * f + i[:, None] / 64 + np.arange(size)[None, :] / 8192
        assert np.array_equal(v.reshape(steps, size), want), (path, name, v, want)
    if not path.endswith(".part"):
        assert steps == len(t) == 60, (path, steps)
    return steps


total = 0
for path in sys.argv[2:]:
    if reader == "h5py":
        with h5py.File(path, "r") as f:
            total += check(path, lambda name: f[name][...], f.attrs)
    else:
        with xr.open_dataset(path, engine=reader) as f:
            total += check(path, lambda name: f[name].values, f.attrs)
print(total, "steps agree")
