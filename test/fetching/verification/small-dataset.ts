import {createHash} from 'node:crypto';
import type {PublishedDataset} from '../../../src/fetching/verification/published.ts';

/** The contents of a small dataset with the layout of the published one, by path. */
export const SMALL: Readonly<Record<string, string>> = {
  'Arborio/Arborio (1).jpg': 'first of Arborio',
  'Arborio/Arborio (2).jpg': 'second of Arborio',
  'Arborio/Arborio (3).jpg': 'third of Arborio',
  'Basmati/Basmati (1).jpg': 'first of Basmati',
  'Basmati/basmati (2).jpg': 'second of Basmati',
};

/** DVC's digest of a folder, step by step as in DVC's source. */
export function dvcDigest(tree: Readonly<Record<string, string>>): string {
  const names = Object.keys(tree).sort();
  const items = names.map((name) => `{"md5": "${md5(tree[name])}", "relpath": "${name}"}`);
  return `${md5(`[${items.join(', ')}]`)}.dir`;
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function within(label: string): Record<string, string> {
  const own = Object.entries(SMALL).filter(([path]) => path.startsWith(`${label}/`));
  return Object.fromEntries(own.map(([path, text]) => [path.slice(label.length + 1), text]));
}

function published(label: string): {files: number; bytes: number; digest: string} {
  const tree = within(label);
  const bytes = Object.values(tree).reduce((total, text) => total + text.length, 0);
  return {files: Object.keys(tree).length, bytes, digest: dvcDigest(tree)};
}

export const SMALL_DATASET: PublishedDataset = {
  name: 'Small Dataset',
  files: Object.keys(SMALL).length,
  bytes: Object.values(SMALL).reduce((total, text) => total + text.length, 0),
  digest: dvcDigest(SMALL),
  labels: {Arborio: published('Arborio'), Basmati: published('Basmati')},
  companions: ['Cite.txt'],
  licence: 'CC0-1.0',
  citations: [],
};
