"""Weights and pictures that follow from their names alone, as test/helpers/drawn-weights.ts draws them, and timm's networks with
them. Imported by timm_parity.py and timm_fixture.py; needs torch, timm and numpy.
"""

import math

import numpy as np
import timm
import torch

# Our names, timm's names, and the normalization of pixels: mean and deviation of red, green and blue.
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
HALF = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
NETWORKS = {
    "resnet18": ("resnet18", IMAGENET),
    "resnet50": ("resnet50", IMAGENET),
    "mobilenetv3_small": ("mobilenetv3_small_100", IMAGENET),
    "mobilenetv3_large": ("mobilenetv3_large_100", IMAGENET),
    "efficientnet_lite0": ("tf_efficientnet_lite0", HALF),
    "efficientnet_b0": ("efficientnet_b0", IMAGENET),
    "convnext_atto": ("convnext_atto", IMAGENET),
}
# Scales and biases; test/helpers/drawn-weights.ts says what for.
RANGES = {
    "wide": {"scale": (0.7, 1.3), "bias": (-0.3, 0.3)},
    "calm": {"scale": (0.2, 0.5), "bias": (0.2, 1.2)},
}
SQUARE = 8


def drawn(name, count, low, high):
    """`count` float32 even in [low, high): a hash of the name (FNV-1a) and of each position (SplitMix32)."""
    start = 0x811C9DC5
    for byte in name.encode():
        start = (start ^ byte) * 0x01000193 & 0xFFFFFFFF
    state = (start + np.arange(1, count + 1, dtype=np.uint64) * 0x9E3779B9 & 0xFFFFFFFF).astype(np.uint32)
    mixed = (state ^ state >> 16) * np.uint32(0x21F0AAAD)
    mixed = (mixed ^ mixed >> 15) * np.uint32(0x735A2D97)
    return (low + (high - low) * ((mixed ^ mixed >> 15).astype(np.float64) / 2**32)).astype(np.float32)


def bounds(name, shape, ranges):
    if name.endswith("running_var"):
        return 0.5, 1.5
    if name.endswith("running_mean"):
        return -0.3, 0.3
    if len(shape) > 1:
        bound = math.sqrt(6 / math.prod(shape[1:]))
        return -bound, bound
    if name.endswith(".gamma"):
        return 0.3, 0.9
    return RANGES[ranges]["scale" if name.endswith(".weight") else "bias"]


def network(name, classes, ranges, seed):
    """timm's network with drawn weights, float32, in training mode."""
    model = timm.create_model(NETWORKS[name][0], num_classes=classes)
    for key, tensor in model.state_dict().items():
        if not key.endswith("num_batches_tracked"):
            values = drawn(f"{seed}/{key}", tensor.numel(), *bounds(key, tensor.shape, ranges))
            tensor.copy_(torch.from_numpy(values).view(tensor.shape))
    return model.train()


def images(batch, height, width):
    """Pictures of squares with noise, uint8 [N, H, W, 3]."""
    rows, columns = math.ceil(height / SQUARE), math.ceil(width / SQUARE)
    squares = np.floor(drawn("squares", batch * rows * columns * 3, 0, 192)).reshape(batch, rows, columns, 3)
    noise = np.floor(drawn("noise", batch * height * width * 3, 0, 64)).reshape(batch, height, width, 3)
    large = squares.repeat(SQUARE, 1).repeat(SQUARE, 2)[:, :height, :width]
    return (large + noise).astype(np.uint8)


def normalized(name, pixels, dtype):
    """The input of timm's network: (x / 255 - mean) / deviation, [N, 3, H, W]."""
    mean, deviation = (torch.tensor(values, dtype=torch.float64).view(3, 1, 1) for values in NETWORKS[name][1])
    pictures = torch.from_numpy(pixels).permute(0, 3, 1, 2).double()
    return ((pictures / 255 - mean) / deviation).to(dtype)
