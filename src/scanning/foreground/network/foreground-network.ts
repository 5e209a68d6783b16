import {join} from 'node:path';
import type {InferenceSession} from 'onnxruntime-node';
import {defined} from '../../../common/defined.ts';
import {packageRoot} from '../../../common/package-root.ts';
import type {Frame} from '../../../image/frame.ts';
import {createSession} from '../../../model/devices.ts';
import {runSession} from '../../../model/run-session.ts';
import {readNetworkBytes} from '../../network-file.ts';
import type {Ground} from '../ground.ts';
import {parseForegroundMetadata} from './foreground-metadata.ts';
import {CHANNELS, foregroundInput} from './network-input.ts';
import {resizePlanes} from './resize-planes.ts';

/** How long a typical grain is for the network, in pixels. */
const NETWORK_LENGTH = 40;
/** Sides of the tiles that go through the network, and how far it looks beyond them; multiples of 4. */
const TILE = 256;
const REACH = 32;

/** The network that ships with the package. */
export function shippedForeground(): string {
  return join(packageRoot(), 'models', 'foreground.onnx');
}

/** A loaded network that tells grains from bright grounds, and from their shadows on them. */
export class ForegroundNetwork {
  readonly #path: string;
  readonly #session: InferenceSession;

  private constructor(path: string, session: InferenceSession) {
    this.#path = path;
    this.#session = session;
  }

  /** @throws RiceError MODEL_NOT_FOUND, PATH_NOT_READABLE, MODEL_INVALID, MODEL_DAMAGED or MODEL_METADATA */
  static async load({threads, model: path = shippedForeground()}: {threads?: number; model?: string} = {}) {
    const bytes = readNetworkBytes(path, 'for bright grounds');
    parseForegroundMetadata(bytes, path);
    return new ForegroundNetwork(path, await createSession(bytes, 'cpu', defined({threads})));
  }

  /**
   * How likely each cell is a grain's, 0 to 1.
   *
   * @param length of a typical grain, in cells
   */
  async likelihoods(cells: Frame, ground: Ground, length: number): Promise<Float32Array> {
    const input = new Float32Array(CHANNELS * cells.width * cells.height);
    foregroundInput(cells, ground, input);
    const scale = Math.max(0.4, length / NETWORK_LENGTH);
    const size = {
      width: Math.max(1, Math.round(cells.width / scale)),
      height: Math.max(1, Math.round(cells.height / scale)),
    };
    const planes = resizePlanes(input, cells, size, CHANNELS);
    const likelihoods = new Float32Array(size.width * size.height);
    for (let top = 0; top < size.height; top += TILE)
      for (let left = 0; left < size.width; left += TILE) await this.#fill(planes, size, left, top, likelihoods);
    return resizePlanes(likelihoods, size, cells, 1);
  }

  /** One tile of the answer, from an input that reaches beyond it. */
  async #fill(
    planes: Float32Array,
    {width, height}: {width: number; height: number},
    left: number,
    top: number,
    into: Float32Array,
  ): Promise<void> {
    const wide = multipleOf4(Math.min(TILE, width - left)) + 2 * REACH;
    const high = multipleOf4(Math.min(TILE, height - top)) + 2 * REACH;
    const input = new Float32Array(CHANNELS * wide * high);
    for (let c = 0; c < CHANNELS; c++)
      for (let y = 0; y < high; y++) {
        const row = top + y - REACH;
        if (row < 0 || row >= height) continue;
        const from = Math.max(0, left - REACH);
        const to = Math.min(width, left - REACH + wide);
        const at = c * width * height + row * width;
        input.set(planes.subarray(at + from, at + to), (c * high + y) * wide + from - (left - REACH));
      }
    const {Tensor} = await import('onnxruntime-node');
    const tensor = new Tensor('float32', input, [1, CHANNELS, high, wide]);
    const {logits} = await runSession(this.#session, {input: tensor}, this.#path);
    const data = logits.data as Float32Array;
    for (let y = 0; y < Math.min(TILE, height - top); y++)
      for (let x = 0; x < Math.min(TILE, width - left); x++)
        into[(top + y) * width + left + x] = 1 / (1 + Math.exp(-data[(y + REACH) * wide + x + REACH]));
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function multipleOf4(value: number): number {
  return 4 * Math.ceil(value / 4);
}
