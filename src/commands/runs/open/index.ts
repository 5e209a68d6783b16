import {spawn} from 'node:child_process';
import {join, resolve} from 'node:path';
import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../../cli/base-command.ts';
import {displayPath} from '../../../cli/display-path.ts';
import {printable} from '../../../cli/printable.ts';
import {REPORT_FILE} from '../../../runs/files.ts';
import {findRun} from '../../../runs/find-run.ts';
import {readRun} from '../../../runs/read-run.ts';
import {lacksReport, writeReport} from '../../../runs/report-keeper.ts';
import {runsFlag} from '../run-names.ts';

/** The programs that open a file with whatever is meant for it. */
const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', '""'],
};

export default class RunsOpen extends BaseCommand<typeof RunsOpen> {
  static override summary = 'open the page of a training run in a browser';
  static override description =
    `Opens report.html of the run. Where there is none, as in runs of earlier versions, or the process was killed that wrote it, or with --renew, it is written first; the page of a run that is going on renews itself.`;
  static override examples = [
    {description: 'In the browser', command: '<%= config.bin %> runs open grain4-1'},
    {description: 'Only write it, and say where', command: '<%= config.bin %> runs open grain4-1 --renew --no-browser'},
  ];

  static override args = {
    name: Args.string({description: 'name of a run, or path of its folder', required: true, ignoreStdin: true}),
  };

  static override flags = {
    runs: runsFlag,
    renew: Flags.boolean({description: 'write the page anew'}),
    browser: Flags.boolean({description: 'open it; --no-browser only says where it is', default: true, allowNo: true}),
  };

  async run() {
    const folder = findRun(this.args.name, this.flags.runs);
    const {state} = readRun(folder);
    const path = join(folder, REPORT_FILE);
    const written = state !== 'training' && (this.flags.renew || lacksReport(folder));
    if (written) await writeReport(folder);
    this.log(printable(displayPath(path)));
    if (this.flags.browser && !this.jsonEnabled()) await this.#open(resolve(path));
    return {run: folder, path, state, written};
  }

  /** Where there is no browser, as on a server, the path says enough. */
  #open(path: string): Promise<void> {
    const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
    return new Promise((done) => {
      const child = spawn(program, [...args, path], {stdio: 'ignore', detached: true});
      child.once('error', () => {
        this.warn(`no browser could be started: open ${path} in one`);
        done();
      });
      child.once('spawn', () => {
        child.unref();
        done();
      });
    });
  }
}
