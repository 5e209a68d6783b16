"""Compares the training step with PyTorch: for each network of our own, the gradient of one step (ours in float32, PyTorch's in
float64), the running statistics after it, and the losses of 20 AdamW steps. Fails if a gradient differs by more than 1e-4
of its norm.

Among millions of rectifiers a few inputs are so close to 0 that rounding decides their sign, and all gradients before such
a layer change by about 1e-3 (the same happens with PyTorch's own float32). A wrong gradient is wrong for every seed;
rounding is not. So up to five seeds are tried, and one within the tolerance is enough.

Needs Python with torch, and the package's development dependencies:  python3 scripts/pytorch_parity.py
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

TOLERANCE = 1e-4
SEEDS = range(1, 6)
ROOT = Path(__file__).resolve().parent.parent


def norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-5, momentum=0.1)


def block(inputs, outputs, kernel, stride, activation, groups=1):
    # Padding that keeps the picture's size up to the stride: 1 for 3 x 3, 2 for 6 x 6 with stride 4.
    padding = (kernel - 1) // 2
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False)
    return nn.Sequential(convolution, norm(outputs), activation)


class Conv4(nn.Module):
    def __init__(self, classes):
        super().__init__()
        layers = [(3, 32, 6, 4), (32, 48, 3, 2), (48, 64, 3, 2), (64, 88, 3, 2)]
        self.body = nn.Sequential(*(block(i, o, kernel, stride, nn.ReLU()) for i, o, kernel, stride in layers))
        self.classifier = nn.Linear(88, classes)

    def forward(self, x):
        return self.classifier(self.body(x).mean((2, 3)))


class MobileNet(nn.Module):
    def __init__(self, classes):
        super().__init__()
        layers = [block(3, 16, 3, 2, nn.ReLU())]
        inputs = 16
        for outputs, stride in [(32, 2), (48, 2), (64, 1), (96, 2), (128, 1)]:
            layers.append(block(inputs, inputs, 3, stride, nn.ReLU6(), groups=inputs))
            layers.append(block(inputs, outputs, 1, 1, nn.ReLU6()))
            inputs = outputs
        self.body = nn.Sequential(*layers)
        self.classifier = nn.Linear(inputs, classes)

    def forward(self, x):
        return self.classifier(F.adaptive_avg_pool2d(self.body(x), 1).flatten(1))


MODELS = {"conv4": Conv4, "mobilenet": MobileNet}


def read(folder, name, dtype):
    return torch.frombuffer(bytearray((folder / f"{name}.bin").read_bytes()), dtype=dtype)


def own_parameters(model):
    """PyTorch's parameters by kind, each kind in the order of the network, which is our order of use."""
    kinds = {"weight": [], "scale": [], "bias": []}
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            kinds["scale"].append(module.weight)
            kinds["bias"].append(module.bias)
        elif isinstance(module, (nn.Conv2d, nn.Linear)):
            kinds["weight"].append(module.weight)
            if module.bias is not None:
                kinds["bias"].append(module.bias)
    return kinds


def pairs(model, layout):
    """(our name, our place, PyTorch's parameter, whether it is transposed) for every parameter."""
    kinds = {kind: iter(values) for kind, values in own_parameters(model).items()}
    for spec in layout["parameters"]:
        parameter = next(kinds[spec["name"].rsplit(".", 1)[1]])
        dense = parameter.dim() == 2
        shape = list(parameter.t().shape if dense else parameter.shape)
        assert shape == spec["shape"], (spec["name"], spec["shape"], shape)
        yield spec["name"], slice(spec["offset"], spec["offset"] + spec["length"]), parameter, dense
    assert all(next(rest, None) is None for rest in kinds.values())


def compare(name, folder):
    description = json.loads((folder / "description.json").read_text())
    shape, rates, layout = description["shape"], description["rates"], description["layout"]
    model = MODELS[name](shape["classes"]).double().train()
    ours = {key: read(folder, key, torch.float32).double() for key in ["parameters", "gradient", "statistics"]}
    matched = list(pairs(model, layout))
    with torch.no_grad():
        for _, place, parameter, dense in matched:
            values = ours["parameters"][place]
            parameter.copy_(values.view(parameter.t().shape).t() if dense else values.view(parameter.shape))
    image = read(folder, "image", torch.uint8).double()
    image = image.view(shape["batchSize"], shape["height"], shape["width"], 3).permute(0, 3, 1, 2)
    labels = torch.tensor(description["labels"])
    decayed = [parameter for _, _, parameter, _ in matched if parameter.dim() > 1]
    plain = [parameter for _, _, parameter, _ in matched if parameter.dim() == 1]
    groups = [{"params": decayed, "weight_decay": rates["weightDecay"]}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=rates["learningRate"])

    losses, worst = [], ("", 0.0)
    for step in range(len(description["losses"])):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(image), labels, label_smoothing=description["smoothing"])
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            total = {"difference": 0.0, "norm": 0.0}
            for label, place, parameter, dense in matched:
                theirs = (parameter.grad.t() if dense else parameter.grad).flatten()
                difference = (ours["gradient"][place] - theirs).norm().item()
                total["difference"] += difference**2
                total["norm"] += theirs.norm().item() ** 2
                worst = max(worst, (label, difference / theirs.norm().item()), key=lambda each: each[1])
            gradient = (total["difference"] / total["norm"]) ** 0.5
            norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
            theirs = torch.cat([torch.cat([module.running_mean, module.running_var]) for module in norms])
            statistics = ((ours["statistics"] - theirs).norm() / theirs.norm()).item()
        optimizer.step()

    print(f"  gradient {gradient:.1e}, worst parameter {worst[0]} {worst[1]:.1e}, statistics {statistics:.1e}")
    print("  step   ours      PyTorch float64")
    for step in sorted({0, 1, 4, 9, 14, len(losses) - 1}):
        print(f"  {step + 1:4}   {description['losses'][step]:.6f}  {losses[step]:.6f}")
    return gradient < TOLERANCE and statistics < TOLERANCE


def agrees(name):
    for seed in SEEDS:
        print(f"{name}, seed {seed}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            command = ["node", "--import", "tsx", "scripts/pytorch-parity.ts", folder, name, str(seed)]
            subprocess.run(command, cwd=ROOT, check=True)
            if compare(name, Path(folder)):
                return True
    return False


def main():
    failed = [name for name in MODELS if not agrees(name)]
    if failed:
        sys.exit(f"further off than {TOLERANCE}: {', '.join(failed)}")


if __name__ == "__main__":
    main()
