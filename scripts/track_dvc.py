"""Compares what DVC says of a workspace with the journal of the run that wrote it.

usage: python track_dvc.py RUN EXP.json PLOTS.json DIFF.json
"""
import json
import sys
from pathlib import Path

run = Path(sys.argv[1])
shown, plots, diff = (json.loads(Path(path).read_text()) for path in sys.argv[2:5])
events = [json.loads(line) for line in (run / "tracking" / "events.ndjson").read_text().splitlines()]
config = events[0]["run"]["config"]
last = [event for event in events if event["type"] == "metrics"][-1]["values"]

workspace = shown[0]["data"]
assert workspace["params"]["dvclive/params.yaml"]["data"] == config
metrics = workspace["metrics"]["dvclive/metrics.json"]["data"]
for name, value in last.items():
    place = metrics
    for level in name.split("/"):
        place = place[level]
    assert place == value, (name, place, value)

text = json.dumps(plots)
names = [name for name in ("train/loss", "val/accuracy", "confusion_matrix.json", "plots/images") if name not in text]
assert names == [], names
assert "dvclive/metrics.json" in json.dumps(diff) and '"new"' in json.dumps(diff), diff

print(f"dvc: exp show, metrics diff and plots read back {len(last)} metrics and every parameter, all as written")
