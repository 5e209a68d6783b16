import type {Frame} from '../../../src/image/frame.ts';
import {type Grain, grainOf} from './grain.ts';

/** A picture of one grain on black, as it is changed. */
export class Subject {
  readonly frame: Frame;
  #grain: Grain | undefined;

  constructor(frame: Frame) {
    this.frame = frame;
  }

  /** The grain cut out of the picture, once for all changes. @throws Error where nothing is bright */
  get grain(): Grain {
    this.#grain ??= grainOf(this.frame);
    return this.#grain;
  }
}
