#!/usr/bin/python3
"""Plot the gap over the ball against time, of one results file or several.

    plot_gap.py PICTURE.png FILE.nc...
"""
import sys

if len(sys.argv) < 3:
    sys.exit(__doc__)

import matplotlib

matplotlib.use("Agg")  # no display is needed
import matplotlib.pyplot as plt
import xarray as xr

plt.style.use("tableau-colorblind10")
picture, files = sys.argv[1], sys.argv[2:]
fig, ax = plt.subplots(figsize=(7, 4.5), layout="constrained")
observables = set()
for i, file in enumerate(files):
    with xr.open_dataset(file, engine="h5netcdf") as run:
        sup = run["sup_gap"].where(run["sup_gap"] > 0)  # it is zero at t = 0
        label = f"{run.attrs['model']}, η = {run.attrs['eta_text']}"
        ax.semilogy(run["t"], sup, marker="o", markersize=3, linestyle=["-", "--", "-.", ":"][i % 4], label=label)
        observables.add(run.attrs["observable"])
        print(f"{file}: largest stored {float(sup.max())!r}, over all times {float(run.attrs['gap_value'])!r}")
ax.set_xlabel("t = n η")
ax.set_ylabel(r"sup over the ball of $|U^n - u|$")
ax.set_title("observable " + ", ".join(sorted(observables)))
ax.grid(True, which="major", alpha=0.3)
ax.legend()
fig.savefig(picture, dpi=150)
