import {existsSync, readdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {Args} from '@oclif/core';
import {BaseCommand} from '../../../cli/base-command.ts';
import {fromHere} from '../../../cli/display-path.ts';
import {EXIT} from '../../../cli/exit-codes.ts';
import {printable} from '../../../cli/printable.ts';
import {createProgress} from '../../../cli/progress.ts';
import {RiceError} from '../../../common/errors.ts';
import {RUNS_FOLDER} from '../../../model/model-path.ts';
import type {Delivery} from '../../../tracking/delivery.ts';
import {isTracked} from '../../../tracking/journal.ts';
import {hasServices, syncRun} from '../../../tracking/sync-run.ts';

interface SyncedRun {
  run: string;
  tracking: Delivery[];
}

export default class RunsSync extends BaseCommand<typeof RunsSync> {
  static override summary = 'send to trackers what could not be sent while a run was trained';
  static override description =
    `Sends what Weights & Biases and MLflow do not have yet of runs that were trained with --track, from the journals that the runs keep. What they have already is not sent twice.
Without RUN it looks at every run in ${RUNS_FOLDER}. Addresses and keys come from the variables of the trackers: docs/tracking.md.`;
  static override examples = [
    {description: 'Every run', command: '<%= config.bin %> runs sync'},
    {description: 'One run', command: '<%= config.bin %> runs sync runs/grain4-1'},
  ];

  static override args = {
    run: Args.string({
      description: `folders of runs [default: those in ${RUNS_FOLDER}]`,
      multiple: true,
      ignoreStdin: true,
    }),
  };

  async run() {
    const given = (this.args.run ?? []) as unknown as string[];
    const folders = given.length > 0 ? given.map(checked) : trackedRuns();
    const {quiet} = this.flags;
    const bar = createProgress({label: 'sending', unit: 'runs', total: folders.length, quiet});
    const runs: SyncedRun[] = [];
    try {
      for (const [i, run] of folders.entries()) {
        bar.update(i, [fromHere(run)]);
        const tracking = await syncRun(resolve(run), {
          env: process.env,
          warn: (text) => this.warn(text),
          now: Date.now,
        });
        runs.push({run, tracking});
      }
    } finally {
      bar.stop();
    }
    for (const each of runs) this.#print(each);
    if (runs.length === 0) this.log('no run has anything to send');
    if (runs.some(({tracking}) => tracking.some(({state}) => state === 'kept'))) this.exitWith(EXIT.partial);
    return {runs};
  }

  #print({run, tracking}: SyncedRun): void {
    for (const {tracker, state, place, reason} of tracking)
      this.log(
        printable(`${fromHere(run)}  ${tracker}  ${state === 'kept' ? `kept, since ${reason}` : `sent: ${place}`}`),
      );
  }
}

function trackedRuns(): string[] {
  if (!existsSync(RUNS_FOLDER)) return [];
  const folders = readdirSync(RUNS_FOLDER).map((name) => join(RUNS_FOLDER, name));
  return folders.filter((run) => isTracked(run) && hasServices(run));
}

function checked(run: string): string {
  if (!existsSync(run)) throw new RiceError('RUN_NOT_FOUND', `${run} does not exist`);
  if (!isTracked(run) || !hasServices(run))
    throw new RiceError('RUN_NOT_TRACKED', `${run} was not recorded with Weights & Biases or MLflow`);
  return run;
}
