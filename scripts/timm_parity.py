"""Compares the networks that have timm's names with timm, from the same weights and pictures (drawn_weights.py): logits of the
evaluation graph and of the finished model, the gradient of a training step, and weights and running statistics after ten steps of
AdamW. Also what fine-tuning needs: layers that do not learn, rates that differ from layer to layer, and running statistics that
stay as they are. Prints a table; fails if something is further off than its tolerance.

The reference is PyTorch in float64. Rounding in float32 is magnified by a network, so PyTorch's own float32 is held against the
same reference: logits may differ by 1e-4 of the largest, a gradient by 1e-3 of its norm, the change in ten steps by 1e-2 of its
norm, or each by three times what PyTorch's float32 differs. Where rounding decides the sign of a single input of a rectifier, all
gradients before it change by up to a hundredth. What is wrong is wrong for every seed, rounding is not: up to five are tried, and
one within the tolerance is enough.

Needs Python with torch, timm and numpy, and the package's development dependencies:

    python3 scripts/timm_parity.py                        # all cases; about ten minutes on two cores
    python3 scripts/timm_parity.py resnet50-224x224 ...   # some of them, with hyphens for spaces
"""

import datetime
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import timm
import torch
from drawn_weights import NETWORKS, images, network, normalized
from torch import nn
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parent.parent
LOGITS, GRADIENT, TRAINED = 1e-4, 1e-3, 1e-2
# Of the reference's own error in float32.
ALLOWED = 3
# A gradient that is a smaller part of that of all parameters is rounding.
NOTHING = 1e-5
SEEDS = range(1, 6)

USUAL = {
    **{"batchSize": 8, "height": 64, "width": 96, "classes": 5, "steps": 10, "learningRate": 1e-4, "weightDecay": 0.05},
    **{"smoothing": 0.1, "frozen": [], "rates": {}, "freezeStatistics": False, "ranges": "calm"},
}
ODD = {"height": 65, "width": 97}
STILL = {"freezeStatistics": True, "ranges": "wide", "learningRate": 1e-5}
SIZES = {"64x96": {}, "65x97": ODD}
LARGE = {"height": 224, "width": 224, "steps": 1}
RESNET_RATES = {"layer2.": 0.25, "layer3.": 0.5, "layer4.": 0.75}
LITE_RATES = {"blocks.1.": 0.2, "blocks.2.": 0.3, "blocks.3.": 0.4, "blocks.4.": 0.5, "blocks.5.": 0.7, "classifier": 10}
CASES = {
    **{
        f"{name} {size}": {"network": name, **shape, "ranges": "wide" if name == "convnext_atto" else "calm"}
        for name in NETWORKS
        for size, shape in SIZES.items()
    },
    "resnet50 224x224": {"network": "resnet50", **LARGE},
    "resnet18 frozen statistics": {"network": "resnet18", **STILL},
    "resnet18 frozen layers, rates": {"network": "resnet18", "frozen": ["conv1", "bn1", "layer1."], "rates": RESNET_RATES},
    "mobilenetv3_small frozen statistics": {"network": "mobilenetv3_small", **STILL},
    "efficientnet_lite0 frozen statistics": {"network": "efficientnet_lite0", **ODD, **STILL},
    "efficientnet_lite0 frozen layers, rates": {
        **{"network": "efficientnet_lite0", **ODD, "rates": LITE_RATES},
        # No more: in inference form, each layer with calm weights leaves a third of the differences between pictures.
        "frozen": ["conv_stem", "bn1", "blocks.0."],
    },
}


def starts(name, prefixes):
    return any(name.startswith(prefix) for prefix in prefixes)


def factor_of(name, rates):
    return next((factor for prefix, factor in rates.items() if name.startswith(prefix)), 1)


def prepared(case, dtype):
    """timm's network as the case trains it, and its parameters that learn."""
    model = network(case["network"], case["classes"], case["ranges"], case["seed"]).to(dtype)
    for name, module in model.named_modules():
        if isinstance(module, nn.BatchNorm2d) and (case["freezeStatistics"] or starts(name + ".", case["frozen"])):
            module.eval()
    learning = {name: value for name, value in model.named_parameters() if not starts(name, case["frozen"])}
    for name, value in model.named_parameters():
        value.requires_grad_(name in learning)
    return model, learning


def optimizer_of(case, learning):
    """AdamW with a group for each rate, and weight decay for what has more than one dimension."""
    groups = {}
    for name, value in learning.items():
        key = (factor_of(name, case["rates"]), case["weightDecay"] if value.dim() > 1 else 0.0)
        groups.setdefault(key, []).append(value)
    rate = case["learningRate"]
    return torch.optim.AdamW(
        [{"params": values, "lr": rate * factor, "weight_decay": decay} for (factor, decay), values in groups.items()]
    )


def reference(case, dtype):
    pictures = normalized(case["network"], images(case["batchSize"], case["height"], case["width"]), dtype)
    labels = torch.arange(case["batchSize"]) % case["classes"]
    model, learning = prepared(case, dtype)
    result = {"losses": [], "start": copied(learning)}
    with torch.no_grad():
        result["logits"] = network(case["network"], case["classes"], "wide", case["seed"]).to(dtype).eval()(pictures).double().numpy()
    optimizer = optimizer_of(case, learning)
    for step in range(case["steps"]):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(pictures), labels, label_smoothing=case["smoothing"])
        loss.backward()
        result["losses"].append(loss.item())
        if step == 0:
            result["gradient"] = copied({name: value.grad for name, value in learning.items()})
        optimizer.step()
    result["parameters"] = copied(learning)
    result["statistics"] = copied({name: value for name, value in model.named_buffers() if value.dim() > 0})
    return result


def copied(tensors):
    return {name: value.detach().double().numpy().copy() for name, value in tensors.items()}


def ours(case, folder):
    (folder / "case.json").write_text(json.dumps(case))
    subprocess.run(["node", "--import", "tsx", "scripts/timm-parity.ts", str(folder)], cwd=ROOT, check=True)
    result = json.loads((folder / "result.json").read_text())

    def named(vector, specs):
        path = folder / f"{vector}.bin"
        values = np.fromfile(path, dtype="<f4").astype(np.float64) if path.exists() else np.zeros(0)
        return {spec["name"]: shaped(values[spec["offset"] : spec["offset"] + spec["length"]], spec) for spec in specs}

    def shaped(values, spec):
        values = values.reshape(spec.get("shape", [-1]))
        return values.T if spec.get("transposed") else values

    for vector, kind in [("gradient", "parameters"), ("parameters", "parameters"), ("statistics", "statistics")]:
        result[vector] = named(vector, result["layout"][kind])
    return result


def norm(tensors):
    return sum(float(np.square(value).sum()) for value in tensors) ** 0.5


def off(values, expected, start=None, names=None):
    """The norm of the difference of all tensors, as a share of the norm of the expected ones or of how far they came."""
    names = names or expected.keys()
    way = norm(expected[name] - (start[name] if start else 0) for name in names)
    return norm(values[name] - expected[name] for name in names) / way


def apart(values, expected):
    """The same for each tensor. Those without a gradient but rounding are held against the gradient of all."""
    least = NOTHING * norm(expected.values())
    return {name: norm([values[name] - expected[name]]) / max(norm([expected[name]]), least) for name in expected}


def moved(gradient):
    """The names of tensors with a gradient. The bias of a normalization has none if another one follows at once; Adam makes whole
    steps of what rounding leaves, which change nothing that comes out."""
    least = NOTHING * norm(gradient.values())
    return [name for name, value in gradient.items() if norm([value]) > least]


def compare(title, case):
    exact, rounded = reference(case, torch.float64), reference(case, torch.float32)
    with tempfile.TemporaryDirectory() as folder:
        mine = ours(case, Path(folder))
    assert set(mine["gradient"]) == set(exact["gradient"]), "other parameters learn"
    largest = np.abs(exact["logits"]).max()
    logits = {of: np.abs(np.array(mine[of]) - exact["logits"].ravel()).max() / largest for of in ["evaluation", "exported"]}
    of_torch = np.abs(rounded["logits"] - exact["logits"]).max() / largest
    gradient = [off(each["gradient"], exact["gradient"]) for each in (mine, rounded)]
    tensors = [apart(each["gradient"], exact["gradient"]) for each in (mine, rounded)]
    worst = [max(each.values()) for each in tensors]
    names = moved(exact["gradient"])
    state = [off(each["parameters"], exact["parameters"], exact["start"], names) for each in (mine, rounded)]
    followed = {name: exact["statistics"][name] for name in mine["statistics"]}
    statistics = [off(each["statistics"], followed) if followed else 0.0 for each in (mine, rounded)]
    loss = max(abs(a - b) for a, b in zip(mine["losses"], exact["losses"]))
    failures = [
        *(f"logits ({of})" for of, value in logits.items() if value > max(LOGITS, ALLOWED * of_torch)),
        *(["gradient"] if gradient[0] > max(GRADIENT, ALLOWED * gradient[1]) else []),
        *(name for name, value in tensors[0].items() if value > max(GRADIENT, ALLOWED * tensors[1][name])),
        *(["parameters"] if state[0] > max(TRAINED, ALLOWED * state[1]) else []),
        *(["statistics"] if statistics[0] > max(GRADIENT, ALLOWED * statistics[1]) else []),
    ]
    pair = lambda values: f"{values[0]:.0e} / {values[1]:.0e}"  # noqa: E731
    print(
        f"| {title} | {case['seed']} | {logits['evaluation']:.0e}, {logits['exported']:.0e} / {of_torch:.0e} | {pair(gradient)} | {pair(worst)} "
        f"| {pair(state)} | {pair(statistics)} | {loss:.0e} | {'no: ' + ', '.join(failures[:4]) if failures else 'yes'} |",
        flush=True,
    )
    return mine, failures


def main():
    # With pictures as small as these, threads wait for one another longer than they compute.
    torch.set_num_threads(1)
    wanted = [title for title in CASES if not sys.argv[1:] or title.replace(" ", "-") in sys.argv[1:]]
    print(f"PyTorch {torch.__version__}, timm {timm.__version__}, {datetime.date.today()}, {platform.platform()}\n")
    print("Relative differences from PyTorch's float64, ours / PyTorch's own float32.\n")
    print("| case | seed | logits: evaluation, model | gradient | worst tensor | change in 10 steps | statistics | loss | agrees |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    failed, memory = [], []
    for title in wanted:
        for seed in SEEDS:
            mine, failures = compare(title, {**USUAL, **CASES[title], "seed": seed})
            if not failures:
                break
        failed += [title] if failures else []
        if "224" in title:
            memory.append((title, mine["memory"], mine["milliseconds"]))
    for title, of, milliseconds in memory:
        print(f"\n{title}, batch of 8: {of['peak'] / 2**20:.0f} MiB at most, of which {of['before'] / 2**20:.0f} MiB before the")
        print(f"session and {of['state'] / 2**20:.0f} MiB state; {milliseconds[-1] / 1000:.1f} s a step")
    if failed:
        sys.exit(f"further off than allowed: {'; '.join(failed)}")


if __name__ == "__main__":
    main()
