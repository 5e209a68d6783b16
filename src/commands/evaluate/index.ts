import {resolve} from 'node:path';
import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {EXIT, exitCodeOf} from '../../cli/exit-codes.ts';
import {columnsOf} from '../../cli/fit.ts';
import {
  classifierOptions,
  correctionsFlag,
  integerFlag,
  labelsFromFlag,
  pathFlag,
  sharedFlags,
} from '../../cli/flags.ts';
import {printNotice} from '../../cli/print-error.ts';
import {createProgress} from '../../cli/progress.ts';
import {quit} from '../../cli/quit.ts';
import {Remedies} from '../../cli/remedies.ts';
import {onStop} from '../../cli/signals.ts';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {checkWritable, writeAtomically} from '../../common/files/atomic-file.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {packageVersion} from '../../common/package-root.ts';
import {shellWords} from '../../common/shell-words.ts';
import {summaryOf} from '../../dataset/corrections/summary.ts';
import {scanDataset} from '../../dataset/scan.ts';
import {PARTS} from '../../dataset/split.ts';
import {type Evaluation, evaluate} from '../../evaluation/evaluate.ts';
import {embedPictures} from '../../evaluation/report/embed-pictures.ts';
import {renderPage} from '../../evaluation/report/page.ts';
import {shownUnknowns} from '../../evaluation/report/unknown-section.ts';
import {measureRobustness} from '../../evaluation/robustness/measure-robustness.ts';
import type {RobustnessRow} from '../../evaluation/robustness/tally.ts';
import {type Selection, selectFiles} from '../../evaluation/select-files.ts';
import {Classifier, type ClassifierOptions} from '../../model/classifier.ts';
import {classifyPictures, DEFAULT_BATCH} from '../../prediction/classify-pictures.ts';
import type {PictureSource} from '../../prediction/picture.ts';
import {type AccuracyGate, gateFailure, minAccuracyFlag} from './accuracy-gate.ts';
import {renderReport} from './report.ts';

export default class Evaluate extends BaseCommand<typeof Evaluate> {
  static override summary = 'measure the accuracy of a model on labeled pictures';
  static override description =
    `Reads a folder with one subfolder of pictures per variety (DIR/Arborio/1.jpg, DIR/Basmati/1.jpg and so on) and compares each answer with the name of the subfolder.
Prints the accuracy with its 95 % interval, the accuracy of the 99 % most trusted answers, the confusion matrix, precision and recall of each variety, and the most confident mistakes.
--part selects the pictures that the model was trained on, or was not: the part of a picture follows from its content and the split recorded in the model.
--robustness also measures the same pictures as another camera, lamp or table would show them: grey, smaller and larger, rotated, shifted, darker and brighter, with another white balance, with noise, compressed, blurred, on other backgrounds, beside a shadow.
--min-accuracy makes the exit code 1 if the accuracy is too low, for scripts.`;
  static override examples = [
    {description: 'All pictures of a dataset', command: '<%= config.bin %> evaluate dataset'},
    {
      description: 'Only pictures that were not used in training',
      command: '<%= config.bin %> evaluate dataset --part test',
    },
    {
      description: 'With an HTML report that shows each mistake as a picture',
      command: '<%= config.bin %> evaluate dataset --report evaluation.html',
    },
    {
      description: 'Exit code 1 if the accuracy is below 99 %',
      command: '<%= config.bin %> evaluate dataset --min-accuracy 0.99',
    },
    {
      description: 'The robustness to other cameras and light, measured on 500 pictures',
      command: '<%= config.bin %> evaluate dataset --robustness --limit 500',
    },
    {
      description: 'Your own model, as JSON',
      command: '<%= config.bin %> evaluate dataset --model runs/mine/model.onnx --json',
    },
  ];

  static override args = {
    dir: Args.string({description: 'folder with one subfolder of pictures per variety', required: true}),
  };

  static override flags = {
    ...sharedFlags,
    'labels-from': labelsFromFlag,
    corrections: correctionsFlag,
    part: Flags.option({options: ['all', ...PARTS] as const})({
      description: 'which part of the split to evaluate',
      default: 'all',
    }),
    limit: integerFlag({
      description: 'evaluate only N pictures, equally many of each variety; chosen by content, so always the same ones',
      min: 1,
    }),
    'min-accuracy': minAccuracyFlag({
      description:
        'exit with code 1 if the accuracy is below X, a fraction from 0 to 1: 0.99 means that 99 of 100 pictures must be right',
    }),
    report: pathFlag({
      description: 'write an HTML report with pictures of the mistakes: one file that needs no network',
      helpValue: 'FILE.html',
    }),
    robustness: Flags.boolean({
      description: 'also measure changed pictures, as another camera, lamp or table would show them',
    }),
    'batch-size': integerFlag({description: 'pictures per batch', default: DEFAULT_BATCH, min: 1, max: 4096}),
  };

  async run() {
    const release = onStop((signal) => {
      printNotice('stopped before the end, so there is no result', {kind: 'Warning', noColor: this.flags['no-color']});
      quit(exitCodeOf(signal), signal);
    });
    return this.#measure().finally(release);
  }

  async #measure() {
    const {part, limit, report} = this.flags;
    if (report !== undefined) this.#checkReport(report);
    const {'labels-from': labelsFrom, corrections} = this.flags;
    const scanned = scanDataset(this.args.dir, {minimumLabels: 1, ...defined({labelsFrom, corrections})});
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
        trust: classifier.trust,
        device: classifier.device,
        errors: [...selection.errors, ...evaluation.errors],
        ...defined({
          limit,
          gate,
          robustness,
          report,
          corrections: scanned.corrections && summaryOf(scanned.corrections),
        }),
      };
      if (report !== undefined) await this.#writePage(report, result, classifier, selection);
      this.log(renderReport(result, {style: this.style, part, columns: columnsOf(this.output.stream)}));
      this.#reportProblems(result);
      return result;
    } finally {
      await classifier.release();
    }
  }

  /** Fails before any work if the report cannot be written, or would replace the printed result. */
  #checkReport(report: string): void {
    const {output} = this.flags;
    if (report === '-' || (output !== undefined && resolve(output) === resolve(report)))
      throw new RiceError('USAGE', `--report ${report}: the report needs its own file`, {
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
    {metadata, device, trust}: Classifier,
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
      trust,
      folder: dataset.root,
      history: metadata.training,
      version: packageVersion(),
      date: new Date().toISOString(),
      command: shellWords(['rice', 'evaluate', ...this.argv]),
      pictures: await embedPictures(dataset.root, evaluation.mistakes, {maxPixels}),
      unknownPictures: await embedPictures(dataset.root, shownUnknowns(evaluation), {maxPixels}),
    });
    writeAtomically(path, page);
  }

  #progress(label: string, total: number, unit = 'pictures') {
    const progress = createProgress({label, unit, total, quiet: this.flags.quiet});
    return {onProgress: ({done}: {done: number}) => progress.update(done), stop: progress.stop};
  }

  #gate({accuracy}: Evaluation): AccuracyGate | undefined {
    const {'min-accuracy': minAccuracy} = this.flags;
    return minAccuracy === undefined ? undefined : {minAccuracy, passed: accuracy >= minAccuracy};
  }

  /** Reports errors on stderr and in the exit code. A failed gate is printed with `--json` as well. */
  #reportProblems({errors, gate, ...evaluation}: Evaluation & {gate?: AccuracyGate}): void {
    const remedies = new Remedies();
    for (const {path, code, message} of errors) {
      this.notice(`${code}: ${path}: ${message}`, 'Error');
      const remedy = remedies.next(code);
      if (remedy) this.notice(remedy, 'Try');
    }
    const failure = gate && gateFailure(gate, evaluation);
    if (failure) printNotice(failure, {kind: 'Error', noColor: this.flags['no-color']});
    if (failure || errors.length > 0) this.exitWith(EXIT.partial);
  }
}
