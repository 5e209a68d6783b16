import {defined} from '../../common/defined.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {hashDataset} from '../../dataset/hash-dataset.ts';
import {scanDataset} from '../../dataset/scan.ts';
import {splitDataset} from '../../dataset/split.ts';
import {type Evaluation, type EvaluationProgress, evaluate, type FileAnswer} from '../../evaluation/evaluate.ts';
import {Classifier, type ClassifierOptions} from '../../model/classifier.ts';
import {classifyPictures} from '../../prediction/classify-pictures.ts';
import type {PictureSource} from '../../prediction/picture.ts';
import {correctionsCopy} from './corrections-copy.ts';
import type {RunRecord} from './run-folder.ts';

export interface MeasureOptions {
  /** The model file. */
  model: string;
  dataset: RunRecord['dataset'];
  /** The folder of the run, with a copy of the corrections of labels. */
  run: string;
  onProgress: (done: number, total: number) => void;
  onWarning: (message: string) => void;
  signal: AbortSignal;
}

/** An evaluation, and the answer to each picture. */
export interface MeasuredTest {
  evaluation: Evaluation;
  answers: TestAnswer[];
}

export interface TestAnswer extends Omit<FileAnswer, 'file'> {
  /** Relative to the root of the dataset. */
  path: string;
  /** SHA-256 of the picture, in hexadecimal. */
  sha256: string;
}

/**
 * Evaluates a model on the test images of its run: the original files, prepared as in prediction. Undefined if the split
 * has no test part, or the files are gone.
 */
export async function measureTestPart(options: MeasureOptions): Promise<MeasuredTest | undefined> {
  const {model, dataset, run, onProgress, onWarning, signal} = options;
  if (dataset.split.images.test === 0) return undefined;
  const found = await testFiles(dataset, correctionsCopy(dataset, run)).catch((error: Error) => {
    onWarning(`the test images could not be measured: ${error.message}`);
    return undefined;
  });
  if (!found) return undefined;
  const load: ClassifierOptions = {model, device: 'cpu'};
  const classifier = await Classifier.load(load);
  const classify = (pictures: PictureSource) => classifyPictures(classifier, pictures, {load, signal});
  const report = ({done, total}: EvaluationProgress) => onProgress(done, total);
  const {hashes, ...present} = found;
  const answers: TestAnswer[] = [];
  const onAnswer = ({file, ...answer}: FileAnswer) => {
    answers.push({path: present.dataset.files[file].path, sha256: hashes[file].sha256, ...answer});
  };
  try {
    const evaluation = await evaluate({
      ...present,
      onAnswer,
      classifier: {model: classifier.model, classify},
      signal,
      onProgress: report,
    });
    return {evaluation, answers};
  } finally {
    await classifier.release();
  }
}

async function testFiles({root, split, labelsFrom}: RunRecord['dataset'], corrections: string | undefined) {
  const {dataset, hashes} = await hashDataset(scanDataset(root, defined({labelsFrom, corrections})), {
    cacheDir: cacheFolder(),
  });
  return {dataset, hashes, files: splitDataset(dataset, hashes, split).test};
}
