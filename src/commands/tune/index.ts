import {existsSync, readFileSync, statSync} from 'node:fs';
import {basename, extname, join} from 'node:path';
import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {fromHere} from '../../cli/display-path.ts';
import {integerFlag, pathFlag, textFlag} from '../../cli/flags.ts';
import {formatAmount, formatDuration} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {onStop} from '../../cli/signals.ts';
import {defined} from '../../common/defined.ts';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {shellWords} from '../../common/shell-words.ts';
import type {SweepPlace} from '../../tuning/agent/wandb-api.ts';
import {defaultSweep} from '../../tuning/default-sweep.ts';
import {gridSize} from '../../tuning/samplers/grid-sampler.ts';
import {search} from '../../tuning/study/search.ts';
import {Study} from '../../tuning/study/study.ts';
import {
  createStudy,
  lockStudy,
  newStudyFolder,
  readStudy,
  type StudyRecord,
  writeRecord,
} from '../../tuning/study/study-folder.ts';
import {readSweep} from '../../tuning/sweep/read-sweep.ts';
import type {Sweep, SweepMetric} from '../../tuning/sweep/sweep.ts';
import {agentSession, sweepPlace} from './agent.ts';
import {tuneDocument} from './document.ts';
import {durationFlag} from './duration-flag.ts';
import {writeReport} from './report.ts';
import {trialProcesses} from './run-trial.ts';
import {TrainFlags} from './train-flags.ts';
import {bestTable, TuningView} from './view.ts';

/** Where searches lie unless they are told otherwise, below the current folder. */
const SWEEPS_FOLDER = 'sweeps';
/** What the runs of a sweep elsewhere are shown by; the sweep knows its own metric. */
const AGENT_METRIC: SweepMetric = {name: 'val/accuracy', goal: 'maximize', impute: 'worst'};
/** Trials where neither the sweep nor the command line limits them. */
const TRIALS = 20;

export default class Tune extends BaseCommand<typeof Tune> {
  static override summary = 'search for good hyper-parameters';
  static override description =
    `Trains one network after the other with other settings, each a run of rice train, and tells which were best. What to try says a sweep file in the format of W&B: grid, random or bayes (TPE), with early termination. Without a file, the settings that matter most are searched.
Every trial is in trials.ndjson in the folder of the search: after Ctrl-C or a crash, --resume continues. The same sweep and --seed suggest the same trials.`;
  static override examples = [
    {description: 'As a sweep file says', command: '<%= config.bin %> tune sweep.yaml'},
    {description: 'The settings that matter most, in half an hour', command: '<%= config.bin %> tune --budget 30m'},
    {
      description: 'Short trials on pictures of your own',
      command: '<%= config.bin %> tune sweep.yaml --dataset photos --set epochs=5 --trials 8',
    },
    {description: 'Continue after an interruption', command: '<%= config.bin %> tune --resume sweeps/sweep'},
  ];

  static override args = {
    sweep: Args.string({
      description:
        'sweep file, YAML or JSON, or ENTITY/PROJECT/ID of a sweep of W&B, whose agent this becomes [default: a search of the settings that matter most]',
    }),
  };

  static override flags = {
    dataset: pathFlag({
      description: 'folder with one subfolder of pictures per label [default: as of rice train]',
      helpValue: 'DIR',
    }),
    out: pathFlag({description: `folder of the search [default: ${SWEEPS_FOLDER}/<name>]`, helpValue: 'DIR'}),
    trials: integerFlag({
      description: `most trials in all [default: what the sweep says, else ${TRIALS}]`,
      min: 1,
      max: 100_000,
    }),
    budget: durationFlag({description: 'time for the whole search, such as 30m or 2h [default: any]'}),
    seed: integerFlag({description: 'seed of the search', default: 1, min: 0, max: Number.MAX_SAFE_INTEGER}),
    set: Flags.string({
      description: 'a setting of rice train for all trials, such as epochs=5; may be given several times',
      multiple: true,
      helpValue: 'NAME=VALUE',
    }),
    resume: pathFlag({
      description: 'continue this search; --trials and --budget give it another end',
      helpValue: 'DIR',
    }),
    name: textFlag({description: 'name of the search [default: that in the file, or of the file]', helpValue: 'NAME'}),
  };

  async run() {
    const started = Date.now();
    const train = new TrainFlags(await this.config.findCommand('train', {must: true}).load(), this);
    const place = this.args.sweep === undefined ? undefined : sweepPlace(this.args.sweep);
    if (place) return {...(await this.#agent(place, train)), seconds: Math.max(0, Date.now() - started) / 1000};
    const {folder, record} =
      this.flags.resume === undefined ? await this.#begin(train) : this.#continue(this.flags.resume);
    const release = lockStudy(folder);
    try {
      const sweep = readSweep(record.sweep.text, record.sweep.file, train.flagOf);
      await train.check(sweep, record.sweep.file);
      const result = await this.#search(folder, record, sweep, train);
      return {...result, seconds: Math.max(0, Date.now() - started) / 1000};
    } finally {
      release();
    }
  }

  /** Makes the folder of a new search, once everything that can be wrong with it is known to be right. */
  async #begin(train: TrainFlags): Promise<{folder: string; record: StudyRecord}> {
    const {flags, args} = this;
    const file = args.sweep ?? 'the default sweep';
    const text = args.sweep === undefined ? defaultSweep(flags.budget) : readSweepFile(args.sweep);
    const sweep = readSweep(text, file, train.flagOf);
    await train.check(sweep, file);
    const fixed = this.#fixed(train, sweep);
    for (const note of sweep.notes) this.warn(note);
    const name = flags.name ?? sweep.name ?? (args.sweep ? basename(args.sweep, extname(args.sweep)) : 'default');
    const folder = flags.out ?? newStudyFolder(join(process.cwd(), SWEEPS_FOLDER), name);
    const record: StudyRecord = {
      format: 1,
      name,
      date: new Date().toISOString(),
      sweep: {file, text},
      seed: flags.seed,
      ...defined({trials: flags.trials, budget: flags.budget}),
      fixed,
    };
    createStudy(folder, record);
    return {folder, record};
  }

  /** Trains what a sweep of W&B asks for. */
  async #agent(place: SweepPlace, train: TrainFlags) {
    const {flags} = this;
    const folder = flags.out ?? join(process.cwd(), SWEEPS_FOLDER, place.sweep);
    const sweep: Sweep = {method: 'random', metric: AGENT_METRIC, parameters: [], notes: []};
    const view = new TuningView({quiet: flags.quiet, sweep, most: flags.trials ?? Number.POSITIVE_INFINITY});
    const stopping = new AbortController();
    const release = onStop(() => {
      view.stopping();
      stopping.abort();
    });
    try {
      const trials = await agentSession({
        place,
        folder,
        train,
        fixed: this.#fixed(train, sweep),
        view,
        env: process.env,
        most: flags.trials,
        onWarning: (message) => this.warn(message),
        signal: stopping.signal,
      });
      if (stopping.signal.aborted)
        throw new RiceError('TUNING_INTERRUPTED', 'the agent was stopped', {
          suggestions: [`Start it again: rice tune ${this.args.sweep}`],
        });
      const name = `${place.entity}/${place.project}/${place.sweep}`;
      const record = {format: 1, name, date: '', sweep: {file: name, text: ''}, seed: flags.seed, fixed: []} as const;
      const {report: _, ...document} = tuneDocument(folder, {...record, fixed: []}, sweep, trials);
      this.log(bestTable(trials, sweep, this.style));
      return {...document, method: 'agent' as const};
    } finally {
      view.close();
      release();
    }
  }

  #continue(folder: string): {folder: string; record: StudyRecord} {
    const {flags, args} = this;
    const allowed = ['resume', 'trials', 'budget', 'quiet', 'noColor'];
    const other = this.settings.find(({name, origin}) => origin === 'flag' && !allowed.includes(name));
    if (other || args.sweep !== undefined) {
      const what = other ? `the setting ${other.name}` : 'a sweep file';
      throw new RiceError('USAGE', `${what} cannot be given with --resume: the search has its own`, {
        suggestions: [`rice tune --resume ${shellWords([folder])}`],
      });
    }
    const record = {...readStudy(folder), ...defined({trials: flags.trials, budget: flags.budget})};
    return {folder, record};
  }

  /** The arguments of rice train that all trials have. */
  #fixed(train: TrainFlags, {parameters}: Sweep): string[] {
    const settings = (this.flags.set ?? []).flatMap((setting) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
      if (name === undefined)
        throw new RiceError('USAGE', `--set ${setting}: expected a name and a value, as in epochs=5`);
      const found = train.flagOf(name);
      if ('suggestion' in found)
        throw new RiceError('USAGE', `--set ${setting}: rice train has no setting ${name} that a search may set`, {
          suggestions: [found.suggestion],
        });
      const searched = parameters.find(({flag}) => flag === found.flag);
      if (searched) throw new RiceError('USAGE', `--set ${setting}: the sweep has ${searched.name} as a parameter`);
      return train.arg(found.flag, value);
    });
    const {dataset} = this.flags;
    return [...(dataset === undefined ? [] : [dataset]), ...settings];
  }

  async #search(folder: string, record: StudyRecord, sweep: Sweep, train: TrainFlags) {
    const {flags} = this;
    const study = new Study(folder, sweep, record.seed);
    const most = mostTrials(sweep, record);
    const view = new TuningView({quiet: flags.quiet, sweep, most});
    const stopping = new AbortController();
    const release = onStop(() => {
      view.stopping();
      stopping.abort();
    });
    const used = study.trials.reduce((sum, {seconds}) => sum + seconds, 0);
    const left = record.budget === undefined ? undefined : Math.max(0, record.budget - used);
    if (flags.resume !== undefined) writeRecord(folder, record);
    view.begin(study.trials);
    try {
      await search(study, {
        most,
        seconds: left,
        events: {
          onTrial: (...trial) => view.onTrial(...trial),
          onEpoch: () => {},
          onEnd: (trial) => {
            view.onEnd(trial);
            writeReport(folder, record, sweep, study.trials);
          },
        },
        signal: stopping.signal,
        run: trialProcesses({
          folder,
          args: ({parameters}) => [...record.fixed, ...train.args(sweep, parameters)],
          onMessage: (trial, message) => view.onMessage(trial, message),
        }),
      });
    } finally {
      view.close();
      release();
      writeReport(folder, record, sweep, study.trials);
    }
    const document = tuneDocument(folder, record, sweep, study.trials);
    this.#print(document, sweep, study, used);
    return document;
  }

  #print(
    {best, counts, folder, report}: ReturnType<typeof tuneDocument>,
    sweep: Sweep,
    {trials}: Study,
    before: number,
  ): void {
    const took = trials.reduce((sum, {seconds}) => sum + seconds, 0) - before;
    this.log(bestTable(trials, sweep, this.style));
    this.log();
    const parts = [
      ...(counts.stopped > 0 ? [`${counts.stopped} stopped early`] : []),
      ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ];
    this.log(
      `${formatAmount(trials.length, 'trial')}${parts.length > 0 ? ` (${parts.join(', ')})` : ''} in ${formatDuration(took)}: ${printable(fromHere(folder))}`,
    );
    if (!best || this.flags.quiet) return;
    const run = fromHere(best.run);
    const command = (...words: string[]) => this.style.bold(printable(shellWords(words)));
    this.log();
    if (best.model) this.log(`Use the best:      ${command('rice', 'predict', 'PICTURE', '--model', run)}`);
    else this.log(`Finish the best:   ${command('rice', 'train', '--resume', run)}`);
    this.log(`Look at it:        ${printable(fromHere(report))}`);
    this.log(
      `Search further:    ${command('rice', 'tune', '--resume', fromHere(folder), '--trials', String(trials.length + 10))}`,
    );
  }
}

function mostTrials({method, parameters, runCap}: Sweep, {trials, budget}: StudyRecord): number {
  const grid = method === 'grid' ? gridSize(parameters) : Number.POSITIVE_INFINITY;
  const limits = [grid, runCap, trials].filter((limit) => limit !== undefined);
  const least = Math.min(...limits);
  return Number.isFinite(least) ? least : budget === undefined ? TRIALS : 100_000;
}

function readSweepFile(path: string): string {
  try {
    if (existsSync(path) && statSync(path).isDirectory())
      throw new RiceError('USAGE', `${path} is a folder, not a sweep file`, {
        suggestions: [`Name the pictures with --dataset: rice tune --dataset ${shellWords([path])}`],
      });
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}
