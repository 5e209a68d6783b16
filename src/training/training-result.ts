import type {Ended} from './ended.ts';
import type {RunRecord} from './run/run-folder.ts';

/** What a training run came to. */
export interface TrainingResult {
  run: string;
  model: string;
  device: string;
  epochs: number;
  best: {epoch: number; accuracy: number};
  /** Why it ended: all epochs are done, none was better for too long, or its time was over. */
  ended: Ended;
  /** Missing if the split has no test images. */
  test?: {images: number; accuracy: number; mistakes: number};
  parameters: number;
  /** SHA-256 of the weights, the same for equal runs. */
  weights: string;
  dataset: string;
  /** By label, the pictures in which no single grain was found; missing for runs that an earlier version began. */
  withoutSingleGrain?: RunRecord['dataset']['withoutSingleGrain'];
  /** Peak resident memory of the training process in bytes; missing if a finished run was only evaluated. */
  peakMemory?: number;
  seconds: number;
}
