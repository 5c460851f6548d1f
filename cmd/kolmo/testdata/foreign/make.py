"""Makes results files out of good.nc, which package export/nc wrote, that do what
results files must not do: python3 make.py, with h5py 3."""
import os
import shutil

import h5py
import numpy as np
from h5py import h5d, h5p, h5s, h5t

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def make(name):
    shutil.copy("good.nc", name + ".nc")
    return h5py.File(name + ".nc", "r+")


def replace(f, name, dims, limits=None, **calls):
    del f[name]
    plist = h5p.create(h5p.DATASET_CREATE)
    for call, args in calls.items():
        getattr(plist, call)(*args)
    return h5d.create(f.id, name.encode(), h5t.IEEE_F64LE, h5s.create_simple(dims, limits), plist)


with make("field-external") as f:
    del f["u"]
    f["u"] = h5py.ExternalLink("good.nc", "/u")
with make("axis-external") as f:
    del f["x1"]
    f["x1"] = h5py.ExternalLink("good.nc", "/x1")
with make("times-soft") as f:
    f.move("t", "time")
    f["t"] = h5py.SoftLink("/time")
with make("series-stored-elsewhere") as f:
    replace(f, "sup_gap", (2,), set_external=(b"good.nc", 0, 16))
with make("field-virtual") as f:
    del f["u"]
    layout = h5py.VirtualLayout((2, 5), "f8")
    layout[:] = h5py.VirtualSource("good.nc", "u", (2, 5))
    f.create_virtual_dataset("u", layout)
with make("many-times") as f:
    replace(f, "t", (1 << 28,), (h5s.UNLIMITED,), set_chunk=((256,),))
with make("long-axis") as f:
    replace(f, "x1", (1 << 33,))
with make("wide-field") as f:
    replace(f, "u", (2, 1 << 40), (h5s.UNLIMITED, 1 << 40), set_chunk=((1, 1 << 20),))
with make("field-fits-not") as f:
    replace(f, "u", (2, 6), (h5s.UNLIMITED, 6), set_chunk=((1, 6),))
with make("few-counts") as f:
    f["n"].resize((1,))
with make("escapes") as f:
    f.attrs["title"] = "\x1b]0;pwned\x07\x1b[2J\u202e"
    f.attrs["\x1b[2J"] = "\x1b[2J"
    f["u"].attrs["\x1b[2J"] = np.bytes_(b"\x9b31m\xff")
    f["u"].attrs["long_name"] = "\x1b[31m"
with make("escape-name") as f:
    f.move("u", "\x1b[2J")
