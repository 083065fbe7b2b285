"""Makes roles.json: what diffusers' `load_image` and its mask processor make of 24 kinds of picture files.

    python roles.py

Reads the files beside the tests of Formats. The two rules are written down here, because they are short: pictures are
turned as EXIF says and lose their opacity; masks are the luma of that, cut at one half. Needs Pillow and numpy.
"""

import hashlib
import json
import pathlib

import numpy
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).parent
PICTURES = HERE.parent.parent / "Formats" / "Fixtures" / "pictures"
FILES = """
colour.png colour-interlaced.png colour16.png colour-opacity.png colour16-opacity.png colour-clear.png grey1.png grey8.png
grey8-clear.png grey-opacity.png palette4.png palette8-clear.png gamma055.png srgb.png turned6.png colour.jpg
progressive.jpg inks.jpg turned6.jpg turned3-grey.jpg lossy-opacity.webp turned8.webp palette.gif clear.gif
""".split()


def digest(array):
    return hashlib.sha256(array.tobytes()).hexdigest()


def main():
    found = {}
    for name in FILES:
        picture = ImageOps.exif_transpose(Image.open(PICTURES / name)).convert("RGB")
        places = numpy.array(picture.convert("L")) / 255 >= 0.5
        found[name] = {"size": picture.size, "picture": digest(numpy.array(picture)),
                       "mask": digest(places.astype(numpy.uint8))}
    (HERE / "roles.json").write_text(json.dumps(found, indent=1) + "\n")


main()
