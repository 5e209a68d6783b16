import {setImmediate} from 'node:timers/promises';
import type {Frame} from '../../image/frame.ts';
import type {Foreground} from '../foreground/find-foreground.ts';
import {chalkShares} from '../measures/chalk.ts';
import {measureOutline} from '../measures/measure-outline.ts';
import type {MeasuredGrain} from '../types.ts';
import {delineate} from './delineate.ts';
import type {LabeledGrain} from './part.ts';
import {simplify} from './simplify.ts';

/** Outlines may be simplified by so many pixels, or cells. */
const TOLERANCE = 0.2;
const TOLERANCE_IN_CELLS = 0.1;

/** Grains that are measured in one go. */
const TURN = 256;

/** A grain's cells, and what is known of it. */
export type GrainPiece = LabeledGrain & Pick<MeasuredGrain, 'border' | 'touching'>;

/**
 * Finds the outlines of grains whose cells are known, and measures them.
 *
 * @param factor pixels of the picture per cell
 * @returns the grains, not yet numbered, and for each that lies apart how wide its edge is, as a share of its width
 */
export async function delineateGrains(
  picture: Frame,
  foreground: Foreground,
  pieces: readonly GrainPiece[],
  factor: number,
  whiteBalance?: readonly [number, number, number],
): Promise<{grains: MeasuredGrain[]; blurs: number[]}> {
  const grains: MeasuredGrain[] = [];
  const lightness: Float32Array[] = [];
  const blurs: number[] = [];
  for (const [i, piece] of pieces.entries()) {
    // Signals and timers are served in between: there may be tens of thousands.
    if (i % TURN === TURN - 1) await setImmediate();
    const delineated = delineate(picture, foreground.ground, foreground, piece, factor, whiteBalance);
    if (!delineated) continue;
    const {solidity: _, ...measures} = measureOutline(delineated.outline);
    const outline = simplify(delineated.outline, Math.max(TOLERANCE, TOLERANCE_IN_CELLS * factor));
    const {border, touching} = piece;
    grains.push({id: 0, ...measures, color: delineated.color, white: 0, border, touching, outline});
    lightness.push(delineated.lightness);
    if (!touching) blurs.push(delineated.edge / measures.width);
  }
  const shares = chalkShares(lightness);
  return {grains: grains.map((grain, i) => ({...grain, white: shares[i]})), blurs};
}
