import {hash} from 'node:crypto';
import type {Correction, CorrectionFile} from '../../dataset/corrections/read-corrections.ts';
import type {Audited} from '../audit.ts';
import {type EmbedOptions, embedPictures} from './embed-pictures.ts';
import type {PageData} from './page-data.ts';
import {correctionRows, MOST_ITEMS, reviewItems} from './review-items.ts';
import {typicalPictures} from './typical-pictures.ts';

/** Typical pictures of a label, and of all labels together. */
const TYPICAL = 6;
const MOST_TYPICAL = 180;

export interface CollectOptions extends Omit<EmbedOptions, 'onProgress'> {
  /** What was corrected before. */
  corrections?: CorrectionFile | undefined;
  onProgress: (done: number, total: number) => void;
}

/** Chooses what a page shows of an audit, and reads the pictures for it. */
export async function collectPage(
  audited: Audited,
  {corrections, onProgress, ...options}: CollectOptions,
): Promise<Pick<PageData, 'audit' | 'review' | 'more' | 'typical' | 'pictures'>> {
  const {audit, dataset} = audited;
  const earlier: readonly Correction[] = corrections?.corrections ?? [];
  const all = reviewItems(audit, dataset, earlier);
  const items = all.slice(0, MOST_ITEMS);
  const shown = new Set(
    items.flatMap(({label, suggested}) => [label, ...(suggested === undefined ? [] : [suggested])]),
  );
  const each = Math.max(1, Math.min(TYPICAL, Math.floor(MOST_TYPICAL / Math.max(1, shown.size))));
  const typical = dataset.labels
    .flatMap((label, index) => (shown.has(label) ? [{label, paths: typicalPictures(audited, index, each)}] : []))
    .slice(0, MOST_TYPICAL);
  const paths = [...new Set([...items.map(({path}) => path), ...typical.flatMap((label) => label.paths)])];
  const pictures = await embedPictures(dataset.root, paths, {
    ...options,
    onProgress: (done) => onProgress(done, paths.length),
  });
  const key = hash('sha256', [audit.dataset.digest, corrections?.sha256 ?? '', ...dataset.labels].join('\n'));
  const review = {
    key,
    labels: dataset.labels,
    typical: typical.map(({label}) => label),
    items,
    earlier: correctionRows(earlier),
  };
  return {audit, review, more: all.length - items.length, typical, pictures};
}
