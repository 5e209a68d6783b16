/** Milliseconds of one call, of all that were made; null where there were too few calls to tell. */
export interface Latency {
  p50: number | null;
  p90: number | null;
  p99: number | null;
  calls: number;
}

/**
 * Percentiles of the times of single calls. One of them needs so many calls that at least one is expected beyond it: ten for the
 * 90th, a hundred for the 99th percentile.
 */
export function latencyOf(milliseconds: readonly number[]): Latency {
  const sorted = Float64Array.from(milliseconds).sort();
  const at = (share: number) => (sorted.length * (1 - share) < 1 - 1e-9 ? null : percentile(sorted, share));
  return {p50: at(0.5), p90: at(0.9), p99: at(0.99), calls: sorted.length};
}

/** The smallest value that at least this share of all does not exceed (nearest rank). */
function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.ceil(sorted.length * share - 1e-9) - 1];
}
