/**
 * Time of each stage of a prediction on one thread: `npx tsx bench/stages.ts Rice_Image_Dataset [--images 2000]`.
 * Prints the minimum of several rounds, which is least affected by other load on the machine.
 */
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import turbo from '@julusian/jpeg-turbo';
import {readPicture} from '../src/dataset/read-file.ts';
import {scanDataset} from '../src/dataset/scan.ts';
import {decodeImage} from '../src/image/decode.ts';
import type {Frame} from '../src/image/frame.ts';
import {findGrain} from '../src/image/grain/find-grain.ts';
import {openKernels} from '../src/image/kernels/kernels.ts';
import {cutPatch} from '../src/image/window/patch.ts';
import {windowFromPatch} from '../src/image/window/window.ts';
import {Classifier} from '../src/model/classifier.ts';
import {classifyContents} from '../src/prediction/read-pictures.ts';

const {values, positionals} = parseArgs({
  options: {images: {type: 'string', default: '2000'}},
  allowPositionals: true,
});
const ROUNDS = 8;
const BATCH = 32;

const {root, files} = scanDataset(positionals[0] ?? '.', {minimumLabels: 1});
const every = Math.max(1, Math.floor(files.length / Number(values.images)));
const paths = files.filter((_, i) => i % every === 0).map(({path}) => join(root, path));
const classifier = await Classifier.load({device: 'cpu', threads: 1});
const {input: size} = classifier.metadata;
const images = await Promise.all(paths.map((path) => readPicture(path)));
const frames: Frame[] = [];
for (const bytes of images) frames.push((await decodeImage(bytes)).frame);
const buffer = openKernels().frameBuffer(512 * 512 * 3);
const windows = Array.from({length: BATCH}, () => new Uint8Array(size.width * size.height * 3));

const find = (i: number) => findGrain(frames[i])!;
const STAGES: Record<string, () => unknown> = {
  'reading the file': () => paths.map((path) => readPicture(path)),
  'decoding (libjpeg-turbo)': () => {
    for (const bytes of images) turbo.decompressSync(bytes, buffer, {format: turbo.FORMAT_RGB});
  },
  'finding the grain': () => frames.map((_, i) => find(i)),
  'finding and sampling it': () => frames.map((frame, i) => cutPatch(frame, find(i), size, 1).width),
  'finding, sampling, shrinking': () =>
    frames.map((frame, i) => windowFromPatch(cutPatch(frame, find(i), size, 1), size).length),
  'the network': async () => {
    for (let i = 0; i < paths.length; i += BATCH) await classifier.probabilities(windows);
  },
  'all together': async () => {
    for (let i = 0; i < paths.length; i += BATCH) {
      const contents = paths.slice(i, i + BATCH).map((path) => ({path}));
      await classifyContents(contents, (batch) => classifier.classify(batch));
    }
  },
};
for (const [name, stage] of Object.entries(STAGES)) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await stage();
    const {user, system} = process.cpuUsage(before);
    least = Math.min(least, (user + system) / paths.length);
  }
  console.log(`${name.padEnd(30)} ${least.toFixed(0).padStart(4)} microseconds per picture`);
}
await classifier.release();
