import {defined} from '../../common/defined.ts';
import type {Grade, GrainGrade} from '../types.ts';
import {compareGrain} from './compare.ts';
import {findDiscolored} from './discolored.ts';
import {HiddenEnds} from './hidden-ends.ts';
import {grainMass} from './mass.ts';
import {areMostlyCut, findReferences, type Reference} from './references.ts';
import {isFineEnough} from './resolution.ts';
import {type NamedGrain, type Specimen, specimensOf} from './specimen.ts';
import {WHOLE_FROM, wholeLength} from './whole-length.ts';

/** ISO 7301: a grain from 3/4 of the mean length is head rice. */
const HEAD_FROM = 0.75;

export interface GradingOptions {
  /** A grain shorter than this share of the whole ones of its variety is broken: 3/4 by default, USDA's (7 CFR 868.302). */
  brokenBelow?: number;
}

/**
 * Grades the grains of one picture by comparing them with each other.
 *
 * The length of whole grains of each variety is found among those of the picture (see `findReferences`), and each grain is
 * compared with the variety that explains it best, since a broken grain's name says little (see `compareGrain`). Where
 * no whole grain is there to compare with, as in a picture of only broken ones, a grain with a cut end is broken, without a
 * grade, for how much of it is missing can't be seen; and what is short beside the longest of these pieces is broken, too.
 * Where nothing decides, where an end of a short grain may lie below another one, and where the grains have too few pixels, `grade` and `broken` stay undefined.
 *
 * @returns in the order of the grains
 */
export function gradeGrains(grains: readonly NamedGrain[], {brokenBelow = 0.75}: GradingOptions = {}): GrainGrade[] {
  const {all, metric} = specimensOf(grains);
  const specimens = all.filter((specimen) => specimen !== undefined);
  const references = findReferences(specimens, metric);
  const piece = areMostlyCut(specimens) ? wholeLength(specimens.map(({length}) => length)) : 0;
  const discolored = findDiscolored(grains);
  const fine = isFineEnough(grains);
  const hidden = new HiddenEnds(grains);
  return grains.map((grain, i) => {
    const specimen = all[i];
    let verdict = specimen && fine ? judge(specimen, references, brokenBelow, piece, grain.mm?.width) : {};
    // Too short by what is seen of it, which says nothing if the rest lies below another grain.
    if (grain.touching && piece === 0 && (verdict.lengthShare ?? 1) < HEAD_FROM && hidden.has(i)) verdict = {};
    const mass = grain.mm && !grain.border ? grainMass(grain.mm) : undefined;
    return {...verdict, discolored: discolored[i], ...defined({mass})};
  });
}

function judge(
  specimen: Specimen,
  references: readonly Reference[],
  brokenBelow: number,
  longestPiece: number,
  millimeters: number | undefined,
): Pick<GrainGrade, 'grade' | 'lengthShare' | 'broken' | 'pieceOf'> {
  const comparison = compareGrain(specimen, references);
  if (!comparison || comparison.reference.source === 'shape') {
    if (specimen.cut || specimen.length < brokenBelow * longestPiece) return {broken: true};
    // In a picture of pieces a name and a shape prove nothing.
    if (!comparison || longestPiece > 0) return {};
  }
  const {lengthShare, reference} = comparison;
  const broken = lengthShare < brokenBelow;
  const pieceOf = broken && reference.source === 'picture' ? reference.label : undefined;
  return {grade: gradeOf(lengthShare, millimeters), lengthShare, broken, ...defined({pieceOf})};
}

/**
 * The name by ISO 7301. What passes a round sieve of 1.4 mm is a chip; a grain passes by its width, so that needs a scale.
 *
 * @param lengthShare length as a share of that of whole grains
 * @param width in mm
 */
export function gradeOf(lengthShare: number, width?: number): Grade {
  if (lengthShare >= WHOLE_FROM) return 'whole';
  if (lengthShare >= HEAD_FROM) return 'head';
  if (lengthShare >= 0.5) return 'large broken';
  if (lengthShare >= 0.25) return 'medium broken';
  return width !== undefined && width < 1.4 ? 'chip' : 'small broken';
}
