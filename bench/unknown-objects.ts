/**
 * Draws pictures of objects that are not one of the five varieties, in the style of the Rice Image Dataset: one object on
 * black, 250 x 250, as JPEG. `npx tsx bench/unknown-objects.ts OUT [--count 40] [--seed 1]` writes OUT/KIND/1.jpg and so on;
 * the same seed draws the same objects.
 */
import {parseArgs} from 'node:util';
import {withProgress} from './trust/with-progress.ts';
import {KINDS} from './unknown-objects/kinds.ts';
import {writeUnknownObjects} from './unknown-objects/write-unknown-objects.ts';

const {values, positionals} = parseArgs({
  options: {count: {type: 'string', default: '40'}, seed: {type: 'string', default: '1'}},
  allowPositionals: true,
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const [out] = positionals;
if (!out || !Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: npx tsx bench/unknown-objects.ts OUT [--count 40] [--seed 1]\n');
  process.exit(2);
}
await withProgress('drawing', KINDS.length * count, (onProgress) =>
  writeUnknownObjects(out, {count, seed, onProgress}),
);
