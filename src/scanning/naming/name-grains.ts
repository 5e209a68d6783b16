import {defined} from '../../common/defined.ts';
import type {Frame} from '../../image/frame.ts';
import type {Classifier} from '../../model/classifier.ts';
import type {GrainName, MeasuredGrain} from '../types.ts';
import {grainFrame} from './grain-frame.ts';

/** Side of the dataset's pictures, in which a grain has the scale that models are trained on. */
const REFERENCE_SIDE = 250;
/** Length in pixels of a typical grain in the dataset. */
const TYPICAL_LENGTH = 160;
const LEAST_LENGTH = 70;
const MOST_LENGTH = 240;

/**
 * Names grains by the classifier, each alone on black.
 *
 * @returns in the order of the grains
 */
export async function nameGrains(
  classifier: Classifier,
  picture: Frame,
  grains: readonly MeasuredGrain[],
): Promise<GrainName[]> {
  const side = Math.round(REFERENCE_SIDE * scaleOf(grains));
  async function* frames() {
    for (const {outline} of grains) yield grainFrame(picture, outline, side);
  }
  const predictions = await classifier.classifyFrames(frames());
  return predictions.map(({label, confidence, known, reason, probabilities, novelty, capture}) => ({
    label,
    confidence,
    known,
    ...defined({reason}),
    probabilities,
    ...defined({novelty, capture}),
  }));
}

/** Pixels of the photograph per pixel of the dataset. */
function scaleOf(grains: readonly MeasuredGrain[]): number {
  const lengths = grains
    .filter(({border}) => !border)
    .map(({length}) => length)
    .sort((a, b) => a - b);
  const typical = lengths[lengths.length >> 1] ?? TYPICAL_LENGTH;
  const longest = lengths[lengths.length - 1] ?? TYPICAL_LENGTH;
  const scale = typical < LEAST_LENGTH || typical > MOST_LENGTH ? typical / TYPICAL_LENGTH : 1;
  return Math.max(scale, (1.05 * longest) / REFERENCE_SIDE);
}
