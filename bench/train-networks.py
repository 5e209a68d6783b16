"""The PyTorch side of bench/train-networks.ts: makes a training step of a network of timm for each line that names a memory
layout, and answers with its milliseconds of wall time and of processor time."""
import json
import resource
import sys
import time

import timm
import torch
from torch import nn

name = sys.argv[1]
threads, batch, width, height = map(int, sys.argv[2:])
torch.set_num_threads(threads)
CLASSES = 5
FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
trained: dict[str, tuple] = {}


def step(layout: str) -> dict[str, float]:
    memory_format = FORMATS[layout]
    if layout not in trained:
        net = timm.create_model(name, num_classes=CLASSES).to(memory_format=memory_format).train()
        trained[layout] = (net, torch.optim.AdamW(net.parameters(), lr=1e-3))
    net, optimizer = trained[layout]
    start, used = time.perf_counter(), time.process_time()
    optimizer.zero_grad()
    # Like rice's step, from bytes to the updated weights.
    nn.functional.cross_entropy(net(images[layout].float() / 255), targets).backward()
    optimizer.step()
    return {"wall": 1000 * (time.perf_counter() - start), "cpu": 1000 * (time.process_time() - used)}


pictures = torch.randint(0, 256, (batch, 3, height, width), dtype=torch.uint8)
images = {layout: pictures.to(memory_format=memory_format) for layout, memory_format in FORMATS.items()}
targets = torch.randint(0, CLASSES, (batch,))
for line in sys.stdin:
    match line.strip():
        case "parameters":
            answer = {"parameters": sum(each.numel() for each in timm.create_model(name, num_classes=CLASSES).parameters())}
        case "memory":
            answer = {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
        case layout:
            answer = step(layout)
    print(json.dumps(answer), flush=True)
