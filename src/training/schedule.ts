/** The schedules of learning rate and averaging. Steps are counted from 0. */
export interface ScheduleOptions {
  epochs: number;
  learningRate: number;
  /** Epochs (or a fraction of one) over which the rate rises from 0. */
  warmupEpochs: number;
  /** The final learning rate, as a share of the full one. */
  finalShare: number;
  weightDecay: number;
  averageDecay: number;
}

/** Linear warm-up, then cosine decay (Loshchilov & Hutter 2017, arXiv:1608.03983). */
export function learningRate(step: number, stepsPerEpoch: number, options: ScheduleOptions): number {
  const warmup = options.warmupEpochs * stepsPerEpoch;
  if (step + 1 < warmup) return (options.learningRate * (step + 1)) / warmup;
  const total = options.epochs * stepsPerEpoch;
  const progress = Math.min(1, Math.max(0, (step + 1 - warmup) / Math.max(1, total - warmup)));
  const share = options.finalShare + (1 - options.finalShare) * 0.5 * (1 + Math.cos(Math.PI * progress));
  return options.learningRate * share;
}

/** Decay of the moving average: small at first, so that the random initial weights fade quickly. */
export function averageDecay(step: number, {averageDecay: decay}: ScheduleOptions): number {
  return Math.min(decay, (1 + step) / (10 + step));
}

/**
 * Momentum of the running statistics: PyTorch's default. At first they are the mean of all batches, unless they are those that
 * others measured.
 */
export function statisticsMomentum(step: number, pretrained = false): number {
  return pretrained ? STATISTICS_MOMENTUM : Math.max(STATISTICS_MOMENTUM, 1 / (1 + step));
}

const STATISTICS_MOMENTUM = 0.1;
