import {resolve} from 'node:path';
import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {EXIT, exitCodeOf} from '../../cli/exit-codes.ts';
import {classifierOptions, integerFlag, labelsFromFlag, pathFlag, sharedFlags} from '../../cli/flags.ts';
import {printNotice} from '../../cli/print-error.ts';
import {createProgress} from '../../cli/progress.ts';
import {quit} from '../../cli/quit.ts';
import {onStop} from '../../cli/signals.ts';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {checkWritable, writeAtomically} from '../../common/files/atomic-file.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {packageVersion} from '../../common/package-root.ts';
import {shellWords} from '../../common/shell-words.ts';
import {scanDataset} from '../../dataset/scan.ts';
import {PARTS} from '../../dataset/split.ts';
import {type Evaluation, evaluate} from '../../evaluation/evaluate.ts';
import {embedPictures} from '../../evaluation/report/embed-pictures.ts';
import {renderPage} from '../../evaluation/report/page.ts';
import {measureRobustness} from '../../evaluation/robustness/measure-robustness.ts';
import type {RobustnessRow} from '../../evaluation/robustness/tally.ts';
import {type Selection, selectFiles} from '../../evaluation/select-files.ts';
import {Classifier, type ClassifierOptions} from '../../model/classifier.ts';
import {classifyPictures, DEFAULT_BATCH} from '../../prediction/classify-pictures.ts';
import type {PictureSource} from '../../prediction/picture.ts';
import {type AccuracyGate, gateFailure, minAccuracyFlag} from './accuracy-gate.ts';
import {renderReport} from './report.ts';

export default class Evaluate extends BaseCommand<typeof Evaluate> {
  static override summary = 'measure how often a model is right on labelled pictures';
  static override description =
    `Reads a folder with one folder of pictures a variety, DIR/Arborio/1.jpg, DIR/Basmati/1.jpg and so on, and compares each answer with the folder's name.
Prints the accuracy with its 95 % interval and that of the 99 % of the answers that are trusted most, the confusion matrix, precision and recall of each variety, and the surest mistakes.
With --part, only the pictures that the model was not (or was) trained on: each picture's part follows from its content and the split recorded in the model.
With --robustness, the same pictures again as another camera, lamp or table would show them: grey, smaller and larger, turned, shifted, darker and brighter, with another white balance, with noise, compressed, blurred, on other backgrounds, beside a shadow.
With --min-accuracy, the exit code is 1 where the model is not good enough, for scripts.`;
  static override examples = [
    {description: 'All pictures of a dataset', command: '<%= config.bin %> evaluate dataset'},
    {
      description: 'Only those that training has never seen',
      command: '<%= config.bin %> evaluate dataset --part test',
    },
    {
      description: 'With a page that shows every mistake as a picture',
      command: '<%= config.bin %> evaluate dataset --report evaluation.html',
    },
    {
      description: 'Exit code 1 unless 99 % are right',
      command: '<%= config.bin %> evaluate dataset --min-accuracy 0.99',
    },
    {
      description: 'How far it can be trusted on other pictures, measured on 500',
      command: '<%= config.bin %> evaluate dataset --robustness --limit 500',
    },
    {
      description: 'A model of your own, as JSON',
      command: '<%= config.bin %> evaluate dataset --model runs/mine/model.onnx --json',
    },
  ];

  static override args = {
    dir: Args.string({description: 'folder with one folder of pictures a variety', required: true}),
  };

  static override flags = {
    ...sharedFlags,
    'labels-from': labelsFromFlag,
    part: Flags.option({options: ['all', ...PARTS] as const})({
      description: 'which part of the split to look at',
      default: 'all',
    }),
    limit: integerFlag({
      description:
        'look at N pictures only, as many of each variety as of the others; chosen by content, so always the same',
      min: 1,
    }),
    'min-accuracy': minAccuracyFlag({
      description:
        'answer with exit code 1 where the accuracy is below X, a share from 0 to 1: 0.99 means that 99 of 100 pictures must be right',
    }),
    report: pathFlag({
      description:
        'write the evaluation as a page for the browser, with the mistakes as pictures; one file, no network',
      helpValue: 'FILE.html',
    }),
    robustness: Flags.boolean({
      description: 'measure the pictures under changes as well, as another camera, lamp or table would show them',
    }),
    'batch-size': integerFlag({description: 'images to compute at a time', default: DEFAULT_BATCH, min: 1, max: 4096}),
  };

  async run() {
    const release = onStop((signal) => {
      printNotice('stopped before the end: there is no result', {kind: 'Warning', noColor: this.flags['no-color']});
      quit(exitCodeOf(signal), signal);
    });
    return this.#measure().finally(release);
  }

  async #measure() {
    const {part, limit, report} = this.flags;
    if (report !== undefined) this.#checkReport(report);
    const scanned = scanDataset(this.args.dir, {minimumLabels: 1, ...defined({labelsFrom: this.flags['labels-from']})});
    for (const note of scanned.notes) this.warn(note);
    const load = {...classifierOptions(this.flags), onWarning: (message: string) => this.warn(message)};
    const classifier = await Classifier.load(load);
    try {
      const hashing = this.#progress('hashing', scanned.files.length, 'files');
      const select = {part, limit, cacheDir: cacheFolder(), onProgress: hashing.onProgress};
      const selection = await selectFiles(scanned, classifier.metadata, select).finally(hashing.stop);
      const evaluation = await this.#evaluate(classifier, load, selection);
      const robustness = this.flags.robustness ? await this.#robustness(classifier, load, selection) : undefined;
      const gate = this.#gate(evaluation);
      const result = {
        ...evaluation,
        part,
        device: classifier.device,
        errors: [...selection.errors, ...evaluation.errors],
        ...defined({limit, gate, robustness, report}),
      };
      if (report !== undefined) await this.#writePage(report, result, classifier, selection);
      this.log(renderReport(result, {style: this.style, part}));
      this.#tell(result);
      return result;
    } finally {
      await classifier.release();
    }
  }

  /** The page is a file of its own, beside what is printed. */
  #checkReport(report: string): void {
    const {output} = this.flags;
    if (report === '-' || (output !== undefined && resolve(output) === resolve(report)))
      throw new RiceError('USAGE', `--report ${report}: the page needs a file of its own`, {
        suggestions: ['Name another file, such as evaluation.html.'],
      });
    checkWritable(report);
  }

  #evaluate(classifier: Classifier, load: ClassifierOptions, {dataset, files}: Selection): Promise<Evaluation> {
    const {'batch-size': batchSize, threads} = this.flags;
    const options = {load, batchSize, ...defined({threads})};
    const classify = (pictures: PictureSource) => classifyPictures(classifier, pictures, options);
    const {onProgress, stop} = this.#progress('evaluating', files.length);
    const measured = {model: classifier.model, classify};
    return evaluate({classifier: measured, dataset, files, onProgress}).finally(stop);
  }

  #robustness(classifier: Classifier, load: ClassifierOptions, {dataset, files}: Selection) {
    const {onProgress, stop} = this.#progress('changing pictures', files.length);
    const {threads} = this.flags;
    return measureRobustness({classifier, load, dataset, files, threads, onProgress}).finally(stop);
  }

  async #writePage(
    path: string,
    evaluation: Evaluation & {gate?: AccuracyGate; robustness?: RobustnessRow[]},
    {metadata, device}: Classifier,
    {dataset}: Selection,
  ): Promise<void> {
    const {part, limit, 'max-pixels': maxPixels} = this.flags;
    const {gate, robustness} = evaluation;
    const page = renderPage({
      evaluation,
      gate,
      robustness,
      part,
      limit,
      device,
      folder: dataset.root,
      history: metadata.training,
      version: packageVersion(),
      date: new Date().toISOString(),
      command: shellWords(['rice', 'evaluate', ...this.argv]),
      pictures: await embedPictures(dataset.root, evaluation.mistakes, {maxPixels}),
    });
    writeAtomically(path, page);
  }

  #progress(label: string, total: number, unit = 'images') {
    const progress = createProgress({label, unit, total, quiet: this.flags.quiet});
    return {onProgress: ({done}: {done: number}) => progress.update(done), stop: progress.stop};
  }

  #gate({accuracy}: Evaluation): AccuracyGate | undefined {
    const {'min-accuracy': minAccuracy} = this.flags;
    return minAccuracy === undefined ? undefined : {minAccuracy, passed: accuracy >= minAccuracy};
  }

  /** What went wrong, on standard error and in the exit code. A closed gate is told under `--json` as well. */
  #tell({errors, gate, ...evaluation}: Evaluation & {gate?: AccuracyGate}): void {
    for (const {path, code, message} of errors) this.notice(`${code}: ${path}: ${message}`, 'Error');
    const failure = gate && gateFailure(gate, evaluation);
    if (failure) printNotice(failure, {kind: 'Error', noColor: this.flags['no-color']});
    if (failure || errors.length > 0) this.exitWith(EXIT.partial);
  }
}
