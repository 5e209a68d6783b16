/** Messages of the training process: over IPC to a parent, or as JSON lines if started by hand. */
import type {EpochMetrics} from '../artifact/checkpoint.ts';

export type WorkerMessage =
  | {
      type: 'started';
      device: string;
      images: {train: number; validation: number};
      /** How many parameters learn, and how many the network has. */
      parameters: number;
      allParameters: number;
      step: number;
      steps: number;
      stepsPerEpoch: number;
    }
  /** The features of so many pictures are computed. */
  | {type: 'features'; done: number; total: number}
  | {type: 'planned'; steps: number}
  | {type: 'step'; step: number; epoch: number; loss: number; accuracy: number; imagesPerSecond: number}
  | {type: 'evaluating'; epoch: number}
  | ({type: 'epoch'; imagesPerSecond: number; best: boolean} & EpochMetrics)
  | {type: 'checkpoint'; step: number}
  | {type: 'warning'; message: string}
  | {type: 'stopped'; step: number; epoch: number}
  | {type: 'finished'; best: {epoch: number; accuracy: number}; seconds: number; peakMemory: number}
  | {type: 'failed'; error: {code: string; message: string; suggestions: string[]}};

/** Requests of the parent. */
export type WorkerRequest = {type: 'stop'};
