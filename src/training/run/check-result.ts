import type {EpochMetrics} from '../artifact/checkpoint.ts';
import {stepsPerEpoch} from '../batches/sampler.ts';
import type {RunRecord} from './run-folder.ts';

/** How likely so many right answers may be by chance, for a network that is said to have learnt something. */
const BY_CHANCE = 0.00135;
/** A validation loss that fell by this share in the last epoch would have gone on falling. */
const STILL_FALLING = 0.03;
/** Above this accuracy there is little left to learn. */
const GOOD = 0.99;
/** Fewer steps hardly move the weights, whatever the pictures are. */
const FEW_STEPS = 300;

/** Says before the training that it will be too short to learn much; undefined where it is not. */
export function tooFewSteps({dataset, configuration}: RunRecord): string | undefined {
  const {batchSize, schedule} = configuration;
  const perEpoch = stepsPerEpoch(dataset.split.images.train, batchSize);
  const steps = Math.round(perEpoch * schedule.epochs);
  if (steps >= FEW_STEPS) return undefined;
  const epochs = Math.ceil(FEW_STEPS / perEpoch);
  return `${steps === 1 ? '1 training step in all is' : `${steps} training steps in all are`} few: --epochs ${epochs} makes ${perEpoch * epochs} of them, a smaller --batch-size more in each epoch`;
}

/** What a person should know of a result that looks like none; empty where all is well. */
export function doubtfulResult(history: readonly EpochMetrics[], {dataset}: RunRecord): string[] {
  const best = Math.max(...history.map(({validationAccuracy}) => validationAccuracy));
  const images = dataset.split.images.validation;
  const largest = Math.max(...Object.values(dataset.labels)) / dataset.images;
  if (chanceOf(images, images, largest) > BY_CHANCE)
    return [
      `so few pictures to validate with (${images}) cannot tell whether the network has learnt anything: add pictures`,
    ];
  if (chanceOf(Math.round(best * images), images, largest) > BY_CHANCE)
    return [
      `the network has learnt next to nothing: ${percent(best)} right where always naming the most frequent label is right in ${percent(largest)}; try a lower --lr, more --epochs, or look whether the labels are right`,
    ];
  const [before, last] = history.slice(-2);
  const fell = last && before && last.validationLoss < before.validationLoss * (1 - STILL_FALLING);
  if (fell && best < GOOD) return ['the validation loss was still falling at the end: more --epochs would likely help'];
  return [];
}

/** The probability of at least so many right of `images` answers, each right with the probability `share`: exact, binomial. */
function chanceOf(right: number, images: number, share: number): number {
  let logarithm = images * Math.log1p(-share);
  let below = 0;
  for (let k = 0; k < right; k++) {
    below += Math.exp(logarithm);
    logarithm += Math.log((images - k) / (k + 1)) + Math.log(share / (1 - share));
  }
  return 1 - below;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
