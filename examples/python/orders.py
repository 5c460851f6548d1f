#!/usr/bin/python3
"""Plot the gap against the learning rate and print the fitted orders.

    orders.py PICTURE.png results.json
"""
import json
import sys

if len(sys.argv) < 3:
    sys.exit(__doc__)

import matplotlib

matplotlib.use("Agg")  # no display is needed
import matplotlib.pyplot as plt

plt.style.use("tableau-colorblind10")
picture, file = sys.argv[1:3]
with open(file, encoding="utf-8") as f:
    result = json.load(f)

observables = list(dict.fromkeys(row["observable"] for row in result["gap"]))
fig, axes = plt.subplots(1, len(observables), figsize=(5 * len(observables), 4.2), squeeze=False, layout="constrained")
for ax, observable in zip(axes[0], observables):
    models = list(dict.fromkeys(row["model"] for row in result["gap"] if row["observable"] == observable))
    for i, model in enumerate(models):
        rows = [r for r in result["gap"] if r["observable"] == observable and r["model"] == model and r["certified"]]
        order = next((o for o in result["order"] if o["observable"] == observable and o["model"] == model), None)
        label = model if order is None else f"{model}: order {order['slope']:.2f}"
        eta, gap, error = ([r[key] for r in rows] for key in ("eta", "gap", "error"))
        ax.errorbar(eta, gap, yerr=error, marker="o", markersize=4, capsize=3, linestyle=["-", "--", "-.", ":"][i % 4], label=label)
        if order is not None:
            print(f"{observable} {model} {order['slope']!r} [{order['low']!r}, {order['high']!r}]")
    ax.set_xscale("log", base=2)
    ax.set(yscale="log", xlabel="learning rate η", ylabel="gap", title=observable)
    ax.grid(alpha=0.3)
    ax.legend()
fig.savefig(picture, dpi=150)
