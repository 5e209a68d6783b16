import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import type {Json} from '../../common/json-value.ts';
import {toYaml} from '../../common/yaml.ts';
import type {ModelDescription} from '../event.ts';

/** Of the ONNX that rice writes (src/onnx/model.ts), by the version of the package that introduced its IR version. */
const ONNX_VERSION = '1.15.0';
const REQUIREMENTS = 'mlflow\nnumpy\nonnx\nonnxruntime\n';
const PYTHON_ENV = 'python: "3.11"\ndependencies:\n  - -r requirements.txt\n';

/**
 * The folder of a model as MLflow knows it: `MLmodel` says that it is ONNX and how to load it as a Python function
 * (https://mlflow.org/docs/latest/ml/model/). Files by their name in the folder.
 */
export function modelFolder(model: ModelDescription, run: string, time: number): Map<string, Uint8Array> {
  const data = 'model.onnx';
  const description: {[key: string]: Json} = {
    artifact_path: 'model',
    flavors: {
      onnx: {data, onnx_version: ONNX_VERSION, providers: ['CPUExecutionProvider'], code: null},
      python_function: {
        data,
        env: {virtualenv: 'python_env.yaml'},
        loader_module: 'mlflow.onnx',
        python_version: '3.11.0',
      },
    },
    metadata: {labels: model.labels, sha256: model.sha256, version: model.version},
    model_size_bytes: model.bytes,
    run_id: run,
    signature: signatureOf(model),
    utc_time_created: new Date(time).toISOString().replace('T', ' ').replace('Z', '000'),
  };
  return new Map<string, Uint8Array>([
    [data, readFileSync(model.path)],
    ['MLmodel', Buffer.from(toYaml(description))],
    ['requirements.txt', Buffer.from(REQUIREMENTS)],
    ['python_env.yaml', Buffer.from(PYTHON_ENV)],
    ...model.beside.map((path) => [basename(path), readFileSync(path)] as const),
  ]);
}

/** Tensors in and out; -1 for the number of pictures. */
function signatureOf({input, labels}: ModelDescription): {[key: string]: Json} {
  const tensor = (name: string, dtype: string, shape: number[]) => ({
    name,
    type: 'tensor',
    'tensor-spec': {dtype, shape},
  });
  return {
    inputs: JSON.stringify([tensor('image', 'uint8', [-1, input.height, input.width, 3])]),
    outputs: JSON.stringify([tensor('probabilities', 'float32', [-1, labels.length])]),
    params: null,
  };
}
