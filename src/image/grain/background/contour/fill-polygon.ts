import {emptyMask, type Mask, setCell} from '../cell-mask.ts';

/** The cells whose centers lie within a closed polygon (even-odd). Cell (x, y) is the point (x, y). */
export function fillPolygon(x: Float64Array, y: Float64Array, width: number, height: number): Mask {
  const mask = emptyMask(width, height);
  const crossings: number[] = [];
  for (let row = 0; row < height; row++) {
    crossings.length = 0;
    for (let i = 0, last = x.length - 1; i < x.length; last = i++) {
      if (y[i] > row === y[last] > row) continue;
      crossings.push(x[i] + ((row - y[i]) / (y[last] - y[i])) * (x[last] - x[i]));
    }
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2)
      for (let cell = Math.max(0, Math.ceil(crossings[k])); cell <= crossings[k + 1] && cell < width; cell++)
        setCell(mask, cell, row);
  }
  return mask;
}
