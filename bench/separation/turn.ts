/** The eight ways to lay a square picture: turned by quarters, and mirrored. */
import {FIELD} from '../../src/scanning/separation/network/fields.ts';

/** Where the pixel at (x, y) of a laid picture comes from: transposed if `way` has bit 2, then mirrored by bits 0 and 1. */
function sourceOf(way: number, side: number): Int32Array {
  const from = new Int32Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [u, v] = way & 4 ? [y, x] : [x, y];
      from[y * side + x] = (way & 2 ? side - 1 - v : v) * side + (way & 1 ? side - 1 - u : u);
    }
  return from;
}

/** Copies planes of `side` x `side`, laid another way. */
export function turnPlanes(from: Float32Array, into: Float32Array, side: number, way: number): void {
  const source = sourceOf(way, side);
  for (let start = 0; start < from.length; start += source.length)
    for (let i = 0; i < source.length; i++) into[start + i] = from[start + source[i]];
}

/** What the fields say of a grain, in a picture that is laid another way; its planes are turned already. */
export function turnFields(fields: Float32Array, plane: number, way: number): void {
  const field = (at: number) => fields.subarray(at * plane, (at + 1) * plane);
  const [dx, dy, mxx, mxy, myy] = [FIELD.dx, FIELD.dy, FIELD.mxx, FIELD.mxy, FIELD.myy].map(field);
  for (let i = 0; i < plane; i++) {
    const x = way & 1 ? -dx[i] : dx[i];
    const y = way & 2 ? -dy[i] : dy[i];
    const xy = ((way & 1) !== 0) === ((way & 2) !== 0) ? mxy[i] : -mxy[i];
    const [xx, yy] = [mxx[i], myy[i]];
    dx[i] = way & 4 ? y : x;
    dy[i] = way & 4 ? x : y;
    mxx[i] = way & 4 ? yy : xx;
    mxy[i] = xy;
    myy[i] = way & 4 ? xx : yy;
  }
}
