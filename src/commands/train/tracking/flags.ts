import {Flags} from '@oclif/core';
import {textFlag} from '../../../cli/flags.ts';
import {RiceError} from '../../../common/errors.ts';
import {nearest} from '../../../common/nearest-word.ts';
import {TRACKERS, type TrackerName} from '../../../tracking/event.ts';
import {METRIC_NAMES} from '../../../tracking/metric-names.ts';

const known: readonly string[] = TRACKERS;

export const trackingFlags = {
  track: Flags.string({
    description: `record the run with these trackers, separated by commas: ${TRACKERS.join(', ')} (docs/tracking.md)`,
    helpValue: 'TRACKER',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    async parse(input) {
      for (const name of input.split(',')) checkTracker(name.trim());
      return input.trim();
    },
  }),
  'track-project': textFlag({
    description:
      'project of the run in Weights & Biases and its experiment in MLflow [default: WANDB_PROJECT and MLFLOW_EXPERIMENT_NAME, else rice]',
    helpValue: 'NAME',
  }),
  'metric-names': Flags.option({options: METRIC_NAMES})({
    description: 'give trackers the metrics by the names of another tool as well, for dashboards that exist already',
    default: 'rice',
  }),
  register: Flags.string({
    description: "register the model in MLflow under this name, and give its version the alias behind an '@'",
    helpValue: 'NAME[@ALIAS]',
    async parse(input) {
      parseRegistered(input);
      return input;
    },
  }),
};

/** The names in order, each once. */
export function trackersFromFlag(names: readonly string[] | undefined): TrackerName[] {
  const all = (names ?? []).flatMap((name) => name.split(',')).map((name) => name.trim());
  return TRACKERS.filter((name) => all.includes(name));
}

/** @throws RiceError USAGE */
export function parseRegistered(text: string): {name: string; alias?: string} {
  const [name, alias, ...more] = text.split('@');
  if (name.trim() === '' || alias === '' || more.length > 0 || /[/:]/.test(name))
    throw new RiceError('USAGE', `expected NAME or NAME@ALIAS without / and :, got "${text}"`);
  if (alias !== undefined && (/^v\d+$/.test(alias) || alias === 'latest' || !/^[\w-]+$/.test(alias)))
    throw new RiceError(
      'USAGE',
      `MLflow allows no alias "${alias}": letters, digits, - and _, and neither latest nor v1`,
    );
  return {name, ...(alias === undefined ? {} : {alias})};
}

function checkTracker(name: string): void {
  if (known.includes(name)) return;
  const near = nearest(name, TRACKERS);
  const hint = near ? `did you mean ${near}?` : `use one of ${TRACKERS.join(', ')}`;
  throw new RiceError('USAGE', `there is no tracker "${name}": ${hint}`);
}
