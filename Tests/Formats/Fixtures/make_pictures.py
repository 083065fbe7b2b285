"""Makes picture files of every kind, and what Pillow reads in them, for the tests of decoding beside this folder.

    python make_pictures.py

Writes pictures/ beside this file, with pictures/pictures.json: for each file the width and height and the SHA-256 of its
pixels, turned upright, as `convert("RGB")` gives them, and laid on white by their opacity. Of 16-bit grey, which Pillow
clips, the upper bytes are taken; the transparent grey of fewer than 8 bits, which Pillow compares with stretched values,
is stretched too. Needs Pillow and numpy.
"""

import hashlib
import io
import json
import pathlib
import struct
import zlib

import numpy
from PIL import Image, ImageOps

OUT = pathlib.Path(__file__).parent / "pictures"
WIDTH, HEIGHT = 13, 11
random = numpy.random.RandomState(5)


def noise(channels, top=256, shape=(HEIGHT, WIDTH)):
    return random.randint(0, top, (*shape, channels)).astype(numpy.uint16)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def rows(values, bits):
    """The rows of a picture as PNG stores them, each with filter 0."""
    lines = []
    for line in values:
        if bits == 16:
            packed = line.astype(">u2").tobytes()
        else:
            flat = line.reshape(-1).astype(numpy.uint8)
            every = numpy.unpackbits(flat[:, None], axis=1)[:, 8 - bits:]
            packed = numpy.packbits(every.reshape(-1)).tobytes()
        lines.append(b"\0" + packed)
    return b"".join(lines)


def png(values, kind, bits, palette=None, transparency=None, interlaced=False, before=(), after=()):
    """A PNG file, also of the kinds that Pillow cannot write."""
    height, width = values.shape[:2]
    if interlaced:
        passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
        parts = [values[y::down, x::right] for y, x, down, right in passes]
        data = b"".join(rows(part, bits) for part in parts if part.size)
    else:
        data = rows(values, bits)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, int(interlaced)))
    file += b"".join(chunk(*each) for each in before)
    if palette is not None:
        file += chunk(b"PLTE", palette.astype(numpy.uint8).tobytes())
    if transparency is not None:
        file += chunk(b"tRNS", transparency)
    file += chunk(b"IDAT", zlib.compress(data)) + b"".join(chunk(*each) for each in after)
    return file + chunk(b"IEND", b"")


def exif(orientation, order="<"):
    start = b"II*\0" if order == "<" else b"MM\0*"
    entries = struct.pack(order + "HHHIHH", 1, 0x0112, 3, 1, orientation, 0)
    return start + struct.pack(order + "I", 8) + entries + struct.pack(order + "I", 0)


def pngs():
    files = {}
    for bits in (1, 2, 4, 8):
        files[f"grey{bits}"] = png(noise(1, 2**bits), 0, bits)
        palette = noise(3, shape=(1, 2**bits))
        files[f"palette{bits}"] = png(noise(1, 2**bits), 3, bits, palette)
        opacity = bytes(random.randint(0, 256, max(2, 2**bits // 2)).tolist())
        files[f"palette{bits}-clear"] = png(noise(1, 2**bits), 3, bits, palette, opacity)
    few = noise(1, 4)
    files["grey8-clear"] = png(few, 0, 8, transparency=struct.pack(">H", 3))
    files["grey2-clear"] = png(few, 0, 2, transparency=struct.pack(">H", 1))
    files["grey-opacity"] = png(noise(2), 4, 8)
    files["colour"] = png(noise(3), 2, 8)
    files["colour-clear"] = png(noise(3, 2), 2, 8, transparency=struct.pack(">HHH", 1, 0, 1))
    files["colour-opacity"] = png(noise(4), 6, 8)
    files["grey16"] = png(noise(1, 65536), 0, 16)
    files["grey16-257"] = png(257 * noise(1), 0, 16)
    files["grey16-opacity"] = png(noise(2, 65536), 4, 16)
    files["colour16"] = png(noise(3, 65536), 2, 16)
    files["colour16-opacity"] = png(noise(4, 65536), 6, 16)
    for name, kind, bits, channels in [
        ("grey1", 0, 1, 1), ("grey8", 0, 8, 1), ("colour", 2, 8, 3), ("colour-opacity", 6, 8, 4), ("colour16", 2, 16, 3)]:
        files[f"{name}-interlaced"] = png(noise(channels, 2**bits), kind, bits, interlaced=True)
    files["palette4-interlaced"] = png(noise(1, 16), 3, 4, noise(3, shape=(1, 16)), interlaced=True)
    files["one-interlaced"] = png(noise(3, shape=(1, 1)), 2, 8, interlaced=True)
    for name, gamma in [("055", 55000), ("1", 100000)]:
        files[f"gamma{name}"] = png(noise(3), 2, 8, before=[(b"gAMA", struct.pack(">I", gamma))])
    files["gamma-grey16"] = png(noise(1, 65536), 0, 16, before=[(b"gAMA", struct.pack(">I", 100000))])
    files["srgb"] = png(noise(3), 2, 8, before=[(b"sRGB", b"\0")])
    files["turned6"] = png(noise(4), 6, 8, before=[(b"eXIf", exif(6, ">"))])
    files["turned5-late"] = png(noise(3), 2, 8, after=[(b"eXIf", exif(5))])
    return {f"{name}.png": file for name, file in files.items()}


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def scene(width=29, height=21):
    """Smooth colours with an edge, as lossy formats are made for."""
    y, x = numpy.mgrid[0:height, 0:width]
    array = numpy.stack([128 + 127 * numpy.sin(x / (3 + c) + y / (7 - c)) for c in range(3)], axis=2)
    array[height // 3:height // 2, width // 4:width // 2] = [250, 20, 30]
    return Image.fromarray(array.astype(numpy.uint8))


def with_opacity(picture):
    array = random.randint(0, 256, (picture.height, picture.width)).astype(numpy.uint8)
    array[3:9, 4:12] = 0
    result = picture.copy()
    result.putalpha(Image.fromarray(array))
    return result


def lossy():
    plain, clear = scene(), with_opacity(scene())
    files = {
        "colour.jpg": saved(plain, "JPEG"), "grey.jpg": saved(plain.convert("L"), "JPEG"),
        "inks.jpg": saved(plain.convert("CMYK"), "JPEG"), "progressive.jpg": saved(plain, "JPEG", progressive=True),
        "444.jpg": saved(plain, "JPEG", subsampling="4:4:4"), "rgb.jpg": saved(plain, "JPEG", keep_rgb=True),
        "turned3-grey.jpg": saved(plain.convert("L"), "JPEG", exif=b"Exif\0\0" + exif(3)),
        "turned9.jpg": saved(plain, "JPEG", exif=b"Exif\0\0" + exif(9)),
        "lossy.webp": saved(plain, "WEBP"), "lossless.webp": saved(plain, "WEBP", lossless=True),
        "lossy-opacity.webp": saved(clear, "WEBP"),
        "lossless-opacity.webp": saved(clear, "WEBP", lossless=True, exact=True),
        "turned8.webp": saved(plain, "WEBP", exif=b"Exif\0\0" + exif(8)),
        "film.webp": saved(
            clear, "WEBP", save_all=True, append_images=[scene().convert("RGBA").rotate(90)], duration=100, lossless=True),
    }
    for orientation in range(1, 9):
        order = "<>"[orientation % 2]
        files[f"turned{orientation}.jpg"] = saved(plain, "JPEG", exif=b"Exif\0\0" + exif(orientation, order))
    return files


def moved_gif(transparent):
    """A GIF whose first frame covers a part of its canvas."""
    whole = saved(scene(9, 7).quantize(16), "GIF", interlace=0)
    start = whole.index(b",", 13 + 3 * (2 << (whole[10] & 7)))
    width, height = struct.unpack("<HH", whole[start + 5:start + 9])
    control = b"!\xf9\4\1\0\0" + bytes([5]) + b"\0" if transparent else b""
    return (
        whole[:6] + struct.pack("<HH", 16, 12) + whole[10:13 + 3 * (2 << (whole[10] & 7))] + control
        + b"," + struct.pack("<HHHH", 4, 3, width, height) + whole[start + 9:])


def gifs():
    palette = scene().quantize(32)
    return {
        "palette.gif": saved(palette, "GIF", interlace=0), "interlaced.gif": saved(palette, "GIF", interlace=1),
        "grey.gif": saved(scene().convert("L"), "GIF"), "clear.gif": saved(palette, "GIF", transparency=7),
        "film.gif": saved(palette, "GIF", save_all=True, append_images=[scene().rotate(180).quantize(8)]),
        "moved.gif": moved_gif(False), "moved-clear.gif": moved_gif(True),
    }


def digest(picture):
    return hashlib.sha256(picture.tobytes()).hexdigest()


def read(file):
    picture = Image.open(io.BytesIO(file))
    picture.load()
    if picture.mode == "L" and file[24] < 8 and "transparency" in picture.info:
        picture.info["transparency"] *= 255 // (2 ** file[24] - 1)
    if picture.mode == "I;16":
        picture = Image.fromarray((numpy.asarray(picture) >> 8).astype(numpy.uint8))
    picture = ImageOps.exif_transpose(picture)
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture.convert("RGB"), mask=picture.convert("RGBA").getchannel("A"))
    return {
        "size": list(picture.size), "hasOpacity": picture.has_transparency_data,
        "colours": digest(picture.convert("RGB")), "onWhite": digest(paper), "grey": digest(paper.convert("L"))}


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    found = {}
    for name, file in {**pngs(), **lossy(), **gifs()}.items():
        (OUT / name).write_bytes(file)
        found[name] = read(file)
    (OUT / "pictures.json").write_text(json.dumps(found, indent=1) + "\n")
    print(len(found), "files")
