import {existsSync} from 'node:fs';
import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {displayPath} from '../../cli/display-path.ts';
import {columnsOf} from '../../cli/fit.ts';
import {printable} from '../../cli/printable.ts';
import {defined} from '../../common/defined.ts';
import {bestRun} from '../../model/best-run.ts';
import {RUN_MODEL_FILE, RUNS_FOLDER} from '../../model/model-path.ts';
import {listRuns} from '../../runs/list-runs.ts';
import {summarizeRun} from '../../runs/run-summary.ts';
import {RUN_ORDERS, sortRuns} from '../../runs/sort-runs.ts';
import {renderMadeModels} from './view/made-model-table.ts';
import {renderRuns} from './view/run-table.ts';

export default class Runs extends BaseCommand<typeof Runs> {
  static override summary = 'list training runs: how good they are, and how they were set';
  static override description =
    `For each run its date, network, epochs, accuracy with the 95 % interval, state, and the settings that differ from the default. The accuracy is that of the test part; where there was no test, that of the best epoch in validation.
The states: training (a process is at it), finished, interrupted (rice train --resume goes on), failed.
Models that were made of others with a few pictures (rice train --from, rice adapt) are listed below, with the accuracy on pictures that were left out in turn. A run whose files are damaged is listed as such.`;
  static override examples = [
    {description: 'The runs in the folder runs, the newest first', command: '<%= config.bin %> runs'},
    {description: 'The best first', command: '<%= config.bin %> runs --sort accuracy'},
    {description: 'Is the difference between two more than chance?', command: '<%= config.bin %> runs compare a-1 a-2'},
    {description: 'Look at the page of a run', command: '<%= config.bin %> runs open a-1'},
    {
      description: 'Names and accuracy, for scripts',
      command: "<%= config.bin %> runs --json | jq -r '.runs[] | [.name, .test.accuracy] | @tsv'",
    },
  ];

  static override args = {
    dir: Args.string({description: 'folder with runs, or the folder of one', default: RUNS_FOLDER}),
  };

  static override flags = {
    sort: Flags.option({options: RUN_ORDERS})({description: 'what to sort by', default: 'date'}),
  };

  async run() {
    const {dir} = this.args;
    // Where nobody has trained yet, there is nothing wrong.
    const nothing = {runs: [], made: [], damaged: []};
    const {runs: found, made, damaged} = dir === RUNS_FOLDER && !existsSync(dir) ? nothing : listRuns(dir);
    const runs = sortRuns(found.map(summarizeRun), this.flags.sort);
    const best = bestRun(dir, RUN_MODEL_FILE)?.folder ?? null;
    const none = runs.length + made.length + damaged.length === 0;
    this.log(
      none
        ? `there are no runs in ${printable(displayPath(dir))}: rice train makes some`
        : [
            ...(runs.length + damaged.length > 0
              ? [renderRuns(runs, damaged, {style: this.style, columns: columnsOf(this.output.stream)})]
              : []),
            ...(made.length > 0 ? [renderMadeModels(made, this.style)] : []),
          ].join('\n\n'),
    );
    if (best !== null && dir === RUNS_FOLDER && runs.length > 1)
      this.log(`\nthe most accurate in validation: ${printable(displayPath(best))}, for short --model best`);
    return {
      folder: dir,
      best,
      runs,
      made: made.map(({name, folder: path, record, held}) => {
        const {kind, date, from, camera, dataset} = record;
        const {root, digest, images, labels} = dataset;
        return {name, path, kind, date, from, ...defined({camera}), dataset: {root, digest, images, labels}, held};
      }),
      damaged: damaged.map(({folder: path, ...rest}) => ({...rest, path})),
    };
  }
}
