import type {InferenceSession, Tensor} from 'onnxruntime-node';
import {createSession, type Device} from '../../model/devices.ts';
import type {Manifest} from '../artifact/manifest.ts';
import type {Batches} from '../batches/batches.ts';
import {inputTensor} from './input-tensor.ts';

export interface Evaluation {
  /** Mean cross-entropy, without label smoothing. */
  loss: number;
  accuracy: number;
  /** [images, labels], in the order of the validation images. */
  logits: Float32Array;
  labels: Uint8Array;
}

/** The averaged weights, and the averaged statistics where there are any. */
export interface EvaluatedWeights extends Record<string, Tensor> {
  parameters: Tensor;
}

/** Evaluates the averaged weights on the validation images. */
export class Evaluator {
  readonly #session: InferenceSession;
  readonly #manifest: Manifest;

  private constructor(session: InferenceSession, manifest: Manifest) {
    this.#session = session;
    this.#manifest = manifest;
  }

  static async open(graph: Uint8Array, device: Device, manifest: Manifest): Promise<Evaluator> {
    const threads = manifest.threads === null ? {} : {threads: manifest.threads};
    return new Evaluator(await createSession(graph, device, threads), manifest);
  }

  /** @param weights may be on the evaluator's device already */
  async evaluate(batches: Batches, weights: EvaluatedWeights): Promise<Evaluation> {
    const {Tensor} = await import('onnxruntime-node');
    const {labels: names} = this.#manifest;
    const logits: number[] = [];
    const labels: number[] = [];
    for await (const batch of batches.validation()) {
      const feeds = inputTensor(Tensor, this.#manifest, batch.input, batch.count);
      const results = await this.#session.run({...feeds, ...weights});
      logits.push(...(results.logits.data as Float32Array));
      labels.push(...batch.labels.subarray(0, batch.count));
    }
    return measure(Float32Array.from(logits), Uint8Array.from(labels), names.length);
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function measure(logits: Float32Array, labels: Uint8Array, classes: number): Evaluation {
  let loss = 0;
  let correct = 0;
  labels.forEach((label, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const highest = Math.max(...row);
    if (row[label] === highest) correct++;
    loss += Math.log(row.reduce((sum, value) => sum + Math.exp(value - highest), 0)) - (row[label] - highest);
  });
  return {loss: loss / labels.length, accuracy: correct / labels.length, logits, labels};
}
