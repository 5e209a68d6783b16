/**
 * Distances from the known varieties, and their thresholds, from few pictures: there are too few to keep some for the thresholds
 * alone, so each picture is measured by distances that were fitted without its fold.
 */
import {FACE_COLUMNS, SIZE_COLUMNS} from '../../graphs/model-graph.ts';
import {type ClassDistances, fitClassDistances, inUnitsOf, nearestDistances} from '../../scores/class-distances.ts';
import {columnsOfRows, type DistanceScores, type Distances} from '../../scores/fit-distances.ts';
import {quantile} from '../../scores/quantile.ts';
import {type MeasuredViews, plainRows, rowsOfPictures, unchangedViews, widthOf} from '../pictures/measure-views.ts';

/** The share of pictures that are not unlike the others, each measured without its fold. */
const KNOWN = 0.98;
/** The largest of few distances is smaller than that of many. */
const MARGIN = 1.1;
/** A class of many pictures is taken by itself up to nine tenths, as elsewhere. */
const LEAST_SHRINKAGE = 0.1;

export interface FewDistances {
  distances: Distances;
  /** The scores of the pictures as they are, in units of their thresholds, each without its fold. */
  held: DistanceScores;
}

/** @param folds of the pictures */
export function fitFewDistances(measured: MeasuredViews, folds: readonly number[]): FewDistances {
  const fitted = (name: string, columns: number | undefined, views: number) =>
    crossFitted(measured, folds, name, columns, views);
  const novelty = fitted('embedding', undefined, measured.views);
  const outline = measured.rows.outline && fitted('outline', undefined, measured.views);
  const known = outline ? novelty.held.map((distance, i) => Math.max(distance, outline.held[i])) : novelty.held;
  const both = {novelty: novelty.distances, ...(outline ? {outline: outline.distances} : {})};
  if (!measured.rows.capture) return {distances: both, held: {novelty: known}};
  const capture = fitted('capture', undefined, measured.views);
  const strangeness = fitted('capture', FACE_COLUMNS, unchangedViews(measured));
  const size = fitted('capture', SIZE_COLUMNS, unchangedViews(measured));
  return {
    distances: {
      ...both,
      capture: capture.distances,
      faceValue: {strangeness: strangeness.distances, size: size.distances},
    },
    held: {novelty: known, capture: capture.held, strangeness: strangeness.held, sizeNovelty: size.held},
  };
}

function crossFitted(
  measured: MeasuredViews,
  folds: readonly number[],
  name: string,
  columns: number | undefined,
  views: number,
): {distances: ClassDistances; held: Float64Array} {
  const width = widthOf(measured, name);
  const cut = (rows: Float32Array) => (columns === undefined ? rows : columnsOfRows(rows, width, 0, columns));
  const fitTo = (chosen: (picture: number) => boolean) => {
    const {rows, pictures} = rowsOfPictures(measured, name, views, chosen);
    const perLabel = new Set(pictures).size / new Set(pictures.map((picture) => measured.labels[picture])).size;
    const dimensions = columns ?? width;
    const shrinkage = Math.max(LEAST_SHRINKAGE, dimensions / (dimensions + perLabel));
    return fitClassDistances(
      cut(rows),
      pictures.map((picture) => measured.labels[picture]),
      shrinkage,
    );
  };
  const plain = cut(plainRows(measured, name));
  const size = columns ?? width;
  const held = new Float64Array(measured.count);
  for (const fold of new Set(folds)) {
    const distances = fitTo((picture) => folds[picture] !== fold);
    for (let picture = 0; picture < measured.count; picture++) {
      if (folds[picture] !== fold) continue;
      held[picture] = nearestDistances(plain.subarray(picture * size, (picture + 1) * size), distances)[0];
    }
  }
  const measuredUnit = quantile(held, KNOWN) * MARGIN;
  const unit = measuredUnit > 0 ? measuredUnit : 1;
  return {
    distances: inUnitsOf(
      fitTo(() => true),
      unit,
    ),
    held: held.map((distance) => distance / unit),
  };
}
