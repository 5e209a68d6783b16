/**
 * Writes `src/fetching/verification/known-digests.bin` from a copy of the Rice Image Dataset or a part of it. Known digests
 * of files that are not in the copy are kept.
 *
 * Usage: node scripts/known-digests.js DIR
 */
import {createHash} from 'node:crypto';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const LABELS = ['Arborio', 'Basmati', 'Ipsala', 'Jasmine', 'Karacadag'];
const FILES = 15_000;
const KEPT = 3;
const target = new URL('../src/fetching/verification/known-digests.bin', import.meta.url);

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node scripts/known-digests.js DIR');

const table = existsSync(target) ? readFileSync(target) : Buffer.alloc(LABELS.length * FILES * KEPT);
let found = 0;
LABELS.forEach((label, row) => {
  for (let number = 1; number <= FILES; number++) {
    const name = label === 'Basmati' && number > 1 ? 'basmati' : label;
    const path = join(folder, label, `${name} (${number}).jpg`);
    if (!existsSync(path)) continue;
    createHash('md5')
      .update(readFileSync(path))
      .digest()
      .copy(table, (row * FILES + number - 1) * KEPT, 0, KEPT);
    found += 1;
  }
});
writeFileSync(target, table);
console.log(`${found} files of ${folder}`);
