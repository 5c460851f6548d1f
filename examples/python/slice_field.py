#!/usr/bin/python3
"""Draw a field at one time along x1, through a point of the other axes.

    slice_field.py PICTURE.png FILE.nc FIELD TIME [x2=VALUE] [x3=VALUE]

Axes that are not given are cut at 0. Between nodes xarray interpolates linearly.
"""
import sys

if len(sys.argv) < 5:
    sys.exit(__doc__)

import matplotlib

matplotlib.use("Agg")  # no display is needed
import matplotlib.pyplot as plt
import xarray as xr

picture, file, field, time = sys.argv[1:5]
run = xr.open_dataset(file, engine="h5netcdf")
at = {x: 0.0 for x in run.dims if x not in ("t", "x1")}
at.update((x, float(value)) for x, value in (word.split("=") for word in sys.argv[5:]))

plane = run[field].sel(t=float(time), method="nearest")
line = plane.interp(at) if at else plane
print(f"t = {float(line.t)!r}, n = {int(line.n)}")
print(f"smallest {float(line.min())!r}, largest {float(line.max())!r}")

fig, ax = plt.subplots(figsize=(7, 4.5), layout="constrained")
ax.plot(line["x1"], line, "o-", markersize=3)
ax.set_xlabel(run["x1"].attrs.get("long_name", "x1"))
ax.set_ylabel(field)
ax.set_title(", ".join([f"{run.attrs['observable']}, {run.attrs['model']}", f"t = {float(line.t):g}"] + [f"{x} = {v:g}" for x, v in at.items()]))
ax.grid(alpha=0.3)
fig.savefig(picture, dpi=150)
