/**
 * Plants wrong labels among pictures of a dataset and counts how many `rice audit` finds. Nothing is copied: the wrong labels
 * stand in a list (`--labels-from`). Prints a line of JSON for each share of wrong labels.
 * Run: `npx tsx bench/audit.ts Rice_Image_Dataset [head|network] [PICTURES PER LABEL] [SEED]` after `npm run build`.
 */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {scanDataset} from '../src/dataset/scan.ts';
import {randomNumbers} from '../test/helpers/images.ts';

const [folder, method = 'head', perLabel = '1200', seed = '1'] = process.argv.slice(2);
const SHARES = [0.01, 0.03, 0.1];

const {root, labels, files} = scanDataset(folder);
const random = randomNumbers(Number(seed));
const below = (limit: number) => Math.floor(random() * limit);
const shuffled = <Item>(items: Item[]): Item[] => {
  for (let i = items.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
};
const chosen = labels.flatMap((_, label) =>
  shuffled(files.filter((file) => file.label === label)).slice(0, Number(perLabel)),
);
const work = mkdtempSync(join(tmpdir(), 'rice-audit-'));
try {
  for (const share of SHARES) {
    const wrong = new Set(shuffled([...chosen]).slice(0, Math.round(share * chosen.length)));
    const rows = chosen.map((file) => {
      const other = wrong.has(file) ? (file.label + 1 + below(labels.length - 1)) % labels.length : file.label;
      return `"${file.path}",${labels[other]}`;
    });
    const list = join(work, 'labels.csv');
    writeFileSync(list, `path,label\n${rows.join('\n')}\n`);
    const result = join(work, 'audit.json');
    const args = ['audit', root, '--labels-from', list, '--method', method, '--out', join(work, 'audit')];
    execFileSync(process.execPath, ['bin/run.js', ...args, '--json', '-o', result, '--quiet'], {stdio: 'inherit'});
    const {suspects, seconds} = JSON.parse(readFileSync(result, 'utf8'));
    const planted = new Set([...wrong].map(({path}) => path));
    const hits = suspects.filter(({path}: {path: string}) => planted.has(path)).length;
    const [recall, precision] = [hits / planted.size, hits / suspects.length];
    console.log(
      JSON.stringify({
        method,
        pictures: chosen.length,
        share,
        planted: planted.size,
        found: hits,
        named: suspects.length,
        recall,
        precision,
        seconds,
        seed: Number(seed),
      }),
    );
  }
} finally {
  rmSync(work, {recursive: true, force: true});
}
