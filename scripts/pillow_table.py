"""Writes test/image/resize/pillow-table.ts: what Pillow makes of pictures that a formula draws, for test/image/resize/fit-image.test.ts.

The geometry (which size a picture is scaled to, which part is seen) is written here once more, from the documentation of
torchvision's Resize and CenterCrop and of timm's ResizeKeepRatio, so that it is held against our own as well.

Needs Python with Pillow and numpy:  python3 scripts/pillow_table.py
"""

import base64
import math
from pathlib import Path

import numpy
from PIL import Image

TARGET = Path(__file__).resolve().parent.parent / "test" / "image" / "pillow-table.ts"
FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}

# Picture's width and height, window's width and height, fit, crop_pct.
CASES = [
    (37, 23, 16, 12, "stretch", 1),
    (9, 7, 20, 15, "stretch", 1),
    (1, 5, 4, 3, "stretch", 1),
    (200, 3, 5, 7, "stretch", 1),
    (16, 12, 16, 12, "stretch", 1),
    (250, 250, 14, 14, "stretch", 1),
    (61, 40, 28, 28, "crop", 0.875),
    (40, 61, 28, 28, "crop", 0.875),
    (333, 97, 15, 15, "crop", 0.95),
    (19, 10, 16, 16, "crop", 1),
    (30, 50, 18, 10, "crop", 0.9),
    (61, 40, 20, 20, "letterbox", 1),
    (40, 61, 20, 21, "letterbox", 1),
    (100, 2, 12, 12, "letterbox", 1),
]
FILL = (114, 20, 200)


def picture(width, height):
    """Rough enough that every tap matters, smooth enough that a shift shows. The same formula stands in the test."""
    y, x, c = numpy.mgrid[:height, :width, :3]
    return ((x * x * 3 + y * 41 + c * 91 + x * y * 5 + ((x // 3 + y // 2) % 2) * 120) % 256).astype(numpy.uint8)


def fitted(width, height, window_width, window_height, fit, crop_pct, interpolation):
    image = Image.fromarray(picture(width, height))
    resample = FILTERS[interpolation]
    if fit == "stretch":
        return image.resize((window_width, window_height), resample)
    if fit == "crop":
        size = math.floor(window_width / crop_pct), math.floor(window_height / crop_pct)
        ratio = max(size[0] / width, size[1] / height)
        limiting = 0 if size[0] / width == ratio else 1
        scaled = [int(width * size[1] / height), int(height * size[0] / width)]
        scaled[limiting] = size[limiting]
        image = image.resize(tuple(scaled), resample)
        left = int(round((scaled[0] - window_width) / 2.0))
        top = int(round((scaled[1] - window_height) / 2.0))
        return image.crop((left, top, left + window_width, top + window_height))
    ratio = min(window_width / width, window_height / height)
    scaled = max(1, round(width * ratio)), max(1, round(height * ratio))
    canvas = Image.new("RGB", (window_width, window_height), FILL)
    canvas.paste(image.resize(scaled, resample), ((window_width - scaled[0]) // 2, (window_height - scaled[1]) // 2))
    return canvas


def main():
    rows = []
    for case in CASES:
        for interpolation in FILTERS:
            pixels = base64.b64encode(fitted(*case, interpolation).tobytes()).decode()
            width, height, window_width, window_height, fit, crop_pct = case
            rows.append(
                f"  {{picture: [{width}, {height}], window: [{window_width}, {window_height}], "
                f"fit: '{fit}', cropPct: {crop_pct}, interpolation: '{interpolation}', pixels: '{pixels}'}},"
            )
    version = Image.__version__ if hasattr(Image, "__version__") else __import__("PIL").__version__
    TARGET.write_text(
        "/** Written by scripts/pillow_table.py: what Pillow makes of pictures, RGB in base64. */\n"
        f"export const PILLOW_VERSION = '{version}';\n\n"
        f"export const FILL = [{', '.join(map(str, FILL))}] as const;\n\n"
        "export interface PillowRow {\n  picture: [width: number, height: number];\n"
        "  window: [width: number, height: number];\n  fit: 'stretch' | 'crop' | 'letterbox';\n"
        "  cropPct: number;\n  interpolation: 'bilinear' | 'bicubic';\n  pixels: string;\n}\n\n"
        "// biome-ignore format: one line a row\nexport const PILLOW_TABLE: PillowRow[] = [\n" + "\n".join(rows) + "\n];\n"
    )


main()
