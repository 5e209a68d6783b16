import type {InferenceSession, Tensor} from 'onnxruntime-node';
import {createSession, type Device} from '../../model/devices.ts';
import {Graph} from '../../onnx/graph.ts';
import {encodeModel} from '../../onnx/model.ts';

/**
 * Copies vectors from a device into the memory of this process. It is a session that does nothing, whose outputs come back:
 * `Tensor.getData` ends the process in onnxruntime-node 1.30.
 */
export class StateReader {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** @throws RiceError DEVICE_UNAVAILABLE if the device cannot be used here */
  static async open(device: Device): Promise<StateReader> {
    const graph = new Graph();
    graph.output('copy', graph.node('Identity', [graph.input('vector', 'float32', ['length'])]));
    return new StateReader(await createSession(encodeModel(graph.toProto('read')), device));
  }

  /** One at a time, for the device holds it twice meanwhile. */
  async read(vector: Tensor): Promise<Float32Array> {
    const {copy} = await this.#session.run({vector});
    return copy.data as Float32Array;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
