import type {InferenceSession, Tensor} from 'onnxruntime-node';
import {createSession, type Device, type SessionOptions} from '../../model/devices.ts';
import type {State} from '../artifact/checkpoint.ts';

/** Runs a step graph and carries the state vectors from each step to the next. */
export class StateSession {
  readonly #session: InferenceSession;
  #vectors: Record<string, Tensor>;

  private constructor(session: InferenceSession, vectors: Record<string, Tensor>) {
    this.#session = session;
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
    const session = await createSession(graph, device, options);
    const {Tensor} = await import('onnxruntime-node');
    const tensors = vectors.map(({name}) => [name, new Tensor('float32', state[name], [state[name].length])]);
    return new StateSession(session, Object.fromEntries(tensors));
  }

  /** Runs one step; returns everything that it puts out. */
  async run(feeds: Record<string, Tensor>): Promise<InferenceSession.ReturnType> {
    const results = await this.#session.run({...this.#vectors, ...feeds});
    this.#vectors = Object.fromEntries(
      Object.keys(this.#vectors).map((name) => [name, results[`next.${name}`] as Tensor]),
    );
    return results;
  }

  /** The current state vectors. */
  state(): State {
    return Object.fromEntries(Object.entries(this.#vectors).map(([name, {data}]) => [name, data as Float32Array]));
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
