import type {Frame} from '../../../image/frame.ts';
import type {Outline, Point} from '../../types.ts';
import {findEdges} from '../edges/edge-points.ts';
import {applyHomography} from '../geometry/homography.ts';
import {boxOf, convexContains, signedArea} from '../geometry/polygon.ts';
import {notFound, placeOf} from '../not-found.ts';
import type {FoundScale} from '../types.ts';
import {findLines} from './lines.ts';
import {pxPerMmOf, type RectangleView, rectangleInPicture, viewOfRectangle} from './perspective.ts';
import {describeQuadrilateral, findQuadrilaterals, type Quadrilateral} from './quadrilaterals.ts';
import {refineCorners} from './refine-sides.ts';

/** Rectangular things of known size, in mm. */
export const RECTANGLES = {
  /** ISO/IEC 7810 ID-1: bank cards, identity cards, driving licences. */
  card: {size: [85.6, 53.98], title: 'card', round: 0.1},
  /** ISO 216. */
  a4: {size: [297, 210], title: 'sheet of A4', round: 0.03},
  /** ANSI/ASME Y14.1. */
  letter: {size: [279.4, 215.9], title: 'sheet of Letter', round: 0.03},
} as const;

/** Ratio and right angles may be off by so much: lenses bend lines, and pictures are cut so that their middle is not the lens's. */
const MOST_RESIDUAL = 0.04;
const MOST_TILT = 42;
/** At fewer pixels per millimeter, grains are too small to be measured. */
const LEAST_PX_PER_MM = 1.5;
/** Of the sheet, so much at its border is left out: its edge, and its shadow. */
const INSET = 4;
const MOST_REFINED = 12;

interface Candidate {
  corners: Outline;
  view: RectangleView;
  score: number;
}

/**
 * The scale, and the perspective, by a card or a sheet of paper: four straight edges that a camera can see as the sides of
 * such a rectangle, whichever way round. Of several, the one whose sides are seen best; of one in another, the outer.
 *
 * @throws RiceError REFERENCE_NOT_FOUND
 */
export function findRectangle(picture: Frame, kind: keyof typeof RECTANGLES, at?: Point): FoundScale {
  const {size, title, round} = RECTANGLES[kind];
  const {width, height} = picture;
  const edges = findEdges(picture);
  const least = Math.max(LEAST_PX_PER_MM * size[1], 12 * edges.factor);
  const quadrilaterals = findQuadrilaterals(findLines(edges, width, height), width, height, 0.6 * least).filter(
    ({corners}) => !at || convexContains(corners, at),
  );
  const fitting = quadrilaterals.flatMap(({corners, score}): Candidate[] => {
    const view = viewOfRectangle(corners, size, picture);
    // Corners on the reduced picture are not exact yet.
    if (!view || view.residual > 2 * MOST_RESIDUAL || view.tilt > MOST_TILT + 5) return [];
    return [{corners, view, score: score - 2 * view.residual}];
  });
  fitting.sort((a, b) => b.score - a.score);
  const refined = distinct(fitting)
    .slice(0, MOST_REFINED)
    .flatMap((candidate) =>
      refine(picture, candidate.corners, kind, {reach: Math.max(4, 2.5 * edges.factor), trim: round}),
    );
  const best = outermost(refined);
  if (!best) throw missing(kind, at, quadrilaterals, picture);
  const {view, corners} = best;
  const tilt = view.tilt;
  const sheet = kind !== 'card';
  const box = boxOf(corners);
  return {
    scale: {
      pxPerMm: pxPerMmOf(view.toMillimeters, picture),
      source: kind,
      description: `${title} at ${placeOf([box.x + box.width / 2, box.y + box.height / 2])}`,
      tilt,
    },
    toMillimeters: view.toMillimeters,
    ...(sheet ? {regions: [rectangleInPicture(view.fromMillimeters, inside(view, corners))]} : {}),
    objects: sheet ? [] : [{kind: 'card', ...box, outline: corners}],
  };
}

function refine(
  picture: Frame,
  corners: Outline,
  kind: keyof typeof RECTANGLES,
  options: {reach: number; trim: number},
): Candidate[] {
  const refined = refineCorners(picture, corners, options);
  const view = refined && viewOfRectangle(refined.corners, RECTANGLES[kind].size, picture);
  if (!view || view.residual > MOST_RESIDUAL || view.tilt > MOST_TILT || refined.seen < 0.35) return [];
  if (pxPerMmOf(view.toMillimeters, picture) < LEAST_PX_PER_MM) return [];
  return [{corners: refined.corners, view, score: refined.seen - 4 * view.residual}];
}

/** The best candidates, without those that are hardly apart from a better one. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates.slice(0, 100))
    if (!kept.some((other) => cornersApart(other.corners, candidate.corners) < 5)) kept.push(candidate);
  return kept;
}

/** The best, or one around it that is nearly as good: a frame that is printed on a card has the ratio of the card. */
function outermost(candidates: readonly Candidate[]): Candidate | undefined {
  const [best] = [...candidates].sort((a, b) => b.score - a.score);
  if (!best) return undefined;
  const around = candidates.filter(
    ({corners, score}) => score > best.score - 0.15 && best.corners.every((corner) => convexContains(corners, corner)),
  );
  return around.sort((a, b) => Math.abs(signedArea(b.corners)) - Math.abs(signedArea(a.corners)))[0] ?? best;
}

/** The largest distance of a corner of one from the nearest of the other. */
function cornersApart(one: Outline, other: Outline): number {
  return Math.max(...one.map(([x, y]) => Math.min(...other.map(([u, v]) => Math.hypot(x - u, y - v)))));
}

/** The sheet in its own mm, without its border. */
function inside({toMillimeters}: RectangleView, corners: Outline) {
  const {width, height} = boxOf(corners.map((corner) => applyHomography(toMillimeters, corner)));
  return {x: INSET, y: INSET, width: width - 2 * INSET, height: height - 2 * INSET};
}

function missing(kind: keyof typeof RECTANGLES, at: Point | undefined, seen: Quadrilateral[], picture: Frame) {
  const {size, title} = RECTANGLES[kind];
  const searched = `a ${title}${kind === 'card' ? ` of ${size[0]} x ${size[1]} mm` : ''}${at ? ` at ${placeOf(at)}` : ''}`;
  const ground = kind === 'card' ? 'Lay it flat' : 'Lay the sheet flat, all four sides in the picture';
  const advice = [`${ground}, on a ground of another color.`];
  const best = seen[0];
  if (!best) return notFound(searched, 'no four straight sides were seen', advice);
  const view = viewOfRectangle(best.corners, size, picture);
  const why =
    view && view.tilt > MOST_TILT
      ? `the camera would be tilted by ${Math.round(view.tilt)} degrees`
      : view && view.residual <= MOST_RESIDUAL
        ? 'it is too small, or its sides are not sharp enough, to be measured'
        : `its sides are ${Math.round((view?.residual ?? 1) * 100)} % off ${(size[0] / size[1]).toFixed(2)} to 1`;
  return notFound(searched, `something with four sides is ${describeQuadrilateral(best.corners)}, but ${why}`, advice);
}
