import type {Frame} from '../../image/frame.ts';
import type {CallOptions, Prediction} from '../../model/classifier.ts';
import type {MeasuredGrain} from '../types.ts';

/** Pictures of single grains in, predictions out: a `Classifier`. */
export interface FrameClassifier {
  classifyFrames(frames: AsyncIterable<Frame>, options?: CallOptions): Promise<Prediction[]>;
}

/** Lengths that the median grain of the photograph may have for the model, in pixels of the dataset's pictures. */
const LENGTHS = [102, 118, 137, 158, 183, 212];
/** So many grains of a picture are enough to find its scale. */
const SAMPLE = 16;
/** Far from the training pictures is as far as the scores can say: one strange grain must not decide. */
const MOST = 4;

/**
 * Finds the scale at which the model knows the grains of a photograph best. Models are trained on pictures of one scale, and a
 * photograph may have any; but all its grains have the same. Some of them are classified at several scales, and
 * that wins at which they are nearest to the training pictures: by the model's scores of strangeness and novelty, or, where it
 * has none, by its confidence.
 *
 * @param frameOf a grain alone on black in a square of a side in pixels of the photograph
 * @param referenceSide side in pixels of the model's training pictures
 * @returns the side of the square to be used for each grain of the photograph
 */
export async function findModelScale(
  classifier: FrameClassifier,
  grains: readonly MeasuredGrain[],
  frameOf: (grain: MeasuredGrain, side: number) => Frame,
  referenceSide: number,
): Promise<number> {
  const whole = grains.filter(({border}) => !border);
  const lone = whole.filter(({touching}) => !touching);
  const usable = lone.length >= SAMPLE / 2 ? lone : whole.length > 0 ? whole : [...grains];
  const median = medianLength(usable);
  // Broken and joined grains say little: those about as long as the median, and longer, say most.
  const telling = usable.filter(({length}) => length >= 0.75 * median && length <= 1.8 * median);
  const sample = spread(telling, SAMPLE);
  const sides = LENGTHS.map((length) => Math.round((referenceSide * median) / length));
  async function* frames() {
    for (const side of sides) for (const grain of sample) yield frameOf(grain, side);
  }
  const predictions = await classifier.classifyFrames(frames());
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  sides.forEach((_, i) => {
    const strangeness = predictions
      .slice(i * sample.length, (i + 1) * sample.length)
      .reduce((sum, prediction) => sum + strangenessOf(prediction), 0);
    if (strangeness >= least) return;
    least = strangeness;
    best = i;
  });
  return sides[best];
}

/** Size and color at face value tell the scale more sharply than the capture, which forgives a camera both. */
function strangenessOf({strangeness, capture, novelty, confidence}: Prediction): number {
  const scores = [strangeness ?? capture, novelty].filter((score) => score !== undefined);
  if (scores.length === 0) return -Math.log(Math.max(confidence, 1e-6));
  return scores.reduce((sum, score) => sum + Math.log(Math.min(MOST, Math.max(score, 1e-3))), 0);
}

function medianLength(grains: readonly MeasuredGrain[]): number {
  const lengths = grains.map(({length}) => length).sort((a, b) => a - b);
  return lengths[lengths.length >> 1];
}

/** At most `count` grains, evenly over the picture. */
function spread(grains: readonly MeasuredGrain[], count: number): MeasuredGrain[] {
  if (grains.length <= count) return [...grains];
  return Array.from({length: count}, (_, i) => grains[Math.floor(((i + 0.5) * grains.length) / count)]);
}
