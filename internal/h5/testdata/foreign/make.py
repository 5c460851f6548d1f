"""Makes the files beside it: python3 make.py, with h5py 3. Each holds a dataset v, and
most are made to do something that a file of a study must not do."""
import os
import zlib

import h5py
import numpy as np
from h5py import h5d, h5f, h5p, h5s, h5t

os.chdir(os.path.dirname(os.path.abspath(__file__)))
F64 = h5t.IEEE_F64LE
UNLIMITED = h5s.UNLIMITED


def make(name, **options):
    return h5py.File(name + ".h5", "w", **options)


def dataset(f, name, dims, limits=None, dtype=F64, **calls):
    """A dataset by the low-level interface, nothing written."""
    plist = h5p.create(h5p.DATASET_CREATE)
    for call, args in calls.items():
        for a in args:
            getattr(plist, call)(*a)
    return h5d.create(f.id, name.encode(), dtype, h5s.create_simple(dims, limits), plist)


np.arange(8.0).tofile("other.bin")
with make("other") as f:
    f["v"] = [1.0, 2.0]
    f["g/v"] = [1.0, 2.0]

# What leads to other files.
with make("external-link") as f:
    f["v"] = h5py.ExternalLink("other.h5", "/v")
with make("external-group") as f:
    f["g"] = h5py.ExternalLink("other.h5", "/g")
with make("soft-external") as f:
    f["g"] = h5py.ExternalLink("other.h5", "/g")
    f["v"] = h5py.SoftLink("/g/v")
with make("deep-external") as f:
    f.create_group("a/b")
    f["a/b/c"] = h5py.ExternalLink("other.h5", "/g")
with make("soft-link") as f:
    f["w"] = [1.0, 2.0]
    f["v"] = h5py.SoftLink("/w")
with make("soft-cycle") as f:
    f["v"] = h5py.SoftLink("/w")
    f["w"] = h5py.SoftLink("/v")
with make("dangling") as f:
    f["v"] = h5py.SoftLink("/nothing")
with make("user-link") as f:
    f["v"] = h5py.ExternalLink("other.h5", "/v")
with open("user-link.h5", "r+b") as f:  # a link of type 65, which nobody defined
    text = f.read()
    at = text.index(b"\x08\x40\x01v") if b"\x08\x40\x01v" in text else text.index(b"\x40\x01v")
    at = text.index(b"\x40", at)
    f.seek(at)
    f.write(b"\x41")
with make("external-storage") as f:
    dataset(f, "v", (8,), set_external=[(b"other.bin", 0, 64)])
with make("external-table") as f:
    dataset(f, "v", (4, 2), set_external=[(b"other.bin", 0, 64)])
with make("external-device") as f:
    dataset(f, "v", (8,), set_external=[(b"/dev/zero", 0, h5s.UNLIMITED)])
with make("external-pieces") as f:
    dataset(f, "v", (8,), set_external=[(b"other.bin", 0, 32), (b"other.bin", 32, 32)])
with make("virtual", libver="latest") as f:
    layout = h5py.VirtualLayout((2,), "f8")
    layout[:] = h5py.VirtualSource("other.h5", "v", (2,))
    f.create_virtual_dataset("v", layout)
with make("virtual-empty", libver="latest") as f:
    plist = h5p.create(h5p.DATASET_CREATE)
    plist.set_layout(h5d.VIRTUAL)
    h5d.create(f.id, b"v", F64, h5s.create_simple((2,)), plist)
with make("virtual-same", libver="latest") as f:
    f["w"] = [1.0, 2.0]
    layout = h5py.VirtualLayout((2,), "f8")
    layout[:] = h5py.VirtualSource(".", "w", (2,))
    f.create_virtual_dataset("v", layout)
with make("virtual-unlimited", libver="latest") as f:
    layout = h5py.VirtualLayout((2, 2), "f8", maxshape=(None, 2))
    source = h5py.VirtualSource("other.h5", "v", (2, 2), maxshape=(None, 2))
    layout[: h5s.UNLIMITED] = source[: h5s.UNLIMITED]
    f.create_virtual_dataset("v", layout)

# Extents.
with make("wide") as f:
    dataset(f, "v", (0, 1 << 40), (UNLIMITED, 1 << 40), set_chunk=[((1, 1 << 20),)])
with make("sparse") as f:
    for k in range(40):
        dataset(f, "v%d" % k if k else "v", (120_000_000,), set_chunk=[((1 << 20,),)])
with make("unwritten") as f:
    dataset(f, "v", (1 << 40,))
with make("overflow") as f:
    dataset(f, "v", (1 << 31, 1 << 31, 4), set_chunk=[((1, 1, 4),)])
with make("most") as f:
    dataset(f, "v", ((1 << 63) - 1,), set_chunk=[((1,),)])
with make("rank32") as f:
    dataset(f, "v", (2,) * 32, set_chunk=[((1,) * 32,)])
with make("big-chunk") as f:
    dataset(f, "v", (2,), (UNLIMITED,), set_chunk=[(((1 << 29) - 1,),)], set_deflate=[(1,)])
with make("deflated-sparse") as f:
    dataset(f, "v", (1 << 33,), set_chunk=[((1 << 20,),)], set_deflate=[(1,)])
with make("bomb") as f:  # a chunk of 8 numbers becomes 64 MiB
    d = dataset(f, "v", (8,), set_chunk=[((8,),)], set_deflate=[(9,)])
    d.write_direct_chunk((0,), zlib.compress(bytes(64 << 20), 9))
with make("deflated-twice") as f:
    dataset(f, "v", (8,), set_chunk=[((8,),)], set_deflate=[(1,), (1,)])

# Types, filters and other objects.
with make("lzf") as f:
    f.create_dataset("v", data=[1.0, 2.0], chunks=(2,), compression="lzf")
with make("scale-offset") as f:
    f.create_dataset("v", data=np.array([1, 2]), chunks=(2,), scaleoffset=0)
with make("plugin") as f:  # bzip2, by a plugin
    dataset(f, "v", (2,), set_chunk=[((2,),)], set_filter=[(307, h5py.h5z.FLAG_OPTIONAL, (9,))])
with make("float32") as f:
    f["v"] = np.array([1, 2], "f4")
with make("strings") as f:
    f["v"] = ["a", "b"]
with make("fixed-strings") as f:
    f["v"] = np.array([b"a", b"b"], "S8")
with make("compound") as f:
    f["v"] = np.zeros(2, [("a", "f8")])
with make("lists") as f:
    f.create_dataset("v", (2,), h5py.vlen_dtype("f8"))
with make("references") as f:
    f["w"] = [1.0, 2.0]
    f["v"] = np.array([f["w"].ref, f["w"].ref], h5py.ref_dtype)
with make("regions") as f:
    f["w"] = [1.0, 2.0]
    f["v"] = np.array([f["w"].regionref[:1]], h5py.regionref_dtype)
with make("type") as f:
    f["v"] = np.dtype("f8")
with make("group") as f:
    f.create_group("v")
with make("scalar") as f:
    f["v"] = 1.0
with make("null") as f:
    f["v"] = h5py.Empty("f8")

# What is read.
with make("good-compact") as f:
    dataset(f, "v", (2,), set_layout=[(h5d.COMPACT,)]).write(h5s.ALL, h5s.ALL, np.array([1.0, 2.0]))
with make("good-deflated") as f:
    f.create_dataset("v", data=[1.0, 2.0], chunks=(2,), compression=9, shuffle=True, fletcher32=True)
with make("good-typed") as f:
    f["type"] = np.dtype("f8")
    f.create_dataset("v", data=[1.0, 2.0], dtype=f["type"])
with make("good-latest", libver="latest") as f:
    f.create_dataset("v", data=[1.0, 2.0], chunks=(1,), maxshape=(None,))
with make("good-cycle") as f:
    f["v"] = [1.0, 2.0]
    f["g/v"] = [1.0, 2.0]
    f["g/g"] = f["g"]
    f["g/root"] = f["/"]
with make("good-attributes") as f:
    f["v"] = [1.0, 2.0]
    f["v"].attrs["escape \x1b[2J"] = "\x1b]0;title\x07"
    f["v"].attrs["reference"] = f["v"].ref
    f["v"].attrs["list"] = [1.0, 2.0]
    f["v"].attrs["empty"] = h5py.Empty("f8")
    f["v"].attrs["text"] = "vlen"

# Attributes.
with make("long-attribute", libver="latest") as f:
    f["v"] = [1.0, 2.0]
    f.attrs["text"] = np.bytes_(b"x" * 70000)
