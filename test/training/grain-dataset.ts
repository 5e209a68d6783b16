/** A dataset that can be learned in seconds. */
import {drawGrain, encodeJpeg, encodePng, randomNumbers} from '../helpers/images.ts';

export const LABELS = ['long', 'round', 'slim'];
export const PER_LABEL = 40;

/** Grains of three shapes, rotated, shifted and noisy. */
export function grainDataset(): Record<string, Uint8Array> {
  const random = randomNumbers(1);
  const between = (low: number, high: number) => low + (high - low) * random();
  const shapes: Record<string, () => {length: number; width: number}> = {
    long: () => ({length: between(56, 66), width: between(24, 28)}),
    round: () => ({length: between(36, 42), width: between(28, 33)}),
    slim: () => ({length: between(56, 66), width: between(11, 14)}),
  };
  const files = LABELS.flatMap((label) =>
    Array.from({length: PER_LABEL}, (_, i) => {
      const place = {angle: between(0, 180), x: between(58, 66), y: between(58, 66), noise: 3, seed: i};
      const frame = drawGrain({size: 125, ...shapes[label](), ...place});
      return [`${label}/${i}.${i % 2 ? 'png' : 'jpg'}`, i % 2 ? encodePng(frame) : encodeJpeg(frame)] as const;
    }),
  );
  return Object.fromEntries(files);
}
