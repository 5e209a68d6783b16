import type {InferenceSession, Tensor} from 'onnxruntime-node';
import {createSession, type Device, keepsOutputs, type SessionOptions} from '../../model/devices.ts';
import type {State} from '../artifact/checkpoint.ts';
import {StateReader} from './state-reader.ts';

/**
 * Runs a step graph and carries the state vectors from each step to the next: on the device itself where onnxruntime can
 * leave them there, so that a step copies its batch and its loss and nothing else.
 */
export class StateSession {
  readonly #session: InferenceSession;
  readonly #reader: StateReader | undefined;
  #vectors: Record<string, Tensor>;
  #copied = 0;

  private constructor(session: InferenceSession, reader: StateReader | undefined, vectors: Record<string, Tensor>) {
    this.#session = session;
    this.#reader = reader;
    this.#vectors = vectors;
  }

  /**
   * Loads the step graph on a device.
   *
   * @param vectors those that a step takes by their name and returns as `next.<name>`
   * @throws RiceError DEVICE_UNAVAILABLE if that is not possible
   */
  static async open(
    graph: Uint8Array,
    device: Device,
    options: SessionOptions,
    vectors: readonly {name: string}[],
    state: State,
  ): Promise<StateSession> {
    const session = await createSession(graph, device, {...options, kept: vectors.map(({name}) => `next.${name}`)});
    const reader = keepsOutputs(device) ? await StateReader.open(device) : undefined;
    const {Tensor} = await import('onnxruntime-node');
    const tensors = vectors.map(({name}) => [name, new Tensor('float32', state[name], [state[name].length])]);
    return new StateSession(session, reader, Object.fromEntries(tensors));
  }

  /** Runs one step; returns everything that it puts out. */
  async run(feeds: Record<string, Tensor>): Promise<InferenceSession.ReturnType> {
    const before = this.#vectors;
    const results = await this.#session.run({...before, ...feeds});
    this.#copied = bytesHere([...Object.values(before), ...Object.values(feeds), ...Object.values(results)]);
    this.#vectors = Object.fromEntries(Object.keys(before).map((name) => [name, results[`next.${name}`] as Tensor]));
    // The garbage collector sees a handle of some bytes, not the memory of the device behind it.
    Object.values(before).forEach(dispose);
    return results;
  }

  /** Bytes of all tensors in the memory of this process that the last step took and gave: what a GPU has copied for it. */
  get copied(): number {
    return this.#copied;
  }

  /** A state vector where it is. It is gone after the next step. */
  vector(name: string): Tensor {
    return this.#vectors[name];
  }

  /** The current state vectors. */
  async state(): Promise<State> {
    const state: State = {};
    for (const [name, vector] of Object.entries(this.#vectors)) {
      state[name] = isHere(vector) ? (vector.data as Float32Array) : await this.#reader!.read(vector);
    }
    return state;
  }

  async release(): Promise<void> {
    Object.values(this.#vectors).forEach(dispose);
    await this.#reader?.release();
    await this.#session.release();
  }
}

function isHere({location}: Tensor): boolean {
  return location === 'cpu';
}

/** Leaves those in the memory of this process to the garbage collector. */
function dispose(tensor: Tensor): void {
  if (!isHere(tensor)) tensor.dispose();
}

function bytesHere(tensors: readonly unknown[]): number {
  return (tensors as Tensor[])
    .filter(isHere)
    .reduce((sum, {data}) => sum + (data as Exclude<Tensor.DataType, string[]>).byteLength, 0);
}
