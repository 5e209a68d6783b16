/** How learning rate and averaging change over a run. Steps count from 0. */
export interface ScheduleOptions {
  epochs: number;
  learningRate: number;
  /** Epochs (or a part of one) over which the rate rises from 0. */
  warmupEpochs: number;
  /** The share of the rate that is left at the end. */
  finalShare: number;
  weightDecay: number;
  averageDecay: number;
}

/** Linear warm-up, then half a cosine down (Loshchilov & Hutter 2017, arXiv:1608.03983). */
export function learningRate(step: number, stepsPerEpoch: number, options: ScheduleOptions): number {
  const warmup = options.warmupEpochs * stepsPerEpoch;
  if (step + 1 < warmup) return (options.learningRate * (step + 1)) / warmup;
  const total = options.epochs * stepsPerEpoch;
  const progress = Math.min(1, Math.max(0, (step + 1 - warmup) / Math.max(1, total - warmup)));
  const share = options.finalShare + (1 - options.finalShare) * 0.5 * (1 + Math.cos(Math.PI * progress));
  return options.learningRate * share;
}

/** The share that the moving average keeps: small at first, or the random start would stay in it for long. */
export function averageDecay(step: number, {averageDecay: decay}: ScheduleOptions): number {
  return Math.min(decay, (1 + step) / (10 + step));
}

/** How far running statistics move towards the batch's: the mean of all batches at first, then PyTorch's default. */
export function statisticsMomentum(step: number): number {
  return Math.max(0.1, 1 / (1 + step));
}
