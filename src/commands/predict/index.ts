import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {EXIT, exitCodeOf} from '../../cli/exit-codes.ts';
import {classifierOptions, integerFlag, numberFlag, pathFlag, sharedFlags} from '../../cli/flags.ts';
import {printNotice} from '../../cli/print-error.ts';
import {createProgress, type Progress} from '../../cli/progress.ts';
import {onStop, stopSignal} from '../../cli/signals.ts';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {SUPPORTED_FORMATS} from '../../image/formats/formats.ts';
import {type ClassifierLike, loadLazily} from '../../model/lazy-classifier.ts';
import type {ModelMetadata} from '../../model/metadata.ts';
import {withConfidence} from '../../model/rejection.ts';
import {type Classified, classifyPictures, DEFAULT_BATCH} from '../../prediction/classify-pictures.ts';
import {type Entry, type EntryOptions, isError, toEntry} from '../../prediction/entry.ts';
import type {PictureSource} from '../../prediction/picture.ts';
import {isRegularFile, realFolder, SortingFolder} from '../../prediction/sort-into.ts';
import {picturesOf} from '../../prediction/sources/arguments.ts';
import {countPictures} from '../../prediction/sources/count.ts';
import {ofShard, parseShard, type Shard, shardFromEnvironment} from '../../prediction/sources/shard.ts';
import {ANSWER_FORMATS, type AnswerFormatName} from './formats/answer-format.ts';
import {AnswerWriter} from './formats/answer-writer.ts';
import {createFormat} from './formats/create-format.ts';

const NOT_SORTED = 'not sorted: only files can be';

export default class Predict extends BaseCommand<typeof Predict> {
  static override summary = 'tell the variety of the grain in each picture';
  static override description =
    `Reads ${SUPPORTED_FORMATS} pictures of single grains on a plain background, best a dark one.
A path is a picture, a folder of pictures, a pattern such as "photos/**/*.jpg" (in quotes, so that the shell leaves it alone), - for a picture on standard input, or, with --allow-urls, an address. Hidden folders are left out.
A picture that probably shows none of the varieties is answered with "unknown", the nearest variety and the reason.
Results come in the order of the arguments, the files of a folder by name, as they are computed: a million pictures take no more memory than a thousand. Ctrl-C ends with what was done.
Within a job of Cloud Run, Kubernetes (indexed) or SLURM (array), each task takes its share of the pictures by itself; see --shard, and docs/jobs.md for files of such jobs.`;
  static override examples = [
    {description: 'The variety of one grain', command: '<%= config.bin %> predict grain.jpg'},
    {description: 'All pictures in a folder and its folders', command: '<%= config.bin %> predict photos --recursive'},
    {description: 'With the next two candidates', command: '<%= config.bin %> predict grain.jpg --top-k 3'},
    {description: 'One JSON document, for scripts', command: '<%= config.bin %> predict photos --json'},
    {description: 'A spreadsheet', command: '<%= config.bin %> predict photos --format csv --output grains.csv'},
    {
      description: 'A picture from a pipe',
      command: 'curl -s https://example.org/grain.jpg | <%= config.bin %> predict -',
    },
    {
      description: 'The pictures of a list, as they come, one JSON object a line',
      command: 'find . -name "*.jpg" -print0 | <%= config.bin %> predict --files-from - --format ndjson',
    },
    {
      description: 'Copies of the pictures in a folder a variety',
      command: '<%= config.bin %> predict photos --sort-into sorted',
    },
    {
      description: 'With a model of your own',
      command: '<%= config.bin %> predict grain.jpg --model runs/mine/model.onnx',
    },
    {
      description: 'With an external model, described by resnet50.json beside it',
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
    recursive: Flags.boolean({char: 'r', description: 'look into the folders of folders as well'}),
    'files-from': pathFlag({
      description: 'read further paths from a file, one a line (or ended by NULs); - reads them from standard input',
      helpValue: 'FILE',
    }),
    'allow-urls': Flags.boolean({description: 'fetch pictures from http and https addresses'}),
    format: Flags.option({options: ANSWER_FORMATS})({
      description:
        'how to write the answers: a table for people, one JSON document (as --json), a JSON object or a CSV row a picture',
      default: 'table',
    }),
    'top-k': integerFlag({description: 'how many candidates to name, the most probable first', default: 1, min: 1}),
    'min-confidence': numberFlag({
      description: "call less sure answers unknown, 0 to 1 [default: the model's own threshold]",
      min: 0,
      max: 1,
    }),
    'unknown-as': Flags.string({
      description: 'label for what is unknown, instead of the nearest variety',
      helpValue: 'LABEL',
    }),
    'sort-into': pathFlag({
      description:
        'copy each picture into a folder named after its variety in DIR, unknown ones into "unknown"; nothing is overwritten',
      helpValue: 'DIR',
    }),
    move: Flags.boolean({
      description: 'with --sort-into: move the pictures',
      dependsOn: ['sort-into'],
      exclusive: ['link'],
    }),
    link: Flags.boolean({description: 'with --sort-into: link the pictures', dependsOn: ['sort-into']}),
    shard: Flags.string({
      description:
        'only the Ith of N parts of the pictures, such as 2/8; auto/8 takes I from the task index of a job [default: as the job says]',
      helpValue: 'I/N',
    }),
    'batch-size': integerFlag({description: 'images to compute at a time', default: DEFAULT_BATCH, min: 1, max: 4096}),
  };

  /** Pictures that were to be sorted and could not be. */
  #unsorted = 0;

  async run(): Promise<void> {
    const {flags} = this;
    const stopping = new AbortController();
    const release = onStop(() => stopping.abort());
    const {signal} = stopping;
    const shard = this.#shard();
    const source = this.#source(shard, signal);
    const load = {...classifierOptions(flags), onWarning: (message: string) => this.warn(message)};
    const classifier = await loadLazily(load);
    try {
      const sorting = this.#sortingFolder(classifier.model.labels);
      const answers = this.#answerWriter(await this.#progress(shard, signal));
      const threads = defined({threads: flags.threads});
      const options = {load, batchSize: flags['batch-size'], ...threads, signal};
      const classified = classifyPictures(classifier, source, options);
      await this.#write(classified, answers, classifier, {shard, sorting});
    } finally {
      // Also ends what still waits for a pipe: the process would wait with it.
      stopping.abort();
      release();
      await classifier.release();
    }
  }

  async #write(
    classified: AsyncIterable<Classified[]>,
    answers: AnswerWriter,
    {model, metadata, outputs}: Pick<ClassifierLike, 'model' | 'metadata' | 'outputs'>,
    {shard, sorting}: {shard: Shard | undefined; sorting: SortingFolder | undefined},
  ): Promise<void> {
    const about = () => ({warnings: this.warningsSoFar, shard, interrupted: stopSignal() !== undefined});
    const options = this.#entryOptions(metadata);
    try {
      answers.start(model, outputs.scores);
      for await (const batch of classified) {
        const entries: Entry[] = [];
        try {
          for (const each of batch) entries.push(this.#entry(each, options, sorting));
        } finally {
          // What was sorted before the disk was full is told all the same.
          await answers.write(entries);
        }
      }
      answers.end(about());
    } catch (error) {
      if (!answers.fail(error, about())) throw error;
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
      format: createFormat(format, {style, topK: flags['top-k'], quiet: flags.quiet}),
      notice: (message, kind) => printNotice(message, {kind, noColor: flags['no-color']}),
      tell: format !== 'table' ? 'nothing' : flags.quiet ? 'errors' : 'all',
    });
  }

  /** `--format json` means `--json`, also for what goes wrong. */
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
    const message = `shard ${shard.index} of ${shard.count}, as ${shard.from} says`;
    this.warn(message);
    // That most pictures are left out nobody must miss.
    if (this.flags.quiet && !this.jsonEnabled())
      printNotice(message, {kind: 'Warning', noColor: this.flags['no-color']});
    return shard;
  }

  #sortingFolder(labels: string[]): SortingFolder | undefined {
    const {'sort-into': root, move, link} = this.flags;
    if (root === undefined) return undefined;
    return new SortingFolder(root, move ? 'move' : link ? 'link' : 'copy', [...labels, this.#unknown]);
  }

  /** The folder of what is not known. */
  get #unknown(): string {
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

  /** A bar where the answers do not go to the terminal themselves, with the total where that can be counted first. */
  async #progress(shard: Shard | undefined, signal: AbortSignal): Promise<Progress> {
    const shown = !this.flags.quiet && this.output.stream.isTTY !== true;
    const countable = shown && process.stderr.isTTY && !this.flags['files-from'] && !this.args.paths?.includes('-');
    const total = countable ? await countPictures(this.#source(shard, signal), signal) : undefined;
    return createProgress({label: 'predicting', unit: 'images', total, quiet: !shown});
  }

  #entryOptions({unknown}: ModelMetadata): EntryOptions {
    const {'min-confidence': confidence, 'unknown-as': unknownAs} = this.flags;
    return {
      ...(confidence === undefined ? {} : {thresholds: withConfidence(unknown, confidence)}),
      ...defined({unknownAs}),
    };
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
      return {...entry, sortedTo: sorting.place(path, entry.known ? entry.label : this.#unknown)};
    } catch (error) {
      // Without space no other picture can be placed either.
      if (!(error instanceof RiceError) || error.code === 'DISK_FULL') throw error;
      return toEntry(path, error, {});
    }
  }
}
