"""Reads the event file of a run with TensorBoard's own reader and compares every value with what the run's journal says.

usage: python track_tensorboard.py RUN
"""
import json
import struct
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2

run = Path(sys.argv[1])
events = [json.loads(line) for line in (run / "tracking" / "events.ndjson").read_text().splitlines()]
everything = {"scalars": 0, "images": 0, "histograms": 0, "tensors": 0, "compressedHistograms": 0}
reader = EventAccumulator(str(run), size_guidance=everything)
reader.Reload()


def same_float(a, b):
    return struct.pack("f", a) == struct.pack("f", b)


scalars = 0
for event in events:
    if event["type"] not in ("metrics", "summary"):
        continue
    for name, value in event["values"].items():
        found = [s for s in reader.Scalars(name) if s.step == event["step"] and same_float(s.value, value)]
        assert len(found) == 1, (name, event["step"], value, reader.Scalars(name))
        assert abs(found[0].wall_time - event["time"] / 1000) < 1e-3
        scalars += 1
assert scalars == sum(len(reader.Scalars(tag)) for tag in reader.Tags()["scalars"])

pictures = [event for event in events if event["type"] == "picture"]
shown = [image for tag in reader.Tags()["images"] for image in reader.Images(tag)]
assert sorted(image.encoded_image_string for image in shown) == sorted(
    (run / "tracking" / event["file"]).read_bytes() for event in pictures
)
assert sorted((image.width, image.height) for image in shown) == sorted((e["width"], e["height"]) for e in pictures)

histograms = [event for event in events if event["type"] == "histogram"]
for event in histograms:
    [read] = [h for h in reader.Histograms(event["name"]) if h.step == event["step"]]
    value, want = read.histogram_value, event["histogram"]
    assert (value.min, value.max, value.num, value.sum) == (want["min"], want["max"], want["count"], want["sum"])
    assert list(value.bucket_limit) == want["limits"] and list(value.bucket) == want["counts"]

metadata = reader.summary_metadata
hparams = {tag: plugin_data_pb2.HParamsPluginData.FromString(reader.PluginTagToContent("hparams")[tag]) for tag in metadata if tag.startswith("_hparams_")}
started = hparams["_hparams_/session_start_info"].session_start_info.hparams
assert started["network"].string_value and started["schedule.epochs"].number_value >= 1, started
assert hparams["_hparams_/session_end_info"].session_end_info.status == 1
names = [info.name.tag for info in hparams["_hparams_/experiment"].experiment.metric_infos]
assert "val/accuracy" in names

print(
    f"tensorboard: read back {scalars} scalars, {len(pictures)} pictures, {len(histograms)} histograms and "
    f"{len(started)} hyperparameters, all as written"
)
