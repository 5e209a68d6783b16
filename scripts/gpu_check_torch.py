"""The PyTorch side of scripts/gpu-check.sh: images per second of a training step (AdamW) of the same network, on a CUDA device where
there is one, with PyTorch's own settings. Prints one line of JSON."""

import json
import statistics
import sys
import time

import torch
from torch import nn

network, batch, width, height, classes, seconds = sys.argv[1], *map(int, sys.argv[2:6]), float(sys.argv[6])
device = "cuda" if torch.cuda.is_available() else "cpu"


def strided(filters: list[int]) -> nn.Sequential:
    """The convolutions of conv4 and grain4 (src/training/networks)."""
    layers, channels = [], 3
    for out, (kernel, stride, padding) in zip(filters, [(6, 4, 2), (3, 2, 1), (3, 2, 1), (3, 2, 1)]):
        layers += [nn.Conv2d(channels, out, kernel, stride, padding, bias=False), nn.BatchNorm2d(out), nn.ReLU()]
        channels = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


class Conv4(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = strided([32, 48, 64, 88])
        self.classifier = nn.Linear(88, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.features(x.float() / 255))


class Grain4(nn.Module):
    """What is measured of the capture is simplified to moments and means: the same sums over the picture, the same learned layers."""

    def __init__(self) -> None:
        super().__init__()
        self.features = strided([32, 48, 72, 104])
        self.capture, self.seen, self.joint = nn.Linear(10, 64), nn.Linear(64, 128), nn.Linear(104, 128)
        self.classifier, self.combined = nn.Linear(104, classes), nn.Linear(128, classes)
        x = torch.arange(width) - (width - 1) / 2
        y = torch.arange(height) - (height - 1) / 2
        self.register_buffer("x", torch.stack([x**power / width**power for power in range(5)], 1))
        self.register_buffer("y", torch.stack([y**power / height**power for power in range(5)], 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        levels = x.float()
        brightest = levels.amax(1)
        mean = (brightest**2).sum((1, 2)) / brightest.sum((1, 2)).clamp(min=1)
        cover = ((brightest / mean[:, None, None] - 0.35) / 0.3).clamp(0, 1)
        area = cover.sum((1, 2)).clamp(min=1)
        means = ((levels * cover[:, None]).sum((2, 3)) / area[:, None]).clamp(min=1)
        along, across = cover.sum(1) @ self.x, cover.sum(2) @ self.y
        capture = torch.cat([along[:, 1:4], across[:, 1:4], means, area[:, None]], 1) / area[:, None]
        features = self.features(levels / means[:, :, None, None])
        joint = torch.relu(self.joint(features) + self.seen(torch.relu(self.capture(capture))))
        return self.classifier(features) + self.combined(joint)


class Bottleneck(nn.Module):
    def __init__(self, inputs: int, channels: int, stride: int) -> None:
        super().__init__()

        def convolution(i: int, o: int, kernel: int, s: int = 1) -> list[nn.Module]:
            return [nn.Conv2d(i, o, kernel, s, kernel // 2, bias=False), nn.BatchNorm2d(o)]

        outputs = 4 * channels
        self.path = nn.Sequential(
            *convolution(inputs, channels, 1),
            nn.ReLU(),
            *convolution(channels, channels, 3, stride),
            nn.ReLU(),
            *convolution(channels, outputs, 1),
        )
        changed = stride != 1 or inputs != outputs
        self.shortcut = nn.Sequential(*convolution(inputs, outputs, 1, stride)) if changed else nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.path(x) + self.shortcut(x))


class ResNet50(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        blocks, inputs = [], 64
        for stage, count in enumerate((3, 4, 6, 3)):
            for i in range(count):
                blocks.append(Bottleneck(inputs, 64 << stage, 2 if stage > 0 and i == 0 else 1))
                inputs = 256 << stage
        self.features = nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classifier = nn.Linear(inputs, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.features(x.float() / 64 - 2))


net = {"conv4": Conv4, "grain4": Grain4, "resnet50": ResNet50}[network]().to(device)
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
# From bytes in the memory of the process to the updated weights, as a step of rice.
images = torch.randint(0, 256, (batch, 3, height, width), dtype=torch.uint8)
targets = torch.randint(0, classes, (batch,))
times: list[float] = []
end = None
while end is None or (time.perf_counter() < end and len(times) < 500):
    start = time.perf_counter()
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(images.to(device)), targets.to(device))
    loss.backward()
    optimizer.step()
    loss.item()
    times.append(time.perf_counter() - start)
    if end is None and len(times) == 3:
        times, end = [], time.perf_counter() + seconds
print(
    json.dumps(
        {
            "device": device,
            "torch": torch.__version__,
            "parameters": sum(parameter.numel() for parameter in net.parameters()),
            "imagesPerSecond": batch / statistics.median(times),
            **({"peakMebibytes": torch.cuda.max_memory_reserved() >> 20} if device == "cuda" else {}),
        }
    )
)
