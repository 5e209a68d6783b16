"""Compares rice predict with external models against Python. For each way of preparing a picture, a small network is
trained on the pictures of a folder, exported to ONNX with torch.onnx.export, and described in JSON. Then its probabilities
are computed in Python (resizing with Pillow, normalization, PyTorch's forward pass) and by `rice predict --json`, on pictures
of the folder and on drawn ones of odd sizes. Fails if a probability differs by 1e-3 or more.

The pictures are PNG, BMP and TIFF, which every decoder reads identically. JPEGs are not: libjpeg-turbo has a fast and a slow
inverse transform, whose levels differ slightly. The effect on the answers is reported for the same pictures as JPEG, but
not checked: both are correct.

Needs Python with torch, numpy and Pillow, and a build (npm run build). DIR has one folder of pictures per label:

    python3 scripts/external_parity.py DIR
"""

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import torch
from PIL import Image, ImageOps
from torch import nn

TOLERANCE = 1e-3
ROOT = Path(__file__).resolve().parent.parent
FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}
IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
TRAINED_ON = 16
COMPARED = 12

CASES = {
    "torchvision": {"size": (64, 64), "resize": "crop", "cropPct": 224 / 256, **IMAGENET},
    "timm-bicubic": {"size": (56, 56), "resize": "crop", "cropPct": 0.95, "interpolation": "bicubic", **IMAGENET},
    "timm-squash": {"size": (48, 64), "resize": "stretch", "interpolation": "bicubic", "mean": 0.5, "std": 0.5},
    "ultralytics": {"size": (64, 64), "resize": "crop", "output": "probabilities", "batch": 1},
    "letterbox": {"size": (64, 48), "resize": "letterbox", "fill": [114, 114, 114], "batch": 4, "temperature": 2},
    "keras-nhwc": {"size": (50, 50), "resize": "stretch", "layout": "nhwc", "range": 255, "mean": 127.5, "std": 127.5},
    "caffe-bgr": {
        **{"size": (60, 60), "resize": "stretch", "layout": "nhwc", "channels": "bgr", "range": 255},
        **{"mean": [103.939, 116.779, 123.68], "output": "probabilities"},
    },
}


class Network(nn.Module):
    """The module to export: the same input as the graph, with or without a softmax at the end."""

    def __init__(self, classes, layout, output):
        super().__init__()
        self.layout, self.output = layout, output
        widths = [3, 16, 24, 32]
        blocks = [
            layer
            for a, b in zip(widths, widths[1:])
            for layer in (nn.Conv2d(a, b, 3, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU())
        ]
        self.body = nn.Sequential(*blocks, nn.Flatten(), nn.LazyLinear(classes))

    def logits(self, x):
        return self.body(x.permute(0, 3, 1, 2) if self.layout == "nhwc" else x)

    def forward(self, x):
        scores = self.logits(x)
        return scores.softmax(1) if self.output == "probabilities" else scores


def fit(image, case):
    """The picture resized to the input's size with Pillow."""
    width, height = case["size"]
    resample = FILTERS[case.get("interpolation", "bilinear")]
    if case["resize"] == "stretch":
        return image.resize((width, height), resample)
    if case["resize"] == "crop":
        short = math.floor(width / case.get("cropPct", 1))
        w, h = image.size
        scaled = (short, int(short * h / w)) if w <= h else (int(short * w / h), short)
        left, top = int(round((scaled[0] - width) / 2)), int(round((scaled[1] - height) / 2))
        return image.resize(scaled, resample).crop((left, top, left + width, top + height))
    ratio = min(width / image.width, height / image.height)
    scaled = max(1, round(image.width * ratio)), max(1, round(image.height * ratio))
    canvas = Image.new("RGB", (width, height), tuple(case["fill"]))
    canvas.paste(image.resize(scaled, resample), ((width - scaled[0]) // 2, (height - scaled[1]) // 2))
    return canvas


def tensor(path, case):
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    x = numpy.asarray(fit(image, case)).astype(numpy.float32)
    if case.get("channels") == "bgr":
        x = x[:, :, ::-1]
    x = x * (case.get("range", 1) / 255)
    x = (x - numpy.float32(case.get("mean", 0))) / numpy.float32(case.get("std", 1))
    return torch.from_numpy(x if case.get("layout") == "nhwc" else numpy.ascontiguousarray(x.transpose(2, 0, 1)))


def train(case, labelled, classes):
    torch.manual_seed(1)
    model = Network(classes, case.get("layout", "nchw"), case.get("output", "logits"))
    x = torch.stack([tensor(path, case) for path, _ in labelled])
    y = torch.tensor([label for _, label in labelled])
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    for _ in range(40):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model.logits(x), y).backward()
        optimizer.step()
    return model.eval()


def write(folder, name, case, model, labels):
    batch = case.get("batch")
    example = torch.zeros(batch or 1, *tensor_shape(case))
    axes = {} if batch else {"input": {0: "batch"}, "output": {0: "batch"}}
    names = {"input_names": ["input"], "output_names": ["output"]}
    torch.onnx.export(model, example, str(folder / f"{name}.onnx"), opset_version=17, dynamic_axes=axes, **names)
    width, height = case["size"]
    inputs = {"width": width, "height": height}
    inputs.update({key: case[key] for key in ("layout", "channels", "range") if key in case})
    rest = ("mean", "std", "resize", "cropPct", "interpolation", "fill", "temperature")
    document = {"labels": labels, "input": inputs, "output": case.get("output", "logits")}
    document.update({key: case[key] for key in rest if key in case})
    (folder / f"{name}.json").write_text(json.dumps(document))


def tensor_shape(case):
    width, height = case["size"]
    return (height, width, 3) if case.get("layout") == "nhwc" else (3, height, width)


def expected(model, paths, case):
    rows = []
    with torch.no_grad():
        for path in paths:
            x = tensor(path, case)[None]
            rows.append((model.logits(x) / case.get("temperature", 1)).softmax(1)[0])
    return torch.stack(rows)


def answered(folder, name, paths, labels):
    command = ["node", ROOT / "bin" / "run.js", "predict", *paths, "--json", "--device", "cpu"]
    run = subprocess.run([*command, "--model", folder / f"{name}.onnx"], capture_output=True, text=True)
    document = json.loads(run.stdout)
    if run.returncode != 0:
        sys.exit(f"{name}: {document}")
    return torch.tensor([[each["probabilities"][label] for label in labels] for each in document["predictions"]])


def as_png(folder, paths):
    """Copies of pictures, decoded with Pillow."""
    copies = [folder / f"{path.parent.name}-{path.stem}.png" for path in paths]
    for path, copy in zip(paths, copies):
        ImageOps.exif_transpose(Image.open(path)).convert("RGB").save(copy)
    return copies


def odd_pictures(folder):
    """Sizes that are not multiples of the input's, one-pixel strips, enlargements, formats, a rotated picture."""
    random = numpy.random.default_rng(3)
    paths = []
    for i, (width, height) in enumerate([(641, 427), (97, 333), (1201, 1601), (31, 17), (3, 500), (777, 5), (1, 1)]):
        y, x = numpy.mgrid[:height, :width]
        waves = [numpy.sin(x / (7 + 3 * c)) * numpy.cos(y / (5 + 4 * c)) * 90 + 128 for c in range(3)]
        noise = random.normal(0, 25, (height, width, 3))
        image = Image.fromarray(numpy.clip(numpy.stack(waves, 2) + noise, 0, 255).astype(numpy.uint8))
        for suffix in ("png", "bmp", "tif"):
            paths.append(folder / f"{width}x{height}.{suffix}")
            image.save(paths[-1])
        exif = Image.Exif()
        exif[0x0112] = 6
        paths.append(folder / f"{width}x{height}-turned.png")
        image.save(paths[-1], exif=exif)
    return paths


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folders = sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir())
    labels = [path.name for path in folders]
    pictures = [sorted(path.iterdir()) for path in folders]
    labelled = [(path, i) for i, paths in enumerate(pictures) for path in paths[:TRAINED_ON]]
    jpegs = [path for paths in pictures for path in paths[TRAINED_ON : TRAINED_ON + COMPARED]]
    worst = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sets = {"pictures": as_png(folder, jpegs), "odd sizes": odd_pictures(folder), "as JPEG": jpegs}
        counts = ", ".join(f"{len(paths)} {kind}" for kind, paths in sets.items())
        print(f"{sys.argv[1]}: {counts}. Differences of probabilities:")
        for name, case in CASES.items():
            model = train(case, labelled, len(labels))
            write(folder, name, case, model, labels)
            for kind, paths in sets.items():
                python, rice = expected(model, paths, case), answered(folder, name, paths, labels)
                difference = (python - rice).abs()
                others = int((python.argmax(1) != rice.argmax(1)).sum())
                if kind != "as JPEG":
                    worst = max(worst, float(difference.max()))
                print(f"{name:14} {kind:10} max {difference.max():.1e}  mean {difference.mean():.1e}  other labels {others}")
    print(f"largest difference {worst:.1e}, allowed {TOLERANCE:.0e} (JPEG apart)")
    sys.exit(0 if worst < TOLERANCE else 1)


main()
