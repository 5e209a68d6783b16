import {defined} from '../../common/defined.ts';
import type {Frame} from '../../image/frame.ts';
import {REFERENCE_SIDE} from '../../image/window/canvas.ts';
import type {CallOptions} from '../../model/classifier.ts';
import {convexHull} from '../measures/convex-hull.ts';
import type {GrainName, MeasuredGrain, Outline} from '../types.ts';
import {type FrameClassifier, findModelScale} from './find-model-scale.ts';
import {type CutGrain, cutGrain, framed} from './grain-frame.ts';

/** Names of grains, and the scale at which they were named. */
export interface NamedGrains {
  /** In the order of the grains. */
  names: GrainName[];
  /** Side in pixels of the photograph of the square in which each grain was shown to the model. */
  side: number;
}

/** What the border of the photograph cuts is not named, whatever the rest of it looks like. */
const OUT_OF_FRAME = {known: false, reason: 'out of frame'} as const;

/**
 * Names grains by the classifier, each alone on black, all at the scale that suits the model best.
 *
 * @param grains at least one
 * @param options by which their names are accepted
 */
export async function nameGrains(
  classifier: FrameClassifier,
  picture: Frame,
  grains: readonly MeasuredGrain[],
  options: CallOptions = {},
): Promise<NamedGrains> {
  const cut = (grain: MeasuredGrain) => cutGrain(picture, namedOutline(grain));
  // A few grains are looked at again and again; all of them together would take as much memory as the picture.
  const kept = new Map<MeasuredGrain, CutGrain>();
  const frameOf = (grain: MeasuredGrain, side: number) => {
    if (!kept.has(grain)) kept.set(grain, cut(grain));
    return framed(kept.get(grain)!, side);
  };
  const side = await findModelScale(classifier, grains, frameOf, REFERENCE_SIDE);
  async function* frames() {
    for (const grain of grains) yield framed(kept.get(grain) ?? cut(grain), side);
  }
  const predictions = await classifier.classifyFrames(frames(), {...options, cutOut: true});
  const names = predictions.map(
    ({label, confidence, known, reason, probabilities, novelty, capture, strangeness, sizeNovelty}, i) => ({
      label,
      confidence,
      ...(grains[i].border ? OUT_OF_FRAME : {known, ...defined({reason})}),
      probabilities,
      ...defined({novelty, capture, strangeness, sizeNovelty}),
    }),
  );
  return {names, side};
}

/**
 * The outline by which a grain is named. Whole grains are convex: what another grain covers of one is filled up to the convex hull, with
 * the pixels of the other, which is rice as well.
 */
function namedOutline({outline, touching}: MeasuredGrain): Outline {
  return touching ? convexHull(outline) : outline;
}
