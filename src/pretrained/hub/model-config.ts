import type {Normalization} from '../weights.ts';

/** How a network expects its pixels, by the config.json that timm writes; undefined if that does not say it. */
export function normalizationOf(config: string): Normalization | undefined {
  try {
    const {mean, std} = JSON.parse(config).pretrained_cfg;
    return isTriple(mean) && isTriple(std) && std.every((value) => value > 0) ? {mean, std} : undefined;
  } catch {
    return undefined;
  }
}

function isTriple(value: unknown): value is [number, number, number] {
  return Array.isArray(value) && value.length === 3 && value.every(Number.isFinite);
}
