"""Reads a run back with MLflow's own client, compares it with the journal of the run, and predicts with its model.

usage: MLFLOW_TRACKING_URI=http://... python track_mlflow.py RUN [REGISTERED_NAME ALIAS]
"""
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

import mlflow
import numpy as np

run_folder = Path(sys.argv[1])
events = [json.loads(line) for line in (run_folder / "tracking" / "events.ndjson").read_text().splitlines()]
start = events[0]["run"]
sent = json.loads((run_folder / "tracking" / "mlflow.json").read_text())["state"]
client = mlflow.MlflowClient()
run = client.get_run(sent["run"])

state = {"finished": "FINISHED", "failed": "FAILED", "killed": "KILLED", "crashed": "FAILED"}[events[-1]["state"]]
assert run.info.status == state, (run.info.status, state)
assert run.info.run_name == start["name"] and run.data.tags["rice.run_id"] == start["id"]
assert run.data.params["schedule.epochs"] == str(start["config"]["schedule"]["epochs"]), run.data.params
parameters = len(run.data.params)

values = 0
for event in events:
    if event["type"] not in ("metrics", "summary"):
        continue
    for name, value in event["values"].items():
        [found] = [m for m in client.get_metric_history(run.info.run_id, name) if m.step == event["step"]]
        assert found.value == value and found.timestamp == event["time"], (name, found, value)
        values += 1

[dataset] = run.inputs.dataset_inputs
assert dataset.dataset.digest == start["dataset"]["digest"][:36]

files = {file.path for file in client.list_artifacts(run.info.run_id)}
assert {"model", "console.log"} <= files, files
model = next(event["model"] for event in events if event["type"] == "model")
with tempfile.TemporaryDirectory() as folder:
    path = Path(client.download_artifacts(run.info.run_id, "model/model.onnx", folder))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == model["sha256"]

uri = f"runs:/{run.info.run_id}/model"
if len(sys.argv) > 2:
    name, alias = sys.argv[2:4]
    version = client.get_model_version_by_alias(name, alias)
    assert version.run_id == run.info.run_id
    uri = f"models:/{name}@{alias}"
height, width = model["input"]["height"], model["input"]["width"]
answer = mlflow.pyfunc.load_model(uri).predict({"image": np.zeros((2, height, width, 3), np.uint8)})
assert answer["probabilities"].shape == (2, len(model["labels"])), answer
assert np.allclose(answer["probabilities"].sum(axis=1), 1, atol=1e-4)

print(
    f"mlflow: read back {parameters} parameters and {values} metrics; {uri.split('/')[0]} model loads and predicts"
)
