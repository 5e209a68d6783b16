import type {EpochMetrics} from '../artifact/checkpoint.ts';
import type {RunRecord} from './run-folder.ts';

/** Right answers beyond chance, in standard errors, below which nothing can be said to have been learnt. */
const BEYOND_CHANCE = 3;
/** A validation loss that fell by this share in the last epoch would have gone on falling. */
const STILL_FALLING = 0.03;
/** Above this accuracy there is little left to learn. */
const GOOD = 0.99;
/** Fewer steps hardly move the weights, whatever the pictures are. */
const FEW_STEPS = 300;

/** Says before the training that it will be too short to learn much; undefined where it is not. */
export function tooFewSteps({dataset, configuration}: RunRecord): string | undefined {
  const {batchSize, schedule} = configuration;
  const perEpoch = Math.ceil(dataset.split.images.train / batchSize);
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
  const chance = largest + BEYOND_CHANCE * Math.sqrt((largest * (1 - largest)) / images);
  if (chance >= 1)
    return [
      `so few pictures to validate with (${images}) cannot tell whether the network has learnt anything: add pictures`,
    ];
  if (best <= chance)
    return [
      `the network has learnt next to nothing: ${percent(best)} right where always naming the most frequent label is right in ${percent(largest)}; try a lower --lr, more --epochs, or look whether the labels are right`,
    ];
  const [before, last] = history.slice(-2);
  const fell = last && before && last.validationLoss < before.validationLoss * (1 - STILL_FALLING);
  if (fell && best < GOOD) return ['the validation loss was still falling at the end: more --epochs would likely help'];
  return [];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
