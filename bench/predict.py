"""The Python side of bench/predict.ts: Pillow decodes and resizes on threads, PyTorch computes the network conv4."""
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from PIL import Image
from torch import nn

folder, threads = sys.argv[1], int(sys.argv[2])
BATCH = 64
torch.set_num_threads(threads)


def network() -> nn.Module:
    """conv4 (src/training/networks/conv4.ts), layer by layer, with folded normalization as in the finished model."""
    layers, channels = [], 3
    for kernel, stride, padding, filters in ((6, 4, 2, 32), (3, 2, 1, 48), (3, 2, 1, 64), (3, 2, 1, 88)):
        layers += [nn.Conv2d(channels, filters, kernel, stride, padding), nn.ReLU()]
        channels = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 5), nn.Softmax(1)).eval()


def read(path: str) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB").resize((120, 56), Image.BILINEAR))


paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
model = network()
answers = []
with ThreadPoolExecutor(threads) as pool, torch.inference_mode():
    pictures = pool.map(read, paths)
    for first in range(0, len(paths), BATCH):
        batch = np.stack([next(pictures) for _ in paths[first : first + BATCH]])
        answers.append(model(torch.from_numpy(batch).permute(0, 3, 1, 2).float() / 255).argmax(1))
print(len(torch.cat(answers)))
