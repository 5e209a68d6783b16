"""The Python side of bench/serve.ts, the reference for `rice serve`: FastAPI receives the upload, Pillow decodes and resizes
it, PyTorch computes the network conv4, in FastAPI's thread pool for synchronous functions."""
import io
import sys

import numpy as np
import torch
import uvicorn
from fastapi import FastAPI, UploadFile
from PIL import Image
from torch import nn

LABELS = ["Arborio", "Basmati", "Ipsala", "Jasmine", "Karacadag"]


def network() -> nn.Module:
    """conv4 (src/training/networks/conv4.ts), layer by layer, with folded normalization as in the finished model."""
    layers, channels = [], 3
    for kernel, stride, padding, filters in ((6, 4, 2, 32), (3, 2, 1, 48), (3, 2, 1, 64), (3, 2, 1, 88)):
        layers += [nn.Conv2d(channels, filters, kernel, stride, padding), nn.ReLU()]
        channels = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 5), nn.Softmax(1)).eval()


app = FastAPI()
model = network()
torch.set_num_threads(1)


@app.post("/predict")
def predict(file: UploadFile):
    with Image.open(io.BytesIO(file.file.read())) as image:
        pixels = np.asarray(image.convert("RGB").resize((120, 56), Image.BILINEAR))
    with torch.inference_mode():
        probabilities = model(torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255)[0].tolist()
    best = max(range(len(LABELS)), key=probabilities.__getitem__)
    shares = dict(zip(LABELS, probabilities))
    return {"predictions": [{"label": LABELS[best], "confidence": probabilities[best], "probabilities": shares}]}


if __name__ == "__main__":
    port, workers = int(sys.argv[1]), int(sys.argv[2])
    uvicorn.run("serve:app", port=port, workers=workers, log_level="warning", app_dir=sys.path[0])
