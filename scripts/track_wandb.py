"""Checks what the official W&B client says of an offline run, and what it sent of it to a stand-in for a server.

usage: python track_wandb.py RUN INSPECTED.json SENT.json
"""
import base64
import hashlib
import json
import sys
from pathlib import Path

run, inspected, sent = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
events = [json.loads(line) for line in (run / "tracking" / "events.ndjson").read_text().splitlines()]
start = events[0]["run"]
rows = [event for event in events if event["type"] in ("metrics", "summary")]
lines = [event["text"] for event in events if event["type"] == "log"]

summary = json.loads(inspected.read_text())
assert start["id"] in json.dumps(summary) and "finished" in json.dumps(summary), summary

server = json.loads(sent.read_text())
assert server["problems"] == [], server["problems"]
[told] = server["runs"]
assert told["id"] == start["id"] and told["name"] == start["name"] and told["exitcode"] == 0
history = [json.loads(line) for line in told["history"]]
assert [row["_step"] for row in history] == list(range(len(rows)))
for row, event in zip(history, rows):
    for name, value in event["values"].items():
        assert row[name] == value, (name, row[name], value)
        if event is rows[-1]:
            assert told["summary"][name] == value
for key, value in start["config"].items():
    assert told["config"][key]["value"] == value or value is None, key
assert [line.split(" ", 1)[1] for line in told["output"]] == lines
assert len(told["events"]) == sum(event["type"] == "system" for event in events)
pictures = [event for event in events if event["type"] == "picture"]
images = [name for name in told["files"] if name.startswith("media/images/")]
assert len(images) == len(pictures)

[artifact] = server["artifacts"]
model = next(event["model"] for event in events if event["type"] == "model")
stored = artifact["files"]["model.onnx"].encode("latin-1")
assert hashlib.sha256(stored).hexdigest() == model["sha256"]
digest = hashlib.md5(b"wandb-artifact-manifest-v1\n")
for name in sorted(artifact["files"]):
    md5 = base64.b64encode(hashlib.md5(artifact["files"][name].encode("latin-1")).digest()).decode()
    digest.update(f"{name}:{md5}\n".encode())
assert digest.hexdigest() == artifact["digest"]

print(
    f"wandb: the official client read the offline run, and sent {len(history)} rows, {len(lines)} lines, "
    f"{len(images)} pictures and the model, all as written"
)
