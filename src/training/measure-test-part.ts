import {cacheFolder} from '../dataset/cache-folder.ts';
import {hashDataset} from '../dataset/hash-dataset.ts';
import {scanDataset} from '../dataset/scan.ts';
import {splitDataset} from '../dataset/split.ts';
import {type Evaluation, evaluate} from '../evaluation/evaluate.ts';
import {Classifier} from '../model/classifier.ts';
import type {RunRecord} from './run-folder.ts';

export interface MeasureOptions {
  /** The model file. */
  model: string;
  dataset: RunRecord['dataset'];
  onProgress: (done: number, total: number) => void;
  onWarning: (message: string) => void;
  signal: AbortSignal;
}

/**
 * Measures a model on the test images of its run: the files themselves, prepared as predict prepares them. Undefined
 * where the split has no test part, or the files are not there any more.
 */
export async function measureTestPart(options: MeasureOptions): Promise<Evaluation | undefined> {
  const {model, dataset, onProgress, onWarning, signal} = options;
  if (dataset.split.images.test === 0) return undefined;
  const present = await testFiles(dataset).catch((error: Error) => {
    onWarning(`the test images could not be measured: ${error.message}`);
    return undefined;
  });
  if (!present) return undefined;
  const classifier = await Classifier.load({model, device: 'cpu'});
  try {
    return await evaluate({...present, classifier, signal, onProgress: ({done, total}) => onProgress(done, total)});
  } finally {
    await classifier.release();
  }
}

async function testFiles({root, split}: RunRecord['dataset']) {
  const {dataset, hashes} = await hashDataset(scanDataset(root), {cacheDir: cacheFolder()});
  return {dataset, files: splitDataset(hashes, split.seed, split.fractions).test};
}
