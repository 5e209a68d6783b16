import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../cli/base-command.ts';
import {EXIT} from '../cli/exit-codes.ts';
import {classifierOptions, integerFlag, sharedFlags} from '../cli/flags.ts';
import {createProgress} from '../cli/progress.ts';
import {renderReport} from '../cli/report.ts';
import {cacheFolder} from '../dataset/cache-folder.ts';
import type {Dataset} from '../dataset/dataset.ts';
import {hashDataset} from '../dataset/hash-dataset.ts';
import {scanDataset} from '../dataset/scan.ts';
import {PARTS, type Part, splitDataset} from '../dataset/split.ts';
import {RiceError} from '../errors.ts';
import {evaluate} from '../evaluation/evaluate.ts';
import {Classifier} from '../model/classifier.ts';
import {classifyPictures, DEFAULT_BATCH} from '../prediction/classify-pictures.ts';
import type {PictureSource} from '../prediction/picture.ts';

export default class Evaluate extends BaseCommand<typeof Evaluate> {
  static override summary = 'measure how often a model is right on labelled pictures';
  static override description =
    `Reads a folder with one folder of pictures a variety, DIR/Arborio/1.jpg, DIR/Basmati/1.jpg and so on, and compares each answer with the folder's name.
Prints the accuracy with its 95 % interval, the confusion matrix, precision and recall of each variety, and the surest mistakes.
With --part, only the pictures that the model was not (or was) trained on: each picture's part follows from its content and the split recorded in the model.`;
  static override examples = [
    {description: 'All pictures of a dataset', command: '<%= config.bin %> evaluate dataset'},
    {
      description: 'Only those that training has never seen',
      command: '<%= config.bin %> evaluate dataset --part test',
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
    part: Flags.option({options: ['all', ...PARTS] as const})({
      description: 'which part of the split to look at',
      default: 'all',
    }),
    'batch-size': integerFlag({description: 'images to compute at a time', default: DEFAULT_BATCH, min: 1, max: 4096}),
  };

  async run() {
    const {quiet, part} = this.flags;
    const scanned = scanDataset(this.args.dir, {minimumLabels: 1});
    for (const note of scanned.notes) this.warn(note);
    const load = {...classifierOptions(this.flags), onWarning: (message: string) => this.warn(message)};
    const classifier = await Classifier.load(load);
    try {
      const {dataset, files, errors} = await this.select(scanned, classifier);
      const total = files?.length ?? dataset.files.length;
      const progress = createProgress({label: 'evaluating', unit: 'images', total, quiet});
      const {'batch-size': batchSize, threads} = this.flags;
      const options = {load, batchSize, ...(threads === undefined ? {} : {threads})};
      const classify = (pictures: PictureSource) => classifyPictures(classifier, pictures, options);
      const onProgress = ({done}: {done: number}) => progress.update(done);
      const chosen = files === undefined ? {} : {files};
      const report = await evaluate({
        classifier: {model: classifier.model, classify},
        dataset,
        ...chosen,
        onProgress,
      }).finally(progress.stop);
      const result = {...report, part, device: classifier.device, errors: [...errors, ...report.errors]};
      this.log(renderReport(result, {style: this.style, part}));
      for (const {path, code, message} of result.errors) this.notice(`${code}: ${path}: ${message}`, 'Error');
      if (result.errors.length > 0) this.exitWith(EXIT.partial);
      return result;
    } finally {
      await classifier.release();
    }
  }

  /** The files of the part that was asked for; which part a file is in follows from its digest. */
  private async select(dataset: Dataset, {metadata, model}: Classifier) {
    const {part, quiet} = this.flags;
    if (part === 'all') return {dataset, files: undefined, errors: []};
    if (!metadata.training)
      throw new RiceError(
        'MODEL_METADATA',
        `the model ${model.name} records no split: which pictures are its ${part} part is not known`,
        {suggestions: ['Leave --part out to evaluate all images.']},
      );
    const {seed, fractions} = metadata.training.split;
    if (fractions[part] === 0)
      throw new RiceError('NO_IMAGES', `the model was trained without a ${part} part: its split gives it no images`, {
        suggestions: ['Leave --part out to evaluate all images.'],
      });
    const progress = createProgress({label: 'hashing', unit: 'files', total: dataset.files.length, quiet});
    const onProgress = ({done}: {done: number}) => progress.update(done);
    const hashed = await hashDataset(dataset, {cacheDir: cacheFolder(), onProgress}).finally(progress.stop);
    const files = splitDataset(hashed.hashes, seed, fractions)[part as Part];
    if (files.length === 0)
      throw new RiceError('NO_IMAGES', `none of the images in ${dataset.root} is in the ${part} part of the split`, {
        suggestions: ['Leave --part out to evaluate all images.'],
      });
    return {dataset: hashed.dataset, files, errors: hashed.errors};
  }
}
