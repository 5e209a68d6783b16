import {join} from 'node:path';
import type {InferenceSession} from 'onnxruntime-node';
import {defined} from '../../../common/defined.ts';
import {packageRoot} from '../../../common/package-root.ts';
import {createSession} from '../../../model/devices.ts';
import {runSession} from '../../../model/run-session.ts';
import type {Cluster} from './cluster.ts';
import {decode} from './decoding/decode.ts';
import type {Fields} from './decoding/votes.ts';
import {FIELDS, STRIDE} from './fields.ts';
import {CHANNELS, fillInput} from './network-input.ts';
import {readSeparationModel, type SeparationModel} from './separation-model.ts';
import {type Batch, planBatches, type Tile} from './tiles.ts';

export interface SeparatorOptions {
  /** Path of the network's file; default: the one that ships with the package. */
  model?: string;
  /** CPU threads; default: one per core. */
  threads?: number;
}

/** The network that ships with the package. */
export function shippedSeparation(): string {
  return join(packageRoot(), 'models', 'separation.onnx');
}

/** A loaded network that separates grains which touch or overlap. */
export class Separator {
  readonly model: SeparationModel;
  readonly #session: InferenceSession;

  private constructor(model: SeparationModel, session: InferenceSession) {
    this.model = model;
    this.#session = session;
  }

  /** @throws RiceError MODEL_NOT_FOUND, PATH_NOT_READABLE, MODEL_INVALID, MODEL_DAMAGED or MODEL_METADATA */
  static async load({model: path = shippedSeparation(), threads}: SeparatorOptions = {}): Promise<Separator> {
    const model = readSeparationModel(path);
    return new Separator(model, await createSession(model.bytes, 'cpu', defined({threads})));
  }

  /**
   * Separates the grains of clusters, which may be of any size. Small ones go through the network together.
   *
   * @returns for each cluster, row by row: 0 outside of its mask, otherwise the number of the grain from 1; a grain that
   *   another one crosses may be in two pieces
   * @throws RangeError if a mask or the colors do not have the cluster's size
   */
  async separate(clusters: readonly Cluster[]): Promise<Int32Array[]> {
    for (const cluster of clusters) check(cluster);
    const answers = clusters.map(({width, height}): Fields => {
      const [columns, rows] = [width, height].map((size) => Math.ceil(size / STRIDE));
      return {columns, rows, data: new Float32Array(FIELDS * columns * rows)};
    });
    for (const batch of planBatches(clusters)) await this.#answer(batch, clusters, answers);
    return clusters.map(({mask, width, height}, i) => decode(answers[i], mask, width, height));
  }

  async #answer(
    {width, height, tiles}: Batch,
    clusters: readonly Cluster[],
    answers: readonly Fields[],
  ): Promise<void> {
    const {Tensor} = await import('onnxruntime-node');
    const size = CHANNELS * width * height;
    const input = new Float32Array(tiles.length * size);
    tiles.forEach((tile, i) => {
      fillInput(
        partOf(clusters[tile.cluster], tile),
        input.subarray(i * size, (i + 1) * size),
        width,
        height,
        tile.margin,
      );
    });
    const tensor = new Tensor('float32', input, [tiles.length, CHANNELS, height, width]);
    const {fields} = await runSession(this.#session, {input: tensor}, this.model.path);
    tiles.forEach((tile, i) => {
      keep(fields.data as Float32Array, i, {width, height}, tile, answers[tile.cluster]);
    });
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function check({width, height, mask, colors}: Cluster): void {
  const pixels = width * height;
  const fits = mask.length === pixels && colors.data.length === 3 * pixels;
  if (!fits || colors.width !== width || colors.height !== height)
    throw new RangeError(
      `a cluster of ${width} x ${height} pixels has a mask of ${mask.length} and ${colors.data.length} levels`,
    );
}

/** What a tile shows. */
function partOf({width, mask, colors}: Cluster, {x, y, width: wide, height: high}: Tile) {
  if (wide === width && x === 0 && y === 0 && mask.length === wide * high)
    return {width: wide, height: high, mask, colors: colors.data};
  const part = {width: wide, height: high, mask: new Uint8Array(wide * high), colors: new Uint8Array(3 * wide * high)};
  for (let row = 0; row < high; row++) {
    const from = (y + row) * width + x;
    part.mask.set(mask.subarray(from, from + wide), row * wide);
    part.colors.set(colors.data.subarray(3 * from, 3 * (from + wide)), 3 * row * wide);
  }
  return part;
}

/** Copies the part of a tile's answer that is its own into that of the cluster. */
function keep(
  data: Float32Array,
  index: number,
  batch: {width: number; height: number},
  {x, y, margin, own}: Tile,
  {columns, rows, data: into}: Fields,
): void {
  const [wide, high] = [batch.width / STRIDE, batch.height / STRIDE];
  const [left, right] = [own.left / STRIDE, Math.min(columns, Math.ceil(own.right / STRIDE))];
  const [top, bottom] = [own.top / STRIDE, Math.min(rows, Math.ceil(own.bottom / STRIDE))];
  for (let field = 0; field < FIELDS; field++)
    for (let row = top; row < bottom; row++) {
      const line = row - (y - margin) / STRIDE;
      const from = ((index * FIELDS + field) * high + line) * wide + left - (x - margin) / STRIDE;
      into.set(data.subarray(from, from + right - left), (field * rows + row) * columns + left);
    }
}
