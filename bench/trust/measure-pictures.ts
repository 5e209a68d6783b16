import {join} from 'node:path';
import {RiceError} from '../../src/common/errors.ts';
import type {Dataset} from '../../src/dataset/dataset.ts';
import type {Classifier, ClassifierOptions} from '../../src/model/classifier.ts';
import {classifyPictures} from '../../src/prediction/classify-pictures.ts';
import {type RawAnswer, rawAnswer} from './raw-answer.ts';

/**
 * Answers to pictures as they are.
 *
 * @param change what the answers are kept under
 * @param labelOf the label of a folder's pictures, by default its name
 */
export async function measurePictures(
  classifier: Classifier,
  load: ClassifierOptions,
  {dataset, files}: {dataset: Dataset; files: readonly number[]},
  change: string,
  onProgress: (progress: {done: number}) => void,
  labelOf: (folder: string) => string = (folder) => folder,
): Promise<RawAnswer[]> {
  const answers: RawAnswer[] = [];
  let done = 0;
  const source = async function* () {
    yield files.map((file) => ({path: join(dataset.root, dataset.files[file].path)}));
  };
  for await (const batch of classifyPictures(classifier, source(), {load})) {
    for (const {answer} of batch) {
      const {path, label} = dataset.files[files[done++]];
      if (answer instanceof RiceError) process.stderr.write(`left out: ${path}: ${answer.message}\n`);
      else answers.push(rawAnswer({change, label: labelOf(dataset.labels[label]), path}, answer));
    }
    onProgress({done});
  }
  return answers;
}

/** The label that a folder's name begins with, such as Jasmine of `Jasmine-phone-cloth`; its own name if none. */
export function labelOfFolder(folder: string, labels: readonly string[]): string {
  return labels.find((label) => folder.toLowerCase().startsWith(label.toLowerCase())) ?? folder;
}
