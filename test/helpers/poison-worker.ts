/**
 * The process that decodes whole and damaged pictures in memory filled with one byte: `node --import tsx poison-worker.ts SEED
 * COUNT BYTE` prints a line per picture. Whatever a decoder leaves unwritten shows that byte.
 */
import {createHash} from 'node:crypto';
import {decodeImage} from '../../src/image/decode.ts';
import {LAYOUT, openKernels} from '../../src/image/kernels/kernels.ts';
import {prepareImage} from '../../src/image/prepare.ts';
import {mutate} from './fuzz/mutate.ts';
import {generatedPictures} from './fuzz/pictures.ts';
import {randomNumbers} from './images.ts';
import {flatWebp} from './webp.ts';

const WINDOW = {width: 30, height: 14};
const MAX_PIXELS = 300_000;

const [seed, count, poison] = process.argv.slice(2).map(Number);
const pictures = generatedPictures();
const poisonWebp = flatWebp(poison);
for (const [i, {read, decoder}] of pictures.entries()) console.log(`whole ${i}: ${await answerTo(read(), decoder)}`);
for (let i = 0; i < count; i++) {
  const random = randomNumbers(Math.imul(seed, 0x9e3779b1) ^ Math.imul(i + 1, 0x85ebca6b));
  const pick = () => pictures[Math.floor(random() * pictures.length)];
  const {read, decoder} = pick();
  const {bytes} = mutate(read(), {random, donor: () => pick().read()});
  console.log(`damaged ${i}: ${await answerTo(bytes, decoder)}`);
}

async function answerTo(bytes: Buffer, decoder: 'auto' | 'native' | 'portable'): Promise<string> {
  const options = {decoder, maxPixels: MAX_PIXELS};
  await fillMemory();
  try {
    const {frame, notes} = await decodeImage(bytes, options);
    await fillMemory();
    const into = new Uint8Array(WINDOW.width * WINDOW.height * 3).fill(poison);
    const {window, grain} = await prepareImage(bytes, WINDOW, options, into);
    return createHash('sha256')
      .update(frame.data)
      .update(window)
      .update(JSON.stringify([notes, grain]))
      .digest('hex');
  } catch (error) {
    return `${(error as {code: string}).code}: ${(error as Error).message}`;
  }
}

/** Memory of the kernels, of buffers that were freed, and of the WebP decoder; MALLOC_PERTURB_ does it for libjpeg-turbo. */
async function fillMemory(): Promise<void> {
  const {bytes} = openKernels();
  bytes.fill(poison, LAYOUT.histogram);
  for (let size = 1024; size <= 1 << 18; size *= 4) Buffer.allocUnsafeSlow(size).fill(poison);
  Buffer.allocUnsafe(4000).fill(poison);
  await decodeImage(poisonWebp);
}
