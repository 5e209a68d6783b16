/**
 * Puts folders under DVC like `rice fetch-data --dvc`, for scripts/dvc-status.sh:
 *
 *   node --import tsx scripts/write-dvc.ts FOLDER...
 *
 * With --generate, FOLDER is first filled with small files: two are identical, some have unusual names.
 */
import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join, sep} from 'node:path';
import {hashBytes} from '../src/dataset/digest.ts';
import {writeDvc} from '../src/fetching/versioning/write-dvc.ts';

const GENERATED: Record<string, string> = {
  'Arborio/Arborio (1).jpg': 'one',
  'Arborio/Arborio (2).jpg': 'one',
  'Basmati/basmati (2).jpg': 'two',
  'Basmati/"quoted" \'name\' #3 & 100 %.jpg': 'three',
  'Karacadağ/ğ 米 😀.jpg': 'four',
  'Karacadağ/empty.jpg': '',
  'a b/c/d.jpg': 'five',
};

const [first, ...others] = process.argv.slice(2);
if (first === '--generate') for (const folder of others) generate(folder);
else for (const folder of [first, ...others]) await write(folder);

function generate(folder: string): void {
  for (const [path, content] of Object.entries(GENERATED)) {
    mkdirSync(dirname(join(folder, path)), {recursive: true});
    writeFileSync(join(folder, path), content);
  }
}

async function write(folder: string): Promise<void> {
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return {path: name.replaceAll(sep, '/'), md5: hashBytes(bytes).md5, bytes: bytes.length};
    });
  const started = performance.now();
  const {file, digest, installed} = await writeDvc({folder, files});
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${file}: ${files.length} files, ${digest}, ${JSON.stringify(installed)}, ${seconds} s`);
}
