#!/usr/bin/python3
"""Open a results file of kolmo and print what it holds.

    load.py FILE.nc
"""
import sys

if len(sys.argv) < 2:
    sys.exit(__doc__)

import xarray as xr

run = xr.open_dataset(sys.argv[1], engine="h5netcdf")
for name in ("study", "observable", "model", "eta_text", "gap_value", "gap_error", "certified"):
    print(f"{name:10} {run.attrs[name]}")
print("axes      ", {x: f"{run.sizes[x]} nodes from {run[x].values[0]:g} to {run[x].values[-1]:g}" for x in run.dims if x != "t"})
print("times     ", run["t"].values)
print("steps     ", run["n"].values)
for name in sorted(run.data_vars):
    print(f"{name:10} {run[name].dims} {run[name].attrs.get('long_name', '')}")

# One time, labelled: the step is run["n"], the nodes are coordinates.
last = run["gap"].isel(t=-1)
worst = abs(last).argmax(...)
print(f"largest |gap| at the nodes at t = {float(last.t)!r}: {float(abs(last).max())!r}",
      {x: float(last[x][i]) for x, i in worst.items()})

# Series have one number per time: the supremum over the ball, found between nodes too.
print(f"largest sup_gap: {float(run['sup_gap'].max())!r}")
