/** The later pictures of this variety were taken at 1.34 times the scale and with a cyan cast (docs/domain-shift.md). */
const SHIFTED = 'Jasmine';
const LAST_OF_FIRST_BATCH = 11_720;

/** Which batch of the Rice Image Dataset a picture belongs to: 1, or 2 for those that were taken later. */
export function batchOf(label: string, path: string): 1 | 2 {
  const [name] = path.split('/').slice(-1);
  return label === SHIFTED && Number(/\((\d+)\)/.exec(name)?.[1]) > LAST_OF_FIRST_BATCH ? 2 : 1;
}
