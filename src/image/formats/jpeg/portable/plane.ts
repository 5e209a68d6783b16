import type {JpegComponent, JpegFrame} from '../frame.ts';

export const BLOCK = 64;

/** The samples of one color, as blocks of 8 x 8. */
export interface Plane extends JpegComponent {
  /** Blocks that it has of its own; a scan of several colors fills up to whole units of them. */
  blocksAcross: number;
  blocksDown: number;
  /** Blocks of a stored row. */
  stride: number;
  /** Of a row of units, or of the whole picture: 64 a block, in rows. */
  coefficients: Int16Array;
  /** Of its first scan, in rows; undefined before that. */
  quantization: Uint16Array | undefined;
  /** Samples of a row of units: 8 * v rows of 8 * stride. */
  samples: Uint8Array;
}

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
    return {
      ...component,
      blocksAcross: Math.ceil(Math.ceil((width * component.h) / mostH) / 8),
      blocksDown: Math.ceil(Math.ceil((height * component.v) / mostV) / 8),
      stride,
      coefficients: new Int16Array(stride * rows * BLOCK),
      quantization: undefined,
      samples: new Uint8Array(stride * component.v * BLOCK),
    };
  });
}

function mostFactors(components: readonly JpegComponent[]): [number, number] {
  return [Math.max(...components.map(({h}) => h)), Math.max(...components.map(({v}) => v))];
}
