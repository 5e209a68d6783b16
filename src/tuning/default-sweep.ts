/** Most epochs of a trial of the default search. */
const EPOCHS = 22;
/** A budget is divided among so many trials that come to their end; those that are stopped early take less. */
const TRIALS_IN_BUDGET = 12;
const LEAST_MINUTES = 0.2;

/**
 * The search without a sweep file: the settings that matter most for small convolutional networks, in ranges around the
 * defaults of rice train, searched by TPE; the worse two thirds of trials are stopped early. It is a sweep file like any
 * other, and is kept with the search.
 *
 * @param budget seconds for the whole search; each trial then gets a share of it, with a schedule that fits
 */
export function defaultSweep(budget: number | undefined): string {
  const minutes = budget === undefined ? undefined : Math.max(LEAST_MINUTES, budget / 60 / TRIALS_IN_BUDGET);
  return `# The search that rice tune makes where no sweep file is given.
method: bayes
metric: {name: val/accuracy, goal: maximize}
early_terminate: {type: hyperband, min_iter: 2, eta: 3}
parameters:
  epochs: {value: ${EPOCHS}}
${minutes === undefined ? '' : `  max-minutes: {value: ${Number(minutes.toFixed(2))}}\n`}  lr: {distribution: log_uniform_values, min: 0.0003, max: 0.01}
  batch-size: {values: [32, 64, 128]}
  weight-decay: {distribution: log_uniform_values, min: 0.001, max: 0.1}
  label-smoothing: {min: 0.0, max: 0.1}
  dropout: {min: 0.0, max: 0.3}
  untouched-share: {min: 0.1, max: 0.9}
`;
}
