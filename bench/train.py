"""The PyTorch side of bench/train.ts: images per second of a training step of the network conv4, in both
memory layouts, by wall time and by processor time."""
import json
import sys
import time

import torch
from torch import nn

threads, steps, batch, width, height = map(int, sys.argv[1:])
torch.set_num_threads(threads)


def network() -> nn.Module:
    """conv4 (src/training/networks/conv4.ts), layer by layer."""
    layers, channels = [], 3
    for kernel, stride, padding, filters in ((6, 4, 2, 32), (3, 2, 1, 48), (3, 2, 1, 64), (3, 2, 1, 88)):
        layers += [nn.Conv2d(channels, filters, kernel, stride, padding, bias=False), nn.BatchNorm2d(filters), nn.ReLU()]
        channels = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 5))


def images_per_second(memory_format: torch.memory_format) -> dict[str, float]:
    net = network().to(memory_format=memory_format)
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
    # Like rice's step, from bytes to the updated weights.
    images = torch.randint(0, 256, (batch, 3, height, width), dtype=torch.uint8).to(memory_format=memory_format)
    targets = torch.randint(0, 5, (batch,))
    times = {"wall": [], "cpu": []}
    for _ in range(steps + 3):
        start, used = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(images.float() / 64), targets).backward()
        optimizer.step()
        times["wall"].append(time.perf_counter() - start)
        times["cpu"].append(time.process_time() - used)
    return {of: batch / sorted(each[3:])[steps // 2] for of, each in times.items()}


print(
    json.dumps(
        {
            "torch": torch.__version__,
            "parameters": sum(parameter.numel() for parameter in network().parameters()),
            "contiguous": images_per_second(torch.contiguous_format),
            "channels_last": images_per_second(torch.channels_last),
        }
    )
)
