import type {ScannedPicture, ScanSummary} from '../types.ts';
import {isFineEnough, LEAST_LENGTH, LEAST_PX_PER_MM} from './resolution.ts';

/** Fewer grains say little: of 100 without a broken one, 0 to 3.7 % may be broken. */
const FEW_GRAINS = 100;
/** By how much the counts may differ, as a share. */
const COUNTS_AGREE = 0.02;

const COUNT = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});

/** For people: what limits a summary, and what to do. */
export function summaryWarnings(
  pictures: readonly ScannedPicture[],
  summary: Pick<ScanSummary, 'grains' | 'countByArea' | 'measured' | 'broken'>,
): string[] {
  const {grains, countByArea, measured, broken} = summary;
  const inner = pictures.flatMap((picture) => picture.grains.filter(({border}) => !border));
  const ungraded = inner.filter((grain) => grain.broken === undefined).length;
  const unreferenced = inner.filter((grain) => grain.broken === true && grain.grade === undefined).length;
  const scaled = pictures.filter(({scale}) => scale !== null).length;
  const coarse = pictures.filter((picture) => !isFineEnough(picture.grains)).length;
  const atBorder = pictures.flatMap((picture) => picture.grains).length - inner.length;
  const warnings: string[] = [];
  if (measured > 0 && measured < FEW_GRAINS)
    warnings.push(
      `Only ${amount(measured, 'grain')}: the intervals are wide. Scan more of the sample, best 500 or more.`,
    );
  if (coarse > 0)
    warnings.push(
      `${ofPictures(coarse, pictures.length)} too few pixels to tell broken grains: less than ${LEAST_PX_PER_MM} px/mm, or grains of less than ${LEAST_LENGTH} px. Move closer, or scan at 300 dpi or more.`,
    );
  if (scaled > 0 && scaled < pictures.length)
    warnings.push(
      `${ofPictures(pictures.length - scaled, pictures.length)} no scale: lengths are in pixels, and those of different pictures do not compare.`,
    );
  if (Math.abs(grains - countByArea) > Math.max(1, COUNTS_AGREE * grains, byChance(inner)))
    warnings.push(
      `${COUNT.format(grains)} grains were separated, but their area is that of ${COUNT.format(countByArea)}: spread the grains so that none touch, and scan again.`,
    );
  if (atBorder > 0)
    warnings.push(
      `${amount(atBorder, 'grain')} at the border ${atBorder === 1 ? 'is' : 'are'} counted, but not measured, named or graded.`,
    );
  if (unreferenced > 0)
    warnings.push(
      `${amount(unreferenced, 'broken grain')} ${unreferenced === 1 ? 'was' : 'were'} told by a cut end or by being short, as no whole grains are there to compare with: how much of ${unreferenced === 1 ? 'it' : 'them'} is missing is not known.`,
    );
  if (ungraded > 0 && coarse < pictures.length)
    warnings.push(
      broken === null
        ? 'Too few grains could be compared with whole ones of their variety to say how many are broken.'
        : `${amount(ungraded, 'grain')} could not be compared with whole ones of ${ungraded === 1 ? 'its' : 'their'} variety, and ${ungraded === 1 ? 'is' : 'are'} not in the share of broken ones.`,
    );
  return warnings;
}

/** By how much the count by area differs by chance alone, since grains differ in area: two standard errors. */
function byChance(grains: readonly {area: number; touching: boolean}[]): number {
  const apart = grains.filter(({touching}) => !touching).map(({area}) => area);
  const joined = grains.length - apart.length;
  if (apart.length < 2 || joined === 0) return 0;
  const mean = apart.reduce((sum, area) => sum + area, 0) / apart.length;
  const variance = apart.reduce((sum, area) => sum + (area - mean) ** 2, 0) / (apart.length - 1);
  return 2 * (Math.sqrt(variance) / mean) * joined * Math.sqrt(1 / apart.length + 1 / joined);
}

function amount(count: number, noun: string): string {
  return `${COUNT.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function ofPictures(count: number, all: number): string {
  if (all === 1) return 'The picture has';
  return count === 1 ? `1 of ${all} pictures has` : `${count} of ${all} pictures have`;
}
