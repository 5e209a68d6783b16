/** The last day of each Node release line's support, by the schedule of its project (nodejs/Release); later ones are not judged. */
const END_OF_LIFE: Readonly<Record<number, string>> = {
  20: '2026-04-30',
  21: '2024-06-01',
  22: '2027-04-30',
  23: '2025-06-01',
  24: '2028-04-30',
  25: '2026-06-01',
};

/**
 * The day since when a Node gets no more security fixes; undefined while it does, and where nothing is known.
 *
 * @param version such as `20.19.0`
 * @param today as `2026-11-29`
 */
export function unsupportedSince(version: string, today: string): string | undefined {
  const end = END_OF_LIFE[Number.parseInt(version, 10)];
  return end !== undefined && end < today ? end : undefined;
}
