import {Flags} from '@oclif/core';
import {BaseCommand} from '../../../cli/base-command.ts';
import {canAsk, confirm} from '../../../cli/confirm.ts';
import {displayPath} from '../../../cli/display-path.ts';
import {formatAmount, formatBytes} from '../../../cli/format.ts';
import {printable} from '../../../cli/printable.ts';
import {RiceError} from '../../../common/errors.ts';
import {findRun} from '../../../runs/find-run.ts';
import {removableRun, removeRun} from '../../../runs/remove-run.ts';
import {runNames, runsFlag} from '../run-names.ts';

export default class RunsRemove extends BaseCommand<typeof RunsRemove> {
  static override summary = 'remove training runs with their models';
  static override description =
    `Removes the whole folder of each run: model, checkpoints, records. On a terminal it asks first; elsewhere it wants --yes. A run that a process is training is never removed, and if one of those named cannot be removed, none is.
The prepared pictures that a run links to are also in the cache: rice clean frees their space.`;
  static override examples = [
    {description: 'After being asked', command: '<%= config.bin %> runs remove grain4-1 grain4-2'},
    {description: 'In a script', command: '<%= config.bin %> runs remove grain4-1 --yes'},
  ];

  static override args = {names: runNames};

  static override flags = {
    runs: runsFlag,
    yes: Flags.boolean({char: 'y', description: 'remove without asking'}),
  };

  async run() {
    const names = [...new Set(this.args.names)];
    const found = names.map((name) => removableRun(findRun(name, this.flags.runs)));
    const bytes = found.reduce((sum, each) => sum + each.bytes, 0);
    const what = `${formatAmount(found.length, 'run')} (${formatBytes(bytes)})`;
    const removed = await this.#isWanted(
      what,
      found.map(({folder}) => folder),
    );
    if (removed) for (const run of found) removeRun(run);
    this.log(removed ? `removed ${what}` : 'nothing was removed');
    return {runs: found.map(({folder: path, bytes}) => ({path, bytes})), bytes, removed};
  }

  /** @throws RiceError USAGE where somebody would have to be asked and nobody can be */
  async #isWanted(what: string, folders: readonly string[]): Promise<boolean> {
    if (this.flags.yes) return true;
    const list = folders.map((folder) => printable(displayPath(folder))).join(', ');
    if (canAsk() && !this.jsonEnabled()) return confirm(`Remove ${what}: ${list}?`);
    throw new RiceError('USAGE', 'rice runs remove asks before it removes, and there is no terminal to ask at', {
      suggestions: ['Remove them with --yes.'],
    });
  }
}
