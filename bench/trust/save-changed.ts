import {mkdirSync, writeFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {hashBytes} from '../../src/dataset/digest.ts';
import {RandomStream} from '../../src/evaluation/robustness/random-stream.ts';
import type {Selection} from '../../src/evaluation/select-files.ts';
import {decodeImage} from '../../src/image/decode.ts';
import {encodePng} from '../../src/image/formats/png/encode.ts';
import type {TrustChange} from './changes/change.ts';
import {Subject} from './changes/subject.ts';

/** Writes `CHANGE/VARIETY.png` in a folder, of the first picture of each variety, to look at. */
export async function saveChanged(
  folder: string,
  {dataset, files}: Pick<Selection, 'dataset' | 'files'>,
  changes: readonly TrustChange[],
): Promise<void> {
  const seen = new Set<number>();
  for (const file of files) {
    const {path, label} = dataset.files[file];
    if (seen.has(label)) continue;
    seen.add(label);
    const bytes = await readFile(join(dataset.root, path));
    const subject = new Subject((await decodeImage(bytes)).frame);
    for (const {name, apply} of changes) {
      mkdirSync(join(folder, name), {recursive: true});
      const frame = await apply(subject, new RandomStream(hashBytes(bytes).sha256, 'trust', name));
      writeFileSync(join(folder, name, `${dataset.labels[label]}.png`), await encodePng(frame));
    }
  }
}
