"""Checks the Open Inference Protocol of `rice serve` with Triton's official client: health, metadata, and
inference with encoded pictures and with windows, each as JSON and as binary tensors, whose answers must be those of
`rice predict`. Starts the server itself; fails on the first difference.

Needs a build, and Python with tritonclient[http]:  python3 scripts/inference_protocol.py test/samples
"""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import tritonclient.http as triton

ROOT = Path(__file__).resolve().parent.parent
RICE = ["node", "bin/run.js"]
WINDOWS = """
import {readFileSync} from 'node:fs';
import {prepareImage} from './dist/index.js';
const [width, height, ...paths] = process.argv.slice(1);
for (const path of paths) {
  const {window} = await prepareImage(readFileSync(path), {width: Number(width), height: Number(height)});
  process.stdout.write(window);
}
"""


def windows_of(paths, width, height):
    command = ["node", "--input-type=module", "-e", WINDOWS, str(width), str(height), *map(str, paths)]
    pixels = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    return np.frombuffer(pixels, np.uint8).reshape(len(paths), height, width, 3)


def check(what, same):
    print(f"{'ok  ' if same else 'FAIL'} {what}")
    if not same:
        sys.exit(1)


def compare(what, result, expected):
    labels = [label.decode() if isinstance(label, bytes) else label for label in result.as_numpy("label")]
    probabilities = result.as_numpy("probabilities")
    wanted = np.array([list(each["probabilities"].values()) for each in expected])
    check(f"{what}: labels", labels == [each["label"] for each in expected])
    check(f"{what}: probabilities, at most {abs(probabilities - wanted).max():.0e} off", abs(probabilities - wanted).max() < 1e-6)
    check(f"{what}: confidence", np.allclose(result.as_numpy("confidence"), probabilities.max(1)))
    check(f"{what}: known", result.as_numpy("known").tolist() == [each["known"] for each in expected])
    for name in ("novelty", "capture"):
        if name in expected[0]:
            scores = [each[name] for each in expected]
            check(f"{what}: {name}", np.allclose(result.as_numpy(name), scores, rtol=1e-5, atol=1e-5))
    if (features := result.as_numpy("features")) is not None:
        check(f"{what}: features {features.shape}", len(features) == len(expected) and np.isfinite(features).all())


def outputs(model, binary):
    return [triton.InferRequestedOutput(each["name"], binary_data=binary) for each in model["outputs"]]


def main(folder, url):
    paths = sorted(Path(folder).resolve().glob("*.jpg"))[:8]
    documents = subprocess.run([*RICE, "predict", "--json", *map(str, paths)], cwd=ROOT, check=True, capture_output=True)
    expected = json.loads(documents.stdout)["predictions"]
    client = triton.InferenceServerClient(url)
    check("server live", client.is_server_live())
    while not client.is_server_ready():
        pass
    check("server ready", client.is_server_ready())
    about = client.get_server_metadata()
    check(f"server metadata: {about}", about["name"] == "rice" and "binary_tensor_data" in about["extensions"])
    check("model ready", client.is_model_ready("rice"))
    model = client.get_model_metadata("rice")
    check(f"model metadata: {model['inputs']}", [each["name"] for each in model["inputs"]] == ["encoded", "image"])
    version = model["versions"][0]
    check("model ready by version", client.is_model_ready("rice", version))

    encoded = triton.InferInput("encoded", [len(paths)], "BYTES")
    encoded.set_data_from_numpy(np.array([path.read_bytes() for path in paths], dtype=object), binary_data=True)
    for binary in (True, False):
        result = client.infer("rice", [encoded], outputs=outputs(model, binary), request_id="mine")
        compare(f"BYTES as binary, answer as {'binary' if binary else 'JSON'}", result, expected)
        check("request id", result.get_response()["id"] == "mine")
    compare("BYTES as binary, whatever comes", client.infer("rice", [encoded]), expected)
    text = triton.InferInput("encoded", [len(paths)], "BYTES")
    text.set_data_from_numpy(
        np.array([base64.b64encode(path.read_bytes()) for path in paths], dtype=object), binary_data=False
    )
    compare("BYTES as base64", client.infer("rice", [text], model_version=version, outputs=outputs(model, False)), expected)

    _, height, width, _ = model["inputs"][1]["shape"]
    pixels = windows_of(paths, width, height)
    for binary in (True, False):
        image = triton.InferInput("image", list(pixels.shape), "UINT8")
        image.set_data_from_numpy(pixels, binary_data=binary)
        result = client.infer("rice", [image], outputs=outputs(model, binary))
        compare(f"UINT8 as {'binary' if binary else 'JSON'}", result, expected)

    broken = triton.InferInput("encoded", [1], "BYTES")
    broken.set_data_from_numpy(np.array([b"no picture"], dtype=object))
    for what, call in (
        ("broken picture", lambda: client.infer("rice", [broken])),
        ("unknown model", lambda: client.infer("other", [encoded])),
    ):
        try:
            call()
            check(f"{what}: rejected", False)
        except triton.InferenceServerException as error:
            check(f"{what}: {error}", error.status() in ("415", "404"))


if __name__ == "__main__":
    server = subprocess.Popen([*RICE, "serve", "--port", "0", "--quiet"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        main(sys.argv[1], re.search(r"http://(\S+)", server.stdout.readline()).group(1))
    finally:
        server.terminate()
    check("server ended with 0", server.wait() == 0)
