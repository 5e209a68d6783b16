import type {Entry} from '../../../prediction/entry.ts';

/** What the worker needs before it can answer; the bytes are handed over. */
export interface Opening {
  model: Uint8Array<ArrayBuffer>;
  /** ONNX Runtime, compiled. */
  runtime: Uint8Array<ArrayBuffer>;
  /** The loops of the preparation, compiled. */
  kernels: Uint8Array<ArrayBuffer>;
}

/** From the page to the worker. */
export type Question = {kind: 'open'; opening: Opening} | {kind: 'picture'; name: string; picture: Blob};

/** Pixels to show: four bytes each, row by row. */
export interface Shown {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

/** What the worker says of a picture. */
export interface Answer {
  /** As in the JSON of `rice predict`. */
  entry: Entry;
  /** Missing where the picture cannot be read. */
  seen?: {
    /** Small, and the size of the picture itself, in whose pixels the entry measures. */
    picture: Shown;
    width: number;
    height: number;
    /** The network's input. */
    window: Shown;
  };
}

/** From the worker to the page: one for each question, in their order. */
export type Reply = {kind: 'opened'} | {kind: 'failed'; message: string} | {kind: 'answer'; answer: Answer};
