import {Flags} from '@oclif/core';
import {RiceError} from '../../../common/errors.ts';
import {nearest} from '../../../common/nearest-word.ts';
import {TRACKERS, type TrackerName} from '../../../tracking/event.ts';
import {METRIC_NAMES} from '../../../tracking/metric-names.ts';

const known: readonly string[] = TRACKERS;

export const trackingFlags = {
  track: Flags.string({
    description: `record the run with these trackers, separated by commas: ${TRACKERS.join(', ')} (docs/tracking.md)`,
    helpValue: 'TRACKER,...',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    async parse(input) {
      for (const name of input.split(',')) checkTracker(name.trim());
      return input.trim();
    },
  }),
  'metric-names': Flags.option({options: METRIC_NAMES})({
    description: 'give trackers the metrics by the names of another tool as well, for dashboards that exist already',
    default: 'rice',
  }),
};

/** The names in order, each once. */
export function trackersFromFlag(names: readonly string[] | undefined): TrackerName[] {
  const all = (names ?? []).flatMap((name) => name.split(',')).map((name) => name.trim());
  return TRACKERS.filter((name) => all.includes(name));
}

function checkTracker(name: string): void {
  if (known.includes(name)) return;
  const near = nearest(name, TRACKERS);
  const hint = near ? `did you mean ${near}?` : `use one of ${TRACKERS.join(', ')}`;
  throw new RiceError('USAGE', `there is no tracker "${name}": ${hint}`);
}
