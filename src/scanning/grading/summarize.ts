import {byCodePoint} from '../../common/code-point-order.ts';
import {defined} from '../../common/defined.ts';
import {GRADES, type ScannedGrain, type ScannedPicture, type ScanSummary, type Share} from '../types.ts';
import {varietyOf} from '../variety-of.ts';
import {relativeMass} from './mass.ts';
import {neededGrains} from './needed.ts';
import {SampleShares} from './shares.ts';
import {summarizeSizes} from './sizes.ts';
import {median} from './statistics.ts';
import {summaryWarnings} from './summary-warnings.ts';

/** A share of broken grains needs this many that could be graded, and half of the measured ones. */
const LEAST_GRADED = 10;

export interface SummaryOptions {
  /** Purity is reported for this variety. */
  expect?: string;
  /** The model's labels: each is counted, those that do not occur as 0. */
  labels: readonly string[];
}

/**
 * What the grains of one or more pictures of one sample are together. The order of the pictures does not matter, and the
 * same pictures give the same intervals.
 */
export function summarizePictures(pictures: readonly ScannedPicture[], {expect, labels}: SummaryOptions): ScanSummary {
  const ordered = [...pictures].sort((a, b) => byCodePoint(a.sha256, b.sha256));
  const grains = ordered.flatMap((picture) => picture.grains.filter(({border}) => !border));
  const shares = new SampleShares(grains, massesOf(ordered), ordered.map(({sha256}) => sha256).join('\n'));
  const isGraded = (grain: Pick<ScannedGrain, 'broken'>) => grain.broken !== undefined;
  const hasGrade = (grain: Pick<ScannedGrain, 'grade'>) => grain.grade !== undefined;
  const graded = grains.filter(isGraded).length;
  const enough = graded >= LEAST_GRADED && graded >= grains.length / 2;
  const counts = countLabels(grains, labels);
  const found = Object.keys(counts).filter((label) => counts[label] > 0);
  const broken = enough ? shares.share((grain) => grain.broken === true, isGraded) : null;
  const purity = expect === undefined ? undefined : shares.share((grain) => varietyOf(grain) === expect);
  const summary = {
    pictures: pictures.length,
    grains: sum(pictures.map(({count}) => count)),
    countByArea: sum(pictures.map(({countByArea}) => countByArea)),
    measured: grains.length,
    labels: counts,
    shares: Object.fromEntries([
      ...found.map((label) => [label, shares.share((grain) => varietyOf(grain) === label)]),
      ['unknown', shares.share((grain) => varietyOf(grain) === undefined)],
    ]) as Record<string, Share>,
    broken,
    grades: Object.fromEntries(
      GRADES.filter((grade) => enough && grains.some((grain) => grain.grade === grade)).map((grade) => [
        grade,
        shares.share((grain) => grain.grade === grade, hasGrade),
      ]),
    ),
    discolored: shares.share((grain) => grain.discolored),
    ...defined({purity: purity && expect !== undefined ? {...purity, label: expect} : undefined}),
    ...summarizeSizes(ordered, grains),
  };
  const asked = purity ?? broken ?? summary.shares.unknown;
  return {...summary, needed: neededGrains(asked.share), warnings: summaryWarnings(pictures, summary)};
}

/** Masses to compare, of all pictures in one unit: mm if each has a scale, otherwise the typical grain of its picture. */
function massesOf(pictures: readonly ScannedPicture[]): number[] {
  const inner = pictures.map((picture) => picture.grains.filter(({border}) => !border));
  const metric = inner.every((grains) => grains.every(({mm}) => mm !== undefined));
  return inner.flatMap((grains) => {
    const masses = grains.map((grain) => relativeMass(metric && grain.mm ? grain.mm : grain));
    const unit = metric || masses.length === 0 ? 1 : median(masses) || 1;
    return masses.map((mass) => mass / unit);
  });
}

function countLabels(grains: readonly ScannedGrain[], labels: readonly string[]): Record<string, number> {
  const counts = new Map(labels.map((label) => [label, 0]));
  for (const grain of grains) {
    const variety = varietyOf(grain);
    if (variety !== undefined) counts.set(variety, (counts.get(variety) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
