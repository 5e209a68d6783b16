import type {Frame} from '../../frame.ts';

/** Some of a frame's cells and their coordinates, -1 to 1 across the frame. */
export interface CellSamples {
  cells: Int32Array;
  x: Float64Array;
  y: Float64Array;
}

/** Width in cells of the border that is assumed to be background at first. */
const BAND = 2;
/** The sample is every third cell of every third row. */
const SAMPLE_STEP = 3;

/** The cells within BAND of the border. */
export function borderOf({width, height}: Frame): CellSamples {
  const cells: number[] = [];
  for (let y = 0; y < height; y++) {
    const within = y >= BAND && y < height - BAND && width > 2 * BAND;
    for (let x = 0; x < width; x++) {
      if (within && x === BAND) x = width - BAND;
      cells.push(y * width + x);
    }
  }
  return samplesOf(cells, width, height);
}

/** Cells spread evenly over the frame. */
export function sampleOf({width, height}: Frame): CellSamples {
  const cells: number[] = [];
  for (let y = 0; y < height; y += SAMPLE_STEP) for (let x = 0; x < width; x += SAMPLE_STEP) cells.push(y * width + x);
  return samplesOf(cells, width, height);
}

/** The coordinate of the center of a column or row. */
function coordinateOf(index: number, count: number): number {
  return (2 * index + 1) / count - 1;
}

function samplesOf(cells: number[], width: number, height: number): CellSamples {
  const samples = {
    cells: Int32Array.from(cells),
    x: new Float64Array(cells.length),
    y: new Float64Array(cells.length),
  };
  for (let k = 0; k < cells.length; k++) {
    const row = Math.floor(cells[k] / width);
    samples.x[k] = coordinateOf(cells[k] - row * width, width);
    samples.y[k] = coordinateOf(row, height);
  }
  return samples;
}
