import {RiceError} from '../common/errors.ts';
import type {ClassifierOptions} from '../model/classifier.ts';
import type {Corrections} from './corrections.ts';
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
  private constructor(readonly model: {name: string; version: string; sha256: string; labels: string[]}) {}

  /** @throws RiceError as `Classifier.load` */
  static async load(_options: ClassifierOptions = {}): Promise<Scanner> {
    throw new RiceError('INTERNAL', 'not there yet');
  }

  /**
   * Scans one encoded picture.
   *
   * @param path how the answer names the picture
   * @throws RiceError IMAGE_* as `prepareImage`; REFERENCE_NOT_FOUND if the reference that `scale` names is not there
   */
  async scan(_bytes: Uint8Array, _path: string, _options: ScanOptions = {}): Promise<ScannedPicture> {
    throw new RiceError('INTERNAL', 'not there yet');
  }

  /** What the grains of one or more pictures of one sample are together. */
  summarize(_pictures: readonly ScannedPicture[], _options: ScanOptions = {}): ScanSummary {
    throw new RiceError('INTERNAL', 'not there yet');
  }

  async release(): Promise<void> {}
}
