"""Writes test/evaluation/robustness/reference-table.ts: changes of a generated picture, computed by Pillow, numpy and SciPy.

Each change is implemented independently from its description, as the reference for
test/evaluation/robustness/changes.test.ts. Needs Python with Pillow, numpy and SciPy:  python3 scripts/robustness_table.py
"""

import base64
import io
import math
from pathlib import Path

import numpy
from PIL import Image
from scipy import ndimage

TARGET = Path(__file__).resolve().parent.parent / "test" / "evaluation" / "robustness" / "reference-table.ts"
WIDTH, HEIGHT = 41, 32


def picture():
    """Smooth enough that a shift shows, rough enough that every tap matters. The test has the same formula."""
    y, x, c = numpy.mgrid[:HEIGHT, :WIDTH, :3]
    return ((x * x * 3 + y * 41 + c * 91 + x * y * 5 + ((x // 3 + y // 2) % 2) * 120) % 256).astype(numpy.uint8)


def border_color(pixels):
    """The lower median of each channel along the border; corners count once per row and once per column."""
    border = numpy.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return numpy.sort(border, axis=0)[(len(border) - 1) // 2]


def rounded(levels):
    return numpy.clip(numpy.rint(levels), 0, 255).astype(numpy.uint8)


def scaled(pixels, factor):
    size = math.floor(WIDTH * factor + 0.5), math.floor(HEIGHT * factor + 0.5)
    scene = Image.fromarray(pixels).resize(size, Image.BILINEAR)
    canvas = Image.new("RGB", (WIDTH, HEIGHT), tuple(int(level) for level in border_color(pixels)))
    if factor < 1:
        canvas.paste(scene, ((WIDTH - size[0]) // 2, (HEIGHT - size[1]) // 2))
        return numpy.asarray(canvas)
    left, top = (size[0] - WIDTH) // 2, (size[1] - HEIGHT) // 2
    return numpy.asarray(scene.crop((left, top, left + WIDTH, top + HEIGHT)))


def rotated(pixels, angle):
    """Each pixel is sampled at its position rotated by -angle about the middle."""
    y, x = numpy.mgrid[:HEIGHT, :WIDTH].astype(float)
    x -= (WIDTH - 1) / 2
    y -= (HEIGHT - 1) / 2
    turned = (x + 1j * y) * numpy.exp(-1j * angle)
    places = numpy.stack([turned.imag + (HEIGHT - 1) / 2, turned.real + (WIDTH - 1) / 2])
    fill = border_color(pixels)
    channels = [
        ndimage.map_coordinates(pixels[..., c].astype(float), places, order=1, mode="grid-constant", cval=float(fill[c]))
        for c in range(3)
    ]
    return rounded(numpy.stack(channels, axis=-1))


def recompressed(pixels, quality):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return numpy.asarray(Image.open(file).convert("RGB"))


def main():
    pixels = picture()
    grey = numpy.asarray(Image.fromarray(pixels).convert("L"))
    gains = {"brightness 0.7": [0.7] * 3, "brightness 1.3": [1.3] * 3, "warm": [1.1, 1, 0.9], "cool": [0.9, 1, 1.1]}
    rows = {
        "grey": numpy.stack([grey] * 3, axis=-1),
        "scale 0.75": scaled(pixels, 0.75),
        "scale 1.33": scaled(pixels, 1.33),
        "rotation 0.4": rotated(pixels, 0.4),
        "rotation 2.9": rotated(pixels, 2.9),
        **{name: rounded(pixels * numpy.array(gain)) for name, gain in gains.items()},
        "blur 1.5": rounded(ndimage.gaussian_filter(pixels.astype(float), (1.5, 1.5, 0), mode="nearest", radius=(5, 5, 0))),
        "blur 0.6": rounded(ndimage.gaussian_filter(pixels.astype(float), (0.6, 0.6, 0), mode="nearest", radius=(2, 2, 0))),
        "jpeg 30": recompressed(pixels, 30),
    }
    lines = [f"  '{name}': '{base64.b64encode(row.tobytes()).decode()}'," for name, row in rows.items()]
    TARGET.write_text(
        "/** Written by scripts/robustness_table.py: a picture as Pillow, numpy and SciPy change it, RGB in base64. */\n"
        f"export const WIDTH = {WIDTH};\nexport const HEIGHT = {HEIGHT};\n\n"
        "// biome-ignore format: one line per row\n"
        "export const REFERENCE: Readonly<Record<string, string>> = {\n" + "\n".join(lines) + "\n};\n"
    )


main()
