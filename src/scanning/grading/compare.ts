import type {Reference} from './references.ts';
import type {Specimen} from './specimen.ts';

/** Share of broken grains that is assumed before anything is seen. */
const BROKEN = 0.15;

export interface Comparison {
  reference: Reference;
  /** Length as a share of the reference's. */
  lengthShare: number;
}

/**
 * Which kind a grain belongs to, whole or as a piece: the one that explains best what is seen of it (Bayes), of length,
 * width, cut ends and label together. A piece keeps the width of its kind and shows a cut end, and the model's name for it
 * means nothing; a whole grain has the length of its kind, and its name counts.
 *
 * @returns undefined without references
 */
export function compareGrain(grain: Specimen, references: readonly Reference[]): Comparison | undefined {
  let best: {comparison: Comparison; score: number} | undefined;
  for (const seen of waysToSee(grain))
    for (const reference of references) {
      const score = weightOf(reference, seen) * likelihood(seen, reference);
      if (!best || score > best.score)
        best = {comparison: {reference, lengthShare: seen.length / reference.length}, score};
    }
  return best?.comparison;
}

/** A piece that is cut along its long side is wider than long. */
function waysToSee(grain: Specimen): Specimen[] {
  return grain.sideways ? [grain, {...grain, length: grain.width, width: grain.length}] : [grain];
}

/**
 * Of how many grains of a kind are there. A kind that rests on names and a stored shape alone is doubted where the grain is
 * one of those names; for other grains it is as good as one grain.
 */
function weightOf({whole, source, label}: Reference, grain: Specimen): number {
  if (source === 'picture') return whole;
  return whole + (grain.label === label ? 0.06 : 1);
}

function likelihood(grain: Specimen, reference: Reference): number {
  const share = grain.length / reference.length;
  const width = Math.log(grain.width / reference.width);
  // Whole grains of one variety: standard deviation of lengths and of widths 5 to 8 % each, a little more as measured.
  const whole = (1 - BROKEN) * normal(share - 1, 0.08) * normal(width, 0.09) * ofEnds(grain, 'whole');
  // Pieces of a tip are narrower than their grain, not wider.
  const piece = BROKEN * (share < 0.95 ? 1 : 1e-3) * normal(width, width < 0 ? 0.2 : 0.1) * ofEnds(grain, 'piece');
  return whole * ofName(grain, reference) + piece * ofNameOfPiece(grain) + 1e-12 * normal(width, 0.3);
}

function ofEnds({cut, touching}: Specimen, kind: 'whole' | 'piece'): number {
  if (cut === undefined) return 0.5;
  const cutOften = kind === 'whole' ? (touching ? 0.4 : 0.03) : touching ? 0.7 : 0.85;
  return cut ? cutOften : 1 - cutOften;
}

/** The model knows few pieces, and then any name is as likely. */
function ofNameOfPiece({label}: Specimen): number {
  return label === undefined ? 0.7 : 0.3;
}

function ofName({label}: Specimen, reference: Reference): number {
  if (reference.label === undefined) return label === undefined ? 0.7 : 0.3;
  if (label === undefined) return 0.04;
  return label === reference.label ? 0.95 : 0.01;
}

function normal(distance: number, deviation: number): number {
  return Math.exp(-0.5 * (distance / deviation) ** 2) / deviation;
}
