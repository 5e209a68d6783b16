/**
 * Draws the photograph of many grains in `test/samples/many`: `npx tsx scripts/draw-photograph.ts [FOLDER]`. The drawn samples lie on
 * black felt, apart, touching and over each other, some broken, beside a coin and a stone. The bytes are reproducible.
 */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {composeScene} from '../bench/scenes/compose.ts';
import {GrainPictures} from '../bench/scenes/grain-pictures.ts';
import {decodeImage} from '../src/image/decode.ts';
import {encodeJpeg} from '../src/image/formats/jpeg/encode.ts';
import {Random} from '../src/training/random.ts';

const samples = fileURLToPath(new URL('../test/samples', import.meta.url));
const folder = resolve(process.argv[2] ?? join(samples, 'many'));
const frames = await Promise.all(
  ['basmati-1', 'basmati-2', 'jasmine-1', 'jasmine-2'].map(async (name) => {
    const {frame} = await decodeImage(readFileSync(join(samples, `${name}.jpg`)));
    return {label: name.split('-')[0], file: name, frame};
  }),
);
const scene = composeScene(
  {
    ...{width: 2000, height: 1500, ground: 'black felt', grains: 60, scale: 0.8, scaleSpread: 0.03},
    ...{overlap: 'touching', joined: 0.35, cluster: 3, border: false, broken: 0.12},
    ...{gradient: 0.15, shadow: 0.25, blur: 0.7, noise: 2, unevenness: 0.03, things: ['coin', 'stone']},
    varieties: {basmati: 3, jasmine: 1},
  },
  new Random(4, 'photograph'),
  GrainPictures.fromFrames(frames),
);
mkdirSync(folder, {recursive: true});
writeFileSync(join(folder, 'grains.jpg'), await encodeJpeg(scene.frame, 70));
console.log(`${scene.grains.length} grains, ${scene.grains.filter(({broken}) => broken).length} of them broken`);
