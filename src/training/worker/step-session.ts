import type {Tensor} from 'onnxruntime-node';
import {RiceError} from '../../common/errors.ts';
import {accelerators, type Device} from '../../model/devices.ts';
import type {State} from '../artifact/checkpoint.ts';
import type {Manifest} from '../artifact/manifest.ts';
import {NO_LABEL} from '../batches/no-label.ts';
import type {EvaluatedWeights} from './evaluator.ts';
import {inputTensor} from './input-tensor.ts';
import {StateSession} from './state-session.ts';

/** The inputs of the step graph for one batch. */
export interface StepInput {
  /** uint8 RGB windows, or float32 features, one after the other. */
  input: Uint8Array | Float32Array;
  /** Index of the label of each image, or NO_LABEL. */
  labels: Uint8Array;
  noise: Float32Array[];
  scalars: Record<string, number>;
}

type TensorClass = typeof Tensor;

/** Runs steps of a classifier. */
export class StepSession {
  readonly #session: StateSession;
  readonly #manifest: Manifest;
  readonly #tensor: TensorClass;

  private constructor(
    session: StateSession,
    readonly device: Device,
    manifest: Manifest,
    tensor: TensorClass,
  ) {
    this.#session = session;
    this.#manifest = manifest;
    this.#tensor = tensor;
  }

  /** Loads the step graph on a device. Throws DEVICE_UNAVAILABLE if that is not possible. */
  static async open(graph: Uint8Array, device: Device, manifest: Manifest, state: State): Promise<StepSession> {
    const threads = manifest.threads === null ? {} : {threads: manifest.threads};
    const session = await StateSession.open(graph, device, threads, manifest.state, state);
    const {Tensor} = await import('onnxruntime-node');
    return new StepSession(session, device, manifest, Tensor);
  }

  /** Runs one step. Returns the mean loss and the number of images classified correctly before the update. */
  async run(input: StepInput): Promise<{loss: number; correct: number; labelled: number}> {
    const manifest = this.#manifest;
    const Tensor = this.#tensor;
    const {batchSize, labels} = manifest;
    const target = new Float32Array(batchSize * labels.length);
    input.labels.forEach((label, i) => {
      // The target of an outlier is the uniform distribution.
      if (label === NO_LABEL) target.fill(1 / labels.length, i * labels.length, (i + 1) * labels.length);
      else target[i * labels.length + label] = 1;
    });
    const results = await this.#session.run({
      ...inputTensor(Tensor, manifest, input.input, batchSize),
      target: new Tensor('float32', target, [batchSize, labels.length]),
      ...Object.fromEntries(manifest.scalars.map((name) => [name, new Tensor('float32', [input.scalars[name]], [])])),
      ...Object.fromEntries(
        manifest.noise.map(({name, shape}, i) => [name, new Tensor('float32', input.noise[i], shape)]),
      ),
    });
    const loss = (results.loss.data as Float32Array)[0];
    const labelled = input.labels.reduce((count, label) => count + (label === NO_LABEL ? 0 : 1), 0);
    return {loss, correct: countCorrect(results.logits.data as Float32Array, input.labels, labels.length), labelled};
  }

  /** Bytes that the last step copied to a device and back: its batch, its loss, and the state where that cannot stay there. */
  get copied(): number {
    return this.#session.copied;
  }

  /** The averaged weights as the evaluation graph takes them, where they are. They are gone after the next step. */
  weights(): EvaluatedWeights {
    const hasStatistics = this.#manifest.state.some(({name}) => name === 'averagedStatistics');
    return {
      parameters: this.#session.vector('averagedParameters'),
      ...(hasStatistics ? {statistics: this.#session.vector('averagedStatistics')} : {}),
    };
  }

  /** The current state vectors. */
  state(): Promise<State> {
    return this.#session.state();
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** Number of rows of logits [N, C] whose maximum is at their label. */
export function countCorrect(logits: Float32Array, labels: Uint8Array, classes: number): number {
  let correct = 0;
  for (let row = 0; row * classes < logits.length; row++) {
    const of = logits.subarray(row * classes, (row + 1) * classes);
    if (of.indexOf(Math.max(...of)) === labels[row]) correct++;
  }
  return correct;
}

const TIMED_STEPS = 3;

/**
 * Loads the step graph on the fastest device: a few steps on empty images are timed on each device that works here. A
 * device chosen by name is used without timing.
 */
export async function openStepSession(
  graph: Uint8Array,
  manifest: Manifest,
  state: State,
  onWarning: (message: string) => void,
): Promise<StepSession> {
  if (manifest.device !== 'auto') return StepSession.open(graph, manifest.device, manifest, state);
  const failures: string[] = [];
  let fastest: {device: Device; milliseconds: number} = {device: 'cpu', milliseconds: Number.POSITIVE_INFINITY};
  for (const device of accelerators()) {
    try {
      const milliseconds = await timeSteps(graph, device, manifest, state);
      if (milliseconds < fastest.milliseconds) fastest = {device, milliseconds};
    } catch (error) {
      const reason = error instanceof RiceError ? error.message.replace(/^.*?: /, '') : (error as Error).message;
      failures.push(`${device}: ${reason}`);
    }
  }
  if (fastest.device === 'cpu') {
    onWarning(`no GPU can be used here (${failures.join('; ')}): training on the CPU`);
  } else if ((await timeSteps(graph, 'cpu', manifest, state)) < fastest.milliseconds) {
    onWarning(`training on the CPU, which is faster here than ${fastest.device}`);
    fastest.device = 'cpu';
  }
  return StepSession.open(graph, fastest.device, manifest, state);
}

async function timeSteps(graph: Uint8Array, device: Device, manifest: Manifest, state: State): Promise<number> {
  const session = await StepSession.open(graph, device, manifest, state);
  try {
    const {batchSize, input, features, noise, scalars} = manifest;
    const empty: StepInput = {
      input: features
        ? new Float32Array(batchSize * features.length)
        : new Uint8Array(batchSize * input.width * input.height * 3),
      labels: new Uint8Array(batchSize),
      noise: noise.map(({shape}) => new Float32Array(shape.reduce((product, size) => product * size, 1))),
      scalars: Object.fromEntries(scalars.map((name) => [name, 0])),
    };
    await session.run(empty);
    const start = performance.now();
    for (let i = 0; i < TIMED_STEPS; i++) await session.run(empty);
    return (performance.now() - start) / TIMED_STEPS;
  } finally {
    await session.release();
  }
}
