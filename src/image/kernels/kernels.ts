import type {Frame} from '../frame.ts';
import {kernelsCode} from './code.ts';

/** The functions documented in `assembly/`. Colors are one number, 0xBBGGRR. */
interface Functions {
  countBorder(frameAt: number, width: number, height: number, step: number, countsAt: number): void;
  countBorderDistances(
    frameAt: number,
    width: number,
    height: number,
    step: number,
    background: number,
    countsAt: number,
  ): void;
  measureDistances(
    frameAt: number,
    frameWidth: number,
    frameHeight: number,
    step: number,
    offset: number,
    background: number,
    floor: number,
    cellsAt: number,
    width: number,
    height: number,
    stride: number,
    histogramAt: number,
  ): number;
  averageBoxes(frameAt: number, width: number, height: number, factor: number, outAt: number): void;
  takeSurface(
    frameAt: number,
    width: number,
    height: number,
    coefficientsAt: number,
    surfaceAt: number,
    restAt: number,
  ): void;
  averageNeighbours(valuesAt: number, width: number, height: number, sumsAt: number, outAt: number): void;
  sumProducts(valuesAt: number, count: number, limit: number, sumsAt: number): number;
  measureLengths(valuesAt: number, count: number, metricAt: number, lengthsAt: number): void;
  findRuns(cellsAt: number, height: number, stride: number, threshold: number, runsAt: number): number;
  classifyCells(shapeAt: number, width: number, height: number, radius: number, sumsAt: number, kindsAt: number): void;
  placeOnBlack(
    frameAt: number,
    width: number,
    height: number,
    kindsAt: number,
    cell: number,
    cellX: number,
    cellY: number,
    cellColumns: number,
    cellRows: number,
    sumsAt: number,
  ): void;
  sampleGrain(
    frameAt: number,
    frameWidth: number,
    frameHeight: number,
    kindsAt: number,
    cell: number,
    cellX: number,
    cellY: number,
    cellColumns: number,
    cellRows: number,
    lookupAt: number,
    startsAt: number,
    stepX: number,
    stepY: number,
    outAt: number,
    width: number,
    height: number,
  ): void;
  shrink(
    canvasAt: number,
    width: number,
    height: number,
    windowAt: number,
    windowStride: number,
    x: number,
    y: number,
  ): void;
}

/** The part of WebAssembly that is used; TypeScript has its types only in the DOM library. */
interface WebAssemblyApi {
  Memory: new (size: {initial: number}) => {readonly buffer: ArrayBuffer; grow(pages: number): number};
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => {readonly exports: unknown};
}

const {WebAssembly} = globalThis as unknown as {WebAssembly: WebAssemblyApi};

/** The longest side of a frame that the kernels accept; frames are reduced first. */
export const MAX_FRAME_SIDE = 512;
/** Upper limit of the cells along a side: one per pixel of a frame smaller than two times `GRID_CELLS`. */
const MAX_CELLS = 256;
/** Largest empty margin around a shape, in cells. */
const MAX_MARGIN = 16;
/** Readable bytes after each buffer, because SIMD reads sixteen bytes at a time. */
const PADDING = 64;
const PAGE = 65_536;

/** Addresses in the kernels' memory; the canvas, whose size depends on the model's window, comes last. */
export const LAYOUT = allocate({
  histogram: 256 * 4,
  border: 4 * 256 * 4,
  frame: MAX_FRAME_SIDE * MAX_FRAME_SIDE * 3,
  onBlack: MAX_FRAME_SIDE * MAX_FRAME_SIDE * 3,
  cells: MAX_CELLS * MAX_CELLS,
  // A row has at most one run for every two cells.
  runs: MAX_CELLS * (MAX_CELLS / 2) * 12,
  shape: (MAX_CELLS + 2 * MAX_MARGIN) ** 2,
  sums: (MAX_CELLS + 2 * MAX_MARGIN) ** 2,
  kinds: (MAX_CELLS + 2 * MAX_MARGIN) ** 2,
  lookup: 2 * MAX_FRAME_SIDE * 4,
  cellSums: (MAX_CELLS + 2 * MAX_MARGIN) ** 2 * 16,
  cellColors: MAX_CELLS * MAX_CELLS * 3,
  /** Coefficients of the background's surface, then matrices. */
  doubles: 18 * 8,
  surface: MAX_CELLS * MAX_CELLS * 3 * 4,
  raw: MAX_CELLS * MAX_CELLS * 3 * 4,
  neighbours: MAX_CELLS * MAX_CELLS * 3 * 4,
  smooth: MAX_CELLS * MAX_CELLS * 3 * 4,
  canvas: 0,
});

function allocate<Name extends string>(sizes: Record<Name, number>): Record<Name, number> {
  let at = PADDING;
  const addresses = Object.entries<number>(sizes).map(([name, size]) => {
    const place = at;
    at += Math.ceil((size + PADDING) / 16) * 16;
    return [name, place];
  });
  return Object.fromEntries(addresses) as Record<Name, number>;
}

/** The compiled kernels of this thread and their memory, whose contents are valid until the next frame. */
export class Kernels {
  readonly functions: Functions;
  /** The whole memory; replaced when it grows. */
  bytes: Uint8Array;
  readonly #memory: InstanceType<WebAssemblyApi['Memory']>;

  constructor() {
    this.#memory = new WebAssembly.Memory({initial: Math.ceil(LAYOUT.canvas / PAGE) + 4});
    this.bytes = new Uint8Array(this.#memory.buffer);
    const imports = {env: {memory: this.#memory, abort: () => {}}};
    const {exports} = new WebAssembly.Instance(new WebAssembly.Module(kernelsCode()), imports);
    this.functions = exports as Functions;
  }

  /** Grows the memory so that `count` bytes can be used from the address on. */
  reserve(at: number, count: number): void {
    const missing = at + count + PADDING - this.bytes.length;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(missing / PAGE));
    this.bytes = new Uint8Array(this.#memory.buffer);
  }

  /** Copies a frame with sides up to MAX_FRAME_SIDE into the kernels' memory, unless it is there already. */
  place({data}: Frame): void {
    if (data.buffer !== this.bytes.buffer || data.byteOffset !== LAYOUT.frame) this.bytes.set(data, LAYOUT.frame);
  }

  /** The frame's memory, `count` bytes, for a decoder to write to. */
  frameBuffer(count: number): Buffer {
    return Buffer.from(this.bytes.buffer, LAYOUT.frame, count);
  }

  /** A view of `count` 32-bit floats at an address. */
  floats(at: number, count: number): Float32Array {
    return new Float32Array(this.bytes.buffer, at, count);
  }

  /** A view of `count` 64-bit floats at an address. */
  doubles(at: number, count: number): Float64Array {
    return new Float64Array(this.bytes.buffer, at, count);
  }

  /** A view of `count` 32-bit integers at an address. */
  integers(at: number, count: number): Int32Array {
    return new Int32Array(this.bytes.buffer, at, count);
  }
}

let opened: Kernels | undefined;

/** The kernels of this thread, compiled on first use. */
export function openKernels(): Kernels {
  opened ??= new Kernels();
  return opened;
}
