"""Makes test/fixtures/timm.json: what timm's networks compute in float64 from drawn weights and pictures (drawn_weights.py), for
test/training/networks/timm.test.ts to hold ours against. Of each network:

- the logits in inference form,
- the loss of a training step with label smoothing,
- of each gradient its norm and its product with a drawn vector, and of each running statistic after the step such a product,
  in the order of their names.

Needs Python with torch, timm and numpy:

    python3 scripts/timm_fixture.py && npm run format
"""

import json
from pathlib import Path

import timm
import torch
from drawn_weights import NETWORKS, drawn, images, network, normalized
from torch.nn import functional as F

PATH = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "timm.json"
# Odd, so that TensorFlow's padding is uneven in some layers and even in others.
SHAPE = {"batchSize": 4, "height": 33, "width": 50, "classes": 3}
SMOOTHING = 0.1
# Rounding must not decide the sign of a rectifier's input: the first seed is taken with which float32 agrees so far with float64.
AGREES = 1e-4


def short(value):
    return float(f"{float(value):.6e}")


def product(name, tensor):
    """With a vector that is drawn for the name."""
    values = tensor.detach().double().flatten()
    return short(values @ torch.from_numpy(drawn(f"product/{name}", values.numel(), -1, 1)).double())


def step(name, seed, dtype):
    """The network after a step in training mode, and its loss."""
    pictures = normalized(name, images(SHAPE["batchSize"], SHAPE["height"], SHAPE["width"]), dtype)
    labels = torch.arange(SHAPE["batchSize"]) % SHAPE["classes"]
    model = network(name, SHAPE["classes"], "calm", seed).to(dtype)
    loss = F.cross_entropy(model(pictures), labels, label_smoothing=SMOOTHING)
    loss.backward()
    return model, loss.detach()


def agrees(name, seed):
    exact, rounded = (list(step(name, seed, dtype)[0].parameters()) for dtype in (torch.float64, torch.float32))
    least = AGREES * sum(value.grad.square().sum() for value in exact).sqrt()
    pairs = ((a.grad, b.grad.double()) for a, b in zip(exact, rounded))
    return all((a - b).norm() < AGREES * max(a.norm(), least) for a, b in pairs)


def digest(name):
    seed = next(seed for seed in range(1, 100) if agrees(name, seed))
    pictures = normalized(name, images(SHAPE["batchSize"], SHAPE["height"], SHAPE["width"]), torch.float64)
    with torch.no_grad():
        logits = network(name, SHAPE["classes"], "wide", seed).double().eval()(pictures)
    model, loss = step(name, seed, torch.float64)
    gradients = sorted((key, value.grad) for key, value in model.named_parameters())
    statistics = sorted((key, value) for key, value in model.named_buffers() if value.dim() > 0)
    return {
        "seed": seed,
        "logits": [short(value) for value in logits.flatten()],
        "loss": short(loss),
        "norms": [short(value.norm()) for _, value in gradients],
        "products": [product(key, value) for key, value in gradients],
        "statistics": [product(key, value) for key, value in statistics],
    }


def main():
    torch.set_num_threads(1)
    versions = {"torch": torch.__version__, "timm": timm.__version__}
    content = {"versions": versions, "shape": SHAPE, "smoothing": SMOOTHING}
    content["networks"] = {name: digest(name) for name in NETWORKS}
    PATH.write_text(json.dumps(content))


if __name__ == "__main__":
    main()
