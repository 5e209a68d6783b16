import type {ItemReference} from '../isobmff/item-references.ts';

/** A phone's photograph has up to eight: depth, brightness, and what is hair or sky. */
const MOST_AUXILIARIES = 16;

/** What an alpha channel says that it is (ISO/IEC 23008-12, section 6.5.8 and annex B; AV1 Image File Format, section 4.1). */
const ALPHA = new Set([
  'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha',
  'urn:mpeg:hevc:2015:auxid:1',
  'urn:mpeg:avc:2015:auxid:1',
]);

export function isAlpha(auxiliaryType: string | undefined): boolean {
  return auxiliaryType !== undefined && ALPHA.has(auxiliaryType);
}

/** The items that belong to each item: alpha channels, depths and the like. */
export function auxiliariesOf(references: readonly ItemReference[]): ReadonlyMap<number, readonly number[]> {
  const auxiliaries = new Map<number, number[]>();
  for (const {type, from, to} of references) {
    if (type !== 'auxl') continue;
    for (const id of to) {
      const list = auxiliaries.get(id) ?? [];
      if (list.length < MOST_AUXILIARIES) list.push(from);
      auxiliaries.set(id, list);
    }
  }
  return auxiliaries;
}
