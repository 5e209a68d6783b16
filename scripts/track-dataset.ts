/**
 * Draws a small dataset of grains of two colors to train on.
 *
 * usage: npx tsx scripts/track-dataset.ts DIR
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {grainJpeg} from '../test/commands/pictures.ts';

const PER_LABEL = 40;
const [folder] = process.argv.slice(2);
for (const label of ['Red', 'Blue'] as const) {
  mkdirSync(join(folder, label), {recursive: true});
  for (let i = 0; i < PER_LABEL; i++) writeFileSync(join(folder, label, `${i}.jpg`), grainJpeg(label, i + 1));
}
