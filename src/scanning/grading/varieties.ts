/** What is known of a variety before a picture is seen. */
export interface StoredVariety {
  /** Mean length / width of whole milled grains as they lie. */
  ratio: number;
  /** Mean length of whole milled grains in mm; only where a standard says so. */
  length?: number;
}

/**
 * The varieties of the model that `rice` ships with; a model trained on own varieties has none, and is graded by the
 * picture alone.
 *
 * The ratios are means over 500 pictures a variety of the Rice Image Dataset (Koklu, Cinar, Taspinar 2021), by the sides of
 * the smallest rectangle that encloses the outline at half of the contrast. Their standard deviation is 6 to 9 %.
 *
 * The dataset has no scale, so lengths in mm are from elsewhere. Jasmine: the Thai standard for Hom Mali rice (Ministry of
 * Commerce) wants a mean of whole kernels of at least 7.0 mm. It is a least mean, so that fewer grains count as broken, not
 * more. For the others dealers' figures differ by more than 10 %, and no standard sets a mean: none is stored.
 */
const VARIETIES: ReadonlyMap<string, StoredVariety> = new Map([
  ['arborio', {ratio: 2.0}],
  ['basmati', {ratio: 4.23}],
  ['ipsala', {ratio: 2.2}],
  ['jasmine', {ratio: 3.17, length: 7.0}],
  ['karacadag', {ratio: 1.6}],
]);

/** The stored figures of a variety, by its label in any case; undefined for one that is not among the five. */
export function storedVariety(label: string): StoredVariety | undefined {
  return VARIETIES.get(label.toLowerCase());
}
