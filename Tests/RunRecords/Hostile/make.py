"""Writes the files of this folder with h5py: what a run file never has, one kind a file."""

import os

import h5py
import numpy

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def layout(edit, count=4):
    """A file with a dataset whose creation properties were edited."""

    def make(file):
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        edit(properties)
        h5py.h5d.create(file.id, b"values", h5py.h5t.STD_I32LE, h5py.h5s.create_simple((count,)), properties)

    return make


def virtual(file):
    source = h5py.VirtualSource("other.h5", "values", shape=(4,))
    target = h5py.VirtualLayout(shape=(4,), dtype="i4")
    target[:] = source
    file.create_virtual_dataset("values", target)


def unknown_filter(properties):
    properties.set_chunk((4,))
    properties.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))


files = {
    "external-link": lambda file: file.__setitem__("run/values", h5py.ExternalLink("other.h5", "/values")),
    "external-storage": layout(lambda properties: properties.set_external(b"/etc/passwd", 0, 16)),
    "virtual": virtual,
    "filter": layout(unknown_filter),
    "scale-offset": lambda file: file.create_dataset("values", data=numpy.arange(4), scaleoffset=0),
    "text-of-any-length": lambda file: file.create_dataset("values", data=["a", "b"], dtype=h5py.string_dtype()),
    "reference": lambda file: file.attrs.__setitem__("to", file.ref),
    "chunk": layout(lambda properties: properties.set_chunk((1 << 28,)), 1 << 28),
}
for name, make in files.items():
    with h5py.File(f"{name}.h5", "w", libver="earliest") as file:
        make(file)
