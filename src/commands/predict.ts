import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../cli/base-command.ts';
import {classifyFiles} from '../cli/classify-files.ts';
import {EXIT} from '../cli/exit-codes.ts';
import {classifierOptions, integerFlag, sharedFlags} from '../cli/flags.ts';
import {formatAmount, formatDuration, formatRate, round} from '../cli/format.ts';
import {type LineLayout, renderPrediction} from '../cli/prediction-line.ts';
import {printable} from '../cli/printable.ts';
import {createProgress} from '../cli/progress.ts';
import {isUtf8} from '../cli/style.ts';
import {displayWidth} from '../cli/table.ts';
import {findImages} from '../dataset/find-images.ts';
import {readPicture} from '../dataset/read-file.ts';
import {RiceError} from '../errors.ts';
import {SUPPORTED_NAMES} from '../image/format.ts';
import {Classifier, type Prediction} from '../model/classifier.ts';

/** Paths longer than this stand out of their column rather than push all others apart. */
const WIDEST_PATH = 60;

export default class Predict extends BaseCommand<typeof Predict> {
  static override summary = 'tell the variety of the grain in each picture';
  static override description =
    `Reads ${SUPPORTED_NAMES} pictures of single grains of any size on a plain background, best a dark one.
A picture that probably shows none of the varieties is answered with "unknown" and the nearest variety.
Results come in the order of the arguments, the files of a folder by name.`;
  static override examples = [
    {description: 'The variety of one grain', command: '<%= config.bin %> predict grain.jpg'},
    {description: 'All pictures in a folder and its folders', command: '<%= config.bin %> predict photos --recursive'},
    {description: 'With the next two candidates', command: '<%= config.bin %> predict grain.jpg --top-k 3'},
    {description: 'One JSON document, for scripts', command: '<%= config.bin %> predict photos --json'},
    {
      description: 'With a model of your own',
      command: '<%= config.bin %> predict grain.jpg --model runs/mine/model.onnx',
    },
  ];

  static override args = {
    paths: Args.string({description: 'image files, and folders of image files', required: true, multiple: true}),
  };

  static override flags = {
    ...sharedFlags,
    recursive: Flags.boolean({char: 'r', description: 'look into the folders of folders as well'}),
    'top-k': integerFlag({description: 'how many candidates to name, the most probable first', default: 1, min: 1}),
    'batch-size': integerFlag({description: 'images to compute at a time', default: 32, min: 1, max: 4096}),
  };

  async run() {
    const begin = performance.now();
    const paths = findImages(this.args.paths, this.flags.recursive);
    const classifier = await Classifier.load({
      ...classifierOptions(this.flags),
      onWarning: (message) => this.warn(message),
    });
    const predictions: ReturnType<typeof toEntry>[] = [];
    const errors: {path: string; code: string; message: string}[] = [];
    const report = this.reporter(paths);
    try {
      const batchSize = this.flags['batch-size'];
      const classify = (images: Uint8Array[]) => classifier.classify(images);
      for await (const {path, result} of classifyFiles(paths, classify, batchSize, readPicture)) {
        if (result instanceof RiceError) errors.push({path, code: result.code, message: result.message});
        else predictions.push(toEntry(path, result));
        report.one(path, result);
      }
    } finally {
      report.stop();
      await classifier.release();
    }
    const seconds = (performance.now() - begin) / 1000;
    const summary = summarise(predictions, errors.length, seconds);
    if (paths.length > 1 && !this.flags.quiet) this.log(`\n${describe(summary)}`);
    if (errors.length > 0) this.exitWith(EXIT.partial);
    return {model: classifier.model, predictions, errors, summary};
  }

  /** Shows each answer as it comes: as a line, or, when the lines go elsewhere, as progress. */
  private reporter(paths: string[]) {
    const {quiet} = this.flags;
    const silent = quiet || (process.stdout.isTTY && !this.jsonEnabled());
    const progress = createProgress({
      label: 'predicting',
      unit: 'images',
      total: paths.length,
      quiet: silent,
      plainLines: false,
    });
    const width = paths.reduce((widest, path) => Math.max(widest, displayWidth(printable(path))), 0);
    const layout: LineLayout = {
      style: this.style,
      utf8: isUtf8(),
      pathWidth: Math.min(width, WIDEST_PATH),
      topK: this.flags['top-k'],
    };
    let done = 0;
    return {
      one: (path: string, result: Prediction | RiceError) => {
        progress.update(++done);
        if (this.jsonEnabled()) return;
        if (result instanceof RiceError) return this.notice(`${result.code}: ${path}: ${result.message}`, 'Error');
        this.log(renderPrediction(path, result, layout));
        for (const note of quiet ? [] : (result.notes ?? [])) this.notice(`${path}: ${note}`, 'Warning');
      },
      stop: () => progress.stop(),
    };
  }
}

function toEntry(path: string, {label, confidence, known, reason, probabilities, grain, notes}: Prediction) {
  return {
    path,
    label,
    confidence: round(confidence),
    known,
    ...(reason === undefined ? {} : {reason}),
    probabilities: Object.fromEntries(Object.entries(probabilities).map(([name, value]) => [name, round(value)])),
    ...(grain === undefined ? {} : {grain}),
    ...(notes === undefined || notes.length === 0 ? {} : {warnings: notes}),
  };
}

function summarise(predictions: {label: string; known: boolean}[], errors: number, seconds: number) {
  const labels: Record<string, number> = {};
  for (const {label, known} of predictions) if (known) labels[label] = (labels[label] ?? 0) + 1;
  const images = predictions.length;
  return {
    images,
    errors,
    labels,
    unknown: predictions.filter(({known}) => !known).length,
    seconds: round(seconds, 3),
    imagesPerSecond: round(images / seconds, 1),
  };
}

function describe({images, errors, labels, unknown, seconds, imagesPerSecond}: ReturnType<typeof summarise>): string {
  const counts = Object.entries(labels)
    .sort(([, a], [, b]) => b - a)
    .map(([label, count]) => `${label} ${count}`);
  if (unknown > 0) counts.push(`unknown ${unknown}`);
  const failed = errors > 0 ? `, ${formatAmount(errors, 'file')} unreadable` : '';
  const time = `${formatDuration(seconds)} (${formatRate(imagesPerSecond)} a second)`;
  return `${formatAmount(images, 'image')} in ${time}${failed}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`;
}
