import type {Size} from '../types.ts';

/** mg/mm3 of milled rice. */
const DENSITY = 1.45;

/**
 * Estimated mass of a milled grain in mg: an ellipsoid of 1.45 mg/mm3. Its thickness, which a picture does not show, is
 * estimated from the width. Published means of milled US varieties (length x width x thickness in mm): long 7.0 x 2.05 x 1.65,
 * medium 5.7 x 2.5 x 1.8, short 5.1 x 2.7 x 1.9; thickness / width is 0.80, 0.72, 0.70, linear in length / width within 0.01.
 * So computed they have 18, 20 and 20 mg; published are 15 to 21, 17 to 21 and 18 to 22.
 *
 * @param size in mm
 */
export function grainMass({length, width}: Pick<Size, 'length' | 'width'>): number {
  const thickness = width * Math.min(0.805, Math.max(0.7, 0.704 + 0.0664 * (length / width - 1.89)));
  return (DENSITY * Math.PI * length * width * thickness) / 6;
}

/**
 * A number proportional to the mass, in no unit, to compare grains with each other: area x width. It follows a broken
 * grain's shape, which an ellipsoid does not.
 */
export function relativeMass({area, width}: Pick<Size, 'area' | 'width'>): number {
  return area * width;
}
