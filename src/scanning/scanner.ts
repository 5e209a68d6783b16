import {createHash} from 'node:crypto';
import {RiceError} from '../common/errors.ts';
import {decodeImage} from '../image/decode.ts';
import {Classifier, type ClassifierOptions} from '../model/classifier.ts';
import type {Corrections} from './corrections.ts';
import {findGrains} from './find-grains.ts';
import {nameGrains} from './naming/name-grains.ts';
import type {ScaleRequest} from './scale/types.ts';
import type {ScannedPicture, ScanSummary} from './types.ts';

export interface ScanOptions {
  /** Default: `{from: 'auto'}`. */
  scale?: ScaleRequest;
  /** A grain shorter than this share of the whole ones of its variety is broken; 3/4 by default. */
  brokenBelow?: number;
  /** What a person said of grains of this picture. */
  corrections?: Corrections;
  /** Purity is reported for this variety. */
  expect?: string;
}

/** A loaded model that scans photographs: every grain is found, separated, measured, named and graded. */
export class Scanner {
  readonly model: Classifier['model'];
  readonly #classifier: Classifier;
  readonly #options: ClassifierOptions;

  private constructor(classifier: Classifier, options: ClassifierOptions) {
    this.#classifier = classifier;
    this.#options = options;
    this.model = classifier.model;
  }

  /** @throws RiceError as `Classifier.load` */
  static async load(options: ClassifierOptions = {}): Promise<Scanner> {
    return new Scanner(await Classifier.load(options), options);
  }

  /**
   * Scans one encoded picture.
   *
   * @param path how the answer names the picture
   * @throws RiceError IMAGE_* as `prepareImage`; REFERENCE_NOT_FOUND if the reference that `scale` names is not there
   */
  async scan(bytes: Uint8Array, path: string, _options: ScanOptions = {}): Promise<ScannedPicture> {
    const {maxPixels} = this.#options;
    const {frame} = await decodeImage(bytes, maxPixels === undefined ? {} : {maxPixels});
    const found = await findGrains(frame, async (_, {clusters}) =>
      clusters.map((cluster) => ({...cluster, touching: true})),
    );
    const {names, side} =
      found.grains.length === 0
        ? {names: [], side: undefined}
        : await nameGrains(this.#classifier, frame, found.grains);
    return {
      path,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      width: frame.width,
      height: frame.height,
      scale: null,
      count: found.grains.length,
      countByArea: found.countByArea,
      grains: found.grains.map((grain, i) => ({...grain, ...names[i], discolored: false})),
      objects: found.objects,
      ...(side === undefined ? {} : {frameSide: side}),
      warnings: [],
    };
  }

  /** What the grains of one or more pictures of one sample are together. */
  summarize(_pictures: readonly ScannedPicture[], _options: ScanOptions = {}): ScanSummary {
    throw new RiceError('INTERNAL', 'not there yet');
  }

  async release(): Promise<void> {
    await this.#classifier.release();
  }
}
