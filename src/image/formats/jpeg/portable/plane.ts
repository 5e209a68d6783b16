import type {JpegComponent, JpegFrame} from '../frame.ts';

export const BLOCK = 64;

/** The samples of one color, as blocks of 8 x 8. */
export interface Plane extends JpegComponent {
  /** Samples that it has of its own. */
  width: number;
  height: number;
  /** Blocks that these are; a scan of several colors fills up to whole units of them. */
  blocksAcross: number;
  blocksDown: number;
  /** Blocks of a stored row. */
  stride: number;
  /** Of a row of units, or of the whole picture: 64 a block, in rows. */
  coefficients: Int16Array;
  /** Scaled steps of its first scan, in rows; undefined before that. */
  steps: Int32Array | undefined;
  /** Samples of KEPT_UNIT_ROWS rows of units, each 8 * v rows of 8 * stride; a row of units replaces that so many before. */
  samples: Uint8Array;
}

/** Colors that are stored coarser are spread with an eye to the rows above and below. */
export const KEPT_UNIT_ROWS = 3;

/** Units (MCUs) are what the colors' blocks come in; a row of them is decoded at a time. */
export interface Units {
  across: number;
  down: number;
  /** Pixels of one. */
  width: number;
  height: number;
}

export function unitsOf({width, height, components}: JpegFrame): Units {
  const [h, v] = mostFactors(components);
  return {across: Math.ceil(width / (8 * h)), down: Math.ceil(height / (8 * v)), width: 8 * h, height: 8 * v};
}

/** @param whole memory for the whole picture rather than for a row of units */
export function makePlanes({width, height, components}: JpegFrame, units: Units, whole: boolean): Plane[] {
  const [mostH, mostV] = mostFactors(components);
  return components.map((component) => {
    const stride = units.across * component.h;
    const rows = component.v * (whole ? units.down : 1);
    const own = {width: Math.ceil((width * component.h) / mostH), height: Math.ceil((height * component.v) / mostV)};
    return {
      ...component,
      ...own,
      blocksAcross: Math.ceil(own.width / 8),
      blocksDown: Math.ceil(own.height / 8),
      stride,
      coefficients: new Int16Array(stride * rows * BLOCK),
      steps: undefined,
      samples: new Uint8Array(KEPT_UNIT_ROWS * stride * component.v * BLOCK),
    };
  });
}

/** How much finer than the coarsest the finest color is stored. */
export function mostFactors(components: readonly JpegComponent[]): [number, number] {
  return [Math.max(...components.map(({h}) => h)), Math.max(...components.map(({v}) => v))];
}
