import {type PairedTest, SIGNIFICANT} from './compare-runs.ts';

/** What a paired test says, as a sentence. */
export function verdict({runs: [first, second], onlyFirst, onlySecond, corrected, better}: PairedTest): string {
  if (onlyFirst + onlySecond === 0) return `${first} and ${second} are right on the very same pictures`;
  const chance = probability(corrected);
  if (better !== null)
    return `${better} is better than ${better === first ? second : first} by more than chance (p ${chance})`;
  return `${first} and ${second} differ by no more than chance may explain (p ${chance}, not below ${SIGNIFICANT})`;
}

/** `= 0.031`, `< 0.0001`. */
export function probability(p: number): string {
  return p < 1e-4 ? '< 0.0001' : `= ${p < 0.1 ? Number(p.toPrecision(2)) : p.toFixed(2)}`;
}
