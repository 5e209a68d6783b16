import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {checkOutput} from '../../cli/check-output.ts';
import {EXIT, exitCodeOf} from '../../cli/exit-codes.ts';
import {columnsOf} from '../../cli/fit.ts';
import {classifierOptions, integerFlag, numberFlag, pathFlag, sharedFlags} from '../../cli/flags.ts';
import {formatAmount} from '../../cli/format.ts';
import {printNotice} from '../../cli/print-error.ts';
import {createProgress, type Progress} from '../../cli/progress.ts';
import {onStop, stopSignal} from '../../cli/signals.ts';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import type {ExplanationEntry} from '../../explanation/explanation-entry.ts';
import {SUPPORTED_FORMATS} from '../../image/formats/formats.ts';
import {type ClassifierLike, loadLazily} from '../../model/lazy-classifier.ts';
import type {Answer} from '../../prediction/answer-batch.ts';
import {type Classified, classifyPictures, DEFAULT_BATCH} from '../../prediction/classify-pictures.ts';
import {type Entry, type EntryOptions, isError, toEntry} from '../../prediction/entry.ts';
import type {PictureSource} from '../../prediction/picture.ts';
import {isRegularFile, realFolder, SortingFolder} from '../../prediction/sort-into.ts';
import {picturesOf} from '../../prediction/sources/arguments.ts';
import {countPictures} from '../../prediction/sources/count.ts';
import {ofShard, parseShard, type Shard, shardFromEnvironment} from '../../prediction/sources/shard.ts';
import type {Explaining} from './explaining.ts';
import {ANSWER_FORMATS, type AnswerFormatName} from './formats/answer-format.ts';
import {AnswerWriter} from './formats/answer-writer.ts';
import {createFormat} from './formats/create-format.ts';
import {readableTwice} from './readable-twice.ts';
import type {Similar} from './similar.ts';

/** What is done with the pictures beside answering. */
interface Beside {
  shard: Shard | undefined;
  sorting: SortingFolder | undefined;
  explaining: Explaining | undefined;
  similar: Similar | undefined;
}

const NOT_SORTED = 'not sorted: only regular files can be sorted';

/** Pictures that were begun are answered after Ctrl-C, if that does not take longer. */
const STOP_MS = 10_000;

export default class Predict extends BaseCommand<typeof Predict> {
  static override summary = 'tell the variety of the grain in each picture';
  static override description =
    `Reads ${SUPPORTED_FORMATS} pictures of single grains on a plain background, preferably a dark one.
A path is a picture, a folder of pictures, a pattern such as "photos/**/*.jpg" (quoted, so that the shell does not expand it), - for a picture on standard input, or, with --allow-urls, a URL. Hidden folders are skipped.
For a picture that probably shows none of the varieties, the answer is "unknown" with the nearest variety and the reason.
Results are written as they are computed, in the order of the arguments and, in a folder, by name: a million pictures take no more memory than a thousand. Ctrl-C stops and keeps the results so far.
In a Cloud Run, indexed Kubernetes or SLURM array job, each task processes its share of the pictures automatically; see --shard, and docs/jobs.md for job files.`;
  static override examples = [
    {description: 'The variety of one grain', command: '<%= config.bin %> predict grain.jpg'},
    {
      description: 'All pictures in a folder and its subfolders',
      command: '<%= config.bin %> predict photos --recursive',
    },
    {description: 'With the next two candidates', command: '<%= config.bin %> predict grain.jpg --top-k 3'},
    {description: 'One JSON document, for scripts', command: '<%= config.bin %> predict photos --json'},
    {
      description: 'A CSV file for a spreadsheet',
      command: '<%= config.bin %> predict photos --format csv --output grains.csv',
    },
    {
      description: 'A picture from a pipe',
      command: 'curl -s https://example.org/grain.jpg | <%= config.bin %> predict -',
    },
    {
      description: 'Pictures from a list, one JSON object per line',
      command: 'find . -name "*.jpg" -print0 | <%= config.bin %> predict --files-from - --format ndjson',
    },
    {
      description: 'Copy the pictures into one folder per variety',
      command: '<%= config.bin %> predict photos --sort-into sorted',
    },
    {
      description: 'Why: a picture of what speaks for each answer, and against it',
      command: '<%= config.bin %> predict photos --explain why',
    },
    {
      description: 'With the three training pictures that are most like each',
      command: '<%= config.bin %> predict grain.jpg --model runs/mine --similar 3',
    },
    {
      description: 'With your own model',
      command: '<%= config.bin %> predict grain.jpg --model runs/mine/model.onnx',
    },
    {
      description: 'With an external model, described in resnet50.json beside it',
      command: '<%= config.bin %> predict grain.jpg --model resnet50.onnx',
    },
  ];

  static override args = {
    paths: Args.string({
      description: 'pictures, folders, patterns, - for a picture on standard input',
      multiple: true,
      ignoreStdin: true,
    }),
  };

  static override flags = {
    ...sharedFlags,
    recursive: Flags.boolean({char: 'r', description: 'also search subfolders'}),
    'files-from': pathFlag({
      description: 'read more paths from a file, one per line (or separated by NUL); - reads them from standard input',
      helpValue: 'FILE',
    }),
    'allow-urls': Flags.boolean({description: 'fetch pictures from http and https URLs'}),
    format: Flags.option({options: ANSWER_FORMATS})({
      description:
        'output format: a table for people, one JSON document (as --json), one JSON object per picture (ndjson), or one CSV row per picture',
      default: 'table',
    }),
    'top-k': integerFlag({description: 'number of candidates to list, the most probable first', default: 1, min: 1}),
    'min-confidence': numberFlag({
      description: "answer unknown below this confidence, 0 to 1 [default: the model's own threshold]",
      min: 0,
      max: 1,
    }),
    'unknown-as': Flags.string({
      description: 'label for unknown pictures, instead of the nearest variety',
      helpValue: 'LABEL',
    }),
    'sort-into': pathFlag({
      description:
        'copy each picture into DIR/VARIETY, unknown ones into DIR/unknown; existing files are not overwritten',
      helpValue: 'DIR',
    }),
    move: Flags.boolean({
      description: 'with --sort-into: move the pictures',
      dependsOn: ['sort-into'],
      exclusive: ['link'],
    }),
    link: Flags.boolean({description: 'with --sort-into: link the pictures', dependsOn: ['sort-into']}),
    explain: pathFlag({
      description:
        'write for each picture one into DIR that shows which places of the grain, and which numbers, speak for the answer or against it',
      helpValue: 'DIR',
    }),
    against: Flags.string({
      description: 'with --explain: compare with this variety only, instead of all others',
      helpValue: 'LABEL',
      dependsOn: ['explain'],
    }),
    similar: integerFlag({
      description:
        'list so many pictures beside each answer that look most like it to the network, with their labels: of those that the run of --model was trained on',
      min: 1,
      max: 100,
    }),
    'similar-to': pathFlag({
      description: 'with --similar: search this folder of labeled pictures instead',
      helpValue: 'DIR',
      dependsOn: ['similar'],
    }),
    shard: Flags.string({
      description:
        'process only part I of N, such as 2/8; auto/8 takes I from the task index of a job [default: I and N of the job, if any]',
      helpValue: 'I/N',
    }),
    'batch-size': integerFlag({description: 'pictures per batch', default: DEFAULT_BATCH, min: 1, max: 4096}),
  };

  /** The number of pictures that could not be sorted. */
  #unsorted = 0;

  async run(): Promise<void> {
    const {flags} = this;
    checkOutput(flags.output, this.args.paths ?? []);
    const stopping = new AbortController();
    const release = onStop(() => stopping.abort(), {patience: STOP_MS});
    const {signal} = stopping;
    const shard = this.#shard();
    const source = this.#source(shard, signal);
    const load = {
      ...classifierOptions(flags),
      ...defined({minConfidence: flags['min-confidence']}),
      ...(flags.similar === undefined ? {} : {features: true}),
      onWarning: (message: string) => this.warn(message),
    };
    const classifier = await loadLazily(load);
    let sorting: SortingFolder | undefined;
    let explaining: Explaining | undefined;
    let similar: Similar | undefined;
    try {
      explaining = await this.#explaining();
      similar = await this.#similar(signal);
      sorting = this.#sortingFolder(classifier.model.labels);
      const answers = this.#answerWriter(await this.#progress(shard, signal));
      const threads = defined({threads: flags.threads});
      const options = {load, batchSize: flags['batch-size'], ...threads, signal};
      const classified = classifyPictures(classifier, explaining ? readableTwice(source) : source, options);
      await this.#write(classified, answers, classifier, {shard, sorting, explaining, similar});
      this.#tellExplained(explaining);
    } finally {
      // Also ends pending reads from a pipe, which would keep the process alive.
      stopping.abort();
      release();
      sorting?.close();
      await explaining?.release();
      similar?.close();
      await classifier.release();
    }
  }

  async #write(
    classified: AsyncIterable<Classified[]>,
    answers: AnswerWriter,
    {model, outputs}: Pick<ClassifierLike, 'model' | 'outputs'>,
    {shard, sorting, explaining, similar}: Beside,
  ): Promise<void> {
    const {trust} = this.flags;
    const runInfo = () => ({trust, warnings: this.warningsSoFar, shard, interrupted: stopSignal() !== undefined});
    const options = defined({unknownAs: this.flags['unknown-as']});
    try {
      answers.start(model, outputs.scores);
      for await (const batch of classified) {
        const entries: Entry[] = [];
        try {
          for (const each of batch) {
            if (explaining && stopSignal()) break;
            // Before a picture is moved.
            const explanation = await explaining?.explain(each.picture, each.answer, similar);
            entries.push(
              explained(withSimilar(this.#entry(each, options, sorting), each.answer, similar), explanation),
            );
            // Each as soon as it is explained, which takes longer than the answer.
            if (explaining) await answers.write(entries.splice(0));
          }
        } finally {
          // Pictures that were sorted before an error, such as a full disk, must appear in the output.
          await answers.write(entries);
        }
      }
      answers.end(runInfo());
    } catch (error) {
      if (!answers.fail(error, runInfo())) throw error;
      this.exitWith(EXIT.failure);
      return;
    } finally {
      answers.close();
    }
    const received = stopSignal();
    if (received) this.exitWith(exitCodeOf(received));
    else if (answers.tally.errors + this.#unsorted > 0) this.exitWith(EXIT.partial);
  }

  #answerWriter(progress: Progress): AnswerWriter {
    const {flags, output, style} = this;
    const format = this.#format;
    return new AnswerWriter({
      output,
      progress,
      format: createFormat(format, {
        style,
        columns: columnsOf(output.stream),
        topK: flags['top-k'],
        quiet: flags.quiet,
      }),
      notice: (message, kind) => printNotice(message, {kind, noColor: flags['no-color']}),
      notices: format !== 'table' ? 'none' : flags.quiet ? 'errors' : 'all',
    });
  }

  /** `--format json` means `--json`, for errors as well. */
  override jsonEnabled(): boolean {
    return super.jsonEnabled() || this.flags?.format === 'json';
  }

  get #format(): AnswerFormatName {
    return this.jsonEnabled() ? 'json' : this.flags.format;
  }

  #shard(): Shard | undefined {
    const {shard: text} = this.flags;
    const shard = text === undefined ? shardFromEnvironment(process.env) : parseShard(text, process.env);
    if (!shard?.from) return shard;
    const message = `shard ${shard.index} of ${shard.count}, set by ${shard.from}`;
    this.warn(message);
    // Printed even with --quiet: nobody must miss that most pictures are left out.
    if (this.flags.quiet && !this.jsonEnabled())
      printNotice(message, {kind: 'Warning', noColor: this.flags['no-color']});
    return shard;
  }

  async #explaining(): Promise<Explaining | undefined> {
    const {explain: folder, against, model, threads, 'max-pixels': maxPixels, quiet} = this.flags;
    if (folder === undefined) return undefined;
    const {Explaining} = await import('./explaining.ts');
    return Explaining.open({folder, quiet, maxPixels, ...defined({against, model, threads})});
  }

  async #similar(signal: AbortSignal): Promise<Similar | undefined> {
    const {similar: count, 'similar-to': dataset, model, threads, quiet} = this.flags;
    if (count === undefined) return undefined;
    const {Similar} = await import('./similar.ts');
    return Similar.open(count, {signal, quiet, ...defined({dataset, model, threads})});
  }

  #tellExplained(explaining: Explaining | undefined): void {
    if (!explaining || this.flags.quiet || this.#format !== 'table') return;
    this.logToStderr(`${formatAmount(explaining.count, 'explanation')} in ${this.flags.explain}`);
  }

  #sortingFolder(labels: string[]): SortingFolder | undefined {
    const {'sort-into': root, move, link} = this.flags;
    if (root === undefined) return undefined;
    return new SortingFolder(root, move ? 'move' : link ? 'link' : 'copy', [...labels, this.#unknownFolder]);
  }

  /** The folder for unknown pictures. */
  get #unknownFolder(): string {
    return this.flags['unknown-as'] ?? 'unknown';
  }

  #source(shard: Shard | undefined, signal: AbortSignal): PictureSource {
    const {recursive, 'files-from': filesFrom, 'allow-urls': allowUrls, 'sort-into': sortInto} = this.flags;
    const pictures = picturesOf(this.args.paths ?? [], {
      recursive,
      allowUrls,
      signal,
      ...defined({filesFrom}),
      ...(sortInto === undefined ? {} : {except: realFolder(sortInto)}),
    });
    return shard ? ofShard(pictures, shard) : pictures;
  }

  /** A bar unless the answers go to the terminal; with the total if the pictures can be counted first. */
  async #progress(shard: Shard | undefined, signal: AbortSignal): Promise<Progress> {
    const shown = !this.flags.quiet && this.output.stream.isTTY !== true;
    const countable = shown && process.stderr.isTTY && !this.flags['files-from'] && !this.args.paths?.includes('-');
    const total = countable ? await countPictures(this.#source(shard, signal), signal) : undefined;
    return createProgress({label: 'predicting', unit: 'pictures', total, quiet: !shown});
  }

  #entry(
    {picture: {path, read}, answer}: Classified,
    options: EntryOptions,
    sorting: SortingFolder | undefined,
  ): Entry {
    const entry = toEntry(path, answer, options);
    if (!sorting || isError(entry)) return entry;
    if (read || !isRegularFile(path)) {
      this.#unsorted++;
      return {...entry, warnings: [...(entry.warnings ?? []), NOT_SORTED]};
    }
    try {
      return {...entry, sortedTo: sorting.place(path, entry.known ? entry.label : this.#unknownFolder)};
    } catch (error) {
      // On a full disk, no further picture can be sorted either.
      if (!(error instanceof RiceError) || error.code === 'DISK_FULL') throw error;
      return toEntry(path, error, {});
    }
  }
}

/** The answer with its explanation, or with a warning that says why there is none. */
function explained(entry: Entry, explanation: ExplanationEntry | RiceError | undefined): Entry {
  if (explanation === undefined || isError(entry)) return entry;
  if (!(explanation instanceof RiceError)) return {...entry, explanation} as Entry;
  return {...entry, warnings: [...(entry.warnings ?? []), `not explained: ${explanation.message}`]};
}

function withSimilar(entry: Entry, answer: Answer, similar: Similar | undefined): Entry {
  if (!similar || isError(entry) || answer instanceof RiceError) return entry;
  return {...entry, similar: similar.find(answer)};
}
