"""Prints the table of torch-files.ts: small files of PyTorch, compressed. Written with torch 2.15.0."""

import argparse
import base64
import collections
import gzip
import io

import torch


def state_dict():
    base = torch.arange(24, dtype=torch.float32)
    tensors = collections.OrderedDict()
    tensors["module.conv.weight"] = torch.nn.Parameter(base.reshape(2, 3, 4) / 8)
    tensors["module.turned"] = base.reshape(4, 6).t()
    tensors["module.part"] = base[5:9]
    tensors["module.step"] = base[::7]
    tensors["module.half"] = torch.tensor([1.5, -2.25], dtype=torch.float16)
    tensors["module.brain"] = torch.tensor([1.5, -3.0], dtype=torch.bfloat16)
    tensors["module.double"] = torch.tensor([[0.1]], dtype=torch.float64)
    tensors["module.scalar"] = torch.tensor(7.0)
    tensors["module.empty"] = torch.zeros(0, 3)
    tensors["module.num_batches_tracked"] = torch.tensor(12)
    tensors["module.mask"] = torch.tensor([True, False])
    tensors._metadata = {"": {"version": 1}}
    return tensors


def show(name, value, zipped=True, **options):
    file = io.BytesIO()
    torch.save(value, file, _use_new_zipfile_serialization=zipped, **options)
    print(f"  {name}: '{base64.b64encode(gzip.compress(file.getvalue(), 9, mtime=0)).decode()}',")


one = collections.OrderedDict(a=torch.tensor([1.0]))
show("zip", state_dict())
show("legacy", state_dict(), zipped=False)
checkpoint = {"epoch": 3, "best": 0.5, "name": "ü", "done": None, "lr": [0.1, 2**70]}
show("checkpoint", {**checkpoint, "state_dict": collections.OrderedDict(a=torch.tensor([1.0, 2.0]))})
show("protocol4", {"model": {"a": torch.tensor([1.0, 2.0])}, "seen": {1, 2}, "big": 2**70}, pickle_protocol=4)
show("namespace", {"model": one, "args": argparse.Namespace(lr=1)})
show("builtin", {"model": one, "f": print}, zipped=False)
show("expanded", {"a": torch.tensor([1.0]).expand(1000)})
show("complex", {"a": torch.tensor([1j])})
show("list", [torch.tensor([1.0])])
